//! Identities of sessions: two are the same text exactly when they are the same session.

use holdfast_core::chain::{Chain, KeyLocation, Source, Step};
use proptest::prelude::*;

/// Text out of what the encoding itself is made of.
fn text() -> impl Strategy<Value = String> {
    let pieces = vec![
        "a",
        " ",
        ">",
        " > ",
        "%",
        "%20",
        "\n",
        "é",
        "assume-role",
        "external-id",
    ];
    prop::collection::vec(prop::sample::select(pieces), 0..4).prop_map(|pieces| pieces.concat())
}

fn source() -> impl Strategy<Value = Source> {
    let location = prop::sample::select(vec![KeyLocation::Keychain, KeyLocation::File]);
    let kind = prop::sample::select(vec!["sso_session", "login_session"]);
    prop_oneof![
        (text(), text(), location).prop_map(|(access_key_id, profile, location)| {
            Source::AccessKey {
                access_key_id,
                profile,
                location,
            }
        }),
        (text(), text(), kind).prop_map(|(identity, profile, kind)| Source::Unsupported {
            profile,
            kind,
            identity,
            needs: String::new(),
        }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let optional = || prop::option::of(text());
    let seconds = || prop::option::of(900_u32..903);
    prop_oneof![
        (text(), seconds()).prop_map(|(mfa_serial, duration_seconds)| Step::GetSessionToken {
            mfa_serial,
            duration_seconds,
        }),
        (
            text(),
            optional(),
            optional(),
            optional(),
            seconds(),
            optional()
        )
            .prop_map(
                |(
                    role_arn,
                    role_session_name,
                    external_id,
                    source_identity,
                    duration_seconds,
                    mfa_serial,
                )| {
                    Step::AssumeRole {
                        role_arn,
                        role_session_name,
                        external_id,
                        source_identity,
                        duration_seconds,
                        mfa_serial,
                    }
                }
            ),
    ]
}

fn chain() -> impl Strategy<Value = Chain> {
    (source(), prop::collection::vec(step(), 0..3)).prop_map(|(source, steps)| Chain {
        profile: "p".to_owned(),
        region: None,
        source,
        steps,
        problems: Vec::new(),
    })
}

/// What makes a session what it is: neither whose key it is, nor where, nor how long MFA lasts.
fn identity(chain: &Chain, steps: usize) -> (Source, Vec<Step>) {
    let source = match chain.source.clone() {
        Source::AccessKey { access_key_id, .. } => Source::AccessKey {
            access_key_id,
            profile: String::new(),
            location: KeyLocation::File,
        },
        Source::Unsupported { kind, identity, .. } => Source::Unsupported {
            profile: String::new(),
            kind,
            identity,
            needs: String::new(),
        },
    };
    let without_mfa_lifetime = |step: &Step| match step.clone() {
        Step::GetSessionToken { mfa_serial, .. } => Step::GetSessionToken {
            mfa_serial,
            duration_seconds: None,
        },
        role @ Step::AssumeRole { .. } => role,
    };
    (
        source,
        chain.steps[..steps]
            .iter()
            .map(without_mfa_lifetime)
            .collect(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn same_text_is_same_session(a in chain(), b in chain()) {
        for (number, key) in a.keys().iter().enumerate() {
            for (other_number, other) in b.keys().iter().enumerate() {
                let same = identity(&a, number + 1) == identity(&b, other_number + 1);
                prop_assert_eq!(key == other, same, "{} and {}", key, other);
            }
            prop_assert!(key.as_str().bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()));
            prop_assert!(*key != a.source_key());
        }
        prop_assert_eq!(a.keys().len(), a.steps.len());
        prop_assert_eq!(a.source_key() == b.source_key(), identity(&a, 0) == identity(&b, 0));
    }
}
