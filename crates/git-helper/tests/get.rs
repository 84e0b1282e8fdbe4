//! `get`, `store`, `erase` and `capability`, as a process with a fake agent.
#![cfg(unix)]

mod support;

use holdfast_agent_proto::frame::MAX_REPLY_BYTES;
use holdfast_agent_proto::{AgentError, ErrorCode, Reply};
use serde_json::json;
use std::fs;
use std::process::{Command, Stdio};
use support::*;

#[test]
fn the_answer_is_written_for_git() {
    let expires_at = later();
    let agent = FakeAgent::start(credential_until(expires_at));
    let ran = agent.run(&["get"], INPUT.as_bytes());
    assert_eq!(ran.stderr, "");
    assert_eq!(
        ran.stdout,
        format!(
            "capability[]=authtype\nusername={USERNAME}\npassword={PASSWORD}\n\
             password_expiry_utc={expires_at}\nephemeral=1\n"
        )
    );
    let seen = agent.seen();
    let (hello, message) = &seen[0];
    assert_eq!(hello["client"], "git-credential-holdfast");
    assert_eq!(hello["context"]["interaction"], "background");
    assert_eq!(
        message["request"],
        json!({ "git-credential": {
            "host": "git-codecommit.eu-west-1.amazonaws.com",
            "path": "v1/repos/myRepository",
            "wait-seconds": 120,
        }})
    );
}

#[test]
fn git_without_capabilities_gets_the_same_without_one() {
    let agent = FakeAgent::start(credential());
    let input = "protocol=https\nhost=git-codecommit.eu-west-1.amazonaws.com\npath=v1/repos/r\n";
    let ran = agent.run(&["get"], input.as_bytes());
    assert!(
        ran.stdout.starts_with(&format!("username={USERNAME}\n")),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.ends_with("\nephemeral=1\n"), "{}", ran.stdout);
}

#[test]
fn profile_wait_host_and_path_reach_the_agent() {
    let agent = FakeAgent::start(credential());
    let input = "protocol=https\nhost=Git-CodeCommit.eu-west-1.amazonaws.com:443\n\
        path=v1/repos/r.git/info/lfs\nusername=someone-else\n\nignored";
    let mut helper = helper(agent.home.path());
    helper
        .args(["--profile", "--all; id", "get"])
        .env("HOLDFAST_PROMPT_TIMEOUT", "7")
        .env("AWS_PROFILE", "other");
    let ran = run(&mut helper, input.as_bytes());
    assert!(ran.stdout.contains(PASSWORD), "{}", ran.stdout);
    assert!(!ran.stdout.contains("someone-else"));
    assert_eq!(
        agent.only_request(),
        json!({ "git-credential": {
            "host": "Git-CodeCommit.eu-west-1.amazonaws.com",
            "path": "v1/repos/r.git/info/lfs",
            "profile": "--all; id",
            "wait-seconds": 7,
        }})
    );
    assert_eq!(agent.seen()[0].0["context"]["profile"], "other");
}

/// A person at a terminal can be asked at once, unless git was told not to ask.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_is_noticed() {
    for (prompt, expect) in [("1", "terminal"), ("0", "background")] {
        let agent = FakeAgent::start(credential());
        fs::write(agent.home.path().join("input"), INPUT).unwrap();
        let mut terminal = Command::new("script");
        with_home(&mut terminal, agent.home.path());
        terminal
            .env("SHELL", "/bin/sh")
            .env("GIT_TERMINAL_PROMPT", prompt)
            .args(["-qec", &format!("'{HELPER}' get <input"), "/dev/null"]);
        let ran = run(&mut terminal, b"");
        assert!(ran.stdout.contains(PASSWORD), "{}", ran.stderr);
        assert_eq!(agent.seen()[0].0["context"]["interaction"], expect);
    }
}

