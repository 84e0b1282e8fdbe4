//! Who may read or write a repository: the git password, the session behind it, its permissions.

use data_encoding::BASE64;
use hyper::header::HeaderValue;
use jiff::Timestamp;

use super::super::ApiError;
use crate::arn;
use crate::auth::{self, Found};
use crate::calls::Call;
use crate::endpoint::Endpoint;
use crate::hidden::Hidden;
use crate::model::{Repository, World};
use crate::shared::Shared;
use crate::sigv4::password::{self, Refused, Target};

/// What a request wants of a repository.
pub(super) struct Wanted<'a> {
    /// The repository's name.
    pub(super) repository: &'a str,
    /// The permission the request needs.
    pub(super) action: &'a str,
    /// The paths that its password may have been made for.
    pub(super) signed_paths: &'a [String],
}

/// The repository, when these credentials may do this to it.
pub(super) fn check(
    shared: &Shared,
    endpoint: &Endpoint,
    wanted: &Wanted<'_>,
    authorization: &HeaderValue,
    call: &mut Call,
) -> Result<Repository, ApiError> {
    let (user_name, password) = basic(authorization).ok_or_else(unknown)?;
    let (access_key_id, token) = match user_name.split_once('%') {
        Some((id, token)) => (id, Some(token)),
        None => (user_name.as_str(), None),
    };
    let now = shared.clock.now();
    let mut world = shared.world();
    if auth::is_known(&world, access_key_id) {
        call.access_key_id = Some(access_key_id.to_owned());
    }
    let found = auth::find(&world, access_key_id, token, endpoint.partition).ok_or_else(unknown)?;
    check_password(endpoint, wanted, &found, &password, now)?;
    call.principal = Some(found.caller.arn.clone());
    if found.expires.is_some_and(|end| end <= now) {
        return Err(forbidden(
            "ExpiredTokenException",
            "The security token included in the request is expired",
        ));
    }
    world.note_secret("git password", Hidden::new(password));
    auth::note_use(&mut world, &found.caller, endpoint, now);
    find_repository(&world, endpoint, wanted, &found, now)
}

fn find_repository(
    world: &World,
    endpoint: &Endpoint,
    wanted: &Wanted<'_>,
    found: &Found,
    now: Timestamp,
) -> Result<Repository, ApiError> {
    let caller = &found.caller;
    let resource = arn::repository(
        endpoint.partition,
        &endpoint.region,
        &caller.account,
        wanted.repository,
    );
    world
        .authorize(caller, wanted.action, &resource, now)
        .map_err(|denied| ApiError::denied(403, "AccessDeniedException", &denied))?;
    world
        .accounts
        .get(&caller.account)
        .and_then(|account| {
            let key = (endpoint.region.clone(), wanted.repository.to_owned());
            account.repositories.get(&key)
        })
        .cloned()
        .ok_or_else(|| {
            ApiError::new(
                404,
                "RepositoryDoesNotExistException",
                format!("{} does not exist", wanted.repository),
            )
        })
}

fn check_password(
    endpoint: &Endpoint,
    wanted: &Wanted<'_>,
    found: &Found,
    password: &str,
    now: Timestamp,
) -> Result<(), ApiError> {
    let mut result = Err(Refused::Wrong);
    for path in wanted.signed_paths {
        let target = Target {
            host: &endpoint.host,
            region: &endpoint.region,
            path,
        };
        result = password::check(password, &found.secret, target, now);
        if result.is_ok() {
            return Ok(());
        }
        if matches!(result, Err(Refused::Expired(_))) {
            break;
        }
    }
    result.map_err(|refused| match refused {
        Refused::Expired(text) => forbidden("InvalidSignatureException", &text),
        Refused::Malformed | Refused::Wrong => forbidden(
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided",
        ),
    })
}

/// User name and password of HTTP's basic authentication.
fn basic(authorization: &HeaderValue) -> Option<(String, String)> {
    let (scheme, encoded) = authorization.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64.decode(encoded.trim().as_bytes()).ok()?).ok()?;
    let (user_name, password) = decoded.split_once(':')?;
    Some((user_name.to_owned(), password.to_owned()))
}

fn unknown() -> ApiError {
    forbidden(
        "UnrecognizedClientException",
        "The security token included in the request is invalid",
    )
}

fn forbidden(code: &str, message: &str) -> ApiError {
    ApiError::new(403, code, message)
}
