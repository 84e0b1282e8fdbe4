//! Section headers: `[default]`, `[profile dev]`, `[sso-session corp]`, `[services local]`, `[dev]`.

use crate::document::FileKind;
use std::borrow::Cow;
use std::sync::Arc;

/// What a section is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SectionName {
    /// A profile.
    Profile(String),
    /// An `sso-session`; config file only.
    SsoSession(String),
    /// A `services` section; config file only.
    Services(String),
}

impl SectionName {
    /// The header line for a file of this kind, without a line ending.
    pub fn header(&self, kind: FileKind) -> String {
        match (kind, self) {
            (FileKind::Config, Self::Profile(name)) if name == "default" => "[default]".to_owned(),
            (FileKind::Config, Self::Profile(name)) => format!("[profile {}]", quoted(name)),
            (FileKind::Credentials, Self::Profile(name)) => format!("[{name}]"),
            (_, Self::SsoSession(name)) => format!("[sso-session {}]", quoted(name)),
            (_, Self::Services(name)) => format!("[services {}]", quoted(name)),
        }
    }
}

/// A section's name as a parsed file holds it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Name {
    pub(crate) kind: SectionKind,
    pub(crate) text: Arc<str>,
}

/// What kind of thing a section is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum SectionKind {
    Profile,
    SsoSession,
    Services,
}

impl From<&SectionName> for Name {
    fn from(name: &SectionName) -> Self {
        let (kind, text) = match name {
            SectionName::Profile(text) => (SectionKind::Profile, text),
            SectionName::SsoSession(text) => (SectionKind::SsoSession, text),
            SectionName::Services(text) => (SectionKind::Services, text),
        };
        Self::new(kind, text)
    }
}

impl From<&Name> for SectionName {
    fn from(name: &Name) -> Self {
        let text = name.text.to_string();
        match name.kind {
            SectionKind::Profile => Self::Profile(text),
            SectionKind::SsoSession => Self::SsoSession(text),
            SectionKind::Services => Self::Services(text),
        }
    }
}

impl Name {
    fn new(kind: SectionKind, text: &str) -> Self {
        Self {
            kind,
            text: text.into(),
        }
    }
}

/// What a header line says.
pub(crate) struct Header {
    /// The section, when it is one of those AWS knows.
    pub(crate) name: Option<Name>,
    /// Written `[default]` in a config file, which gives way to `[profile default]`.
    pub(crate) bare_default: bool,
    /// What is wrong with the line.
    pub(crate) problem: Option<String>,
}

impl Header {
    fn section(name: Name) -> Self {
        Self {
            name: Some(name),
            bare_default: false,
            problem: None,
        }
    }

    fn ignored(problem: impl Into<String>) -> Self {
        Self {
            name: None,
            bare_default: false,
            problem: Some(problem.into()),
        }
    }
}

/// Sections of the AWS CLI that say nothing about profiles.
const OTHER_SECTIONS: [&str; 2] = ["plugins", "preview"];

/// Reads a header line that starts with `[`.
pub(crate) fn parse(line: &str, kind: FileKind) -> Header {
    let Some((content, rest)) = split_at_bracket(&line[1..]) else {
        return Header::ignored("section header without a closing bracket; the section is ignored");
    };
    let mut header = match kind {
        FileKind::Config => config_section(content.trim()),
        FileKind::Credentials => credentials_section(content.trim()),
    };
    let rest = rest.trim_start();
    if !(rest.is_empty() || rest.starts_with(['#', ';'])) && header.problem.is_none() {
        header.problem = Some("text after the section header is ignored".to_owned());
    }
    header
}

/// Splits what follows the opening bracket at the closing one, which may not stand in quotes.
fn split_at_bracket(text: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    let mut escaped = false;
    for (at, char) in text.char_indices() {
        match (quote, char) {
            _ if escaped => escaped = false,
            (Some('"'), '\\') => escaped = true,
            (Some(open), _) if open == char => quote = None,
            (None, '"' | '\'') if opens_quote(&text[..at]) => quote = Some(char),
            (None, ']') => return Some((&text[..at], &text[at + 1..])),
            _ => {}
        }
    }
    // An apostrophe or a forgotten closing quote is no reason to lose the section.
    text.split_once(']')
}

/// A quote means something only at the start of a name, so after whitespace.
fn opens_quote(before: &str) -> bool {
    before.ends_with([' ', '\t'])
}

fn config_section(content: &str) -> Header {
    if content == "default" {
        return Header {
            bare_default: true,
            ..Header::section(Name::new(SectionKind::Profile, content))
        };
    }
    let (word, rest) = content
        .split_once([' ', '\t'])
        .map_or((content, ""), |(word, rest)| (word, rest.trim()));
    let section = match word {
        "profile" => SectionKind::Profile,
        "sso-session" => SectionKind::SsoSession,
        "services" => SectionKind::Services,
        _ if OTHER_SECTIONS.contains(&content) => {
            return Header {
                name: None,
                bare_default: false,
                problem: None,
            };
        }
        _ => {
            return Header::ignored(
                "section is not a profile in this file and is ignored; \
                 profiles are written [profile NAME] here",
            );
        }
    };
    let Some((name, was_quoted)) = unquoted(rest) else {
        return Header::ignored(
            "quotes in the section header do not match; the section is ignored",
        );
    };
    if let Some(problem) = name_problem(&name) {
        return Header::ignored(problem);
    }
    let bare_space = !was_quoted && name.contains([' ', '\t']);
    Header {
        problem: bare_space.then(|| {
            "name with a space is not in quotes; other programs ignore the section".to_owned()
        }),
        ..Header::section(Name::new(section, &name))
    }
}

