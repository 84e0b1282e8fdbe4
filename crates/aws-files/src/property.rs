//! One `key = value` of a section, with its continuation lines or nested block.

use crate::problem::Location;
use secrecy::SecretString;

/// Keys whose values are secrets from the parser on.
const SECRET_KEYS: [&str; 3] = [
    "aws_secret_access_key",
    "aws_session_token",
    "aws_security_token",
];

/// The value of this key is a secret.
pub(crate) fn is_secret_key(key: &str) -> bool {
    SECRET_KEYS.contains(&key)
}

/// One property.
pub(crate) struct Property {
    /// Key in lower case.
    pub(crate) key: Box<str>,
    pub(crate) value: Value,
    /// Sub-properties of a nested block (`s3 =` and indented lines).
    pub(crate) nested: Vec<Nested>,
    /// Where the key stands.
    pub(crate) location: Location,
    /// Last line that belongs to it, counted from 1.
    pub(crate) last_line: u32,
}

/// The value of a property: without comments, lines of a continued value joined by line feeds.
pub(crate) enum Value {
    Plain(Box<str>),
    Secret(SecretString),
}

/// One sub-property of a nested block.
pub(crate) struct Nested {
    /// Key in lower case.
    pub(crate) key: Box<str>,
    pub(crate) value: Box<str>,
}

impl Property {
    /// The value, unless it is a secret.
    pub(crate) fn plain(&self) -> Option<&str> {
        match &self.value {
            Value::Plain(text) => Some(text),
            Value::Secret(_) => None,
        }
    }

    /// The value, when it is a secret.
    pub(crate) fn secret(&self) -> Option<&SecretString> {
        match &self.value {
            Value::Plain(_) => None,
            Value::Secret(secret) => Some(secret),
        }
    }
}
