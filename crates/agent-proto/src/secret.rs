//! Serde adapters for secrets: the one place where this crate exposes them.
//!
//! A secret is a [`SecretString`], which is neither `Debug`-printed nor `Serialize`.
//! Fields name one of these modules in `#[serde(with = …)]`, so that encoding a
//! secret is always a visible decision.

use crate::frame::{self, FrameError};
use secrecy::{ExposeSecret, SecretString};
use serde::de::{DeserializeOwned, Deserializer, Error, Visitor};
use serde::ser::Serializer;
use std::fmt;

/// Encodes the secret into the (zeroising) frame buffer.
pub fn serialize<S: Serializer>(secret: &SecretString, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(secret.expose_secret())
}

/// Decodes a secret straight from the input, without an intermediate `String` where the input allows it.
pub fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<SecretString, D::Error> {
    input.deserialize_str(SecretVisitor)
}

/// Decodes JSON that is itself a secret.
///
/// # Errors
/// What is wrong with it, without a word of it.
pub fn parse_json<T: DeserializeOwned>(json: &SecretString) -> Result<T, FrameError> {
    frame::decode(json.expose_secret().as_bytes())
}

struct SecretVisitor;

impl Visitor<'_> for SecretVisitor {
    type Value = SecretString;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<SecretString, E> {
        Ok(SecretString::from(Box::<str>::from(text)))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<SecretString, E> {
        Ok(SecretString::from(text))
    }
}

/// The same for an optional secret.
pub mod option {
    use super::{Deserializer, ExposeSecret, SecretString, Serializer};
    use serde::Deserialize;

    struct Wrapper(SecretString);

    impl<'de> Deserialize<'de> for Wrapper {
        fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
            super::deserialize(input).map(Wrapper)
        }
    }

    /// Encodes the secret, or `null`.
    pub fn serialize<S: Serializer>(
        secret: &Option<SecretString>,
        out: S,
    ) -> Result<S::Ok, S::Error> {
        match secret {
            Some(secret) => out.serialize_some(secret.expose_secret()),
            None => out.serialize_none(),
        }
    }

    /// Decodes a secret or `null`.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        input: D,
    ) -> Result<Option<SecretString>, D::Error> {
        Ok(Option::<Wrapper>::deserialize(input)?.map(|wrapper| wrapper.0))
    }
}
