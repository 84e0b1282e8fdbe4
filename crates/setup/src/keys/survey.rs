//! What the AWS files hold: plaintext keys, and the profiles and MFA devices that depend on them.

use super::plaintext::Plaintext;
use crate::error::Result;
use holdfast_agent_proto::CallerContext;
use holdfast_aws_files::{ProfileSet, Section};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Longest chain of source profiles that is followed.
const MAX_STEPS: usize = 16;

/// What the AWS files hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    /// The config file.
    pub config: PathBuf,
    /// The credentials file.
    pub credentials: PathBuf,
    /// Names of all profiles, in the order of the files.
    pub profiles: Vec<String>,
    /// Profiles with a plaintext key.
    pub keys: Vec<PlaintextKey>,
    /// Serials of MFA devices, each once, in the order of the files.
    pub mfa_devices: Vec<String>,
    /// Problems in the files, each with file and line.
    pub problems: Vec<String>,
}

/// A plaintext key. Says nothing of its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaintextKey {
    /// The profile.
    pub profile: String,
    /// Access key id.
    pub id: String,
    /// The file.
    pub file: PathBuf,
    /// The line of its secret, counted from 1.
    pub line: u32,
    /// It has a session token, so it ends by itself.
    pub is_temporary: bool,
    /// The MFA device of the profile itself.
    pub mfa_serial: Option<String>,
    /// Other profiles that need this key.
    pub dependents: Vec<Dependent>,
}

/// A profile whose credentials come from the key of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependent {
    /// The profile.
    pub profile: String,
    /// The role that it assumes.
    pub role_arn: Option<String>,
    /// Its MFA device.
    pub mfa_serial: Option<String>,
}

impl Survey {
    /// Reads the user's AWS files.
    ///
    /// # Errors
    /// When one of them is there and cannot be read.
    pub fn read(context: &CallerContext) -> Result<Self> {
        let files = Plaintext::of_user(context)?;
        let profiles = files.profiles();
        let mut seen = BTreeSet::new();
        let mfa_devices = profiles
            .profiles()
            .filter_map(|profile| text(profile, "mfa_serial"))
            .filter(|serial| seen.insert(serial.clone()))
            .collect();
        Ok(Self {
            config: files.config().file().to_owned(),
            credentials: files.credentials().file().to_owned(),
            profiles: profiles
                .profiles()
                .map(|profile| profile.name().to_owned())
                .collect(),
            keys: keys(&profiles),
            mfa_devices,
            problems: profiles
                .problems()
                .iter()
                .map(ToString::to_string)
                .collect(),
        })
    }
}

fn keys(profiles: &ProfileSet) -> Vec<PlaintextKey> {
    let mut keys: Vec<PlaintextKey> = profiles
        .profiles()
        .filter_map(|profile| {
            let key = profile.access_key()?;
            let place = profile.location("aws_secret_access_key")?;
            Some(PlaintextKey {
                profile: profile.name().to_owned(),
                id: key.id.to_owned(),
                file: place.file.to_path_buf(),
                line: place.line,
                is_temporary: key.session_token.is_some(),
                mfa_serial: text(profile, "mfa_serial"),
                dependents: Vec::new(),
            })
        })
        .collect();
    for profile in profiles.profiles() {
        let Some(source) = source_of(profiles, profile) else {
            continue;
        };
        if let Some(key) = keys.iter_mut().find(|key| key.profile == source) {
            key.dependents.push(Dependent {
                profile: profile.name().to_owned(),
                role_arn: text(profile, "role_arn"),
                mfa_serial: text(profile, "mfa_serial"),
            });
        }
    }
    keys
}

/// The other profile at the start of a chain of source profiles.
fn source_of(profiles: &ProfileSet, profile: &Section) -> Option<String> {
    let mut at = profile;
    for _ in 0..MAX_STEPS {
        let next = at
            .get("role_arn")
            .and_then(|_| at.get("source_profile"))
            .filter(|next| *next != at.name())
            .and_then(|next| profiles.profile(next));
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    (at.name() != profile.name()).then(|| at.name().to_owned())
}

fn text(profile: &Section, key: &str) -> Option<String> {
    let value = profile.get(key)?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}
