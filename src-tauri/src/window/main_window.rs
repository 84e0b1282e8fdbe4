//! The main window: one process, from the first page that is shown until the window is closed.

use super::popup::Popup;
use super::{Watch, frame, order};
use crate::autostart;
use crate::clipboard::Clipboard;
use crate::command;
use crate::settings_file::SettingsPath;
use anyhow::Result;
use holdfast_desktop::agent::{Agent, Interest};
use holdfast_desktop::page::Theme;
use holdfast_desktop::page::discovery::Discovery;
use holdfast_desktop::page::doctor::Doctor;
use holdfast_desktop::page::repositories::clone::CloneDesk;
use holdfast_desktop::page::settings::SettingsPage;
use holdfast_desktop::page::shell::Destination;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tauri::RunEvent;
use tauri::window::Color;

/// Backgrounds of the page's themes.
const LIGHT: Color = Color(0xf6, 0xf7, 0xf6, 0xff);
const DARK: Color = Color(0x10, 0x15, 0x13, 0xff);

/// Shows the main window until it is closed.
pub(crate) fn run(destination: &Destination, attached: bool) -> Result<()> {
    let agent = Agent::of_user()?;
    let settings = SettingsPath::from_env()?;
    let theme = SettingsPage::load(settings.file(), None, &[]).values.theme;
    let address = address(destination, theme);
    let watch = Watch::default();
    let clipboard = Clipboard::default();
    let clones = CloneDesk::default();
    let app = autostart::prepare(tauri::Builder::default())
        .manage(agent.clone())
        .manage(settings)
        .manage(watch.clone())
        .manage(clipboard.clone())
        .manage(command::ChosenFile::default())
        .manage(command::Begun::default())
        .manage(Discovery::default())
        .manage(clones.clone())
        .manage(Doctor::default())
        .invoke_handler(command::main_window())
        .setup(move |app| {
            let window = frame::window(app.handle(), "main", &address)
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
            clones.leave();
        }
    });
    Ok(())
}

/// The window knows its page and its colours before it asks anything.
fn address(destination: &Destination, theme: Theme) -> String {
    let (page, theme) = (destination.page.name(), theme.name());
    let mut address = format!("index.html?page={page}&theme={theme}");
    if let Some(profile) = &destination.profile {
        address.push_str("&profile=");
        address.extend(utf8_percent_encode(profile, NON_ALPHANUMERIC));
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_desktop::page::PageName;

    #[test]
    fn a_profile_of_any_name_stays_within_its_word() {
        let destination = Destination {
            page: PageName::Repositories,
            profile: Some("a&page=b #é".to_owned()),
        };
        let expect = "index.html?page=repositories&theme=dark&profile=a%26page%3Db%20%23%C3%A9";
        assert_eq!(address(&destination, Theme::Dark), expect);
    }
}
