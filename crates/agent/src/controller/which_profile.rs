//! Which profile opens a repository: the one that is named, the one that is remembered, the only one that can, or the
//! one that a person chooses.

mod ask;
mod choices;
mod memory;
mod rule;

pub(super) use choices::Choices;
pub(super) use memory::Memory;

use super::Controller;
use super::requests::{Want, not_codecommit};
use crate::explain;
use crate::listener::{Caller, ReplySender};
use choices::Subject;
use holdfast_agent_proto::{AgentError, EnvironmentKey, ErrorCode, Reply};
use holdfast_codecommit::{RepositoryAddress, RepositoryName};
use holdfast_core::port::Aws;
use memory::Remembered;
use rule::{Known, Whose};
use std::sync::Arc;

/// What git says of a repository, and how long it waits for a person.
pub(super) struct GitWish {
    pub(super) host: String,
    pub(super) path: String,
    /// The profile on the helper's command line.
    pub(super) profile: Option<String>,
    pub(super) wait_seconds: u32,
}

/// What the rule said, with what it needs to be carried out.
enum Found {
    Profile(String),
    Environment(EnvironmentKey),
    OneOf {
        profiles: Vec<String>,
        forgotten: Option<String>,
    },
}

impl<S: Aws> Controller<S> {
    /// Git wants a password for a repository.
    pub(super) fn git_wants(&mut self, caller: &Arc<Caller>, wish: GitWish, replies: ReplySender) {
        let refuse = |controller: &Self, address: Option<&RepositoryAddress>, error| {
            controller.note_refused(caller, None, address, &error);
            error
        };
        let address = match RepositoryAddress::from_git(&wish.host, &wish.path) {
            Ok(address) => address,
            Err(error) => return replies.error(refuse(self, None, not_codecommit(error))),
        };
        match self.found(caller, &address, wish.profile.as_deref()) {
            Ok(Found::Profile(profile)) => {
                let want = Want::GitPassword(Box::new(address));
                self.wanted(caller, profile, want, wish.wait_seconds, replies);
            }
            Ok(Found::Environment(key)) => {
                let want = Want::GitPassword(Box::new(address));
                self.wanted_of_environment(caller, &key, want, replies);
            }
            Ok(Found::OneOf {
                profiles,
                forgotten,
            }) => {
                let several = ask::Several {
                    address,
                    profiles,
                    forgotten,
                };
                self.ask_which(caller, several, wish.wait_seconds, replies);
            }
            Err(error) => replies.error(refuse(self, Some(&address), error)),
        }
    }

    /// Remembers a profile for a repository, or forgets what was remembered.
    pub(super) fn use_profile(
        &mut self,
        caller: &Arc<Caller>,
        host: &str,
        path: &str,
        profile: Option<String>,
    ) -> Result<Reply, AgentError> {
        let address = self.open_address(host, path)?;
        let Some(profile) = profile else {
            self.forget_remembered(&address);
            return Ok(Reply::Done);
        };
        self.chain(caller, &profile)?;
        let remembered = Remembered::new(&address, &profile, &caller.context.config_file);
        self.remember(remembered, &address);
        let subject = Subject::of(&address, caller);
        self.choices.forget_decline(&subject);
        self.settle_choice_of(&subject, &profile);
        Ok(Reply::Done)
    }

    /// What is remembered for a repository.
    pub(super) fn remembered_profile(
        &mut self,
        host: &str,
        path: &str,
    ) -> Result<Reply, AgentError> {
        let address = self.open_address(host, path)?;
        let profile = self.recall(&address).map(|remembered| remembered.profile);
        Ok(Reply::RememberedProfile { profile })
    }

    fn open_address(&self, host: &str, path: &str) -> Result<RepositoryAddress, AgentError> {
        if self.engine.is_locked() {
            return Err(explain::locked());
        }
        RepositoryAddress::from_git(host, path).map_err(not_codecommit)
    }

    /// The profile that is remembered for a repository and still there.
    pub(super) fn remembered_for(
        &mut self,
        caller: &Caller,
        address: &RepositoryAddress,
    ) -> Option<String> {
        self.recalled(caller, address).ok().flatten()
    }

