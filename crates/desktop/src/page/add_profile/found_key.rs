//! A key in a file of the console or in the clipboard. The window learns that there is one, and its shortened id.

use super::keeper::Keeper;
use crate::agent::Agent;
use crate::page::Trouble;
use crate::page::change::{Made, tilde};
use holdfast_setup::keys::{self, AccessKey, KeyError, Source, short_id};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;
use zeroize::Zeroizing;

/// Where a key was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum KeySource {
    /// In the file that was chosen.
    File,
    /// In the clipboard.
    Clipboard,
}

/// A key that was found and is nowhere else yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct FoundKey {
    /// Where.
    pub source: KeySource,
    /// The place in words.
    pub place: String,
    /// The shortened id.
    pub id: String,
}

/// Where to read the key, each time anew, so that no secret is kept meanwhile.
pub enum KeyText<'a> {
    /// A file of the console.
    File(&'a Path),
    /// A text from the clipboard.
    Clipboard(Zeroizing<String>),
}

impl KeyText<'_> {
    fn read(&self) -> Result<AccessKey, Trouble> {
        match self {
            Self::Clipboard(text) => Ok(keys::from_text(text, "the clipboard")?),
            Self::File(path) => {
                let from = || tilde(path);
                let Source::Csv { mut keys, .. } = Source::open(path)? else {
                    return Err(KeyError::MissingColumn {
                        from: from(),
                        column: "Access key ID",
                    }
                    .into());
                };
                match (keys.pop(), keys.is_empty()) {
                    (Some(key), true) => Ok(key),
                    (_, _) => Err(KeyError::NotOneKey { from: from() }.into()),
                }
            }
        }
    }

    fn source(&self) -> KeySource {
        match self {
            Self::File(_) => KeySource::File,
            Self::Clipboard(_) => KeySource::Clipboard,
        }
    }

    fn place(&self) -> String {
        match self {
            Self::File(path) => tilde(path),
            Self::Clipboard(_) => "the clipboard".to_owned(),
        }
    }
}

/// Says which key is there.
///
/// # Errors
/// When there is none; nothing of what is there instead is repeated.
pub fn found_key(text: &KeyText<'_>) -> Result<FoundKey, Trouble> {
    Ok(FoundKey {
        source: text.source(),
        place: text.place(),
        id: short_id(&text.read()?.id),
    })
}

/// Puts the key into the keychain, when it is still the one that was found.
///
/// # Errors
/// When it is another one by now, or is refused or not held afterwards.
pub fn store_found_key(
    agent: &Agent,
    text: &KeyText<'_>,
    id: &str,
    profile: &str,
    replace: bool,
) -> Result<Made, Trouble> {
    let profile = profile.trim();
    if profile.is_empty() {
        return Err(Trouble::new("The key needs a profile that it belongs to."));
    }
    let key = text.read()?;
    let full_id = key.id.clone();
    if short_id(&full_id) != id {
        let place = text.place();
        return Err(Trouble::new(format!(
            "There is another key in {place} by now, so nothing was stored."
        ))
        .hint("Look at it again."));
    }
    let key = vec![(profile.to_owned(), key)];
    keys::transfer(&mut Keeper(agent), key, replace, |_| Ok::<(), Trouble>(()))?;
    Ok(Made::new(
        format!("The keychain holds {full_id} for {profile}."),
        [],
    ))
}

/// Deletes the file of the console, when its key is in the keychain.
///
/// # Errors
/// When it is not, or would not last there, or the file cannot be deleted.
pub fn delete_key_file(agent: &Agent, path: &Path) -> Result<Made, Trouble> {
    let key = KeyText::File(path).read()?;
    keys::check_lasts(&mut Keeper(agent))?;
    let shown = tilde(path);
    if !super::keeper::held(agent)?.iter().any(|it| it.id == key.id) {
        let message = format!("The keychain does not hold the key of {shown}; it stays.");
        return Err(Trouble::new(message).hint("Put the key into the keychain first."));
    }
    fs::remove_file(path).map_err(|error| {
        Trouble::new(format!("{shown} cannot be deleted: {error}")).hint("Delete it yourself.")
    })?;
    Ok(Made::new(format!("{shown} is deleted."), []))
}
