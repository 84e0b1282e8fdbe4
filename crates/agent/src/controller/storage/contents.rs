//! What the sealed store holds: everything that outlives the agent, gathered from its parts and given back to them.

use super::super::Controller;
use crate::stored::{
    Known, Stored, StoredClient, StoredCode, StoredConsoleLogin, StoredLimit, StoredSession,
    StoredSignIn,
};
use crate::vault::Held;
use holdfast_core::chain::{Chain, SessionKey};
use holdfast_core::engine::{self, Event, Route, Session};
use holdfast_core::port::Aws;
use std::collections::BTreeMap;
use std::sync::Arc;
use zeroize::Zeroizing;

impl<S: Aws> Controller<S> {
    /// Gives everything back to its part.
    pub(super) fn restore(&mut self, contents: &[u8]) {
        let Some(stored) = Stored::decode(contents) else {
            let file = self.storage.store.path().display();
            self.warn(format!(
                "{file} is of a form that this version does not know"
            ));
            return;
        };
        self.clock.presume(stored.clock_offset_seconds);
        for code in stored.answered_codes {
            let (serial, code) = code.restore();
            self.ledger.restore(&serial, code);
        }
        for client in stored.clients {
            let (portal, client) = client.restore();
            self.portals.keep_client(portal, Arc::new(client));
        }
        for limit in stored.portal_limits {
            let (portal, limit) = limit.restore();
            self.portals.keep_limit(portal, limit);
        }
        for sign_in in stored.portals {
            self.restore_sign_in(sign_in);
        }
        for login in stored.console_logins {
            let (known, session) = login.restore();
            if let Some(opened) = session.opened() {
                self.restore_held(known, Held::Console(Arc::new(session)), opened);
            }
        }
        for session in stored.sessions {
            self.restore_session(session);
        }
    }

    fn restore_sign_in(&mut self, stored: StoredSignIn) {
        let (known, held) = stored.restore();
        let Some(session) = self.restorable(known) else {
            return;
        };
        let key = session.node.key.clone();
        let opened = self.opened_of(&session, &held);
        if opened.expires_at <= self.now() && !opened.refreshable {
            return;
        }
        self.vault.insert(key.clone(), Held::Portal(Arc::new(held)));
        self.step(Event::Restored {
            session: Box::new(session),
            opened,
        });
        self.publish_token(&key);
    }

    fn restore_session(&mut self, stored: StoredSession) {
        let (known, credentials, expires_at) = stored.restore();
        let Some(session) = self.restorable(known) else {
            return;
        };
        if expires_at <= self.now() {
            return;
        }
        let key = session.node.key.clone();
        self.vault
            .insert(key, Held::Credentials(Arc::new(credentials)));
        self.step(Event::Restored {
            session: Box::new(session),
            opened: engine::Opened::until(expires_at),
        });
    }

    fn restore_held(&mut self, known: Known, held: Held, opened: engine::Opened) {
        if let Some(session) = self.restorable(known) {
            self.vault.insert(session.node.key.clone(), held);
            self.step(Event::Restored {
                session: Box::new(session),
                opened,
            });
        }
    }

    /// The session of before, unless the person has signed out of it or in again since.
    fn restorable(&self, known: Known) -> Option<Session> {
        let route = Route::of(&known.chain)?;
        if self.storage.signed_out.includes(&route) {
            return None;
        }
        let mut session = Session::absent(&route, route.nodes.len() - 1);
        session.profiles = known.profiles.into_iter().collect();
        session.last_used = known.last_used;
        self.vault
            .get(&session.node.key)
            .is_none()
            .then_some(session)
    }

    /// Everything, as it is sealed.
    pub(super) fn contents(&self) -> Zeroizing<Vec<u8>> {
        let now = self.now();
        let mut stored = Stored::new(self.clock.offset_seconds());
        let unsaved = self.storage.unsaved.iter();
        let newest = unsaved.filter_map(|it| Some((&it.key, self.vault.brought(it.attempt)?)));
        let newest: BTreeMap<&SessionKey, &Held> = newest.collect();
        let kept = self
            .vault
            .iter()
            .filter(|(key, _)| !newest.contains_key(key));
        for (key, held) in kept.chain(newest.iter().map(|(key, held)| (*key, *held))) {
            let Some(known) = self.known(key) else {
                continue;
            };
            match held {
                Held::Credentials(credentials) => {
                    stored
                        .sessions
                        .extend(StoredSession::of(known, credentials));
                }
                // What another program signed in to is that program's to keep.
                Held::Portal(session) if session.client.is_none() => {}
                Held::Portal(session) => stored.portals.push(StoredSignIn::of(known, session)),
                Held::Console(session) => {
                    stored
                        .console_logins
                        .extend(StoredConsoleLogin::of(known, session));
                }
            }
        }
        for (portal, client) in self.portals.clients() {
            stored.clients.push(StoredClient::of(portal, client));
        }
        for (portal, limit) in self.portals.limits() {
            stored.portal_limits.push(StoredLimit::of(portal, limit));
        }
        let codes = self.ledger.answered(now);
        let codes = codes.map(|(serial, code)| StoredCode::of(serial, code));
        stored.answered_codes.extend(codes);
        stored.encode()
    }

    /// What is kept of a session besides what it holds.
    fn known(&self, key: &SessionKey) -> Option<Known> {
        let session = self.engine.session(key)?;
        Some(Known {
            chain: self.chain_to(key)?,
            profiles: session.profiles.iter().cloned().collect(),
            last_used: session.last_used,
        })
    }

    /// The chain that ends at a session.
    pub(in super::super) fn chain_to(&self, key: &SessionKey) -> Option<Chain> {
        let session = self.engine.session(key)?;
        Some(Chain {
            profile: String::new(),
            region: session.node.region.clone(),
            endpoint: session.node.endpoint.clone(),
            source: session.source.clone(),
            steps: self.engine.steps_to(key)?,
            problems: Vec::new(),
        })
    }
}
