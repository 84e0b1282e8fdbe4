//! `AssumeRole`: a role's temporary credentials for whoever the role trusts.

use super::super::query::Parameters;
use super::super::{ApiError, Context};
use super::constraint::{ANY, Constraints, EXTERNAL_ID, NAME, validation};
use super::{credentials, mfa};
use crate::arn::{self, Arn};
use crate::model::{Caller, Identity, Lifespan, Owner, Role, Session, World};
use crate::policy::{self, Decision, Document, Question, decide};
use crate::xml::Xml;

/// AWS's limit for roles assumed with temporary credentials, in seconds.
const CHAINED_LIMIT: i64 = 3600;

pub(super) fn assume(
    world: &mut World,
    context: Context<'_>,
    parameters: &Parameters,
) -> Result<Xml, ApiError> {
    let caller = context.caller;
    let seconds = constrain(parameters)?;
    let role_arn = parameters.require("RoleArn")?;
    let session_name = parameters.require("RoleSessionName")?;
    if Arn::parse(role_arn).is_none() {
        return Err(validation(format!("{role_arn} is invalid")));
    }
    let chained = matches!(caller.lifespan, Lifespan::Temporary { .. });
    if chained && seconds > CHAINED_LIMIT {
        return Err(validation(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        ));
    }
    let limit = session_policy(parameters)?;
    let source_identity = source_identity(caller, parameters)?;
    let mfa_at = mfa::verify(world, context, parameters)?;

    let mut keys = caller.context(context.now);
    keys.set("sts:RoleSessionName", session_name);
    if let Some(id) = parameters.get("ExternalId") {
        keys.set("sts:ExternalId", id);
    }
    if let Some(source) = &source_identity {
        keys.set("sts:SourceIdentity", source);
    }
    if mfa_at.is_some() {
        keys.set("aws:MultiFactorAuthPresent", "true");
        keys.set("aws:MultiFactorAuthAge", "0");
    }
    let role = authorize(world, caller, "sts:AssumeRole", role_arn, &keys)?;
    if parameters.get("SourceIdentity").is_some() {
        authorize(world, caller, "sts:SetSourceIdentity", role_arn, &keys)?;
    }
    if seconds > role.max_session_duration {
        return Err(validation(
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        ));
    }

    let account = Arn::parse(&role.arn).map_or(caller.account.as_str(), |arn| arn.account);
    let owner = Owner::Role {
        name: role.name.clone(),
        session_name: session_name.to_owned(),
        source_identity: source_identity.clone(),
        chained,
        policy: limit,
    };
    let mfa_at = mfa_at.or(caller.mfa_at());
    let session = Session::new(account, owner, seconds, mfa_at, context.now);
    let mut xml = Xml::default();
    xml.group("AssumedRoleUser", |user| {
        user.text("AssumedRoleId", format!("{}:{session_name}", role.id))
            .text(
                "Arn",
                arn::assumed_role(caller.partition, account, &role.name, session_name),
            );
    });
    credentials(&mut xml, &session);
    if let Some(source) = source_identity {
        xml.text("SourceIdentity", source);
    }
    world.open_session(session, context.now);
    Ok(xml)
}

/// Checks the form of all parameters; the answer is the duration in seconds.
fn constrain(parameters: &Parameters) -> Result<i64, ApiError> {
    let mut constraints = Constraints::default();
    constraints.required(parameters, "RoleArn");
    constraints.text(parameters, "RoleArn", (20, 2048), ANY);
    constraints.required(parameters, "RoleSessionName");
    constraints.text(parameters, "RoleSessionName", (2, 64), NAME);
    constraints.text(parameters, "ExternalId", (2, 1224), EXTERNAL_ID);
    constraints.text(parameters, "SourceIdentity", (2, 64), NAME);
    mfa::constrain(&mut constraints, parameters);
    let seconds = constraints.seconds(parameters, (900, 43_200), 3600);
    constraints.check()?;
    Ok(seconds)
}

fn session_policy(parameters: &Parameters) -> Result<Option<Document>, ApiError> {
    let malformed = |why: String| ApiError::new(400, "MalformedPolicyDocument", why);
    parameters
        .get("Policy")
        .map(|text| {
            let value = serde_json::from_str(text)
                .map_err(|_| malformed("This policy contains invalid Json".to_owned()))?;
            Document::parse(value).map_err(malformed)
        })
        .transpose()
}

/// The source identity of the new session: once set it stays, and nobody may set another.
fn source_identity(caller: &Caller, parameters: &Parameters) -> Result<Option<String>, ApiError> {
    let asked = parameters.get("SourceIdentity").map(str::to_owned);
    let set = match &caller.identity {
        Identity::Role {
            source_identity, ..
        } => source_identity.clone(),
        Identity::User { .. } => None,
    };
    match (set, asked) {
        (Some(set), Some(asked)) if set != asked => Err(ApiError::new(
            403,
            "AccessDenied",
            "Source identity cannot be changed once it is set",
        )),
        (set, asked) => Ok(set.or(asked)),
    }
}

/// The role, when both its trust policy and the caller's own policies let the caller do this.
fn authorize<'w>(
    world: &'w World,
    caller: &Caller,
    action: &str,
    role_arn: &str,
    keys: &policy::Context,
) -> Result<&'w Role, ApiError> {
    let denied = || {
        ApiError::new(
            403,
            "AccessDenied",
            format!(
                "User: {} is not authorized to perform: {action} on resource: {role_arn}",
                caller.arn
            ),
        )
    };
    let role = world
        .role(role_arn)
        .filter(|role| !role.suspended)
        .ok_or_else(denied)?;
    let principals = caller.principals();
    let question = Question {
        principals: &principals,
        account: &caller.account,
        action,
        resource: role_arn,
        context: keys,
    };
    let trusted = decide([&role.trust], question);
    let own = world.identity_decision(caller, action, role_arn, keys);
    let same_account = Arn::parse(role_arn).is_some_and(|arn| arn.account == caller.account);
    let allowed = match (trusted, own) {
        (Decision::Denied | Decision::Silent, _) | (_, Decision::Denied) => false,
        (Decision::Allowed | Decision::AllowedToAccount, Decision::Allowed) => true,
        // Inside one account a role that names the caller itself needs nothing more.
        (Decision::Allowed, Decision::Silent | Decision::AllowedToAccount) => same_account,
        (Decision::AllowedToAccount, Decision::Silent | Decision::AllowedToAccount) => false,
    };
    allowed.then_some(role).ok_or_else(denied)
}
