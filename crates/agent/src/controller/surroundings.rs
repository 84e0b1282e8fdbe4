//! What a chain takes from outside the files that say it: the access key in the caller's environment, who started the
//! caller, and a sign-in that the AWS CLI keeps.

use super::Controller;
use super::requests::{Asked, Pending, Want};
use crate::explain;
use crate::listener::{Caller, ReplySender};
use holdfast_agent_proto::{AgentError, EnvironmentKey, ErrorCode};
use holdfast_core::chain::{Chain, Source};
use holdfast_core::credentials::Credentials;
use holdfast_core::endpoint::EndpointSettings;
use holdfast_core::engine::Interaction;
use holdfast_core::port::Aws;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// How a chain without a profile is called where others have the name of theirs.
pub(super) const ENVIRONMENT: &str = "environment";

/// Keys of environments that are kept, so that the roles which were assumed with them can be renewed.
const MAX_KEYS: usize = 32;

/// What callers brought along.
#[derive(Default)]
pub(super) struct Surroundings {
    /// The one that was seen last at the end.
    keys: VecDeque<Arc<Credentials>>,
    /// For each profile whose `credential_process` has asked for others: the profiles whose `credential_process` it
    /// waited for.
    waits: BTreeMap<String, BTreeSet<String>>,
}

impl Surroundings {
    /// The key of an environment, if it was seen lately.
    pub(super) fn key(&self, access_key_id: &str) -> Option<Arc<Credentials>> {
        let found = self
            .keys
            .iter()
            .find(|key| key.access_key_id == access_key_id);
        found.cloned()
    }

    fn keep(&mut self, key: &EnvironmentKey) {
        self.keys
            .retain(|kept| kept.access_key_id != key.access_key_id);
        if self.keys.len() >= MAX_KEYS {
            self.keys.pop_front();
        }
        self.keys.push_back(Arc::new(Credentials {
            access_key_id: key.access_key_id.clone(),
            secret_access_key: key.secret_access_key.clone(),
            session_token: key.session_token.clone(),
            expires_at: None,
        }));
    }

    /// The `credential_process` of a profile is started anew, and has asked for nothing yet.
    pub(super) fn process_starts(&mut self, profile: &str) {
        self.waits.remove(profile);
    }

    /// Notes that the `credential_process` of one profile wants what that of another brings. False when that one
    /// waits for the first, so that both would wait for ever.
    fn may_wait(&mut self, within: &str, wanted: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut next = vec![wanted];
        while let Some(profile) = next.pop() {
            if profile == within {
                return false;
            }
            if seen.insert(profile) {
                let waited_for = self.waits.get(profile).into_iter().flatten();
                next.extend(waited_for.map(String::as_str));
            }
        }
        let waited_for = self.waits.entry(within.to_owned()).or_default();
        waited_for.insert(wanted.to_owned());
        true
    }
}

impl<S: Aws> Controller<S> {
    /// The chain as it is for this caller.
    pub(super) fn chain_of_caller(
        &mut self,
        caller: &Caller,
        chain: Arc<Chain>,
    ) -> Result<Arc<Chain>, AgentError> {
        match &chain.source {
            Source::Environment { profile, .. } => {
                let key = caller.context.environment_key.as_ref();
                let key = key.ok_or_else(|| no_key(&chain.profile, profile))?;
                let source = self.environment(key, profile.clone());
                let chain = Chain::clone(&chain);
                Ok(Arc::new(Chain { source, ..chain }))
            }
            Source::CredentialProcess { profile, .. } => {
                let within = caller.context.credential_process.as_deref();
                match within.filter(|within| !self.surroundings.may_wait(within, profile)) {
                    None => Ok(chain),
                    Some(within) => Err(waits_for_itself(&chain.profile, profile, within)),
                }
            }
            Source::ConsoleLogin { .. } => {
                self.adopt_console_login(&chain);
                Ok(chain)
            }
            Source::AccessKey { .. }
            | Source::TemporaryKey { .. }
            | Source::Portal { .. }
            | Source::WebIdentityToken { .. }
            | Source::InstanceMetadata { .. }
            | Source::Container { .. } => Ok(chain),
        }
    }

    /// A caller that names no profile wants what is made of the key in its environment.
    pub(super) fn wanted_of_environment(
        &mut self,
        caller: &Arc<Caller>,
        key: &EnvironmentKey,
        want: Want,
        replies: ReplySender,
    ) {
        let chain = Chain {
            profile: ENVIRONMENT.to_owned(),
            region: caller.context.region.clone(),
            endpoint: EndpointSettings::default(),
            source: self.environment(key, ENVIRONMENT.to_owned()),
            steps: Vec::new(),
            problems: Vec::new(),
        };
        let asked = Asked {
            caller: Arc::clone(caller),
            profile: ENVIRONMENT.to_owned(),
            chain: Arc::new(chain),
            replies,
        };
        if self.engine.is_locked() {
            return self.tell_refused(Pending { asked, want }, explain::locked());
        }
        self.queue(asked, want, Interaction::Never, 0);
    }

    fn environment(&mut self, key: &EnvironmentKey, profile: String) -> Source {
        if !self.engine.is_locked() {
            self.surroundings.keep(key);
        }
        Source::Environment {
            access_key_id: Some(key.access_key_id.clone()),
            profile,
        }
    }
}

fn no_key(profile: &str, of: &str) -> AgentError {
    let message = format!(
        "profile {of} takes its access key from the environment (credential_source = Environment), and there is none"
    );
    AgentError::new(ErrorCode::Misconfigured, message)
        .hint("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, with AWS_SESSION_TOKEN for a temporary key")
        .profile(profile)
}

fn waits_for_itself(profile: &str, of: &str, within: &str) -> AgentError {
    let message = format!(
        "profile {profile} needs the credential_process of profile {of}, which waits for this very request from the \
         credential_process of profile {within}"
    );
    AgentError::new(ErrorCode::Misconfigured, message)
        .hint(format!(
            "let the credential_process of profile {within} name another profile"
        ))
        .profile(profile)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_found_and_lines_are_not() {
        let mut surroundings = Surroundings::default();
        assert!(!surroundings.may_wait("a", "a"));
        assert!(surroundings.may_wait("a", "b"));
        assert!(surroundings.may_wait("b", "c"));
        assert!(!surroundings.may_wait("c", "a"));
        assert!(!surroundings.may_wait("b", "a"));
        assert!(surroundings.may_wait("d", "a"));
        // `a` was edited, and does not ask for `b` any more.
        surroundings.process_starts("a");
        assert!(surroundings.may_wait("c", "a"));
    }

    #[test]
    fn the_keys_seen_last_are_kept() {
        let mut surroundings = Surroundings::default();
        let key = |number: usize| EnvironmentKey {
            access_key_id: format!("AKIA{number}"),
            secret_access_key: "secret".into(),
            session_token: None,
        };
        surroundings.keep(&key(0));
        for number in 1..=MAX_KEYS {
            surroundings.keep(&key(number));
            surroundings.keep(&key(0));
        }
        assert_eq!(surroundings.keys.len(), MAX_KEYS);
        assert!(surroundings.key("AKIA0").is_some());
        assert!(surroundings.key("AKIA1").is_none());
    }
}
