//! JSON web tokens signed with ES256 (RFC 7515, RFC 7518 section 3.4, RFC 7519).

use data_encoding::BASE64URL_NOPAD;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair,
    UnparsedPublicKey,
};
use serde_json::{Value, json};

use crate::random;

/// A P-256 key with the name under which verifiers know it.
#[derive(Debug)]
pub(crate) struct SigningKey {
    pair: EcdsaKeyPair,
    id: String,
}

impl Default for SigningKey {
    /// A new key.
    ///
    /// # Panics
    /// When the operating system has no random source.
    fn default() -> Self {
        const RANDOM: &str = "the operating system has a random source";
        let source = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &source).expect(RANDOM);
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &source).expect(RANDOM);
        Self {
            pair,
            id: random::uuid(),
        }
    }
}

impl SigningKey {
    /// The public key, uncompressed.
    pub(crate) fn public(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }

    /// A signed token with these claims.
    pub(crate) fn sign(&self, claims: &Value) -> String {
        let header = json!({ "alg": "ES256", "typ": "JWT", "kid": self.id });
        self.sign_under(&header, claims)
    }

    /// A signed token with this header and these claims.
    ///
    /// # Panics
    /// When the operating system has no random source.
    pub(crate) fn sign_under(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let signed = format!("{}.{}", part(header), part(claims));
        let signature = self
            .pair
            .sign(&SystemRandom::new(), signed.as_bytes())
            .expect("the operating system has a random source");
        format!("{signed}.{}", BASE64URL_NOPAD.encode(signature.as_ref()))
    }
}

/// A token taken apart; nothing in it is to be believed before its signature was checked.
#[derive(Debug)]
pub(crate) struct Token<'a> {
    pub(crate) header: Value,
    pub(crate) claims: Value,
    signed: &'a str,
    signature: Vec<u8>,
}

impl<'a> Token<'a> {
    /// The parts of a token in compact form.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let part = |text: &str| -> Option<Value> {
            let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
            serde_json::from_slice(&bytes).ok().filter(Value::is_object)
        };
        Some(Self {
            header: part(header)?,
            claims: part(claims)?,
            signed,
            signature: BASE64URL_NOPAD.decode(signature.as_bytes()).ok()?,
        })
    }

    /// A claim that is a text.
    pub(crate) fn text(&self, claim: &str) -> Option<&str> {
        self.claims.get(claim)?.as_str()
    }

    /// A claim that is a time in seconds.
    pub(crate) fn seconds(&self, claim: &str) -> Option<i64> {
        let value = self.claims.get(claim)?;
        value.as_i64().or_else(|| {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a claim's fraction of a second does not count"
            )]
            value.as_f64().map(|seconds| seconds as i64)
        })
    }

    /// Whether the holder of this public key (uncompressed) signed it with ES256.
    pub(crate) fn is_signed_by(&self, public: &[u8]) -> bool {
        self.header.get("alg").and_then(Value::as_str) == Some("ES256")
            && UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public)
                .verify(self.signed.as_bytes(), &self.signature)
                .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_its_key_and_text_only() {
        let (key, other) = (SigningKey::default(), SigningKey::default());
        let text = key.sign(&json!({ "sub": "me", "exp": 7, "nbf": 6.5 }));
        let token = Token::parse(&text).unwrap();
        assert!(token.is_signed_by(key.public()));
        assert!(!token.is_signed_by(other.public()));
        assert_eq!(token.text("sub"), Some("me"));
        assert_eq!(
            (token.seconds("exp"), token.seconds("nbf")),
            (Some(7), Some(6))
        );
        let forged = BASE64URL_NOPAD.encode(b"{\"sub\":\"you\"}");
        let mut parts: Vec<&str> = text.split('.').collect();
        parts[1] = &forged;
        let forged = parts.join(".");
        assert!(!Token::parse(&forged).unwrap().is_signed_by(key.public()));
    }

    #[test]
    fn what_is_no_token() {
        for text in [
            "",
            "a",
            "a.b",
            "a.b.c",
            "e30.e30",
            "e30.e30.!",
            "MQ.e30.",
            "e30.e30.e30.e30",
        ] {
            assert!(Token::parse(text).is_none(), "{text}");
        }
        assert!(
            !Token::parse("e30.e30.")
                .unwrap()
                .is_signed_by(SigningKey::default().public())
        );
    }
}
