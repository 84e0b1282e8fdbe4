//! What files mean, case by case: the rules of the shared files and how damage is met.

#![expect(clippy::unwrap_used, reason = "a panic is a failed test")]

use holdfast_aws_files::{Document, FileKind, ProfileSet, Section};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// One case. Files are given as lines; `ending` joins and ends them.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Case {
    /// The rule, in words.
    docs: String,
    #[serde(default)]
    config: Vec<String>,
    #[serde(default)]
    credentials: Vec<String>,
    #[serde(default = "line_feed")]
    ending: String,
    /// What stands before the first line of the config file, each character one byte.
    #[serde(default)]
    prefix_bytes: String,
    /// Every character of the files is one byte instead of UTF-8.
    #[serde(default)]
    latin_1: bool,
    #[serde(default)]
    last_line_unended: bool,
    #[serde(default)]
    profiles: Sections,
    #[serde(default)]
    sso_sessions: Sections,
    #[serde(default)]
    services: Sections,
    /// File, line and a part of the message.
    #[serde(default)]
    problems: Vec<(String, u32, String)>,
}

type Sections = BTreeMap<String, BTreeMap<String, Value>>;

#[derive(Debug, Deserialize, PartialEq)]
#[serde(untagged)]
enum Value {
    Text(String),
    Nested(BTreeMap<String, String>),
}

fn line_feed() -> String {
    "\n".to_owned()
}

impl Case {
    fn document(&self, kind: FileKind) -> Document {
        let (name, lines, prefix) = match kind {
            FileKind::Config => ("config", &self.config, self.prefix_bytes.as_str()),
            FileKind::Credentials => ("credentials", &self.credentials, ""),
        };
        let mut text = lines.join(&self.ending);
        if !lines.is_empty() && !self.last_line_unended {
            text.push_str(&self.ending);
        }
        let mut bytes = latin_1(prefix);
        bytes.extend(if self.latin_1 {
            latin_1(&text)
        } else {
            text.into_bytes()
        });
        let document = Document::parse(name, kind, bytes.clone());
        assert_eq!(document.bytes(), bytes, "{}: {name} is kept", self.docs);
        document
    }

    fn check(&self) {
        let config = self.document(FileKind::Config);
        let credentials = self.document(FileKind::Credentials);
        let set = ProfileSet::merge(&config, &credentials);
        let docs = &self.docs;
        let profiles: Vec<&str> = set.profiles().map(Section::name).collect();
        assert_eq!(profiles.len(), self.profiles.len(), "{docs}: {profiles:?}");
        for (name, expect) in &self.profiles {
            check_section(docs, name, set.profile(name), expect);
        }
        for (name, expect) in &self.sso_sessions {
            check_section(docs, name, set.sso_session(name), expect);
        }
        for (name, expect) in &self.services {
            check_section(docs, name, set.services(name), expect);
        }
        let problems: Vec<String> = set.problems().iter().map(ToString::to_string).collect();
        assert_eq!(problems.len(), self.problems.len(), "{docs}: {problems:#?}");
        for (problem, (file, line, part)) in problems.iter().zip(&self.problems) {
            let place = format!("{file} line {line}: ");
            assert!(
                problem.starts_with(&place) && problem.contains(part),
                "{docs}: {problem}"
            );
        }
    }
}

fn latin_1(text: &str) -> Vec<u8> {
    text.chars()
        .map(|char| u8::try_from(char).unwrap())
        .collect()
}

fn check_section(
    docs: &str,
    name: &str,
    section: Option<&Section>,
    expect: &BTreeMap<String, Value>,
) {
    let section = section.unwrap_or_else(|| panic!("{docs}: {name} is there"));
    assert_eq!(section.name(), name, "{docs}");
    let keys: Vec<&str> = section.keys().collect();
    assert_eq!(
        keys,
        expect.keys().collect::<Vec<_>>(),
        "{docs}: keys of {name}"
    );
    for (key, value) in expect {
        match value {
            Value::Text(text) => {
                let secret = section.secret(key).map(|secret| secret.expose_secret());
                assert_eq!(
                    section.get(key).or(secret),
                    Some(text.as_str()),
                    "{docs}: {key}"
                );
            }
            Value::Nested(nested) => {
                for (sub_key, text) in nested {
                    assert_eq!(
                        section.nested(key, sub_key),
                        Some(text.as_str()),
                        "{docs}: {key}"
                    );
                }
            }
        }
    }
}

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reading");
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let cases: Vec<Case> = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        count += cases.len();
        for case in cases {
            case.check();
        }
    }
    assert!(count > 40, "the cases are found: {count}");
}

