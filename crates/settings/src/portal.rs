//! `[sso]` and `[portals]`: how people sign in to IAM Identity Center, and what holds for one access portal.

use crate::model::Settings;
use holdfast_aws_files::sso::normalized_start_url;
use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor, value::SeqAccessDeserializer};
use std::fmt;

/// `[sso]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct SsoSettings {
    /// Whether a person may sign in on another device, with a code that is typed there.
    pub device_code: DeviceCode,
}

/// Whether a person may sign in on another device.
///
/// Who is tricked into confirming somebody else's code gives their session away, so some forbid it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceCode {
    /// When they ask for it.
    #[default]
    Allow,
    /// Not even then.
    Never,
}

/// `[portals."https://…"]`: one access portal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct PortalSettings {
    /// What opens the page that people sign in on.
    pub browser: Browser,
    /// Whether the access token is written into the AWS CLI's cache, without the refresh token.
    pub publish_token: bool,
    /// Whether a token in the AWS CLI's cache counts as a sign-in.
    pub accept_aws_cli_token: bool,
}

/// What opens the page that people sign in on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Browser {
    /// The user's browser.
    #[default]
    Default,
    /// Nothing: the link is shown and copied.
    CopyLink,
    /// A program and its arguments, never empty. `%s` in an argument stands for the link, which otherwise
    /// comes last.
    Command(Vec<String>),
}

/// What holds for a portal that the file does not name.
static UNNAMED: PortalSettings = PortalSettings {
    browser: Browser::Default,
    publish_token: false,
    accept_aws_cli_token: false,
};

impl Settings {
    /// What holds for the portal with this start URL, however its end is written.
    pub fn portal(&self, start_url: &str) -> &PortalSettings {
        self.portals
            .iter()
            .find(|(written, _)| is_same_portal(written, start_url))
            .map_or(&UNNAMED, |(_, settings)| settings)
    }
}

/// The two are start URLs of one portal.
pub(crate) fn is_same_portal(one: &str, other: &str) -> bool {
    match (normalized_start_url(one), normalized_start_url(other)) {
        (Ok(one), Ok(other)) => one == other,
        (Err(_), _) | (_, Err(_)) => false,
    }
}

impl<'de> Deserialize<'de> for Browser {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_any(BrowserVisitor)
    }
}

struct BrowserVisitor;

impl<'de> Visitor<'de> for BrowserVisitor {
    type Value = Browser;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`default`, `copy-link` or a command as a list, such as [\"firefox\", \"-P\", \"work\"]")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Browser, E> {
        match word {
            "default" => Ok(Browser::Default),
            "copy-link" => Ok(Browser::CopyLink),
            _ => Err(E::invalid_value(serde::de::Unexpected::Str(word), &self)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, words: A) -> Result<Browser, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(words)).map(Browser::Command)
    }
}
