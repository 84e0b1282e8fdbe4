//! The sections that Holdfast writes into a git configuration: which are ours, adding and removing them.
//!
//! Our sections are ours alone. Where the user already has one for the same hosts, ours takes a spelling of
//! the URL that git reads the same way, so that undoing never touches what somebody else wrote.

use crate::error::{Result, SetupError};
use crate::git::binary::{Entry, Git};
use crate::git::family::every_pattern;
use crate::git::helper;
use crate::git::pattern;
use holdfast_codecommit::git_config::{Setting, settings};
use std::path::Path;

/// What a git configuration is to hold.
pub(crate) struct Wanted {
    /// URL patterns.
    pub(crate) patterns: Vec<String>,
    /// The helper string.
    pub(crate) helper: String,
    /// Git knows `proactiveAuth`.
    pub(crate) proactive_auth: bool,
    /// Value of `alias.mfa`.
    pub(crate) alias: Option<String>,
}

/// Key of the alias.
pub(crate) const ALIAS: &str = "alias.mfa";

/// Start of every alias that we write.
const ALIAS_START: &str = "!holdfast login ";

/// The alias that signs a profile in.
pub(crate) fn alias_for(profile: &str) -> Result<String> {
    let quoted = holdfast_codecommit::Shell::Posix
        .quote(profile)
        .map_err(|source| SetupError::Unquotable {
            what: "the profile's name",
            into: "an alias",
            source,
        })?;
    Ok(format!("{ALIAS_START}{quoted}"))
}

/// The patterns that a file holds sections of ours for, in the order of the families.
pub(crate) fn patterns_in(entries: &[Entry]) -> Vec<String> {
    let ours = |pattern: &String| spellings(pattern).iter().any(|url| is_ours(entries, url));
    every_pattern().into_iter().filter(ours).collect()
}

/// Whether a file already says what is wanted, with nothing behind it that would be asked as well.
pub(crate) fn is_in_place(entries: &[Entry], wanted: &Wanted) -> bool {
    let ours = patterns_in(entries);
    let alias = match &wanted.alias {
        Some(alias) => entries
            .iter()
            .any(|entry| entry.key == ALIAS && entry.value == *alias),
        None => true,
    };
    alias
        && wanted.patterns.iter().all(|pattern| ours.contains(pattern))
        && ours
            .iter()
            .all(|pattern| is_pattern_in_place(entries, pattern, wanted))
}

fn is_pattern_in_place(entries: &[Entry], pattern: &str, wanted: &Wanted) -> bool {
    let urls = spellings(pattern);
    let mut ours = urls.iter().filter(|url| is_ours(entries, url));
    let (Some(url), None) = (ours.next(), ours.next()) else {
        return false;
    };
    let settings = wanted.settings(url);
    let found: Vec<(String, &str)> = entries
        .iter()
        .filter(|entry| is_key_of(&entry.key, url))
        .map(|entry| (entry.key.clone(), entry.value.as_str()))
        .collect();
    let expected: Vec<(String, &str)> = settings
        .iter()
        .map(|setting| (normal_key(&setting.key), setting.value.as_str()))
        .collect();
    let last = entries.iter().rposition(|entry| is_key_of(&entry.key, url));
    let sample = crate::git::family::sample_url(pattern);
    let behind = entries.iter().skip(last.unwrap_or(0));
    let is_undisturbed = behind
        .filter_map(|entry| credential_key(&entry.key))
        .all(|(of, name)| name != "helper" || !of.is_none_or(|of| pattern::matches(of, &sample)));
    found == expected && is_undisturbed
}

/// Adds our sections to the end of a file that has none of them.
pub(crate) fn add(git: &Git, file: &Path, wanted: &Wanted) -> Result {
    let entries = git.entries(file)?;
    for pattern in &wanted.patterns {
        let urls = spellings(pattern);
        let is_free = |url: &&String| !entries.iter().any(|entry| is_key_of(&entry.key, url));
        let url = urls
            .iter()
            .find(is_free)
            .ok_or_else(|| SetupError::SectionsTaken {
                pattern: pattern.clone(),
            })?;
        for setting in wanted.settings(url) {
            git.add(file, &setting.key, &setting.value)?;
        }
    }
    if let Some(alias) = &wanted.alias {
        git.add(file, ALIAS, alias)?;
    }
    Ok(())
}

