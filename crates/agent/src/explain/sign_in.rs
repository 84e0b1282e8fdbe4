//! Sign-ins with the browser in words.

use super::{command, failure};
use holdfast_agent_proto::{AgentError, ErrorCode};
use holdfast_aws_files::sso::StartUrlError;
use holdfast_core::chain::{Chain, Source, Step};
use holdfast_core::failure::{Failure, FailureKind};

/// What a person signs in to, for example `corp.awsapps.com`.
pub(crate) fn signed_in_to(source: &Source) -> String {
    match source {
        Source::Portal { portal, .. } => portal.title().to_owned(),
        Source::ConsoleLogin { .. } => "the AWS console".to_owned(),
        Source::AccessKey { .. }
        | Source::TemporaryKey { .. }
        | Source::Environment { .. }
        | Source::WebIdentityToken { .. }
        | Source::CredentialProcess { .. }
        | Source::InstanceMetadata { .. }
        | Source::Container { .. } => source.profile().to_owned(),
    }
}

/// A person has to sign in, and cannot be asked here. `lasts_seconds` is how long the administrator lets it last.
pub(crate) fn sign_in_required(
    source: &Source,
    profile: &str,
    ended: bool,
    lasts_seconds: Option<u32>,
) -> AgentError {
    let portal = signed_in_to(source);
    let whose = of_profile(profile);
    let message = if ended {
        let limit = lasts_seconds
            .map(|seconds| format!("; your administrator limits it to {}", duration(seconds)));
        format!(
            "the sign-in to {portal}{whose} has ended{}",
            limit.unwrap_or_default()
        )
    } else {
        format!("a sign-in to {portal} is needed{whose}")
    };
    AgentError {
        portal: Some(portal),
        ..again(AgentError::new(ErrorCode::SignInRequired, message), profile)
    }
}

/// A sign-in that a person began for this chain came to nothing.
pub(crate) fn not_signed_in(failure: &Failure, chain: &Chain) -> AgentError {
    sign_in_failed(failure, &chain.source, &chain.profile)
}

/// A sign-in failed. A page that could not be shown is told to nobody but the person, so what decides about the page
/// is named.
pub(crate) fn sign_in_failed(failed: &Failure, source: &Source, profile: &str) -> AgentError {
    let portal = signed_in_to(source);
    let told = match failed.kind {
        FailureKind::Denied => {
            let told = AgentError::new(ErrorCode::SignInCancelled, failed.message.clone());
            again(told, profile)
        }
        FailureKind::SessionEnded | FailureKind::ClientUnknown => {
            let told = AgentError::new(ErrorCode::SignInRequired, failed.message.clone());
            again(told, profile)
        }
        FailureKind::InvalidRequest => {
            AgentError::new(ErrorCode::Misconfigured, failed.message.clone())
        }
        FailureKind::WrongCode
        | FailureKind::MfaMissing
        | FailureKind::KeyInactive
        | FailureKind::ClockSkew
        | FailureKind::Throttled
        | FailureKind::Offline
        | FailureKind::Intercepted
        | FailureKind::Server
        | FailureKind::AuthorizationPending
        | FailureKind::SlowDown
        | FailureKind::SourceUnavailable
        | FailureKind::Exists => failure(failed, profile),
    };
    let may_be_the_page = matches!(
        failed.kind,
        FailureKind::Denied | FailureKind::InvalidRequest | FailureKind::Offline
    );
    let told = if let (Source::Portal { portal, .. }, true) = (source, may_be_the_page) {
        told.hint(format!(
            "if there was no page to sign in on, check sso_start_url ({}) and sso_region ({})",
            portal.start_url, portal.region
        ))
    } else {
        told
    };
    AgentError {
        portal: Some(portal),
        ..told
    }
}

/// A failed call on the way to a profile's credentials.
pub(crate) fn failure_of(failed: &Failure, chain: &Chain) -> AgentError {
    let told = failure(failed, &chain.profile);
    let of_portal = chain
        .steps
        .iter()
        .any(|step| matches!(step, Step::GetRoleCredentials { .. }));
    if failed.kind == FailureKind::Denied && of_portal {
        return AgentError {
            hints: vec![format!(
                "holdfast sso roles shows which accounts and roles you have; the profile says sso_account_id and \
                 sso_role_name, and your administrator assigns them"
            )],
            ..told
        };
    }
    let no_sign_in_helps = matches!(failed.kind, FailureKind::Denied | FailureKind::SessionEnded)
        && !matches!(chain.source, Source::AccessKey { .. })
        && !chain.steps.iter().any(Step::needs_person);
    if no_sign_in_helps {
        return AgentError {
            hints: Vec::new(),
            ..told
        };
    }
    told
}

