//! Developer commands: `cargo xtask demo | test | ui | screenshots | bench | platforms | ci`.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "these commands talk to a person at a terminal"
)]
#![cfg_attr(
    not(unix),
    expect(
        dead_code,
        reason = "the demo, the measurements and the platform checks run on Unix only"
    )
)]

mod arguments;
#[cfg(unix)]
mod bench;
mod ci;
#[cfg(unix)]
mod demo;
mod icons;
mod packages;
#[cfg(unix)]
mod platforms;
mod process;
mod python;
#[cfg(unix)]
mod scratch;
mod test;
mod ui;
mod workspace;

use anyhow::{Result, bail};
use arguments::Arguments;
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask <command>

  demo [--yes] [--auto] [--shell]    one MFA code, and git just works, with a simulated AWS
                                     --yes: install packages without a question
                                     --auto: type the code; --shell: stay in a shell at the end
  test [FILTER…]                     run every test, installing what the tests need
  ui                                 build and check what the app's windows show
  icons                              draw every size of every icon anew
  bench [--no-fail]                  what Holdfast costs, beside its targets and its peers
  platforms [--check-only | --run-only] [--windows | --macos]
                                     Windows and macOS, as far as Linux can show them
  ci                                 everything a change must pass, cheapest first
";

fn main() -> ExitCode {
    match run(Arguments::from_environment()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: Arguments) -> Result<()> {
    match arguments.next_word().as_deref() {
        Some("test") => test::run(arguments),
        Some("ui") => ui::run(arguments),
        Some("icons") => icons::run(),
        #[cfg(unix)]
        Some("demo") => demo::run(arguments),
        #[cfg(unix)]
        Some("bench") => bench::run(arguments),
        #[cfg(unix)]
        Some("platforms") => platforms::run(arguments),
        #[cfg(not(unix))]
        Some("demo" | "bench" | "platforms") => bail!("this command runs on Linux"),
        Some("ci") => ci::run(arguments),
        Some("help" | "--help" | "-h") | None => {
            print!("{USAGE}");
            Ok(())
        }
        Some(_) => bail!("no such command\n\n{USAGE}"),
    }
}
