//! Sources that no person signs in to each time: programs, files, environments, the machine and the console.

use super::aws::FakeAws;
use super::desk::{Desk, browse};
use super::machine::PERSON;
use holdfast_agent_proto::view::SignInMethod;
use holdfast_agent_proto::{AgentError, CallerContext, EnvironmentKey, ErrorCode, Reply, Request};
use secrecy::ExposeSecret;
use std::fs;

const CONFIG: &str = "\
[profile tool]
credential_process = /bin/sh TOOL
[profile on-tool]
role_arn = arn:aws:iam::222233334444:role/OnTool
source_profile = tool
[profile shell]
role_arn = arn:aws:iam::222233334444:role/OnShell
credential_source = Environment
[profile temporary]
region = eu-west-1
[profile on-temporary]
role_arn = arn:aws:iam::222233334444:role/OnTemporary
source_profile = temporary
[profile web]
role_arn = arn:aws:iam::222233334444:role/Web
web_identity_token_file = token
[profile instance]
role_arn = arn:aws:iam::222233334444:role/OnInstance
credential_source = Ec2InstanceMetadata
[profile container]
role_arn = arn:aws:iam::222233334444:role/OnContainer
credential_source = EcsContainer
[profile console]
login_session = arn:aws:iam::111122223333:user/mary
region = eu-west-1
[profile on-console]
role_arn = arn:aws:iam::222233334444:role/OnConsole
source_profile = console
";

const CREDENTIALS: &str = "\
[temporary]
aws_access_key_id = ASIATEMPORARY
aws_secret_access_key = secret
aws_session_token = token
";

async fn desk() -> Desk {
    let desk = Desk::new().await;
    let tool = desk.folder().join("tool.sh");
    let config = CONFIG.replace("TOOL", &tool.display().to_string());
    fs::write(desk.folder().join("config"), config).unwrap();
    fs::write(desk.folder().join("credentials"), CREDENTIALS).unwrap();
    desk
}

/// What the program of profile `tool` does, besides noting that it ran.
fn tool(desk: &Desk, script: &str) {
    let runs = desk.folder().join("runs");
    let script = format!("echo run >> {}\n{script}\n", runs.display());
    fs::write(desk.folder().join("tool.sh"), script).unwrap();
}

fn runs(desk: &Desk) -> usize {
    let runs = fs::read_to_string(desk.folder().join("runs")).unwrap_or_default();
    runs.lines().count()
}

fn refused(got: Result<String, AgentError>, code: ErrorCode, words: &[&str]) {
    let error = got.unwrap_err();
    assert_eq!(error.code, code, "{error:?}");
    for word in words {
        assert!(error.message.contains(word), "{word}: {}", error.message);
    }
}

async fn from(
    desk: &mut Desk,
    context: CallerContext,
    profile: &str,
) -> Result<String, AgentError> {
    let request = Request::Credentials {
        profile: profile.to_owned(),
        wait_seconds: 0,
    };
    let answer = desk.send_from(context, request).await.1.get().await?;
    let Reply::Credentials { access_key_id, .. } = answer else {
        panic!("no credentials");
    };
    Ok(access_key_id)
}

#[cfg(unix)]
#[tokio::test]
async fn a_program_runs_once_and_is_a_source_like_others() {
    let mut desk = desk().await;
    tool(
        &desk,
        r#"printf '{"Version":1,"AccessKeyId":"ASIATOOL","SecretAccessKey":"s","SessionToken":"t"}'"#,
    );
    for _ in 0..2 {
        assert_eq!(desk.credentials("tool").await.unwrap(), "ASIATOOL");
        assert_eq!(desk.credentials("on-tool").await.unwrap(), "ASIAOnTool");
    }
    assert_eq!(runs(&desk), 1);
    assert_eq!(desk.aws.world().machine.signers, ["ASIATOOL"]);
    // Without an Expiration they count for a quarter of an hour.
    desk.pass(901);
    assert_eq!(desk.credentials("tool").await.unwrap(), "ASIATOOL");
    assert_eq!(runs(&desk), 2);
}