/// The person ended a sign-in that was under way.
pub(crate) fn sign_in_cancelled(profile: &str) -> AgentError {
    let message = format!(
        "the sign-in{} was ended before it was done",
        of_profile(profile)
    );
    again(
        AgentError::new(ErrorCode::SignInCancelled, message),
        profile,
    )
}

/// Nothing of the profile is signed in to with the browser.
pub(crate) fn no_browser_sign_in(profile: &str) -> AgentError {
    let message = format!("profile {profile} is not signed in to with the browser");
    AgentError::new(ErrorCode::Misconfigured, message)
        .hint(command("login", profile))
        .profile(profile)
}

/// The settings forbid what the person wants.
pub(crate) fn device_code_forbidden() -> AgentError {
    AgentError::new(
        ErrorCode::Denied,
        "the settings do not allow a sign-in on another device (device-code = \"never\" in [sso])",
    )
    .hint("sign in with the browser of this computer")
}

/// What was given is no start URL.
pub(crate) fn not_a_start_url(error: &StartUrlError) -> AgentError {
    AgentError::new(ErrorCode::BadRequest, error.to_string())
        .hint("it looks like https://corp.awsapps.com/start")
}

fn again(told: AgentError, profile: &str) -> AgentError {
    if profile.is_empty() {
        return told;
    }
    told.hint(command("login", profile)).profile(profile)
}

fn of_profile(profile: &str) -> String {
    if profile.is_empty() {
        String::new()
    } else {
        format!(" for profile {profile}")
    }
}

fn duration(seconds: u32) -> String {
    let minutes = (seconds + 30) / 60;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (1, 0) => "1 hour".to_owned(),
        (hours, 0) => format!("{hours} hours"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_core::endpoint::EndpointSettings;
    use holdfast_core::sso::Portal;

    fn source() -> Source {
        Source::Portal {
            portal: Portal {
                start_url: "https://corp.awsapps.com/start".to_owned(),
                region: "eu-west-1".to_owned(),
                scopes: Vec::new(),
                endpoint: EndpointSettings::default(),
            },
            profile: "dev".to_owned(),
        }
    }

    #[test]
    fn every_end_says_what_to_do() {
        let required = |ended, lasts| sign_in_required(&source(), "dev", ended, lasts);
        let failed = |kind| {
            let failure = Failure {
                kind,
                message: "so it was".to_owned(),
                answered: true,
                retry_at: None,
            };
            sign_in_failed(&failure, &source(), "dev")
        };
        for (told, code, message, hint) in [
            (
                required(false, None),
                ErrorCode::SignInRequired,
                "a sign-in to corp.awsapps.com is needed for profile dev",
                "holdfast login dev",
            ),
            (
                required(true, Some(28_800)),
                ErrorCode::SignInRequired,
                "the sign-in to corp.awsapps.com for profile dev has ended; your administrator limits it to 8 hours",
                "holdfast login dev",
            ),
            (
                failed(FailureKind::Denied),
                ErrorCode::SignInCancelled,
                "so it was",
                "holdfast login dev",
            ),
            (
                failed(FailureKind::InvalidRequest),
                ErrorCode::Misconfigured,
                "so it was",
                "if there was no page to sign in on, check sso_start_url (https://corp.awsapps.com/start) and \
                 sso_region (eu-west-1)",
            ),
            (
                sign_in_cancelled("dev"),
                ErrorCode::SignInCancelled,
                "the sign-in for profile dev was ended before it was done",
                "holdfast login dev",
            ),
        ] {
            assert_eq!(told.code, code);
            assert_eq!(told.message, message);
            assert_eq!(told.hints.first().map(String::as_str), Some(hint));
        }
        assert_eq!(
            required(false, None).portal.as_deref(),
            Some("corp.awsapps.com")
        );
    }

    #[test]
    fn limits_are_said_as_people_say_them() {
        for (seconds, expect) in [
            (900, "15 min"),
            (3600, "1 hour"),
            (28_790, "8 hours"),
            (5400, "1 h 30 min"),
            (90 * 86_400, "2160 hours"),
        ] {
            assert_eq!(duration(seconds), expect);
        }
    }
}