/// git never writes a blank line and always closes; people at a terminal do the one and not the other.
#[test]
fn a_blank_line_is_enough() {
    let agent = FakeAgent::start(credential());
    let mut child = helper(agent.home.path())
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut stdin, format!("{INPUT}\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.stdout.ends_with(b"ephemeral=1\n"));
    drop(stdin);
}

#[test]
fn a_failure_is_one_line_with_the_command_that_mends_it() {
    let profile = "MyRepositoryContributor";
    let error = AgentError::new(
        ErrorCode::PromptTimeout,
        format!("the MFA session for profile {profile} has ended"),
    );
    let agent = FakeAgent::start(Behaviour::Error(
        error
            .profile(profile)
            .hint(format!("holdfast login {profile}")),
    ));
    agent.run(&["get"], INPUT.as_bytes()).assert_quit(
        "repository myRepository in eu-west-1: \
         the MFA session for profile MyRepositoryContributor has ended; \
         run: holdfast login MyRepositoryContributor",
    );
}

#[test]
fn a_hostile_message_stays_one_line_on_standard_error() {
    let error = AgentError::new(ErrorCode::Internal, "a\nusername=x\npassword=y\r\u{1b}[2J");
    let agent = FakeAgent::start(Behaviour::Error(error));
    agent
        .run(&["get"], INPUT.as_bytes())
        .assert_quit("repository myRepository in eu-west-1: a username=x password=y  [2J");
}

#[test]
fn an_agent_that_goes_away_is_asked_again_and_not_for_ever() {
    let gone_once = |then| Behaviour::GoneOnce(Box::new(then));
    let agent = FakeAgent::start(gone_once(gone_once(credential())));
    let ran = agent.run(&["get"], INPUT.as_bytes());
    assert!(ran.stdout.contains(PASSWORD), "{}", ran.stderr);
    assert_eq!(agent.seen().len(), 3);

    let agent = FakeAgent::start(Behaviour::Raw(Vec::new()));
    let ran = agent.run(&["get"], INPUT.as_bytes());
    ran.assert_quit(
        "the connection to the agent failed: the connection was closed; run: holdfast agent status",
    );
    assert_eq!(agent.seen().len(), 4);
}

#[test]
fn answers_that_are_none_end_the_search() {
    let reply = |reply: fn() -> Reply| Behaviour::Reply(Box::new(reply));
    let frame = |body: &[u8]| {
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        Behaviour::Raw([&length, body].concat())
    };
    let too_large = u32::try_from(MAX_REPLY_BYTES + 1).unwrap().to_be_bytes();
    let cases = [
        ("a reply to something else", reply(|| Reply::Done)),
        (
            "a reply to another request",
            frame(br#"{"reply":{"id":7,"reply":"done"}}"#),
        ),
        ("not JSON", frame(b"\0\xff\x1b")),
        ("JSON of another kind", frame(br#"{"secret":"value"}"#)),
        ("an empty frame", frame(b"")),
        (
            "not a frame",
            Behaviour::Raw(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()),
        ),
        ("half a length", Behaviour::Raw(vec![0, 0])),
        ("half a frame", Behaviour::Raw(vec![0, 0, 1, 0, b'{'])),
        ("an oversize frame", Behaviour::Raw(too_large.to_vec())),
        ("a password that has ended", credential_until(1_000_000_000)),
        (
            "a user name of two lines",
            reply(|| Reply::GitCredential {
                username: "secret\nhost=evil".into(),
                password: "secret".into(),
                expires_at: later(),
            }),
        ),
        (
            "an empty password",
            reply(|| Reply::GitCredential {
                username: "secret".into(),
                password: "".into(),
                expires_at: later(),
            }),
        ),
    ];
    for (what, behaviour) in cases {
        let agent = FakeAgent::start(behaviour);
        let ran = agent.run(&["get"], INPUT.as_bytes());
        assert_eq!(
            (ran.code, &*ran.stdout),
            (0, "quit=1\n"),
            "{what}: {}",
            ran.stderr
        );
        assert!(
            ran.stderr.starts_with("holdfast: ") && ran.stderr.ends_with('\n'),
            "{what}"
        );
        assert_eq!(ran.stderr.lines().count(), 1, "{what}: {}", ran.stderr);
        assert!(
            ran.stderr.contains("; run: holdfast "),
            "{what}: {}",
            ran.stderr
        );
        assert!(
            !ran.stderr.contains("secret") && !ran.stderr.contains("HTTP"),
            "{what}"
        );
    }
}

#[test]
fn an_agent_that_cannot_be_started_ends_the_search() {
    let home = home();
    let helper = helper_beside("", home.path());
    let mut command = Command::new(&helper);
    with_home(&mut command, home.path());
    command.env_remove("PATH").arg("get");
    run(&mut command, INPUT.as_bytes()).assert_quit(
        "cannot start holdfast-agent: it is neither beside this program nor on PATH; \
         run: holdfast agent status",
    );

    let home = support::home();
    let helper = helper_beside(": >\"$HOME/started\"; exit 3", home.path());
    let mut command = Command::new(&helper);
    with_home(&mut command, home.path());
    let ran = run(command.arg("get"), INPUT.as_bytes());
    assert_eq!(ran.stdout, "quit=1\n");
    assert!(
        ran.stderr.contains("it ended with exit status: 3"),
        "{}",
        ran.stderr
    );
    assert!(home.path().join("started").exists());
}

#[test]
fn a_home_without_a_name_ends_the_search() {
    let agent = FakeAgent::start(credential());
    let mut helper = helper(agent.home.path());
    helper
        .args(["get"])
        .env("AWS_CONFIG_FILE", "~/x")
        .env("HOME", "relative");
    let ran = run(&mut helper, INPUT.as_bytes());
    assert_eq!(ran.stdout, "quit=1\n");
    assert_eq!(ran.stderr.lines().count(), 1);
    assert!(agent.seen().is_empty());
}

#[test]
fn a_missing_path_is_explained() {
    let agent = FakeAgent::start(credential());
    for host in [
        "git-codecommit.eu-west-1.amazonaws.com",
        "GIT-CODECOMMIT.cn-north-1.amazonaws.com.cn:443",
    ] {
        let input = format!("protocol=https\nhost={host}\n");
        agent.run(&["get"], input.as_bytes()).assert_quit(
            "git did not say which repository (credential.useHttpPath is off for this host); \
             run: holdfast git setup",
        );
    }
    for host in ["github.com", "evil.git-codecommit.eu-west-1.amazonaws.com"] {
        let input = format!("protocol=https\nhost={host}\n");
        agent.run(&["get"], input.as_bytes()).assert_silent(host);
    }
    assert!(agent.seen().is_empty());
}

#[test]
fn bad_options_are_told_only_for_our_hosts() {
    let agent = FakeAgent::start(credential());
    for (arguments, line) in [
        (
            ["--profile", "", "get"],
            "the helper's command line names a profile that cannot be",
        ),
        (
            ["--profile", "a\u{1b}b", "get"],
            "the helper's command line names a profile that cannot be",
        ),
        (
            ["--upload-pack=x", "-x", "get"],
            "the helper's command line holds an unknown option",
        ),
    ] {
        let ran = agent.run(&arguments, INPUT.as_bytes());
        ran.assert_quit(&format!("{line}; run: holdfast git setup"));
        let other = agent.run(&arguments, b"protocol=https\nhost=github.com\npath=a/b\n");
        other.assert_silent(line);
    }
    assert!(agent.seen().is_empty());
}

#[test]
fn store_reads_nothing_and_says_nothing() {
    let agent = FakeAgent::start(credential());
    let mut child = helper(agent.home.path())
        .arg("store")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // The input stays open and empty: only a helper that does not read can end.
    let stdin = child.stdin.take();
    assert!(child.wait().unwrap().success());
    drop(stdin);
    agent
        .run(&["store"], INPUT.as_bytes())
        .assert_silent("store");
    agent
        .run(&["approve"], INPUT.as_bytes())
        .assert_silent("unknown");
    assert!(agent.seen().is_empty());
}

#[test]
fn erase_tells_an_agent_that_is_running() {
    let agent = FakeAgent::start(Behaviour::Reply(Box::new(|| Reply::Done)));
    let input = format!("{INPUT}username={USERNAME}\npassword={PASSWORD}\n");
    agent
        .run(&["erase"], input.as_bytes())
        .assert_silent("erase");
    assert_eq!(
        agent.only_request(),
        json!({ "git-rejected": {
            "host": "git-codecommit.eu-west-1.amazonaws.com",
            "path": "v1/repos/myRepository",
        }})
    );
    let other = b"protocol=https\nhost=github.com\npath=a/b\nusername=u\npassword=p\n";
    agent
        .run(&["erase"], other)
        .assert_silent("erase elsewhere");
    assert_eq!(agent.seen().len(), 1);
}

#[test]
fn erase_starts_no_agent_and_does_not_wait_for_a_stuck_one() {
    let home = home();
    let helper = helper_beside(": >\"$HOME/started\"", home.path());
    let mut command = Command::new(&helper);
    with_home(&mut command, home.path());
    run(command.arg("erase"), INPUT.as_bytes()).assert_silent("no agent");
    assert!(!home.path().join("started").exists());

    let agent = FakeAgent::start(Behaviour::Hang);
    agent
        .run(&["erase"], INPUT.as_bytes())
        .assert_silent("stuck");
    assert_eq!(agent.seen().len(), 1);
}

#[test]
fn capability_names_what_the_helper_knows() {
    let home = home();
    let ran = run(helper(home.path()).arg("capability"), b"");
    assert_eq!(
        (ran.code, &*ran.stdout),
        (0, "version 0\ncapability authtype\n")
    );
}

#[test]
fn a_missing_operation_is_a_wrong_use() {
    let home = home();
    let ran = run(&mut helper(home.path()), b"");
    assert_eq!((ran.code, &*ran.stdout), (2, ""));
    assert!(ran.stderr.contains("usage: git-credential-holdfast"));
}

#[test]
fn the_trace_holds_no_secret_and_no_input() {
    let agent = FakeAgent::start(credential());
    let mut helper = helper(agent.home.path());
    let input = INPUT.replace("wwwauth[]", "password=input-secret\nwwwauth[]");
    let ran = run(
        helper.arg("get").env("HOLDFAST_LOG", "trace"),
        input.as_bytes(),
    );
    assert!(ran.stdout.contains(PASSWORD));
    assert!(ran.stderr.contains(" ms connected to "), "{}", ran.stderr);
    for secret in [USERNAME, PASSWORD, "dG9rZW4", "input-secret"] {
        assert!(!ran.stderr.contains(secret), "{}", ran.stderr);
    }
    for off in ["", "0", "off"] {
        let mut helper = support::helper(agent.home.path());
        let ran = run(helper.arg("get").env("HOLDFAST_LOG", off), INPUT.as_bytes());
        assert_eq!(ran.stderr, "");
    }
}

#[test]
fn a_closed_output_is_no_reason_to_panic() {
    let agent = FakeAgent::start(credential());
    let input = agent.home.path().join("input");
    fs::write(&input, INPUT).unwrap();
    let mut shell = Command::new("/bin/sh");
    with_home(&mut shell, agent.home.path());
    shell.args(["-c", "\"$0\" get <input >&-; echo $?", HELPER]);
    let ran = run(&mut shell, b"");
    assert_eq!((&*ran.stdout, &*ran.stderr), ("0\n", ""));
}
