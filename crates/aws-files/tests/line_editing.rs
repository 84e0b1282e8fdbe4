//! Edits of whole lines: every other byte stays, and the change is shown line by line.

use holdfast_aws_files::{Document, EditError, FileKind, LineEdit, SectionName};

fn config(text: &str) -> Document {
    Document::parse("config", FileKind::Config, text.into())
}

fn inserted(before: usize, lines: &[&str]) -> LineEdit {
    LineEdit {
        inserted: Some((before, lines.iter().map(|&line| line.to_owned()).collect())),
        ..LineEdit::default()
    }
}

fn removed(lines: &[usize]) -> LineEdit {
    LineEdit {
        removed: lines.iter().copied().collect(),
        ..LineEdit::default()
    }
}

#[test]
fn only_the_lines_that_are_named_change() {
    let unended = |edit| LineEdit {
        unended: true,
        ..edit
    };
    for (before, edit, after) in [
        ("a\nb\n", inserted(1, &["x", "", "y"]), "a\nx\n\ny\nb\n"),
        ("a\nb", inserted(9, &["x"]), "a\nb\nx\n"),
        ("a\r\nb", inserted(2, &["x"]), "a\r\nb\r\nx\r\n"),
        ("a\r\nb\r\n", inserted(0, &["x"]), "x\r\na\r\nb\r\n"),
        ("", inserted(0, &["x"]), "x\n"),
        ("\u{feff}", inserted(5, &["x"]), "\u{feff}\nx\n"),
        ("a\nb\nc\n", removed(&[1]), "a\nc\n"),
        ("a\nb\nc", removed(&[0, 2, 7]), "b\n"),
        ("a\nb\nc\n", unended(removed(&[2])), "a\nb"),
        ("a\r\nb\r\n", unended(removed(&[1])), "a"),
        ("a\n", unended(removed(&[0])), ""),
        ("a\nb\n", LineEdit::default(), "a\nb\n"),
        (
            "a\nb\nc\n",
            LineEdit {
                removed: [1].into(),
                ..inserted(1, &["x"])
            },
            "a\nx\nc\n",
        ),
    ] {
        let mut document = config(before);
        document.edit_lines(&edit).unwrap();
        assert_eq!(str::from_utf8(document.bytes()).unwrap(), after, "{edit:?}");
        assert_eq!(document.is_edited(), before != after);
    }
}

#[test]
fn the_change_is_shown_without_the_ending_that_a_line_gains_or_loses() {
    let mut document = config("[profile a]\nregion = x");
    document.edit_lines(&inserted(2, &["# b"])).unwrap();
    let diff = document.diff();
    assert!(
        diff.ends_with("@@ -1,2 +1,3 @@\n [profile a]\n region = x\n+# b\n"),
        "{diff}"
    );
    let mut document = config("[profile a]\nregion = x\n# b\n");
    let edit = LineEdit {
        unended: true,
        ..removed(&[2])
    };
    document.edit_lines(&edit).unwrap();
    let diff = document.diff();
    assert!(
        diff.ends_with("@@ -1,3 +1,2 @@\n [profile a]\n region = x\n-# b\n"),
        "{diff}"
    );
}

#[test]
fn what_would_not_read_back_is_refused() {
    let mut document = config("a\n");
    for line in ["a\nb", "a\rb", "a\0", "\u{85}"] {
        let error = document.edit_lines(&inserted(0, &["x", line])).unwrap_err();
        assert_eq!(error, EditError::Value, "{line:?}");
    }
    assert!(!document.is_edited());
    let mut document = Document::parse("config", FileKind::Config, b"\xff\xfea\0".to_vec());
    let error = document.edit_lines(&removed(&[0])).unwrap_err();
    assert_eq!(error, EditError::NotText);
}

#[test]
fn sections_and_lines_are_told_by_number() {
    let text =
        b"# x\n[default]\n[profile \"a b\"]\r\nx = \xff\n [sso-session s]\n[services v]\n[odd]\n";
    let document = Document::parse("config", FileKind::Config, text.to_vec());
    let headers: Vec<(SectionName, usize)> = document.headers().collect();
    let profile = |name: &str| SectionName::Profile(name.to_owned());
    assert_eq!(
        headers,
        [
            (profile("default"), 1),
            (profile("a b"), 2),
            (SectionName::SsoSession("s".to_owned()), 4),
            (SectionName::Services("v".to_owned()), 5),
        ]
    );
    let lines: Vec<Option<&str>> = document.text_lines().collect();
    assert_eq!(lines[2], Some("[profile \"a b\"]"));
    assert_eq!(lines[3], None);
    assert_eq!(lines.len(), 7);
}
