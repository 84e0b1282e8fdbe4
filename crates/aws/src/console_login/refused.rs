//! What the sign-in service's refusals mean.

use crate::failure::{Answer, printable};
use holdfast_core::failure::FailureKind;
use serde::Deserialize;

/// A refusal as the service writes it
/// (<https://docs.aws.amazon.com/signin/latest/APIReference/API_CreateOAuth2Token.html#API_CreateOAuth2Token_Errors>).
#[derive(Default, Deserialize)]
pub(super) struct Refusal {
    pub(super) error: Option<String>,
    pub(super) message: Option<String>,
}

impl Refusal {
    /// Reads it; empty when there is none.
    pub(super) fn read(body: &[u8]) -> Self {
        serde_json::from_slice(body).unwrap_or_default()
    }

    /// A proof that is too old or too new is refused as an invalid request.
    pub(super) fn may_blame_the_clock(&self) -> bool {
        self.error.as_deref() == Some("INVALID_REQUEST")
    }
}

/// The meaning of a refusal, where a refresh token was sent or a code.
pub(super) fn explain(renews: bool, answer: &Answer<'_>) -> Option<(FailureKind, String)> {
    let message = printable(answer.message.unwrap_or_default());
    let (kind, words) = match answer.code? {
        "TOKEN_EXPIRED" => (
            FailureKind::SessionEnded,
            "the console session has ended; sign in again".to_owned(),
        ),
        "USER_CREDENTIALS_CHANGED" => (
            FailureKind::SessionEnded,
            "the console session was ended by AWS because the password or the user changed; sign in again"
                .to_owned(),
        ),
        "AUTHCODE_EXPIRED" => (
            FailureKind::SessionEnded,
            "AWS does not take the code of this sign-in any more; sign in again".to_owned(),
        ),
        "INSUFFICIENT_PERMISSIONS" => (
            FailureKind::Denied,
            "the identity that signed in may not use its console session here: it needs the policy SignInLocalDevelopmentAccess (signin:AuthorizeOAuth2Access and signin:CreateOAuth2Token)"
                .to_owned(),
        ),
        "INVALID_REQUEST" if answer.status == 429 => return None,
        // A refresh token that is not known any more is told in no other way, and only a sign-in brings another.
        "INVALID_REQUEST" if renews => (
            FailureKind::SessionEnded,
            format!("AWS does not renew the console session any more ({message}); sign in again"),
        ),
        "INVALID_REQUEST" => (
            FailureKind::InvalidRequest,
            format!("AWS refused the sign-in ({message})"),
        ),
        _ => return None,
    };
    Some((kind, words))
}
