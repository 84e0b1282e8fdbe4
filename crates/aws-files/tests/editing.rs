//! Edits: what they change, and that they change nothing else.

#![expect(clippy::unwrap_used, reason = "a panic is a failed test")]

use holdfast_aws_files::{Document, EditError, FileKind, ProfileSet, SectionName};
use proptest::prelude::*;
use secrecy::ExposeSecret as _;

fn profile(name: &str) -> SectionName {
    SectionName::Profile(name.to_owned())
}

fn config(text: &str) -> Document {
    Document::parse("config", FileKind::Config, text.into())
}

fn text(document: &Document) -> &str {
    str::from_utf8(document.bytes()).unwrap()
}

/// What both files mean when this is the only one there is.
fn set_of(document: &Document) -> ProfileSet {
    let (config, credentials) = match document.kind() {
        FileKind::Config => (document, &Document::missing("", FileKind::Credentials)),
        FileKind::Credentials => (&Document::missing("", FileKind::Config), document),
    };
    ProfileSet::merge(config, credentials)
}

#[test]
fn setting_a_key() {
    let cases = [
        ("a value", "[profile a]\nx = 1\n", "[profile a]\nx = 2\n"),
        (
            "spacing and a comment stay",
            "[profile a]\n X  =  1  # one\ny=1",
            "[profile a]\n X  =  2  # one\ny=1",
        ),
        ("no spacing", "[profile a]\nx=1\n", "[profile a]\nx=2\n"),
        (
            "an empty value",
            "[profile a]\nx =\n",
            "[profile a]\nx = 2\n",
        ),
        (
            "an empty value without spacing",
            "[profile a]\nx=\n",
            "[profile a]\nx=2\n",
        ),
        (
            "an empty value with a comment",
            "[profile a]\nx = # one\n",
            "[profile a]\nx = 2 # one\n",
        ),
        (
            "carriage returns",
            "[profile a]\r\nx = 1\r\n",
            "[profile a]\r\nx = 2\r\n",
        ),
        (
            "continuation lines go, what stands between them stays",
            "[profile a]\nx = 1\n  1\n# c\n  1\ny = 1\n",
            "[profile a]\nx = 2\n# c\ny = 1\n",
        ),
        (
            "a sub-property of the same name is left alone",
            "[profile a]\ns3 =\n  x = 1\nx = 1\n",
            "[profile a]\ns3 =\n  x = 1\nx = 2\n",
        ),
        (
            "a new key stands at the end of its section",
            "[profile a]\ny = 1\n\n# b\n[profile b]\n",
            "[profile a]\ny = 1\nx = 2\n\n# b\n[profile b]\n",
        ),
        (
            "a new key after a nested block",
            "[profile a]\ns3 =\n  x = 1\n",
            "[profile a]\ns3 =\n  x = 1\nx = 2\n",
        ),
        (
            "a new key is indented like the others",
            "[profile a]\n  y = 1\n",
            "[profile a]\n  y = 1\n  x = 2\n",
        ),
        (
            "a new key in an empty section",
            "[profile a]\n[profile b]\nx = 1\n",
            "[profile a]\nx = 2\n[profile b]\nx = 1\n",
        ),
        (
            "a new key comes after lines that are not understood",
            "[profile a]\n  garbage\n",
            "[profile a]\n  garbage\nx = 2\n",
        ),
        (
            "a new key where the last line does not end",
            "[profile a]\r\ny = 1",
            "[profile a]\r\ny = 1\r\nx = 2\r\n",
        ),
        (
            "a new section",
            "[profile b]\ny = 1\n",
            "[profile b]\ny = 1\n\n[profile a]\nx = 2\n",
        ),
        (
            "a new section where the last line does not end",
            "[profile b]\r\ny = 1",
            "[profile b]\r\ny = 1\r\n\r\n[profile a]\r\nx = 2\r\n",
        ),
        ("a new section in an empty file", "", "[profile a]\nx = 2\n"),
        (
            "a new section after an empty line",
            "# c\n\n",
            "# c\n\n[profile a]\nx = 2\n",
        ),
        (
            "of duplicate sections the last with the key",
            "[profile a]\nx = 0\n[profile a]\nx = 1\n[profile a]\n",
            "[profile a]\nx = 0\n[profile a]\nx = 2\n[profile a]\n",
        ),
        (
            "of duplicate keys the last",
            "[profile a]\nx = 0\nX = 1\n",
            "[profile a]\nx = 0\nX = 2\n",
        ),
        (
            "the same value changes nothing",
            "[profile a]\nx =   2\n",
            "[profile a]\nx =   2\n",
        ),
        (
            "whitespace in the header",
            "[ profile   a ]\nx = 1\n",
            "[ profile   a ]\nx = 2\n",
        ),
        (
            "a byte order mark",
            "\u{feff}[profile a]\nx = 1\n",
            "\u{feff}[profile a]\nx = 2\n",
        ),
    ];
    for (docs, before, after) in cases {
        let mut document = config(before);
        document.set(&profile("a"), "x", "2").unwrap();
        assert_eq!(text(&document), after, "{docs}");
        assert_eq!(
            set_of(&document).profile("a").unwrap().get("x"),
            Some("2"),
            "{docs}"
        );
    }
}

