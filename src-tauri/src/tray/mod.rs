//! The tray process: icon, menu and notifications, and the windows it starts.

use anyhow::Result;

/// Runs until the person quits.
pub(crate) fn run() -> Result<()> {
    let app = tauri::Builder::default()
        .setup(|app| {
            let icon = tauri::include_image!("../icons/app/32.png");
            tauri::tray::TrayIconBuilder::with_id("holdfast")
                .icon(icon)
                .build(app)?;
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(|_, event| {
        // No window is open most of the time; that is no reason to end.
        if let tauri::RunEvent::ExitRequested {
            api, code: None, ..
        } = event
        {
            api.prevent_exit();
        }
    });
    Ok(())
}
