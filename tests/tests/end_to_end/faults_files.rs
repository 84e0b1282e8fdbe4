//! AWS files with faults in them, disks that take nothing, and a store that was damaged.

use crate::process::{Started, start};
use crate::world::World;
use holdfast_aws_sim::blog;
use holdfast_testkit::wait_until;
use std::fs;
use std::io::Write;
use std::process::Stdio;

/// What `holdfast profiles --json` says of one profile.
#[track_caller]
fn profile(world: &World, name: &str) -> serde_json::Value {
    let all = world.holdfast(&["profiles", "--json"]).ok().json();
    let profiles = all["profiles"].as_array().unwrap();
    let found = profiles.iter().find(|profile| profile["name"] == name);
    found
        .unwrap_or_else(|| panic!("no {name} in {all:#}"))
        .clone()
}

#[test]
fn a_cycle_is_named_and_harms_no_other_profile() {
    let world = World::in_memory();
    world.append(
        ".aws/config",
        "\n[profile a]\nrole_arn = arn:aws:iam::222233334444:role/A\nsource_profile = b\n\
         [profile b]\nrole_arn = arn:aws:iam::222233334444:role/B\nsource_profile = a\n",
    );
    world
        .holdfast(&["login", "a"])
        .exits(2)
        .says(&["source_profile", "a", "b", ".aws/config"]);
    let problems = profile(&world, "a")["problems"].clone();
    assert!(
        problems[0]["message"]
            .as_str()
            .unwrap()
            .contains("source_profile"),
        "{problems}"
    );
    world
        .holdfast(&["credential-process", "--profile", "b"])
        .exits(2);
    world.signed_in().ls_remote().ok();
}

#[test]
fn a_missing_source_profile_is_named_with_file_and_profile() {
    let world = World::in_memory();
    world.append(".aws/config", "\n[profile a]\nrole_arn = arn:aws:iam::222233334444:role/A\nsource_profile = MyRepositoryUsr\n");
    world.holdfast(&["login", "a"]).exits(2).says(&[
        ".aws/config",
        "profile a",
        "source_profile",
        "MyRepositoryUsr",
    ]);
    world
        .holdfast(&["login", "nosuch"])
        .exits(2)
        .says(&["nosuch"]);
    world.signed_in().ls_remote().ok();
}

#[test]
fn a_repository_that_no_profile_reaches_is_said() {
    let world = World::in_memory();
    world.git_setup();
    let elsewhere = blog::CLONE_URL.replace("us-east-1", "eu-west-3");
    let refused = world.git(&["ls-remote", &elsewhere]).failed();
    let refused = refused.says(&[
        ".aws/config has region eu-west-3",
        "; run: holdfast git use PROFILE",
    ]);
    refused.never_says(&["keychain", "Username"]);
}

#[test]
fn garbage_in_the_files_costs_only_itself() {
    let world = World::in_memory();
    let config = world.path(".aws/config");
    let good = fs::read(&config).unwrap();
    let garbage: Vec<u8> = (0..=255).cycle().take(8 * 1024).collect();
    fs::write(
        &config,
        [
            &garbage[..],
            b"\n",
            &good,
            b"\n[profile \xff\xfe]\nregion = \xff\n[unclosed\nx\n",
            &garbage,
        ]
        .concat(),
    )
    .unwrap();
    let told = profile(&world, blog::ROLE_PROFILE);
    assert!(
        told["chain"].as_str().unwrap().contains(blog::ROLE),
        "{told}"
    );
    world.holdfast(&["profiles"]).ok().says(&[".aws/config"]);
    world.signed_in().ls_remote().ok();
}

#[test]
fn an_unreadable_config_is_an_error_and_not_an_empty_one() {
    let world = World::in_memory();
    let config = world.path(".aws/config");
    fs::remove_file(&config).unwrap();
    fs::create_dir(&config).unwrap();
    world
        .holdfast(&["login", blog::ROLE_PROFILE])
        .exits(2)
        .says(&[".aws/config"]);
    world
        .holdfast(&["profiles"])
        .failed()
        .says(&[".aws/config"]);
}

