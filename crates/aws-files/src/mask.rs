//! Lines of a file without the secrets in them.

use crate::document::{Document, FileKind};
use crate::edit::{index, is_continuation};
use crate::scan::{is_blank, without_line_ending};

/// What stands in place of a secret.
const MASK: &str = "****";
/// A word in a comment that is as long as a secret access key may be one.
const SECRET_LENGTH: usize = 40;

/// What is known of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// A header, or a property whose value is not a secret.
    Open,
    /// The line with the key of a secret.
    SecretKey,
    /// A further line of a secret.
    SecretRest,
    /// A comment, an empty line, or one that is not understood.
    Other,
}

/// The lines of a document with their secrets masked, ready to be shown: without line endings and
/// control characters.
pub(crate) fn shown_lines(document: &Document) -> Vec<String> {
    let show = |(line, role): (&[u8], Role)| {
        let line = without_line_ending(line);
        masked(line, role, document.kind())
            .unwrap_or_else(|| String::from_utf8_lossy(line).into_owned())
            .replace(|char: char| char.is_control() && char != '\t', "\u{fffd}")
    };
    with_roles(document).map(show).collect()
}

/// The whole file with its secrets masked, otherwise byte for byte.
pub(crate) fn masked_bytes(document: &Document) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(document.bytes().len());
    for (line, role) in with_roles(document) {
        let content = without_line_ending(line);
        match masked(content, role, document.kind()) {
            Some(text) => {
                bytes.extend_from_slice(text.as_bytes());
                bytes.extend_from_slice(&line[content.len()..]);
            }
            None => bytes.extend_from_slice(line),
        }
    }
    bytes
}

fn with_roles(document: &Document) -> impl Iterator<Item = (&[u8], Role)> {
    let mut roles = vec![Role::Other; document.lines().count()];
    let lines: Vec<&[u8]> = document.lines().collect();
    for block in document.blocks() {
        roles[index(block.header_line)] = Role::Open;
        for property in &block.properties {
            let first = index(property.line);
            let (key, rest) = match property.secret() {
                Some(_) => (Role::SecretKey, Role::SecretRest),
                None => (Role::Open, Role::Open),
            };
            roles[first] = key;
            for at in first + 1..=index(property.last_line) {
                if is_continuation(lines[at]) {
                    roles[at] = rest;
                }
            }
        }
    }
    lines.into_iter().zip(roles)
}

/// The line as it may be seen; nothing when it may be seen as it is.
fn masked(line: &[u8], role: Role, kind: FileKind) -> Option<String> {
    let text = String::from_utf8_lossy(line);
    let content = text.trim_start_matches(is_blank);
    let indent = &text[..text.len() - content.len()];
    match role {
        Role::Open => None,
        Role::SecretKey => {
            let key = text.split('=').next().unwrap_or_default();
            Some(format!("{}= {MASK}", key))
        }
        Role::SecretRest => Some(format!("{indent}{MASK}")),
        Role::Other if content.is_empty() => None,
        Role::Other if kind == FileKind::Config || content.starts_with(['#', ';', '[']) => {
            suspicious_masked(&text)
        }
        Role::Other => Some(format!("{indent}{MASK}")),
    }
}

/// Masks what may be a secret in text that nothing else is known about.
fn suspicious_masked(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    if ["secret", "token", "password"]
        .iter()
        .any(|word| lower.contains(word))
    {
        let end = text.find(['=', ':']).map_or(0, |at| at + 1);
        return Some(format!("{} {MASK}", &text[..end]));
    }
    let is_secret_char = |char: char| char.is_ascii_alphanumeric() || "+/=".contains(char);
    let may_be_secret = |word: &str| word.len() >= SECRET_LENGTH;
    if !text.split(|char| !is_secret_char(char)).any(may_be_secret) {
        return None;
    }
    let mut shown = String::with_capacity(text.len());
    for word in text.split_inclusive(|char| !is_secret_char(char)) {
        let bare = word.trim_end_matches(|char| !is_secret_char(char));
        shown.push_str(if may_be_secret(bare) { MASK } else { bare });
        shown.push_str(&word[bare.len()..]);
    }
    Some(shown)
}
