//! The one who decides what is told.

use super::expiry::Expiry;
use super::network::Network;
use super::renewed::Renewed;
use super::{Change, Kind, Notice, wording};
use holdfast_agent_proto::Event;
use holdfast_agent_proto::view::{SessionState, SessionView, StatusView};
use holdfast_settings::{Level, NotificationSettings};
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

/// What was told, and what there is to tell. Takes in what happens, and says with [`Notices::changes`] what
/// that comes to, however much it was.
#[derive(Debug, Default)]
pub struct Notices {
    settings: NotificationSettings,
    expiry: Expiry,
    /// The person wants to be told of ends later.
    put_off: bool,
    signed_out: Vec<SessionView>,
    /// AWS ended another session.
    another_signed_out: bool,
    renewed: Renewed,
    network: Network,
    /// The prompt that was told of last, and how.
    needs_you: Option<(u64, Notice)>,
    on_screen: BTreeSet<Kind>,
}

impl Notices {
    /// How much is made of what, from now on.
    pub fn set_levels(&mut self, settings: NotificationSettings) {
        self.settings = settings;
    }

    /// The agent is connected: what it tells first is how things are, and no news.
    pub fn connected(&mut self) {
        self.renewed.forget();
    }

    /// The agent told that something happened.
    pub fn heard(&mut self, event: &Event) {
        match event {
            Event::ExpiringSoon { session, .. } => self.expiry.announce(session),
            Event::SignedOut { session } => {
                self.signed_out.retain(|known| known.id != session.id);
                self.signed_out.push(session.clone());
                self.another_signed_out = true;
            }
            Event::Status(_)
            | Event::PromptOpened(_)
            | Event::PromptChanged(_)
            | Event::PromptClosed { .. }
            | Event::Activity(_)
            | Event::SettingsChanged
            | Event::ProfilesChanged
            | Event::RepositoriesChanged { .. } => {}
        }
    }

    /// The person put the notice about ends off.
    pub fn snooze(&mut self) {
        self.put_off = true;
        self.on_screen.remove(&Kind::Expiry);
    }

    /// The person or the desktop took a notice away.
    pub fn closed(&mut self, kind: Kind) {
        self.on_screen.remove(&kind);
    }

    /// What has to change on the screen, now that the agent has told this.
    pub fn changes(&mut self, status: &StatusView, now: i64, zone: &TimeZone) -> Vec<Change> {
        let mut changes = Vec::new();
        self.look_at_prompts(status, &mut changes);
        self.look_at_ends(status, now, zone, &mut changes);
        self.look_at_signed_out(status, now, zone, &mut changes);
        let renewed = self.renewed.look(&status.sessions);
        if let Some(notice) = wording::renewed(&renewed, now, zone) {
            self.show(notice, &mut changes);
        }
        if let Some(news) = self.network.look(status.online, now) {
            self.show(wording::network(news), &mut changes);
        }
        changes
    }

    /// When to look again though nothing happens, in seconds since 1970.
    pub fn next(&self) -> Option<i64> {
        [self.expiry.next(), self.network.next()]
            .into_iter()
            .flatten()
            .min()
    }

    /// Only prompts of background callers: for the others the popup is there.
    fn look_at_prompts(&mut self, status: &StatusView, changes: &mut Vec<Change>) {
        let waiting = status
            .prompts
            .iter()
            .find(|prompt| !prompt.interactive && !prompt.checking);
        let Some(prompt) = waiting else {
            self.needs_you = None;
            return self.close(Kind::NeedsYou, changes);
        };
        let notice = wording::needs_you(prompt);
        let told = self.needs_you.as_ref();
        let is_new = told.is_none_or(|(id, _)| *id != prompt.id);
        // One that the person took away does not come back because another program joined.
        let has_news = told.is_some_and(|(_, told)| *told != notice)
            && self.on_screen.contains(&Kind::NeedsYou);
        self.needs_you = Some((prompt.id, notice.clone()));
        if is_new || has_news {
            self.show(notice, changes);
        }
    }

    fn look_at_ends(
        &mut self,
        status: &StatusView,
        now: i64,
        zone: &TimeZone,
        changes: &mut Vec<Change>,
    ) {
        self.expiry.look(&status.sessions, now);
        if std::mem::take(&mut self.put_off) {
            self.expiry.snooze(now);
        }
        if self.expiry.is_over() {
            return self.close(Kind::Expiry, changes);
        }
        if let Some(notice) = wording::expiry(&self.expiry.due(now), now, zone) {
            self.show(notice, changes);
        }
    }

    fn look_at_signed_out(
        &mut self,
        status: &StatusView,
        now: i64,
        zone: &TimeZone,
        changes: &mut Vec<Change>,
    ) {
        let is_good = |known: &SessionView| {
            let session = status.sessions.iter().find(|it| it.id == known.id);
            session
                .is_none_or(|it| matches!(it.state, SessionState::Valid | SessionState::Expiring))
        };
        self.signed_out.retain(|known| !is_good(known));
        let another = std::mem::take(&mut self.another_signed_out);
        match wording::signed_out(&self.signed_out, now, zone) {
            Some(notice) if another => self.show(notice, changes),
            Some(_) => {}
            None => self.close(Kind::SignedOut, changes),
        }
    }

    fn show(&mut self, mut notice: Notice, changes: &mut Vec<Change>) {
        match notice.kind.level(&self.settings) {
            Level::Off => return,
            Level::Quiet => notice.quiet = true,
            Level::Normal => {}
        }
        self.on_screen.insert(notice.kind);
        changes.push(Change::Show(notice));
    }

    fn close(&mut self, kind: Kind, changes: &mut Vec<Change>) {
        if self.on_screen.remove(&kind) {
            changes.push(Change::Close(kind));
        }
    }
}
