//! The answers that concern git, decoded without the rest of the protocol.
//!
//! A credential helper starts for every command of git, and code that decodes every view of the agent would be a
//! quarter of its program. These types read the same frames as [`ServerMessage`](crate::ServerMessage).

use crate::client::ClientError;
use crate::error::{AgentError, ErrorCode};
use crate::frame::{self, MAX_REPLY_BYTES, MAX_REQUEST_BYTES};
use crate::git_request::{GitMessage, GitRequest};
use crate::request::Hello;
use crate::secret;
use crate::stream::Connection;
use secrecy::SecretString;
use serde::Deserialize;
use std::time::{Duration, Instant};

/// An answer to `GitCredential`, `GitRejected` or `RepositoryEndpoint`. Holds secrets, so it has no `Debug`.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum GitAnswer {
    /// User name and password for git.
    GitCredential {
        /// Access key id, with the session token behind a `%` where there is one.
        #[serde(with = "secret")]
        username: SecretString,
        /// The CodeCommit git password.
        #[serde(with = "secret")]
        password: SecretString,
        /// When the password ends, in seconds since 1970 by the caller's own clock.
        expires_at: i64,
    },
    /// Where git finds a repository.
    RepositoryEndpoint {
        /// Host name, without a port.
        host: String,
        /// Profile to take the credentials from.
        #[serde(default)]
        profile: Option<String>,
    },
    /// Done, nothing to tell.
    Done,
}

/// Sends hello and one request in one write over a fresh connection, and waits for the answer.
///
/// # Errors
/// As for [`Client::request`](crate::Client::request). The error of the agent keeps message, hints and profile.
pub fn ask(
    stream: &mut impl Connection,
    hello: &Hello,
    request: GitRequest,
    patience: Duration,
) -> Result<GitAnswer, ClientError> {
    stream.set_deadline(Some(Instant::now() + patience));
    let mut frames = frame::encode(hello, MAX_REQUEST_BYTES)?;
    frame::append(
        &mut frames,
        &GitMessage { id: ID, request },
        MAX_REQUEST_BYTES,
    )?;
    // The agent may have said why it closed; that is read like an answer.
    let sent = frame::write(stream, &frames).map_err(ClientError::from);
    sent.or_else(|error| {
        if error.agent_went_away() {
            Ok(())
        } else {
            Err(error)
        }
    })?;
    let body = frame::read(stream, MAX_REPLY_BYTES)?;
    match frame::decode(&body)? {
        Message::Reply { id: ID, reply } => Ok(reply),
        Message::Error { id: ID | 0, error } => Err(ClientError::Refused(Box::new(AgentError {
            hints: error.hints,
            profile: error.profile,
            ..AgentError::new(error.code, error.message)
        }))),
        Message::Reply { .. } | Message::Error { .. } => Err(ClientError::UnexpectedReply),
    }
}

/// Number of the only request.
const ID: u64 = 1;

/// [`ServerMessage`](crate::ServerMessage) without what is sent to subscribers.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Message {
    Reply { id: u64, reply: GitAnswer },
    Error { id: u64, error: Told },
}

/// [`AgentError`] without what only programs with a window need.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Told {
    code: ErrorCode,
    message: String,
    #[serde(default)]
    hints: Vec<String>,
    #[serde(default)]
    profile: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::CallerContext;
    use crate::reply::{Reply, ServerMessage};
    use secrecy::ExposeSecret;
    use std::io::{self, Cursor, Read, Write};

    /// Takes what is sent, and answers with what was prepared.
    struct Prepared {
        answer: Cursor<Vec<u8>>,
        sent: Vec<Vec<u8>>,
        deadline: Option<Instant>,
    }

    impl Read for Prepared {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.answer.read(buffer)
        }
    }

    impl Write for Prepared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.sent.push(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Connection for Prepared {
        fn set_deadline(&mut self, deadline: Option<Instant>) {
            self.deadline = deadline;
        }
    }

    fn ask_with(message: &ServerMessage) -> (Result<GitAnswer, ClientError>, Prepared) {
        let frame = frame::encode(message, MAX_REPLY_BYTES).expect("a frame");
        let mut stream = Prepared {
            answer: Cursor::new(frame.to_vec()),
            sent: Vec::new(),
            deadline: None,
        };
        let hello = Hello {
            protocol: crate::PROTOCOL_VERSION,
            client: "test".to_owned(),
            version: "0".to_owned(),
            context: CallerContext::default(),
        };
        let request = GitRequest::GitRejected {
            host: "h".to_owned(),
            path: "p".to_owned(),
        };
        let answer = ask(&mut stream, &hello, request, Duration::from_secs(1));
        (answer, stream)
    }

    fn reply(id: u64, reply: Reply) -> ServerMessage {
        ServerMessage::Reply { id, reply }
    }

    #[test]
    fn the_answers_of_the_protocol_are_read() {
        let credential = Reply::GitCredential {
            username: "u%t".into(),
            password: "p\"\\".into(),
            expires_at: 7,
        };
        let (answer, stream) = ask_with(&reply(ID, credential));
        let Ok(GitAnswer::GitCredential {
            username,
            password,
            expires_at,
        }) = answer
        else {
            panic!("not a credential");
        };
        assert_eq!(username.expose_secret(), "u%t");
        assert_eq!(password.expose_secret(), "p\"\\");
        assert_eq!(expires_at, 7);
        assert_eq!(
            stream.sent.len(),
            1,
            "hello and request go out in one write"
        );
        assert!(stream.deadline.is_some());
        let endpoint = Reply::RepositoryEndpoint {
            host: "h".to_owned(),
            profile: None,
        };
        let (answer, _) = ask_with(&reply(ID, endpoint));
        assert!(matches!(
            answer,
            Ok(GitAnswer::RepositoryEndpoint { host, profile: None }) if host == "h"
        ));
        let (answer, _) = ask_with(&reply(ID, Reply::Done));
        assert!(matches!(answer, Ok(GitAnswer::Done)));
    }

    #[test]
    fn the_errors_of_the_protocol_are_read() {
        let mut error = AgentError::new(ErrorCode::MfaRequired, "a code is needed")
            .hint("holdfast login dev")
            .profile("dev");
        for id in [ID, 0] {
            let message = ServerMessage::Error {
                id,
                error: error.clone(),
            };
            let Err(ClientError::Refused(read)) = ask_with(&message).0 else {
                panic!("not refused");
            };
            assert_eq!(*read, error);
        }
        error.retry_at = Some(1);
        let elsewhere = ServerMessage::Error { id: 9, error };
        assert!(matches!(
            ask_with(&elsewhere).0,
            Err(ClientError::UnexpectedReply)
        ));
    }

    #[test]
    fn other_answers_do_not_fit() {
        let other_request = reply(9, Reply::Done);
        assert!(matches!(
            ask_with(&other_request).0,
            Err(ClientError::UnexpectedReply)
        ));
        let other_kind = reply(ID, Reply::Keys { keys: Vec::new() });
        assert!(matches!(
            ask_with(&other_kind).0,
            Err(ClientError::Frame(frame::FrameError::Malformed { .. }))
        ));
    }
}
