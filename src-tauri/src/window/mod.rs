//! The processes with a window: the main window and the MFA popup.

mod frame;
mod main_window;
mod order;
mod popup;
mod prompt;
mod watch;

pub(crate) use main_window::run as main_window;
pub(crate) use prompt::{Asking, run as prompt};
pub(crate) use watch::{CHANGED, Watch};
