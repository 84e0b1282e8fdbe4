//! The search: one at a time, on a thread of its own, paused by the person and taken up again.

use super::{Collected, DiscoveryPage, DiscoveryPhase, PortalName, WrittenRole};
use crate::agent::Agent;
use crate::page::Trouble;
use holdfast_agent_proto::{ClientError, ErrorCode, Request};
use holdfast_setup::discovery::written;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What one window searches for. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Discovery(Arc<Mutex<Search>>);

#[derive(Debug, Default)]
struct Search {
    portal: PortalName,
    known: Collected,
    /// Which search is the present one. One whose number is another goes on no longer.
    number: u64,
}

impl Discovery {
    /// Begins a search, or takes one up again; `changed` is called whenever there is more to show. With `refresh`,
    /// AWS is asked again for what is known.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        &self,
        agent: &Agent,
        portal: PortalName,
        refresh: bool,
        changed: impl Fn() + Send + 'static,
    ) -> Result<(), Trouble> {
        let number = {
            let mut search = self.lock();
            let is_other = search.portal != portal;
            search.known.begin(refresh || is_other);
            search.portal = portal.clone();
            search.number += 1;
            search.number
        };
        let (search, agent) = (self.clone(), agent.clone());
        let run = move || {
            search.run(&agent, portal, refresh, number, &changed);
            changed();
        };
        std::thread::Builder::new()
            .name("discovery".to_owned())
            .spawn(run)
            .map(|_| ())
            .map_err(|error| Trouble::new(format!("the search cannot be started: {error}")))
    }

    /// Stops asking; what is known is kept.
    pub fn pause(&self) {
        let mut search = self.lock();
        search.number += 1;
        search.known.end(DiscoveryPhase::Paused, None);
    }

    /// What to show, with the accounts from a number on.
    ///
    /// # Errors
    /// When the AWS files cannot be read.
    pub fn page(&self, agent: &Agent, from: usize) -> Result<DiscoveryPage, Trouble> {
        let written = self.written(agent)?;
        Ok(self.lock().known.page(from, written))
    }

    /// Roles of the portal that have a profile in Holdfast's block.
    pub(super) fn written(&self, agent: &Agent) -> Result<Vec<WrittenRole>, Trouble> {
        let portal = self.lock().portal.clone();
        let of_portal = written(agent.context())?.into_iter().filter(|it| {
            let url = it.start_url.as_deref().unwrap_or_default();
            url.trim_end_matches(['/', '#']) == portal.start_url.trim_end_matches(['/', '#'])
        });
        let roles = of_portal.map(|it| WrittenRole {
            account_id: it.account_id,
            role_name: it.role_name,
            profile: it.name,
        });
        Ok(roles.collect())
    }

    /// Looks at what is known.
    pub(super) fn with<T>(&self, look: impl FnOnce(&Collected) -> T) -> T {
        look(&self.lock().known)
    }

    fn run(
        &self,
        agent: &Agent,
        portal: PortalName,
        refresh: bool,
        number: u64,
        changed: &impl Fn(),
    ) {
        let request = Request::SsoAccounts {
            start_url: portal.start_url,
            region: portal.region,
            roles: true,
            refresh,
        };
        let outcome = agent.sso_accounts(request, |part| {
            let mut search = self.lock();
            if search.number != number {
                return ControlFlow::Break(());
            }
            search.known.take(part);
            drop(search);
            changed();
            ControlFlow::Continue(())
        });
        let mut search = self.lock();
        if search.number == number {
            let (phase, trouble) = match outcome {
                Ok(()) => (DiscoveryPhase::Done, None),
                Err(error) => ended(error),
            };
            search.known.end(phase, trouble);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Search> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn ended(error: ClientError) -> (DiscoveryPhase, Option<Trouble>) {
    let needs_person = matches!(
        error.refused_for(),
        Some(ErrorCode::SignInRequired | ErrorCode::SessionRevoked)
    );
    match needs_person {
        true => (DiscoveryPhase::SignedOut, None),
        false => (DiscoveryPhase::Failed, Some(error.into())),
    }
}
