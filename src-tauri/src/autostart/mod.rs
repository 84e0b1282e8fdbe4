//! Starting with the person's session: off until they ask for it.

#[cfg(target_os = "linux")]
mod linux;

#[cfg(target_os = "linux")]
use linux as platform;
#[cfg(not(target_os = "linux"))]
use other as platform;

use holdfast_desktop::page::Trouble;
use tauri::{AppHandle, Builder, Wry};

/// The argument of a start at login, after which no window is opened.
pub(crate) const ARGUMENT: &str = "--login";

/// Adds what [`is_enabled`] and [`set`] need.
pub(crate) fn prepare(builder: Builder<Wry>) -> Builder<Wry> {
    platform::prepare(builder)
}

/// Whether the app starts at login.
pub(crate) fn is_enabled(app: &AppHandle) -> Result<bool, Trouble> {
    platform::is_enabled(app)
}

/// Decides whether the app starts at login.
pub(crate) fn set(app: &AppHandle, enabled: bool) -> Result<(), Trouble> {
    platform::set(app, enabled)
}

#[cfg(not(target_os = "linux"))]
mod other {
    use super::{AppHandle, Builder, Trouble, Wry};
    use tauri_plugin_autostart::ManagerExt;

    pub(super) fn prepare(builder: Builder<Wry>) -> Builder<Wry> {
        let plugin = tauri_plugin_autostart::Builder::new().arg(super::ARGUMENT);
        builder.plugin(plugin.app_name("Holdfast").build())
    }

    pub(super) fn is_enabled(app: &AppHandle) -> Result<bool, Trouble> {
        let enabled = app.autolaunch().is_enabled();
        enabled.map_err(|error| Trouble::new(error.to_string()))
    }

    pub(super) fn set(app: &AppHandle, enabled: bool) -> Result<(), Trouble> {
        let login_items = app.autolaunch();
        let done = match enabled {
            true => login_items.enable(),
            false => login_items.disable(),
        };
        done.map_err(|error| Trouble::new(error.to_string()))
    }
}
