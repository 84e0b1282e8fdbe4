//! The files that hold plaintext access keys: finding the keys, and taking them out.

use super::AccessKey;
use super::csv::{is_console_csv, read_console_csv};
use super::transfer::Stored;
use crate::error::{Result, SetupError};
use holdfast_agent_proto::CallerContext;
use holdfast_aws_files::{Backup, Document, FileKind, ProfileSet, Section, SectionName, Written};
use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use zeroize::Zeroizing;

/// Largest accessKeys.csv, in bytes.
const MAX_CSV: u64 = 64 * 1024;

/// Where keys are imported from.
pub enum Source {
    /// A file that the AWS console made.
    Csv {
        /// The file.
        file: PathBuf,
        /// Its keys; at least one.
        keys: Vec<AccessKey>,
    },
    /// AWS config and credentials files.
    Files(Box<Plaintext>),
}

/// An AWS config file and a credentials file, of which one may be missing.
pub struct Plaintext {
    config: Document,
    credentials: Document,
}

/// Keys by profile.
pub struct Found {
    /// Long-lived keys.
    pub keys: Vec<(String, AccessKey)>,
    /// Profiles with temporary credentials.
    pub temporary: Vec<String>,
}

impl Source {
    /// Opens a given file, whichever it is.
    ///
    /// # Errors
    /// When it cannot be read, or is a CSV file of something else.
    pub fn open(file: &Path) -> Result<Self> {
        let text = beginning(file)?;
        let has_ending = file
            .extension()
            .and_then(OsStr::to_str)
            .is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
        if has_ending || is_console_csv(&text) {
            let keys = read_console_csv(&text, &file.display().to_string())?;
            return Ok(Self::Csv {
                file: file.to_owned(),
                keys,
            });
        }
        let has_prefix = |line: &str| line.trim_start().starts_with("[profile");
        let kind = if text.lines().any(has_prefix) {
            FileKind::Config
        } else {
            FileKind::Credentials
        };
        let document = read(file, kind)?;
        Ok(Self::Files(Box::new(match kind {
            FileKind::Config => Plaintext {
                config: document,
                credentials: Document::missing(file, FileKind::Credentials),
            },
            FileKind::Credentials => Plaintext {
                config: Document::missing(file, FileKind::Config),
                credentials: document,
            },
        })))
    }
}

impl Plaintext {
    /// The user's AWS files.
    ///
    /// # Errors
    /// When one of them is there and cannot be read.
    pub fn of_user(context: &CallerContext) -> Result<Self> {
        Ok(Self {
            config: read(&context.config_file, FileKind::Config)?,
            credentials: read(&context.credentials_file, FileKind::Credentials)?,
        })
    }

    /// The keys of these profiles, or of all when none is named.
    ///
    /// # Errors
    /// When a named profile has none.
    pub fn access_keys(&self, wanted: &[String]) -> Result<Found> {
        let profiles = self.profiles();
        let mut found = Found {
            keys: Vec::new(),
            temporary: Vec::new(),
        };
        for name in wanted {
            if profiles
                .profile(name)
                .and_then(|profile| profile.access_key())
                .is_none()
            {
                return Err(SetupError::NoPlaintextKey {
                    profile: name.clone(),
                    files: self.names(),
                });
            }
        }
        for profile in profiles.profiles() {
            let name = profile.name().to_owned();
            let is_wanted = wanted.is_empty() || wanted.contains(&name);
            match profile.access_key().filter(|_| is_wanted) {
                None => {}
                Some(key) if key.session_token.is_some() => found.temporary.push(name),
                Some(key) => {
                    let key = AccessKey {
                        id: key.id.to_owned(),
                        secret: key.secret.clone(),
                    };
                    found.keys.push((name, key));
                }
            }
        }
        Ok(found)
    }

    /// Takes keys out of both files; a different key of the same profile stays. Nothing is written yet.
    pub fn remove(&mut self, keys: &[Stored]) {
        for document in [&mut self.config, &mut self.credentials] {
            let held = key_ids(document);
            for key in keys {
                if held.get(&key.profile).is_some_and(|held| *held != key.id) {
                    continue;
                }
                let section = SectionName::Profile(key.profile.clone());
                document.remove(&section, "aws_access_key_id");
                document.remove(&section, "aws_secret_access_key");
            }
        }
    }

    /// The files that [`Plaintext::remove`] changed.
    pub fn edited(&self) -> impl Iterator<Item = &Document> {
        let documents = [&self.config, &self.credentials];
        documents
            .into_iter()
            .filter(|document| !document.diff().is_empty())
    }

    /// Writes the files that [`Plaintext::remove`] changed, one after the other, and tells of each.
    ///
    /// # Errors
    /// When a file changed since it was read or cannot be written, or when `told` fails.
    pub fn write<E: From<SetupError>>(
        &mut self,
        backup: Backup,
        mut told: impl FnMut(Written) -> Result<(), E>,
    ) -> Result<(), E> {
        for document in [&mut self.config, &mut self.credentials] {
            if document.diff().is_empty() {
                continue;
            }
            let written = document
                .write(backup, SystemTime::now())
                .map_err(|source| SetupError::AwsFileNotWritten {
                    what: "the keys are in the keychain, and their file was not changed",
                    source,
                })?;
            told(written)?;
        }
        Ok(())
    }

    /// Names of the files.
    pub fn names(&self) -> String {
        let credentials = self.credentials.file();
        if self.config.file() == credentials {
            credentials.display().to_string()
        } else {
            format!(
                "{} or {}",
                credentials.display(),
                self.config.file().display()
            )
        }
    }

    /// What both files mean together.
    pub(crate) fn profiles(&self) -> ProfileSet {
        ProfileSet::merge(&self.config, &self.credentials)
    }

    /// The config file.
    pub(crate) fn config(&self) -> &Document {
        &self.config
    }

    /// The credentials file.
    pub(crate) fn credentials(&self) -> &Document {
        &self.credentials
    }
}

/// The access key ids that one of the files names, by profile.
fn key_ids(document: &Document) -> HashMap<String, String> {
    let alone = match document.kind() {
        FileKind::Config => {
            let missing = Document::missing(document.file(), FileKind::Credentials);
            ProfileSet::merge(document, &missing)
        }
        FileKind::Credentials => {
            let missing = Document::missing(document.file(), FileKind::Config);
            ProfileSet::merge(&missing, document)
        }
    };
    let id = |profile: &Section| {
        let id = profile.get("aws_access_key_id")?;
        Some((profile.name().to_owned(), id.to_owned()))
    };
    alone.profiles().filter_map(id).collect()
}

fn read(file: &Path, kind: FileKind) -> Result<Document> {
    Document::read(file, kind).map_err(|source| SetupError::AwsFileUnreadable {
        what: "the plaintext keys",
        source,
    })
}

/// Enough of a file to tell what it is, and the whole of any accessKeys.csv.
fn beginning(file: &Path) -> Result<Zeroizing<String>> {
    let room = usize::try_from(MAX_CSV).unwrap_or_default();
    let mut bytes = Zeroizing::new(Vec::with_capacity(room + 1));
    File::open(file)
        .and_then(|file| file.take(MAX_CSV).read_to_end(&mut bytes))
        .map_err(SetupError::file("read", file))?;
    Ok(Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned()))
}
