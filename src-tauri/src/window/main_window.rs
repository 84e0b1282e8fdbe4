//! The main window: one process, from the first page that is shown until the window is closed.

use super::{Watch, frame, order};
use crate::command;
use anyhow::Result;
use holdfast_desktop::agent::{Agent, Interest};
use holdfast_desktop::page::{PageName, Theme};

/// Shows the main window until it is closed.
pub(crate) fn run(page: PageName, attached: bool) -> Result<()> {
    let agent = Agent::of_user()?;
    let watch = Watch::default();
    let app = tauri::Builder::default()
        .manage(agent.clone())
        .manage(watch.clone())
        .invoke_handler(command::main_window())
        .setup(move |app| {
            let window = frame::window(app.handle(), "main", &address(page, Theme::System))
                .title("Holdfast")
                .inner_size(860.0, 600.0)
                .min_inner_size(360.0, 240.0)
                .build()?;
            watch.listen(&agent, Interest::default(), app.handle().clone())?;
            if attached {
                order::listen(app.handle().clone(), window)?;
            }
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(|_, _| {});
    Ok(())
}

/// The window knows its page and its colours before it asks anything.
fn address(page: PageName, theme: Theme) -> String {
    format!("index.html?page={}&theme={}", page.name(), theme.name())
}
