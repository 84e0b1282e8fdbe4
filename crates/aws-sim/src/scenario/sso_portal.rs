//! Portals of IAM Identity Center for scenarios: people, permission sets, and who has which where.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Scenario, build};
use crate::model::identity_center::{self, PortalPolicy};
use crate::sim::StartError;
use crate::{arn, model, random};

/// A portal of IAM Identity Center.
#[derive(Clone, Debug)]
pub struct Portal {
    start_url: String,
    region: String,
    users: Vec<String>,
    account_names: BTreeMap<String, String>,
    permission_sets: Vec<PermissionSet>,
    /// User, account, permission set.
    assignments: Vec<(String, String, String)>,
    policy: PortalPolicy,
}

impl Portal {
    /// The portal `https://NAME.awsapps.com/start`, whose home is `region`.
    pub fn new(name: &str, region: &str) -> Self {
        Self {
            start_url: format!("https://{name}.awsapps.com/start"),
            region: region.to_owned(),
            users: Vec::new(),
            account_names: BTreeMap::new(),
            permission_sets: Vec::new(),
            assignments: Vec::new(),
            policy: PortalPolicy::default(),
        }
    }

    /// Adds a person. The first one signs in where nobody says who does.
    #[must_use]
    pub fn user(mut self, name: &str) -> Self {
        self.users.push(name.to_owned());
        self
    }

    /// Gives an account a name for people.
    #[must_use]
    pub fn account_name(mut self, id: &str, name: &str) -> Self {
        self.account_names.insert(id.to_owned(), name.to_owned());
        self
    }

    /// Adds a permission set.
    #[must_use]
    pub fn permission_set(mut self, set: PermissionSet) -> Self {
        self.permission_sets.push(set);
        self
    }

    /// Gives a user a permission set in an account. An account that the scenario lacks is made.
    #[must_use]
    pub fn assign(mut self, user: &str, account: &str, permission_set: &str) -> Self {
        self.assignments.push((
            user.to_owned(),
            account.to_owned(),
            permission_set.to_owned(),
        ));
        self
    }

    /// Sets how the portal behaves.
    #[must_use]
    pub fn policy(mut self, policy: PortalPolicy) -> Self {
        self.policy = policy;
        self
    }
}

/// What somebody may do in an account.
#[derive(Clone, Debug)]
pub struct PermissionSet {
    name: String,
    policies: Vec<Value>,
    session_seconds: i64,
}

impl PermissionSet {
    /// A permission set without permissions, whose sessions last an hour.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            policies: Vec::new(),
            session_seconds: 3600,
        }
    }

    /// Adds a policy document.
    #[must_use]
    pub fn policy(mut self, document: Value) -> Self {
        self.policies.push(document);
        self
    }

    /// How long sessions of its roles last, in seconds (3600 to 43200).
    #[must_use]
    pub fn session_seconds(mut self, seconds: i64) -> Self {
        self.session_seconds = seconds;
        self
    }
}

impl Scenario {
    /// Adds a portal of IAM Identity Center.
    #[must_use]
    pub fn portal(mut self, portal: Portal) -> Self {
        self.portals.push(portal);
        self
    }
}

/// Puts a portal into the world, with a role in every account for every permission set that is assigned there.
pub(super) fn build(
    portal: &Portal,
    world: &mut model::World,
    now: Timestamp,
) -> Result<(), StartError> {
    let mut built = identity_center::Portal {
        start_url: portal.start_url.clone(),
        region: portal.region.clone(),
        users: portal.users.clone(),
        account_names: portal.account_names.clone(),
        permission_sets: BTreeMap::new(),
        assignments: BTreeMap::new(),
        roles: BTreeMap::new(),
        policy: portal.policy.clone(),
        throttle: identity_center::Throttle::default(),
    };
    for set in &portal.permission_sets {
        built
            .permission_sets
            .insert(set.name.clone(), set.session_seconds);
    }
    for (user, account, name) in &portal.assignments {
        let place = (account.clone(), name.clone());
        if let Entry::Vacant(missing) = built.roles.entry(place) {
            let set = portal.permission_sets.iter().find(|set| set.name == *name);
            let set = set.ok_or_else(|| StartError::PermissionSet(name.clone()))?;
            let account = world
                .accounts
                .entry(account.clone())
                .or_insert_with(|| model::Account::new(account, "aws"));
            let role = provision(set, account, &portal.region, now)?;
            missing.insert(role.name.clone());
            account.roles.insert(role.name.clone(), role);
        }
        built.assign(user, account, name, true);
    }
    world.identity_center.portals.push(built);
    Ok(())
}

/// The role that stands for a permission set in an account. Nobody may assume it but through the portal.
fn provision(
    set: &PermissionSet,
    account: &model::Account,
    region: &str,
    now: Timestamp,
) -> Result<model::Role, StartError> {
    let suffix = data_encoding::HEXLOWER.encode(&random::bytes::<8>());
    let name = format!("AWSReservedSSO_{}_{suffix}", set.name);
    // Where the portal's home is the partition's first region, the path has no region.
    let path = match region {
        "us-east-1" => "aws-reserved/sso.amazonaws.com".to_owned(),
        _ => format!("aws-reserved/sso.amazonaws.com/{region}"),
    };
    let provider = arn::iam(
        account.partition,
        &account.id,
        "saml-provider/AWSSSO_DO_NOT_DELETE",
    );
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Federated": provider },
            "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"],
        }],
    });
    Ok(model::Role {
        arn: arn::iam(
            account.partition,
            &account.id,
            &format!("role/{path}/{name}"),
        ),
        name,
        id: random::identifier("AROA"),
        created: now,
        trust: build::document(&trust)?,
        policies: build::documents(&set.policies)?,
        max_session_duration: 43_200,
        suspended: false,
        revoked_before: None,
    })
}
