//! The access key in a caller's environment, for those who want it used.

use crate::secret;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;

/// The variable in the environment of a `credential_process` that says for which profile it runs: a program that asks
/// the agent from there for what needs that very profile would wait for itself.
pub const CREDENTIAL_PROCESS: &str = "HOLDFAST_CREDENTIAL_PROCESS";

/// The access key in a caller's environment
/// (<https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html>).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct EnvironmentKey {
    /// `AWS_ACCESS_KEY_ID`. Not a secret.
    pub access_key_id: String,
    /// `AWS_SECRET_ACCESS_KEY`.
    #[serde(with = "secret")]
    pub secret_access_key: SecretString,
    /// `AWS_SESSION_TOKEN`, which only temporary keys have.
    #[serde(
        default,
        with = "secret::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub session_token: Option<SecretString>,
}

/// An access key id is given once, so it tells one key from every other.
impl PartialEq for EnvironmentKey {
    fn eq(&self, other: &Self) -> bool {
        self.access_key_id == other.access_key_id
    }
}

impl Eq for EnvironmentKey {}

impl EnvironmentKey {
    /// The key in this process's environment; nothing unless both parts are there.
    pub fn gather() -> Option<Self> {
        Self::resolve(&|name| std::env::var_os(name))
    }

    /// The same from given variables.
    pub fn resolve(var: &dyn Fn(&str) -> Option<OsString>) -> Option<Self> {
        let text = |name: &str| {
            let value = var(name)?.into_string().ok()?;
            Some(value).filter(|value| !value.is_empty())
        };
        Some(Self {
            access_key_id: text("AWS_ACCESS_KEY_ID")?,
            secret_access_key: text("AWS_SECRET_ACCESS_KEY")?.into(),
            session_token: text("AWS_SESSION_TOKEN").map(SecretString::from),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn both_parts_make_a_key() {
        check(&[], None);
        check(&[("AWS_ACCESS_KEY_ID", "AKIA1")], None);
        let id = ("AWS_ACCESS_KEY_ID", "ASIA1");
        check(&[id, ("AWS_SECRET_ACCESS_KEY", "")], None);
        let secret = ("AWS_SECRET_ACCESS_KEY", "s");
        check(&[secret], None);
        check(&[id, secret], Some(None));
        check(&[id, secret, ("AWS_SESSION_TOKEN", "")], Some(None));
        check(&[id, secret, ("AWS_SESSION_TOKEN", "t")], Some(Some("t")));
    }

    /// Expects a key of `ASIA1` with this session token, or none.
    fn check(vars: &[(&str, &str)], expect: Option<Option<&str>>) {
        let var = |name: &str| {
            let found = vars.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| OsString::from(value))
        };
        let key = EnvironmentKey::resolve(&var);
        let got = key.as_ref().map(|key| {
            assert_eq!(key.access_key_id, "ASIA1");
            key.session_token.as_ref().map(ExposeSecret::expose_secret)
        });
        assert_eq!(got, expect, "{vars:?}");
    }
}
