//! Many profiles: the work grows with the files, not faster, and no depth overflows the stack.

use holdfast_aws_files::{Document, FileKind, ProfileSet};
use holdfast_core::chain::{ResolveError, resolve, resolve_all};
use std::collections::BTreeMap;
use std::fmt::Write as _;

fn keys() -> BTreeMap<String, String> {
    BTreeMap::from([("user".to_owned(), "AKIAUSER".to_owned())])
}

fn profiles(config: String) -> ProfileSet {
    let config = Document::parse("config", FileKind::Config, config.into_bytes());
    let credentials = Document::missing("credentials", FileKind::Credentials);
    ProfileSet::merge(&config, &credentials)
}

/// A chain of this many roles over the user, `p1` right above it.
fn chain_of(roles: usize) -> ProfileSet {
    let mut config = "[profile user]\n".to_owned();
    for number in 1..=roles {
        let source = match number {
            1 => "user".to_owned(),
            _ => format!("p{}", number - 1),
        };
        let _ = writeln!(
            config,
            "[profile p{number}]\nrole_arn = arn:aws:iam::111122223333:role/R{number}\nsource_profile = {source}"
        );
    }
    profiles(config)
}

#[test]
fn a_deep_chain_resolves() {
    let profiles = chain_of(1_000);
    let keys = keys();
    let chain = resolve("p1000", &profiles, &keys).expect("it resolves");
    assert_eq!(chain.steps.len(), 1_000);
}

#[test]
fn a_chain_beyond_all_sense_is_refused_without_overflow() {
    let profiles = chain_of(20_000);
    let keys = keys();
    let error = resolve("p20000", &profiles, &keys).expect_err("it is too long");
    assert!(matches!(error, ResolveError::TooLong { .. }), "{error}");
    let resolved = resolve_all(&profiles, &keys)
        .take(1_500)
        .filter(|(_, chain)| chain.is_ok());
    assert_eq!(resolved.count(), 1_001);
}

#[test]
fn a_circle_of_many_is_found_and_named_briefly() {
    let mut config = String::new();
    for number in 0..20_000 {
        let next = (number + 1) % 20_000;
        let _ = writeln!(
            config,
            "[profile p{number}]\nrole_arn = arn:aws:iam::111122223333:role/R\nsource_profile = p{next}"
        );
    }
    let profiles = profiles(config);
    let keys = keys();
    let error = resolve("p7", &profiles, &keys).expect_err("it is a circle");
    let text = error.to_string();
    assert!(
        text.contains("p7 → p8 →") && text.contains("→ p7 (") && text.len() < 300,
        "{text}"
    );
}

#[test]
fn every_profile_of_a_large_file_resolves() {
    let mut config = "[profile user]\nmfa_serial = arn:aws:iam::111122223333:mfa/user\n".to_owned();
    for number in 0..10_000 {
        let _ = writeln!(
            config,
            "[profile p{number}]\nrole_arn = arn:aws:iam::{number:012}:role/R\nsource_profile = user"
        );
    }
    let profiles = profiles(config);
    let keys = keys();
    let sessions: std::collections::BTreeSet<_> = resolve_all(&profiles, &keys)
        .map(|(name, chain)| chain.unwrap_or_else(|error| panic!("{name}: {error}")))
        .map(|chain| chain.keys().swap_remove(0))
        .collect();
    assert_eq!(sessions.len(), 1, "they share one MFA session");
}

#[test]
fn profiles_that_stand_for_each_other_beyond_all_sense_are_refused() {
    let mut config = "[profile user]\n".to_owned();
    for number in 1..=20 {
        let next = match number {
            1 => "user".to_owned(),
            _ => format!("p{}", number - 1),
        };
        let _ = writeln!(
            config,
            "[profile p{number}]\ncredential_process = holdfast credential-process --profile {next}"
        );
    }
    let profiles = profiles(config);
    let keys = keys();
    assert!(resolve("p15", &profiles, &keys).is_ok());
    let error = resolve("p20", &profiles, &keys).expect_err("nobody means that");
    assert!(matches!(error, ResolveError::TooLong { .. }), "{error}");
}
