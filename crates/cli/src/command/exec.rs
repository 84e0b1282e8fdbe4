//! `holdfast exec`.

use crate::args::Exec;
use crate::command::env::variables;
use crate::command::login::credentials_for_terminal;
use crate::outcome::{Failure, Kind, Result};
use std::io;
use std::process::Command;

/// Runs a command with a profile's credentials; does not come back when it could be run.
pub(crate) fn run(args: &Exec) -> Result {
    let credentials = credentials_for_terminal(&args.profile)?;
    let (program, arguments) = args
        .command
        .split_first()
        .ok_or_else(|| Failure::new(Kind::Usage, "there is no command to run"))?;
    let mut command = Command::new(program);
    command.args(arguments);
    for (name, value) in variables(&credentials) {
        match value {
            Some(value) => command.env(name, value.as_str()),
            None => command.env_remove(name),
        };
    }
    drop(credentials);
    let error = become_the_command(command);
    let name = program.to_string_lossy();
    Err(if error.kind() == io::ErrorKind::NotFound {
        Failure::new(Kind::CommandNotFound, format!("there is no command {name}"))
    } else {
        Failure::new(Kind::NotExecutable, format!("{name} cannot be run")).source(error)
    })
}

/// Replaces this process, so that signals, terminal and exit status are the command's own.
#[cfg(unix)]
fn become_the_command(mut command: Command) -> io::Error {
    use std::os::unix::process::CommandExt;
    command.exec()
}

/// Runs the command and ends with its exit status.
#[cfg(windows)]
fn become_the_command(mut command: Command) -> io::Error {
    // Ctrl-C goes to every program on the console; the command decides what it means.
    if let Err(error) = crate::terminal::outlive_interrupts() {
        return error;
    }
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => error,
    }
}
