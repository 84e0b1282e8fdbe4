//! The page that adds profiles and keys: what the AWS files hold, and the changes that it offers.

mod found_key;
mod keeper;
mod keys;
mod new_profile;

pub use found_key::{FoundKey, KeySource, KeyText, delete_key_file, found_key, store_found_key};
pub use keys::{KeyName, import_keys, make_removal, plan_removal};
pub use new_profile::{ProfileForm, make_profile, plan_profile};

use super::Trouble;
use super::change::tilde;
use crate::agent::Agent;
use holdfast_setup::keys::{Dependent, PlaintextKey, Stored, Survey, short_id};
use serde::Serialize;

/// Names that are told one by one; of more, only the number.
const MOST_NAMES: usize = 3;

/// What is there to begin with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct AddProfilePage {
    /// The config file, with `~` for the home folder.
    pub config_file: String,
    /// The credentials file, with `~` for the home folder.
    pub credentials_file: String,
    /// Names of all profiles.
    pub profiles: Vec<String>,
    /// Keys in plaintext.
    pub keys: Vec<KeyRow>,
    /// Profiles whose key only the keychain holds.
    pub kept: Vec<KeptKey>,
    /// Serials of MFA devices that profiles name.
    pub mfa_devices: Vec<String>,
    /// What is wrong in the files.
    pub problems: Vec<String>,
    /// There is neither a profile nor a key.
    pub is_empty: bool,
}

/// A key in plaintext.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct KeyRow {
    /// The profile.
    pub profile: String,
    /// The key's id.
    pub id: String,
    /// Where it stands and who needs it.
    pub words: String,
    /// What the keychain holds for the profile.
    pub held: Held,
}

/// What the keychain holds for the profile of a plaintext key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Held {
    /// Nothing.
    Nothing,
    /// The same key.
    Same,
    /// Another key.
    Other,
    /// The key is temporary and is not for the keychain.
    Temporary,
}

/// A key that only the keychain holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct KeptKey {
    /// The profile.
    pub profile: String,
    /// The shortened id.
    pub id: String,
}

impl AddProfilePage {
    /// Looks at the user's files and asks the agent what the keychain holds.
    ///
    /// # Errors
    /// When a file cannot be read or the agent cannot be asked.
    pub fn read(agent: &Agent) -> Result<Self, Trouble> {
        let survey = Survey::read(agent.context())?;
        Ok(Self::new(survey, &keeper::held(agent)?))
    }

    fn new(survey: Survey, held: &[Stored]) -> Self {
        let credentials = tilde(&survey.credentials);
        let is_plain = |key: &&Stored| survey.keys.iter().any(|row| row.profile == key.profile);
        let kept = held.iter().filter(|key| !is_plain(key));
        Self {
            config_file: tilde(&survey.config),
            is_empty: survey.profiles.is_empty() && held.is_empty(),
            kept: kept
                .map(|key| KeptKey {
                    profile: key.profile.clone(),
                    id: short_id(&key.id),
                })
                .collect(),
            keys: survey.keys.iter().map(|key| row(key, held)).collect(),
            credentials_file: credentials,
            profiles: survey.profiles,
            mfa_devices: survey.mfa_devices,
            problems: survey.problems,
        }
    }
}

fn row(key: &PlaintextKey, held: &[Stored]) -> KeyRow {
    let in_keychain = held.iter().find(|held| held.profile == key.profile);
    KeyRow {
        profile: key.profile.clone(),
        id: key.id.clone(),
        words: in_words(key),
        held: match in_keychain {
            _ if key.is_temporary => Held::Temporary,
            None => Held::Nothing,
            Some(held) if held.id == key.id => Held::Same,
            Some(_) => Held::Other,
        },
    }
}

fn in_words(key: &PlaintextKey) -> String {
    let mut words = vec![format!(
        "{} in {}, line {}",
        short_id(&key.id),
        tilde(&key.file),
        key.line
    )];
    let devices = key.mfa_serial.iter();
    let serials = devices.chain(
        key.dependents
            .iter()
            .filter_map(|it| it.mfa_serial.as_ref()),
    );
    let mut names: Vec<&str> = serials.map(|serial| device(serial)).collect();
    names.dedup();
    if !names.is_empty() {
        words.push(format!("MFA device {}", listed(&names)));
    }
    if !key.dependents.is_empty() {
        let names: Vec<&str> = key.dependents.iter().map(name_of).collect();
        words.push(format!("needed by {}", listed(&names)));
    }
    words.join(", ")
}

fn name_of(dependent: &Dependent) -> &str {
    &dependent.profile
}

/// The device's name, which is the end of its ARN.
fn device(serial: &str) -> &str {
    serial.rsplit('/').next().unwrap_or(serial)
}

fn listed(names: &[&str]) -> String {
    if names.len() > MOST_NAMES {
        let more = names.len() - MOST_NAMES;
        return format!("{} and {more} more", names[..MOST_NAMES].join(", "));
    }
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(dependents: usize) -> PlaintextKey {
        let dependent = |number| Dependent {
            profile: format!("role-{number}"),
            role_arn: None,
            mfa_serial: Some("arn:aws:iam::111111111111:mfa/mary".to_owned()),
        };
        PlaintextKey {
            profile: "main".to_owned(),
            id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
            file: "/x/credentials".into(),
            line: 4,
            is_temporary: false,
            mfa_serial: None,
            dependents: (1..=dependents).map(dependent).collect(),
        }
    }

    #[test]
    fn a_key_is_told_by_its_place_and_by_who_needs_it() {
        for (dependents, expect) in [
            (0, "AKIA…MPLE in /x/credentials, line 4"),
            (
                1,
                "AKIA…MPLE in /x/credentials, line 4, MFA device mary, needed by role-1",
            ),
            (
                3,
                "AKIA…MPLE in /x/credentials, line 4, MFA device mary, needed by role-1, role-2 and role-3",
            ),
            (
                9,
                "AKIA…MPLE in /x/credentials, line 4, MFA device mary, needed by role-1, role-2, role-3 and 6 more",
            ),
        ] {
            assert_eq!(in_words(&key(dependents)), expect);
        }
    }

    #[test]
    fn what_the_keychain_holds_decides_what_is_offered() {
        let stored = |id: &str| Stored {
            profile: "main".to_owned(),
            id: id.to_owned(),
        };
        for (held, expect) in [
            (vec![], Held::Nothing),
            (vec![stored("AKIAIOSFODNN7EXAMPLE")], Held::Same),
            (vec![stored("AKIAIOSFODNN7ANOTHER")], Held::Other),
        ] {
            assert_eq!(row(&key(0), &held).held, expect);
        }
        let temporary = PlaintextKey {
            is_temporary: true,
            ..key(0)
        };
        assert_eq!(row(&temporary, &[]).held, Held::Temporary);
    }
}
