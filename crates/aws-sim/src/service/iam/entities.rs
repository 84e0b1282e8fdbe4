//! Users and roles.

use super::super::query::Parameters;
use super::super::{ApiError, Context, iso_time};
use super::{authorize, authorized_user, page};
use crate::arn;
use crate::model::{Role, User, World};
use crate::xml::Xml;

pub(super) fn get_user(
    world: &World,
    context: Context<'_>,
    parameters: &Parameters,
) -> Result<Xml, ApiError> {
    let user = authorized_user(world, context, parameters)?;
    let mut xml = Xml::default();
    xml.group("User", |inner| write_user(inner, &user));
    Ok(xml)
}

pub(super) fn list_users(
    world: &World,
    context: Context<'_>,
    parameters: &Parameters,
) -> Result<Xml, ApiError> {
    let caller = context.caller;
    let all = arn::iam(caller.partition, &caller.account, "user/");
    authorize(world, context, parameters, &all)?;
    let users: Vec<&User> = world
        .accounts
        .get(&caller.account)
        .map(|account| account.users.values().collect())
        .unwrap_or_default();
    let mut xml = Xml::default();
    page(&mut xml, parameters, "Users", &users, write_user)?;
    Ok(xml)
}

pub(super) fn get_role(
    world: &World,
    context: Context<'_>,
    parameters: &Parameters,
) -> Result<Xml, ApiError> {
    let caller = context.caller;
    let name = parameters.require("RoleName")?;
    let resource = arn::iam(caller.partition, &caller.account, &format!("role/{name}"));
    authorize(world, context, parameters, &resource)?;
    let role = world
        .accounts
        .get(&caller.account)
        .and_then(|account| account.roles.get(name))
        .ok_or_else(|| {
            let text = format!("The role with name {name} cannot be found.");
            ApiError::new(404, "NoSuchEntity", text)
        })?;
    let mut xml = Xml::default();
    xml.group("Role", |inner| write_role(inner, &role));
    Ok(xml)
}

pub(super) fn list_roles(
    world: &World,
    context: Context<'_>,
    parameters: &Parameters,
) -> Result<Xml, ApiError> {
    let caller = context.caller;
    let all = arn::iam(caller.partition, &caller.account, "role/");
    authorize(world, context, parameters, &all)?;
    let roles: Vec<&Role> = world
        .accounts
        .get(&caller.account)
        .map(|account| account.roles.values().collect())
        .unwrap_or_default();
    let mut xml = Xml::default();
    page(&mut xml, parameters, "Roles", &roles, write_role)?;
    Ok(xml)
}

fn write_user(xml: &mut Xml, user: &&User) {
    xml.text("Path", "/")
        .text("UserName", &user.name)
        .text("UserId", &user.id)
        .text("Arn", &user.arn)
        .text("CreateDate", iso_time(user.created));
}

fn write_role(xml: &mut Xml, role: &&Role) {
    // IAM sends policy documents percent-encoded inside the XML.
    let trust = role.trust.source().to_string();
    let trust = percent_encoding::utf8_percent_encode(&trust, percent_encoding::NON_ALPHANUMERIC);
    xml.text("Path", "/")
        .text("RoleName", &role.name)
        .text("RoleId", &role.id)
        .text("Arn", &role.arn)
        .text("CreateDate", iso_time(role.created))
        .text("AssumeRolePolicyDocument", trust.to_string())
        .text("MaxSessionDuration", role.max_session_duration.to_string());
}
