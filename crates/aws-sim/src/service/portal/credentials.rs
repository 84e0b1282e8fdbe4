//! `GetRoleCredentials`: temporary credentials of the role that stands for a permission set.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{ApiError, Parameters, Person, invalid_request, no_access};
use crate::model::{Owner, Session, World};

pub(super) fn get(
    world: &mut World,
    person: &Person,
    parameters: &Parameters,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let (Some(account), Some(set)) = (parameters.get("account_id"), parameters.get("role_name"))
    else {
        return Err(invalid_request("Account ID or role name is missing"));
    };
    let assigned = world
        .identity_center
        .portal(&person.start_url)
        .and_then(|portal| portal.assigned(&person.user, account, set))
        .ok_or_else(no_access)?;
    let role = world
        .accounts
        .get(account)
        .and_then(|account| account.roles.get(&assigned.role))
        .filter(|role| !role.suspended)
        .ok_or_else(no_access)?;
    let owner = Owner::Role {
        name: role.name.clone(),
        session_name: person.user.clone(),
        source_identity: None,
        chained: false,
        policy: None,
    };
    let session = Session::new(account, owner, assigned.seconds, None, now);
    let answer = json!({
        "roleCredentials": {
            "accessKeyId": session.access_key_id,
            "secretAccessKey": session.secret.reveal(),
            "sessionToken": session.token.reveal(),
            "expiration": session.expires.as_second() * 1000,
        },
    });
    world.open_session(session, now);
    Ok(answer)
}
