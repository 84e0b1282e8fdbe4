//! Account names for a keychain that compares without regard to case, as profile names do not.

use std::fmt::Write;

/// Writes every byte but lower-case ASCII letters, digits and `-_:` as `%` and two hexadecimal digits.
pub(super) fn to_caseless(account: &str) -> String {
    let mut text = String::with_capacity(account.len());
    for byte in account.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b':' => text.push(char::from(byte)),
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(text, "%{byte:02x}");
            }
        }
    }
    text
}

/// The account that [`to_caseless`] wrote; `None` for anything else.
pub(super) fn from_caseless(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first == b'%' {
            let (digits, after) = rest.split_first_chunk::<2>()?;
            let digits = std::str::from_utf8(digits).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = after;
        } else {
            bytes.push(first);
        }
    }
    let account = String::from_utf8(bytes).ok()?;
    (to_caseless(&account) == text).then_some(account)
}

#[cfg(test)]
mod tests {
    use super::{from_caseless, to_caseless};
    use proptest::prelude::*;

    #[test]
    fn names_that_differ_in_case_only_stay_apart() {
        let names = [
            "access-key:Dev",
            "access-key:dev",
            "access-key:DEV",
            "access-key:É",
            "access-key:é",
        ];
        let written = names.map(|name| to_caseless(name).to_lowercase());
        for (index, one) in written.iter().enumerate() {
            assert!(!written[index + 1..].contains(one), "{one}");
        }
        assert_eq!(written[1], "access-key:dev");
        assert_eq!(written[0], "access-key:%44ev");
    }

    #[test]
    fn what_was_not_written_here_is_refused() {
        for text in ["%", "%4", "%zz", "%ff", "%+1", "%61", "Dev", "a.b"] {
            assert_eq!(from_caseless(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_account_comes_back(account in any::<String>()) {
            let written = to_caseless(&account);
            prop_assert_eq!(written.to_lowercase(), written.clone());
            prop_assert_eq!(from_caseless(&written), Some(account));
        }
    }
}
