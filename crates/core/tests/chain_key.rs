//! Identities of sessions as text.

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
        endpoint: holdfast_core::endpoint::EndpointSettings::default(),
        source,
        steps,
        problems: Vec::new(),
    })
}

/// What makes a session what it is, in words: neither whose key it is, nor where it is kept, nor
/// for how long MFA lasts.
fn identity(chain: &Chain, steps: usize) -> Vec<Vec<String>> {
    let source = match &chain.source {
        Source::AccessKey { access_key_id, .. } => ["access-key", access_key_id.as_str()],
        Source::Unsupported { kind, identity, .. } => [kind, identity.as_str()],
    };
    let mut all = vec![source.map(str::to_owned).to_vec()];
    for step in &chain.steps[..steps] {
        all.push(match step {
            Step::GetSessionToken { mfa_serial, .. } => {
                vec!["get-session-token".to_owned(), mfa_serial.clone()]
            }
            Step::AssumeRole {
                role_arn,
                role_session_name,
                external_id,
                source_identity,
                duration_seconds,
                mfa_serial,
            } => {
                let mut words = vec!["assume-role".to_owned(), role_arn.clone()];
                let parameters = [
                    ("role-session-name", role_session_name.clone()),
                    ("external-id", external_id.clone()),
                    ("source-identity", source_identity.clone()),
                    (
                        "duration-seconds",
                        duration_seconds.map(|seconds| seconds.to_string()),
                    ),
                    ("mfa-serial", mfa_serial.clone()),
                ];
                for (name, value) in parameters {
                    words.extend(
                        value
                            .map(|value| [name.to_owned(), value])
                            .into_iter()
                            .flatten(),
                    );
                }
                words
            }
        });
    }
    all
}

/// Reads the text back; that this is possible is why two sessions never have the same text.
fn read_back(text: &str) -> Vec<Vec<String>> {
    text.split(" > ")
        .map(|step| step.split(' ').map(unescaped).collect())
        .collect()
}

fn unescaped(word: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = word.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits: String = rest.by_ref().take(2).map(char::from).collect();
            bytes.push(u8::from_str_radix(&digits, 16).expect("two hexadecimal digits"));
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_text_says_all_that_makes_the_session(chain in chain()) {
        let keys = chain.keys();
        prop_assert_eq!(keys.len(), chain.steps.len());
        prop_assert_eq!(read_back(chain.source_key().as_str()), identity(&chain, 0));
        for (number, key) in keys.iter().enumerate() {
            prop_assert_eq!(read_back(key.as_str()), identity(&chain, number + 1));
        }
    }
}
