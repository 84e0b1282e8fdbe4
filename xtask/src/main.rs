//! Developer commands: `cargo xtask demo | test | ui | screenshots | bench | platforms | ci`.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "these commands talk to a person at a terminal"
)]
#![cfg_attr(
    not(target_os = "linux"),
    expect(
        dead_code,
        reason = "the demo, the pictures, the measurements and the platform checks run on Linux only"
    )
)]

mod arguments;
#[cfg(target_os = "linux")]
mod bench;
mod ci;
#[cfg(target_os = "linux")]
mod demo;
#[cfg(target_os = "linux")]
mod git_tests;
mod icons;
mod packages;
#[cfg(target_os = "linux")]
mod platforms;
mod process;
mod python;
#[cfg(target_os = "linux")]
mod scratch;
#[cfg(target_os = "linux")]
mod screenshots;
#[cfg(target_os = "linux")]
mod stage;
mod test;
mod ui;
mod workspace;

use anyhow::{Result, bail};
use arguments::Arguments;
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask <command>

  demo [--yes]                       the app in the tray, and its MFA popup for a git clone, with a simulated AWS;
                                     on your display, or headless with pictures where there is none
                                     --yes: install packages without a question
  demo --terminal [--auto] [--shell] [--yes]
                                     one MFA code, and git just works, told at the terminal
                                     --auto: type the code; --shell: stay in a shell at the end
  test [FILTER…]                     run every test, installing what the tests need
  ui                                 build and check what the app's windows show
  icons                              draw every size of every icon anew
  screenshots [PAGE…]                pictures of the windows, light and dark, into docs/screenshots
  bench [PART…] [--no-fail]          what Holdfast costs, beside its targets and its peers
                                     --app: only the tray, its windows and the popup
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
        #[cfg(target_os = "linux")]
        Some("demo") => demo::run(arguments),
        #[cfg(target_os = "linux")]
        Some("screenshots") => screenshots::run(arguments),
        #[cfg(target_os = "linux")]
        Some("bench") => bench::run(arguments),
        #[cfg(target_os = "linux")]
        Some("platforms") => platforms::run(arguments),
        #[cfg(not(target_os = "linux"))]
        Some("demo" | "screenshots" | "bench" | "platforms") => bail!("this command runs on Linux"),
        Some("ci") => ci::run(arguments),
        Some("help" | "--help" | "-h") | None => {
            print!("{USAGE}");
            Ok(())
        }
        Some(_) => bail!("no such command\n\n{USAGE}"),
    }
}
