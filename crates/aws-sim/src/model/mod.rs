//! The state of the simulated AWS: accounts with their users, roles and repositories, and the sessions given out.

mod caller;
mod console_login;
pub(crate) mod identity_center;
mod machine;
mod repository;
mod role;
mod session;
mod signin;
mod user;
mod web_identity;

use std::collections::{BTreeMap, HashMap};

use jiff::{SignedDuration, Timestamp};

pub(crate) use caller::{Caller, Denied, Identity, Lifespan};
pub use console_login::LoginReuse;
pub(crate) use console_login::{ConsoleLogins, LoginSession, RefreshRefused};
pub(crate) use identity_center::IdentityCenter;
pub(crate) use machine::{Machine, MachinePlace, NoCredentials};
pub(crate) use repository::Repository;
pub(crate) use role::Role;
pub(crate) use session::{Owner, Session};
pub(crate) use signin::{ConsoleSession, SignInToken, SignIns};
pub(crate) use user::{AccessKey, LastUse, MfaDevice, User};
pub(crate) use web_identity::{OidcProvider, TokenRefused, WebIdentity};

use crate::hidden::Hidden;

/// Everything the simulated AWS knows.
#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) accounts: BTreeMap<String, Account>,
    /// By access key id.
    sessions: HashMap<String, Session>,
    pub(crate) signins: SignIns,
    pub(crate) machine: Machine,
    pub(crate) console_logins: ConsoleLogins,
    pub(crate) identity_center: IdentityCenter,
    /// Every secret ever given out, with what it is.
    secrets: Vec<(&'static str, Hidden)>,
}

/// One AWS account.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) partition: &'static str,
    pub(crate) users: BTreeMap<String, User>,
    pub(crate) roles: BTreeMap<String, Role>,
    pub(crate) oidc_providers: Vec<OidcProvider>,
    /// By region and name.
    pub(crate) repositories: BTreeMap<(String, String), Repository>,
}

impl Account {
    pub(crate) fn new(id: &str, partition: &'static str) -> Self {
        Self {
            id: id.to_owned(),
            partition,
            users: BTreeMap::new(),
            roles: BTreeMap::new(),
            oidc_providers: Vec::new(),
            repositories: BTreeMap::new(),
        }
    }
}

impl World {
    /// The account, user and long-lived key behind an access key id.
    pub(crate) fn access_key(&self, id: &str) -> Option<(&Account, &User, &AccessKey)> {
        self.accounts.values().find_map(|account| {
            account.users.values().find_map(|user| {
                let key = user.access_keys.iter().find(|key| key.id == id)?;
                Some((account, user, key))
            })
        })
    }

    /// The long-lived key behind an access key id, to change it.
    pub(crate) fn access_key_mut(&mut self, id: &str) -> Option<&mut AccessKey> {
        self.users_mut()
            .flat_map(|user| &mut user.access_keys)
            .find(|key| key.id == id)
    }

    /// The user of this name in this account.
    pub(crate) fn user(&self, account: &str, name: &str) -> Option<&User> {
        self.accounts.get(account)?.users.get(name)
    }

    /// The user of this name in this account, to change it.
    pub(crate) fn user_mut(&mut self, account: &str, name: &str) -> Option<&mut User> {
        self.accounts.get_mut(account)?.users.get_mut(name)
    }

    /// The MFA device of this serial number.
    pub(crate) fn mfa_device(&self, serial: &str) -> Option<&MfaDevice> {
        self.accounts
            .values()
            .flat_map(|account| account.users.values())
            .flat_map(|user| &user.mfa_devices)
            .find(|device| device.serial == serial)
    }

    /// The role of this ARN.
    pub(crate) fn role(&self, arn: &str) -> Option<&Role> {
        self.accounts
            .values()
            .flat_map(|account| account.roles.values())
            .find(|role| role.arn == arn)
    }

    /// The role of this ARN, to change it.
    pub(crate) fn role_mut(&mut self, arn: &str) -> Option<&mut Role> {
        self.accounts
            .values_mut()
            .flat_map(|account| account.roles.values_mut())
            .find(|role| role.arn == arn)
    }

    /// The session behind a temporary access key id.
    pub(crate) fn session(&self, access_key_id: &str) -> Option<&Session> {
        self.sessions.get(access_key_id)
    }

    /// Remembers a session; those that ended long ago are forgotten.
    pub(crate) fn open_session(&mut self, session: Session, now: Timestamp) {
        self.sessions
            .retain(|_, old| now.duration_since(old.expires) < SignedDuration::from_hours(48));
        self.note_secret("secret access key", session.secret.clone());
        self.note_secret("session token", session.token.clone());
        self.sessions.insert(session.access_key_id.clone(), session);
    }

    /// Ends a session at once; says whether there was one.
    pub(crate) fn close_session(&mut self, access_key_id: &str) -> bool {
        self.sessions.remove(access_key_id).is_some()
    }

    /// Ends all sessions at once.
    pub(crate) fn close_all_sessions(&mut self) {
        self.sessions.clear();
    }

    /// Lets all sessions that still run end at `now`.
    pub(crate) fn expire_all_sessions(&mut self, now: Timestamp) {
        for session in self.sessions.values_mut() {
            session.expires = session.expires.min(now);
        }
    }

    /// Remembers a secret for [`World::secrets`].
    pub(crate) fn note_secret(&mut self, kind: &'static str, secret: Hidden) {
        self.secrets.push((kind, secret));
    }

    /// Every secret ever given out, with what it is.
    pub(crate) fn secrets(&self) -> &[(&'static str, Hidden)] {
        &self.secrets
    }

    fn users_mut(&mut self) -> impl Iterator<Item = &mut User> {
        self.accounts
            .values_mut()
            .flat_map(|account| account.users.values_mut())
    }
}