#[test]
fn setting_the_default_profile() {
    let cases = [
        (FileKind::Config, "", "[default]\nx = 2\n"),
        (FileKind::Credentials, "", "[default]\nx = 2\n"),
        (FileKind::Config, "[default]\nx = 1\n", "[default]\nx = 2\n"),
        (
            FileKind::Config,
            "[profile default]\n[default]\nx = 1\n",
            "[profile default]\nx = 2\n[default]\nx = 1\n",
        ),
    ];
    for (kind, before, after) in cases {
        let mut document = Document::parse("file", kind, before.into());
        document.set(&profile("default"), "x", "2").unwrap();
        assert_eq!(text(&document), after, "{before}");
    }
}

#[test]
fn removing_a_key() {
    let cases = [
        (
            "a line",
            "[profile a]\ny = 1\nx = 1\n",
            "[profile a]\ny = 1\n",
        ),
        (
            "the last line without its end",
            "[profile a]\ny = 1\nx = 1",
            "[profile a]\ny = 1\n",
        ),
        (
            "continuation lines, not what stands between them",
            "[profile a]\nx = 1\n\n# c\n  1\ny = 1\n",
            "[profile a]\n\n# c\ny = 1\n",
        ),
        (
            "a nested block",
            "[profile a]\nx =\n  b = 1\n  c = 2\ny = 1\n",
            "[profile a]\ny = 1\n",
        ),
        (
            "not a sub-property of the same name",
            "[profile a]\ns3 =\n  x = 1\nX = 1\n",
            "[profile a]\ns3 =\n  x = 1\n",
        ),
        (
            "wherever it stands",
            "[profile a]\nx = 1\nx = 2\n[profile b]\nx = 1\n[profile a]\nx = 3\n",
            "[profile a]\n[profile b]\nx = 1\n[profile a]\n",
        ),
    ];
    for (docs, before, after) in cases {
        let mut document = config(before);
        assert!(document.remove(&profile("a"), "X"), "{docs}");
        assert_eq!(text(&document), after, "{docs}");
        assert!(!document.remove(&profile("a"), "x"), "{docs}");
        assert_eq!(text(&document), after, "{docs}");
    }
}

