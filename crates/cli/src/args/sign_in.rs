//! Signing in and out.

use crate::print::time::parse_session_duration;
use clap::Args;

/// `holdfast login`.
#[derive(Args)]
#[command(
    after_help = "Without --code the terminal asks for the code. A code that AWS has answered is never \
                  sent again: after one that was used already, a countdown leads to the next.\n\n\
                  A profile of IAM Identity Center is signed in to in the browser, as the settings for its portal \
                  say; Ctrl-C ends that. The browser has to run on this computer; with --device it can be anywhere."
)]
pub(crate) struct Login {
    /// Profile to sign in
    #[arg(value_name = "PROFILE")]
    pub(crate) profile: String,
    /// The six digits that the MFA device shows now; `-` reads them from standard input
    #[arg(long, value_name = "CODE")]
    pub(crate) code: Option<String>,
    /// Wanted lifetime of the session, for example 12h or 90m (15 minutes to 36 hours)
    #[arg(long, value_name = "DURATION", value_parser = parse_session_duration)]
    pub(crate) duration: Option<u32>,
    /// How to sign in with the browser.
    #[command(flatten)]
    pub(crate) browser: Browser,
}

/// How to sign in with the browser.
#[derive(Args, Clone, Copy)]
pub(crate) struct Browser {
    /// Print the address of the page instead of opening a browser
    #[arg(long, conflicts_with_all = ["code", "duration"])]
    pub(crate) no_browser: bool,
    /// Sign in with a code on another device; only do so when you began it yourself
    #[arg(long, conflicts_with_all = ["code", "duration"])]
    pub(crate) device: bool,
}

/// `holdfast logout`.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Logout {
    /// Profile to sign out
    #[arg(value_name = "PROFILE")]
    pub(crate) profile: Option<String>,
    /// Sign out of every session
    #[arg(long)]
    pub(crate) all: bool,
}

/// `holdfast unlock`.
#[derive(Args)]
pub(crate) struct Unlock {
    /// Read the passphrase from standard input instead of the terminal
    #[arg(long)]
    pub(crate) passphrase_stdin: bool,
}
