//! OpenID Connect providers that an account trusts, and the tokens they give out.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::World;
use crate::clock::shifted;
use crate::hidden::Hidden;
use crate::jwt::{SigningKey, Token};
use crate::random;

/// An OpenID Connect provider of an account, together with what stands behind its address.
#[derive(Debug)]
pub(crate) struct OidcProvider {
    pub(crate) arn: String,
    /// The issuer in its tokens: `https://…`.
    pub(crate) issuer: String,
    /// The audiences that IAM was told to accept.
    pub(crate) audiences: Vec<String>,
    pub(crate) key: SigningKey,
    /// Subjects that the provider no longer vouches for.
    pub(crate) rejected: BTreeSet<String>,
}

/// What a provider says about somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WebIdentity {
    pub(crate) subject: String,
    pub(crate) audience: String,
}

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenRefused {
    /// Not a token at all.
    Malformed,
    /// Not signed by the provider.
    Signature,
    /// Meant for somebody else.
    Audience,
    /// Over, at this second.
    Expired(i64),
    /// Not yet valid.
    Early,
    /// The provider no longer vouches for the subject.
    Rejected,
}

impl OidcProvider {
    /// The issuer without its scheme, as condition keys and ARNs name the provider.
    pub(crate) fn name(&self) -> &str {
        self.issuer.strip_prefix("https://").unwrap_or(&self.issuer)
    }

    /// A token for `subject` that is good for `lifetime`.
    fn issue(&self, subject: &str, lifetime: SignedDuration, now: Timestamp) -> Hidden {
        let audience = self.audiences.first().map_or("", String::as_str);
        let claims = json!({
            "iss": self.issuer,
            "sub": subject,
            "aud": audience,
            "iat": now.as_second(),
            "nbf": now.as_second(),
            "exp": shifted(now, lifetime).as_second(),
            "jti": random::uuid(),
        });
        Hidden::new(self.key.sign(&claims))
    }

    /// Who the token speaks of, when every claim in it holds.
    pub(crate) fn verify(
        &self,
        token: &Token<'_>,
        now: Timestamp,
    ) -> Result<WebIdentity, TokenRefused> {
        if !token.is_signed_by(self.key.public()) {
            return Err(TokenRefused::Signature);
        }
        let subject = token.text("sub").ok_or(TokenRefused::Malformed)?;
        let ends = token.seconds("exp").ok_or(TokenRefused::Malformed)?;
        let audience = audiences(token)
            .into_iter()
            .find(|name| self.audiences.iter().any(|known| known == name))
            .ok_or(TokenRefused::Audience)?;
        if now.as_second() >= ends {
            return Err(TokenRefused::Expired(ends));
        }
        if token
            .seconds("nbf")
            .is_some_and(|begins| now.as_second() < begins)
        {
            return Err(TokenRefused::Early);
        }
        if self.rejected.contains(subject) {
            return Err(TokenRefused::Rejected);
        }
        Ok(WebIdentity {
            subject: subject.to_owned(),
            audience: audience.to_owned(),
        })
    }
}

impl World {
    /// The provider of this issuer in this account.
    pub(crate) fn oidc_provider(&self, account: &str, issuer: &str) -> Option<&OidcProvider> {
        let providers = &self.accounts.get(account)?.oidc_providers;
        providers.iter().find(|provider| provider.issuer == issuer)
    }

    /// A token of the provider behind `issuer`, in whichever account it is known.
    pub(crate) fn issue_web_identity(
        &mut self,
        issuer: &str,
        subject: &str,
        lifetime: SignedDuration,
        now: Timestamp,
    ) -> Option<Hidden> {
        let token = self
            .accounts
            .values()
            .flat_map(|account| &account.oidc_providers)
            .find(|provider| provider.issuer == issuer)?
            .issue(subject, lifetime, now);
        self.note_secret("web identity token", token.clone());
        Some(token)
    }

    /// The provider behind `issuer` vouches no longer for a subject; says whether there is such a provider.
    pub(crate) fn reject_web_identity(&mut self, issuer: &str, subject: &str) -> bool {
        let mut found = false;
        for provider in self
            .accounts
            .values_mut()
            .flat_map(|account| &mut account.oidc_providers)
            .filter(|provider| provider.issuer == issuer)
        {
            provider.rejected.insert(subject.to_owned());
            found = true;
        }
        found
    }
}

/// `aud`, which is a text or a list of texts.
fn audiences<'t>(token: &'t Token<'_>) -> Vec<&'t str> {
    match token.claims.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => {
            Vec::new()
        }
    }
}
