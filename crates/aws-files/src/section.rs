//! A profile, `sso-session` or `services` section as both files say it together.

use crate::document::{Block, FileKind};
use crate::problem::Location;
use crate::property::Property;
use secrecy::SecretString;
use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// A named section with its properties, merged from all places where it stands.
pub struct Section {
    /// Not empty; the strongest last.
    parts: Vec<Part>,
}

/// One place where a section stands.
struct Part {
    file: Arc<Path>,
    kind: FileKind,
    block: Arc<Block>,
}

impl Part {
    fn location(&self, line: u32) -> Location {
        Location {
            file: Arc::clone(&self.file),
            line,
        }
    }
}

/// A static access key of a profile.
pub struct AccessKey<'a> {
    /// Access key id. Not a secret.
    pub id: &'a str,
    /// Secret access key.
    pub secret: &'a SecretString,
    /// Session token; present when the key is temporary.
    pub session_token: Option<&'a SecretString>,
    /// Which file its id stands in: other sources count before a key of the config file.
    pub file: FileKind,
}

impl Section {
    /// A section that stands in one place so far.
    pub(crate) fn new(file: Arc<Path>, kind: FileKind, block: Arc<Block>) -> Self {
        Self {
            parts: vec![Part { file, kind, block }],
        }
    }

    /// Adds a place whose properties count before those that are there.
    pub(crate) fn add(&mut self, file: Arc<Path>, kind: FileKind, block: Arc<Block>) {
        self.parts.push(Part { file, kind, block });
    }

    /// Name without prefix and quotes.
    pub fn name(&self) -> &str {
        &self.parts[0].block.name.text
    }

    /// Where it stands first.
    pub fn header(&self) -> Location {
        self.parts[0].location(self.parts[0].block.header_line)
    }

    /// Keys in lower case, sorted, each once.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let properties = self.parts.iter().flat_map(|part| &part.block.properties);
        let keys: BTreeSet<&str> = properties.map(|property| &*property.key).collect();
        keys.into_iter()
    }

    /// The value of a key (given in lower case); nothing when it is absent or a secret.
    ///
    /// A value may be empty. The lines of a continued value are joined by line feeds.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.property(key)?.1.plain()
    }

    /// The value of a secret key; nothing when it is absent or empty.
    pub fn secret(&self, key: &str) -> Option<&SecretString> {
        self.property(key)?.1.secret()
    }

    /// A sub-property of a nested block, for example `addressing_style` below `s3`.
    /// Both keys are given in lower case.
    pub fn nested(&self, key: &str, sub_key: &str) -> Option<&str> {
        let nested = &self.property(key)?.1.nested;
        let last = nested.iter().rev().find(|nested| nested.key == sub_key)?;
        Some(&last.value)
    }

    /// Where the value of a key stands.
    pub fn location(&self, key: &str) -> Option<Location> {
        let (part, property) = self.property(key)?;
        Some(part.location(property.line))
    }

    /// The static access key, when both parts of it are there and not empty.
    pub fn access_key(&self) -> Option<AccessKey<'_>> {
        let (part, property) = self.property("aws_access_key_id")?;
        Some(AccessKey {
            id: property.plain().filter(|id| !id.is_empty())?,
            secret: self.secret("aws_secret_access_key")?,
            session_token: self
                .secret("aws_session_token")
                .or_else(|| self.secret("aws_security_token")),
            file: part.kind,
        })
    }

    fn property(&self, key: &str) -> Option<(&Part, &Property)> {
        let mut strongest_first = self.parts.iter().rev();
        strongest_first.find_map(|part| Some((part, part.block.property(key)?)))
    }
}

impl fmt::Debug for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Section")
            .field("name", &self.name())
            .finish_non_exhaustive()
    }
}
