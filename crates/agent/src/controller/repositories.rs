//! The CodeCommit repositories that profiles can list, kept for whoever asks next, also after a restart.
//!
//! Whoever asks is told what is known at once. When that is old, AWS is asked behind it, without a person, and everybody
//! who listens is told when it is different.

mod create;
mod lists;
mod place;
mod stored;

pub(super) use create::{Created, NewRepository};
pub(super) use lists::ListKey;

use super::Controller;
use super::beside::Kept;
use super::calls::reached_aws;
use super::requests::{Asked, Want};
use super::tasks::Done;
use super::throttle::Throttle;
use crate::explain;
use crate::listener::{Caller, ReplySender};
use holdfast_agent_proto::{AgentError, Event, Reply};
use holdfast_codecommit::Region;
use holdfast_core::chain::Chain;
use holdfast_core::credentials::Credentials;
use holdfast_core::engine::Interaction;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{Aws, ListRepositories};
use holdfast_core::repository::Repository;
use holdfast_keychain::SealedStore;
use lists::{Known, Lists};
use place::{region_of, view};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Repositories in one frame; with the longest descriptions it stays under the limit.
const PAGE: usize = 100;

/// A list that is older is asked for anew when somebody looks at it, in seconds.
const FRESH: i64 = 300;

/// How often AWS is asked for one list while it says that this is too often.
const TRIES: u32 = 3;

/// Everything that is known of repositories.
pub(super) struct Repositories {
    store: SealedStore,
    /// What was stored is in `lists`.
    is_loaded: bool,
    saving: bool,
    unsaved: bool,
    lists: Lists,
    /// AWS counts calls by account and Region.
    throttles: HashMap<(String, Region), Throttle>,
}

/// One question to CodeCommit.
struct Question {
    key: ListKey,
    profile: String,
    chain: Arc<Chain>,
    credentials: Arc<Credentials>,
    tries: u32,
}

/// CodeCommit has answered.
pub(super) struct Listed {
    question: Question,
    result: Result<Vec<Repository>, Failure>,
}

impl Repositories {
    /// Nothing yet; what was stored lies beside the file of the sessions.
    pub(super) fn beside(sessions: &Path) -> Self {
        Self {
            store: Kept::Repositories.store(sessions),
            is_loaded: false,
            saving: false,
            unsaved: false,
            lists: Lists::default(),
            throttles: HashMap::new(),
        }
    }
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
        self.load_repositories();
        let key = ListKey::of(&asked.chain, region);
        let known = self.repositories.lists.known(&key).filter(|_| !refresh);
        let Some(known) = known else {
            return self.queue(asked, Want::Repositories(key), Interaction::Never, 0);
        };
        let Asked {
            caller,
            profile,
            chain,
            replies,
        } = asked;
        self.tell_repositories(replies, &known);
        if self.now().seconds_since(known.fetched_at) > FRESH {
            let behind = Asked {
                caller,
                profile,
                chain,
                replies: ReplySender::nobody(),
            };
            self.queue(behind, Want::RepositoriesBehind(key), Interaction::Never, 0);
        }
    }

    /// Asks CodeCommit, now that there are credentials, unless it is being asked already.
    pub(super) fn list_repositories(
        &mut self,
        asked: Asked,
        key: ListKey,
        credentials: &Arc<Credentials>,
    ) {
        let question = Question {
            key,
            profile: asked.profile.clone(),
            chain: Arc::clone(&asked.chain),
            credentials: Arc::clone(credentials),
            tries: 1,
        };
        if self.repositories.lists.wait(&question.key, asked) {
            self.ask_codecommit(question);
        }
    }

    /// Asks when it is time to.
    fn ask_codecommit(&mut self, question: Question) {
        let delay = self.throttle(&question).reserve(Instant::now());
        let request = ListRepositories {
            region: question.key.region.as_str().to_owned(),
            endpoint: question.chain.endpoint.clone(),
        };
        let aws = Arc::clone(&self.aws);
        self.tasks.spawn(async move {
            tokio::time::sleep(delay).await;
            let result = aws.list_repositories(&question.credentials, request).await;
            Done::Repositories(Box::new(Listed { question, result }))
        });
    }

    fn throttle(&mut self, question: &Question) -> &mut Throttle {
        let account = question.chain.account_id().map(str::to_owned);
        let account = account.unwrap_or_else(|| question.key.session().to_owned());
        let place = (account, question.key.region.clone());
        self.repositories.throttles.entry(place).or_default()
    }

    pub(super) fn repositories_listed(&mut self, listed: Listed) {
        let Listed { question, result } = listed;
        if let Some(online) = reached_aws(&result) {
            self.online = Some(online);
        }
        match result {
            Ok(repositories) => {
                self.throttle(&question).answered();
                self.learn_repositories(&question, repositories);
            }
            Err(failure) if failure.kind == FailureKind::Throttled => {
                self.slow_down(question, &failure);
            }
            Err(failure) => self.not_listed(&question, &failure),
        }
    }

    /// AWS asked to slow down: it is asked again after a while, a few times.
    fn slow_down(&mut self, mut question: Question, failure: &Failure) {
        let asked = failure.retry_at.map(|at| at.seconds_since(self.now()));
        let asked = asked.map(|seconds| Duration::from_secs(seconds.try_into().unwrap_or(0)));
        self.throttle(&question).slow_down(asked, Instant::now());
        if question.tries >= TRIES || self.engine.is_locked() {
            return self.not_listed(&question, failure);
        }
        question.tries += 1;
        self.ask_codecommit(question);
    }

    fn learn_repositories(&mut self, question: &Question, repositories: Vec<Repository>) {
        let Question {
            key,
            profile,
            chain,
            ..
        } = question;
        let views = repositories.into_iter();
        let known = Known {
            repositories: views.map(|it| view(it, chain, &key.region)).collect(),
            fetched_at: self.now(),
        };
        let (waiting, changed) = self.repositories.lists.learned(key, &known);
        for asked in waiting {
            self.tell_repositories(asked.replies, &known);
        }
        if changed {
            self.tell_repositories_changed(profile, key);
        }
        self.save_repositories();
    }

    fn not_listed(&mut self, question: &Question, failure: &Failure) {
        for asked in self.repositories.lists.failed(&question.key) {
            self.session_refused(&asked, failure);
            let told = refused(failure, &asked.profile);
            asked.replies.error(told);
        }
    }

    /// What accounts hold is nobody's business while locked.
    pub(super) fn forget_repositories(&mut self) {
        self.repositories.is_loaded = false;
        for asked in std::mem::take(&mut self.repositories.lists).into_waiting() {
            asked.replies.error(explain::locked());
        }
    }

    fn tell_repositories_changed(&mut self, profile: &str, key: &ListKey) {
        self.tell(&Event::RepositoriesChanged {
            profile: profile.to_owned(),
            region: key.region.as_str().to_owned(),
        });
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

fn refused(failure: &Failure, profile: &str) -> AgentError {
    let mut told = explain::failure(failure, profile);
    if failure.kind == FailureKind::Denied {
        told.hints =
            vec!["ask for a policy that allows codecommit:ListRepositories on *".to_owned()];
    }
    told
}
