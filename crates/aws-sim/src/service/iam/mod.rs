//! The part of Identity and Access Management that deals with one's own user, keys and MFA devices.

mod access_keys;
mod entities;
mod mfa_devices;

use super::query::{self, Parameters};
use super::{ApiError, ApiRequest, Context, Reply, signed};
use crate::arn;
use crate::auth::Refused;
use crate::calls::Call;
use crate::endpoint::Endpoint;
use crate::model::{Identity, Lifespan, User, World};
use crate::shared::Shared;
use crate::xml::Xml;

/// The namespace of the service's XML.
pub(super) const NAMESPACE: &str = "https://iam.amazonaws.com/doc/2010-05-08/";

/// Notes the operation, and the user a request is about.
pub(super) fn identify(request: &ApiRequest, call: &mut Call) {
    let parameters = Parameters::read(request.query(), &request.body);
    call.operation = parameters.action().to_owned();
    call.resource = parameters.get("UserName").map(str::to_owned);
}

/// Answers a request.
pub(super) fn answer(
    shared: &Shared,
    endpoint: &Endpoint,
    request: &ApiRequest,
    call: &mut Call,
) -> Reply {
    let caller = match signed::authenticate(shared, endpoint, request, call) {
        Ok(caller) => caller,
        Err(refused) => return query::failure(NAMESPACE, query::refusal(&refused)),
    };
    let context = Context {
        caller: &caller,
        endpoint,
        now: shared.clock.now(),
    };
    let parameters = Parameters::read(request.query(), &request.body);
    match dispatch(&mut shared.world(), context, &parameters) {
        Ok(result) => query::success(NAMESPACE, parameters.action(), result),
        Err(error) => query::failure(NAMESPACE, error),
    }
}

fn dispatch(
    world: &mut World,
    context: Context<'_>,
    parameters: &Parameters,
) -> Result<Option<Xml>, ApiError> {
    // A session of a user without a one-time code is unknown to IAM.
    let caller = context.caller;
    let user_session = matches!(
        (&caller.identity, &caller.lifespan),
        (
            Identity::User { .. },
            Lifespan::Temporary { mfa_at: None, .. }
        )
    );
    if user_session {
        return Err(query::refusal(&Refused::UnknownKey));
    }
    match parameters.action() {
        "GetUser" => entities::get_user(world, context, parameters).map(Some),
        "ListUsers" => entities::list_users(world, context, parameters).map(Some),
        "GetRole" => entities::get_role(world, context, parameters).map(Some),
        "ListRoles" => entities::list_roles(world, context, parameters).map(Some),
        "ListMFADevices" => mfa_devices::list(world, context, parameters).map(Some),
        "ListVirtualMFADevices" => mfa_devices::list_virtual(world, context, parameters).map(Some),
        "ListAccessKeys" => access_keys::list(world, context, parameters).map(Some),
        "CreateAccessKey" => access_keys::create(world, context, parameters).map(Some),
        "UpdateAccessKey" => access_keys::update(world, context, parameters).map(|()| None),
        "DeleteAccessKey" => access_keys::delete(world, context, parameters).map(|()| None),
        "GetAccessKeyLastUsed" => access_keys::last_used(world, context, parameters).map(Some),
        other => Err(ApiError::new(
            400,
            "InvalidAction",
            format!("Could not find operation {other} for version 2010-05-08"),
        )),
    }
}

/// The name of the user a request is about: the one it names, else the caller's own.
fn user_name<'a>(context: Context<'a>, parameters: &'a Parameters) -> Result<&'a str, ApiError> {
    match (parameters.get("UserName"), &context.caller.identity) {
        (Some(name), _) => Ok(name),
        (None, Identity::User { name }) => Ok(name),
        (None, Identity::Role { .. }) => Err(ApiError::new(
            400,
            "ValidationError",
            "Must specify userName when calling with non-User credentials",
        )),
    }
}

/// The user a request is about, when the caller may do this to that user.
fn authorized_user<'w>(
    world: &'w World,
    context: Context<'_>,
    parameters: &Parameters,
) -> Result<&'w User, ApiError> {
    let name = user_name(context, parameters)?;
    let caller = context.caller;
    let user = world.user(&caller.account, name);
    let resource = user.map_or_else(
        || arn::iam(caller.partition, &caller.account, &format!("user/{name}")),
        |user| user.arn.clone(),
    );
    authorize(world, context, parameters, &resource)?;
    user.ok_or_else(|| {
        ApiError::new(
            404,
            "NoSuchEntity",
            format!("The user with name {name} cannot be found."),
        )
    })
}

fn authorize(
    world: &World,
    context: Context<'_>,
    parameters: &Parameters,
    resource: &str,
) -> Result<(), ApiError> {
    let action = format!("iam:{}", parameters.action());
    world
        .authorize(context.caller, &action, resource, context.now)
        .map_err(|denied| ApiError::denied(403, "AccessDenied", &denied))
}

/// One page of `items` in IAM's way: a marker in, a marker and `IsTruncated` out.
fn page<T>(
    xml: &mut Xml,
    parameters: &Parameters,
    name: &str,
    items: &[T],
    write: impl Fn(&mut Xml, &T),
) -> Result<(), ApiError> {
    let invalid = |what: &str| ApiError::new(400, "ValidationError", format!("Invalid {what}."));
    let start = match parameters.get("Marker") {
        None => 0,
        Some(marker) => marker
            .strip_prefix("marker-")
            .and_then(|number| number.parse::<usize>().ok())
            .filter(|start| *start <= items.len())
            .ok_or_else(|| invalid("Marker"))?,
    };
    let size = match parameters.get("MaxItems") {
        None => 100,
        Some(text) => text
            .parse::<usize>()
            .ok()
            .filter(|size| (1..=1000).contains(size))
            .ok_or_else(|| invalid("MaxItems"))?,
    };
    let end = items.len().min(start + size);
    xml.text("IsTruncated", (end < items.len()).to_string());
    xml.group(name, |list| {
        for item in &items[start..end] {
            list.group("member", |member| write(member, item));
        }
    });
    if end < items.len() {
        xml.text("Marker", format!("marker-{end}"));
    }
    Ok(())
}
