//! What clients ask: checked, resolved to a route, and handed to the engine or answered at once.

use super::discovery::Wish;
use super::endpoint::Wanted;
use super::repositories::{ListKey, NewRepository};
use super::surroundings::Surroundings;
use super::which_profile::GitWish;
use super::{Controller, Subscriber};
use crate::explain;
use crate::listener::{Caller, ReplySender};
use crate::profiles::ProfileFiles;
use holdfast_agent_proto::view::ActivityKind;
use holdfast_agent_proto::{AgentError, ErrorCode, Interaction as Reach, Reply, Request};
use holdfast_codecommit::RepositoryAddress;
use holdfast_core::chain::{Chain, SessionKey};
use holdfast_core::engine::{Event, Interaction, Route};
use holdfast_core::port::{Aws, ConsoleSignIn};
use holdfast_keychain::AccessKey;
use holdfast_settings::Background;
use std::sync::Arc;

/// A request that waits for a session.
pub(super) struct Pending {
    pub(super) asked: Asked,
    pub(super) want: Want,
}

/// Who asked for which profile, and where the answer goes.
pub(super) struct Asked {
    pub(super) caller: Arc<Caller>,
    pub(super) profile: String,
    pub(super) chain: Arc<Chain>,
    pub(super) replies: ReplySender,
}

/// What a caller wants of the session.
pub(super) enum Want {
    /// A password for this repository.
    GitPassword(Box<RepositoryAddress>),
    /// The credentials.
    Credentials,
    /// That it is open, and then the rest of the chain.
    SignIn {
        /// The rest of the chain, to be opened next.
        then: Option<Route>,
    },
    /// That the chain is open to its end: the session that the person signed in to is told.
    SignedIn(SessionKey),
    /// A link that opens the console signed in.
    ConsoleLink(Box<ConsoleSignIn>),
    /// The repositories of a Region.
    Repositories(ListKey),
    /// The same, without anybody waiting for it: what is known is old.
    RepositoriesBehind(ListKey),
    /// A new repository.
    CreateRepository(Box<NewRepository>),
    /// The accounts of the portal that was signed in to.
    SsoAccounts(Wish),
}

impl Want {
    /// The repository that it is about.
    pub(super) fn repository(&self) -> Option<&RepositoryAddress> {
        match self {
            Self::GitPassword(address) => Some(address),
            Self::Credentials
            | Self::SignIn { .. }
            | Self::SignedIn(_)
            | Self::ConsoleLink(_)
            | Self::Repositories(_)
            | Self::RepositoriesBehind(_)
            | Self::CreateRepository(_)
            | Self::SsoAccounts(_) => None,
        }
    }
}

impl Pending {
    /// Whether it is of no use any more when this connection ends.
    pub(super) fn is_of(&self, connection: u64) -> bool {
        let behind = matches!(self.want, Want::RepositoriesBehind(_));
        !behind && self.asked.caller.connection == connection
    }
}

impl Asked {
    /// The session on the way that takes a code.
    pub(super) fn route_key(&self) -> Option<SessionKey> {
        let route = Route::of(&self.chain)?.to_person()?;
        route.nodes.last().map(|node| node.key.clone())
    }
}

