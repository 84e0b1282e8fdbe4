//! Keychains that are locked, missing, late or stuck, and the two that are no desktop's.

use crate::process::run_with_input;
use crate::world::{World, program, signal};
use holdfast_aws_sim::blog;
use holdfast_testkit::wait_until;
use rustix::process::Signal;

fn state(world: &World) -> String {
    world.status()["keychain"]["state"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn import(world: &World) {
    world
        .holdfast(&["keys", "import", "--remove-plaintext", "--yes"])
        .ok();
}

#[test]
fn a_locked_keyring_is_said_and_unlocked() {
    let world = World::new();
    import(&world);
    world.login().ok();
    world.git_setup();
    world.holdfast(&["agent", "stop"]).ok();
    let desktop = world.desktop.as_ref().unwrap();
    let keyring = desktop.keyring.as_ref().unwrap();
    keyring.lock(&desktop.bus);

    wait_until("the agent has noticed", || state(&world) == "locked");
    let refused = world.ls_remote().failed();
    let refused = refused
        .says(&["holdfast: ", "keychain", "; run: holdfast unlock"])
        .never_says(&["Username"]);
    assert_eq!(refused.helper_lines().len(), 1, "{refused}");
    world.holdfast(&["status"]).ok().says(&["locked"]);

    keyring.unlock(&desktop.bus);
    world.holdfast(&["unlock"]).ok();
    world.ls_remote().ok();
    assert_eq!(
        world.count("GetSessionToken"),
        1,
        "the session was there all the time"
    );
}

#[test]
fn a_keyring_that_is_locked_meanwhile_stops_nobody() {
    let world = World::new();
    import(&world);
    world.git_setup();
    world.login().ok();
    let desktop = world.desktop.as_ref().unwrap();
    desktop.keyring.as_ref().unwrap().lock(&desktop.bus);
    world.ls_remote().ok();
    world
        .holdfast(&["credential-process", "--profile", blog::ROLE_PROFILE])
        .ok();
}

#[test]
fn without_a_keyring_sessions_live_in_memory() {
    let world = World::without_keyring();
    world.git_setup();
    world.login().ok();
    world.ls_remote().ok();
    assert_eq!(state(&world), "absent");
    world.holdfast(&["status"]).ok().says(&["Keychain (os)"]);
    let refused = world.holdfast(&["keys", "import", "--yes"]);
    refused.exits(1).says(&["hint: ", "HOLDFAST_KEYCHAIN=file"]);
    // Nothing was sealed, and nothing else was written instead.
    world.kill_agent();
    world
        .ls_remote()
        .failed()
        .says(&["; run: holdfast login MyRepositoryContributor"]);
}

#[test]
fn a_keyring_that_starts_late_is_used_from_then_on() {
    let mut world = World::without_keyring();
    world.git_setup();
    world.login().ok();
    assert_eq!(state(&world), "absent");
    world.start_keyring();
    world.holdfast(&["unlock"]).ok();
    wait_until("the keyring is used", || state(&world) == "ready");
    wait_until("the session is sealed", || {
        world.path(".local/state/holdfast/sessions.sealed").exists()
    });
    world.kill_agent();
    world.ls_remote().ok();
    assert_eq!(world.count("GetSessionToken"), 1);
}

#[test]
fn a_stuck_keyring_hangs_nobody() {
    let world = World::new();
    import(&world);
    world.git_setup();
    world.login().ok();
    let keyring = world
        .desktop
        .as_ref()
        .unwrap()
        .keyring
        .as_ref()
        .unwrap()
        .id();
    signal(keyring, Signal::STOP);
    world.ls_remote().ok();
    world.holdfast(&["logout", "--all"]).ok();
    let code = world.code();
    let login = || world.holdfast(&["login", blog::ROLE_PROFILE, "--code", &code]);
    let refused = login();
    signal(keyring, Signal::CONT);
    refused.failed().says(&["keychain", "hint: "]);
    wait_until("the keyring is used again", || login().is_ok());
    world.ls_remote().ok();
}

#[test]
fn a_key_file_with_a_passphrase_keeps_keys_and_sessions() {
    let world = World::in_memory().with("HOLDFAST_KEYCHAIN", "file");
    let unlock = |passphrase: &str| {
        let mut command = world.command(program("holdfast"));
        run_with_input(command.args(["unlock", "--passphrase-stdin"]), passphrase)
    };
    unlock("correct horse battery staple").ok();
    import(&world);
    world.git_setup();
    world.login().ok();
    world.kill_agent();

    world
        .ls_remote()
        .failed()
        .says(&["holdfast: ", "run: holdfast unlock"])
        .never_says(&["Username"]);
    unlock("wrong horse battery staple")
        .failed()
        .says(&["passphrase"])
        .never_says(&["wrong horse"]);
    unlock("correct horse battery staple").ok();
    world.ls_remote().ok();
    assert_eq!(world.count("GetSessionToken"), 1);
    assert_eq!(world.status()["keychain"]["kind"], "file");
}

#[test]
fn a_keychain_in_memory_forgets_with_the_agent() {
    let world = World::in_memory();
    // A key that would be lost with the agent is not taken out of its file.
    world
        .holdfast(&["keys", "import", "--remove-plaintext", "--yes"])
        .exits(2)
        .says(&["memory", "nothing was removed"]);
    world.holdfast(&["keys", "import", "--yes"]).ok();
    world.git_setup();
    world.login().ok();
    world.ls_remote().ok();
    assert_eq!(world.status()["keychain"]["kind"], "memory");
    world.holdfast(&["agent", "stop"]).ok();
    assert_eq!(
        world.holdfast(&["keys", "list", "--json"]).ok().json()["keys"],
        serde_json::json!([])
    );
    world.ls_remote().failed().says(&["holdfast: "]);
    assert!(!world.path(".local/state/holdfast/sessions.sealed").exists());
}