fn credentials_section(content: &str) -> Header {
    for word in ["profile", "sso-session", "services"] {
        let is_prefixed = content
            .strip_prefix(word)
            .is_some_and(|rest| rest.starts_with([' ', '\t']));
        if is_prefixed {
            return Header::ignored(format!(
                "section starts with the word {word}, which belongs to the config file; it is ignored"
            ));
        }
    }
    match name_problem(content) {
        Some(problem) => Header::ignored(problem),
        None => Header::section(Name::new(SectionKind::Profile, content)),
    }
}

/// Why a name cannot be one.
fn name_problem(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("section without a name is ignored".to_owned());
    }
    name.contains(char::is_control)
        .then(|| "section name contains control characters; the section is ignored".to_owned())
}

/// The name without its quotes, and whether it had any; nothing when they do not match.
fn unquoted(text: &str) -> Option<(Cow<'_, str>, bool)> {
    let Some(quote @ ('"' | '\'')) = text.chars().next() else {
        return Some((Cow::Borrowed(text), false));
    };
    let mut name = String::with_capacity(text.len());
    let mut chars = text[1..].chars();
    while let Some(char) = chars.next() {
        match char {
            _ if char == quote => {
                return chars
                    .as_str()
                    .is_empty()
                    .then_some((Cow::Owned(name), true));
            }
            '\\' if quote == '"' => match chars.next()? {
                escaped @ ('"' | '\\') => name.push(escaped),
                other => name.extend(['\\', other]),
            },
            _ => name.push(char),
        }
    }
    None
}

/// The name as it is written in a config file.
fn quoted(name: &str) -> String {
    let is_plain = |char: char| char.is_alphanumeric() || "_-/.%@:+=,".contains(char);
    if name.chars().all(is_plain) {
        return name.to_owned();
    }
    let mut text = String::with_capacity(name.len() + 2);
    text.push('"');
    for char in name.chars() {
        if matches!(char, '"' | '\\') {
            text.push('\\');
        }
        text.push(char);
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(line: &str) -> Option<Name> {
        parse(line, FileKind::Config).name
    }

    #[test]
    fn a_written_header_reads_back() {
        for name in [
            "dev", "default", "a b", "a\"b", "a\\b", "a]b", "it's", "Grün", "#x", "a;b",
        ] {
            let section = SectionName::Profile(name.to_owned());
            assert_eq!(
                config(&section.header(FileKind::Config)),
                Some(Name::from(&section)),
                "{name}"
            );
        }
    }

    #[test]
    fn forms_of_config_headers() {
        let profile = |name: &str| Some(Name::new(SectionKind::Profile, name));
        let cases = [
            ("[default]", profile("default")),
            ("[profile default]", profile("default")),
            ("[ profile   dev ]", profile("dev")),
            ("[profile\tdev]", profile("dev")),
            ("[profile dev]# comment", profile("dev")),
            ("[profile dev] ; comment", profile("dev")),
            ("[profile dev] trailing", profile("dev")),
            ("[profile \"a b\"]", profile("a b")),
            ("[profile 'a b']", profile("a b")),
            ("[profile a b]", profile("a b")),
            ("[profile it's]", profile("it's")),
            ("[profile \"a]b\"]", profile("a]b")),
            ("[profile \"open]", None),
            ("[profile \"a\"b]", None),
            ("[profile]", None),
            ("[profile ]", None),
            ("[profiledev]", None),
            ("[dev]", None),
            ("[plugins]", None),
            ("[]", None),
            ("[profile dev", None),
            (
                "[sso-session corp]",
                Some(Name::new(SectionKind::SsoSession, "corp")),
            ),
            (
                "[services local]",
                Some(Name::new(SectionKind::Services, "local")),
            ),
        ];
        for (line, expect) in cases {
            assert_eq!(config(line), expect, "{line}");
        }
    }

    #[test]
    fn forms_of_credentials_headers() {
        let cases = [
            ("[dev]", Some("dev")),
            ("[ dev ]", Some("dev")),
            ("[a b]", Some("a b")),
            ("[profiles]", Some("profiles")),
            ("[profile dev]", None),
            ("[sso-session corp]", None),
            ("[]", None),
        ];
        for (line, expect) in cases {
            let name = parse(line, FileKind::Credentials).name;
            let expect = expect.map(|name| Name::new(SectionKind::Profile, name));
            assert_eq!(name, expect, "{line}");
        }
    }
}
