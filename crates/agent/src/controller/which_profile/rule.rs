//! The rule by which a profile is found for a repository that a request names none for.

/// What is known before the files are searched.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known<'a> {
    /// The profile that the request names.
    pub(super) named: Option<&'a str>,
    /// The one that is remembered for the repository.
    pub(super) remembered: Option<&'a str>,
    /// The caller's `AWS_PROFILE`.
    pub(super) callers: Option<&'a str>,
    /// There is an access key in the caller's environment.
    pub(super) has_environment_key: bool,
}

/// Whose credentials open a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// Those of a profile.
    Profile(String),
    /// Those in the caller's environment.
    Environment,
    /// Those of one of these profiles: two or more.
    OneOf(Vec<String>),
    /// No profile can reach it.
    Nobody,
}

/// The rule. The files are only searched for profiles that fit when nothing else says which.
pub(super) fn whose<E>(
    known: Known<'_>,
    fitting: impl FnOnce() -> Result<Vec<String>, E>,
) -> Result<Whose, E> {
    if let Some(name) = known.named.or(known.remembered).or(known.callers) {
        return Ok(Whose::Profile(name.to_owned()));
    }
    // A key that was put into the environment is meant to be used; a profile would only be a guess.
    if known.has_environment_key {
        return Ok(Whose::Environment);
    }
    let mut fitting = fitting()?;
    Ok(match fitting.len() {
        0 => Whose::Nobody,
        1 => Whose::Profile(fitting.remove(0)),
        _ => Whose::OneOf(fitting),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Named, remembered, the caller's, a key in the environment, profiles that fit; and what becomes of it.
    type Row<'a> = (
        Option<&'a str>,
        Option<&'a str>,
        Option<&'a str>,
        bool,
        &'a [&'a str],
        Whose,
    );

    fn profile(name: &str) -> Whose {
        Whose::Profile(name.to_owned())
    }

    #[test]
    fn what_is_said_outright_counts_first() {
        let one_of = Whose::OneOf(vec!["a".to_owned(), "b".to_owned()]);
        let named = Some("named");
        let kept = Some("kept");
        let callers = Some("callers");
        let table: &[Row<'_>] = &[
            (named, kept, callers, true, &["a"], profile("named")),
            (named, None, None, false, &[], profile("named")),
            (None, kept, callers, true, &["a"], profile("kept")),
            (None, kept, None, false, &["a", "b"], profile("kept")),
            (None, None, callers, true, &["a"], profile("callers")),
            (None, None, callers, false, &["a", "b"], profile("callers")),
            (None, None, None, true, &["a"], Whose::Environment),
            (None, None, None, true, &[], Whose::Environment),
            (None, None, None, false, &["a"], profile("a")),
            (None, None, None, false, &["a", "b"], one_of),
            (None, None, None, false, &[], Whose::Nobody),
        ];
        for (named, remembered, callers, has_environment_key, fitting, expect) in table {
            let known = Known {
                named: *named,
                remembered: *remembered,
                callers: *callers,
                has_environment_key: *has_environment_key,
            };
            let names = || Ok::<_, ()>(fitting.iter().map(|&name| name.to_owned()).collect());
            assert_eq!(
                whose(known, names).as_ref(),
                Ok(expect),
                "{known:?} {fitting:?}"
            );
        }
    }

    #[test]
    fn files_are_searched_only_when_nothing_is_said() {
        for known in [
            Known {
                named: Some("a"),
                ..Known::default()
            },
            Known {
                remembered: Some("a"),
                ..Known::default()
            },
            Known {
                callers: Some("a"),
                ..Known::default()
            },
            Known {
                has_environment_key: true,
                ..Known::default()
            },
        ] {
            assert!(whose(known, || Err("searched")).is_ok(), "{known:?}");
        }
        assert_eq!(
            whose(Known::default(), || Err("unreadable")),
            Err("unreadable")
        );
    }
}
