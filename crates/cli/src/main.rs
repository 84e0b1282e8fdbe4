//! The `holdfast` command: sessions, keys and git set-up, from a terminal or a script.

mod agent;
mod args;
mod command;
mod outcome;
mod print;
mod setup;
mod terminal;

use crate::args::Cli;
use crate::print::{Output, report};
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let command = Cli::parse().command;
    let wants_json = command.wants_json();
    let mut output = Output::new();
    let outcome = command::run(command, &mut output).and_then(|exit| output.flush().map(|()| exit));
    let exit = match outcome {
        Ok(exit) => exit,
        Err(failure) => {
            if wants_json {
                report::for_programs(&failure, &mut output);
            } else {
                // What was said before the failure comes first.
                let _ = output.flush();
                report::for_people(&failure);
            }
            failure.exit()
        }
    };
    ExitCode::from(exit as u8)
}
