//! The main window: one process, from the first page that is shown until the window is closed.

use super::popup::Popup;
use super::{Watch, frame, order};
use crate::autostart;
use crate::clipboard::Clipboard;
use crate::command;
use crate::settings_file::SettingsPath;
use anyhow::Result;
use holdfast_desktop::agent::{Agent, Interest};
use holdfast_desktop::page::settings::SettingsPage;
use holdfast_desktop::page::{PageName, Theme};
use tauri::RunEvent;
use tauri::window::Color;

/// Backgrounds of the page's themes.
const LIGHT: Color = Color(0xf6, 0xf7, 0xf6, 0xff);
const DARK: Color = Color(0x10, 0x15, 0x13, 0xff);

/// Shows the main window until it is closed.
pub(crate) fn run(page: PageName, attached: bool) -> Result<()> {
    let agent = Agent::of_user()?;
    let settings = SettingsPath::from_env()?;
    let theme = SettingsPage::load(settings.file(), None).values.theme;
    let watch = Watch::default();
    let clipboard = Clipboard::default();
    let app = autostart::prepare(tauri::Builder::default())
        .manage(agent.clone())
        .manage(settings)
        .manage(watch.clone())
        .manage(clipboard.clone())
        .manage(command::ChosenFile::default())
        .invoke_handler(command::main_window())
        .setup(move |app| {
            let window = frame::window(app.handle(), "main", &address(page, theme))
                .title("Holdfast")
                .inner_size(860.0, 600.0)
                .min_inner_size(360.0, 240.0)
                .theme(frame::theme(theme))
                .build()?;
            // What is seen before the page is painted.
            let is_dark = window.theme()? == tauri::Theme::Dark;
            window.set_background_color(Some(if is_dark { DARK } else { LIGHT }))?;
            let mut popup = Popup::default();
            let interest = Interest {
                prompts: !attached,
                activity: true,
            };
            watch.listen(&agent, interest, app.handle().clone(), move |told| {
                if !attached {
                    popup.told(told);
                }
            })?;
            if attached {
                order::listen(app.handle().clone(), window)?;
            }
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(move |_, event| {
        if let RunEvent::Exit = event {
            clipboard.hand_over();
        }
    });
    Ok(())
}

/// The window knows its page and its colours before it asks anything.
fn address(page: PageName, theme: Theme) -> String {
    format!("index.html?page={}&theme={}", page.name(), theme.name())
}