#[test]
fn edits_that_would_not_read_back_are_refused() {
    let session = SectionName::SsoSession("s".to_owned());
    let cases = [
        (
            FileKind::Config,
            profile("a"),
            "x",
            "1\n[profile b]",
            EditError::Value,
        ),
        (FileKind::Config, profile("a"), "x", " 1", EditError::Value),
        (
            FileKind::Config,
            profile("a"),
            "x",
            "1 # c",
            EditError::Value,
        ),
        (
            FileKind::Config,
            profile("a"),
            "x",
            "1\u{0}",
            EditError::Value,
        ),
        (FileKind::Config, profile("a"), "x y", "1", EditError::Key),
        (FileKind::Config, profile("a"), "", "1", EditError::Key),
        (FileKind::Config, profile("a"), "x=y", "1", EditError::Key),
        (FileKind::Config, profile("a"), "#x", "1", EditError::Key),
        (FileKind::Config, profile("a"), "[x", "1", EditError::Key),
        (FileKind::Config, profile(""), "x", "1", EditError::Name),
        (FileKind::Config, profile("a\nb"), "x", "1", EditError::Name),
        (
            FileKind::Credentials,
            profile("a]b"),
            "x",
            "1",
            EditError::Name,
        ),
        (
            FileKind::Credentials,
            profile(" a"),
            "x",
            "1",
            EditError::Name,
        ),
        (
            FileKind::Credentials,
            profile("profile a"),
            "x",
            "1",
            EditError::Name,
        ),
        (FileKind::Credentials, session, "x", "1", EditError::Name),
    ];
    for (kind, section, key, value, expect) in cases {
        let mut document = Document::parse("file", kind, "[a]\n".into());
        assert_eq!(
            document.set(&section, key, value),
            Err(expect),
            "{section:?} {key} {value}"
        );
        assert_eq!(text(&document), "[a]\n");
    }
    let mut document = Document::parse("file", FileKind::Config, b"\xff\xfe[\0".to_vec());
    assert_eq!(
        document.set(&profile("a"), "x", "1"),
        Err(EditError::NotText)
    );
}

#[test]
fn a_diff_shows_changes_with_context_and_no_secret() {
    let before = "# one\n[user]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = hidden\n  hidden\n\
                  # aws_secret_access_key = hidden\n# hidden wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n\
                  region = a\n[b]\nhidden\nx = 1\ny = 2\nz = 3\n[c]\nx = 1\n";
    let mut document = Document::parse("credentials", FileKind::Credentials, before.into());
    assert_eq!(document.diff(), "");
    assert!(document.remove(&profile("user"), "aws_secret_access_key"));
    assert!(document.remove(&profile("user"), "aws_access_key_id"));
    document.set(&profile("c"), "x", "2").unwrap();
    document
        .set(&profile("c"), "aws_session_token", "hidden")
        .unwrap();
    let expect = "--- credentials
+++ credentials
@@ -1,8 +1,5 @@
 # one
 [user]
-aws_access_key_id = AKIAEXAMPLE
-aws_secret_access_key = ****
-  ****
 # aws_secret_access_key = ****
 # hidden ****
 region = a
@@ -12,4 +9,5 @@
 y = 2
 z = 3
 [c]
-x = 1
+x = 2
+aws_session_token = ****
";
    assert_eq!(document.diff(), expect);
}

/// Bytes with everything that this grammar cares about in them.
fn file_bytes() -> impl Strategy<Value = Vec<u8>> {
    let pieces: Vec<&[u8]> = vec![
        b"[profile a]",
        b"[a]",
        b"[default]",
        b"[profile \"b c\"]",
        b"x",
        b" = ",
        b"=",
        b"\n",
        b"\n",
        b"\r\n",
        b"\n  ",
        b"\t",
        b" #",
        b"; ",
        b"aws_secret_access_key",
        b"s3 =\n  x = 1",
        b"value",
        b"\xff",
        b"\0",
        b"\xef\xbb\xbf",
        b"[",
        b"]",
        b"\r",
    ];
    let piece = prop::sample::select(pieces);
    prop_oneof![
        4 => prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat()),
        1 => prop::collection::vec(any::<u8>(), 0..200),
    ]
}

fn kind() -> impl Strategy<Value = FileKind> {
    prop_oneof![Just(FileKind::Config), Just(FileKind::Credentials)]
}

fn name() -> impl Strategy<Value = SectionName> {
    prop::sample::select(vec!["a", "default", "b c", "new"]).prop_map(profile)
}

