//! Native notifications: [`Notifier`] brings the notices of [`holdfast_desktop::notice`] to the screen, and
//! clicks on them back.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other;
#[cfg(target_os = "linux")]
mod server;

#[cfg(target_os = "linux")]
pub(crate) use linux::Notifier;
#[cfg(not(target_os = "linux"))]
pub(crate) use other::Notifier;

/// Stands below a notice whose buttons cannot be shown.
const WITHOUT_BUTTONS: &str = "To do so, open Holdfast's menu in the tray.";
