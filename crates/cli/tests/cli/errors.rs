//! Errors of the agent: exit status, words, hints and JSON, the same for every command.

use crate::environment::Environment;
use crate::fake_agent::{FakeAgent, mfa_required};
use holdfast_agent_proto::{AgentError, ErrorCode};

#[test]
fn every_code_has_its_exit_status() {
    for (code, status) in [
        (ErrorCode::MfaRequired, 3),
        (ErrorCode::SignInRequired, 3),
        (ErrorCode::WrongCode, 3),
        (ErrorCode::CodeUsed, 3),
        (ErrorCode::Declined, 3),
        (ErrorCode::PromptTimeout, 3),
        (ErrorCode::Locked, 3),
        (ErrorCode::Denied, 1),
        (ErrorCode::KeyInactive, 1),
        (ErrorCode::SessionRevoked, 1),
        (ErrorCode::Misconfigured, 2),
        (ErrorCode::UnknownProfile, 2),
        (ErrorCode::Unsupported, 2),
        (ErrorCode::KeychainUnavailable, 1),
        (ErrorCode::Offline, 1),
        (ErrorCode::Throttled, 1),
        (ErrorCode::ClockSkew, 1),
        (ErrorCode::AwsError, 1),
        (ErrorCode::Exists, 1),
        (ErrorCode::NotFound, 1),
        (ErrorCode::BadRequest, 2),
        (ErrorCode::ProtocolMismatch, 4),
        (ErrorCode::Unavailable, 4),
        (ErrorCode::Internal, 1),
    ] {
        let environment = Environment::new();
        let _agent = FakeAgent::always(&environment, AgentError::new(code, "it went wrong"));
        let ran = environment.run(&["credential-process", "--profile", "p"]);
        assert_eq!((ran.status, ran.stdout.as_str()), (status, ""), "{code:?}");
        assert!(
            ran.stderr.starts_with("holdfast: it went wrong\n"),
            "{ran:?}"
        );
    }
}

#[test]
fn hints_name_the_command_unless_the_agent_did() {
    let environment = Environment::new();
    let error = AgentError::new(ErrorCode::MfaRequired, "a code is needed").profile("it's me");
    let _agent = FakeAgent::always(&environment, error);
    environment.run(&["status"]).fails(
        3,
        "holdfast: a code is needed\nhint: holdfast login 'it'\\''s me'\n",
    );

    let environment = Environment::new();
    let error = AgentError::new(ErrorCode::Denied, "no")
        .hint("first")
        .hint("second");
    let _agent = FakeAgent::always(&environment, error);
    environment
        .run(&["status"])
        .fails(1, "holdfast: no\nhint: first\nhint: second\n");
}

#[test]
fn messages_cannot_steer_the_terminal() {
    let environment = Environment::new();
    let error = AgentError::new(ErrorCode::Denied, "a\nhint: rm -rf\x1b[2J").hint("b\x07");
    let _agent = FakeAgent::always(&environment, error);
    environment.run(&["status"]).fails(
        1,
        "holdfast: a\\u{a}hint: rm -rf\\u{1b}[2J\nhint: b\\u{7}\n",
    );
}

#[test]
fn json_errors_stand_on_standard_output_alone() {
    let environment = Environment::new();
    let mut error = mfa_required();
    error.retry_at = Some(1_795_168_800);
    let _agent = FakeAgent::always(&environment, error);
    for arguments in [
        &["status", "--json"][..],
        &["profiles", "--json"],
        &["keys", "list", "--json"],
        &["agent", "status", "--json"],
    ] {
        let ran = environment.run(arguments);
        assert_eq!((ran.status, ran.stderr.as_str()), (3, ""));
        assert_eq!(
            ran.stdout,
            r#"{
  "error": {
    "code": "mfa-required",
    "message": "profile MyRepositoryContributor needs an MFA code",
    "hints": [
      "holdfast login MyRepositoryContributor"
    ],
    "profile": "MyRepositoryContributor",
    "retry_at": "2026-11-20T10:00:00Z",
    "mfa_serial": "arn:aws:iam::111122223333:mfa/MyRepositoryUser"
  }
}
"#
        );
    }
}

#[test]
fn a_context_that_cannot_be_sent_is_a_matter_of_configuration() {
    use std::os::unix::ffi::OsStrExt;
    let environment = Environment::new();
    let mut command = environment.holdfast(&["status"]);
    command.env("AWS_CONFIG_FILE", std::ffi::OsStr::from_bytes(b"/\xff"));
    crate::environment::Ran::of(command.output().unwrap()).fails(
        2,
        "holdfast: the AWS files cannot be found: the path of the AWS config file is not Unicode\n",
    );
}
