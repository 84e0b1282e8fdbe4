//! The remote helper for `codecommit://` URLs.

use holdfast_git_helper::remote;
use std::process::ExitCode;

fn main() -> ExitCode {
    remote::remote_helper(std::env::args_os().skip(1))
}
