//! The real values of every secret, looked for in six encodings wherever they must not be.

use crate::process::{Ran, run, run_with_input};
use crate::world::{World, program};
use holdfast_aws_sim::blog;
pub(crate) use holdfast_tests::leaks::{sentinels, watched};
use std::fs;
use std::time::{Duration, Instant};

#[test]
fn no_secret_is_written_said_or_passed_on() {
    let world = World::new()
        .with("HOLDFAST_LOG", "trace")
        .with("HOLDFAST_TRACE", "1");
    let mut said: Vec<Ran> = Vec::new();
    let code = world.code();
    said.push(
        world
            .holdfast(&["keys", "import", "--remove-plaintext", "--yes"])
            .ok(),
    );
    let ((), hits, looks) = watched(&world.sim, || {
        let wrong = world.sim.wrong_code(blog::MFA_SERIAL).unwrap();
        said.push(
            world
                .holdfast(&["login", blog::ROLE_PROFILE, "--code", &wrong])
                .exits(3),
        );
        let mut login = world.command(program("holdfast"));
        said.push(
            run_with_input(
                login.args(["login", blog::ROLE_PROFILE, "--code", "-"]),
                &code,
            )
            .ok(),
        );
        said.push(world.holdfast(&["git", "setup", "--global", "--yes"]).ok());
        said.push(world.git(&["clone", blog::CLONE_URL, "work"]).ok());
        fs::write(world.path("work/new.txt"), "new").unwrap();
        said.push(world.git(&["-C", "work", "add", "new.txt"]).ok());
        said.push(
            world
                .git(&["-C", "work", "commit", "-m", "Add a file"])
                .ok(),
        );
        said.push(world.git(&["-C", "work", "push"]).ok());
        said.push(world.git(&["-C", "work", "fetch"]).ok());
        said.push(world.holdfast(&["status"]).ok());
        said.push(world.holdfast(&["status", "--json"]).ok());
        said.push(world.holdfast(&["profiles", "--json"]).ok());
        said.push(world.holdfast(&["keys", "list"]).ok());
        said.push(world.holdfast(&["git", "status"]).ok());
        said.push(world.holdfast(&["lock"]).ok());
        said.push(world.holdfast(&["unlock"]).ok());
        said.push(world.ls_remote().ok());
        said.push(world.holdfast(&["activity"]).ok());
        said.push(world.holdfast(&["activity", "--json"]).ok());
    });
    assert_eq!(hits, [], "in arguments or environments");
    assert!(looks > 2, "only {looks} looks");

    let sentinels = sentinels(&world.sim);
    for ran in &said {
        assert_eq!(
            sentinels.scan("output", ran.to_string().as_bytes()),
            [],
            "{ran}"
        );
    }
    let log = world.log();
    assert!(log.contains("DEBUG"), "the log is not at its highest level");
    assert!(!contains_number(&log, &code), "the code is in the log");
    world.holdfast(&["agent", "stop"]).ok();
    let record = fs::read_to_string(world.path(".local/state/holdfast/activity.jsonl")).unwrap();
    for kind in [
        "key-added",
        "refused",
        "signed-in",
        "git-credential",
        "locked",
    ] {
        assert!(
            record.contains(&format!("\"kind\":\"{kind}\"")),
            "{kind} in {record}"
        );
    }
    assert!(
        !contains_number(&record, &code),
        "the code is in the record"
    );
    assert_eq!(
        sentinels.scan_tree(world.home.path()),
        [],
        "in the home, the keyring's own file included"
    );
}

/// As root the agent's memory can be read, which nobody else can (`other_user`).
#[test]
fn a_lock_erases_secrets_from_memory() {
    let world = World::new().signed_in();
    world.git_setup();
    world.ls_remote().ok();
    let pid = world.agent_pid().unwrap();
    let known = sentinels(&world.sim);
    let held = known.scan_memory(pid);
    assert!(!held.is_empty(), "an agent that serves holds secrets");
    world.holdfast(&["lock"]).ok();
    let locked = Instant::now();
    loop {
        // How long a look takes says nothing about the agent, only when it begins.
        let begun = locked.elapsed();
        let hits = known.scan_memory(pid);
        if hits.is_empty() {
            break;
        }
        assert!(begun < Duration::from_secs(5), "{hits:?} after {begun:?}");
    }
    assert_eq!(world.agent_pid(), Some(pid), "the same agent");
}

#[test]
fn the_search_finds_what_is_there() {
    let world = World::in_memory().signed_in();
    // Plaintext keys in the credentials file: what people have before they use Holdfast.
    let known = sentinels(&world.sim);
    let hits = known.scan_tree(world.home.path());
    assert!(hits.iter().any(|hit| hit.secret == "secret access key" && hit.place.ends_with(".aws/credentials")), "{hits:?}");

    // Every kind of secret that the scenario has is looked for.
    world.ls_remote().ok();
    let kinds: Vec<&str> = world.sim.secrets().iter().map(|(what, _)| *what).collect();
    for kind in ["secret access key", "session token", "MFA seed"] {
        assert!(kinds.contains(&kind), "{kind} is not among {kinds:?}");
    }

    // Credentials in the URL, as people do it: in the arguments of git and of what git starts.
    let key = world.sim.access_key(blog::USER).unwrap();
    let secret: String = key
        .secret
        .reveal()
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_string()
            } else {
                format!("%{:02X}", u32::from(c))
            }
        })
        .collect();
    let url = blog::CLONE_URL.replace("https://", &format!("https://{}:{secret}@", key.id));
    let ((), hits, _) = watched(&world.sim, || {
        for _ in 0..20 {
            world.git(&["ls-remote", &url]).failed();
        }
    });
    assert!(
        hits.iter().any(|hit| hit.place.ends_with("/cmdline")),
        "git's arguments were not seen"
    );

    // `holdfast env` is made to show secrets: so the outputs are searched as well.
    let shown = world.holdfast(&["env", blog::ROLE_PROFILE]).ok();
    let hits = sentinels(&world.sim).scan("output", shown.out.as_bytes());
    assert!(hits.len() >= 2, "{hits:?}");
    let mut exec = world.command(program("holdfast"));
    let (_, hits, _) = watched(&world.sim, || {
        run(exec.args(["exec", blog::ROLE_PROFILE, "--", "sleep", "0.5"])).ok()
    });
    assert!(
        hits.iter().any(|hit| hit.place.ends_with("/environ")),
        "the environment was not seen"
    );
}

/// Whether a number stands in a text as a whole.
fn contains_number(text: &str, number: &str) -> bool {
    text.match_indices(number).any(|(at, _)| {
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '.');
        let before = text[..at].chars().next_back();
        let after = text[at + number.len()..].chars().next();
        !digit(before) && !digit(after)
    })
}
