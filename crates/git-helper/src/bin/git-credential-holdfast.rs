//! The credential helper for git.

use holdfast_git_helper::run;
use std::process::ExitCode;

fn main() -> ExitCode {
    run::credential_helper(std::env::args_os().skip(1))
}