impl<S: Aws> Controller<S> {
    pub(super) fn request(&mut self, caller: &Arc<Caller>, request: Request, replies: ReplySender) {
        self.meet(caller, &request);
        match request {
            Request::Ping => replies.reply(Reply::Pong {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                pid: std::process::id(),
            }),
            Request::GitCredential {
                host,
                path,
                profile,
                wait_seconds,
            } => {
                let wish = GitWish {
                    host,
                    path,
                    profile,
                    wait_seconds,
                };
                self.git_wants(caller, wish, replies);
            }
            Request::GitRejected { host, path } => {
                let refused = RepositoryAddress::from_git(&host, &path).map_err(not_codecommit);
                replies.finish(refused.map(|address| self.rejected(&address)));
            }
            Request::RepositoryEndpoint {
                repository,
                profile,
                region,
                use_fips_endpoint,
            } => {
                let wanted = Wanted {
                    repository,
                    profile,
                    region,
                    use_fips_endpoint,
                };
                let found = self.repository_endpoint(caller, wanted);
                if let Err(error) = &found {
                    self.note_refused(caller, None, None, error);
                }
                replies.finish(found);
            }
            Request::Credentials {
                profile,
                wait_seconds,
            } => self.wanted(caller, profile, Want::Credentials, wait_seconds, replies),
            Request::Login {
                profile,
                code,
                duration_seconds,
            } => self.login(caller, profile, code, duration_seconds, replies),
            Request::Logout { profile } => match self.logout(caller, profile.clone()) {
                Ok(portals) => {
                    self.note_by(ActivityKind::SignedOut, caller, profile.as_deref());
                    self.revoke(portals, replies);
                }
                Err(told) => replies.error(told),
            },
            Request::Lock => {
                if !self.engine.is_locked() {
                    self.note_by(ActivityKind::Locked, caller, None);
                }
                self.lock();
                replies.reply(Reply::Done);
            }
            Request::Unlock { passphrase } => self.unlock(caller, passphrase, replies),
            Request::Status => replies.reply(Reply::Status(self.status())),
            Request::Profiles => self.profiles(caller, replies),
            Request::AddKey {
                profile,
                access_key_id,
                secret_access_key,
                replace,
            } => {
                let key = AccessKey {
                    access_key_id,
                    secret_access_key,
                };
                self.add_key(caller, profile, key, replace, replies);
            }
            Request::ListKeys => self.list_keys(replies),
            Request::RemoveKey { profile } => self.remove_key(caller, profile, replies),
            Request::Subscribe { prompts, activity } => {
                self.subscribe(caller, prompts, activity, replies);
            }
            Request::AnswerPrompt {
                prompt,
                code,
                duration_seconds,
            } => self.answer_prompt(caller, prompt, code, duration_seconds, replies),
            Request::ChooseProfile {
                prompt,
                profile,
                remember,
            } => replies.finish(self.choose_profile(prompt, &profile, remember)),
            Request::UseProfile {
                host,
                path,
                profile,
            } => replies.finish(self.use_profile(caller, &host, &path, profile)),
            Request::RememberedProfile { host, path } => {
                replies.finish(self.remembered_profile(&host, &path));
            }
            Request::DeclinePrompt { prompt } if self.decline_choice(prompt) => {
                replies.reply(Reply::Done);
            }
            Request::DeclinePrompt { prompt } => {
                let prompt = holdfast_core::engine::PromptId(prompt);
                self.note_declined(prompt);
                self.step(Event::PromptDeclined { prompt });
                replies.reply(Reply::Done);
            }
            Request::Renew {
                profile,
                with_code,
                wait_seconds,
            } => self.renew(caller, profile, with_code, wait_seconds, replies),
            Request::Activity { before, limit } => self.activity(before, limit, replies),
            Request::ReloadSettings => self.reload_settings(replies),
            Request::ConsoleLink {
                profile,
                destination,
                duration_seconds,
            } => self.console_link(caller, profile, destination, duration_seconds, replies),
            Request::Repositories {
                profile,
                region,
                refresh,
            } => self.repositories(caller, profile, region, refresh, replies),
            Request::CreateRepository {
                profile,
                region,
                name,
                description,
            } => {
                let wish = NewRepository::new(&name, description);
                self.create_repository(caller, profile, region, wish, replies);
            }
            Request::SignIn { target, method } => self.sign_in(caller, target, method, replies),
            Request::AwaitSignIn { sign_in, or_cancel } => {
                self.await_sign_in(caller, sign_in, or_cancel, replies);
            }
            Request::CancelSignIn { sign_in } => replies.finish(self.cancel_sign_in(sign_in)),
            Request::Portals => replies.finish(self.portals_named(caller)),
            Request::SsoAccounts {
                start_url,
                region,
                roles,
                refresh,
            } => {
                let wish = Wish { roles, refresh };
                self.sso_accounts(caller, &start_url, region, wish, replies);
            }
            Request::Stop => {
                replies.reply(Reply::Done);
                self.stopping = true;
            }
        }
    }

    fn subscribe(
        &mut self,
        caller: &Arc<Caller>,
        prompts: bool,
        activity: bool,
        replies: ReplySender,
    ) {
        let subscriber = Subscriber {
            events: replies.events(),
            prompts,
        };
        if activity {
            self.activity.listen(caller.connection, replies.events());
        } else {
            self.activity.leave(caller.connection);
        }
        self.subscribers.insert(caller.connection, subscriber);
        replies.reply(Reply::Status(self.status()));
        self.prompters_changed();
    }

