//! What is special about sessions that a person signs in to with the browser: they are refreshed for as long as the
//! sign-in lasts.

use super::policy::Policy;
use super::session::{Lifetime, Opened, Session};
use crate::chain::{Opening, Source};
use crate::failure::{Failure, FailureKind};
use crate::time::Timestamp;

/// A session that nobody asked for during this time is not in use: its end is told to nobody.
const IN_USE_SECONDS: i64 = 3_600;
/// A sign-in whose end turns out to be this much later than announced is announced again.
const ANNOUNCE_AGAIN_SECONDS: i64 = 3_600;
/// Two tokens whose ends are closer than this end at the same time.
const NO_GAIN_SECONDS: i64 = 60;
/// A token that comes from the store was given for about this time, as portals do.
const USUAL_TOKEN_SECONDS: i64 = 3_600;

/// The attempt that brought what an earlier agent or another program has stored.
const RESTORED: u64 = 0;

/// What is known of a sign-in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SignIn {
    /// There is a refresh token that AWS has not refused.
    refreshable: bool,
    /// When it ends, as far as the agent knows.
    ends_at: Option<Timestamp>,
    /// The attempt in which the person signed in.
    pub(super) attempt: u64,
    /// When that was.
    at: Timestamp,
    doubt: Doubt,
    /// The end that was announced.
    announced: Option<Timestamp>,
}

/// Whether AWS takes the token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Doubt {
    #[default]
    None,
    /// AWS refused it before its time: the next one will tell.
    Token,
    /// It was refreshed because AWS refused the one before. Another refusal means that the sign-in is over.
    SignIn,
}

impl Session {
    /// Whether it can be renewed without the person who signed in.
    pub fn refreshable(&self) -> bool {
        self.sign_in.refreshable
    }

    /// When a person has to sign in again, as far as that is known: for what cannot be refreshed, when its
    /// credentials end. `None` for sessions that are not signed in to with the browser.
    pub fn sign_in_ends_at(&self) -> Option<Timestamp> {
        if self.node.step.opening() != Opening::Browser {
            None
        } else if self.refreshable() {
            self.sign_in.ends_at
        } else {
            self.expires_at()
        }
    }

    /// Takes over what a call brought: a sign-in, or a refresh of what was there `before`.
    pub(super) fn signed_in(
        &mut self,
        opened: Opened,
        attempt: u64,
        before: Option<Lifetime>,
        now: Timestamp,
    ) {
        let Some(before) = before else {
            self.sign_in = SignIn {
                refreshable: opened.refreshable,
                ends_at: opened.sign_in_ends_at,
                attempt,
                at: now,
                ..SignIn::default()
            };
            return;
        };
        // Where tokens end with the sign-in, one that ends no later than that before it is the last.
        let gained = opened.expires_at.seconds_since(before.expires_at);
        let is_last =
            gained < NO_GAIN_SECONDS && now.seconds_since(before.opened_at) >= 2 * NO_GAIN_SECONDS;
        self.sign_in.refreshable = opened.refreshable && !is_last;
        self.sign_in.ends_at = opened
            .sign_in_ends_at
            .or(self.sign_in.ends_at)
            .filter(|end| *end > now);
        self.sign_in.doubt = match self.sign_in.doubt {
            Doubt::Token => Doubt::SignIn,
            doubt @ (Doubt::None | Doubt::SignIn) => doubt,
        };
    }

    /// Whether there is anything that serves, or brings what serves without a person.
    pub(super) fn is_of_use(&self, now: Timestamp) -> bool {
        self.refreshable() || self.seconds_left(now).is_some_and(|left| left > 0)
    }

    /// Takes over what the store had. How long the token was given for is not known any more.
    pub(super) fn restored(&mut self, opened: Opened, now: Timestamp) {
        let opened_at = if opened.refreshable {
            now.min(opened.expires_at.plus_seconds(-USUAL_TOKEN_SECONDS))
        } else {
            now
        };
        self.credentials = Some(Lifetime {
            opened_at,
            expires_at: opened.expires_at,
        });
        self.sign_in = SignIn {
            refreshable: opened.refreshable && self.node.step.opening() == Opening::Browser,
            ends_at: opened.sign_in_ends_at,
            at: opened_at,
            ..SignIn::default()
        };
        self.opened_by = RESTORED;
        self.ended = false;
    }

    /// A refresh failed. True when that means that only a person can renew it; the token is good until its end.
    pub(super) fn refresh_failed(&mut self, failure: &Failure) -> bool {
        let over = !failure.kind.is_transient() && failure.kind != FailureKind::SourceUnavailable;
        if over {
            self.sign_in.refreshable = false;
        }
        over
    }

    /// Whether AWS refused its token, and no newer one has come since.
    pub(super) fn is_doubted(&self) -> bool {
        self.sign_in.doubt == Doubt::Token
    }

    /// AWS refused its token: it has to be refreshed. False when that cannot help.
    pub(super) fn doubt(&mut self, now: Timestamp) -> bool {
        let is_new = now.seconds_since(self.sign_in.at) < super::session::NEW_SECONDS;
        let helps = self.refreshable() && self.sign_in.doubt == Doubt::None && !is_new;
        if helps {
            self.sign_in.doubt = Doubt::Token;
        }
        helps
    }

    /// Whether its token was refreshed because AWS refused the one before, and has opened nothing since.
    pub(super) fn is_on_probation(&self) -> bool {
        self.sign_in.doubt == Doubt::SignIn
    }

    /// Its token has opened another session.
    pub(super) fn proved(&mut self) {
        if self.is_on_probation() {
            self.sign_in.doubt = Doubt::None;
        }
    }

    /// Whether a refused token of it means that the person is signed out: a portal's is sent to that portal alone,
    /// while credentials may be refused for what they are not allowed.
    pub(super) fn is_portal(&self) -> bool {
        matches!(self.source, Source::Portal { .. }) && self.node.step.opening() == Opening::Browser
    }

    /// Whether somebody asked for it lately.
    fn is_in_use(&self, now: Timestamp) -> bool {
        now.seconds_since(self.last_used) <= IN_USE_SECONDS
    }

    /// Whether the person has to sign in again within this time, and somebody would miss it.
    pub(super) fn sign_in_ends_within(&self, seconds: u32, now: Timestamp) -> bool {
        self.sign_in_ends_at()
            .is_some_and(|end| end.seconds_since(now) <= i64::from(seconds))
            && self.is_in_use(now)
    }

    /// Seconds until the person has to sign in again, when they have to be told now.
    ///
    /// They are told once for each sign-in, at the longest of the lead times: a browser window takes longer than six
    /// digits, and a second notice would say nothing new. Nobody is told of the end of a session that was not asked for
    /// in the last hour, so the evening's session ends in silence. A session that is asked for again while the lead
    /// time runs is announced then.
    pub(super) fn due_sign_in_notice(&mut self, policy: &Policy, now: Timestamp) -> Option<u32> {
        let end = self.sign_in_ends_at()?;
        let left = u32::try_from(end.seconds_since(now)).ok()?;
        let lead = policy.notice_seconds.iter().copied().max()?;
        let is_told = self
            .sign_in
            .announced
            .is_some_and(|told| end.seconds_since(told) <= ANNOUNCE_AGAIN_SECONDS);
        if is_told || !self.sign_in_ends_within(lead, now) {
            return None;
        }
        self.sign_in.announced = Some(end);
        Some(left)
    }
}
