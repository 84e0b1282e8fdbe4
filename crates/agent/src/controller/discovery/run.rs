//! The calls of a listing: a few at a time, each at the time that the throttle gives it.

use super::super::Controller;
use super::super::calls::reached_aws;
use super::super::tasks::Done;
use super::inventory::Question;
use crate::explain;
use crate::portals::PortalId;
use holdfast_core::engine::Event;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{AccountPage, Aws, RolePage, SsoPortal};
use holdfast_core::sso::Portal;
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Calls of one listing at the same time: enough to keep up with the throttle when each takes a while.
const CALLS: usize = 4;

/// After so many accounts, what is known is stored.
const SAVE_AFTER: usize = 200;

/// A portal has answered a question.
pub(in super::super) struct Discovered {
    id: PortalId,
    question: Question,
    result: Result<Answer, Failure>,
}

enum Answer {
    Accounts(AccountPage),
    Roles(RolePage),
}

impl<S: Aws> Controller<S> {
    /// Asks on, as long as somebody waits.
    pub(super) fn go_on(&mut self, id: &PortalId) {
        while let Some(call) = self.next_call(id) {
            self.tasks.spawn(call);
        }
    }

    fn next_call(&mut self, id: &PortalId) -> Option<impl Future<Output = Done> + Send + use<S>> {
        let listing = self.discovery.listings.get_mut(id)?;
        let waiting = listing.waiting.first()?;
        if listing.calls >= CALLS {
            return None;
        }
        let token = self.vault.portal(&waiting.key)?;
        let portal = waiting.asked.chain.source.portal()?.clone();
        let roles = listing.waiting.iter().any(|waiting| waiting.roles);
        let question = listing.inventory.next_question(roles)?;
        listing.calls += 1;
        let delay = self.discovery.throttle.reserve(Instant::now());
        let (aws, id) = (Arc::clone(&self.aws), id.clone());
        Some(async move {
            tokio::time::sleep(delay).await;
            let result = ask(&*aws, &portal, &token.token.access_token, &question).await;
            Done::Discovered(Box::new(Discovered {
                id,
                question,
                result,
            }))
        })
    }

    /// A portal has answered.
    pub(in super::super) fn discovered(&mut self, discovered: Discovered) {
        let Discovered {
            id,
            question,
            result,
        } = discovered;
        if let Some(online) = reached_aws(&result) {
            self.online = Some(online);
        }
        let Some(listing) = self.discovery.listings.get_mut(&id) else {
            return;
        };
        listing.calls = listing.calls.saturating_sub(1);
        match (result, question) {
            (Ok(Answer::Accounts(page)), _) => {
                listing.unsaved += page.accounts.len();
                listing.inventory.accounts_came(page);
            }
            (Ok(Answer::Roles(page)), Question::Roles { account_id, so_far }) => {
                let is_known = listing.inventory.roles_came(&account_id, so_far, page);
                listing.unsaved += usize::from(is_known);
            }
            (Ok(Answer::Roles(_)), Question::Accounts { .. }) => {}
            (Err(failure), question) => return self.not_discovered(&id, question, &failure),
        }
        self.discovery.throttle.answered();
        self.tell_progress(&id);
        self.go_on(&id);
        let listing = self.discovery.listings.get(&id);
        if listing.is_some_and(|it| it.waiting.is_empty() || it.unsaved >= SAVE_AFTER) {
            self.save_listings();
        }
    }

    /// A question was not answered: waits when AWS asks for that, begins anew when its place in the list is not known
    /// any more, and otherwise tells everybody why it does not go on.
    fn not_discovered(&mut self, id: &PortalId, question: Question, failure: &Failure) {
        let now = self.now();
        let Some(listing) = self.discovery.listings.get_mut(id) else {
            return;
        };
        let is_old_token =
            failure.kind == FailureKind::InvalidRequest && question.has_token() && failure.answered;
        listing.inventory.ask_again(question, is_old_token);
        if failure.kind == FailureKind::Throttled {
            let asked = failure.retry_at.map(|at| at.seconds_since(now));
            let asked = asked.map(|seconds| Duration::from_secs(seconds.try_into().unwrap_or(0)));
            self.discovery.throttle.slow_down(asked, Instant::now());
            return self.go_on(id);
        }
        if is_old_token {
            return self.go_on(id);
        }
        let waiting = std::mem::take(&mut listing.waiting);
        if failure.kind == FailureKind::SessionEnded
            && let Some(first) = waiting.first()
        {
            let key = first.key.clone();
            self.step(Event::Rejected { key });
        }
        for waiting in waiting {
            let told = explain::failure_of(failure, &waiting.asked.chain);
            waiting.asked.replies.error(told);
        }
        self.save_listings();
    }
}

impl Question {
    /// Whether it names a place in a list that AWS may have forgotten.
    fn has_token(&self) -> bool {
        match self {
            Self::Accounts { next_token } => next_token.is_some(),
            Self::Roles { so_far, .. } => so_far.next_token().is_some(),
        }
    }
}

async fn ask<S: SsoPortal>(
    aws: &S,
    portal: &Portal,
    token: &SecretString,
    question: &Question,
) -> Result<Answer, Failure> {
    match question {
        Question::Accounts { next_token } => {
            let page = aws.list_accounts(portal, token, next_token.clone()).await?;
            Ok(Answer::Accounts(page))
        }
        Question::Roles { account_id, so_far } => {
            let next_token = so_far.next_token();
            let page = aws
                .list_account_roles(portal, token, account_id, next_token)
                .await?;
            Ok(Answer::Roles(page))
        }
    }
}
