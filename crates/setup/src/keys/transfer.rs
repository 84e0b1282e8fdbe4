//! Handing keys to whoever keeps them, and making sure that they are kept.

use super::AccessKey;
use crate::error::SetupError;

/// Who keeps access keys: a connection to the agent.
pub trait KeyHolder {
    /// How it fails.
    type Error: From<SetupError>;

    /// Hands a key over.
    ///
    /// # Errors
    /// When it was not taken.
    fn add(&mut self, profile: &str, key: AccessKey, replace: bool) -> Result<(), Self::Error>;

    /// The keys that are held.
    ///
    /// # Errors
    /// When the keychain cannot be asked.
    fn held(&mut self) -> Result<Vec<Stored>, Self::Error>;

    /// Whether keys outlive the agent, which they do not in a keychain in memory.
    ///
    /// # Errors
    /// When the agent cannot be asked.
    fn lasts(&mut self) -> Result<bool, Self::Error>;
}

/// A key that is in the keychain, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The profile.
    pub profile: String,
    /// Access key id.
    pub id: String,
}

/// Hands keys over, tells of each, and reads back whether all are held.
///
/// # Errors
/// When a key is refused or not held afterwards. No file has been changed then.
pub fn transfer<H: KeyHolder>(
    holder: &mut H,
    keys: Vec<(String, AccessKey)>,
    replace: bool,
    mut told: impl FnMut(&Stored) -> Result<(), H::Error>,
) -> Result<Vec<Stored>, H::Error> {
    let mut stored = Vec::new();
    for (profile, key) in keys {
        let id = key.id.clone();
        holder.add(&profile, key, replace)?;
        let key = Stored { profile, id };
        told(&key)?;
        stored.push(key);
    }
    check_held(holder, &stored)?;
    Ok(stored)
}

/// Refuses when one of the keys is not held.
pub(crate) fn check_held<H: KeyHolder>(holder: &mut H, keys: &[Stored]) -> Result<(), H::Error> {
    let held = holder.held()?;
    match keys.iter().find(|key| !held.contains(key)) {
        None => Ok(()),
        Some(key) => Err(SetupError::KeyNotKept {
            profile: key.profile.clone(),
            id: key.id.clone(),
        }
        .into()),
    }
}

/// Refuses when the keychain cannot be the only place of a key.
///
/// # Errors
/// [`SetupError::KeychainForgets`], or that the agent cannot be asked.
pub fn check_lasts<H: KeyHolder>(holder: &mut H) -> Result<(), H::Error> {
    if holder.lasts()? {
        Ok(())
    } else {
        Err(SetupError::KeychainForgets.into())
    }
}
