//! The Holdfast agent: started by any client that needs it, one per user.

use std::process::ExitCode;

fn main() -> ExitCode {
    holdfast_agent::run::main()
}
