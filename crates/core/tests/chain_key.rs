//! Identities of sessions as text.

use holdfast_core::chain::{Chain, KeyLocation, Source, Step};
use holdfast_core::endpoint::EndpointSettings;
use holdfast_core::sso::Portal;
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
    let profile = || "p".to_owned();
    prop_oneof![
        (text(), text(), location).prop_map(|(access_key_id, profile, location)| {
            Source::AccessKey {
                access_key_id,
                profile,
                location,
            }
        }),
        (text(), text()).prop_map(|(access_key_id, profile)| Source::TemporaryKey {
            access_key_id,
            profile,
        }),
        prop::option::of(text()).prop_map(move |access_key_id| Source::Environment {
            access_key_id,
            profile: profile(),
        }),
        (text(), text()).prop_map(move |(start_url, region)| Source::Portal {
            portal: Portal {
                start_url,
                region,
                scopes: Vec::new(),
                endpoint: EndpointSettings::default(),
            },
            profile: profile(),
        }),
        text().prop_map(move |login_session| Source::ConsoleLogin {
            login_session,
            profile: profile(),
        }),
        text().prop_map(move |file| Source::WebIdentityToken {
            file,
            profile: profile(),
        }),
        (text(), 0..0x1_0000_u64).prop_map(|(profile, fingerprint)| Source::CredentialProcess {
            profile,
            fingerprint,
        }),
        Just(Source::InstanceMetadata { profile: profile() }),
        Just(Source::Container { profile: profile() }),
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
        Just(Step::SignIn),
        (text(), text()).prop_map(|(account_id, role_name)| Step::GetRoleCredentials {
            account_id,
            role_name,
        }),
        (text(), optional(), seconds()).prop_map(
            |(role_arn, role_session_name, duration_seconds)| Step::AssumeRoleWithWebIdentity {
                role_arn,
                role_session_name,
                duration_seconds,
            }
        ),
        Just(Step::Fetch),
    ]
}

fn chain() -> impl Strategy<Value = Chain> {
    (source(), prop::collection::vec(step(), 0..3)).prop_map(|(source, steps)| Chain {
        profile: "p".to_owned(),
        region: None,
        endpoint: EndpointSettings::default(),
        source,
        steps,
        problems: Vec::new(),
    })
}

/// What makes a session what it is, in words: neither whose key it is, nor where it is kept, nor
/// for how long MFA lasts.
fn identity(chain: &Chain, steps: usize) -> Vec<Vec<String>> {
    let steps = chain.steps[..steps].iter().map(identity_of_step);
    std::iter::once(identity_of_source(&chain.source))
        .chain(steps)
        .collect()
}

fn identity_of_source(source: &Source) -> Vec<String> {
    let words: &[&str] = match source {
        Source::AccessKey { access_key_id, .. } => &["access-key", access_key_id],
        Source::TemporaryKey { access_key_id, .. } => &["temporary-key", access_key_id],
        Source::Environment { access_key_id, .. } => {
            &["environment", access_key_id.as_deref().unwrap_or_default()]
        }
        Source::Portal { portal, .. } => &["portal", &portal.start_url, &portal.region],
        Source::ConsoleLogin { login_session, .. } => &["console-login", login_session],
        Source::WebIdentityToken { file, .. } => &["web-identity-token", file],
        Source::CredentialProcess {
            profile,
            fingerprint,
        } => &["credential-process", profile, &format!("{fingerprint:04x}")],
        Source::InstanceMetadata { .. } => &["instance-metadata"],
        Source::Container { .. } => &["container"],
    };
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn identity_of_step(step: &Step) -> Vec<String> {
    let seconds = step.duration_seconds().map(|seconds| seconds.to_string());
    match step {
        Step::GetSessionToken { mfa_serial, .. } => {
            vec!["get-session-token".to_owned(), mfa_serial.clone()]
        }
        Step::AssumeRole {
            role_arn,
            role_session_name,
            external_id,
            source_identity,
            duration_seconds: _,
            mfa_serial,
        } => with_parameters(
            &["assume-role", role_arn],
            [
                ("role-session-name", role_session_name),
                ("external-id", external_id),
                ("source-identity", source_identity),
                ("duration-seconds", &seconds),
                ("mfa-serial", mfa_serial),
            ],
        ),
        Step::SignIn => vec!["sign-in".to_owned()],
        Step::GetRoleCredentials {
            account_id,
            role_name,
        } => vec![
            "get-role-credentials".to_owned(),
            account_id.clone(),
            role_name.clone(),
        ],
        Step::AssumeRoleWithWebIdentity {
            role_arn,
            role_session_name,
            duration_seconds: _,
        } => with_parameters(
            &["assume-role-with-web-identity", role_arn],
            [
                ("role-session-name", role_session_name),
                ("duration-seconds", &seconds),
            ],
        ),
        Step::Fetch => vec!["fetch".to_owned()],
    }
}

fn with_parameters<const N: usize>(
    words: &[&str],
    parameters: [(&str, &Option<String>); N],
) -> Vec<String> {
    let parameters = parameters
        .into_iter()
        .filter_map(|(name, value)| Some([name.to_owned(), value.clone()?]));
    words
        .iter()
        .map(|word| (*word).to_owned())
        .chain(parameters.flatten())
        .collect()
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
