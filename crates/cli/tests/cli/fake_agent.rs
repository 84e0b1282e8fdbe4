//! An agent that answers as a test tells it, over a real socket with real frames.

use crate::environment::Environment;
use holdfast_agent_proto::frame::{self, MAX_REPLY_BYTES, MAX_REQUEST_BYTES};
use holdfast_agent_proto::view::{
    KeychainState, KeychainView, SessionKind, SessionState, SessionView, StatusView,
};
use holdfast_agent_proto::{
    AgentError, ClientMessage, ErrorCode, Hello, MfaChallenge, Reply, Request, ServerMessage,
};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What the agent says to a request.
pub(crate) enum Answer {
    /// One reply.
    Reply(Reply),
    /// Several replies with the same number.
    Replies(Vec<Reply>),
    /// An error.
    Error(AgentError),
    /// Nothing: the connection ends.
    Close,
    /// A reply, after which the connection ends.
    ReplyAndClose(Reply),
}

/// The agent of a test.
pub(crate) struct FakeAgent {
    seen: Arc<Mutex<Vec<Seen>>>,
}

/// A request as it came.
pub(crate) struct Seen {
    /// The hello of its connection.
    pub(crate) hello: Hello,
    /// The request.
    pub(crate) request: Request,
}

impl FakeAgent {
    /// Listens at the environment's socket.
    pub(crate) fn start(
        environment: &Environment,
        answer: impl FnMut(&Request) -> Answer + Send + 'static,
    ) -> Self {
        let listener = UnixListener::bind(environment.socket()).unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let answer = Arc::new(Mutex::new(answer));
        let record = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (answer, record) = (Arc::clone(&answer), Arc::clone(&record));
                thread::spawn(move || serve(stream.unwrap(), &answer, &record));
            }
        });
        Self { seen }
    }

    /// Answers every request in the same way.
    pub(crate) fn always(environment: &Environment, error: AgentError) -> Self {
        Self::start(environment, move |_| Answer::Error(error.clone()))
    }

    /// The requests so far.
    pub(crate) fn seen(&self) -> std::sync::MutexGuard<'_, Vec<Seen>> {
        self.seen.lock().unwrap()
    }
}

fn serve(
    mut stream: UnixStream,
    answer: &Mutex<impl FnMut(&Request) -> Answer>,
    record: &Mutex<Vec<Seen>>,
) {
    let Ok(hello) = frame::read(&mut stream, MAX_REQUEST_BYTES) else {
        return;
    };
    let hello: Hello = frame::decode(&hello).unwrap();
    while let Ok(body) = frame::read(&mut stream, MAX_REQUEST_BYTES) {
        let ClientMessage { id, request } = frame::decode(&body).unwrap();
        let answered = (answer.lock().unwrap())(&request);
        record.lock().unwrap().push(Seen {
            hello: hello.clone(),
            request,
        });
        let (messages, ends) = match answered {
            Answer::Reply(reply) => (vec![ServerMessage::Reply { id, reply }], false),
            Answer::ReplyAndClose(reply) => (vec![ServerMessage::Reply { id, reply }], true),
            Answer::Replies(replies) => {
                let message = |reply| ServerMessage::Reply { id, reply };
                (replies.into_iter().map(message).collect(), false)
            }
            Answer::Error(error) => (vec![ServerMessage::Error { id, error }], false),
            Answer::Close => (Vec::new(), true),
        };
        for message in messages {
            let frame = frame::encode(&message, MAX_REPLY_BYTES).unwrap();
            if frame::write(&mut stream, &frame).is_err() {
                return;
            }
        }
        if ends {
            return;
        }
    }
}

/// The present, in seconds since 1970.
pub(crate) fn now() -> i64 {
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    i64::try_from(now.as_secs()).unwrap()
}

/// An agent that is well and has no session.
pub(crate) fn status() -> StatusView {
    StatusView {
        version: "0.1.0".to_owned(),
        pid: 4242,
        locked: false,
        keychain: KeychainView {
            kind: "os".to_owned(),
            state: KeychainState::Ready,
            message: None,
        },
        online: Some(true),
        clock_offset_seconds: 0,
        ..StatusView::default()
    }
}

/// The MFA session of the scenario.
pub(crate) fn session(expires_at: i64) -> SessionView {
    SessionView {
        id: "s1".to_owned(),
        title: "MyRepositoryUser with MFA".to_owned(),
        kind: SessionKind::Mfa,
        state: SessionState::Valid,
        expires_at: Some(expires_at),
        profiles: vec![
            "MyRepositoryContributor".to_owned(),
            "MyRepositoryUser".to_owned(),
        ],
        ..SessionView::default()
    }
}

/// A code is needed.
pub(crate) fn mfa_required() -> AgentError {
    let mut error = AgentError::new(
        ErrorCode::MfaRequired,
        "profile MyRepositoryContributor needs an MFA code",
    )
    .profile("MyRepositoryContributor");
    error.mfa = Some(MfaChallenge {
        serial: "arn:aws:iam::111122223333:mfa/MyRepositoryUser".to_owned(),
        profiles: session(0).profiles,
        duration_seconds: 43_200,
    });
    error
}

/// Credentials of the scenario.
pub(crate) fn credentials(expires_at: Option<i64>) -> Reply {
    Reply::Credentials {
        access_key_id: "ASIAIOSFODNN7EXAMPLE".to_owned(),
        secret_access_key: "it's/SECRET+x".to_owned().into(),
        session_token: expires_at.map(|_| "TOKEN//==".to_owned().into()),
        expires_at,
        region: Some("eu-west-1".to_owned()),
        account_id: None,
    }
}
