//! What a session becomes for whoever waited for it: a git password, credentials, or the next call to AWS.

use super::Controller;
use super::requests::{Asked, Pending, Want};
use crate::explain;
use holdfast_agent_proto::view::ActivityKind;
use holdfast_agent_proto::{AgentError, ErrorCode, Reply};
use holdfast_codecommit::RepositoryAddress;
use holdfast_codecommit_sign::{
    PASSWORD_LIFETIME_SECONDS, SigningCredentials, SigningTarget, git_password,
};
use holdfast_core::credentials::Credentials;
use holdfast_core::engine::{Route, WaiterId};
use holdfast_core::failure::Failure;
use holdfast_core::port::Aws;
use std::sync::Arc;

/// How much earlier than CodeCommit ends a password git is told that it ends, in seconds.
const PASSWORD_MARGIN_SECONDS: i64 = 60;

impl<S: Aws> Controller<S> {
    /// A key that a profile uses as it is was read.
    pub(super) fn access_key_read(
        &mut self,
        waiter: WaiterId,
        result: Result<Arc<Credentials>, Failure>,
    ) {
        let Some(pending) = self.pending.remove(&waiter) else {
            return;
        };
        match result {
            _ if self.engine.is_locked() => self.tell_refused(pending, explain::locked()),
            Ok(credentials) => self.answer(pending, &credentials),
            Err(failure) => {
                let told = explain::failure(&failure, &pending.asked.profile);
                self.tell_refused(pending, told);
            }
        }
    }

    pub(super) fn answer(&mut self, pending: Pending, credentials: &Arc<Credentials>) {
        let Pending { asked, want } = pending;
        let answer = match want {
            Want::GitPassword(address) => {
                let route = Route::of(&asked.chain);
                if let Some(node) = route.as_ref().and_then(|route| route.nodes.last()) {
                    self.signed.insert(address.https_url(), node.key.clone());
                }
                let answer = self.git_credential(&address, credentials);
                self.note_served(ActivityKind::GitCredential, &asked, Some(&address), &answer);
                answer
            }
            Want::Credentials => {
                let answer = Ok(self.credentials(&asked, credentials));
                self.note_served(ActivityKind::Credentials, &asked, None, &answer);
                answer
            }
            Want::SignIn { .. } | Want::SsoAccounts(_) => Ok(Reply::Done),
            Want::SignedIn(key) => {
                let answer = self.logged_in(&key, &asked);
                return self.finish_when_saved(asked.replies, answer);
            }
            Want::ConsoleLink(wish) => return self.make_console_link(asked, *wish, credentials),
            Want::Repositories(key) | Want::RepositoriesBehind(key) => {
                return self.list_repositories(asked, key, credentials);
            }
            Want::CreateRepository(wish) => {
                return self.make_repository(asked, *wish, credentials);
            }
        };
        asked.replies.finish(answer);
    }

    fn git_credential(
        &self,
        address: &RepositoryAddress,
        credentials: &Credentials,
    ) -> Result<Reply, AgentError> {
        let now = self.now();
        let signer = SigningCredentials {
            access_key_id: &credentials.access_key_id,
            secret_access_key: &credentials.secret_access_key,
            session_token: credentials.session_token.as_ref(),
        };
        let target = SigningTarget {
            host: address.host().as_typed(),
            path: address.path(),
            region: address.region().as_str(),
        };
        let made = git_password(signer, target, now.unix_seconds())
            .map_err(|error| AgentError::new(ErrorCode::ClockSkew, error.to_string()))?;
        let lifetime = i64::from(PASSWORD_LIFETIME_SECONDS) - PASSWORD_MARGIN_SECONDS;
        let ends = now.plus_seconds(lifetime);
        let ends = credentials
            .expires_at
            .map_or(ends, |expires_at| ends.min(expires_at));
        Ok(Reply::GitCredential {
            username: made.username,
            password: made.password,
            expires_at: self.clock.localize(ends).unix_seconds(),
        })
    }

    fn credentials(&self, asked: &Asked, credentials: &Credentials) -> Reply {
        let region = asked.chain.region.clone();
        Reply::Credentials {
            access_key_id: credentials.access_key_id.clone(),
            secret_access_key: credentials.secret_access_key.clone(),
            session_token: credentials.session_token.clone(),
            expires_at: credentials
                .expires_at
                .map(|at| self.clock.localize(at).unix_seconds()),
            region: region.or_else(|| asked.caller.context.region.clone()),
            account_id: asked.chain.account_id().map(str::to_owned),
        }
    }
}
