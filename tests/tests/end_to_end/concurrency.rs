//! Many at once: one call to AWS, one agent, no errors.

use crate::process::{Ran, many};
use crate::world::{GET, World, is_alive, program};
use holdfast_aws_sim::blog;
use holdfast_testkit::wait_until;
use std::process::{Child, Stdio};

#[test]
fn a_thousand_helpers_at_once_make_one_call() {
    let world = World::in_memory();
    // Signed in, and the role not assumed yet.
    let code = world.code();
    world
        .holdfast(&["login", blog::KEY_PROFILE, "--code", &code])
        .ok();
    assert_eq!(world.count("AssumeRole"), 0);

    let helper = || {
        let mut command = world.command(program("git-credential-holdfast"));
        command.arg("get");
        command
    };
    let answers = many(&world, 1000, GET, helper);
    let bad = answers
        .iter()
        .find(|(ok, out, err)| !ok || !err.is_empty() || !out.contains("\npassword="));
    assert_eq!(bad, None);
    assert_eq!(world.count("AssumeRole"), 1);
    assert_eq!(world.count("GetSessionToken"), 1);
}

#[test]
fn callers_without_a_session_share_one_failure() {
    let world = World::in_memory();
    let helper = || {
        let mut command = world.command(program("git-credential-holdfast"));
        command.env("HOLDFAST_PROMPT_TIMEOUT", "0").arg("get");
        command
    };
    for (ok, out, err) in many(&world, 100, GET, helper) {
        assert!(ok, "{err}");
        assert_eq!(out, "quit=1\n", "{err}");
        assert!(
            err.contains("; run: holdfast login MyRepositoryContributor"),
            "{err}"
        );
    }
    assert_eq!(world.sim.calls().all(), []);
}

#[test]
fn two_hundred_clients_start_one_agent() {
    let world = World::in_memory();
    let start = || {
        let mut command = world.command(program("holdfast"));
        command.args(["agent", "start"]);
        command
    };
    let answers = many(&world, 200, "", start);
    let bad = answers.iter().find(|(ok, _, err)| !ok || !err.is_empty());
    assert_eq!(bad, None);
    let pid = world.agent_pid().unwrap();
    let words = format!("(process {pid})");
    assert!(
        answers.iter().all(|(_, out, _)| out.contains(&words)),
        "several agents: {answers:?}"
    );
}

#[test]
fn of_two_hundred_agents_one_stays() {
    let world = World::in_memory();
    let agent = || {
        let mut command = world.command(program("holdfast-agent"));
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.spawn().unwrap()
    };
    let mut agents: Vec<Child> = (0..200).map(|_| agent()).collect();
    let mut ended = 0;
    wait_until("all agents but one have ended", || {
        agents.retain_mut(|agent| match agent.try_wait().unwrap() {
            Some(status) => {
                assert!(status.success(), "an agent too many ended with {status}");
                ended += 1;
                false
            }
            None => true,
        });
        ended == 199
    });
    let [last] = &mut agents[..] else {
        panic!("{} agents are left", agents.len());
    };
    wait_until("the one agent answers", || {
        world.agent_pid() == Some(last.id())
    });
    world.holdfast(&["agent", "stop"]).ok();
    assert!(last.wait().unwrap().success());
    assert!(!is_alive(last.id()));
}

#[test]
fn clones_at_once_share_one_session() {
    let world = World::in_memory();
    let code = world.code();
    world
        .holdfast(&["login", blog::KEY_PROFILE, "--code", &code])
        .ok();
    world.git_setup();
    let clone = |index: u32| {
        let mut git = world.command("git");
        let folder = format!("clone{index}");
        crate::process::start(
            git.args(["clone", "--quiet", blog::CLONE_URL, &folder])
                .stdin(Stdio::null()),
        )
    };
    let clones: Vec<_> = (0..8).map(clone).collect();
    for clone in clones {
        let ran: Ran = clone.end();
        ran.ok();
    }
    assert_eq!(world.count("AssumeRole"), 1);
}
