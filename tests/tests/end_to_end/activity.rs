//! What the agent did, told afterwards: by real programs, over restarts, and whatever happens to the file.

use crate::world::World;
use holdfast_aws_sim::blog;
use holdfast_testkit::wait_until;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

fn record(world: &World) -> PathBuf {
    world.path(".local/state/holdfast/activity.jsonl")
}

/// The newest entries first.
fn entries(world: &World) -> Vec<Value> {
    let answer = world.holdfast(&["activity", "--json"]).ok().json();
    answer["entries"].as_array().unwrap().clone()
}

fn kinds(entries: &[Value]) -> Vec<&str> {
    let kinds = entries.iter().map(|entry| entry["kind"].as_str().unwrap());
    kinds.collect()
}

fn of_kind<'a>(entries: &'a [Value], kind: &str) -> &'a Value {
    let found = entries.iter().find(|entry| entry["kind"] == kind);
    found.unwrap_or_else(|| panic!("no {kind} in {entries:#?}"))
}

#[test]
fn who_received_what_is_told_with_the_program_that_asked() {
    let world = World::in_memory();
    world.git_setup();
    world.ls_remote().failed();
    world.login().ok();
    for _ in 0..3 {
        world.ls_remote().ok();
    }
    world.holdfast(&["env", blog::ROLE_PROFILE]).ok();
    world.holdfast(&["lock"]).ok();
    world.ls_remote().failed();

    let entries = entries(&world);
    let refused: Vec<&Value> = entries
        .iter()
        .filter(|it| it["kind"] == "refused")
        .collect();
    let codes: Vec<&Value> = refused
        .iter()
        .map(|entry| &entry["error"]["code"])
        .collect();
    assert_eq!(codes, ["locked", "mfa-required"]);
    for refused in refused {
        assert_eq!(refused["caller"]["program"], "git ls-remote", "{refused}");
    }
    let passwords = || entries.iter().filter(|it| it["kind"] == "git-credential");
    for password in passwords() {
        assert_eq!(password["profile"], blog::ROLE_PROFILE);
        assert_eq!(password["repository"], blog::REPOSITORY);
        assert_eq!(password["region"], blog::REGION);
    }
    let times: u64 = passwords().filter_map(|it| it["times"].as_u64()).sum();
    assert_eq!(times, 3);
    assert_eq!(
        of_kind(&entries, "credentials")["profile"],
        blog::ROLE_PROFILE
    );
    assert_eq!(
        of_kind(&entries, "signed-in")["profile"],
        blog::ROLE_PROFILE
    );
    assert!(of_kind(&entries, "renewed")["session"].is_string());
    assert_eq!(kinds(&entries)[1], "locked");
}

/// On a busy machine a git that was answered can be gone before the agent has looked at it.
#[test]
fn git_is_named_by_its_command() {
    let world = World::in_memory().signed_in();
    wait_until("git ls-remote is named", || {
        world.ls_remote().ok();
        entries(&world).iter().any(|entry| {
            entry["kind"] == "git-credential" && entry["caller"]["program"] == "git ls-remote"
        })
    });
}

#[test]
fn the_record_outlives_the_agent_and_what_is_done_to_it() {
    let world = World::in_memory();
    world.login().ok();
    let before = entries(&world);
    world.holdfast(&["agent", "stop"]).ok();
    let mut text = fs::read(record(&world)).unwrap();
    text.extend_from_slice(b"\0garbage\n{\"id\":77");
    fs::write(record(&world), text).unwrap();
    assert_eq!(entries(&world), before, "the same after a restart");

    world.holdfast(&["lock"]).ok();
    let after = entries(&world);
    assert_eq!(after[1..], before);
    assert!(after[0]["id"].as_u64() > before[0]["id"].as_u64());

    fs::remove_file(record(&world)).unwrap();
    world.holdfast(&["unlock"]).ok();
    wait_until("a record begins anew", || record(&world).exists());
    assert_eq!(kinds(&entries(&world))[0], "unlocked");
}

#[test]
fn a_record_that_cannot_be_written_is_told_and_stops_nobody() {
    let world = World::in_memory();
    world.status();
    fs::create_dir(record(&world)).unwrap();
    world.login().ok();
    let warned = || {
        let warnings = world.status()["warnings"].to_string();
        warnings.contains("activity cannot be written")
    };
    wait_until("the warning is there", warned);
    assert!(kinds(&entries(&world)).contains(&"signed-in"));
    fs::remove_dir(record(&world)).unwrap();
    world.holdfast(&["env", blog::ROLE_PROFILE]).ok();
    wait_until("the warning is gone", || !warned());
    let text = fs::read_to_string(record(&world)).unwrap();
    assert!(
        text.contains("signed-in") && text.contains("credentials"),
        "{text}"
    );
}
