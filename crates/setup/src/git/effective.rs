//! Which helpers git asks for a URL, in its order, from every file that it reads.

use crate::git::binary::Sourced;
use crate::git::helper;
use crate::git::pattern;
use crate::git::section::credential_key;

/// What git does about credentials for a URL.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Effective {
    /// Helpers in the order in which git asks them, each with the place it was read from.
    pub(crate) helpers: Vec<Helper>,
    /// The helper is told the path.
    pub(crate) use_http_path: bool,
}

/// A helper as configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Helper {
    /// The helper string.
    pub value: String,
    /// Where it was read, as git names it.
    pub origin: String,
}

impl Helper {
    /// The helper string as it may be shown: a script that prints a password, or the whole `Authorization` header that
    /// git knows as `credential`, has it in its text.
    pub fn shown(&self) -> &str {
        let is_script = self.value.starts_with('!') || self.value.contains(' ');
        let text = self.value.to_lowercase();
        if is_script && (text.contains("password") || text.contains("credential=")) {
            "a script with a password in it"
        } else {
            &self.value
        }
    }
}

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Holdfast, and nobody else hears of it.
    Holdfast,
    /// Holdfast, but other helpers are handed its password to store.
    Shared,
    /// Another helper comes first.
    Other,
    /// No helper: git asks the person for a user name.
    Nobody,
}

impl Effective {
    /// Plays git's configuration for a URL: every pattern that matches applies, in the order of the files,
    /// and an empty helper forgets those before it.
    pub(crate) fn of(entries: &[Sourced], url: &str) -> Self {
        let mut effective = Self::default();
        for Sourced { entry, origin } in entries {
            let Some((of, name)) = credential_key(&entry.key) else {
                continue;
            };
            if of.is_some_and(|of| !pattern::matches(of, url)) {
                continue;
            }
            match name {
                "helper" if entry.value.is_empty() => effective.helpers.clear(),
                "helper" => effective.helpers.push(Helper {
                    value: entry.value.clone(),
                    origin: origin.clone(),
                }),
                "usehttppath" => effective.use_http_path = is_true(&entry.value),
                _ => {}
            }
        }
        effective
    }

    /// Who answers.
    pub(crate) fn answer(&self) -> Answer {
        let Some(first) = self.helpers.first() else {
            return Answer::Nobody;
        };
        if !helper::asks_holdfast(&first.value) {
            return Answer::Other;
        }
        let only_holdfast = self
            .helpers
            .iter()
            .all(|helper| helper::asks_holdfast(&helper.value));
        if only_holdfast {
            Answer::Holdfast
        } else {
            Answer::Shared
        }
    }
}

fn is_true(value: &str) -> bool {
    matches!(
        value.to_ascii_lowercase().as_str(),
        "true" | "yes" | "on" | "1"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::binary::Entry;

    const URL: &str = "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/one";
    const OURS: &str = "/opt/git-credential-holdfast";

    #[test]
    fn a_password_in_a_script_is_not_shown() {
        let script = "a script with a password in it";
        for (value, expect) in [
            ("store", "store"),
            (
                "!aws codecommit credential-helper $@",
                "!aws codecommit credential-helper $@",
            ),
            ("!f() { echo username=jo; echo password=x; }; f", script),
            ("!echo Password=x", script),
            ("!printf 'authtype=Bearer\\ncredential=x\\n'", script),
            (
                "/opt/password-store/git-credential-pass",
                "/opt/password-store/git-credential-pass",
            ),
        ] {
            let helper = Helper {
                value: value.to_owned(),
                origin: "file:x".to_owned(),
            };
            assert_eq!(helper.shown(), expect);
        }
    }

    fn check(lines: &[(&str, &str)], expect: Answer) {
        let entries: Vec<Sourced> = lines
            .iter()
            .map(|(key, value)| Sourced {
                entry: Entry {
                    key: format!("credential.{key}"),
                    value: (*value).to_owned(),
                },
                origin: "file:x".to_owned(),
            })
            .collect();
        assert_eq!(Effective::of(&entries, URL).answer(), expect, "{lines:?}");
    }

    #[test]
    fn the_order_and_the_resets_decide() {
        let ours = "https://git-codecommit.*.amazonaws.com.helper";
        check(&[], Answer::Nobody);
        check(&[("helper", "store")], Answer::Other);
        check(&[("helper", "store"), (ours, OURS)], Answer::Other);
        check(
            &[("helper", "store"), (ours, ""), (ours, OURS)],
            Answer::Holdfast,
        );
        check(
            &[(ours, ""), (ours, OURS), ("helper", "store")],
            Answer::Shared,
        );
        check(&[("https://github.com.helper", "store")], Answer::Nobody);
        check(&[(ours, OURS), ("helper", "")], Answer::Nobody);
        check(&[("helper", "holdfast")], Answer::Holdfast);
    }
}
