//! The way back to a caller: answers to one request, and events.

use holdfast_agent_proto::frame::{self, MAX_REPLY_BYTES};
use holdfast_agent_proto::{AgentError, ErrorCode, Event, Reply, ServerMessage};
use std::sync::Arc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Notify, mpsc};
use zeroize::Zeroizing;

/// Frames that may wait for a slow reader before its connection is closed.
const QUEUE: usize = 256;

/// An encoded frame, erased once it is sent.
pub(super) type Frame = Zeroizing<Vec<u8>>;

/// The frames that wait to be written to one connection.
#[derive(Clone)]
pub(super) struct Outbox {
    frames: mpsc::Sender<Frame>,
    close: Arc<Notify>,
}

impl Outbox {
    /// A queue, and its end to write from. A reader too slow for it is told through `close`.
    pub(super) fn new(close: Arc<Notify>) -> (Self, mpsc::Receiver<Frame>) {
        let (frames, queue) = mpsc::channel(QUEUE);
        (Self { frames, close }, queue)
    }

    /// Answers owed and subscriptions, besides the connection's own hold on the queue.
    pub(super) fn others(&self) -> usize {
        self.frames.strong_count().saturating_sub(1)
    }

    pub(super) fn error(&self, id: u64, error: AgentError) -> bool {
        self.send(&ServerMessage::Error { id, error })
    }

    fn send(&self, message: &ServerMessage) -> bool {
        let Ok(frame) = frame::encode(message, MAX_REPLY_BYTES) else {
            return false;
        };
        match self.frames.try_send(frame) {
            Ok(()) => true,
            Err(TrySendError::Full(_)) => {
                self.close.notify_one();
                false
            }
            Err(TrySendError::Closed(_)) => false,
        }
    }
}

/// Answers one request: once, or with several parts. Messages are encoded at once into buffers that
/// are erased after they have been written, so nothing here holds secrets of other types.
pub struct ReplySender {
    id: u64,
    outbox: Outbox,
    answered: bool,
}

impl ReplySender {
    pub(super) fn new(id: u64, outbox: Outbox) -> Self {
        Self {
            id,
            outbox,
            answered: false,
        }
    }

    /// A sender for what is done without anybody waiting for it.
    pub(crate) fn nobody() -> Self {
        Self::new(0, Outbox::new(Arc::new(Notify::new())).0)
    }

    /// A sender whose answer a test takes.
    #[cfg(test)]
    pub(crate) fn to_test() -> (Self, mpsc::Receiver<Zeroizing<Vec<u8>>>) {
        let (outbox, answers) = Outbox::new(Arc::new(Notify::new()));
        (Self::new(1, outbox), answers)
    }

    /// The answer, or the last part of it.
    pub fn reply(mut self, reply: Reply) {
        self.part(reply);
        self.answered = true;
    }

    /// One part of an answer, after which more follow.
    pub fn part(&mut self, reply: Reply) {
        let sent = self
            .outbox
            .send(&ServerMessage::Reply { id: self.id, reply });
        if !sent && !self.is_closed() {
            self.outbox.error(
                self.id,
                AgentError::new(ErrorCode::Internal, "the answer does not fit into a frame"),
            );
            self.answered = true;
        }
    }

    /// The request failed.
    pub fn error(mut self, error: AgentError) {
        self.outbox.error(self.id, error);
        self.answered = true;
    }

    /// Answers with one or the other.
    pub fn finish(self, result: Result<Reply, AgentError>) {
        match result {
            Ok(reply) => self.reply(reply),
            Err(error) => self.error(error),
        }
    }

    /// A sender of events to the same connection.
    pub fn events(&self) -> EventSender {
        EventSender {
            outbox: self.outbox.clone(),
        }
    }

    /// Nobody waits for the answer any more.
    pub fn is_closed(&self) -> bool {
        self.outbox.frames.is_closed()
    }

    /// Waits until nobody waits for the answer any more.
    pub async fn closed(&self) {
        self.outbox.frames.closed().await;
    }
}

impl Drop for ReplySender {
    /// A caller is never left waiting for an answer that nobody will send.
    fn drop(&mut self) {
        if !self.answered {
            self.outbox.error(
                self.id,
                AgentError::new(ErrorCode::Unavailable, "the agent is ending; try again"),
            );
        }
    }
}

/// Sends events to one subscriber.
#[derive(Clone)]
pub struct EventSender {
    outbox: Outbox,
}

impl EventSender {
    /// Sends an event; false when the subscriber is gone, or too slow and therefore cut off.
    pub fn send(&self, event: Event) -> bool {
        self.outbox.send(&ServerMessage::Event(event))
    }

    /// The subscriber is gone.
    pub fn is_closed(&self) -> bool {
        self.outbox.frames.is_closed()
    }
}
