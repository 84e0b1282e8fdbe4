//! The Security Token Service.

mod assume_role;
mod constraint;
mod identity;
mod mfa;
mod session_token;

use super::query::{self, Parameters};
use super::{ApiError, Context, Reply, iso_time};
use crate::model::{Session, World};
use crate::xml::Xml;

/// The namespace of the service's XML.
pub(crate) const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// Answers an authenticated request.
pub(crate) fn handle(world: &mut World, context: Context<'_>, parameters: &Parameters) -> Reply {
    let action = parameters.action();
    let result = match action {
        "GetSessionToken" => session_token::get(world, context, parameters),
        "AssumeRole" => assume_role::assume(world, context, parameters),
        "GetCallerIdentity" => Ok(identity::caller(context)),
        "GetAccessKeyInfo" => identity::key_info(world, context, parameters),
        other => Err(ApiError::new(
            400,
            "InvalidAction",
            format!("Could not find operation {other} for version 2011-06-15"),
        )),
    };
    match result {
        Ok(xml) => query::success(NAMESPACE, action, Some(xml)),
        Err(error) => query::failure(NAMESPACE, error),
    }
}

/// What a request is about: the role, for the call log.
pub(crate) fn resource(parameters: &Parameters) -> Option<String> {
    parameters.get("RoleArn").map(str::to_owned)
}

fn credentials(xml: &mut Xml, session: &Session) {
    xml.group("Credentials", |inner| {
        inner
            .text("AccessKeyId", &session.access_key_id)
            .text("SecretAccessKey", session.secret.reveal())
            .text("SessionToken", session.token.reveal())
            .text("Expiration", iso_time(session.expires));
    });
}
