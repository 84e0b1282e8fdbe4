//! Activity: who received which credentials when, what was refused, and what became of sessions and keys.
//!
//! Kept without secrets in `activity.jsonl` in the state folder. The controller only notes what happens; the rest
//! is done by a [`keeper`] on a thread of its own.

mod backwards;
mod entry;
mod file;
mod history;
mod keeper;
mod recent;
mod record;
#[cfg(test)]
mod tests;

pub(crate) use entry::Note;

use crate::caller;
use crate::listener::{Caller, EventSender, ReplySender};
use file::{ActivityFile, MAX_BYTES};
use holdfast_agent_proto::view::RecentView;
use keeper::Keeper;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use tokio::sync::watch;

/// What the controller sends the thread.
enum Order {
    /// Somebody asks for something that will be noted.
    Meet(Arc<Caller>),
    /// Something happened.
    Note(Box<Note>),
    /// A client wants to see what happened.
    Page {
        before: Option<u64>,
        limit: u32,
        replies: ReplySender,
    },
    /// A client wants to be told what happens.
    Listen {
        connection: u64,
        events: EventSender,
    },
    /// A client that may have listened is gone.
    Leave(u64),
}

/// What the thread said last.
#[derive(Default)]
struct Told {
    /// What was used lately.
    recent: RecentView,
    /// Why the file cannot be read or written.
    warning: Option<String>,
}

/// The way to the thread that keeps activity.
pub struct Activity {
    orders: Option<Sender<Order>>,
    told: watch::Receiver<Told>,
}

impl Activity {
    /// Starts the thread, which keeps activity in this folder.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(folder: &Path) -> io::Result<Self> {
        let (orders, received) = channel();
        let (told, heard) = watch::channel(Told::default());
        let keeper = Keeper::new(ActivityFile::new(folder, MAX_BYTES), told);
        spawn(keeper, received)?;
        Ok(Self {
            orders: Some(orders),
            told: heard,
        })
    }

    /// Somebody asks for something that will be noted: looks at the process while it is there.
    pub(crate) fn meet(&self, caller: &Arc<Caller>) {
        caller::meet(caller);
        self.send(Order::Meet(Arc::clone(caller)));
    }

    /// Something happened.
    pub(crate) fn note(&self, note: Note) {
        self.send(Order::Note(Box::new(note)));
    }

    /// Answers what happened before the entry with this number.
    pub(crate) fn page(&self, before: Option<u64>, limit: u32, replies: ReplySender) {
        self.send(Order::Page {
            before,
            limit,
            replies,
        });
    }

    /// Tells a client what happens from now on.
    pub(crate) fn listen(&self, connection: u64, events: EventSender) {
        self.send(Order::Listen { connection, events });
    }

    /// A client is gone.
    pub(crate) fn leave(&self, connection: u64) {
        self.send(Order::Leave(connection));
    }

    /// What was used lately.
    pub(crate) fn recent(&self) -> RecentView {
        self.told.borrow().recent.clone()
    }

    /// Why the file cannot be read or written.
    pub(crate) fn warning(&self) -> Option<String> {
        self.told.borrow().warning.clone()
    }

    /// Waits until there is another warning, or something else was used than before.
    pub(crate) async fn changed(&mut self) {
        if self.told.changed().await.is_err() {
            // The thread is gone, and nothing will change any more.
            std::future::pending().await
        }
    }

    /// Ends the thread, after it has written everything.
    pub(crate) async fn close(&mut self) {
        self.orders = None;
        while self.told.changed().await.is_ok() {}
    }

    fn send(&self, order: Order) {
        if let Some(orders) = &self.orders {
            // A thread that failed takes nothing; nobody is refused credentials for that.
            let _ = orders.send(order);
        }
    }
}

fn spawn(keeper: Keeper, orders: Receiver<Order>) -> io::Result<()> {
    let thread = thread::Builder::new().name("activity".to_owned());
    thread.spawn(move || keeper.run(&orders)).map(|_| ())
}
