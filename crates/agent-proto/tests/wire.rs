//! Recorded messages are decoded and encoded again byte for byte, and every kind of message has one.

use holdfast_agent_proto::frame::{self, FrameError, MAX_REPLY_BYTES, MAX_REQUEST_BYTES};
use holdfast_agent_proto::{ClientMessage, ErrorCode, Event, Hello, Reply, Request, ServerMessage};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::path::Path;

/// Every recorded message: the file's name and its text.
fn samples() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire");
    let entries = std::fs::read_dir(folder).expect("the folder of samples is there");
    let read = |path: &Path| {
        let name = path.file_stem()?.to_str()?.to_owned();
        Some((name, std::fs::read_to_string(path).ok()?))
    };
    let mut samples: Vec<_> = entries
        .map(|entry| read(&entry.ok()?.path()))
        .collect::<Option<_>>()
        .expect("every sample can be read");
    samples.sort();
    samples
}

fn round_trip<T: DeserializeOwned + Serialize>(name: &str, text: &str, limit: usize) -> T {
    let body = text.trim_end();
    let message: T =
        frame::decode(body.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
    let again = frame::encode(&message, limit).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(String::from_utf8_lossy(&again[4..]), body, "{name}");
    assert_eq!(again[..4], u32::to_be_bytes(body.len() as u32), "{name}");
    message
}

#[test]
fn samples_survive_unchanged_and_are_complete() {
    let mut seen = BTreeSet::new();
    for (name, text) in samples() {
        let kind = match name.split('-').next() {
            Some("hello") => {
                round_trip::<Hello>(&name, &text, MAX_REQUEST_BYTES);
                "hello"
            }
            Some("request") => {
                request(&round_trip::<ClientMessage>(&name, &text, MAX_REQUEST_BYTES).request)
            }
            _ => match round_trip::<ServerMessage>(&name, &text, MAX_REPLY_BYTES) {
                ServerMessage::Reply { reply: it, .. } => reply(&it),
                ServerMessage::Error { .. } => "error",
                ServerMessage::Event(it) => event(&it),
            },
        };
        assert!(name.starts_with(kind), "{name} is a sample of {kind}");
        seen.insert(kind);
    }
    let missing: Vec<_> = KINDS.iter().filter(|kind| !seen.contains(*kind)).collect();
    assert!(missing.is_empty(), "no sample of {missing:?}");
    assert_eq!(seen.len(), KINDS.len());
}

#[test]
fn the_document_shows_every_sample_and_names_every_code() {
    let document = include_str!("../PROTOCOL.md");
    for (name, text) in samples() {
        assert!(document.contains(text.trim_end()), "{name} is not shown");
    }
    let mut code = Some(ErrorCode::MfaRequired);
    while let Some(it) = code {
        let text = serde_json::to_string(&it).unwrap();
        let named = format!("| `{}` |", text.trim_matches('"'));
        assert!(document.contains(&named), "{named} is not explained");
        code = next(it);
    }
}

#[test]
fn unknown_fields_are_ignored_and_absent_ones_have_a_meaning() {
    let message: ClientMessage =
        frame::decode(br#"{"id":1,"request":{"login":{"profile":"p","later":[1]}},"later":{}}"#)
            .unwrap();
    assert!(matches!(
        message.request,
        Request::Login {
            code: None,
            duration_seconds: None,
            ..
        }
    ));
}

#[test]
fn faults_are_reported_without_quoting_the_frame() {
    let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    let bodies = [
        String::new(),
        "{".to_owned(),
        "null".to_owned(),
        format!(r#"{{"id":1,"request":"{secret}"}}"#),
        format!(r#"{{"id":1,"request":{{"{secret}":{{}}}}}}"#),
        format!(r#"{{"id":1,"request":{{"add-key":{{"secret-access-key":"{secret}"}}}}}}"#),
        format!(r#"{{"id":"{secret}","request":"ping"}}"#),
        format!(r#"{{"id":1,"request":{{"login":{{"profile":"p","code":["{secret}"]}}}}}}"#),
        format!(r#"{{"id":1,"request":"ping"}}{secret}"#),
        r#"{"id":-1,"request":"ping"}"#.to_owned(),
        r#"{"id":18446744073709551616,"request":"ping"}"#.to_owned(),
        r#"{"id":1,"id":2,"request":"ping"}"#.to_owned(),
        format!("{}1{}", "[".repeat(60_000), "]".repeat(60_000)),
    ];
    for body in &bodies {
        let error = frame::decode::<ClientMessage>(body.as_bytes()).err();
        let shown: String = body.chars().take(60).collect();
        let error = error.unwrap_or_else(|| panic!("accepted: {shown}"));
        assert!(matches!(error, FrameError::Malformed { .. }), "{shown}");
        assert!(!format!("{error} {error:?}").contains(secret), "{shown}");
    }
}

const KINDS: &[&str] = &[
    "hello",
    "request-ping",
    "request-git-credential",
    "request-git-rejected",
    "request-repository-endpoint",
    "request-credentials",
    "request-login",
    "request-logout",
    "request-lock",
    "request-unlock",
    "request-status",
    "request-profiles",
    "request-add-key",
    "request-list-keys",
    "request-remove-key",
    "request-subscribe",
    "request-answer-prompt",
    "request-decline-prompt",
    "request-choose-profile",
    "request-use-profile",
    "request-remembered-profile",
    "request-renew",
    "request-activity",
    "request-reload-settings",
    "request-console-link",
    "request-repositories",
    "request-create-repository",
    "request-sign-in",
    "request-await-sign-in",
    "request-cancel-sign-in",
    "request-portals",
    "request-sso-accounts",
    "request-stop",
    "reply-pong",
    "reply-git-credential",
    "reply-repository-endpoint",
    "reply-remembered-profile",
    "reply-credentials",
    "reply-logged-in",
    "reply-done",
    "reply-status",
    "reply-profiles",
    "reply-keys",
    "reply-activity",
    "reply-console-link",
    "reply-repositories",
    "reply-repository-created",
    "reply-sign-in-started",
    "reply-portals",
    "reply-sso-accounts",
    "error",
    "event-status",
    "event-prompt-opened",
    "event-prompt-changed",
    "event-prompt-closed",
    "event-expiring-soon",
    "event-signed-out",
    "event-activity",
    "event-settings-changed",
    "event-profiles-changed",
    "event-repositories-changed",
];

fn request(request: &Request) -> &'static str {
    match request {
        Request::Ping => "request-ping",
        Request::GitCredential { .. } => "request-git-credential",
        Request::GitRejected { .. } => "request-git-rejected",
        Request::RepositoryEndpoint { .. } => "request-repository-endpoint",
        Request::Credentials { .. } => "request-credentials",
        Request::Login { .. } => "request-login",
        Request::Logout { .. } => "request-logout",
        Request::Lock => "request-lock",
        Request::Unlock { .. } => "request-unlock",
        Request::Status => "request-status",
        Request::Profiles => "request-profiles",
        Request::AddKey { .. } => "request-add-key",
        Request::ListKeys => "request-list-keys",
        Request::RemoveKey { .. } => "request-remove-key",
        Request::Subscribe { .. } => "request-subscribe",
        Request::AnswerPrompt { .. } => "request-answer-prompt",
        Request::DeclinePrompt { .. } => "request-decline-prompt",
        Request::ChooseProfile { .. } => "request-choose-profile",
        Request::UseProfile { .. } => "request-use-profile",
        Request::RememberedProfile { .. } => "request-remembered-profile",
        Request::Renew { .. } => "request-renew",
        Request::Activity { .. } => "request-activity",
        Request::ReloadSettings => "request-reload-settings",
        Request::ConsoleLink { .. } => "request-console-link",
        Request::Repositories { .. } => "request-repositories",
        Request::CreateRepository { .. } => "request-create-repository",
        Request::SignIn { .. } => "request-sign-in",
        Request::AwaitSignIn { .. } => "request-await-sign-in",
        Request::CancelSignIn { .. } => "request-cancel-sign-in",
        Request::Portals => "request-portals",
        Request::SsoAccounts { .. } => "request-sso-accounts",
        Request::Stop => "request-stop",
    }
}

fn reply(reply: &Reply) -> &'static str {
    match reply {
        Reply::Pong { .. } => "reply-pong",
        Reply::GitCredential { .. } => "reply-git-credential",
        Reply::RepositoryEndpoint { .. } => "reply-repository-endpoint",
        Reply::RememberedProfile { .. } => "reply-remembered-profile",
        Reply::Credentials { .. } => "reply-credentials",
        Reply::LoggedIn { .. } => "reply-logged-in",
        Reply::Done => "reply-done",
        Reply::Status(_) => "reply-status",
        Reply::Profiles { .. } => "reply-profiles",
        Reply::Keys { .. } => "reply-keys",
        Reply::Activity { .. } => "reply-activity",
        Reply::ConsoleLink { .. } => "reply-console-link",
        Reply::Repositories { .. } => "reply-repositories",
        Reply::RepositoryCreated { .. } => "reply-repository-created",
        Reply::SignInStarted { .. } => "reply-sign-in-started",
        Reply::Portals { .. } => "reply-portals",
        Reply::SsoAccounts { .. } => "reply-sso-accounts",
    }
}

fn event(event: &Event) -> &'static str {
    match event {
        Event::Status(_) => "event-status",
        Event::PromptOpened(_) => "event-prompt-opened",
        Event::PromptChanged(_) => "event-prompt-changed",
        Event::PromptClosed { .. } => "event-prompt-closed",
        Event::ExpiringSoon { .. } => "event-expiring-soon",
        Event::SignedOut { .. } => "event-signed-out",
        Event::Activity(_) => "event-activity",
        Event::SettingsChanged => "event-settings-changed",
        Event::ProfilesChanged => "event-profiles-changed",
        Event::RepositoriesChanged { .. } => "event-repositories-changed",
    }
}

/// The codes in the order of their definition; a new one has to be put in here to compile.
fn next(code: ErrorCode) -> Option<ErrorCode> {
    Some(match code {
        ErrorCode::MfaRequired => ErrorCode::SignInRequired,
        ErrorCode::SignInRequired => ErrorCode::WrongCode,
        ErrorCode::WrongCode => ErrorCode::CodeUsed,
        ErrorCode::CodeUsed => ErrorCode::SignInCancelled,
        ErrorCode::SignInCancelled => ErrorCode::Declined,
        ErrorCode::Declined => ErrorCode::PromptTimeout,
        ErrorCode::PromptTimeout => ErrorCode::Denied,
        ErrorCode::Denied => ErrorCode::KeyInactive,
        ErrorCode::KeyInactive => ErrorCode::SessionRevoked,
        ErrorCode::SessionRevoked => ErrorCode::Misconfigured,
        ErrorCode::Misconfigured => ErrorCode::UnknownProfile,
        ErrorCode::UnknownProfile => ErrorCode::Unsupported,
        ErrorCode::Unsupported => ErrorCode::Locked,
        ErrorCode::Locked => ErrorCode::KeychainUnavailable,
        ErrorCode::KeychainUnavailable => ErrorCode::Offline,
        ErrorCode::Offline => ErrorCode::Throttled,
        ErrorCode::Throttled => ErrorCode::ClockSkew,
        ErrorCode::ClockSkew => ErrorCode::AwsError,
        ErrorCode::AwsError => ErrorCode::Exists,
        ErrorCode::Exists => ErrorCode::NotFound,
        ErrorCode::NotFound => ErrorCode::BadRequest,
        ErrorCode::BadRequest => ErrorCode::ProtocolMismatch,
        ErrorCode::ProtocolMismatch => ErrorCode::Unavailable,
        ErrorCode::Unavailable => ErrorCode::Internal,
        ErrorCode::Internal => return None,
    })
}
