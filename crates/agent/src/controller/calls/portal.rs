//! Portals of IAM Identity Center: renewing the token silently, and credentials of roles.

use super::super::Controller;
use super::signing::source_unavailable;
use super::{Brought, Running};
use crate::vault::{Held, PortalSession};
use holdfast_core::chain::{SessionKey, Source, Step};
use holdfast_core::engine::{Call, Opened, Session, Signer};
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{Aws, CreateToken, Grant};
use holdfast_core::sso::Portal;
use holdfast_core::time::Timestamp;
use std::sync::Arc;

impl<S: Aws> Controller<S> {
    /// Exchanges the refresh token for the next token.
    pub(super) fn portal_refresh_call(&mut self, call: Call) -> Running {
        let held = self.vault.portal(&call.key);
        let aws = Arc::clone(&self.aws);
        let clock = Arc::clone(&self.clock);
        Box::pin(async move {
            let Source::Portal { portal, .. } = &call.source else {
                return Err(signed_out(call.source.profile()));
            };
            let held = held.ok_or_else(|| signed_out(portal.title()))?;
            let (Some(client), Some(refresh_token)) = (&held.client, &held.token.refresh_token)
            else {
                return Err(signed_out(portal.title()));
            };
            let request = CreateToken {
                portal,
                client,
                grant: Grant::RefreshToken(refresh_token.clone()),
            };
            let token = aws.create_token(request).await?;
            Ok(Brought::portal(held.renewed(token, clock.now())))
        })
    }

    /// Fetches the credentials of a role with the portal's token.
    pub(super) fn role_credentials_call(&mut self, call: Call) -> Running {
        let held = match &call.signer {
            Signer::Session(key) => self.vault.portal(key),
            Signer::Source => None,
        };
        let aws = Arc::clone(&self.aws);
        Box::pin(async move {
            let (
                Source::Portal { portal, .. },
                Step::GetRoleCredentials {
                    account_id,
                    role_name,
                },
            ) = (&call.source, &call.step)
            else {
                return Err(signed_out(call.source.profile()));
            };
            let held = held.ok_or_else(|| signed_out(portal.title()))?;
            let token = &held.token.access_token;
            let credentials = aws
                .get_role_credentials(portal, token, account_id, role_name)
                .await?;
            Brought::credentials(credentials)
        })
    }

    /// Takes over what a sign-in or its renewal brought, and learns from it how long sessions of this portal last.
    pub(super) fn portal_brought(&mut self, key: &SessionKey, session: &PortalSession) -> Opened {
        let now = self.now();
        let portal = self.portal_of(key);
        if let Some(portal) = &portal {
            let limit = self.portals.limit_mut(portal);
            match session.ends_at {
                Some(end) => limit.ends_at(end.seconds_since(session.signed_in_at)),
                None => limit.goes_on_at(now.seconds_since(session.signed_in_at)),
            }
        }
        self.opened_by(portal.as_ref(), session)
    }

    /// What the engine has to know of a sign-in of before.
    pub(in super::super) fn opened_of(&self, session: &Session, held: &PortalSession) -> Opened {
        self.opened_by(session.source.portal(), held)
    }

    /// What the engine has to know of a sign-in to this portal.
    fn opened_by(&self, portal: Option<&Portal>, session: &PortalSession) -> Opened {
        let lasts = portal.and_then(|portal| self.portals.limit(portal).lasts_seconds);
        let learned = lasts.map(|lasts| session.signed_in_at.plus_seconds(lasts.into()));
        Opened {
            expires_at: session.token.expires_at,
            refreshable: session.is_refreshable(),
            sign_in_ends_at: session
                .ends_at
                .or(learned)
                .filter(|end| *end > self.now() && session.is_refreshable()),
        }
    }

    /// AWS did not go on with a portal session: learns from it how long they last.
    pub(super) fn portal_refused(&mut self, key: &SessionKey, failure: &Failure) {
        let Some((portal, session)) = self.portal_of(key).zip(self.vault.portal(key)) else {
            return;
        };
        if failure.kind == FailureKind::SessionEnded {
            let age = |at: Timestamp| at.seconds_since(session.signed_in_at);
            let (alive, over) = (age(session.given_at), age(self.now()));
            self.portals.limit_mut(&portal).ended_between(alive, over);
            self.save();
        }
    }

    /// The portal that a session is a sign-in to.
    pub(in super::super) fn portal_of(&self, key: &SessionKey) -> Option<Portal> {
        let session = self.engine.session(key)?;
        let portal = session.source.portal()?;
        (session.node.step == Step::SignIn).then(|| portal.clone())
    }
}

impl Brought {
    /// A sign-in to a portal. How long it lasts is learned when it is taken over.
    pub(in super::super) fn portal(session: PortalSession) -> Self {
        Self {
            opened: Opened::until(session.token.expires_at),
            held: Held::Portal(Arc::new(session)),
        }
    }
}

fn signed_out(title: &str) -> Failure {
    source_unavailable(format!("the sign-in to {title} is not there any more"))
}
