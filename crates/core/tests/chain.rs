//! What profiles resolve to: one folder per case with both files, the keychain's keys and what is
//! expected of every profile.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "the cases are files, and a panic is a failed test"
)]

use holdfast_aws_files::{Document, FileKind, ProfileSet};
use holdfast_core::chain::{Chain, Opening, ResolveError, resolve, resolve_all};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of a case: `config`, `credentials`, `keychain` (lines `PROFILE ACCESS-KEY-ID`) and
/// `expected`, which starts with the rule in words.
struct Case {
    folder: PathBuf,
}

impl Case {
    fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/chain");
        let mut cases: Vec<Self> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_dir())
            .map(|folder| Self { folder })
            .collect();
        cases.sort_by(|a, b| a.folder.cmp(&b.folder));
        assert!(!cases.is_empty(), "the cases are found");
        cases
    }

    fn read(&self, name: &str) -> String {
        let text = fs::read_to_string(self.folder.join(name)).unwrap_or_default();
        text.replace("\r\n", "\n")
    }

    fn profiles(&self) -> ProfileSet {
        let parse = |name, kind| Document::parse(name, kind, self.read(name).into_bytes());
        ProfileSet::merge(
            &parse("config", FileKind::Config),
            &parse("credentials", FileKind::Credentials),
        )
    }

    fn keys(&self) -> BTreeMap<String, String> {
        self.read("keychain")
            .lines()
            .map(|line| {
                let (profile, id) = line.split_once(' ').unwrap();
                (profile.to_owned(), id.to_owned())
            })
            .collect()
    }

    /// The expected text with what follows the rule replaced by what came out.
    fn actual(&self) -> String {
        let expected = self.read("expected");
        let (docs, _) = expected.split_once("\n\n").unwrap_or((&expected, ""));
        let mut text = format!("{}\n", docs.trim_end());
        let (profiles, keys) = (self.profiles(), self.keys());
        for (name, chain) in resolve_all(&profiles, &keys) {
            let _ = writeln!(text, "\n{name}");
            match &chain {
                Ok(chain) => describe(&mut text, chain),
                Err(_) => describe_error(&mut text, &resolve(name, &profiles, &keys).unwrap_err()),
            }
            let alone = resolve(name, &profiles, &keys);
            assert_eq!(alone.is_ok(), chain.is_ok(), "{name} alone and among all");
            if let (Ok(alone), Ok(among)) = (&alone, &chain) {
                assert_eq!(alone, among, "{name} alone and among all");
            }
        }
        text
    }
}

fn describe(text: &mut String, chain: &Chain) {
    let _ = writeln!(text, "  {}", chain.words());
    for (what, value) in [
        ("region", chain.region.as_deref()),
        ("account", chain.account_id()),
    ] {
        if let Some(value) = value {
            let _ = writeln!(text, "  {what} {value}");
        }
    }
    if chain.steps.is_empty() {
        let _ = writeln!(text, "  source key {}", chain.source_key());
    }
    for (number, key) in chain.keys().iter().enumerate() {
        let title = chain.session_title(number).unwrap();
        let _ = writeln!(
            text,
            "  session {title}\n    {key}\n    {}",
            seconds(chain, number)
        );
    }
    for problem in &chain.problems {
        let _ = writeln!(text, "  problem {problem}");
    }
}

fn seconds(chain: &Chain, number: usize) -> String {
    let step = &chain.steps[number];
    match step.duration_seconds() {
        Some(seconds) => format!("for {seconds} s"),
        None if step.opening() == Opening::Browser => "signed in to with the browser".to_owned(),
        None => "for the default time".to_owned(),
    }
}

fn describe_error(text: &mut String, error: &ResolveError) {
    let _ = writeln!(text, "  error {error}");
    for hint in error.hints() {
        let _ = writeln!(text, "  hint {hint}");
    }
}

#[test]
fn cases() {
    let mut different = Vec::new();
    for case in Case::all() {
        let (expected, actual) = (case.read("expected"), case.actual());
        if expected != actual {
            different.push(format!("{}:\n{actual}", case.folder.display()));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}
