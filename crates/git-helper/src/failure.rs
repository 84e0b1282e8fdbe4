//! What went wrong, as one line for the person at the terminal.

use holdfast_agent_proto::{AgentError, ClientError, ContextError, with_causes};
use std::io::{self, Write as _};

/// Longest line, in characters.
const MAX_LINE: usize = 500;

/// One line of text without control characters, with what to do at its end. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    line: String,
}

impl Failure {
    /// A sentence, and what mends it: a command of `holdfast`, or another sentence.
    pub fn new(message: &str, hint: &str) -> Self {
        Self::from_parts(message, Some(hint))
    }

    /// What the agent refused, and for which repository, unless its words name that already.
    pub fn refused(error: &AgentError, repository: &str, region: Option<&str>) -> Self {
        let refusal = Self::from(error);
        let names_it = ["repository ", "/v1/repos/"].map(|before| format!("{before}{repository}"));
        if names_it.iter().any(|name| error.message.contains(name)) {
            return refusal;
        }
        let place = region.map_or(String::new(), |region| format!(" in {region}"));
        let line = format!("repository {repository}{place}: {}", refusal.line);
        Self::from_parts(&line, None)
    }

    /// The line, without the program's name and without a line feed.
    pub fn line(&self) -> &str {
        &self.line
    }

    fn from_parts(message: &str, hint: Option<&str>) -> Self {
        let mut line = message.to_owned();
        if let Some(hint) = hint {
            line.push_str(if is_command(hint) { "; run: " } else { "; " });
            line.push_str(hint);
        }
        Self {
            line: line
                .chars()
                .take(MAX_LINE)
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect(),
        }
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        let ClientError::Refused(error) = error else {
            return Self::from_parts(&with_causes(&error), Some("holdfast agent status"));
        };
        Self::from(&*error)
    }
}

impl From<&AgentError> for Failure {
    fn from(error: &AgentError) -> Self {
        // A command can be pasted; a sentence may lead up to the command behind it.
        let command = error.hints.iter().find(|hint| is_command(hint));
        let hint = command.or(error.hints.first());
        Self::from_parts(&error.message, hint.map(String::as_str))
    }
}

impl From<ContextError> for Failure {
    fn from(error: ContextError) -> Self {
        Self::from_parts(&with_causes(&error), None)
    }
}

/// Writes a line to the person at the terminal, in one piece.
pub fn tell(line: &str) {
    let text = format!("holdfast: {line}\n");
    // When standard error is closed there is nobody left to tell.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

fn is_command(hint: &str) -> bool {
    hint.starts_with("holdfast ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_agent_proto::ErrorCode;

    fn line(error: AgentError) -> String {
        Failure::from(ClientError::Refused(Box::new(error))).line
    }

    #[test]
    fn the_agents_words_become_one_line() {
        let ended = || AgentError::new(ErrorCode::PromptTimeout, "the session has ended");
        assert_eq!(line(ended()), "the session has ended");
        assert_eq!(
            line(ended().hint("holdfast login dev")),
            "the session has ended; run: holdfast login dev"
        );
        assert_eq!(
            line(
                ended()
                    .hint("store a new one:")
                    .hint("holdfast keys add dev")
            ),
            "the session has ended; run: holdfast keys add dev"
        );
        assert_eq!(
            line(ended().hint("sign in to the network")),
            "the session has ended; sign in to the network"
        );
    }

    #[test]
    fn the_repository_is_named_once() {
        for (message, region, expect) in [
            (
                "profile dev needs an MFA code",
                Some("eu-west-1"),
                "repository R1 in eu-west-1: profile dev needs an MFA code; run: holdfast login dev",
            ),
            (
                "there is no profile dev",
                None,
                "repository R1: there is no profile dev; run: holdfast login dev",
            ),
            (
                "no profile reaches repository R1",
                Some("eu-west-1"),
                "no profile reaches repository R1; run: holdfast login dev",
            ),
            (
                "several profiles fit https://h/v1/repos/R1: a, b",
                Some("eu-west-1"),
                "several profiles fit https://h/v1/repos/R1: a, b; run: holdfast login dev",
            ),
        ] {
            let error = AgentError::new(ErrorCode::Internal, message).hint("holdfast login dev");
            assert_eq!(Failure::refused(&error, "R1", region).line(), expect);
        }
    }

    #[test]
    fn a_line_stays_one_line() {
        let hostile = AgentError::new(ErrorCode::Internal, "a\nusername=x\r\u{1b}[2J\u{9b}b");
        assert_eq!(line(hostile), "a username=x  [2J b");
        let long = AgentError::new(ErrorCode::Internal, "x".repeat(10_000));
        assert_eq!(line(long).len(), MAX_LINE);
    }

    #[test]
    fn causes_are_named_once() {
        let error = ClientError::CannotStart {
            path: "holdfast-agent".into(),
            source: std::io::Error::new(std::io::ErrorKind::NotFound, "it is not there"),
        };
        assert_eq!(
            Failure::from(error).line,
            "cannot start holdfast-agent: it is not there; run: holdfast agent status"
        );
    }
}
