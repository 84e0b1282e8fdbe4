//! Portal sessions and their access and refresh tokens.

use std::collections::{BTreeMap, HashMap};

use jiff::{SignedDuration, Timestamp};

use super::{Client, Portal, PortalPolicy, RefreshTokens, opaque};
use crate::clock::shifted;
use crate::hidden::Hidden;

/// One person's session at a portal.
#[derive(Debug)]
pub(crate) struct PortalSession {
    pub(crate) id: u64,
    pub(crate) start_url: String,
    pub(crate) region: String,
    pub(crate) user: String,
    pub(crate) client_id: String,
    pub(crate) started: Timestamp,
    pub(crate) ends: Timestamp,
    is_refreshable: bool,
    refresh_tokens: Vec<Hidden>,
}

impl PortalSession {
    /// A session of `user` that begins now. [`Sessions::open`] gives it its id.
    pub(super) fn new(portal: &Portal, user: &str, client: &Client, now: Timestamp) -> Self {
        Self {
            id: 0,
            start_url: portal.start_url.clone(),
            region: portal.region.clone(),
            user: user.to_owned(),
            client_id: client.id.clone(),
            started: now,
            ends: shifted(
                now,
                SignedDuration::from_secs(portal.policy.session_seconds),
            ),
            is_refreshable: client.is_refreshable(),
            refresh_tokens: Vec::new(),
        }
    }
}

/// What a client is given.
#[derive(Debug)]
pub(crate) struct Tokens {
    pub(crate) access: Hidden,
    /// Seconds.
    pub(crate) expires_in: i64,
    pub(crate) refresh: Option<Hidden>,
    /// Whose they are.
    pub(crate) user: String,
}

/// Every portal session, and which token belongs to which.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    by_id: BTreeMap<u64, PortalSession>,
    opened: u64,
    /// Session and expiry by access token.
    access_tokens: HashMap<String, (u64, Timestamp)>,
}

impl Sessions {
    /// Opens a session and gives its first tokens.
    pub(super) fn open(
        &mut self,
        mut session: PortalSession,
        policy: &PortalPolicy,
        now: Timestamp,
    ) -> Tokens {
        self.opened += 1;
        session.id = self.opened;
        if session.is_refreshable {
            session.refresh_tokens.push(refresh_token());
        }
        let tokens = self.give(&session, policy, now);
        self.by_id.insert(session.id, session);
        tokens
    }

    /// New tokens for the holder of a good refresh token.
    pub(super) fn renew(
        &mut self,
        id: u64,
        refresh: &str,
        policy: &PortalPolicy,
        now: Timestamp,
    ) -> Option<Tokens> {
        let mut session = self.by_id.remove(&id)?;
        match policy.refresh_tokens {
            RefreshTokens::Keep => {}
            RefreshTokens::Rotate => session.refresh_tokens = vec![refresh_token()],
            RefreshTokens::RotateWithGrace => {
                session
                    .refresh_tokens
                    .retain(|known| known.reveal() == refresh);
                session.refresh_tokens.push(refresh_token());
            }
        }
        let tokens = self.give(&session, policy, now);
        self.by_id.insert(id, session);
        Some(tokens)
    }

    fn give(&mut self, session: &PortalSession, policy: &PortalPolicy, now: Timestamp) -> Tokens {
        let whole = shifted(now, SignedDuration::from_secs(policy.token_seconds));
        let expires = if policy.tokens_end_with_session {
            whole.min(session.ends)
        } else {
            whole
        };
        let access = opaque::<300>("aoaAAAAA");
        self.access_tokens.retain(|_, (_, end)| now < *end);
        self.access_tokens
            .insert(access.reveal().to_owned(), (session.id, expires));
        Tokens {
            access,
            expires_in: expires.duration_since(now).as_secs(),
            refresh: session.refresh_tokens.last().cloned(),
            user: session.user.clone(),
        }
    }

    /// The session of an access token in a region, while both last.
    pub(crate) fn of_access_token(
        &self,
        token: &str,
        region: &str,
        now: Timestamp,
    ) -> Option<&PortalSession> {
        let (id, expires) = self.access_tokens.get(token)?;
        self.by_id
            .get(id)
            .filter(|session| now < *expires && now < session.ends && session.region == region)
    }

    /// The session of a refresh token, while it lasts.
    pub(super) fn of_refresh_token(
        &self,
        token: &str,
        client_id: &str,
        now: Timestamp,
    ) -> Option<&PortalSession> {
        self.by_id.values().find(|session| {
            session.client_id == client_id
                && now < session.ends
                && session
                    .refresh_tokens
                    .iter()
                    .any(|known| known.reveal() == token)
        })
    }

    /// The sessions at a portal that have not ended.
    pub(crate) fn at<'s>(
        &'s self,
        start_url: &'s str,
        now: Timestamp,
    ) -> impl Iterator<Item = &'s PortalSession> {
        self.by_id
            .values()
            .filter(move |session| session.start_url == start_url && now < session.ends)
    }

    /// Ends one session at once.
    pub(crate) fn close(&mut self, id: u64) {
        self.by_id.remove(&id);
        self.access_tokens.retain(|_, (session, _)| *session != id);
    }

    /// Ends the sessions at a portal at once, of one user or of all; says how many there were.
    pub(crate) fn revoke(&mut self, start_url: &str, user: Option<&str>) -> usize {
        let ids: Vec<u64> = self
            .by_id
            .values()
            .filter(|session| session.start_url == start_url)
            .filter(|session| user.is_none_or(|name| session.user == name))
            .map(|session| session.id)
            .collect();
        for id in &ids {
            self.close(*id);
        }
        ids.len()
    }

    /// Lets the sessions at a portal come to their end now.
    pub(crate) fn end(&mut self, start_url: &str, now: Timestamp) {
        for session in self.by_id.values_mut() {
            if session.start_url == start_url {
                session.ends = session.ends.min(now);
            }
        }
    }
}

fn refresh_token() -> Hidden {
    opaque::<400>("aorAAAAA")
}
