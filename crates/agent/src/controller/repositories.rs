//! The CodeCommit repositories that a profile can list, kept for whoever asks next.

mod lists;

pub(super) use lists::{ListKey, Lists};

use super::Controller;
use super::calls::reached_aws;
use super::requests::{Asked, Want};
use super::tasks::Done;
use crate::explain;
use crate::listener::{Caller, ReplySender};
use holdfast_agent_proto::view::RepositoryView;
use holdfast_agent_proto::{AgentError, ErrorCode, Reply};
use holdfast_codecommit::{GitHost, Region};
use holdfast_core::chain::Chain;
use holdfast_core::credentials::Credentials;
use holdfast_core::engine::Interaction;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{Aws, ListRepositories};
use holdfast_core::repository::Repository;
use lists::Known;
use std::sync::Arc;

/// Repositories in one frame; with the longest descriptions it stays under the limit.
const PAGE: usize = 100;

/// CodeCommit has answered.
pub(super) struct Listed {
    key: ListKey,
    chain: Arc<Chain>,
    result: Result<Vec<Repository>, Failure>,
}

impl<S: Aws> Controller<S> {
    /// The repositories of one Region, from AWS when asked to or when they are not known yet.
    pub(super) fn repositories(
        &mut self,
        caller: &Arc<Caller>,
        profile: String,
        region: Option<String>,
        refresh: bool,
        replies: ReplySender,
    ) {
        let Some(asked) = self.asked(caller, profile, replies) else {
            return;
        };
        if self.engine.is_locked() {
            return asked.replies.error(explain::locked());
        }
        let callers = caller.context.region.as_deref();
        let region = match region_of(&asked.chain, region.as_deref(), callers) {
            Ok(region) => region,
            Err(error) => return asked.replies.error(error.profile(&asked.profile)),
        };
        let key = ListKey::of(&asked.chain, region);
        match self.lists.known(&key).filter(|_| !refresh) {
            Some(known) => self.tell_repositories(asked.replies, &known),
            None => self.queue(asked, Want::Repositories(key), Interaction::Never, 0),
        }
    }

    /// Asks CodeCommit, now that there are credentials, unless it is being asked already.
    pub(super) fn list_repositories(
        &mut self,
        asked: Asked,
        key: ListKey,
        credentials: &Arc<Credentials>,
    ) {
        let chain = Arc::clone(&asked.chain);
        if !self.lists.wait(&key, asked) {
            return;
        }
        let request = ListRepositories {
            region: key.region.as_str().to_owned(),
            endpoint: chain.endpoint.clone(),
        };
        let (aws, credentials) = (Arc::clone(&self.aws), Arc::clone(credentials));
        self.tasks.spawn(async move {
            Done::Repositories(Box::new(Listed {
                result: aws.list_repositories(&credentials, request).await,
                key,
                chain,
            }))
        });
    }

    pub(super) fn repositories_listed(&mut self, listed: Listed) {
        let Listed { key, chain, result } = listed;
        if let Some(online) = reached_aws(&result) {
            self.online = Some(online);
        }
        let result = result.map(|repositories| {
            let views = repositories
                .into_iter()
                .map(|repository| view(repository, &chain, &key.region));
            Known {
                repositories: views.collect(),
                fetched_at: self.now(),
            }
        });
        for asked in self.lists.answered(&key, result.as_ref().ok()) {
            match &result {
                Ok(known) => self.tell_repositories(asked.replies, known),
                Err(failure) => {
                    self.session_refused(&asked, failure);
                    let told = refused(failure, &asked.profile);
                    asked.replies.error(told);
                }
            }
        }
    }

    /// What accounts hold is nobody's business while locked.
    pub(super) fn forget_repositories(&mut self) {
        for asked in std::mem::take(&mut self.lists).into_waiting() {
            asked.replies.error(explain::locked());
        }
    }

    fn tell_repositories(&self, mut replies: ReplySender, known: &Known) {
        let fetched_at = self.clock.localize(known.fetched_at).unix_seconds();
        let mut pages = known.repositories.chunks(PAGE).peekable();
        loop {
            let page = pages.next().unwrap_or_default();
            let more = pages.peek().is_some();
            let reply = Reply::Repositories {
                repositories: page.to_vec(),
                fetched_at,
                more,
            };
            if !more {
                return replies.reply(reply);
            }
            replies.part(reply);
        }
    }
}

/// The Region that is asked for, else the profile's, else the caller's.
fn region_of(
    chain: &Chain,
    asked: Option<&str>,
    callers: Option<&str>,
) -> Result<Region, AgentError> {
    let profile = &chain.profile;
    let name = asked.or(chain.region.as_deref()).or(callers);
    let name = name.ok_or_else(|| {
        let message = format!("profile {profile} has no region to list repositories in");
        AgentError::new(ErrorCode::Misconfigured, message)
            .hint("set region in the profile, or name one")
    })?;
    Region::parse(name).map_err(|_| {
        let whose = if asked.is_some() {
            "the region that was asked for".to_owned()
        } else {
            format!("the region of profile {profile}")
        };
        let message = format!("{whose} is not a name that AWS gives");
        AgentError::new(ErrorCode::Misconfigured, message).hint("write it like eu-west-1")
    })
}

fn view(repository: Repository, chain: &Chain, region: &Region) -> RepositoryView {
    let fips = chain.endpoint.get("use_fips_endpoint");
    let host = if fips.is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        GitHost::public_fips(region.clone())
    } else {
        GitHost::public(region.clone())
    };
    let account = repository.account_id;
    let account = account.or_else(|| chain.account_id().map(str::to_owned));
    RepositoryView {
        name: repository.name,
        description: repository.description,
        default_branch: repository.default_branch,
        last_modified: repository.last_modified.map(|at| at.unix_seconds()),
        region: region.as_str().to_owned(),
        account_id: account.unwrap_or_default(),
        host: host.to_string(),
    }
}

fn refused(failure: &Failure, profile: &str) -> AgentError {
    let mut told = explain::failure(failure, profile);
    if failure.kind == FailureKind::Denied {
        told.hints =
            vec!["ask for a policy that allows codecommit:ListRepositories on *".to_owned()];
    }
    told
}