#[cfg(unix)]
#[tokio::test]
async fn what_a_program_does_wrong_is_told_without_what_it_printed() {
    for (script, word) in [
        (
            "echo hidden; echo please log in >&2; exit 4",
            "exit status 4: please log in",
        ),
        ("echo hidden", "not a JSON object"),
    ] {
        let mut desk = desk().await;
        tool(&desk, script);
        let got = desk.credentials("on-tool").await;
        let told = format!("{:?}", got.as_ref().err());
        assert!(!told.contains("hidden"), "{told}");
        refused(
            got,
            ErrorCode::Misconfigured,
            &["profile tool", "config", word],
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_program_does_not_wait_for_itself() {
    let mut desk = desk().await;
    tool(&desk, "exit 1");
    let within = CallerContext {
        credential_process: Some("tool".to_owned()),
        ..desk.context()
    };
    let got = from(&mut desk, within.clone(), "on-tool").await;
    refused(got, ErrorCode::Misconfigured, &["on-tool", "profile tool"]);
    assert_eq!(runs(&desk), 0);
    assert_eq!(
        from(&mut desk, within, "temporary").await.unwrap(),
        "ASIATEMPORARY",
        "what is no circle is served"
    );
}

#[tokio::test]
async fn shells_with_different_keys_are_different_sessions() {
    let mut desk = desk().await;
    let shell = |desk: &Desk, id: &str| CallerContext {
        environment_key: Some(EnvironmentKey {
            access_key_id: id.to_owned(),
            secret_access_key: "secret".into(),
            session_token: None,
        }),
        ..desk.context()
    };
    for id in ["AKIAONE", "AKIATWO", "AKIAONE"] {
        let context = shell(&desk, id);
        assert_eq!(
            from(&mut desk, context, "shell").await.unwrap(),
            "ASIAOnShell"
        );
    }
    assert_eq!(desk.aws.world().machine.signers, ["AKIAONE", "AKIATWO"]);
    let got = desk.credentials("shell").await;
    refused(
        got,
        ErrorCode::Misconfigured,
        &["profile shell", "environment"],
    );
    desk.aws.world().machine.ended.insert("AKIAOLD".to_owned());
    let context = shell(&desk, "AKIAOLD");
    let got = from(&mut desk, context, "shell").await;
    refused(
        got,
        ErrorCode::Misconfigured,
        &["temporary key in the environment has ended"],
    );
}

#[tokio::test]
async fn git_takes_the_key_of_the_environment_where_no_profile_is_named() {
    let mut desk = desk().await;
    let shell = CallerContext {
        environment_key: Some(EnvironmentKey {
            access_key_id: "ASIASHELL".to_owned(),
            secret_access_key: "secret".into(),
            session_token: Some("token".into()),
        }),
        ..desk.context()
    };
    for (named, expect) in [
        (None, "ASIASHELL%token"),
        (Some("temporary"), "ASIATEMPORARY%token"),
    ] {
        let context = CallerContext {
            profile: named.map(str::to_owned),
            ..shell.clone()
        };
        let request = Request::GitCredential {
            host: "git-codecommit.eu-west-1.amazonaws.com".to_owned(),
            path: "v1/repos/myRepository".to_owned(),
            profile: None,
            wait_seconds: 0,
        };
        match desk.send_from(context, request).await.1.get().await {
            Ok(Reply::GitCredential { username, .. }) => {
                assert_eq!(username.expose_secret(), expect);
            }
            other => panic!("{:?}", other.err()),
        }
    }
}

#[tokio::test]
async fn a_temporary_key_is_served_as_it_is() {
    let mut desk = desk().await;
    assert_eq!(
        desk.credentials("temporary").await.unwrap(),
        "ASIATEMPORARY"
    );
    assert_eq!(
        desk.credentials("on-temporary").await.unwrap(),
        "ASIAOnTemporary"
    );
    let ended = "ASIATEMPORARY".to_owned();
    desk.aws.world().machine.ended.insert(ended);
    desk.pass(4000);
    let got = desk.credentials("on-temporary").await;
    let words = [
        "profile temporary",
        "credentials",
        "renew it where it came from",
    ];
    refused(got, ErrorCode::Misconfigured, &words);
}

#[tokio::test]
async fn a_token_file_is_read_anew() {
    let mut desk = desk().await;
    let got = desk.credentials("web").await;
    refused(got, ErrorCode::Misconfigured, &["profile web", "token"]);
    for token in ["first", "second"] {
        desk.pass(4000);
        fs::write(desk.folder().join("token"), token).unwrap();
        assert_eq!(desk.credentials("web").await.unwrap(), "ASIAWEB");
    }
    assert_eq!(desk.aws.world().machine.web_tokens, ["first", "second"]);
}

#[tokio::test]
async fn the_machine_is_a_source() {
    let mut desk = desk().await;
    assert_eq!(
        desk.credentials("instance").await.unwrap(),
        "ASIAOnInstance"
    );
    assert_eq!(desk.aws.world().machine.signers, ["ASIAINSTANCE"]);
    let got = desk.credentials("container").await;
    refused(got, ErrorCode::Misconfigured, &["no container"]);
}

#[tokio::test]
async fn a_person_signs_in_to_the_console() {
    let mut desk = desk().await;
    let got = desk.credentials("on-console").await;
    refused(got, ErrorCode::SignInRequired, &["AWS console"]);
    let begun = desk.begin("console", SignInMethod::Browser).await.unwrap();
    let (_, mut end) = desk.end_of(begun.id, false).await;
    let page = browse(&FakeAws::allow_console(&begun.url)).await;
    assert!(
        page.contains("You are signed in to the AWS console"),
        "{page}"
    );
    assert!(matches!(end.get().await, Ok(Reply::LoggedIn { .. })));
    assert_eq!(
        desk.credentials("on-console").await.unwrap(),
        "ASIAOnConsole"
    );
    // The agent that comes next goes on with the sign-in, and renews what has ended.
    let mut desk = desk.restart().await;
    desk.pass(1000);
    assert_eq!(desk.credentials("console").await.unwrap(), "ASIACONSOLE2");
    assert!(
        !desk.login_file(PERSON).exists(),
        "the AWS CLI's cache is its own"
    );
    assert_eq!(desk.aws.world().machine.renewals, 1);
    // AWS ends it: a person is asked again, and nothing goes round in circles.
    desk.aws.world().machine.console_token = None;
    desk.pass(1000);
    for _ in 0..3 {
        assert!(desk.credentials("console").await.is_err());
    }
    assert_eq!(desk.aws.world().machine.renewals, 2);
    let got = desk.credentials("console").await;
    refused(got, ErrorCode::SignInRequired, &["AWS console"]);
}

/// A sign-in as the AWS CLI caches it, with credentials until this time.
fn aws_login(desk: &Desk, refresh_token: &str, expires_at: i64) {
    let at = jiff::Timestamp::from_second(expires_at).unwrap();
    let text = serde_json::json!({
        "accessToken": {
            "accessKeyId": format!("ASIA{refresh_token}"),
            "secretAccessKey": "secret",
            "sessionToken": "token",
            "accountId": "111122223333",
            "expiresAt": at.to_string(),
        },
        "tokenType": "aws_sigv4",
        "clientId": "arn:aws:signin:::devtools/same-device",
        "refreshToken": refresh_token,
        "idToken": "id",
        "dpopKey": "console-key",
    });
    let file = desk.login_file(PERSON);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text.to_string()).unwrap();
    desk.aws.world().machine.console_token = Some(refresh_token.to_owned());
}

#[tokio::test]
async fn a_sign_in_of_the_aws_cli_is_kept_alive_for_both() {
    let mut desk = desk().await;
    let now = desk.now().unix_seconds();
    aws_login(&desk, "CLI1", now + 900);
    assert_eq!(desk.credentials("console").await.unwrap(), "ASIACLI1");
    assert_eq!(desk.aws.world().machine.renewals, 0);
    // What has ended is renewed, and the AWS CLI finds the new token.
    desk.pass(1000);
    assert_eq!(
        desk.credentials("on-console").await.unwrap(),
        "ASIAOnConsole"
    );
    assert_eq!(desk.credentials("console").await.unwrap(), "ASIACONSOLE1");
    let cached = fs::read_to_string(desk.login_file(PERSON)).unwrap();
    assert!(
        cached.contains("\"refreshToken\":\"console-refresh-1\""),
        "{cached}"
    );
    assert!(cached.contains("ASIACONSOLE1"), "{cached}");
    // What the AWS CLI renews meanwhile is taken over.
    desk.pass(1000);
    let now = desk.now().unix_seconds();
    aws_login(&desk, "CLI2", now + 900);
    assert_eq!(desk.credentials("console").await.unwrap(), "ASIACLI2");
    assert_eq!(desk.aws.world().machine.renewals, 1);
    // A sign-in that AWS ends is asked for once, and then a person is.
    desk.aws.world().machine.console_token = None;
    desk.pass(1000);
    for _ in 0..4 {
        assert!(desk.credentials("console").await.is_err());
        desk.pass(3);
    }
    assert!(desk.aws.world().machine.renewals <= 3, "no loop");
    let got = desk.credentials("console").await;
    refused(got, ErrorCode::SignInRequired, &["AWS console"]);
}
