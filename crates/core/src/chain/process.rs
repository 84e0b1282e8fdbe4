//! The commands of `credential_process`: which one it is, and whether it is Holdfast itself.

/// The number that tells a `credential_process` from what it was before an edit: FNV-1a, folded to 16 bits
/// (<https://datatracker.ietf.org/doc/html/draft-eastlake-fnv>).
///
/// It stands in the log, and the command may contain a secret: 16 bits are too few to find out which.
pub fn fingerprint(command: &str) -> u64 {
    let hash = command
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
    (hash ^ (hash >> 16) ^ (hash >> 32) ^ (hash >> 48)) & 0xffff
}

/// The profile whose credentials a command prints by asking Holdfast: `holdfast credential-process --profile NAME`.
///
/// Commands that get there some other way, through a shell or a script, are not understood here.
pub(super) fn profile_of_holdfast(command: &str) -> Option<&str> {
    let mut words = Words(command);
    let program = words.next()?.rsplit(['/', '\\']).next()?;
    let name = program.strip_suffix(".exe").unwrap_or(program);
    if name != "holdfast" || words.next()? != "credential-process" {
        return None;
    }
    while let Some(word) = words.next() {
        if word == "--profile" {
            return words.next();
        }
        if let Some(profile) = word.strip_prefix("--profile=") {
            return Some(profile);
        }
    }
    None
}

/// The words of a command that are written plainly or in one pair of quotes.
struct Words<'a>(&'a str);

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.0.trim_start();
        let quote = rest.chars().next()?;
        let (word, rest) = if matches!(quote, '"' | '\'') {
            rest[1..].split_once(quote)?
        } else {
            rest.split_once(char::is_whitespace).unwrap_or((rest, ""))
        };
        self.0 = rest;
        Some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holdfast_is_recognised_in_its_plain_forms() {
        for (command, expect) in [
            ("holdfast credential-process --profile dev", Some("dev")),
            ("holdfast credential-process --profile=dev", Some("dev")),
            (
                "/usr/bin/holdfast  credential-process\t--profile 'a b'",
                Some("a b"),
            ),
            (
                r#""C:\Program Files\Holdfast\holdfast.exe" credential-process --profile "dev""#,
                Some("dev"),
            ),
            ("holdfast credential-process", None),
            ("holdfast env --profile dev", None),
            ("holdfast-like credential-process --profile dev", None),
            ("sh -c 'holdfast credential-process --profile dev'", None),
            ("'holdfast credential-process --profile dev", None),
            ("", None),
        ] {
            assert_eq!(profile_of_holdfast(command), expect, "{command}");
        }
    }

    #[test]
    fn an_edit_changes_the_fingerprint_and_sixteen_bits_are_all_there_is() {
        let before = fingerprint("tool --token abc");
        assert_eq!(before, fingerprint("tool --token abc"));
        assert_ne!(before, fingerprint("tool --token abd"));
        assert!((0..1_000).all(|number| fingerprint(&number.to_string()) <= 0xffff));
    }
}
