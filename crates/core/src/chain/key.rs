//! The identity of a session as text.

use super::{Chain, Source, Step};
use std::fmt::{self, Write as _};

/// What a session is, independent of the profiles that use it: its source and the steps so far.
///
/// The text stands in the log and contains no secret.
/// Steps are separated by ` > `, the words of a step by spaces; values are percent-encoded so
/// that two different sessions never have the same text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionKey(String);

impl SessionKey {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Chain {
    /// The identity of the source itself.
    pub fn source_key(&self) -> SessionKey {
        let mut text = String::new();
        write_source(&mut text, &self.source);
        SessionKey(text)
    }

    /// The identities of the sessions along the chain: one for each step, the last one the profile's.
    pub fn keys(&self) -> Vec<SessionKey> {
        let SessionKey(mut text) = self.source_key();
        let extend = |step| {
            text.push_str(" >");
            write_step(&mut text, step);
            SessionKey(text.clone())
        };
        self.steps.iter().map(extend).collect()
    }
}

fn write_source(text: &mut String, source: &Source) {
    match source {
        Source::AccessKey { access_key_id, .. } => {
            text.push_str("access-key");
            write_word(text, access_key_id);
        }
        Source::TemporaryKey { access_key_id, .. } => {
            text.push_str("temporary-key");
            write_word(text, access_key_id);
        }
        Source::Environment { access_key_id, .. } => {
            text.push_str("environment");
            write_word(text, access_key_id.as_deref().unwrap_or_default());
        }
        Source::Portal { portal, .. } => {
            text.push_str("portal");
            write_word(text, &portal.start_url);
            write_word(text, &portal.region);
        }
        Source::ConsoleLogin { login_session, .. } => {
            text.push_str("console-login");
            write_word(text, login_session);
        }
        Source::WebIdentityToken { file, .. } => {
            text.push_str("web-identity-token");
            write_word(text, file);
        }
        Source::CredentialProcess {
            profile,
            fingerprint,
        } => {
            text.push_str("credential-process");
            write_word(text, profile);
            write_word(text, &format!("{fingerprint:04x}"));
        }
        Source::InstanceMetadata { .. } => text.push_str("instance-metadata"),
        Source::Container { .. } => text.push_str("container"),
    }
}

fn write_step(text: &mut String, step: &Step) {
    match step {
        Step::GetSessionToken {
            mfa_serial,
            duration_seconds: _,
        } => {
            text.push_str(" get-session-token");
            write_word(text, mfa_serial);
        }
        Step::AssumeRole {
            role_arn,
            role_session_name,
            external_id,
            source_identity,
            duration_seconds,
            mfa_serial,
        } => {
            text.push_str(" assume-role");
            write_word(text, role_arn);
            let duration_seconds = duration_seconds.map(|seconds| seconds.to_string());
            let parameters = [
                ("role-session-name", role_session_name),
                ("external-id", external_id),
                ("source-identity", source_identity),
                ("duration-seconds", &duration_seconds),
                ("mfa-serial", mfa_serial),
            ];
            write_parameters(text, parameters);
        }
        Step::SignIn => text.push_str(" sign-in"),
        Step::GetRoleCredentials {
            account_id,
            role_name,
        } => {
            text.push_str(" get-role-credentials");
            write_word(text, account_id);
            write_word(text, role_name);
        }
        Step::AssumeRoleWithWebIdentity {
            role_arn,
            role_session_name,
            duration_seconds,
        } => {
            text.push_str(" assume-role-with-web-identity");
            write_word(text, role_arn);
            let duration_seconds = duration_seconds.map(|seconds| seconds.to_string());
            write_parameters(
                text,
                [
                    ("role-session-name", role_session_name),
                    ("duration-seconds", &duration_seconds),
                ],
            );
        }
        Step::Fetch => text.push_str(" fetch"),
    }
}

/// Writes the parameters that are there, with their names.
fn write_parameters<const N: usize>(text: &mut String, parameters: [(&str, &Option<String>); N]) {
    for (name, value) in parameters {
        if let Some(value) = value {
            text.push(' ');
            text.push_str(name);
            write_word(text, value);
        }
    }
}

/// Writes a space and the value.
fn write_word(text: &mut String, value: &str) {
    text.push(' ');
    for byte in value.bytes() {
        match byte {
            b'%' | b'>' | 0..=0x20 | 0x7f.. => {
                let _ = write!(text, "%{byte:02X}");
            }
            _ => text.push(char::from(byte)),
        }
    }
}
