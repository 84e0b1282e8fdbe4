//! The machine at AWS that a program may run on: an EC2 instance and a container, each with a role of its own.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::{Owner, Session, World};
use crate::arn::Arn;
use crate::clock::shifted;
use crate::hidden::Hidden;
use crate::random;

/// Seconds for which the machine's credentials last.
const SESSION_SECONDS: i64 = 6 * 3600;

/// How long before their end new ones are there; AWS promises five minutes at least.
const RENEWED_BEFORE: SignedDuration = SignedDuration::from_mins(15);

/// What the machine's endpoints know.
#[derive(Debug, Default)]
pub(crate) struct Machine {
    pub(crate) instance: Post,
    pub(crate) container: Post,
    /// The tokens of instance metadata, version 2, and when each ends.
    tokens: HashMap<String, Timestamp>,
    /// What the container must send along.
    pub(crate) authorization: Option<Hidden>,
}

/// A place that has a role attached.
#[derive(Debug, Default)]
pub(crate) struct Post {
    pub(crate) role_arn: Option<String>,
    /// The access key id of the session given out last.
    given: Option<String>,
}

/// Which of the machine's places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MachinePlace {
    /// The EC2 instance.
    Instance,
    /// The container.
    Container,
}

/// Why there are no credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NoCredentials {
    /// No role is attached.
    NoRole,
    /// The role of this name cannot be assumed.
    NotAssumable(String),
}

impl Machine {
    /// A new token for instance metadata.
    pub(crate) fn issue_token(&mut self, seconds: i64, now: Timestamp) -> Hidden {
        self.tokens.retain(|_, ends| now < *ends);
        let token = random::session_token();
        let ends = shifted(now, SignedDuration::from_secs(seconds));
        self.tokens.insert(token.reveal().to_owned(), ends);
        token
    }

    /// Whether the token is one of these and has not ended.
    pub(crate) fn accepts(&self, token: &str, now: Timestamp) -> bool {
        self.tokens.get(token).is_some_and(|ends| now < *ends)
    }

    /// Attaches another role to the place, or none.
    pub(crate) fn attach(&mut self, place: MachinePlace, role_arn: Option<&str>) {
        *self.post_mut(place) = Post {
            role_arn: role_arn.map(str::to_owned),
            given: None,
        };
    }

    fn post_mut(&mut self, place: MachinePlace) -> &mut Post {
        match place {
            MachinePlace::Instance => &mut self.instance,
            MachinePlace::Container => &mut self.container,
        }
    }
}

impl World {
    /// Gives the container another authorization token; the one before is no longer good.
    pub(crate) fn rotate_container_token(&mut self) -> Hidden {
        let token = Hidden::new(random::uuid());
        self.note_secret("container authorization token", token.clone());
        self.machine.authorization = Some(token.clone());
        token
    }

    /// The session whose credentials the place has now: a new one when the last is about to end.
    pub(crate) fn machine_session(
        &mut self,
        place: MachinePlace,
        now: Timestamp,
    ) -> Result<&Session, NoCredentials> {
        let post = self.machine.post_mut(place);
        let role_arn = post.role_arn.clone().ok_or(NoCredentials::NoRole)?;
        let given = post.given.clone();
        let arn = Arn::parse(&role_arn);
        let name = arn.as_ref().and_then(|arn| arn.resource.rsplit('/').next());
        let not_assumable = || NoCredentials::NotAssumable(name.unwrap_or_default().to_owned());
        let role = self.role(&role_arn).filter(|role| !role.suspended);
        let role_name = role.ok_or_else(not_assumable)?.name.clone();
        let fresh = given.filter(|id| {
            self.session(id)
                .is_some_and(|session| session.expires.duration_since(now) > RENEWED_BEFORE)
        });
        let id = match fresh {
            Some(id) => id,
            None => {
                let owner = Owner::Role {
                    name: role_name,
                    session_name: session_name(place).to_owned(),
                    source_identity: None,
                    chained: false,
                    policy: None,
                };
                let account = arn.as_ref().map_or("", |arn| arn.account);
                let session = Session::new(account, owner, SESSION_SECONDS, None, now);
                let id = session.access_key_id.clone();
                self.open_session(session, now);
                self.machine.post_mut(place).given = Some(id.clone());
                id
            }
        };
        self.session(&id).ok_or_else(not_assumable)
    }
}

/// The name of the role's session, by which CloudTrail tells machines apart.
fn session_name(place: MachinePlace) -> &'static str {
    match place {
        MachinePlace::Instance => "i-0123456789abcdef0",
        MachinePlace::Container => "ecs-task-0123456789abcdef",
    }
}