#[test]
fn secrets_are_secrets_from_the_parser_on() {
    let text = "[dev]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = hidden-one\n\
                aws_session_token = hidden-two\n";
    let credentials = Document::parse("credentials", FileKind::Credentials, text.into());
    let config = Document::missing("config", FileKind::Config);
    let set = ProfileSet::merge(&config, &credentials);
    let profile = set.profile("dev").unwrap();
    assert_eq!(profile.get("aws_secret_access_key"), None);
    assert_eq!(profile.get("aws_session_token"), None);
    let key = profile.access_key().unwrap();
    assert_eq!(key.id, "AKIAEXAMPLE");
    assert_eq!(key.secret.expose_secret(), "hidden-one");
    assert_eq!(key.session_token.unwrap().expose_secret(), "hidden-two");
    let shown = format!("{credentials:?} {set:?}");
    assert!(!shown.contains("hidden"), "{shown}");
}

#[test]
fn locations_name_file_and_line() {
    let config = Document::parse(
        "config",
        FileKind::Config,
        "# first\n[profile dev]\nregion = eu-west-1\n".into(),
    );
    let credentials = Document::parse(
        "credentials",
        FileKind::Credentials,
        "[dev]\n\naws_access_key_id = AKIAEXAMPLE\n".into(),
    );
    let set = ProfileSet::merge(&config, &credentials);
    let profile = set.profile("dev").unwrap();
    let at = |key| profile.location(key).unwrap().to_string();
    assert_eq!(profile.header().to_string(), "config line 2");
    assert_eq!(at("region"), "config line 3");
    assert_eq!(at("aws_access_key_id"), "credentials line 3");
    assert_eq!(profile.location("output"), None);
}

#[test]
fn what_sign_ins_and_other_sources_need_is_read_with_its_place() {
    let text = "[sso-session corp]\n\
        sso_start_url = https://corp.awsapps.com/start/#/\n\
        sso_region = eu-west-1\n\
        SSO_Registration_Scopes = sso:account:access, codewhisperer:completions\n\
        [profile dev]\n\
        sso_session = corp\n\
        sso_account_id = 111111111111\n\
        sso_role_name = Developer\n\
        [profile console]\n\
        login_session = arn:aws:iam::111111111111:user/mary\n\
        [profile process]\n\
        credential_process = \"/opt/my tools/credentials\" --for dev\n\
        [profile ci]\n\
        role_arn = arn:aws:iam::111111111111:role/ci\n\
        web_identity_token_file = /var/run/token ; mounted\n\
        [profile machine]\n\
        credential_source = Ec2InstanceMetadata\n\
        ec2_metadata_service_endpoint = http://127.0.0.1:1338\n\
        ec2_metadata_service_endpoint_mode = IPv4\n\
        ec2_metadata_v1_disabled = true\n\
        [sso-session other]\n\
        sso_start_url = https://other.awsapps.com/start\n";
    let config = Document::parse("config", FileKind::Config, text.into());
    let set = ProfileSet::merge(
        &config,
        &Document::missing("credentials", FileKind::Credentials),
    );
    assert_eq!(set.problems(), []);
    let sessions: Vec<&str> = set.sso_sessions().map(Section::name).collect();
    assert_eq!(sessions, ["corp", "other"]);
    let corp = set.sso_session("corp");
    for (section, key, value, line) in [
        (
            corp,
            "sso_start_url",
            "https://corp.awsapps.com/start/#/",
            2,
        ),
        (corp, "sso_region", "eu-west-1", 3),
        (
            corp,
            "sso_registration_scopes",
            "sso:account:access, codewhisperer:completions",
            4,
        ),
        (set.profile("dev"), "sso_account_id", "111111111111", 7),
        (
            set.profile("console"),
            "login_session",
            "arn:aws:iam::111111111111:user/mary",
            10,
        ),
        (
            set.profile("process"),
            "credential_process",
            "\"/opt/my tools/credentials\" --for dev",
            12,
        ),
        (
            set.profile("ci"),
            "web_identity_token_file",
            "/var/run/token",
            15,
        ),
        (
            set.profile("machine"),
            "ec2_metadata_service_endpoint",
            "http://127.0.0.1:1338",
            18,
        ),
        (
            set.profile("machine"),
            "ec2_metadata_service_endpoint_mode",
            "IPv4",
            19,
        ),
        (
            set.profile("machine"),
            "ec2_metadata_v1_disabled",
            "true",
            20,
        ),
    ] {
        let section = section.unwrap();
        assert_eq!(section.get(key), Some(value));
        let place = format!("config line {line}");
        assert_eq!(section.location(key).unwrap().to_string(), place, "{key}");
    }
}
