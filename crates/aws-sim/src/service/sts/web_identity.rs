//! `AssumeRoleWithWebIdentity`: a role's temporary credentials for whoever an OpenID Connect provider vouches for
//! (<https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>).

use jiff::Timestamp;

use super::super::ApiError;
use super::super::query::Parameters;
use super::constraint::{ANY, Constraints, NAME, validation};
use super::credentials;
use crate::arn::{self, Arn};
use crate::calls::Call;
use crate::jwt::Token;
use crate::model::{OidcProvider, Owner, Session, TokenRefused, WebIdentity, World};
use crate::policy::{Context, Decision, Question, decide};
use crate::xml::Xml;

/// The name of the operation, the one of STS that is not signed.
pub(super) const OPERATION: &str = "AssumeRoleWithWebIdentity";

pub(super) fn assume(
    world: &mut World,
    parameters: &Parameters,
    now: Timestamp,
    call: &mut Call,
) -> Result<Xml, ApiError> {
    let seconds = constrain(parameters)?;
    let role_arn = parameters.require("RoleArn")?;
    let session_name = parameters.require("RoleSessionName")?;
    let Some(Arn {
        account, partition, ..
    }) = Arn::parse(role_arn)
    else {
        return Err(validation(format!("{role_arn} is invalid")));
    };
    let token = Token::parse(parameters.require("WebIdentityToken")?);
    let token = token.ok_or_else(|| refused(TokenRefused::Malformed, now))?;
    let issuer = token.text("iss").unwrap_or_default();
    let provider = world.oidc_provider(account, issuer).ok_or_else(|| {
        invalid(format!(
            "No OpenIDConnect provider found in your account for {issuer}"
        ))
    })?;
    let identity = provider
        .verify(&token, now)
        .map_err(|why| refused(why, now))?;
    let denied = || {
        ApiError::new(
            403,
            "AccessDenied",
            format!("Not authorized to perform sts:{OPERATION}"),
        )
    };
    let role = world
        .role(role_arn)
        .filter(|role| !role.suspended)
        .ok_or_else(denied)?;
    let keys = keys(provider, &identity, session_name);
    let question = Question {
        principals: std::slice::from_ref(&provider.arn),
        account: "",
        action: &format!("sts:{OPERATION}"),
        resource: role_arn,
        context: &keys,
    };
    if decide([&role.trust], question) != Decision::Allowed {
        return Err(denied());
    }
    if seconds > role.max_session_duration {
        return Err(validation(
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        ));
    }
    let owner = Owner::Role {
        name: role.name.clone(),
        session_name: session_name.to_owned(),
        source_identity: None,
        chained: false,
        policy: None,
    };
    let session = Session::new(account, owner, seconds, None, now);
    let session_arn = arn::assumed_role(partition, account, &role.name, session_name);
    call.principal = Some(session_arn.clone());

    let mut xml = Xml::default();
    xml.text("SubjectFromWebIdentityToken", &identity.subject)
        .text("Audience", &identity.audience);
    xml.group("AssumedRoleUser", |user| {
        user.text("AssumedRoleId", format!("{}:{session_name}", role.id))
            .text("Arn", session_arn);
    });
    credentials(&mut xml, &session);
    xml.text("Provider", &provider.arn);
    world.open_session(session, now);
    Ok(xml)
}

/// Checks the form of all parameters; the answer is the duration in seconds.
fn constrain(parameters: &Parameters) -> Result<i64, ApiError> {
    let mut constraints = Constraints::default();
    constraints.required(parameters, "RoleArn");
    constraints.text(parameters, "RoleArn", (20, 2048), ANY);
    constraints.required(parameters, "RoleSessionName");
    constraints.text(parameters, "RoleSessionName", (2, 64), NAME);
    constraints.required(parameters, "WebIdentityToken");
    if parameters
        .get("WebIdentityToken")
        .is_some_and(|token| !(4..=20_000).contains(&token.len()))
    {
        // The value is a secret, so the message does not repeat it.
        return Err(validation(
            "1 validation error detected: Value at 'webIdentityToken' failed to satisfy constraint: Member must have \
             length between 4 and 20000",
        ));
    }
    let seconds = constraints.seconds(parameters, (900, 43_200), 3600);
    constraints.check()?;
    Ok(seconds)
}

/// What conditions of a trust policy may ask of the token: `PROVIDER:sub`, `PROVIDER:aud`.
fn keys(provider: &OidcProvider, identity: &WebIdentity, session_name: &str) -> Context {
    let name = provider.name();
    let mut keys = Context::default();
    keys.set(&format!("{name}:sub"), &identity.subject);
    keys.set(&format!("{name}:aud"), &identity.audience);
    keys.set("sts:RoleSessionName", session_name);
    keys.set("aws:FederatedProvider", &provider.arn);
    keys
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new(400, "InvalidIdentityToken", message)
}

fn refused(why: TokenRefused, now: Timestamp) -> ApiError {
    match why {
        TokenRefused::Malformed => invalid(
            "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
        ),
        TokenRefused::Signature => invalid("Token signature is invalid"),
        TokenRefused::Audience => invalid("Incorrect token audience"),
        TokenRefused::Early => invalid("Token is not yet valid"),
        TokenRefused::Expired(ends) => ApiError::new(
            400,
            "ExpiredTokenException",
            format!(
                "Token expired: current date/time {} must be before the expiration date/time {ends}",
                now.as_second()
            ),
        ),
        TokenRefused::Rejected => ApiError::new(
            403,
            "IDPRejectedClaim",
            "The identity provider (IdP) reported that authentication failed",
        ),
    }
}
