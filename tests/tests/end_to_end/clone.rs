//! `holdfast clone` and the commands that people copy, with the real git and the real agent.

use crate::process::{Ran, run};
use crate::terminal::Terminal;
use crate::world::{World, bin_dir};
use holdfast_aws_sim::{Fault, Repository, Rule, Scenario, Service, blog};
use holdfast_testkit::wait_until;
use std::fs;
use std::process::Stdio;

/// What every system has on its `PATH`.
const SYSTEM: &str = "/usr/local/bin:/usr/bin:/bin";

/// A profile whose name a shell would like to run.
const HOSTILE: &str = "jo's $(touch pwned) & role; touch pwned";

/// A repository of which half tells a percentage.
const LARGE: &str = "large";

/// A world with a repository of some size, and a person who has signed in and set nothing else up.
fn world() -> World {
    let large = Repository::new(blog::REGION, LARGE).commits(1_500);
    let world = World::of(Scenario::blog().repositories(blog::ACCOUNT_B, [large]));
    let config = fs::read_to_string(world.path(".aws/config")).unwrap();
    let (_, role) = config
        .split_once(&format!("[profile {}]\n", blog::ROLE_PROFILE))
        .unwrap();
    let role = role.split("\n[").next().unwrap();
    world.append(".aws/config", &format!("\n[profile {HOSTILE}]\n{role}\n"));
    world.login().ok();
    world
}

fn commits(world: &World, folder: &str) -> String {
    let ran = world.git(&["-C", folder, "rev-list", "--count", "HEAD"]);
    ran.ok().out.trim().to_owned()
}

#[test]
fn a_copied_command_clones_in_a_clean_shell() {
    let world = world();
    let with_ours = format!("{}:{SYSTEM}", bin_dir().display());
    for profile in [blog::ROLE_PROFILE, HOSTILE] {
        // The https form brings the paths of what it needs.
        for (style, path) in [("codecommit", &*with_ours), ("https", SYSTEM)] {
            let arguments = ["clone-command", profile, LARGE, "--style", style];
            let command = world.holdfast(&arguments).ok().out;
            let command = command.trim_end();
            assert!(!command.contains('\n'), "{command}");
            run(&mut world.clean_shell(path, command)).ok();
            assert_eq!(commits(&world, LARGE), "1500", "{command}");
            let fetch = format!("git -C {LARGE} fetch");
            run(&mut world.clean_shell(path, &fetch)).ok();
            fs::remove_dir_all(world.path(LARGE)).unwrap();
            assert!(!world.path("pwned").exists(), "{command}");
        }
    }
}

#[test]
fn ctrl_c_half_way_leaves_nothing() {
    let world = world();
    let rule = Rule::new(Fault::Stall).service(Service::Git);
    // The first question is for the branches.
    let rule = rule.operation("git-upload-pack").skip(1).times(1);
    world.sim.faults().add(rule);
    let line = format!("holdfast clone {} {LARGE}", blog::ROLE_PROFILE);
    let mut terminal = Terminal::start(&mut world.on_terminal(&line));
    terminal.wait_for("%  Receiving objects");
    assert!(world.path(LARGE).join(".git").is_dir());
    terminal.interrupt();
    terminal.end().exits(130);
    // Git, which the key reaches as well, removes it.
    wait_until("nothing is left", || !world.path(LARGE).exists());
}

/// Clones onto a disk of this size, then lists what is on it.
fn clone_onto_disk(world: &World, size: &str) -> Ran {
    fs::create_dir_all(world.path("disk")).unwrap();
    let mut command = world.command("unshare");
    if !rustix::process::geteuid().is_root() {
        command.args(["--user", "--map-root-user"]);
    }
    let line = format!(
        "mount -t tmpfs -o size={size} tmpfs disk && holdfast clone {} {LARGE} disk/work; \
         status=$?; ls -A disk; exit $status",
        blog::ROLE_PROFILE
    );
    command.args(["--mount", "sh", "-c", &line]);
    run(command.stdin(Stdio::null()))
}

#[test]
fn on_a_disk_that_is_too_small_it_says_so_and_leaves_nothing() {
    let world = world();
    for size in ["16k", "200k"] {
        let ran = clone_onto_disk(&world, size).exits(1);
        let ran = ran.says(&[
            "there is no room left on the disk for disk/work",
            "make room",
        ]);
        assert_eq!(ran.out, "", "{size}");
    }
    clone_onto_disk(&world, "64m")
        .ok()
        .says(&["Cloned into disk/work."]);
}
