//! Plaintext keys: into the keychain, and then out of their files.

use super::keeper::Keeper;
use crate::agent::Agent;
use crate::page::Trouble;
use crate::page::change::{Change, Made, check_agreed, kept_in, tilde};
use holdfast_setup::keys::{self, Plaintext, RemovalPlan, Stored};
use serde::Deserialize;

/// A plaintext key that was chosen.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(serde::Serialize, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct KeyName {
    /// The profile.
    pub profile: String,
    /// The key's id.
    pub id: String,
}

/// Puts the keys of these profiles into the keychain. No file is changed.
///
/// # Errors
/// When a key is gone from its file, refused, or not held afterwards.
pub fn import_keys(agent: &Agent, profiles: &[String], replace: bool) -> Result<Made, Trouble> {
    let files = Plaintext::of_user(agent.context())?;
    let found = files.access_keys(profiles)?;
    let stored = keys::transfer(&mut Keeper(agent), found.keys, replace, |_| {
        Ok::<(), Trouble>(())
    })?;
    let (message, still) = match stored.as_slice() {
        [one] => (
            format!("The key of {} is in the keychain.", one.profile),
            "It can still be read in plaintext, too.",
        ),
        more => (
            format!("{} keys are in the keychain.", more.len()),
            "They can still be read in plaintext, too.",
        ),
    };
    Ok(Made::new(message, [still.to_owned()]))
}

/// The change that takes keys out of their files.
///
/// # Errors
/// When a file cannot be read.
pub fn plan_removal(agent: &Agent, keys: Vec<KeyName>) -> Result<Change, Trouble> {
    let plan = removal(agent, keys)?;
    Ok(Change {
        fingerprint: plan.fingerprint(),
        diffs: plan.diffs(),
        notes: vec![
            "A backup is kept beside each file, with the secrets masked. The keychain then holds the only copy."
                .to_owned(),
            "Programs that read keys from the file themselves get them from Holdfast with this line in the profile: credential_process = holdfast credential-process --profile PROFILE"
                .to_owned(),
        ],
        ..Change::default()
    })
}

/// Takes keys out of their files, when that is still the change that was shown.
///
/// # Errors
/// When a file changed meanwhile, or the keychain does not hold the keys for good.
pub fn make_removal(agent: &Agent, keys: Vec<KeyName>, fingerprint: &str) -> Result<Made, Trouble> {
    let plan = removal(agent, keys)?;
    let file = tilde(&agent.context().credentials_file);
    check_agreed(fingerprint, &plan.fingerprint(), &file)?;
    let written = plan.apply(&mut Keeper(agent))?;
    let files: Vec<String> = written.iter().map(|it| tilde(&it.file)).collect();
    let backups = written
        .iter()
        .filter_map(|it| kept_in(it.backup.as_deref(), true));
    let message = format!("{} holds none of these keys any more.", files.join(" and "));
    Ok(Made::new(message, backups))
}

fn removal(agent: &Agent, keys: Vec<KeyName>) -> Result<RemovalPlan, Trouble> {
    let keys = keys.into_iter().map(|key| Stored {
        profile: key.profile,
        id: key.id,
    });
    Ok(RemovalPlan::make(agent.context(), keys.collect())?)
}
