//! How a command ends: error kinds, hints and exit codes, each decided here and nowhere else.

use holdfast_agent_proto::{AgentError, ErrorCode};
use std::error::Error;
use std::fmt;
use std::io;

/// What a command returns.
pub(crate) type Result<T = ()> = std::result::Result<T, Failure>;

/// Exit status of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Done.
    Done = 0,
    /// Failed.
    Failed = 1,
    /// Wrong usage or configuration.
    Usage = 2,
    /// A person is needed.
    Human = 3,
    /// The agent cannot be reached.
    Agent = 4,
    /// A command to run cannot be executed, as with env(1).
    NotExecutable = 126,
    /// A command to run is not there, as with env(1).
    NotFound = 127,
    /// Interrupted from the keyboard.
    Interrupted = 130,
}

/// Why a command did not succeed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The agent said so.
    Agent(Box<AgentError>),
    /// This program found out itself.
    Own(Box<Own>),
    /// Whoever read the output has gone; there is nobody left to tell.
    OutputClosed,
}

/// A failure found by this program.
#[derive(Debug)]
pub(crate) struct Own {
    kind: Kind,
    message: String,
    hints: Vec<String>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// What kind of failure this program found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The agent does not run and cannot be started, or broke off.
    AgentUnreachable,
    /// Arguments that cannot work together, or input that is not what it should be.
    Usage,
    /// A file or the environment says something that cannot work.
    Misconfigured,
    /// A file cannot be read or written.
    File,
    /// Something has to be asked and there is no terminal.
    NoTerminal,
    /// The person said no.
    NotConfirmed,
    /// AWS refused several codes in a row.
    CodesRefused,
    /// The person pressed Ctrl-C.
    Interrupted,
    /// Git failed.
    Git,
    /// The browser does not open, or does not follow the link.
    Browser,
    /// The command to run cannot be executed.
    NotExecutable,
    /// The command to run is not there.
    CommandNotFound,
}

impl Failure {
    /// A failure found by this program.
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self::Own(Box::new(Own {
            kind,
            message: message.into(),
            hints: Vec::new(),
            source: None,
        }))
    }

    /// Adds what to do next.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        match &mut self {
            Self::Agent(error) => error.hints.push(hint.into()),
            Self::Own(own) => own.hints.push(hint.into()),
            Self::OutputClosed => {}
        }
        self
    }

    /// Names the profile, and the Region where one was asked for, if the agent's message does not.
    #[must_use]
    pub(crate) fn about(mut self, profile: &str, region: Option<&str>) -> Self {
        let profile = format!("profile {profile}");
        if let Self::Agent(error) = &mut self
            && !error.message.contains(&profile)
        {
            let region = region.map(|region| format!(" in {region}"));
            let region = region.unwrap_or_default();
            error.message = format!("{profile}{region}: {}", error.message);
        }
        self
    }

    /// Adds the cause of a failure found by this program.
    #[must_use]
    pub(crate) fn source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        if let Self::Own(own) = &mut self {
            own.source = Some(source.into());
        }
        self
    }

    /// Standard output failed.
    pub(crate) fn output(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::OutputClosed
        } else {
            Self::new(Kind::File, "standard output cannot be written").source(error)
        }
    }

    /// Exit status of the program.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Agent(error) => exit_of(error.code),
            Self::Own(own) => match own.kind {
                Kind::AgentUnreachable => Exit::Agent,
                Kind::Usage | Kind::Misconfigured => Exit::Usage,
                Kind::Browser | Kind::File | Kind::Git | Kind::NotConfirmed => Exit::Failed,
                Kind::NoTerminal | Kind::CodesRefused => Exit::Human,
                Kind::Interrupted => Exit::Interrupted,
                Kind::NotExecutable => Exit::NotExecutable,
                Kind::CommandNotFound => Exit::NotFound,
            },
            Self::OutputClosed => Exit::Done,
        }
    }

    /// Stable code for programs.
    pub(crate) fn code(&self) -> String {
        match self {
            Self::Agent(error) => serde_json::to_value(error.code)
                .ok()
                .and_then(|code| code.as_str().map(str::to_owned))
                .unwrap_or_default(),
            Self::Own(own) => match own.kind {
                Kind::AgentUnreachable => "agent-unreachable",
                Kind::Usage => "usage",
                Kind::Misconfigured => "misconfigured",
                Kind::File => "file",
                Kind::NoTerminal => "no-terminal",
                Kind::NotConfirmed => "not-confirmed",
                Kind::CodesRefused => "wrong-code",
                Kind::Interrupted => "interrupted",
                Kind::Git => "git",
                Kind::Browser => "browser",
                Kind::NotExecutable => "not-executable",
                Kind::CommandNotFound => "command-not-found",
            }
            .to_owned(),
            Self::OutputClosed => "output-closed".to_owned(),
        }
    }

    /// What to do next, each a command or a short sentence.
    pub(crate) fn hints(&self) -> &[String] {
        match self {
            Self::Agent(error) => &error.hints,
            Self::Own(own) => &own.hints,
            Self::OutputClosed => &[],
        }
    }

    /// The person said no.
    pub(crate) fn is_refusal(&self) -> bool {
        match self {
            Self::Own(own) => own.kind == Kind::NotConfirmed,
            Self::Agent(_) | Self::OutputClosed => false,
        }
    }

    /// What the agent said, when it was the agent.
    pub(crate) fn agent(&self) -> Option<&AgentError> {
        match self {
            Self::Agent(error) => Some(error),
            Self::Own(_) | Self::OutputClosed => None,
        }
    }
}

