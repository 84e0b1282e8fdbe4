//! Windows: the program runs as a child, and its exit status is passed on.

use std::io;
use std::process::{Command, ExitCode};

/// Runs the program to its end, with this one's environment, input and output.
///
/// # Errors
/// The program cannot be run.
pub fn replace(command: &mut Command) -> io::Result<ExitCode> {
    let status = command.status()?;
    // git only looks at whether the status is 0, so one that does not fit may become another.
    let code = status.code().unwrap_or(1);
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}
