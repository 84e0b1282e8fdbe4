//! The blocking client: one connection, one request at a time.

use crate::address::{Address, AddressError};
use crate::error::{AgentError, ErrorCode};
use crate::event::Event;
use crate::frame::{self, FrameError, MAX_REPLY_BYTES, MAX_REQUEST_BYTES};
use crate::reply::{Reply, ServerMessage};
use crate::request::{ClientMessage, Hello, Request};
use crate::stream::{Connection, Stream};
use crate::view::{ProfileView, RepositoryView, SsoAccountView, StatusView};
use std::collections::VecDeque;
use std::io;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// How long an agent that is well may take for a request that concerns nobody else.
const OWN_WORK: Duration = Duration::from_secs(10);

/// How long a request may take that calls AWS or the keychain.
const OTHERS_WORK: Duration = Duration::from_secs(90);

/// How long a person may take to sign in on another device, with room to spare: such codes end after ten minutes.
const SIGN_IN: Duration = Duration::from_secs(15 * 60);

/// Bytes read at once; an answer to git fits.
const READ_AHEAD: usize = 4 * 1024;

/// Why the agent gave no answer, or none that helps.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Nobody listens.
    #[error("the agent is not running at {}", address.display())]
    NotRunning {
        /// The socket's path or the pipe's name.
        address: PathBuf,
    },
    /// The agent's program could not be found or started, or ended at once.
    #[error("cannot start {}", path.display())]
    CannotStart {
        /// The program, or its name when it was not found.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The agent did not answer in time.
    #[error("the agent did not answer in time")]
    Timeout,
    /// The agent answered with an error.
    #[error(transparent)]
    Refused(Box<AgentError>),
    /// The agent answered with something else than was asked for.
    #[error("the agent sent an answer that does not fit the request")]
    UnexpectedReply,
    /// There is no address, or it is not private to this user.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The connection broke, or what came is not this protocol.
    #[error("the connection to the agent failed")]
    Frame(#[source] FrameError),
    /// The connection could not be made.
    #[error("cannot connect to the agent")]
    Io(#[from] io::Error),
}

impl ClientError {
    /// The agent ended before it answered, so the same request may be sent to the next one.
    pub fn agent_went_away(&self) -> bool {
        match self {
            Self::NotRunning { .. } | Self::Frame(FrameError::Closed) => true,
            Self::Frame(FrameError::Io(error)) => matches!(
                error.kind(),
                io::ErrorKind::ConnectionReset
                    | io::ErrorKind::ConnectionAborted
                    | io::ErrorKind::BrokenPipe
                    | io::ErrorKind::UnexpectedEof
            ),
            Self::CannotStart { .. }
            | Self::Timeout
            | Self::Refused(_)
            | Self::UnexpectedReply
            | Self::Address(_)
            | Self::Frame(FrameError::TooLarge { .. } | FrameError::Malformed { .. })
            | Self::Io(_) => false,
        }
    }

    /// What the agent refused the request for; `None` where it has not answered.
    pub fn refused_for(&self) -> Option<ErrorCode> {
        if let Self::Refused(error) = self {
            Some(error.code)
        } else {
            None
        }
    }
}

impl From<FrameError> for ClientError {
    fn from(error: FrameError) -> Self {
        match error {
            FrameError::Io(io) if io.kind() == io::ErrorKind::TimedOut => Self::Timeout,
            FrameError::Io(_)
            | FrameError::Closed
            | FrameError::TooLarge { .. }
            | FrameError::Malformed { .. } => Self::Frame(error),
        }
    }
}

/// Some of a portal's accounts, as [`Client::sso_accounts`] hands them on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SsoAccountsPart {
    /// Those that are newly known.
    pub accounts: Vec<SsoAccountView>,
    /// How many accounts are known completely.
    pub done: u32,
    /// How many accounts there are, as far as that is known.
    pub total: u32,
    /// When AWS was asked, in seconds since 1970.
    pub fetched_at: i64,
}

/// A connection to the agent.
///
/// The hello travels with the first request in one write, so a short-lived program pays for one
/// round trip only.
pub struct Client<S = Stream> {
    stream: S,
    /// The hello, until it has gone out with the first request.
    outgoing: Zeroizing<Vec<u8>>,
    /// What has arrived and is not yet decoded.
    incoming: Zeroizing<Vec<u8>>,
    last_id: u64,
    /// Events that arrived while an answer was awaited.
    events: VecDeque<Event>,
}

impl Client<Stream> {
    /// Connects to an agent that is running, after making sure that it is this user's.
    ///
    /// # Errors
    /// [`ClientError::NotRunning`], [`ClientError::Address`] and [`ClientError::Io`].
    pub fn connect(address: &Address, hello: &Hello) -> Result<Self, ClientError> {
        Self::new(Stream::connect(address)?, hello)
    }
}

impl<S: Connection> Client<S> {
    /// Speaks over a connection that is already open. Nothing is sent before the first request.
    ///
    /// # Errors
    /// [`ClientError::Frame`] when the hello is too large.
    pub fn new(stream: S, hello: &Hello) -> Result<Self, ClientError> {
        Ok(Self {
            stream,
            outgoing: frame::encode(hello, MAX_REQUEST_BYTES)?,
            incoming: Zeroizing::new(Vec::new()),
            last_id: 0,
            events: VecDeque::new(),
        })
    }

    /// Asks and waits for the answer, as long as a request of this kind may take.
    ///
    /// # Errors
    /// As [`ClientError`] says. After any error but [`ClientError::Refused`] the connection is of no
    /// further use.
    pub fn request(&mut self, request: Request) -> Result<Reply, ClientError> {
        let patience = patience(&request);
        self.request_within(request, patience)
    }

    /// Asks and waits for the answer for a given time.
    ///
    /// # Errors
    /// As for [`Client::request`].
    pub fn request_within(
        &mut self,
        request: Request,
        patience: Duration,
    ) -> Result<Reply, ClientError> {
        let id = self.send(request, patience)?;
        self.reply(id)
    }

    /// Every profile, however many frames that takes.
    ///
    /// # Errors
    /// As for [`Client::request`].
    pub fn profiles(&mut self) -> Result<Vec<ProfileView>, ClientError> {
        let patience = patience(&Request::Profiles);
        let id = self.send(Request::Profiles, patience)?;
        let mut all = Vec::new();
        loop {
            let Reply::Profiles { profiles, more } = self.reply(id)? else {
                return Err(ClientError::UnexpectedReply);
            };
            all.extend(profiles);
            if !more {
                return Ok(all);
            }
        }
    }

    /// The repositories that a profile can list, however many frames that takes, and when AWS was asked.
    ///
    /// # Errors
    /// As for [`Client::request`].
    pub fn repositories(
        &mut self,
        profile: String,
        region: Option<String>,
        refresh: bool,
    ) -> Result<(Vec<RepositoryView>, i64), ClientError> {
        let request = Request::Repositories {
            profile,
            region,
            refresh,
        };
        let patience = patience(&request);
        let id = self.send(request, patience)?;
        let mut all = Vec::new();
        loop {
            let Reply::Repositories {
                repositories,
                fetched_at,
                more,
            } = self.reply(id)?
            else {
                return Err(ClientError::UnexpectedReply);
            };
            all.extend(repositories);
            if !more {
                return Ok((all, fetched_at));
            }
        }
    }

    /// The accounts of a portal, as they become known: `on_part` sees every answer and says whether to go on.
    /// After a break the connection is of no further use.
    ///
    /// # Errors
    /// As for [`Client::request`].
    pub fn sso_accounts(
        &mut self,
        request: Request,
        mut on_part: impl FnMut(SsoAccountsPart) -> ControlFlow<()>,
    ) -> Result<(), ClientError> {
        let patience = patience(&request);
        let id = self.send(request, patience)?;
        loop {
            self.wait_at_most(Some(patience));
            let Reply::SsoAccounts {
                accounts,
                done,
                total,
                fetched_at,
                more,
            } = self.reply(id)?
            else {
                return Err(ClientError::UnexpectedReply);
            };
            let part = SsoAccountsPart {
                accounts,
                done,
                total,
                fetched_at,
            };
            if on_part(part).is_break() || !more {
                return Ok(());
            }
        }
    }

    /// Subscribes to events and returns the state they start from; read them with [`Client::next_event`].
    ///
    /// # Errors
    /// As for [`Client::request`].
    pub fn subscribe(&mut self, prompts: bool, activity: bool) -> Result<StatusView, ClientError> {
        let request = Request::Subscribe { prompts, activity };
        let Reply::Status(status) = self.request(request)? else {
            return Err(ClientError::UnexpectedReply);
        };
        Ok(status)
    }

    /// The next event, waiting for it at most `patience`, or for ever.
    ///
    /// # Errors
    /// [`ClientError::Timeout`] when nothing happened, after which the next call waits again; otherwise
    /// as for [`Client::request`].
    pub fn next_event(&mut self, patience: Option<Duration>) -> Result<Event, ClientError> {
        if let Some(event) = self.events.pop_front() {
            return Ok(event);
        }
        self.wait_at_most(patience);
        match self.receive()? {
            ServerMessage::Event(event) => Ok(event),
            ServerMessage::Error { id: 0, error } => Err(ClientError::Refused(Box::new(error))),
            ServerMessage::Reply { .. } | ServerMessage::Error { .. } => {
                Err(ClientError::UnexpectedReply)
            }
        }
    }

    /// Sends a request, with the hello in front of the first, and returns its number.
    fn send(&mut self, request: Request, patience: Duration) -> Result<u64, ClientError> {
        self.wait_at_most(Some(patience));
        let id = self.last_id + 1;
        self.last_id = id;
        let message = ClientMessage { id, request };
        frame::append(&mut self.outgoing, &message, MAX_REQUEST_BYTES)?;
        let frames = std::mem::take(&mut self.outgoing);
        let sent = frame::write(&mut self.stream, &frames);
        match sent.map_err(ClientError::from) {
            // The agent may have said why it closed; that is read like an answer.
            Err(error) if error.agent_went_away() => Ok(id),
            sent => sent.map(|()| id),
        }
    }

    /// The next answer to a request; events that come before it are kept.
    fn reply(&mut self, wanted: u64) -> Result<Reply, ClientError> {
        loop {
            match self.receive()? {
                ServerMessage::Event(event) => self.events.push_back(event),
                ServerMessage::Reply { id, reply } if id == wanted => return Ok(reply),
                ServerMessage::Error { id, error } if id == wanted || id == 0 => {
                    return Err(ClientError::Refused(Box::new(error)));
                }
                ServerMessage::Reply { .. } | ServerMessage::Error { .. } => {
                    return Err(ClientError::UnexpectedReply);
                }
            }
        }
    }

    /// The next frame. A time-out keeps what has arrived of it.
    fn receive(&mut self) -> Result<ServerMessage, ClientError> {
        loop {
            let needed = match self.incoming.first_chunk::<4>() {
                Some(prefix) => 4 + frame::body_length(*prefix, MAX_REPLY_BYTES)?,
                None => 4,
            };
            if needed > 4 && self.incoming.len() >= needed {
                let message = frame::decode(&self.incoming[4..needed])?;
                let rest = Zeroizing::new(self.incoming[needed..].to_vec());
                self.incoming = rest;
                return Ok(message);
            }
            if needed == 4 && self.incoming.len() >= 4 {
                return Err(ClientError::Frame(FrameError::Malformed { position: 0 }));
            }
            self.read_more(needed)?;
        }
    }

    /// Reads once, with room for a frame of `needed` bytes.
    fn read_more(&mut self, needed: usize) -> Result<(), ClientError> {
        let held = self.incoming.len();
        let room = needed.max(held + READ_AHEAD);
        if self.incoming.capacity() < room {
            let mut larger = Zeroizing::new(Vec::with_capacity(room));
            larger.extend_from_slice(&self.incoming);
            self.incoming = larger;
        }
        self.incoming.resize(room, 0);
        let read = loop {
            match self.stream.read(&mut self.incoming[held..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.incoming.truncate(held + *read.as_ref().unwrap_or(&0));
        match read {
            Ok(0) => Err(ClientError::Frame(FrameError::Closed)),
            Ok(_) => Ok(()),
            Err(error) => Err(FrameError::Io(error).into()),
        }
    }

    fn wait_at_most(&mut self, patience: Option<Duration>) {
        self.stream
            .set_deadline(patience.map(|patience| Instant::now() + patience));
    }
}

/// How long a request of this kind may take before the agent counts as stuck.
fn patience(request: &Request) -> Duration {
    match request {
        Request::Ping
        | Request::GitRejected { .. }
        | Request::RepositoryEndpoint { .. }
        | Request::Logout { .. }
        | Request::Lock
        | Request::Status
        | Request::Profiles
        | Request::Subscribe { .. }
        | Request::DeclinePrompt { .. }
        | Request::ChooseProfile { .. }
        | Request::UseProfile { .. }
        | Request::RememberedProfile { .. }
        | Request::CancelSignIn { .. }
        | Request::Portals
        | Request::Activity { .. }
        | Request::ReloadSettings
        | Request::Stop => OWN_WORK,
        Request::GitCredential { wait_seconds, .. }
        | Request::Credentials { wait_seconds, .. }
        | Request::Renew { wait_seconds, .. } => {
            OTHERS_WORK + Duration::from_secs(u64::from(*wait_seconds))
        }
        Request::AwaitSignIn { .. } => SIGN_IN,
        Request::Login { .. }
        | Request::Unlock { .. }
        | Request::AddKey { .. }
        | Request::ListKeys
        | Request::RemoveKey { .. }
        | Request::ConsoleLink { .. }
        | Request::Repositories { .. }
        | Request::CreateRepository { .. }
        | Request::SignIn { .. }
        | Request::SsoAccounts { .. }
        | Request::AnswerPrompt { .. } => OTHERS_WORK,
    }
}