impl From<AgentError> for Failure {
    fn from(error: AgentError) -> Self {
        Self::Agent(Box::new(error))
    }
}

impl fmt::Display for Failure {
    /// The message and its causes on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Agent(error) => f.write_str(&error.message),
            Self::Own(own) => {
                f.write_str(&own.message)?;
                let mut cause: Option<&(dyn Error + 'static)> =
                    own.source.as_deref().map(|source| source as _);
                while let Some(error) = cause {
                    write!(f, ": {error}")?;
                    cause = error.source();
                }
                Ok(())
            }
            Self::OutputClosed => f.write_str("the reader of the output has gone"),
        }
    }
}

fn exit_of(code: ErrorCode) -> Exit {
    match code {
        ErrorCode::MfaRequired
        | ErrorCode::SignInRequired
        | ErrorCode::SignInCancelled
        | ErrorCode::WrongCode
        | ErrorCode::CodeUsed
        | ErrorCode::Declined
        | ErrorCode::PromptTimeout
        | ErrorCode::Locked => Exit::Human,
        ErrorCode::Misconfigured
        | ErrorCode::UnknownProfile
        | ErrorCode::Unsupported
        | ErrorCode::BadRequest => Exit::Usage,
        ErrorCode::ProtocolMismatch | ErrorCode::Unavailable => Exit::Agent,
        ErrorCode::Denied
        | ErrorCode::KeyInactive
        | ErrorCode::SessionRevoked
        | ErrorCode::KeychainUnavailable
        | ErrorCode::Offline
        | ErrorCode::Throttled
        | ErrorCode::ClockSkew
        | ErrorCode::AwsError
        | ErrorCode::Exists
        | ErrorCode::NotFound
        | ErrorCode::Internal => Exit::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_requires_a_human_ends_with_three() {
        for code in [
            ErrorCode::MfaRequired,
            ErrorCode::SignInRequired,
            ErrorCode::WrongCode,
            ErrorCode::CodeUsed,
            ErrorCode::Declined,
            ErrorCode::PromptTimeout,
            ErrorCode::Locked,
            ErrorCode::Denied,
            ErrorCode::Offline,
            ErrorCode::Misconfigured,
            ErrorCode::Internal,
        ] {
            assert_eq!(
                exit_of(code) == Exit::Human,
                code.requires_human(),
                "{code:?}"
            );
        }
    }

    #[test]
    fn causes_follow_the_message_on_one_line() {
        let inner = io::Error::new(io::ErrorKind::PermissionDenied, "permission denied");
        let failure = Failure::new(Kind::File, "cannot write /home/x/.gitconfig").source(inner);
        assert_eq!(
            failure.to_string(),
            "cannot write /home/x/.gitconfig: permission denied"
        );
        assert_eq!(failure.exit(), Exit::Failed);
        assert_eq!(failure.code(), "file");
    }

    #[test]
    fn agent_codes_keep_their_wire_name() {
        let failure = Failure::from(AgentError::new(ErrorCode::MfaRequired, "a code is needed"));
        assert_eq!(failure.code(), "mfa-required");
    }
}
