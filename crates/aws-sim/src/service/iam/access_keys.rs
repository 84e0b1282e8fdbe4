//! Access keys: what a key rotation needs.

use super::super::query::Parameters;
use super::super::{ApiError, Context, iso_time};
use super::{authorize, authorized_user, page};
use crate::model::{AccessKey, User, World};
use crate::xml::Xml;

/// How many access keys a user may have.
const QUOTA: usize = 2;

pub(super) fn list(
    world: &World,
    context: Context<'_>,
    parameters: &Parameters,
) -> Result<Xml, ApiError> {
    let user = authorized_user(world, context, parameters)?;
    let mut xml = Xml::default();
    page(
        &mut xml,
        parameters,
        "AccessKeyMetadata",
        &user.access_keys,
        |member, key| {
            write_key(member, user, key);
        },
    )?;
    Ok(xml)
}

pub(super) fn create(
    world: &mut World,
    context: Context<'_>,
    parameters: &Parameters,
) -> Result<Xml, ApiError> {
    let name = authorized_user(world, context, parameters)?.name.clone();
    let key = AccessKey::new(context.now);
    let secret = key.secret.clone();
    let mut xml = Xml::default();
    let user = own_user(world, context, &name)?;
    if user.access_keys.len() >= QUOTA {
        return Err(ApiError::new(
            409,
            "LimitExceeded",
            format!("Cannot exceed quota for AccessKeysPerUser: {QUOTA}"),
        ));
    }
    xml.group("AccessKey", |inner| {
        write_key(inner, user, &key);
        inner.text("SecretAccessKey", key.secret.reveal());
    });
    user.access_keys.push(key);
    world.note_secret("secret access key", secret);
    Ok(xml)
}

pub(super) fn update(
    world: &mut World,
    context: Context<'_>,
    parameters: &Parameters,
) -> Result<(), ApiError> {
    let name = authorized_user(world, context, parameters)?.name.clone();
    let id = parameters.require("AccessKeyId")?;
    let active = match parameters.require("Status")? {
        "Active" => true,
        "Inactive" => false,
        other => {
            return Err(ApiError::new(
                400,
                "ValidationError",
                format!(
                    "1 validation error detected: Value '{other}' at 'status' failed to satisfy constraint: \
                     Member must satisfy enum value set: [Active, Inactive]"
                ),
            ));
        }
    };
    let key = own_user(world, context, &name)?
        .access_keys
        .iter_mut()
        .find(|key| key.id == id)
        .ok_or_else(|| no_such_key(id))?;
    key.active = active;
    Ok(())
}

pub(super) fn delete(
    world: &mut World,
    context: Context<'_>,
    parameters: &Parameters,
) -> Result<(), ApiError> {
    let name = authorized_user(world, context, parameters)?.name.clone();
    let id = parameters.require("AccessKeyId")?;
    let keys = &mut own_user(world, context, &name)?.access_keys;
    let position = keys
        .iter()
        .position(|key| key.id == id)
        .ok_or_else(|| no_such_key(id))?;
    keys.remove(position);
    Ok(())
}

pub(super) fn last_used(
    world: &World,
    context: Context<'_>,
    parameters: &Parameters,
) -> Result<Xml, ApiError> {
    let id = parameters.require("AccessKeyId")?;
    let found = world
        .access_key(id)
        .filter(|(account, ..)| account.id == context.caller.account);
    let resource = found.map_or("*", |(_, user, _)| user.arn.as_str());
    authorize(world, context, parameters, resource)?;
    let (_, user, key) = found.ok_or_else(|| no_such_key(id))?;
    let mut xml = Xml::default();
    xml.text("UserName", &user.name)
        .group("AccessKeyLastUsed", |inner| {
            match &key.last_use {
                Some(last) => inner
                    .text("LastUsedDate", iso_time(last.time))
                    .text("Region", &last.region)
                    .text("ServiceName", last.service),
                None => inner.text("Region", "N/A").text("ServiceName", "N/A"),
            };
        });
    Ok(xml)
}

fn own_user<'w>(
    world: &'w mut World,
    context: Context<'_>,
    name: &str,
) -> Result<&'w mut User, ApiError> {
    world
        .user_mut(&context.caller.account, name)
        .ok_or_else(|| {
            let text = format!("The user with name {name} cannot be found.");
            ApiError::new(404, "NoSuchEntity", text)
        })
}

fn no_such_key(id: &str) -> ApiError {
    ApiError::new(
        404,
        "NoSuchEntity",
        format!("The Access Key with id {id} cannot be found."),
    )
}

fn write_key(xml: &mut Xml, user: &User, key: &AccessKey) {
    xml.text("UserName", &user.name)
        .text("AccessKeyId", &key.id)
        .text("Status", if key.active { "Active" } else { "Inactive" })
        .text("CreateDate", iso_time(key.created));
}