/// Removes what we added, and nothing else. Answers with the URLs whose sections had it.
pub(crate) fn remove(git: &Git, file: &Path) -> Result<Vec<String>> {
    let entries = git.entries(file)?;
    let mut urls = Vec::new();
    for pattern in every_pattern() {
        for url in spellings(&pattern)
            .iter()
            .filter(|url| is_ours(&entries, url))
        {
            let key = |section: &str, name: &str| format!("{section}.{url}.{name}");
            let mut doomed = vec![(key("credential", "helper"), String::new())];
            doomed.extend(
                values(&entries, &key("credential", "helper"))
                    .filter(|value| helper::is_ours(value))
                    .map(|value| (key("credential", "helper"), value.to_owned())),
            );
            doomed.push((key("credential", "useHttpPath"), "true".to_owned()));
            doomed.push((key("http", "proactiveAuth"), "basic".to_owned()));
            doomed.push((key("http", "emptyAuth"), "false".to_owned()));
            doomed.dedup();
            for (key, value) in doomed {
                if values(&entries, &key).any(|found| found == value) {
                    git.remove(file, &key, &value)?;
                }
            }
            urls.push(url.clone());
        }
    }
    let aliases = values(&entries, ALIAS).filter(|value| value.starts_with(ALIAS_START));
    for alias in aliases {
        git.remove(file, ALIAS, alias)?;
    }
    Ok(urls)
}

/// The file without headers of these URLs that nothing stands under: git leaves one behind that follows a comment.
pub(crate) fn without_empty(bytes: &[u8], urls: &[String]) -> Vec<u8> {
    let is_ours = |line: &[u8]| {
        let mut urls = urls.iter();
        urls.any(|url| {
            ["credential", "http"]
                .map(|section| format!("[{section} \"{url}\"]"))
                .iter()
                .any(|header| header.as_bytes() == line.trim_ascii())
        })
    };
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let is_empty = |at: usize| {
        let mut behind = lines.iter().skip(at + 1).map(|line| line.trim_ascii());
        let next = behind.find(|line| !line.is_empty());
        next.is_none_or(|line| line.starts_with(b"["))
    };
    let kept = lines
        .iter()
        .enumerate()
        .filter(|(at, line)| !(is_ours(line) && is_empty(*at)));
    kept.flat_map(|(_, line)| *line).copied().collect()
}

/// An `alias.mfa` that somebody else wrote.
pub(crate) fn foreign_alias(entries: &[Entry]) -> Option<&str> {
    values(entries, ALIAS).find(|value| !value.starts_with(ALIAS_START))
}

/// Our own `alias.mfa`.
pub(crate) fn own_alias(entries: &[Entry]) -> Option<&str> {
    values(entries, ALIAS).find(|value| value.starts_with(ALIAS_START))
}

/// The URL (absent in `credential.helper`) and the name of a key of git's credential configuration.
pub(crate) fn credential_key(key: &str) -> Option<(Option<&str>, &str)> {
    let rest = key.strip_prefix("credential.")?;
    Some(match rest.rsplit_once('.') {
        Some((url, name)) => (Some(url), name),
        None => (None, rest),
    })
}

impl Wanted {
    fn settings(&self, url: &str) -> Vec<Setting> {
        let mut settings = settings(url, &self.helper).to_vec();
        settings.retain(|setting| self.proactive_auth || !setting.key.ends_with(".proactiveAuth"));
        settings
    }
}

/// Spellings of a URL pattern that git reads the same way.
fn spellings(pattern: &str) -> [String; 3] {
    [
        pattern.to_owned(),
        format!("{pattern}/"),
        format!("{pattern}:443"),
    ]
}

fn is_ours(entries: &[Entry], url: &str) -> bool {
    values(entries, &format!("credential.{url}.helper")).any(helper::is_ours)
}

fn is_key_of(key: &str, url: &str) -> bool {
    ["credential.", "http."].iter().any(|section| {
        key.strip_prefix(section)
            .and_then(|rest| rest.strip_prefix(url))
            .and_then(|rest| rest.strip_prefix('.'))
            .is_some_and(|name| !name.contains('.'))
    })
}

fn values<'a>(entries: &'a [Entry], key: &str) -> impl Iterator<Item = &'a str> {
    let key = normal_key(key);
    entries
        .iter()
        .filter(move |entry| entry.key == key)
        .map(|entry| entry.value.as_str())
}

/// A key as git lists it: the name behind the last dot in lower case.
fn normal_key(key: &str) -> String {
    match key.rsplit_once('.') {
        Some((section, name)) => format!("{section}.{}", name.to_ascii_lowercase()),
        None => key.to_owned(),
    }
}
