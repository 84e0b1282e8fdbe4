//! Keeps what is noted: looks at callers, counts repeats, writes in batches, tells who asked to be told.
//!
//! All of it happens on one thread of its own, beside the controller: reading the process table and writing a
//! file take longer than answering git does.

use super::entry::{Entry, Note};
use super::file::ActivityFile;
use super::history::History;
use super::recent;
use super::record::Record;
use super::{Order, Told};
use crate::caller;
use crate::listener::EventSender;
use holdfast_agent_proto::view::{ActivityView, RecentView};
use holdfast_agent_proto::{Event, Reply};
use std::collections::{HashMap, HashSet, VecDeque};
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::watch;

/// How long what is noted may wait for more, so that many are written and told at once.
const BATCH: Duration = Duration::from_millis(250);

/// Entries that wait in memory: for repeats, and for a disk that has room again.
const MAX_KEPT: usize = 1000;

/// Entries told at once to those who listen; whoever misses older ones can ask for them.
const MAX_TOLD: usize = 32;

/// Entries in one answer.
const MAX_PAGE: u32 = 200;

/// Entries looked at for what was used lately.
const MAX_REBUILT: usize = 2000;

/// An entry that may happen again, or is not written yet.
struct Kept {
    entry: Entry,
    /// How often it has happened according to the file; 0 when it is not in there.
    written: u32,
    /// How often it has happened according to what listeners were told.
    told: u32,
}

/// What the thread works on.
pub(super) struct Keeper {
    file: ActivityFile,
    /// By number, the newest last.
    kept: VecDeque<Kept>,
    next_id: u64,
    listeners: HashMap<u64, EventSender>,
    told: watch::Sender<Told>,
    /// When the batch is due that has begun.
    due: Option<Instant>,
}

impl Keeper {
    pub(super) fn new(file: ActivityFile, told: watch::Sender<Told>) -> Self {
        Self {
            file,
            kept: VecDeque::new(),
            next_id: 1,
            listeners: HashMap::new(),
            told,
            due: None,
        }
    }