    /// Region and profile that are remembered for the one repository of this name, where no other has it.
    pub(super) fn remembered_by_name(
        &mut self,
        caller: &Caller,
        repository: &RepositoryName,
    ) -> Option<(String, String)> {
        let host = self.host_recalled(repository, &caller.context.config_file)?;
        let region = host.region().as_str().to_owned();
        let profile =
            self.remembered_for(caller, &RepositoryAddress::new(host, repository.clone()))?;
        Some((region, profile))
    }

    /// The same as [`Controller::remembered_for`]. One that is gone from the files that it was remembered with is forgotten, and named in the error.
    fn recalled(
        &mut self,
        caller: &Caller,
        address: &RepositoryAddress,
    ) -> Result<Option<String>, String> {
        let Some(remembered) = self.recall(address) else {
            return Ok(None);
        };
        let chain = self.chain(caller, &remembered.profile);
        let is_gone = chain.is_err_and(|error| error.code == ErrorCode::UnknownProfile);
        if !is_gone {
            return Ok(Some(remembered.profile));
        }
        if remembered.config_file != caller.context.config_file {
            return Ok(None);
        }
        let profile = &remembered.profile;
        tracing::warn!(profile, repository = %address, "the remembered profile is gone, and forgotten");
        self.forget_remembered(address);
        Err(remembered.profile)
    }

    fn found(
        &mut self,
        caller: &Arc<Caller>,
        address: &RepositoryAddress,
        named: Option<&str>,
    ) -> Result<Found, AgentError> {
        // Reading the files would bring the keys in them back into memory.
        if self.engine.is_locked() {
            return Err(explain::locked());
        }
        let (remembered, forgotten) = match named {
            Some(_) => (None, None),
            None => match self.recalled(caller, address) {
                Ok(remembered) => (remembered, None),
                Err(gone) => (None, Some(gone)),
            },
        };
        let key = &caller.context.environment_key;
        let known = Known {
            named,
            remembered: remembered.as_deref(),
            callers: caller.context.profile.as_deref(),
            has_environment_key: key.is_some(),
        };
        let region = address.region().as_str();
        let (files, keys) = (&mut self.files, &self.keys);
        let whose = rule::whose(known, || files.profiles_in(&caller.context, region, keys))
            .map_err(|error| explain::unreadable(&error))?;
        match (whose, key) {
            (Whose::Profile(profile), _) => Ok(Found::Profile(profile)),
            (Whose::Environment, Some(key)) => Ok(Found::Environment(key.clone())),
            (Whose::OneOf(profiles), _) => Ok(Found::OneOf {
                profiles,
                forgotten,
            }),
            (Whose::Environment, None) | (Whose::Nobody, _) => {
                let told = self.nobody_fits(caller, address);
                Err(with_forgotten(told, forgotten.as_deref()))
            }
        }
    }

    fn nobody_fits(&self, caller: &Caller, address: &RepositoryAddress) -> AgentError {
        let missing = format!(
            "no profile in {} has region {} for {address}",
            caller.context.config_file.display(),
            address.region()
        );
        let keychain = self.keychain.status();
        // Profiles whose keys are in there do not resolve.
        if explain::is_out_of_reach(&keychain) {
            return explain::without_keychain(&missing, &keychain);
        }
        AgentError::new(ErrorCode::Misconfigured, missing)
            .hint("name one in the environment: AWS_PROFILE=PROFILE")
            .hint(use_command(address))
    }
}

/// The command that says which profile opens a repository.
fn use_command(address: &RepositoryAddress) -> String {
    format!("holdfast git use PROFILE --url {}", address.https_url())
}

/// Says that the profile that was remembered is gone, where one is.
fn with_forgotten(error: AgentError, forgotten: Option<&str>) -> AgentError {
    match forgotten {
        Some(profile) => error.hint(format!(
            "profile {profile}, which was remembered for this repository, is gone and was forgotten"
        )),
        None => error,
    }
}
