//! One connection: hello, then requests and answers in any order, until either side ends it.

use super::admission::Slot;
use super::frames::FrameReader;
use super::reply::{Frame, Outbox, ReplySender};
use super::{Caller, Handler, Limits};
use crate::peer::Peer;
use holdfast_agent_proto::frame::{self, FrameError, MAX_REPLY_BYTES, MAX_REQUEST_BYTES};
use holdfast_agent_proto::{
    AgentError, ClientMessage, ErrorCode, Hello, PROTOCOL_VERSION, ServerMessage,
};
use serde::Deserialize;
use std::io;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

/// Time for the last frames of a connection to be taken by its reader.
const PARTING: Duration = Duration::from_secs(1);

/// Longest name or version of a client, in characters.
const NAME_LENGTH: usize = 64;

/// A connection that was admitted.
pub(super) struct Opened<S> {
    pub(super) stream: S,
    pub(super) peer: Peer,
    pub(super) slot: Slot,
}

/// How the reading side of a connection ended.
enum End {
    /// Nobody is there any more.
    Gone,
    /// Nothing more is read, but what is owed is still sent.
    Parting(Duration),
}

/// Serves a connection to its end. When the handler is told, nothing can be sent any more.
pub(super) async fn run<S, H>(
    opened: Opened<S>,
    handler: H,
    limits: Arc<Limits>,
    draining: watch::Receiver<bool>,
) where
    S: AsyncRead + AsyncWrite + Unpin,
    H: Handler,
{
    let connection = opened.slot.number();
    talk(opened, &handler, &limits, draining).await;
    handler.hung_up(connection).await;
}

async fn talk<S, H>(
    opened: Opened<S>,
    handler: &H,
    limits: &Limits,
    draining: watch::Receiver<bool>,
) where
    S: AsyncRead + AsyncWrite + Unpin,
    H: Handler,
{
    let Opened { stream, peer, slot } = opened;
    let (from, to) = tokio::io::split(stream);
    let (outbox, queue) = Outbox::new(Arc::clone(&slot.close));
    let mut writing = pin!(write_frames(to, queue));
    let reading = read_requests(
        FrameReader::new(from),
        peer,
        &slot,
        outbox,
        handler,
        limits,
        draining,
    );
    let end = tokio::select! {
        end = reading => end,
        _ = &mut writing => End::Gone,
        () = slot.close.notified() => End::Gone,
    };
    if let End::Parting(within) = end {
        let _ = timeout(within, writing).await;
    }
}

/// Tells why a connection is not served, if that can be done at once, and closes it.
pub(super) async fn refuse(mut stream: impl AsyncWrite + Unpin, error: AgentError) {
    if let Ok(frame) = frame::encode(&ServerMessage::Error { id: 0, error }, MAX_REPLY_BYTES) {
        let _ = timeout(PARTING, stream.write_all(&frame)).await;
    }
}

async fn write_frames(
    mut to: impl AsyncWrite + Unpin,
    mut queue: mpsc::Receiver<Frame>,
) -> io::Result<()> {
    while let Some(frame) = queue.recv().await {
        to.write_all(&frame).await?;
        to.flush().await?;
    }
    Ok(())
}

async fn read_requests<R: AsyncRead + Unpin, H: Handler>(
    mut frames: FrameReader<R>,
    peer: Peer,
    slot: &Slot,
    outbox: Outbox,
    handler: &H,
    limits: &Limits,
    mut draining: watch::Receiver<bool>,
) -> End {
    let hello = match frames.next(limits.frame).await {
        Ok(body) => read_hello(&body),
        Err(error) => return fault(&outbox, &error),
    };
    let hello = match hello {
        Ok(hello) => hello,
        Err(error) => return part(&outbox, *error),
    };
    slot.said_hello();
    let caller = Arc::new(Caller {
        connection: slot.number(),
        client: presentable(&hello.client),
        version: presentable(&hello.version),
        context: hello.context,
        peer,
        parent: OnceLock::new(),
        view: OnceLock::new(),
    });
    loop {
        tokio::select! {
            begun = timeout(limits.idle, frames.begun()) => match begun {
                Ok(Ok(())) => {}
                Ok(Err(error)) => return fault(&outbox, &error),
                Err(_) if outbox.others() > 0 => continue,
                Err(_) => return End::Parting(PARTING),
            },
            _ = draining.wait_for(|draining| *draining) => return End::Parting(limits.drain),
        }
        let message = frames.next(limits.frame).await;
        let message = match message.and_then(|body| frame::decode::<ClientMessage>(&body)) {
            Ok(message) => message,
            Err(error) => return fault(&outbox, &error),
        };
        if outbox.others() >= limits.open_requests {
            outbox.error(
                message.id,
                AgentError::new(
                    ErrorCode::Unavailable,
                    "this connection has too many requests that are not yet answered",
                ),
            );
            continue;
        }
        let replies = ReplySender::new(message.id, outbox.clone());
        handler
            .handle(Arc::clone(&caller), message.request, replies)
            .await;
    }
}

/// Just enough of a hello to tell versions apart, in whatever shape later versions have.
#[derive(Deserialize)]
struct AnyHello {
    protocol: u32,
}

fn read_hello(body: &[u8]) -> Result<Hello, Box<AgentError>> {
    let AnyHello { protocol } =
        frame::decode(body).map_err(|error| Box::new(bad_request(&error)))?;
    if protocol != PROTOCOL_VERSION {
        let mismatch = AgentError::new(
            ErrorCode::ProtocolMismatch,
            format!(
                "the agent speaks version {PROTOCOL_VERSION} of the protocol, the client version {protocol}"
            ),
        );
        return Err(Box::new(mismatch.hint("holdfast agent stop")));
    }
    frame::decode(body).map_err(|error| Box::new(bad_request(&error)))
}

/// Ends a connection over a frame that could not be read.
fn fault(outbox: &Outbox, error: &FrameError) -> End {
    match error {
        FrameError::Closed => End::Gone,
        FrameError::Io(io) if io.kind() != io::ErrorKind::TimedOut => End::Gone,
        FrameError::Io(_) => part(
            outbox,
            AgentError::new(ErrorCode::BadRequest, "a frame took too long to arrive"),
        ),
        FrameError::TooLarge { .. } | FrameError::Malformed { .. } => {
            part(outbox, bad_request(error))
        }
    }
}

fn part(outbox: &Outbox, error: AgentError) -> End {
    outbox.error(0, error);
    End::Parting(PARTING)
}

fn bad_request(error: &FrameError) -> AgentError {
    AgentError::new(ErrorCode::BadRequest, error.to_string()).hint(format!(
        "a frame has at most {MAX_REQUEST_BYTES} bytes of JSON"
    ))
}

/// A name that is safe to log and to show.
fn presentable(name: &str) -> String {
    let kept = name.chars().filter(|c| !c.is_control());
    kept.take(NAME_LENGTH).collect()
}
