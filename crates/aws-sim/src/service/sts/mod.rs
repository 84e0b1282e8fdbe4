//! The Security Token Service.

mod assume_role;
mod constraint;
mod identity;
mod mfa;
mod session_token;
#[cfg(test)]
mod tests;
mod web_identity;

use super::query::{self, Parameters};
use super::{ApiError, ApiRequest, Context, Reply, iso_time, signed};
use crate::calls::Call;
use crate::endpoint::Endpoint;
use crate::model::{Session, World};
use crate::shared::Shared;
use crate::xml::Xml;

/// The namespace of the service's XML.
pub(super) const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// Notes the operation, and the role a request is about.
pub(super) fn identify(request: &ApiRequest, call: &mut Call) {
    let parameters = Parameters::read(request.query(), &request.body);
    call.operation = parameters.action().to_owned();
    call.resource = parameters.get("RoleArn").map(str::to_owned);
}

/// Answers a request.
pub(super) fn answer(
    shared: &Shared,
    endpoint: &Endpoint,
    request: &ApiRequest,
    call: &mut Call,
) -> Reply {
    let parameters = Parameters::read(request.query(), &request.body);
    if parameters.action() == web_identity::OPERATION {
        let now = shared.clock.now();
        let result = web_identity::assume(&mut shared.world(), &parameters, now, call);
        return reply(web_identity::OPERATION, result);
    }
    match signed::authenticate(shared, endpoint, request, call) {
        Err(refused) => query::failure(NAMESPACE, query::refusal(&refused)),
        Ok(caller) => {
            let context = Context {
                caller: &caller,
                endpoint,
                now: shared.clock.now(),
            };
            handle(&mut shared.world(), context, &parameters)
        }
    }
}

fn handle(world: &mut World, context: Context<'_>, parameters: &Parameters) -> Reply {
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
    reply(action, result)
}

fn reply(action: &str, result: Result<Xml, ApiError>) -> Reply {
    match result {
        Ok(xml) => query::success(NAMESPACE, action, Some(xml)),
        Err(error) => query::failure(NAMESPACE, error),
    }
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