fn key() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["x", "aws_secret_access_key", "s3", "new_key"])
}

/// Each line of the shorter list is in the longer one, in the same order.
fn is_subsequence(shorter: &[&[u8]], longer: &[&[u8]]) -> bool {
    let mut rest = longer.iter();
    shorter.iter().all(|line| rest.any(|other| other == line))
}

/// Lines without their endings: an edit may end a last line that did not end.
fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    let without_ending = |line| {
        let line = <[u8]>::strip_suffix(line, b"\n").unwrap_or(line);
        line.strip_suffix(b"\r").unwrap_or(line)
    };
    bytes
        .split_inclusive(|&byte| byte == b'\n')
        .map(without_ending)
        .collect()
}

/// What every profile says, as text.
fn meaning(document: &Document) -> Vec<String> {
    let set = set_of(document);
    let describe = |section: &holdfast_aws_files::Section| {
        let values = section.keys().map(|key| {
            let secret = section.secret(key).map(|secret| secret.expose_secret());
            format!(
                "{}\n{key}\n{:?}",
                section.name(),
                section.get(key).or(secret)
            )
        });
        values.collect::<Vec<_>>()
    };
    set.profiles().flat_map(describe).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_byte_is_kept(bytes in file_bytes(), kind in kind()) {
        let document = Document::parse("file", kind, bytes.clone());
        prop_assert_eq!(document.bytes(), bytes);
        prop_assert_eq!(document.diff(), "");
    }

    #[test]
    fn setting_changes_one_value_and_no_other_byte(
        bytes in file_bytes(), kind in kind(), name in name(), key in key(),
        value in "[a-zA-Z0-9/+=:. -]{0,20}",
    ) {
        let value = value.trim();
        let mut document = Document::parse("file", kind, bytes.clone());
        let before = meaning(&document);
        match document.set(&name, key, value) {
            Ok(()) => {}
            Err(error) => {
                prop_assert_eq!(error, EditError::NotText);
                prop_assert_eq!(document.bytes(), bytes);
                return Ok(());
            }
        }
        let SectionName::Profile(profile) = &name else { unreachable!() };
        let set = set_of(&document);
        let section = set.profile(profile).unwrap();
        let secret = section.secret(key).map(|secret| secret.expose_secret());
        prop_assert_eq!(section.get(key).or(secret), Some(value));
        // Nothing else means anything else.
        let assigned = format!("{profile}\n{key}\n");
        let was_there = before.iter().any(|one| one.starts_with(&assigned));
        let others = |all: Vec<String>| -> Vec<String> {
            let mut others: Vec<_> = all.into_iter().filter(|one| !one.starts_with(&assigned)).collect();
            others.sort();
            others
        };
        prop_assert_eq!(others(meaning(&document)), others(before));
        // A new key only adds lines; a known one changes one line and drops its continuation.
        let (old, mut new) = (lines(&bytes), lines(document.bytes()));
        if !was_there {
            prop_assert!(is_subsequence(&old, &new));
            prop_assert!(new.len() <= old.len() + 4);
        } else if !is_subsequence(&new, &old) {
            let changed = new.iter().zip(&old).position(|(new, old)| new != old).unwrap();
            new.remove(changed);
            prop_assert!(is_subsequence(&new, &old));
        }
    }

    #[test]
    fn removing_only_removes_lines(bytes in file_bytes(), kind in kind(), name in name(), key in key()) {
        let mut document = Document::parse("file", kind, bytes.clone());
        let before = meaning(&document);
        let removed = document.remove(&name, key);
        prop_assert_eq!(removed, document.bytes() != bytes);
        prop_assert!(is_subsequence(&lines(document.bytes()), &lines(&bytes)));
        let SectionName::Profile(profile) = &name else { unreachable!() };
        let assigned = format!("{profile}\n{key}\n");
        let expect: Vec<String> = before.into_iter().filter(|one| !one.starts_with(&assigned)).collect();
        prop_assert_eq!(meaning(&document), expect);
    }
}
