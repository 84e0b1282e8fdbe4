//! `GetCallerIdentity` and `GetAccessKeyInfo`: who is this.

use super::super::query::Parameters;
use super::super::{ApiError, Context};
use crate::model::World;
use crate::xml::Xml;

pub(super) fn caller(context: Context<'_>) -> Xml {
    let mut xml = Xml::default();
    xml.text("Arn", &context.caller.arn)
        .text("UserId", &context.caller.user_id)
        .text("Account", &context.caller.account);
    xml
}

pub(super) fn key_info(
    world: &World,
    context: Context<'_>,
    parameters: &Parameters,
) -> Result<Xml, ApiError> {
    let id = parameters.require("AccessKeyId")?;
    world
        .authorize(context.caller, "sts:GetAccessKeyInfo", "*", context.now)
        .map_err(|denied| ApiError::denied(403, "AccessDenied", &denied))?;
    let account = world
        .access_key(id)
        .map(|(account, ..)| account.id.as_str())
        .or_else(|| world.session(id).map(|session| session.account.as_str()))
        .ok_or_else(|| ApiError::new(400, "ValidationError", "Invalid Access Key ID"))?;
    let mut xml = Xml::default();
    xml.text("Account", account);
    Ok(xml)
}
