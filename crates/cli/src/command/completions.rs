//! `holdfast completions`.

use crate::args::{Cli, Completions};
use crate::outcome::Result;
use crate::print::Output;
use clap::CommandFactory;

/// Prints a completion script.
pub(crate) fn run(args: &Completions, output: &mut Output) -> Result {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "holdfast", &mut script);
    output.raw(&script)
}
