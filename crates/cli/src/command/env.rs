//! `holdfast env`, and the variables that carry a profile's credentials.

use crate::agent::Credentials;
use crate::args::Env;
use crate::command::login::credentials_for_terminal;
use crate::outcome::Result;
use crate::print::time::rfc3339;
use crate::print::{Output, shell};
use clap::ValueEnum;
use secrecy::ExposeSecret;
use std::path::Path;
use zeroize::Zeroizing;

/// A shell that exports are printed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    /// bash and other POSIX shells
    Bash,
    /// zsh
    Zsh,
    /// fish
    Fish,
    /// Windows PowerShell and PowerShell
    Powershell,
    /// The Windows command prompt
    Cmd,
}

/// A variable and its value; without one it is removed.
pub(crate) type Variable = (&'static str, Option<Zeroizing<String>>);

/// Prints a profile's credentials as exports.
pub(crate) fn run(args: &Env, output: &mut Output) -> Result {
    let shell = args.shell.unwrap_or_else(shell_of_environment);
    let credentials = credentials_for_terminal(&args.profile)?;
    for (name, value) in variables(&credentials) {
        let value = value.as_deref().map(String::as_str);
        let line = Zeroizing::new(shell::assignment(shell, name, value)?);
        output.line(line.as_str())?;
    }
    Ok(())
}

/// The variables that make every AWS SDK use these credentials and no others.
pub(crate) fn variables(credentials: &Credentials) -> Vec<Variable> {
    let text = |text: &str| Some(Zeroizing::new(text.to_owned()));
    let token = credentials.session_token.as_ref();
    let mut variables = vec![
        ("AWS_ACCESS_KEY_ID", text(&credentials.access_key_id)),
        (
            "AWS_SECRET_ACCESS_KEY",
            text(credentials.secret_access_key.expose_secret()),
        ),
        (
            "AWS_SESSION_TOKEN",
            token.and_then(|token| text(token.expose_secret())),
        ),
        (
            "AWS_CREDENTIAL_EXPIRATION",
            credentials.expires_at.and_then(|at| text(&rfc3339(at))),
        ),
    ];
    if let Some(region) = &credentials.region {
        variables.push(("AWS_REGION", text(region)));
        variables.push(("AWS_DEFAULT_REGION", text(region)));
    }
    // Some SDKs prefer a named profile to credentials in the environment, and old ones read the older name of the token.
    for name in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SECURITY_TOKEN"] {
        variables.push((name, None));
    }
    variables
}

fn shell_of_environment() -> Shell {
    let shell = std::env::var_os("SHELL").unwrap_or_default();
    match Path::new(&shell).file_stem().and_then(|name| name.to_str()) {
        Some("fish") => Shell::Fish,
        Some("zsh") => Shell::Zsh,
        Some("pwsh") => Shell::Powershell,
        None if cfg!(windows) => Shell::Powershell,
        Some(_) | None => Shell::Bash,
    }
}
