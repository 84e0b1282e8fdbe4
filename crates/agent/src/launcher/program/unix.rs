//! Process groups.

use rustix::process::{Pid, Signal, kill_process_group};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command};

/// Makes the program the leader of a group of its own.
pub(super) fn in_own_group(command: &mut Command) {
    command.process_group(0);
}

/// Ends the program and whatever it started that has not left its group.
pub(super) fn end(child: &mut Child) {
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    if let Some(group) = group {
        // Refused only when all of them have ended.
        let _ = kill_process_group(group, Signal::KILL);
    }
    let _ = child.wait();
}
