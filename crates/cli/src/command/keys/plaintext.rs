//! The files that hold plaintext access keys: finding the keys, and taking them out.

use crate::command::keys::input::{self, AccessKey};
use crate::outcome::{Failure, Kind, Result};
use holdfast_aws_files::{Document, FileKind, ProfileSet, Section, SectionName};
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Largest accessKeys.csv, in bytes.
const MAX_CSV: u64 = 64 * 1024;

/// Where keys are imported from.
pub(crate) enum Source {
    /// A file that the AWS console made.
    Csv {
        /// The file.
        file: PathBuf,
        /// Its keys.
        keys: Vec<AccessKey>,
    },
    /// AWS config and credentials files.
    Files(Box<Plaintext>),
}

/// An AWS config file and a credentials file, of which one may be missing.
pub(crate) struct Plaintext {
    config: Document,
    credentials: Document,
}

/// Keys by profile.
pub(crate) struct Found {
    /// Long-lived keys.
    pub(crate) keys: Vec<(String, AccessKey)>,
    /// Profiles with temporary credentials.
    pub(crate) temporary: Vec<String>,
}

impl Source {
    /// Opens a given file, else the AWS files of this process.
    pub(crate) fn open(from: Option<&Path>) -> Result<Self> {
        let Some(file) = from else {
            let context = crate::agent::context()?;
            return Ok(Self::Files(Box::new(Plaintext {
                config: read(&context.config_file, FileKind::Config)?,
                credentials: read(&context.credentials_file, FileKind::Credentials)?,
            })));
        };
        let text = beginning(file)?;
        if input::is_csv(&text) {
            return Ok(Self::Csv {
                file: file.to_owned(),
                keys: input::from_csv(&text)?,
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
    /// The keys of these profiles, or of all.
    pub(crate) fn access_keys(&self, wanted: &[String]) -> Result<Found> {
        let profiles = ProfileSet::merge(&self.config, &self.credentials);
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
                return Err(Failure::new(
                    Kind::Usage,
                    format!("profile {name} has no access key in {}", self.names()),
                )
                .hint("holdfast profiles"));
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

    /// Takes keys out of both files; a different key of the same profile stays.
    pub(crate) fn remove(&mut self, keys: &[(String, String)]) {
        for document in [&mut self.config, &mut self.credentials] {
            let held = key_ids(document);
            for (profile, id) in keys {
                if held.get(profile).is_some_and(|held| held != id) {
                    continue;
                }
                let section = SectionName::Profile(profile.clone());
                document.remove(&section, "aws_access_key_id");
                document.remove(&section, "aws_secret_access_key");
            }
        }
    }

    /// The files that [`Plaintext::remove`] changed.
    pub(crate) fn edited(&self) -> impl Iterator<Item = &Document> {
        let documents = [&self.config, &self.credentials];
        documents
            .into_iter()
            .filter(|document| !document.diff().is_empty())
    }

    /// The same, to write them.
    pub(crate) fn edited_mut(&mut self) -> impl Iterator<Item = &mut Document> {
        let documents = [&mut self.config, &mut self.credentials];
        documents
            .into_iter()
            .filter(|document| !document.diff().is_empty())
    }

    /// Names of the files.
    pub(crate) fn names(&self) -> String {
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
    Document::read(file, kind).map_err(|error| {
        Failure::new(Kind::File, "the plaintext keys cannot be read").source(error)
    })
}

/// Enough of a file to tell what it is, and the whole of any accessKeys.csv.
fn beginning(file: &Path) -> Result<Zeroizing<String>> {
    let cannot = |error: std::io::Error| {
        Failure::new(Kind::File, format!("cannot read {}", file.display())).source(error)
    };
    let room = usize::try_from(MAX_CSV).unwrap_or_default();
    let mut bytes = Zeroizing::new(Vec::with_capacity(room + 1));
    File::open(file)
        .and_then(|file| file.take(MAX_CSV).read_to_end(&mut bytes))
        .map_err(cannot)?;
    let text = Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned());
    Ok(text)
}