#[test]
fn ten_thousand_profiles_are_listed_and_served() {
    let world = World::in_memory();
    let many: String = (0..10_000)
        .map(|number| format!("\n[profile p{number}]\nregion = eu-west-1\nrole_arn = arn:aws:iam::222233334444:role/R{number}\nsource_profile = FetchMfaCredentials\n"))
        .collect();
    world.append(".aws/config", &many);
    let all = world.holdfast(&["profiles", "--json"]).ok().json();
    let profiles = all["profiles"].as_array().unwrap();
    assert_eq!(profiles.len(), 10_002);
    assert!(
        profiles
            .iter()
            .all(|profile| profile["problems"] == serde_json::json!([]))
    );
    world.signed_in().ls_remote().ok();
}

/// A state folder that is a file system of its own, in a mount namespace that only a shell and what it starts are in.
struct Disk {
    shell: Started,
}

impl Disk {
    /// An empty disk of 256 KiB.
    fn mount(world: &World) -> Self {
        let state = world.path(".local/state/holdfast");
        fs::create_dir_all(&state).unwrap();
        let mut command = world.command("unshare");
        if !rustix::process::geteuid().is_root() {
            command.args(["--user", "--map-root-user"]);
        }
        command.args(["--mount", "sh"]).current_dir(&state);
        let shell = start(command.stdin(Stdio::piped()));
        let mut disk = Self { shell };
        disk.tell("mount -t tmpfs -o size=256k,mode=700 tmpfs . && cd \"$PWD\"");
        disk
    }

    /// The same with the agent on it.
    fn with_agent(world: &World) -> Self {
        let mut disk = Self::mount(world);
        let (user, group) = (rustix::process::getuid(), rustix::process::getgid());
        if user.is_root() {
            disk.tell("holdfast agent start >/dev/null");
        } else {
            // Who was made root for the mount is the person again, as the session bus wants it.
            disk.tell(&format!(
                "unshare --user --map-user={} --map-group={} holdfast agent start >/dev/null",
                user.as_raw(),
                group.as_raw()
            ));
        }
        wait_until("the agent listens", || world.agent_pid().is_some());
        disk
    }

    /// Has the shell do something. It is not waited for.
    fn tell(&mut self, line: &str) {
        let stdin = self.shell.child.stdin.as_mut().unwrap();
        writeln!(stdin, "{line} || exit 1").unwrap();
    }
}

#[test]
fn on_a_full_disk_sessions_are_served_from_memory() {
    let world = World::new();
    world.git_setup();
    let mut disk = Disk::with_agent(&world);
    disk.tell("(cat /dev/zero > filler) 2>/dev/null; touch \"$HOME/full\"");
    wait_until("the disk is full", || world.path("full").exists());
    world.login().ok();
    world.ls_remote().ok();
    wait_until("the status says so", || {
        let warnings = world.status()["warnings"].to_string();
        warnings.contains("sessions.sealed") && warnings.contains("No space left")
    });
    world
        .holdfast(&["status"])
        .ok()
        .says(&["No space left", "live"]);

    disk.tell("rm filler; touch \"$HOME/empty\"");
    wait_until("the disk is empty", || world.path("empty").exists());
    // The next change is kept, and the warning goes.
    world.holdfast(&["logout", blog::ROLE_PROFILE]).ok();
    world.login().ok();
    wait_until("the warning is gone", || {
        world.status()["warnings"] == serde_json::json!([])
    });
}

