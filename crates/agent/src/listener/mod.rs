//! Accepting connections, and handing their requests to the part of the agent that decides.

mod admission;
mod connection;
mod frames;
mod reply;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

pub use reply::{EventSender, ReplySender};
#[cfg(unix)]
pub use unix::Listener;
#[cfg(windows)]
pub use windows::Listener;

use crate::peer::{Peer, UserId};
use admission::{Admission, Refusal};
use holdfast_agent_proto::view::CallerView;
use holdfast_agent_proto::{AgentError, CallerContext, ErrorCode, Request};
use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

/// Where connections come from: a Unix socket, or a Windows named pipe.
pub trait Transport: Send {
    /// One connection.
    type Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static;

    /// The next connection and who is at its other end. Dropping the future loses no connection.
    fn accept(&mut self) -> impl Future<Output = io::Result<(Self::Stream, Peer)>> + Send;
}

/// The part of the agent that decides what is answered.
pub trait Handler: Clone + Send + Sync + 'static {
    /// Takes a request. Nothing more is read from this connection until the future ends, so it should
    /// end as soon as the request is queued; the answer may be sent at any later time. A
    /// [`ReplySender`] that is dropped without an answer answers [`ErrorCode::Unavailable`].
    fn handle(
        &self,
        caller: Arc<Caller>,
        request: Request,
        replies: ReplySender,
    ) -> impl Future<Output = ()> + Send;

    /// The caller is gone, and nobody waits for answers on this connection any more.
    fn hung_up(&self, connection: u64) -> impl Future<Output = ()> + Send;
}

/// Who asks, the same for every request of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Number of the connection, never used twice in the agent's life.
    pub connection: u64,
    /// Name of the client program as it calls itself, made safe to show.
    pub client: String,
    /// Version of the client program, made safe to show.
    pub version: String,
    /// The caller's surroundings.
    pub context: CallerContext,
    /// The process.
    pub peer: Peer,
    /// Its parent, noted while the process waited for its answer ([`caller::meet`](crate::caller::meet)).
    pub(crate) parent: OnceLock<Option<u32>>,
    /// Who it is in words, once somebody wanted to know ([`caller::view`](crate::caller::view)).
    pub(crate) view: OnceLock<CallerView>,
}

/// Bounds on what callers may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections at one time.
    pub connections: usize,
    /// Connections at one time from one process.
    pub connections_per_process: usize,
    /// Requests of one connection that are not yet answered.
    pub open_requests: usize,
    /// Time from connecting until the hello is complete, and from the first byte of any later frame
    /// until its last.
    pub frame: Duration,
    /// Time without a request, an answer owed or a subscription after which a connection is closed.
    pub idle: Duration,
    /// Time that answers may still take when the agent ends.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 2048,
            connections_per_process: 64,
            open_requests: 64,
            frame: Duration::from_secs(5),
            idle: Duration::from_secs(60),
            drain: Duration::from_secs(2),
        }
    }
}

impl Limits {
    /// File descriptors that the agent needs for other things than connections.
    const OTHER_FILES: u64 = 32;

    /// Limits that fit the number of files this process may open, which connections count towards. To be
    /// called after [`harden`](crate::harden::harden), which raises that number.
    pub fn of_this_process() -> Self {
        #[cfg(unix)]
        let files = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
        #[cfg(windows)]
        let files = None;
        Self::for_files(files)
    }

    /// Limits for a number of files; `None` where there is no bound.
    fn for_files(files: Option<u64>) -> Self {
        let mut limits = Self::default();
        if let Some(files) = files {
            let left = files
                .saturating_sub(Self::OTHER_FILES)
                .max(Self::OTHER_FILES);
            let left = usize::try_from(left).unwrap_or(usize::MAX);
            limits.connections = limits.connections.min(left);
        }
        limits
    }
}

/// Pause after the system could not give another connection, for example for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// Serves until `shutdown` is ready, and then answers what is open within [`Limits::drain`].
pub async fn serve<T: Transport, H: Handler>(
    mut transport: T,
    own: UserId,
    handler: H,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) {
    let limits = Arc::new(limits);
    let admission = Admission::new(&limits);
    let (drain, draining) = watch::channel(false);
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    let mut foreign = Seldom::default();
    let mut failing = Seldom::default();
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut shutdown => break,
            Some(ended) = connections.join_next(), if !connections.is_empty() => {
                if let Err(error) = ended {
                    tracing::error!(%error, "a connection's task failed");
                }
                continue;
            }
            accepted = async { admission.room().await; transport.accept().await } => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                if failing.now() {
                    tracing::warn!(%error, "cannot accept a connection");
                }
                admission.make_room();
                sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        if !peer.may_be_served(&own) {
            if foreign.now() {
                tracing::warn!(?peer, "refused a connection of another user");
            }
            continue;
        }
        match admission.admit(peer.pid) {
            Ok(slot) => {
                let opened = connection::Opened { stream, peer, slot };
                connections.spawn(connection::run(
                    opened,
                    handler.clone(),
                    Arc::clone(&limits),
                    draining.clone(),
                ));
            }
            Err(Refusal::ProcessLimit) => {
                connections.spawn(connection::refuse(
                    stream,
                    AgentError::new(
                        ErrorCode::Unavailable,
                        "this process has too many connections to the agent",
                    ),
                ));
            }
        }
    }
    drop(transport);
    drain.send_replace(true);
    let all = async { while connections.join_next().await.is_some() {} };
    if timeout(limits.drain, all).await.is_err() {
        tracing::warn!(open = connections.len(), "ended with requests unanswered");
    }
    connections.shutdown().await;
}

/// Keeps a message that anybody can cause from filling the log.
#[derive(Default)]
struct Seldom {
    last: Option<Instant>,
}

impl Seldom {
    const PAUSE: Duration = Duration::from_secs(60);

    /// Whether it is time to say it again.
    fn now(&mut self) -> bool {
        let now = Instant::now();
        let due = self.last.is_none_or(|last| now - last >= Self::PAUSE);
        if due {
            self.last = Some(now);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_for_other_things() {
        for (files, connections) in [
            (None, 2048),
            (Some(1 << 20), 2048),
            (Some(1024), 992),
            (Some(64), 32),
            (Some(3), 32),
        ] {
            assert_eq!(
                Limits::for_files(files).connections,
                connections,
                "{files:?}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_same_message_is_said_once_a_minute() {
        let mut seldom = Seldom::default();
        assert!(seldom.now());
        assert!(!seldom.now());
        tokio::time::advance(Duration::from_secs(59)).await;
        assert!(!seldom.now());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(seldom.now());
    }
}
