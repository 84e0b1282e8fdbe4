//! The helper's command line: `[--profile NAME] OPERATION`, where git appends the operation.

use std::ffi::OsString;

/// What the helper is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Give a user name and a password.
    Get,
    /// A password was accepted.
    Store,
    /// A password was refused.
    Erase,
    /// Say what the helper can do beyond the first version of the protocol.
    Capability,
    /// Something that a later git may ask; helpers are to ignore it.
    Unknown,
}

/// A command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arguments {
    /// The operation.
    pub operation: Operation,
    /// Profile to take the credentials from.
    pub profile: Option<String>,
    /// What is wrong with the options. Told only where the helper owns the host.
    pub problem: Option<&'static str>,
}

/// Reads a command line without the program's name; `None` when it names no operation.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Option<Arguments> {
    let mut arguments = arguments.into_iter();
    let mut profile = None;
    let mut problem = None;
    loop {
        let argument = arguments.next()?;
        let name = match argument.to_str() {
            Some("--profile") => arguments.next()?.into_string().ok(),
            Some(text) if text.starts_with("--profile=") => {
                text.split_once('=').map(|(_, name)| name.to_owned())
            }
            Some(text) if text.starts_with('-') => {
                problem = Some("the helper's command line holds an unknown option");
                continue;
            }
            text => {
                return Some(Arguments {
                    operation: operation(text),
                    profile,
                    problem,
                });
            }
        };
        profile = name.filter(|name| is_profile_name(name));
        if profile.is_none() {
            problem = Some("the helper's command line names a profile that cannot be");
        }
    }
}

fn operation(name: Option<&str>) -> Operation {
    match name {
        Some("get") => Operation::Get,
        Some("store") => Operation::Store,
        Some("erase") => Operation::Erase,
        Some("capability") => Operation::Capability,
        _ => Operation::Unknown,
    }
}

fn is_profile_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arguments: &[&str], expect: Option<(Operation, Option<&str>, bool)>) {
        let parsed = parse(arguments.iter().map(OsString::from));
        let found = parsed.as_ref().map(|parsed| {
            let profile = parsed.profile.as_deref();
            (parsed.operation, profile, parsed.problem.is_some())
        });
        assert_eq!(found, expect, "{arguments:?}");
    }

    #[test]
    fn command_lines_are_read() {
        use Operation::{Capability, Erase, Get, Store, Unknown};
        check(&["get"], Some((Get, None, false)));
        check(&["store"], Some((Store, None, false)));
        check(&["erase"], Some((Erase, None, false)));
        check(&["capability"], Some((Capability, None, false)));
        check(&["approve"], Some((Unknown, None, false)));
        check(&["GET"], Some((Unknown, None, false)));
        check(&[""], Some((Unknown, None, false)));
        check(
            &["--profile", "dev", "get"],
            Some((Get, Some("dev"), false)),
        );
        check(&["--profile=dev", "get"], Some((Get, Some("dev"), false)));
        check(&["--profile=a=b", "get"], Some((Get, Some("a=b"), false)));
        check(
            &["--profile", "--all", "get"],
            Some((Get, Some("--all"), false)),
        );
        check(
            &["--profile", "a/../b", "get"],
            Some((Get, Some("a/../b"), false)),
        );
        check(&["get", "--profile", "dev"], Some((Get, None, false)));
    }

    #[test]
    fn bad_options_are_a_problem_of_their_own() {
        use Operation::Get;
        check(&["--profile", "", "get"], Some((Get, None, true)));
        check(&["--profile=", "get"], Some((Get, None, true)));
        check(&["--profile", "a\nb", "get"], Some((Get, None, true)));
        check(&["--profiel", "get"], Some((Get, None, true)));
        check(&["-p", "get"], Some((Get, None, true)));
        check(&["--upload-pack=id", "get"], Some((Get, None, true)));
    }

    #[test]
    fn a_missing_operation_is_noticed() {
        check(&[], None);
        check(&["--profile", "get"], None);
        check(&["--profile"], None);
        check(&["--help"], None);
    }
}