    fn lock(&mut self) {
        self.storage.close();
        self.forget_repositories();
        self.forget_listings();
        // Files read earlier hold the keys that stand in them in plain text.
        self.files = ProfileFiles::default();
        self.surroundings = Surroundings::default();
        self.adopted.clear();
        self.close_memory();
        self.refuse_choices(Some(&explain::locked()));
        self.step(Event::Locked);
        self.aws.close_connections();
        self.tasks
            .spawn(super::tasks::lock_keychain(self.keychain.clone()));
        self.tell_status();
    }

    fn unlock(
        &mut self,
        caller: &Arc<Caller>,
        passphrase: Option<secrecy::SecretString>,
        replies: ReplySender,
    ) {
        let unlocking = self.keychain.unlock(passphrase);
        let caller = Arc::clone(caller);
        self.tasks.spawn(async {
            super::tasks::Done::Unlocked {
                outcome: unlocking.await,
                caller,
                replies,
            }
        });
    }

    /// The server refused the password: the session behind it may have been revoked.
    fn rejected(&mut self, address: &RepositoryAddress) -> Reply {
        tracing::warn!(repository = %address, "the server refused git's password");
        if let Some(key) = self.signed.remove(&address.https_url()) {
            self.step(Event::Rejected { key });
        }
        Reply::Done
    }

    /// A caller wants the credentials at the end of a profile's chain, or what is made of them.
    pub(super) fn wanted(
        &mut self,
        caller: &Arc<Caller>,
        profile: String,
        want: Want,
        wait_seconds: u32,
        replies: ReplySender,
    ) {
        let repository = want.repository();
        if let Some(asked) = self.asked_for(caller, profile, repository, replies) {
            let background = self.preferences.current.prompts.background;
            let interaction = reach(caller, wait_seconds, background);
            self.queue(asked, want, interaction, wait_seconds);
        }
    }

    /// A request with the chain of its profile; `None` when the caller was told why there is none.
    pub(super) fn asked(
        &mut self,
        caller: &Arc<Caller>,
        profile: String,
        replies: ReplySender,
    ) -> Option<Asked> {
        self.asked_for(caller, profile, None, replies)
    }

    /// The same for a repository.
    fn asked_for(
        &mut self,
        caller: &Arc<Caller>,
        profile: String,
        repository: Option<&RepositoryAddress>,
        replies: ReplySender,
    ) -> Option<Asked> {
        match self.chain(caller, &profile) {
            Ok(chain) => Some(Asked {
                caller: Arc::clone(caller),
                profile,
                chain,
                replies,
            }),
            Err(error) => {
                self.note_refused(caller, Some(&profile), repository, &error);
                replies.error(error);
                None
            }
        }
    }

    pub(super) fn queue(
        &mut self,
        asked: Asked,
        want: Want,
        interaction: Interaction,
        wait_seconds: u32,
    ) {
        if self.engine.is_locked() {
            return self.tell_refused(Pending { asked, want }, explain::locked());
        }
        self.accept_cli_token(&asked.chain);
        let waiter = self.next_waiter();
        let route = Route::of(&asked.chain);
        let source = asked.chain.source.clone();
        self.pending.insert(waiter, Pending { asked, want });
        match route {
            Some(route) => self.step(Event::Requested {
                waiter,
                route,
                interaction,
                wait_seconds,
            }),
            None => self.read_access_key(waiter, &source),
        }
    }

    /// The chain of a profile, or in words why it cannot be used.
    pub(super) fn chain(
        &mut self,
        caller: &Caller,
        profile: &str,
    ) -> Result<Arc<Chain>, AgentError> {
        let chain = self
            .files
            .chain(&caller.context, profile, &self.keys)
            .map_err(|error| explain::unreadable(&error))?
            .map_err(|error| explain::unresolved(&error, &self.keychain.status()))?;
        self.chain_of_caller(caller, chain)
    }
}

/// How a human can be reached for a caller. One that does not wait cannot be served by a human.
pub(super) fn reach(caller: &Caller, wait_seconds: u32, background: Background) -> Interaction {
    match caller.context.interaction {
        _ if wait_seconds == 0 => Interaction::Never,
        Reach::Terminal => Interaction::Terminal,
        Reach::Background => match background {
            Background::Notify => Interaction::Background,
            Background::Popup => Interaction::Terminal,
            Background::Never => Interaction::Never,
        },
        Reach::Never => Interaction::Never,
    }
}

pub(super) fn not_codecommit(error: holdfast_codecommit::AddressError) -> AgentError {
    AgentError::new(ErrorCode::BadRequest, error.to_string())
}