#[test]
fn on_a_disk_that_turns_read_only_sessions_are_served_from_memory() {
    let world = World::new();
    world.git_setup();
    let mut disk = Disk::with_agent(&world);
    // The log is open for writing, which keeps the disk from turning read-only as a whole.
    disk.tell(
        "mkdir -p gone && mount --bind . . && mount -o remount,ro,bind . ; touch \"$HOME/done\"",
    );
    wait_until("the disk is read-only", || world.path("done").exists());
    world.login().ok();
    world.ls_remote().ok();
    wait_until("the status says so", || {
        let warnings = world.status()["warnings"].to_string();
        warnings.contains("sessions.sealed") && warnings.contains("Read-only file system")
    });
    world.holdfast(&["status"]).ok().says(&["live"]);
}

#[test]
fn a_state_folder_that_cannot_be_made_is_named() {
    let world = World::in_memory();
    let state = world.path(".local/state/holdfast");
    fs::write(&state, "not a folder").unwrap();
    let named = state.to_str().unwrap();
    let refused = world.holdfast(&["agent", "start"]).exits(4);
    refused
        .says(&["the agent cannot be started", named])
        .never_says(&["install"]);
    world.helper_get().ok().says(&["quit=1", named]);
    assert_eq!(fs::read_to_string(&state).unwrap(), "not a folder");

    fs::remove_file(&state).unwrap();
    world.signed_in().ls_remote().ok();
}

#[test]
fn a_home_that_is_read_only_from_the_start_is_named() {
    let world = World::in_memory();
    let mut disk = Disk::mount(&world);
    disk.tell("mount --bind . . && mount -o remount,ro,bind . && cd \"$PWD\"");
    disk.tell("holdfast agent start 2> \"$HOME/said\"; echo $? > \"$HOME/status\"");
    wait_until("the agent was tried", || {
        !fs::read_to_string(world.path("status"))
            .unwrap_or_default()
            .is_empty()
    });
    assert_eq!(fs::read_to_string(world.path("status")).unwrap(), "4\n");
    let said = fs::read_to_string(world.path("said")).unwrap();
    assert!(
        said.contains(".local/state/holdfast") && said.contains("Read-only file system"),
        "{said}"
    );
}

#[test]
fn a_state_folder_that_is_lost_costs_nothing_but_the_seal() {
    let world = World::new().signed_in();
    fs::remove_dir_all(world.path(".local/state/holdfast")).unwrap();
    fs::write(world.path(".local/state/holdfast"), "in the way").unwrap();
    let code = world.code();
    world.holdfast(&["logout", blog::ROLE_PROFILE]).ok();
    world
        .holdfast(&["login", blog::ROLE_PROFILE, "--code", &code])
        .ok();
    world.ls_remote().ok();
    wait_until("the status says so", || {
        world.status()["warnings"]
            .to_string()
            .contains("sessions.sealed")
    });
}

#[test]
fn a_damaged_store_is_put_aside() {
    let world = World::new().signed_in();
    world.holdfast(&["agent", "stop"]).ok();
    let sealed = world.path(".local/state/holdfast/sessions.sealed");
    let mut bytes = fs::read(&sealed).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&sealed, &bytes).unwrap();

    world
        .ls_remote()
        .failed()
        .says(&["; run: holdfast login MyRepositoryContributor"]);
    let warnings = world.status()["warnings"].to_string();
    assert!(warnings.contains("was damaged and is now"), "{warnings}");
    let kept = fs::read_dir(sealed.parent().unwrap()).unwrap().flatten();
    assert!(
        kept.into_iter()
            .any(|file| file.path() != sealed
                && fs::read(file.path()).is_ok_and(|kept| kept == bytes)),
        "what was there is kept"
    );

    world.login().ok();
    world.ls_remote().ok();
    world.kill_agent();
    world.ls_remote().ok();
}

#[test]
fn a_store_that_was_cut_off_is_put_aside() {
    for length in [0, 1, 40] {
        let world = World::new().signed_in();
        world.holdfast(&["agent", "stop"]).ok();
        let sealed = world.path(".local/state/holdfast/sessions.sealed");
        let bytes = fs::read(&sealed).unwrap();
        fs::write(&sealed, &bytes[..length]).unwrap();
        world.login().ok();
        world.ls_remote().ok();
    }
}
