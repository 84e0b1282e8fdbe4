//! What the tray can do to the world.

use super::task::Task;
use crate::icon::Icon;
use crate::menu::{Change, Menu};
use crate::notice::{self, Notice};
use crate::page::PageName;

/// What the tray can do. Nothing here waits: what takes time ends in a [`Message`](super::Message).
pub trait Outside {
    /// Shows another menu.
    fn show_menu(&mut self, menu: &Menu);

    /// Changes entries of the menu that is shown, which makes it this one.
    fn change_menu(&mut self, changes: &[Change], menu: &Menu);

    /// Shows another icon.
    fn set_icon(&mut self, icon: Icon);

    /// Starts the process of the main window with a page, and the profile it is about; whether it runs. Its end is [`Message::WindowEnded`](super::Message).
    fn start_window(&mut self, page: PageName, profile: Option<&str>) -> bool;

    /// Brings the main window to the front with a page, and says whether it was reached.
    fn order_window(&mut self, page: PageName, profile: Option<&str>) -> bool;

    /// Starts the process of the MFA popup; whether it runs. Its end is [`Message::PromptEnded`](super::Message).
    fn start_prompt(&mut self) -> bool;

    /// Starts a task. Its end is [`Message::Done`](super::Message).
    fn start(&mut self, task: Task);

    /// Shows a notification or takes one away.
    fn change_notice(&mut self, change: notice::Change);

    /// Tells the person something short.
    fn tell(&mut self, title: &str, body: &str) {
        self.change_notice(notice::Change::Show(Notice::outcome(title, body)));
    }

    /// Ends the app, its windows included. The agent goes on.
    fn quit(&mut self);
}
