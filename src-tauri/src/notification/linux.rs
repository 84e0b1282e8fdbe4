//! The person's notification daemon, reached over D-Bus when there is something to show.

use super::server::{Server, Signal};
use holdfast_desktop::notice::{Answer, Change, Kind, Notice};
use holdfast_desktop::tray::Message;
use std::collections::BTreeMap;
use std::sync::mpsc::SyncSender;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Shows notices, on a task of its own that sleeps while there is nothing to do.
pub(crate) struct Notifier {
    orders: UnboundedSender<Change>,
}

impl Notifier {
    /// Clicks become messages. Nothing is connected before the first notice.
    pub(crate) fn start(_app: &tauri::AppHandle, inbox: SyncSender<Message>) -> Self {
        let (orders, received) = unbounded_channel();
        let screen = Screen {
            inbox,
            shown: BTreeMap::new(),
            failed: false,
        };
        tauri::async_runtime::spawn(screen.serve(received));
        Self { orders }
    }

    /// Shows a notice or takes one away.
    pub(crate) fn change(&self, change: Change) {
        // The task ends only with the process.
        let _ = self.orders.send(change);
    }
}

/// What is on the screen.
struct Screen {
    inbox: SyncSender<Message>,
    shown: BTreeMap<Kind, Shown>,
    /// The last try failed, and the log has it.
    failed: bool,
}

/// A notice on the screen.
struct Shown {
    /// The daemon's number for it.
    id: u32,
    notice: Notice,
}

impl Screen {
    async fn serve(mut self, mut orders: UnboundedReceiver<Change>) {
        while let Some(first) = orders.recv().await {
            // Nobody to show it: the menu says it all the same, and the next notice tries again.
            let served = match Server::connect().await {
                Ok(server) => self.serve_with(server, first, &mut orders).await,
                Err(error) => Err(error),
            };
            match served {
                Ok(()) => return,
                Err(error) => self.note_failure(&error),
            }
        }
    }

    /// Until the connection breaks.
    async fn serve_with(
        &mut self,
        mut server: Server,
        first: Change,
        orders: &mut UnboundedReceiver<Change>,
    ) -> zbus::Result<()> {
        self.perform(&mut server, first).await;
        loop {
            tokio::select! {
                order = orders.recv() => match order {
                    Some(change) => self.perform(&mut server, change).await,
                    None => return Ok(()),
                },
                signal = server.next() => self.take(signal?),
            }
        }
    }

    async fn perform(&mut self, server: &mut Server, change: Change) {
        let done = match change {
            Change::Show(notice) => self.show(server, notice).await,
            Change::Close(kind) => match self.shown.remove(&kind) {
                Some(shown) => server.close(shown.id).await,
                None => Ok(()),
            },
        };
        match done {
            Ok(()) => self.failed = false,
            Err(error) => self.note_failure(&error),
        }
    }

    async fn show(&mut self, server: &mut Server, notice: Notice) -> zbus::Result<()> {
        let replaced = self.shown.get(&notice.kind).map_or(0, |shown| shown.id);
        let id = server.show(&notice, replaced).await?;
        self.shown.insert(notice.kind, Shown { id, notice });
        Ok(())
    }

    fn take(&mut self, signal: Signal) {
        match signal {
            Signal::Clicked { id, button } => {
                let found = self.shown.values().find(|shown| shown.id == id);
                if let Some(answer) = found.and_then(|shown| shown.answer(button)) {
                    let kind = found.map(|shown| shown.notice.kind);
                    self.send(kind, answer);
                }
            }
            Signal::Closed { id } => {
                let gone = self.shown.iter().find(|(_, shown)| shown.id == id);
                if let Some(kind) = gone.map(|(kind, _)| *kind) {
                    self.shown.remove(&kind);
                    let _ = self.inbox.try_send(Message::NoticeClosed(kind));
                }
            }
            Signal::DaemonChanged => {
                for kind in std::mem::take(&mut self.shown).into_keys() {
                    let _ = self.inbox.try_send(Message::NoticeClosed(kind));
                }
            }
        }
    }

    fn send(&self, kind: Option<Kind>, answer: Answer) {
        let message = Message::NoticeAnswered { kind, answer };
        if self.inbox.try_send(message).is_err() {
            tracing::error!("the tray does not keep up; a click was lost");
        }
    }

    /// Once until it works again: a desktop without a daemon is no reason to fill a log.
    fn note_failure(&mut self, error: &zbus::Error) {
        if !std::mem::replace(&mut self.failed, true) {
            tracing::warn!("notifications cannot be shown: {error}");
        }
    }
}

impl Shown {
    /// What a click on a button means; nothing stands for a click on the notice itself.
    fn answer(&self, button: Option<usize>) -> Option<Answer> {
        match button {
            Some(index) => {
                let button = self.notice.buttons.get(index)?;
                Some(button.answer.clone())
            }
            None => Some(self.notice.clicked()),
        }
    }
}
