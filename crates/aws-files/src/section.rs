//! A profile, `sso-session` or `services` section as both files say it together.

use crate::problem::Location;
use crate::property::Property;
use secrecy::SecretString;
use std::fmt;
use std::sync::Arc;

/// A named section with its properties, merged from all places where it stands.
pub struct Section {
    name: Box<str>,
    header: Location,
    /// Sorted by key, each key once.
    properties: Vec<Arc<Property>>,
}

/// A static access key of a profile.
pub struct AccessKey<'a> {
    /// Access key id. Not a secret.
    pub id: &'a str,
    /// Secret access key.
    pub secret: &'a SecretString,
    /// Session token; present when the key is temporary.
    pub session_token: Option<&'a SecretString>,
}

impl Section {
    /// Makes a section of properties in the order of their precedence, the strongest last.
    pub(crate) fn new(name: Box<str>, header: Location, properties: Vec<Arc<Property>>) -> Self {
        let mut properties = properties;
        // Reversed, so that of equal keys the strongest comes first and stays.
        properties.reverse();
        properties.sort_by(|a, b| a.key.cmp(&b.key));
        properties.dedup_by(|later, first| later.key == first.key);
        Self {
            name,
            header,
            properties,
        }
    }

    /// Name without prefix and quotes.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it stands first.
    pub fn header(&self) -> &Location {
        &self.header
    }

    /// Keys in lower case, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.properties.iter().map(|property| &*property.key)
    }

    /// The value of a key (given in lower case); nothing when it is absent or a secret.
    ///
    /// A value may be empty. The lines of a continued value are joined by line feeds.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.property(key)?.plain()
    }

    /// The value of a secret key; nothing when it is absent or empty.
    pub fn secret(&self, key: &str) -> Option<&SecretString> {
        self.property(key)?.secret()
    }

    /// A sub-property of a nested block, for example `addressing_style` below `s3`.
    /// Both keys are given in lower case.
    pub fn nested(&self, key: &str, sub_key: &str) -> Option<&str> {
        let nested = &self.property(key)?.nested;
        let last = nested.iter().rev().find(|nested| &*nested.key == sub_key)?;
        Some(&last.value)
    }

    /// Where the value of a key stands.
    pub fn location(&self, key: &str) -> Option<&Location> {
        Some(&self.property(key)?.location)
    }

    /// The static access key, when both parts of it are there and not empty.
    pub fn access_key(&self) -> Option<AccessKey<'_>> {
        let id = self.get("aws_access_key_id").filter(|id| !id.is_empty())?;
        Some(AccessKey {
            id,
            secret: self.secret("aws_secret_access_key")?,
            session_token: self
                .secret("aws_session_token")
                .or_else(|| self.secret("aws_security_token")),
        })
    }

    fn property(&self, key: &str) -> Option<&Property> {
        let at = self
            .properties
            .binary_search_by(|property| (*property.key).cmp(key))
            .ok()?;
        Some(&self.properties[at])
    }
}

impl fmt::Debug for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Section")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
