//! What to do about a profile that does not resolve.

use super::ResolveError;
use super::error::Name;

impl ResolveError {
    /// What to do next, each a command or a short sentence.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::UnknownProfile { suggestions, .. } => suggestions
                .iter()
                .map(|name| format!("did you mean {name}?"))
                .chain(["holdfast profiles".to_owned()])
                .collect(),
            Self::MissingSourceProfile {
                key,
                suggestions,
                source_profile,
                ..
            } => {
                if suggestions.is_empty() {
                    vec![format!(
                        "add [profile {0}], or put its access key into the keychain: holdfast keys add {0}",
                        Name(source_profile)
                    )]
                } else {
                    suggestions
                        .iter()
                        .map(|name| match *key {
                            "source_profile" => format!("did you mean source_profile = {name}?"),
                            _ => format!("did you mean --profile {name}?"),
                        })
                        .collect()
                }
            }
            Self::MissingSsoSession {
                sso_session,
                location,
                suggestions,
                ..
            } => {
                if suggestions.is_empty() {
                    vec![format!(
                        "add [sso-session {}] with sso_start_url and sso_region to {}",
                        Name(sso_session),
                        location.file.display()
                    )]
                } else {
                    suggestions
                        .iter()
                        .map(|name| format!("did you mean sso_session = {name}?"))
                        .collect()
                }
            }
            Self::Contradiction {
                key,
                sso_session,
                location,
                ..
            } => vec![format!(
                "remove {key} on line {} of {}: [sso-session {}] says it",
                location.line,
                location.file.display(),
                Name(sso_session)
            )],
            Self::AsksItself {
                profile, location, ..
            } => vec![
                format!(
                    "remove credential_process on line {} of {} and say where the credentials of {profile} come \
                     from, for example with sso_session or source_profile",
                    location.line,
                    location.file.display()
                ),
                "or let it name a profile that has credentials".to_owned(),
            ],
            Self::Cycle { location, .. } => vec![format!(
                "let source_profile on line {} of {} name a profile with an access key",
                location.line,
                location.file.display()
            )],
            Self::TooLong { .. } => vec!["use a shorter chain of source_profile".to_owned()],
            Self::InvalidValue {
                key,
                expected,
                location,
                ..
            } => vec![format!(
                "set {key} on line {} of {} to {expected}",
                location.line,
                location.file.display()
            )],
            Self::MissingValue { keys, location, .. } => {
                let add = format!(
                    "add {} below line {} of {}",
                    keys.join(" and "),
                    location.line,
                    location.file.display()
                );
                if keys.contains(&"sso_account_id") || keys.contains(&"sso_role_name") {
                    vec![add, "holdfast sso roles".to_owned()]
                } else if keys.contains(&"sso_start_url") {
                    vec![format!("{add}, or sso_session = NAME")]
                } else {
                    vec![add]
                }
            }
            Self::Conflict { keys, .. } => {
                vec![format!("remove either {} or {}", keys[0], keys[1])]
            }
            Self::RoleWithoutSource { location, .. } => vec![format!(
                "add source_profile = NAME below line {} of {}, where NAME is the profile whose \
                 access key may assume the role",
                location.line,
                location.file.display()
            )],
            Self::IncompleteAccessKey {
                profile, missing, ..
            } => vec![
                format!("add {missing} to the same section"),
                format!("holdfast keys add {profile}"),
            ],
            Self::NoCredentials {
                profile,
                has_source_profile,
                location,
            } => {
                let role = if *has_source_profile {
                    "add role_arn: source_profile means nothing without it"
                } else {
                    "add role_arn and source_profile to the section"
                };
                vec![
                    format!("holdfast keys add {profile}"),
                    format!("{role} ({location})"),
                ]
            }
        }
    }
}
