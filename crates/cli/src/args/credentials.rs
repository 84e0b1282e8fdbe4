//! Credentials for other programs, and the console.

use crate::command::env::Shell;
use crate::print::time::parse_console_duration;
use clap::Args;
use std::ffi::OsString;

/// `holdfast credential-process`.
#[derive(Args)]
#[command(
    after_help = "In ~/.aws/config:\n\n  [profile app]\n  credential_process = holdfast credential-process --profile PROFILE\n\n\
                  Prints the JSON document (Version 1) of the AWS SDKs. From a terminal it waits at most 50 s for \
                  an MFA prompt to be answered, elsewhere not at all."
)]
pub(crate) struct CredentialProcess {
    /// Profile whose credentials are printed
    #[arg(long, value_name = "PROFILE")]
    pub(crate) profile: String,
}

/// `holdfast exec`.
#[derive(Args)]
#[command(
    after_help = "Sets AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION, \
                  AWS_REGION and AWS_DEFAULT_REGION, and removes AWS_PROFILE. The exit status is the command's own; \
                  126 when it cannot be run, 127 when there is no such command."
)]
pub(crate) struct Exec {
    /// Profile whose credentials the command gets
    #[arg(value_name = "PROFILE")]
    pub(crate) profile: String,
    /// The command and its arguments
    #[arg(value_name = "CMD", required = true, last = true)]
    pub(crate) command: Vec<OsString>,
}

/// `holdfast env`.
#[derive(Args)]
#[command(
    after_help = "For example:\n\n  eval \"$(holdfast env PROFILE)\"\n  holdfast env PROFILE --shell fish | source"
)]
pub(crate) struct Env {
    /// Profile whose credentials are printed
    #[arg(value_name = "PROFILE")]
    pub(crate) profile: String,
    /// Shell to print for; told from the environment when absent
    #[arg(long, value_name = "SHELL")]
    pub(crate) shell: Option<Shell>,
}

/// `holdfast console`.
#[derive(Args)]
#[command(
    after_help = "Needs a profile that ends with a role. The browser is told an address on this computer that leads \
                  to the console once, so that the sign-in link stands on no command line. BROWSER names the browser."
)]
pub(crate) struct Console {
    /// Profile to sign in with
    #[arg(value_name = "PROFILE")]
    pub(crate) profile: String,
    /// Page to open: `codecommit`, `codecommit::REGION://REPOSITORY`, or the address of a console page
    #[arg(long, value_name = "PAGE")]
    pub(crate) destination: Option<String>,
    /// Lifetime of the console session, for example 8h (15 minutes to 12 hours); not for chained roles
    #[arg(long, value_name = "DURATION", value_parser = parse_console_duration)]
    pub(crate) duration: Option<u32>,
    /// Print the link instead of opening it; whoever has it within 15 minutes is signed in
    #[arg(long)]
    pub(crate) print: bool,
}
