//! Files with tokens that the AWS CLI and the SDKs share: read with patience, because they write them in place.

use crate::json::{self, Members};
use crate::read::{ReadError, read_if_there};
use jiff::Timestamp;
use secrecy::SecretString;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Why a token file cannot be used. It never quotes the file.
#[derive(Debug, thiserror::Error)]
pub enum TokenFileError {
    /// The system refuses, or it is no file.
    #[error(transparent)]
    Unreadable(#[from] ReadError),
    /// It is empty or ends too early: another program may be writing it.
    #[error("{} is empty or not written to its end", file.display())]
    Incomplete {
        /// The file.
        file: PathBuf,
    },
    /// It is no JSON object.
    #[error("{} is not a JSON object", file.display())]
    NotJson {
        /// The file.
        file: PathBuf,
    },
    /// A member is missing.
    #[error("{} has no {key}", file.display())]
    Missing {
        /// The file.
        file: PathBuf,
        /// The member.
        key: &'static str,
    },
    /// A member has another type or form.
    #[error("{key} in {} is not {expected}", file.display())]
    Wrong {
        /// The file.
        file: PathBuf,
        /// The member.
        key: &'static str,
        /// What it has to be.
        expected: &'static str,
    },
}

/// The content of a token file.
pub(crate) struct TokenText {
    file: PathBuf,
    bytes: Zeroizing<Vec<u8>>,
}

impl TokenText {
    /// Reads a file; nothing when there is none.
    pub(crate) fn read(file: &Path) -> Result<Option<Self>, TokenFileError> {
        let bytes = read_if_there(file)?;
        Ok(bytes.map(|bytes| Self {
            file: file.to_owned(),
            bytes: Zeroizing::new(bytes),
        }))
    }

    /// Content that was read already.
    pub(crate) fn of(file: &Path, bytes: &[u8]) -> Self {
        Self {
            file: file.to_owned(),
            bytes: Zeroizing::new(bytes.to_vec()),
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The object that the file holds.
    pub(crate) fn object(&self) -> Result<TokenObject<'_>, TokenFileError> {
        let file = || self.file.clone();
        let text =
            str::from_utf8(&self.bytes).map_err(|_| TokenFileError::NotJson { file: file() })?;
        let members = Members::parse(text).map_err(|error| {
            if error.is_eof() {
                TokenFileError::Incomplete { file: file() }
            } else {
                TokenFileError::NotJson { file: file() }
            }
        })?;
        Ok(TokenObject {
            file: &self.file,
            text,
            members,
        })
    }
}

/// An object of a token file, with errors that name the file.
pub(crate) struct TokenObject<'t> {
    file: &'t Path,
    /// The object itself with what stands around it.
    pub(crate) text: &'t str,
    members: Members<'t>,
}

impl<'t> TokenObject<'t> {
    /// A value as it is written.
    pub(crate) fn raw(&self, key: &'static str) -> Result<&'t str, TokenFileError> {
        self.members
            .raw(key)
            .ok_or_else(|| TokenFileError::Missing {
                file: self.file.to_owned(),
                key,
            })
    }

    /// A text that has to be there.
    pub(crate) fn text(&self, key: &'static str) -> Result<String, TokenFileError> {
        json::text(self.raw(key)?).ok_or_else(|| self.wrong(key, "a text"))
    }

    /// A text, where there is one.
    pub(crate) fn maybe_text(&self, key: &'static str) -> Result<Option<String>, TokenFileError> {
        match self.members.raw(key) {
            Some(_) => self.text(key).map(Some),
            None => Ok(None),
        }
    }

    /// A secret that has to be there.
    pub(crate) fn secret(&self, key: &'static str) -> Result<SecretString, TokenFileError> {
        self.text(key).map(SecretString::from)
    }

    /// A secret, where there is one.
    pub(crate) fn maybe_secret(
        &self,
        key: &'static str,
    ) -> Result<Option<SecretString>, TokenFileError> {
        Ok(self.maybe_text(key)?.map(SecretString::from))
    }

    /// A point in time, in seconds since 1970-01-01T00:00:00Z.
    pub(crate) fn time(&self, key: &'static str) -> Result<i64, TokenFileError> {
        unix_seconds(&self.text(key)?)
            .ok_or_else(|| self.wrong(key, "a time such as 2026-11-20T11:09:15Z"))
    }

    /// An object within.
    pub(crate) fn object(&self, key: &'static str) -> Result<TokenObject<'t>, TokenFileError> {
        let text = self.raw(key)?;
        let members = Members::parse(text).map_err(|_| self.wrong(key, "an object"))?;
        Ok(TokenObject {
            file: self.file,
            text,
            members,
        })
    }

    fn wrong(&self, key: &'static str, expected: &'static str) -> TokenFileError {
        TokenFileError::Wrong {
            file: self.file.to_owned(),
            key,
            expected,
        }
    }
}

/// Reads a time in the forms of all who write these files: ending in `Z`, `+00:00` or, from old versions of the
/// AWS CLI, `UTC`, with or without parts of a second.
fn unix_seconds(text: &str) -> Option<i64> {
    let text = text.trim();
    let time: Timestamp = match text.strip_suffix("UTC") {
        Some(time) => format!("{}Z", time.trim_end()).parse().ok()?,
        None => text.parse().ok()?,
    };
    Some(time.as_second())
}

/// A time as every reader of these files understands it: whole seconds, ending in `Z`.
pub(crate) fn time_text(unix_seconds: i64) -> String {
    let time = Timestamp::from_second(unix_seconds).unwrap_or(if unix_seconds < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    });
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_all_writers_are_read() {
        let at = 1_795_172_955;
        for text in [
            "2026-11-20T11:09:15Z",
            "2026-11-20T11:09:15UTC",
            "2026-11-20T11:09:15 UTC",
            "2026-11-20T11:09:15+00:00",
            "2026-11-20T12:09:15+01:00",
            "2026-11-20T11:09:15.246472Z",
            "2026-11-20T11:09:15.246472+00:00",
            "2026-11-20 11:09:15Z",
            " 2026-11-20T11:09:15Z\n",
        ] {
            assert_eq!(unix_seconds(text), Some(at), "{text}");
        }
        assert_eq!(time_text(at), "2026-11-20T11:09:15Z");
        assert_eq!(unix_seconds(&time_text(i64::MAX)), Some(253_402_207_200));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "Z",
            "UTC",
            "tomorrow",
            "1795172955",
            "2026-11-20T11:09:15",
            "2026-11-20",
            "2026-13-20T11:09:15Z",
        ] {
            assert_eq!(unix_seconds(text), None, "{text}");
        }
    }
}
