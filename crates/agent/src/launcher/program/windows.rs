//! Windows has no process groups that end together without a job: the program itself is ended.

use std::os::windows::process::CommandExt as _;
use std::process::{Child, Command};
use windows_sys::Win32::System::Threading::{CREATE_NEW_PROCESS_GROUP, CREATE_NO_WINDOW};

/// Keeps the program from opening a console window.
pub(super) fn in_own_group(command: &mut Command) {
    command.creation_flags(CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP);
}

/// Ends the program.
pub(super) fn end(child: &mut Child) {
    // Refused only when it has ended.
    let _ = child.kill();
    let _ = child.wait();
}
