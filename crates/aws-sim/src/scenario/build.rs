//! From a scenario to a running world.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;
use serde_json::Value;

use super::{Account, Repository, Role, Scenario, User, sso_portal};
use crate::jwt::SigningKey;
use crate::model::MachinePlace;
use crate::policy::Document;
use crate::sim::StartError;
use crate::{arn, model, random, repository_folder};

impl Scenario {
    /// The world of this scenario as it is at `now`, its repositories made below `folder`.
    pub(crate) fn build(&self, folder: &Path, now: Timestamp) -> Result<model::World, StartError> {
        let mut world = model::World::default();
        for account in &self.accounts {
            let built = build_account(account, folder, now)?;
            for user in built.users.values() {
                for key in &user.access_keys {
                    world.note_secret("secret access key", key.secret.clone());
                }
                for device in &user.mfa_devices {
                    world.note_secret("MFA seed", device.seed());
                }
            }
            world.accounts.insert(built.id.clone(), built);
        }
        for portal in &self.portals {
            sso_portal::build(portal, &mut world, now)?;
        }
        world.console_logins.people.clone_from(&self.console_people);
        let machine = &mut world.machine;
        machine.attach(MachinePlace::Instance, self.instance_role.as_deref());
        machine.attach(MachinePlace::Container, self.container_role.as_deref());
        world.rotate_container_token();
        Ok(world)
    }
}

fn build_account(
    account: &Account,
    folder: &Path,
    now: Timestamp,
) -> Result<model::Account, StartError> {
    let mut built = model::Account::new(&account.id, account.partition);
    for user in &account.users {
        built
            .users
            .insert(user.name.clone(), build_user(user, account, now)?);
    }
    for role in &account.roles {
        built
            .roles
            .insert(role.name.clone(), build_role(role, account, now)?);
    }
    for (issuer, audience) in &account.oidc_providers {
        let name = issuer.strip_prefix("https://").unwrap_or(issuer);
        built.oidc_providers.push(model::OidcProvider {
            arn: arn::iam(
                account.partition,
                &account.id,
                &format!("oidc-provider/{name}"),
            ),
            issuer: issuer.clone(),
            audiences: vec![audience.clone()],
            key: SigningKey::default(),
            rejected: BTreeSet::new(),
        });
    }
    for repository in &account.repositories {
        let key = (repository.region.clone(), repository.name.clone());
        built
            .repositories
            .insert(key, build_repository(repository, account, folder, now)?);
    }
    Ok(built)
}

fn build_user(user: &User, account: &Account, now: Timestamp) -> Result<model::User, StartError> {
    let arn_of = |kind: &str| {
        arn::iam(
            account.partition,
            &account.id,
            &format!("{kind}/{}", user.name),
        )
    };
    Ok(model::User {
        name: user.name.clone(),
        arn: arn_of("user"),
        id: random::identifier("AIDA"),
        created: now,
        access_keys: (0..user.access_keys)
            .map(|_| model::AccessKey::new(now))
            .collect(),
        mfa_devices: user
            .virtual_mfa
            .then(|| model::MfaDevice::new(arn_of("mfa"), now))
            .into_iter()
            .collect(),
        policies: documents(&user.policies)?,
    })
}

fn build_role(role: &Role, account: &Account, now: Timestamp) -> Result<model::Role, StartError> {
    Ok(model::Role {
        name: role.name.clone(),
        arn: arn::iam(
            account.partition,
            &account.id,
            &format!("role/{}", role.name),
        ),
        id: random::identifier("AROA"),
        created: now,
        trust: Document::parse(role.trust.clone()).map_err(StartError::Policy)?,
        policies: documents(&role.policies)?,
        max_session_duration: role.max_session_duration,
        suspended: false,
        revoked_before: None,
    })
}

fn build_repository(
    repository: &Repository,
    account: &Account,
    folder: &Path,
    now: Timestamp,
) -> Result<model::Repository, StartError> {
    let folder = folder
        .join(&account.id)
        .join(&repository.region)
        .join(format!("{}.git", repository.name));
    if repository.commits > 0 {
        repository_folder::create(&folder)
            .and_then(|()| repository_folder::import_history(&folder, repository.commits, now))
            .map_err(|source| StartError::Repository {
                name: repository.name.clone(),
                source,
            })?;
    }
    Ok(model::Repository {
        name: repository.name.clone(),
        region: repository.region.clone(),
        arn: arn::repository(
            account.partition,
            &repository.region,
            &account.id,
            &repository.name,
        ),
        id: random::uuid(),
        description: repository.description.clone(),
        created: now,
        modified: now,
        folder,
    })
}

pub(super) fn documents(policies: &[Value]) -> Result<Vec<Document>, StartError> {
    policies.iter().map(document).collect()
}

pub(super) fn document(policy: &Value) -> Result<Document, StartError> {
    Document::parse(policy.clone()).map_err(StartError::Policy)
}
