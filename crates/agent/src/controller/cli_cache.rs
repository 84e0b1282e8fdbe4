//! Living beside the AWS CLI, where the settings of a portal say so: a token that it has counts as a sign-in, and an
//! access token of ours is put where it looks. Nothing else of its cache is ever touched.

use super::Controller;
use super::tasks::Done;
use crate::launcher::{CacheOrder, Caches, LauncherError};
use crate::vault::{Held, PortalSession};
use holdfast_aws_files::sso::normalized_start_url;
use holdfast_aws_files::sso_cache::{self, CachedToken};
use holdfast_core::chain::{Chain, SessionKey, Source, Step};
use holdfast_core::engine::{Event, Opened, Route, SERVE_MARGIN_SECONDS, Session};
use holdfast_core::port::{Aws, PortalToken};
use holdfast_core::sso::Portal;
use holdfast_core::time::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The launcher was told to change the AWS CLI's cache.
pub(super) struct Cached {
    portal: String,
    result: Result<bool, LauncherError>,
}

impl<S: Aws> Controller<S> {
    /// Before somebody is asked to sign in: a token that the AWS CLI has will do, where the settings say so.
    pub(super) fn accept_cli_token(&mut self, chain: &Chain) {
        let (Source::Portal { portal, .. }, Some(Step::SignIn)) =
            (&chain.source, chain.steps.first())
        else {
            return;
        };
        let settings = self.preferences.settings().portal(&portal.start_url);
        if !settings.accept_aws_cli_token || self.engine.is_locked() {
            return;
        }
        let Some(route) = Route::of(chain) else {
            return;
        };
        let key = &route.nodes[0].key;
        let is_open = |session: &Session| {
            session.refreshable() || session.expires_at().is_some_and(|end| end > self.now())
        };
        if self.engine.session(key).is_some_and(is_open) {
            return;
        }
        let Some(token) = self.cli_token(portal) else {
            return;
        };
        let key = key.clone();
        let session = Session::absent(&route, 0);
        let opened = Opened::until(token.expires_at);
        let held = PortalSession::new(token, None, self.now());
        self.vault.insert(key, Held::Portal(Arc::new(held)));
        self.step(Event::Restored {
            session: Box::new(session),
            opened,
        });
    }

    /// The token of this portal that the AWS CLI has and that is good for a while.
    fn cli_token(&self, portal: &Portal) -> Option<PortalToken> {
        let caches = Caches::from_env();
        let names = self.files.names_of(portal);
        let mut files = names.iter().filter_map(|name| caches.sso_file(name));
        files.find_map(|file| {
            let token = match sso_cache::read(&file) {
                Ok(token) => token?,
                Err(error) => {
                    // Half written by its owner, or not the AWS CLI's at all: the person can sign in.
                    tracing::info!(%error, "a token of the AWS CLI is not taken");
                    return None;
                }
            };
            self.usable(token, portal)
        })
    }

    fn usable(&self, token: CachedToken, portal: &Portal) -> Option<PortalToken> {
        let start_url = normalized_start_url(token.start_url.as_deref()?).ok()?;
        let is_same = start_url == portal.start_url
            && token.region.as_deref() == Some(portal.region.as_str());
        let now = self.now();
        let ends_in =
            Timestamp::from_unix_seconds(token.expires_at).seconds_since(self.clock.localize(now));
        (is_same && ends_in > SERVE_MARGIN_SECONDS).then(|| PortalToken {
            access_token: token.access_token,
            refresh_token: None,
            expires_at: now.plus_seconds(ends_in),
        })
    }

    /// A session has a new token: puts it where the AWS CLI looks, where the settings say so.
    pub(super) fn publish_token(&mut self, key: &SessionKey) {
        let Some((portal, session)) = self.published(key) else {
            return;
        };
        let expires_at = self.clock.localize(session.token.expires_at).unix_seconds();
        let now = self.clock.localize(self.now()).unix_seconds();
        for of in self.cache_names(&portal) {
            let order = CacheOrder::PublishToken {
                of,
                start_url: portal.start_url.clone(),
                region: portal.region.clone(),
                access_token: session.token.access_token.clone(),
                expires_at,
                now,
            };
            self.order(&portal, order);
        }
    }

    /// A session's token is forgotten here: takes it away where it was put.
    pub(super) fn withdraw_token(&mut self, key: &SessionKey) {
        let Some((portal, session)) = self.published(key) else {
            return;
        };
        for of in self.cache_names(&portal) {
            let access_token = session.token.access_token.clone();
            self.order(&portal, CacheOrder::WithdrawToken { of, access_token });
        }
    }

    /// The names under which the AWS CLI caches a portal's token. The files that say so may be forgotten meanwhile.
    fn cache_names(&mut self, portal: &Portal) -> BTreeSet<String> {
        let known = self.portals.names_mut(portal);
        let now = self.files.names_of(portal);
        if !now.is_empty() {
            *known = now;
        }
        known.clone()
    }

    /// A sign-in of ours to a portal whose token is to be published.
    fn published(&self, key: &SessionKey) -> Option<(Portal, Arc<PortalSession>)> {
        let (portal, session) = self.portal_of(key).zip(self.vault.portal(key))?;
        let settings = self.preferences.settings().portal(&portal.start_url);
        (settings.publish_token && session.client.is_some()).then_some((portal, session))
    }

    fn order(&mut self, portal: &Portal, order: CacheOrder) {
        let launcher = self.launcher.clone();
        let portal = portal.title().to_owned();
        self.tasks.spawn(async move {
            let result = launcher.cache(order).await;
            Done::Cached(Cached { portal, result })
        });
    }

    pub(super) fn cached(&mut self, cached: Cached) {
        let portal = cached.portal;
        match cached.result {
            Ok(true) => tracing::debug!(portal, "the AWS CLI's cache is as it should be"),
            Ok(false) => {
                tracing::info!(
                    portal,
                    "the AWS CLI has a sign-in of its own, which is left alone"
                )
            }
            Err(error) => tracing::warn!(portal, %error, "the AWS CLI's cache was not changed"),
        }
    }
}
