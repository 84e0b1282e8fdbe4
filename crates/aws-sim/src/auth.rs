//! Authentication: from the signature of a request to the caller behind it.

use jiff::Timestamp;

use crate::endpoint::Endpoint;
use crate::model::{Caller, Identity, LastUse, Lifespan, World};
use crate::sigv4::{
    Claim, Malformed, Mismatch, Scope, Signed, check_scope, check_signature, check_time,
};

/// Why a request is not authenticated.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The request is not signed.
    Unsigned,
    /// The signature lacks parts.
    Incomplete(String),
    /// No such key, a deactivated key, or the wrong session token.
    UnknownKey,
    /// The session has ended.
    Expired,
    /// The signature does not hold.
    Signature(String),
}

impl Refused {
    /// The text AWS answers, the same in every protocol.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Unsigned => "Request is missing Authentication Token",
            Self::UnknownKey => "The security token included in the request is invalid.",
            Self::Expired => "The security token included in the request is expired",
            Self::Incomplete(text) | Self::Signature(text) => text,
        }
    }
}

impl From<Malformed> for Refused {
    fn from(malformed: Malformed) -> Self {
        match malformed {
            Malformed::Missing => Self::Unsigned,
            Malformed::Incomplete(text) => Self::Incomplete(text),
        }
    }
}

impl From<Mismatch> for Refused {
    fn from(Mismatch(text): Mismatch) -> Self {
        Self::Signature(text)
    }
}

/// Credentials found by their access key id.
pub(crate) struct Found {
    pub(crate) caller: Caller,
    pub(crate) secret: String,
    /// The end of a session.
    pub(crate) expires: Option<Timestamp>,
}

/// The credentials of this id, when they may be used in `partition` and the session token is theirs.
pub(crate) fn find(
    world: &World,
    access_key_id: &str,
    session_token: Option<&str>,
    partition: &str,
) -> Option<Found> {
    let found = if let Some((account, user, key)) = world.access_key(access_key_id) {
        if !key.active || session_token.is_some() {
            return None;
        }
        Found {
            caller: Caller {
                access_key_id: key.id.clone(),
                account: account.id.clone(),
                partition: account.partition,
                arn: user.arn.clone(),
                user_id: user.id.clone(),
                identity: Identity::User {
                    name: user.name.clone(),
                },
                lifespan: Lifespan::LongLived,
            },
            secret: key.secret.reveal().to_owned(),
            expires: None,
        }
    } else {
        let session = world.session(access_key_id)?;
        if session_token != Some(session.token.reveal()) {
            return None;
        }
        Found {
            caller: world.session_caller(session)?,
            secret: session.secret.reveal().to_owned(),
            expires: Some(session.expires),
        }
    };
    (found.caller.partition == partition).then_some(found)
}

/// Whether the simulated AWS ever gave out this access key id.
pub(crate) fn is_known(world: &World, access_key_id: &str) -> bool {
    world.access_key(access_key_id).is_some() || world.session(access_key_id).is_some()
}

/// Notes where a long-lived key was used.
pub(crate) fn note_use(world: &mut World, caller: &Caller, endpoint: &Endpoint, now: Timestamp) {
    if let Some(key) = world.access_key_mut(&caller.access_key_id) {
        key.last_use = Some(LastUse {
            time: now,
            region: endpoint.region.clone(),
            service: endpoint.service.signing_name(),
        });
    }
}

/// The caller behind a signed request.
pub(crate) fn authenticate(
    world: &World,
    endpoint: &Endpoint,
    claim: &Claim,
    request: Signed<'_>,
    now: Timestamp,
) -> Result<Caller, Refused> {
    let found = find(
        world,
        &claim.access_key_id,
        claim.session_token.as_deref(),
        endpoint.partition,
    )
    .ok_or(Refused::UnknownKey)?;
    let scope = Scope {
        region: &endpoint.region,
        service: endpoint.service.signing_name(),
    };
    check_scope(claim, scope, request.headers)?;
    check_time(claim, now)?;
    check_signature(claim, request, &found.secret)?;
    if found.expires.is_some_and(|end| end <= now) {
        return Err(Refused::Expired);
    }
    Ok(found.caller)
}
