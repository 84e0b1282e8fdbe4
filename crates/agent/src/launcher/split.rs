//! A command line of the user's configuration, split into words as the AWS CLI does, without a shell.
//!
//! botocore splits a `credential_process` with Python's `shlex` on Unix and by the rules of Microsoft's C runtime on
//! Windows (<https://github.com/boto/botocore/blob/develop/botocore/compat.py>, `compat_shell_split`).

/// Why a command line has no words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SplitError {
    /// A quotation mark opens and none closes.
    #[error("a quotation mark in it is not closed")]
    OpenQuote,
    /// The last character is a backslash.
    #[cfg_attr(windows, expect(dead_code, reason = "backslashes are plain there"))]
    #[error("it ends in a backslash")]
    OpenEscape,
    /// There is nothing in it.
    #[error("it is empty")]
    Empty,
}

/// The program and its arguments.
///
/// # Errors
/// [`SplitError`].
pub(crate) fn words(line: &str) -> Result<Vec<String>, SplitError> {
    #[cfg(windows)]
    let words = windows(line)?;
    #[cfg(not(windows))]
    let words = posix(line)?;
    if words.is_empty() {
        return Err(SplitError::Empty);
    }
    Ok(words)
}

/// Within double quotes a backslash counts before a double quote and another backslash only; within single quotes
/// nothing counts.
#[cfg(not(windows))]
fn posix(line: &str) -> Result<Vec<String>, SplitError> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars();
    while let Some(char) = chars.next() {
        match char {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            '\\' => {
                let escaped = chars.next().ok_or(SplitError::OpenEscape)?;
                word.get_or_insert_default().push(escaped);
            }
            '\'' | '"' => quoted(char, &mut chars, word.get_or_insert_default())?,
            plain => word.get_or_insert_default().push(plain),
        }
    }
    words.extend(word);
    Ok(words)
}

#[cfg(not(windows))]
fn quoted(
    quote: char,
    chars: &mut std::str::Chars<'_>,
    word: &mut String,
) -> Result<(), SplitError> {
    loop {
        match chars.next().ok_or(SplitError::OpenQuote)? {
            char if char == quote => return Ok(()),
            '\\' if quote == '"' => match chars.next().ok_or(SplitError::OpenEscape)? {
                escaped @ ('"' | '\\') => word.push(escaped),
                plain => word.extend(['\\', plain]),
            },
            plain => word.push(plain),
        }
    }
}

/// Backslashes are plain unless they stand before a quotation mark: two of them are one then, and an odd one makes
/// the mark plain.
#[cfg(any(windows, test))]
fn windows(line: &str) -> Result<Vec<String>, SplitError> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut backslashes = 0;
    let mut is_quoted = false;
    for char in line.chars() {
        if char == '\\' {
            backslashes += 1;
            continue;
        }
        let before = std::mem::take(&mut backslashes);
        if char == '"' {
            let text = word.get_or_insert_default();
            text.extend(std::iter::repeat_n('\\', before / 2));
            if before % 2 == 1 {
                text.push('"');
            } else {
                is_quoted = !is_quoted;
            }
            continue;
        }
        if before > 0 {
            word.get_or_insert_default()
                .extend(std::iter::repeat_n('\\', before));
        }
        if matches!(char, ' ' | '\t') && !is_quoted {
            words.extend(word.take());
        } else {
            word.get_or_insert_default().push(char);
        }
    }
    if is_quoted {
        return Err(SplitError::OpenQuote);
    }
    if backslashes > 0 {
        word.get_or_insert_default()
            .extend(std::iter::repeat_n('\\', backslashes));
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(not(windows))]
    #[test]
    fn as_shlex_does() {
        let cases: [(&str, Result<&[&str], SplitError>); 14] = [
            ("tool --a b", Ok(&["tool", "--a", "b"])),
            ("  tool\t a \n", Ok(&["tool", "a"])),
            ("'my tool' \"a b\" c\\ d", Ok(&["my tool", "a b", "c d"])),
            (r#""a\"b\\c\d""#, Ok(&[r#"a"b\c\d"#])),
            (r"'a\b'", Ok(&[r"a\b"])),
            ("a'b'\"c\"d", Ok(&["abcd"])),
            ("tool ''", Ok(&["tool", ""])),
            (
                "tool $HOME ~ | x; #y",
                Ok(&["tool", "$HOME", "~", "|", "x;", "#y"]),
            ),
            ("", Err(SplitError::Empty)),
            (" \t", Err(SplitError::Empty)),
            ("tool 'a", Err(SplitError::OpenQuote)),
            ("tool \"a", Err(SplitError::OpenQuote)),
            ("tool \\", Err(SplitError::OpenEscape)),
            ("tool \"\\", Err(SplitError::OpenEscape)),
        ];
        for (line, expect) in cases {
            let got = words(line);
            let got = got
                .as_ref()
                .map(|words| words.iter().map(String::as_str).collect());
            assert_eq!(got, expect.as_ref().map(|words| words.to_vec()), "{line}");
        }
    }

    #[test]
    fn as_windows_does() {
        let cases: [(&str, Result<&[&str], SplitError>); 10] = [
            (
                r"C:\bin\tool.exe --a b",
                Ok(&[r"C:\bin\tool.exe", "--a", "b"]),
            ),
            (
                r#""C:\my bin\tool.exe" a"#,
                Ok(&[r"C:\my bin\tool.exe", "a"]),
            ),
            (r#"a\"b c"#, Ok(&[r#"a"b"#, "c"])),
            (r#""a b\\" c"#, Ok(&[r"a b\", "c"])),
            (r#"a\\\"b"#, Ok(&[r#"a\"b"#])),
            (r"a\ b\", Ok(&[r"a\", r"b\"])),
            (r#"tool """#, Ok(&["tool", ""])),
            ("'a b'", Ok(&["'a", "b'"])),
            ("", Ok(&[])),
            (r#"tool "a"#, Err(SplitError::OpenQuote)),
        ];
        for (line, expect) in cases {
            let got = windows(line);
            let got = got
                .as_ref()
                .map(|words| words.iter().map(String::as_str).collect());
            assert_eq!(got, expect.as_ref().map(|words| words.to_vec()), "{line}");
        }
    }
}
