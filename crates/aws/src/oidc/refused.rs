//! What the refusals of the OIDC service mean, in words for people
//! (<https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html>).

use crate::failure::{Answer, printable};
use holdfast_core::failure::FailureKind;
use holdfast_core::sso::Portal;

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// A client, or codes for another device: the first word to a portal.
    Beginning,
    /// The token of a sign-in.
    SignIn,
    /// The next token of a session.
    Refresh,
}

/// Says what an answer means; nothing when it is no error of this service's own. Both OAuth's names and those
/// of the SDK's errors are known.
pub(super) fn explain(
    portal: &Portal,
    asked: Asked,
    answer: &Answer<'_>,
) -> Option<(FailureKind, String)> {
    let (url, region) = (printable(&portal.start_url), printable(&portal.region));
    let explained = match answer.code? {
        "AuthorizationPendingException" | "authorization_pending" => (
            FailureKind::AuthorizationPending,
            format!("nobody has confirmed the sign-in to {url} yet"),
        ),
        "SlowDownException" | "slow_down" => (
            FailureKind::SlowDown,
            format!("IAM Identity Center in {region} was asked for a token too often"),
        ),
        "ExpiredTokenException" | "expired_token" => (FailureKind::SessionEnded, over(asked, &url)),
        "InvalidGrantException" | "invalid_grant" => (FailureKind::SessionEnded, over(asked, &url)),
        "AccessDeniedException" | "access_denied" => (
            FailureKind::Denied,
            format!(
                "the sign-in to {url} was declined; begin it again and allow access, or ask your administrator for it"
            ),
        ),
        "InvalidClientException"
        | "invalid_client"
        | "UnauthorizedClientException"
        | "unauthorized_client" => (
            FailureKind::ClientUnknown,
            format!(
                "IAM Identity Center in {region} does not know this client of {url} any more; sign in again to register another"
            ),
        ),
        "InvalidRequestRegionException" => (
            FailureKind::InvalidRequest,
            format!("the portal {url} is not in Region {region}; check sso_region"),
        ),
        // A refresh token of another Region, or none.
        "InvalidRequestException" | "invalid_request" if asked == Asked::Refresh => {
            (FailureKind::SessionEnded, over(asked, &url))
        }
        "InvalidRequestException" | "invalid_request" if asked == Asked::Beginning => (
            FailureKind::InvalidRequest,
            format!(
                "IAM Identity Center in {region} does not know the start URL {url}; check sso_start_url and sso_region"
            ),
        ),
        "InvalidScopeException" | "invalid_scope" => (
            FailureKind::InvalidRequest,
            format!(
                "IAM Identity Center in {region} does not know the scopes {}; check sso_registration_scopes",
                printable(&portal.scopes.join(","))
            ),
        ),
        _ => return None,
    };
    Some(explained)
}

fn over(asked: Asked, url: &str) -> String {
    match asked {
        Asked::Beginning | Asked::SignIn => format!(
            "the sign-in to {url} took too long, or its code was used before; begin it again"
        ),
        Asked::Refresh => format!("the session of {url} has ended at AWS; sign in again"),
    }
}
