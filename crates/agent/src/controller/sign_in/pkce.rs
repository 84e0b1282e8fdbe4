//! The secrets of one sign-in with the browser: its state, and the verifier behind its challenge (RFC 7636).

use data_encoding::BASE64URL_NOPAD;
use holdfast_core::failure::{Failure, FailureKind};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Everything but the unreserved characters of RFC 3986.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What only this sign-in knows.
pub(in super::super) struct Pkce {
    /// Tells the browser of this sign-in from anybody else's.
    pub(in super::super) state: SecretString,
    /// Shows that who exchanges the code is who asked for it.
    pub(in super::super) verifier: SecretString,
}

impl Pkce {
    /// New ones, of 256 random bits each.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub(in super::super) fn new() -> Result<Self, Failure> {
        Ok(Self {
            state: random()?,
            verifier: random()?,
        })
    }

    /// The query of the page that the person signs in on. `scopes` goes under the name that AWS gives it.
    pub(in super::super) fn query(
        &self,
        client_id: &str,
        redirect_uri: &str,
        scopes: Option<&str>,
    ) -> String {
        self.fields(client_id, redirect_uri, "S256", ("scopes", scopes))
    }

    /// The same for the AWS console, whose names for the method and the scope are others.
    pub(in super::super) fn console_query(&self, client_id: &str, redirect_uri: &str) -> String {
        let scope = ("scope", Some("openid"));
        self.fields(client_id, redirect_uri, "SHA-256", scope)
    }

    fn fields(
        &self,
        client_id: &str,
        redirect_uri: &str,
        method: &str,
        scopes: (&str, Option<&str>),
    ) -> String {
        let challenge = Sha256::digest(self.verifier.expose_secret().as_bytes());
        let challenge = BASE64URL_NOPAD.encode(&challenge);
        let fields = [
            ("response_type", Some("code")),
            ("client_id", Some(client_id)),
            ("redirect_uri", Some(redirect_uri)),
            ("state", Some(self.state.expose_secret())),
            ("code_challenge_method", Some(method)),
            scopes,
            ("code_challenge", Some(challenge.as_str())),
        ];
        let fields: Vec<String> = fields
            .into_iter()
            .filter_map(|(name, value)| {
                Some(format!("{name}={}", utf8_percent_encode(value?, QUERY)))
            })
            .collect();
        fields.join("&")
    }
}

fn random() -> Result<SecretString, Failure> {
    let mut bits = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *bits).map_err(|error| Failure {
        kind: FailureKind::SourceUnavailable,
        message: format!("the system gives no randomness: {error}"),
        answered: false,
        retry_at: None,
    })?;
    Ok(SecretString::from(BASE64URL_NOPAD.encode(&*bits)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_the_rfc() {
        // RFC 7636, appendix B.
        let pkce = Pkce {
            state: SecretString::from("s"),
            verifier: SecretString::from("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
        };
        let uri = "http://127.0.0.1:4711/oauth/callback";
        assert_eq!(
            pkce.query("client", uri, Some("sso:account:access a")),
            "response_type=code&client_id=client\
             &redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2Foauth%2Fcallback&state=s\
             &code_challenge_method=S256&scopes=sso%3Aaccount%3Aaccess%20a\
             &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn states_hold_256_bits_and_are_made_anew() {
        let (one, other) = (Pkce::new().unwrap(), Pkce::new().unwrap());
        assert_eq!(one.state.expose_secret().len(), 43);
        assert_ne!(one.state.expose_secret(), other.state.expose_secret());
        assert_ne!(one.state.expose_secret(), one.verifier.expose_secret());
    }
}