    /// Works until nobody can send orders any more, and then writes what is left.
    pub(super) fn run(mut self, orders: &Receiver<Order>) {
        self.remember();
        loop {
            match self.wait(orders) {
                Ok(order) => self.obey(order),
                Err(RecvTimeoutError::Timeout) => self.flush(now()),
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if self.due.is_some_and(|due| due <= Instant::now()) {
                self.flush(now());
            }
        }
        self.write(|_| true);
    }

    fn wait(&self, orders: &Receiver<Order>) -> Result<Order, RecvTimeoutError> {
        match self.due {
            // Without anything to do nothing wakes the thread.
            None => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(due) => orders.recv_timeout(due.saturating_duration_since(Instant::now())),
        }
    }

    fn obey(&mut self, order: Order) {
        match order {
            // Looked at while it is certainly there; whoever needs the words later finds them.
            Order::Meet(caller) => {
                caller::view(&caller);
            }
            Order::Note(note) => self.note(*note),
            Order::Page {
                before,
                limit,
                replies,
            } => replies.reply(self.page(before, limit)),
            Order::Listen { connection, events } => {
                self.listeners.insert(connection, events);
            }
            Order::Leave(connection) => {
                self.listeners.remove(&connection);
            }
        }
    }

    /// Goes on where an earlier agent ended.
    pub(super) fn remember(&mut self) {
        let mut recent = RecentView::default();
        let mut last = 0;
        match self.history() {
            Ok(mut history) => {
                for entry in history.by_ref().take(MAX_REBUILT) {
                    last = last.max(entry.id);
                    recent::used_before(&mut recent, &entry);
                    if recent::is_full(&recent) {
                        break;
                    }
                }
                if history.skipped() > 0 {
                    let lines = history.skipped();
                    tracing::warn!(lines, "skipped activity that cannot be read");
                }
            }
            Err(error) => self.warn(&error, "read"),
        }
        self.next_id = last + 1;
        if recent != RecentView::default() {
            self.told.send_modify(|told| told.recent = recent);
        }
    }

    pub(super) fn note(&mut self, note: Note) {
        let caller = note.caller.as_ref().map(|caller| caller::view(caller));
        let entry = note.into_entry(self.next_id, caller);
        self.told
            .send_if_modified(|told| recent::used(&mut told.recent, &entry));
        let repeated = self
            .kept
            .iter_mut()
            .rev()
            .find(|kept| kept.entry.is_repeated_by(&entry));
        match repeated {
            Some(kept) => kept.entry.times = kept.entry.times.saturating_add(1),
            None => {
                self.next_id += 1;
                self.kept.push_back(Kept {
                    entry,
                    written: 0,
                    told: 0,
                });
            }
        }
        self.due.get_or_insert_with(|| Instant::now() + BATCH);
    }

    /// Tells and writes what is new, and lets go of what cannot happen again.
    pub(super) fn flush(&mut self, now: i64) {
        self.due = None;
        self.tell();
        self.write(|kept| kept.written == 0 || kept.entry.is_past(now));
        self.kept
            .retain(|kept| kept.written != kept.entry.times || !kept.entry.is_past(now));
        while self.kept.len() > MAX_KEPT {
            self.kept.pop_front();
        }
        self.due = self.next_look(now);
    }

    /// Whether the thread wakes by itself.
    #[cfg(test)]
    pub(super) fn is_waiting(&self) -> bool {
        self.due.is_some()
    }

    /// When the repeats that were only counted have to be written; never while writing fails, which the next
    /// note tries again.
    fn next_look(&self, now: i64) -> Option<Instant> {
        if self.told.borrow().warning.is_some() {
            return None;
        }
        let first = self
            .kept
            .iter()
            .find(|kept| kept.written != kept.entry.times)?;
        Some(Instant::now() + Duration::from_secs(first.entry.seconds_open(now)))
    }

    fn tell(&mut self) {
        self.listeners.retain(|_, events| !events.is_closed());
        let untold = |kept: &&mut Kept| kept.told != kept.entry.times;
        let mut views: Vec<ActivityView> = Vec::new();
        for kept in self.kept.iter_mut().rev().filter(untold) {
            kept.told = kept.entry.times;
            if views.len() < MAX_TOLD && !self.listeners.is_empty() {
                views.push(kept.entry.view());
            }
        }
        for view in views.into_iter().rev() {
            for events in self.listeners.values() {
                events.send(Event::Activity(view.clone()));
            }
        }
    }

    /// Writes those that the file does not know, or not as often as they happened.
    fn write(&mut self, is_due: impl Fn(&Kept) -> bool) {
        let due = |kept: &&mut Kept| kept.written != kept.entry.times && is_due(kept);
        let mut lines = Vec::new();
        for kept in self.kept.iter_mut().filter(due) {
            kept.record().write(&mut lines);
        }
        if lines.is_empty() {
            return;
        }
        match self.file.append(&lines) {
            Ok(()) => {
                for kept in self.kept.iter_mut().filter(due) {
                    kept.written = kept.entry.times;
                }
                self.told
                    .send_if_modified(|told| told.warning.take().is_some());
            }
            Err(error) => self.warn(&error, "written"),
        }
    }

    fn warn(&self, error: &io::Error, done: &str) {
        let file = self.file.path().display();
        let warning =
            format!("activity cannot be {done} in {file} and is kept in memory only: {error}");
        self.told.send_if_modified(|told| {
            let new = told.warning.as_ref() != Some(&warning);
            if new {
                tracing::warn!(%warning, "activity");
                told.warning = Some(warning);
            }
            new
        });
    }

    pub(super) fn page(&mut self, before: Option<u64>, limit: u32) -> Reply {
        let limit = limit.clamp(1, MAX_PAGE) as usize;
        let before = before.unwrap_or(u64::MAX);
        let kept = self.kept.iter().rev().map(|kept| kept.entry.view());
        // One more than asked for shows whether there are more.
        let mut entries: Vec<ActivityView> = kept
            .filter(|entry| entry.id < before)
            .take(limit + 1)
            .collect();
        if entries.len() <= limit {
            let missing = limit + 1 - entries.len();
            match self.history() {
                Ok(history) => entries.extend(self.older(history, before).take(missing)),
                Err(error) => self.warn(&error, "read"),
            }
        }
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.id));
        let more = entries.len() > limit;
        entries.truncate(limit);
        Reply::Activity { entries, more }
    }

    /// Entries of the files that are not in memory as well.
    fn older(
        &self,
        history: impl Iterator<Item = Entry>,
        before: u64,
    ) -> impl Iterator<Item = ActivityView> {
        let kept: HashSet<u64> = self.kept.iter().map(|kept| kept.entry.id).collect();
        history
            .filter(move |entry| entry.id < before && !kept.contains(&entry.id))
            .map(|entry| entry.view())
    }

    fn history(&self) -> io::Result<History<impl Iterator<Item = io::Result<Vec<u8>>>>> {
        self.file.lines().map(History::new)
    }
}

impl Kept {
    fn record(&self) -> Record {
        if self.written == 0 {
            Record::Entry(Box::new(self.entry.clone()))
        } else {
            Record::Again {
                id: self.entry.id,
                times: self.entry.times,
            }
        }
    }
}

/// The time of this machine, by which entries are noted.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}
