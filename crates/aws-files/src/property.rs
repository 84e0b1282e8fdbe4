//! One `key = value` of a section, with its continuation lines or nested block.

use secrecy::SecretString;
use std::borrow::Cow;

/// Keys whose values are secrets from the parser on.
const SECRET_KEYS: [&str; 3] = [
    "aws_secret_access_key",
    "aws_session_token",
    "aws_security_token",
];

/// Keys that nearly every file is made of; they need no memory of their own.
const COMMON_KEYS: [&str; 21] = [
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "credential_process",
    "credential_source",
    "duration_seconds",
    "external_id",
    "login_session",
    "mfa_serial",
    "output",
    "region",
    "role_arn",
    "role_session_name",
    "source_profile",
    "sso_account_id",
    "sso_region",
    "sso_registration_scopes",
    "sso_role_name",
    "sso_session",
    "sso_start_url",
    "web_identity_token_file",
];

/// A key in lower case.
pub(crate) type Key = Cow<'static, str>;

/// The value of this key is a secret.
pub(crate) fn is_secret_key(key: &str) -> bool {
    SECRET_KEYS.contains(&key)
}

/// Makes a key of text in any case.
pub(crate) fn key(text: &str) -> Key {
    match COMMON_KEYS.iter().find(|common| **common == text) {
        Some(common) => Cow::Borrowed(common),
        None => Cow::Owned(text.to_ascii_lowercase()),
    }
}

/// One property.
pub(crate) struct Property {
    pub(crate) key: Key,
    pub(crate) value: Value,
    /// Sub-properties of a nested block (`s3 =` and indented lines).
    pub(crate) nested: Box<[Nested]>,
    /// Line with the key, counted from 1.
    pub(crate) line: u32,
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
    pub(crate) key: Key,
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
