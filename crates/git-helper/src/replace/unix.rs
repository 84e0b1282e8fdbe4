//! Unix: the process itself becomes the program.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

/// Runs the program in place of this one, with its environment, input and output.
///
/// # Errors
/// The program cannot be run; otherwise this does not return.
pub fn replace(command: &mut Command) -> io::Result<ExitCode> {
    Err(command.exec())
}
