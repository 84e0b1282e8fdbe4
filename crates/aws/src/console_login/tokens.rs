//! What a grant brings: credentials, the next refresh token, and with the first of them who signed in.

use crate::sts::MIN_KEY_ID_LENGTH;
use data_encoding::BASE64URL_NOPAD;
use holdfast_core::credentials::Credentials;
use holdfast_core::port::ConsoleLoginTokens;
use holdfast_core::time::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;

/// The longest that these credentials last, in seconds.
const MAX_SECONDS: i64 = 900;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answered {
    access_token: AccessToken,
    expires_in: i64,
    refresh_token: String,
    id_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AccessToken {
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
}

/// The part of an identity token that is wanted. It came from the service itself over TLS, which stands for its signature
/// (OpenID Connect Core, section 3.1.3.7).
#[derive(Deserialize)]
struct Identity {
    sub: String,
}

/// Reads an answer; nothing when it is not whole.
pub(super) fn read(body: &[u8], now: Timestamp) -> Option<ConsoleLoginTokens> {
    let answered: Answered = serde_json::from_slice(body).ok()?;
    let token = answered.access_token;
    let is_whole = token.access_key_id.len() >= MIN_KEY_ID_LENGTH
        && !token.secret_access_key.is_empty()
        && !token.session_token.is_empty()
        && !answered.refresh_token.is_empty()
        && answered.expires_in > 0;
    if !is_whole {
        return None;
    }
    let credentials = Credentials {
        access_key_id: token.access_key_id,
        secret_access_key: token.secret_access_key.into(),
        session_token: Some(token.session_token.into()),
        expires_at: Some(now.plus_seconds(answered.expires_in.min(MAX_SECONDS))),
    };
    Some(ConsoleLoginTokens {
        credentials,
        refresh_token: answered.refresh_token.into(),
        login_session: answered.id_token.as_deref().and_then(subject),
        id_token: answered.id_token.map(SecretString::from),
    })
}

/// Who an identity token is about.
fn subject(id_token: &str) -> Option<String> {
    let claims = id_token.split('.').nth(1)?.trim_end_matches('=');
    let claims = BASE64URL_NOPAD.decode(claims.as_bytes()).ok()?;
    let identity: Identity = serde_json::from_slice(&claims).ok()?;
    Some(identity.sub).filter(|arn| arn.starts_with("arn:"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn answer(change: impl FnOnce(&mut Value)) -> Option<ConsoleLoginTokens> {
        let claims = json!({ "sub": "arn:aws:iam::111122223333:user/jo" }).to_string();
        let mut answer = json!({
            "accessToken": {
                "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
                "secretAccessKey": "a-secret",
                "sessionToken": "a-token",
            },
            "tokenType": "aws_sigv4",
            "expiresIn": 900,
            "refreshToken": "the-next",
            "idToken": format!("e30.{}.c2ln", BASE64URL_NOPAD.encode(claims.as_bytes())),
        });
        change(&mut answer);
        read(
            answer.to_string().as_bytes(),
            Timestamp::from_unix_seconds(1_000),
        )
    }

    #[test]
    fn whole_answers() {
        let tokens = answer(|_| {}).unwrap();
        assert_eq!(
            tokens.login_session.as_deref(),
            Some("arn:aws:iam::111122223333:user/jo")
        );
        let ends =
            |tokens: ConsoleLoginTokens| tokens.credentials.expires_at.unwrap().unix_seconds();
        assert_eq!(ends(tokens), 1_900);
        let long = answer(|answer| answer["expiresIn"] = json!(86_400)).unwrap();
        assert_eq!(ends(long), 1_900, "never longer than AWS says they last");
        let renewed = answer(|answer| answer["idToken"] = Value::Null).unwrap();
        assert!(renewed.login_session.is_none() && renewed.id_token.is_none());
        for odd in ["", "a", "a.b.c", "e30.e30.e30"] {
            assert!(
                answer(|answer| answer["idToken"] = json!(odd))
                    .unwrap()
                    .login_session
                    .is_none()
            );
        }
    }

    #[test]
    fn answers_that_lack_something() {
        for (member, value) in [
            ("refreshToken", json!("")),
            ("refreshToken", Value::Null),
            ("expiresIn", json!(0)),
            ("accessToken", json!({})),
            (
                "accessToken",
                json!({"accessKeyId": "ASIA", "secretAccessKey": "s", "sessionToken": "t"}),
            ),
        ] {
            assert!(
                answer(|answer| answer[member] = value.clone()).is_none(),
                "{member} {value}"
            );
        }
    }
}
