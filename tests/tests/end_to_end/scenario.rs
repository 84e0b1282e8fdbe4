//! The scenario that Holdfast exists for: one code, and then git and the AWS CLI simply work.

use crate::process::{gits, run, run_with_input};
use crate::world::{World, program};
use holdfast_aws_sim::{Service, blog};
use std::fs;

#[test]
fn one_code_and_git_just_works() {
    let world = World::new();
    let key = world.sim.access_key(blog::USER).unwrap();

    world
        .holdfast(&["keys", "import", "--remove-plaintext", "--yes"])
        .ok();
    let credentials = fs::read_to_string(world.path(".aws/credentials")).unwrap();
    assert!(!credentials.contains(key.secret.reveal()), "{credentials}");
    world
        .holdfast(&["keys", "list"])
        .ok()
        .says(&[blog::KEY_PROFILE, &key.id]);

    world.git_setup();
    world.ls_remote().failed().says(&[
        ": profile MyRepositoryContributor needs an MFA code; run: holdfast login MyRepositoryContributor",
    ]).never_says(&["Username"]);
    world.login().ok().says(&["Signed in", blog::ROLE_PROFILE]);

    for git in gits() {
        let git = |arguments: &[&str]| run(world.command(&git).args(arguments)).ok();
        git(&["clone", "--quiet", blog::CLONE_URL, "work"]);
        git(&["clone", "--quiet", blog::CLONE_URL, "other"]);
        fs::write(
            world.path("work/new.txt"),
            format!("{:?}", std::time::SystemTime::now()),
        )
        .unwrap();
        git(&["-C", "work", "add", "new.txt"]);
        git(&["-C", "work", "commit", "--quiet", "-m", "Add a file"]);
        git(&["-C", "work", "push", "--quiet"]);
        git(&["-C", "other", "pull", "--quiet"]);
        assert!(world.path("other/new.txt").exists());
        fs::remove_dir_all(world.path("work")).unwrap();
        fs::remove_dir_all(world.path("other")).unwrap();
    }
    assert_eq!(world.count("GetSessionToken"), 1, "one code");
    assert_eq!(world.count("AssumeRole"), 1, "one role session");
    let refused = world
        .sim
        .calls()
        .matching(|call| call.service == Service::Git && call.status == Some(403));
    assert_eq!(refused, [], "no password was refused");

    let status = world.holdfast(&["status"]).ok();
    status.says(&["with MFA", blog::ROLE, "live", blog::ROLE_PROFILE]);
    let status = world.status();
    assert_eq!(status["keychain"]["kind"], "os");
    assert_eq!(status["keychain"]["state"], "ready");
    assert_eq!(status["online"], true);
    assert_eq!(status["warnings"], serde_json::json!([]));
    let sessions = status["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 2, "{status:#}");
    assert!(
        sessions.iter().all(|session| session["state"] == "valid"),
        "{status:#}"
    );
}

#[test]
fn git_asks_twice_and_not_three_times_where_it_can() {
    let world = World::in_memory().signed_in();
    for git in gits() {
        world.sim.calls().clear();
        run(world.command(&git).args(["ls-remote", blog::CLONE_URL])).ok();
        let requests = world.sim.calls().count_of(Service::Git);
        let version = run(world.command(&git).arg("version")).ok().out;
        let minor: u32 = version.split('.').nth(1).unwrap().parse().unwrap();
        // Git 2.46 and later send the password with the first request.
        let expected = if minor >= 46 { 1..=2 } else { 2..=3 };
        assert!(
            expected.contains(&requests),
            "{requests} requests of {version}"
        );
    }
}

#[test]
fn the_aws_cli_works_through_credential_process() {
    let world = World::in_memory().signed_in();
    let holdfast = program("holdfast");
    world.append(
        ".aws/config",
        &format!(
            "\n[profile app]\nregion = us-east-1\ncredential_process = {} credential-process --profile {}\n",
            holdfast.display(),
            blog::ROLE_PROFILE
        ),
    );
    let caller = world
        .aws(&["sts", "get-caller-identity", "--profile", "app"])
        .ok()
        .json();
    let arn = caller["Arn"].as_str().unwrap();
    assert!(
        arn.starts_with("arn:aws:sts::222233334444:assumed-role/MyRepositoryContributorRole/"),
        "{arn}"
    );

    let list = world
        .aws(&["codecommit", "list-repositories", "--profile", "app"])
        .ok()
        .json();
    assert_eq!(list["repositories"][0]["repositoryName"], blog::REPOSITORY);

    let exec = world
        .holdfast(&["exec", blog::ROLE_PROFILE, "--", "/usr/bin/env"])
        .ok();
    exec.says(&[
        "AWS_ACCESS_KEY_ID=ASIA",
        "AWS_SESSION_TOKEN=",
        "AWS_REGION=us-east-1",
    ]);
    let line = format!(
        "eval \"$({} env {})\"; exec \"$@\"",
        holdfast.display(),
        blog::ROLE_PROFILE
    );
    let aws = crate::process::aws_cli();
    let mut shell = world.command("sh");
    shell
        .args(["-c", &line, "sh"])
        .arg(aws)
        .args(["sts", "get-caller-identity"]);
    assert_eq!(run(&mut shell).ok().json()["Arn"], arn);
    assert_eq!(world.count("AssumeRole"), 1);
}

#[test]
fn a_second_terminal_and_an_editor_need_no_code_of_their_own() {
    let world = World::in_memory().signed_in();
    let line = format!("git ls-remote {}", blog::CLONE_URL);
    run(&mut world.on_terminal(&line))
        .ok()
        .says(&["refs/heads/main"]);

    let mut editor = world.command("git");
    editor
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_ASKPASS", "/bin/false")
        .env("SSH_ASKPASS", "/bin/false");
    run(editor.args(["ls-remote", blog::CLONE_URL]))
        .ok()
        .says(&["refs/heads/main"]);
    assert_eq!(world.count("GetSessionToken"), 1);
}

#[test]
fn the_terminal_asks_for_the_code() {
    let world = World::in_memory();
    let line = format!(
        "{} login {}",
        program("holdfast").display(),
        blog::ROLE_PROFILE
    );
    let code = world.code();
    let ran = run_with_input(&mut world.on_terminal(&line), &format!("12345\n{code}\n")).ok();
    let ran = ran.says(&[blog::MFA_SERIAL, "A code has six digits.", "Signed in"]);
    assert_eq!(ran.out.matches("MFA code: ").count(), 2, "{ran}");
    assert_eq!(world.count("GetSessionToken"), 1);
}

#[test]
fn a_killed_agent_costs_no_code() {
    let world = World::new().signed_in();
    world.kill_agent();
    world.sim.calls().clear();
    world.ls_remote().ok();
    assert_eq!(world.count("GetSessionToken"), 0);
    assert_eq!(
        world.count("AssumeRole"),
        0,
        "the role session was sealed too"
    );
}

#[test]
fn an_agent_killed_at_any_moment_costs_no_code() {
    let world = World::new();
    world.git_setup();
    world.login().ok();
    // Nothing between the answer to the person and the end.
    world.kill_agent();
    for round in 0..10 {
        let pid = world.agent_pid();
        let clone = format!("clone{round}");
        let mut git = world.command("git");
        let mut running =
            crate::process::start(git.args(["clone", "--quiet", blog::CLONE_URL, &clone]));
        if let Some(pid) = pid {
            let begun = std::time::Instant::now();
            let moment = std::time::Duration::from_millis(round * 7);
            holdfast_testkit::wait_until("the moment has come", || begun.elapsed() >= moment);
            crate::world::signal(pid, rustix::process::Signal::KILL);
        }
        let _ = running.is_running();
        running.end().ok();
    }
    assert_eq!(world.count("GetSessionToken"), 1);
    assert_eq!(world.status()["warnings"], serde_json::json!([]));
}

#[test]
fn the_agent_stops_and_starts_by_itself() {
    let world = World::new().signed_in();
    let first = world.agent_pid().unwrap();
    world.holdfast(&["agent", "stop"]).ok();
    assert_eq!(world.agent_pid(), None);
    world.holdfast(&["agent", "status"]).exits(4);
    world.ls_remote().ok();
    let second = world.agent_pid().unwrap();
    assert_ne!(first, second);
    world
        .holdfast(&["agent", "start"])
        .ok()
        .says(&[&second.to_string()]);
    assert_eq!(world.count("GetSessionToken"), 1);
}

#[test]
fn a_locked_agent_serves_nobody_until_it_is_unlocked() {
    let world = World::new().signed_in();
    world.holdfast(&["lock"]).ok();
    world
        .ls_remote()
        .failed()
        .says(&[": Holdfast is locked; run: holdfast unlock"])
        .never_says(&["Username"]);
    world
        .holdfast(&["credential-process", "--profile", blog::ROLE_PROFILE])
        .exits(3);
    world.login().exits(3);
    assert_eq!(world.status()["locked"], true);

    world.holdfast(&["unlock"]).ok();
    world.ls_remote().ok();
    assert_eq!(
        world.count("GetSessionToken"),
        1,
        "the sealed session is back"
    );
}

#[test]
fn who_signs_out_while_locked_stays_signed_out() {
    for words in [&["logout", blog::ROLE_PROFILE][..], &["logout", "--all"]] {
        let world = World::new().signed_in();
        world.holdfast(&["lock"]).ok();
        world.holdfast(words).ok();
        world.holdfast(&["unlock"]).ok();
        world.ls_remote().failed().says(&["needs an MFA code"]);
        // Nor does another agent find the session in the sealed store.
        world.holdfast(&["agent", "stop"]).ok();
        world.ls_remote().failed().says(&["needs an MFA code"]);
    }
}

#[test]
fn logging_out_ends_the_session_for_good() {
    let world = World::new().signed_in();
    world.ls_remote().ok();
    world.holdfast(&["logout", blog::ROLE_PROFILE]).ok();
    let refused = world.ls_remote().failed();
    let refused = refused.says(&["; run: holdfast login MyRepositoryContributor"]);
    assert_eq!(refused.helper_lines().len(), 1, "{refused}");
    world.kill_agent();
    world
        .ls_remote()
        .failed()
        .says(&["; run: holdfast login MyRepositoryContributor"]);
    world.login().ok();
    world.ls_remote().ok();
}
