//! A server in a private folder, and clients that speak frame by frame.

use holdfast_agent::listener::{Caller, Handler, Limits, Listener, ReplySender, serve};
use holdfast_agent::peer::UserId;
use holdfast_agent_proto::frame::{self, FrameError, MAX_REPLY_BYTES, MAX_REQUEST_BYTES};
use holdfast_agent_proto::{
    Address, CallerContext, ClientMessage, Hello, PROTOCOL_VERSION, Reply, Request, ServerMessage,
};
use std::io::{self, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::oneshot;

/// Longer than anything that is expected to happen takes.
pub(crate) const PLENTY: Duration = Duration::from_secs(20);

/// What a connection asked, with the way to answer it.
pub(crate) enum Seen {
    Asked(Arc<Caller>, Request, ReplySender),
    HungUp(u64),
}

/// Answers pings and shows everything else to the test.
#[derive(Clone)]
pub(crate) struct Shown(pub(crate) Sender<Seen>);

impl Handler for Shown {
    async fn handle(&self, caller: Arc<Caller>, request: Request, replies: ReplySender) {
        if matches!(request, Request::Ping) {
            replies.reply(pong());
        } else {
            drop(self.0.send(Seen::Asked(caller, request, replies)));
        }
    }

    async fn hung_up(&self, connection: u64) {
        drop(self.0.send(Seen::HungUp(connection)));
    }
}

/// A server on its own thread, ended when dropped.
pub(crate) struct Server {
    pub(crate) address: Address,
    pub(crate) seen: Receiver<Seen>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    _place: TempDir,
}

impl Server {
    pub(crate) fn start(limits: Limits) -> Self {
        Self::start_as(UserId::own().unwrap(), limits)
    }

    /// A server that takes itself for another user's.
    pub(crate) fn start_as(own: UserId, limits: Limits) -> Self {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("run");
        holdfast_agent::dirs::private(&folder).unwrap();
        let address = Address::new(folder.join("agent.sock")).unwrap();
        let (show, seen) = channel();
        let (stop, stopped) = oneshot::channel();
        let path = address.path().to_owned();
        let (bound, ready) = channel();
        let thread = std::thread::spawn(move || {
            block_on(async {
                let listener = Listener::bind(&path).unwrap();
                bound.send(()).unwrap();
                let stopped = async { drop(stopped.await) };
                serve(listener, own, Shown(show), limits, stopped).await;
            });
        });
        ready.recv_timeout(PLENTY).unwrap();
        Self {
            address,
            seen,
            stop: Some(stop),
            thread: Some(thread),
            _place: place,
        }
    }

    pub(crate) fn connect(&self) -> Raw {
        Raw::connect(self.address.path())
    }

    /// The next request that is not a ping.
    pub(crate) fn asked(&self) -> (Arc<Caller>, Request, ReplySender) {
        match self.seen.recv_timeout(PLENTY).unwrap() {
            Seen::Asked(caller, request, replies) => (caller, request, replies),
            Seen::HungUp(connection) => panic!("connection {connection} is gone"),
        }
    }

    pub(crate) fn hung_up(&self) -> u64 {
        match self.seen.recv_timeout(PLENTY).unwrap() {
            Seen::HungUp(connection) => connection,
            Seen::Asked(..) => panic!("somebody asked"),
        }
    }

    /// Tells the server to end, without waiting for it.
    pub(crate) fn stop(&mut self) {
        drop(self.stop.take());
    }

    pub(crate) fn ended(&mut self) {
        self.stop();
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(future)
}

/// A client that sends and receives single frames.
pub(crate) struct Raw(pub(crate) UnixStream);

impl Raw {
    pub(crate) fn connect(path: &Path) -> Self {
        let stream = UnixStream::connect(path).unwrap();
        stream.set_read_timeout(Some(PLENTY)).unwrap();
        Self(stream)
    }

    /// Says hello and asks, in one write.
    pub(crate) fn greet(&mut self, id: u64, request: Request) {
        self.try_greet(id, request).unwrap();
    }

    pub(crate) fn try_greet(&mut self, id: u64, request: Request) -> io::Result<()> {
        let mut frames = frame::encode(&hello(), MAX_REQUEST_BYTES).unwrap();
        frame::append(
            &mut frames,
            &ClientMessage { id, request },
            MAX_REQUEST_BYTES,
        )
        .unwrap();
        self.0.write_all(&frames)
    }

    pub(crate) fn ask(&mut self, id: u64, request: Request) {
        let message = ClientMessage { id, request };
        self.bytes(&frame::encode(&message, MAX_REQUEST_BYTES).unwrap());
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).unwrap();
    }

    /// A frame around any body.
    pub(crate) fn body(&mut self, body: &[u8]) {
        let length = u32::try_from(body.len()).unwrap();
        self.bytes(&length.to_be_bytes());
        self.bytes(body);
    }

    pub(crate) fn message(&mut self) -> Result<ServerMessage, FrameError> {
        frame::decode(&frame::read(&mut self.0, MAX_REPLY_BYTES)?)
    }

    /// The next frame in short: `7 pong`, `0 error bad-request`, `event`.
    pub(crate) fn heard(&mut self) -> String {
        match self.message() {
            Ok(ServerMessage::Reply { id, reply }) => format!("{id} {}", name(&reply)),
            Ok(ServerMessage::Error { id, error }) => {
                let code = serde_json::to_value(error.code).unwrap();
                format!("{id} error {}", code.as_str().unwrap())
            }
            Ok(ServerMessage::Event(_)) => "event".to_owned(),
            Err(FrameError::Closed) => "closed".to_owned(),
            Err(error) => format!("{error:?}"),
        }
    }
}

fn name(reply: &Reply) -> &'static str {
    match reply {
        Reply::Pong { .. } => "pong",
        Reply::Done => "done",
        Reply::Profiles { more: true, .. } => "profiles and more",
        Reply::Profiles { more: false, .. } => "profiles",
        Reply::GitCredential { .. }
        | Reply::RepositoryEndpoint { .. }
        | Reply::RememberedProfile { .. }
        | Reply::Credentials { .. }
        | Reply::LoggedIn { .. }
        | Reply::Status(_)
        | Reply::Keys { .. }
        | Reply::Activity { .. }
        | Reply::ConsoleLink { .. }
        | Reply::Repositories { .. }
        | Reply::RepositoryCreated { .. }
        | Reply::SignInStarted { .. }
        | Reply::Portals { .. }
        | Reply::SsoAccounts { .. } => "other",
    }
}

pub(crate) fn pong() -> Reply {
    Reply::Pong {
        version: "1".to_owned(),
        pid: std::process::id(),
    }
}

pub(crate) fn hello() -> Hello {
    Hello {
        protocol: PROTOCOL_VERSION,
        client: "test".to_owned(),
        version: "1".to_owned(),
        context: CallerContext::default(),
    }
}
