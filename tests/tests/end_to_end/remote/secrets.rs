//! No secret stands in the arguments or the environment of any process while git works, and nobody is told to store one.

use super::{URL, signed_in};
use crate::process::{gits, run};
use crate::secrets::{sentinels, watched};
use crate::world::{World, program};
use holdfast_aws_sim::blog;
use holdfast_testkit::Hit;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn neither_arguments_nor_environment_hold_a_secret() {
    for (git, url) in gits()
        .iter()
        .flat_map(|git| [URL, blog::CLONE_URL].map(|url| (git, url)))
    {
        let world = signed_in();
        record_stores(&world, git);
        if url == blog::CLONE_URL {
            world.git_setup();
        }
        let ((), hits, looks) = watched(&world.sim, || {
            let git = |arguments: &[&str]| run(world.command(git).args(arguments)).ok();
            git(&["clone", "--quiet", url, "work"]);
            fs::write(world.path("work/new.txt"), "new").unwrap();
            git(&["-C", "work", "add", "new.txt"]);
            git(&["-C", "work", "commit", "--quiet", "-m", "Add a file"]);
            git(&["-C", "work", "push", "--quiet"]);
            git(&["-C", "work", "fetch", "--quiet"]);
        });
        assert_eq!(hits, [], "in arguments or environments");
        assert!(looks > 2, "only {looks} looks");
        assert_eq!(stores(&world), 0, "told to store");
        let kept = sentinels(&world.sim).scan_tree(&world.path("work"));
        assert_eq!(kept, [], "in the clone");
    }
}

/// AWS's own remote helper, which names the session token in a URL: what the search finds it in, and where git carries
/// it then.
#[test]
fn aws_s_own_remote_helper_is_caught() {
    let world = signed_in();
    record_stores(&world, "git");
    let mut command = world.command(program("holdfast"));
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", aws_s_remote_helper().display());
    command
        .env("PATH", path)
        .env("AWS_DEFAULT_REGION", blog::REGION)
        .args(["exec", blog::ROLE_PROFILE, "--", "git", "ls-remote"])
        .arg("codecommit://myRepository");
    let (ran, hits, _) = watched(&world.sim, || run(&mut command));
    ran.ok().says(&["refs/heads/main"]);
    let seen = |secret: &str| {
        let is_it = |hit: &&Hit| hit.secret == secret && hit.place.ends_with("/cmdline");
        hits.iter().any(|hit| is_it(&hit))
    };
    assert!(seen("session token"), "git's arguments were not seen");
    assert_eq!(stores(&world), 1, "git hands it on to be stored");
}

/// The folder with AWS's `git-remote-codecommit`, and nothing of ours.
fn aws_s_remote_helper() -> PathBuf {
    let built = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    let folder = built.unwrap().join("tools/git-remote-codecommit/bin");
    assert!(
        folder.join("git-remote-codecommit").exists(),
        "AWS's git-remote-codecommit is not in {}; run `cargo xtask test` once, which installs it",
        folder.display()
    );
    folder
}

/// Configures a helper for every host that counts what it is told to store.
fn record_stores(world: &World, git: impl AsRef<OsStr>) {
    let helper = "!f() { cat >/dev/null; echo $1 >>\"$HOME/told\"; }; f";
    let arguments = ["config", "--global", "credential.helper", helper];
    run(world.command(git).args(arguments)).ok();
}

/// How often the recording helper was told to store a password.
fn stores(world: &World) -> usize {
    let told = fs::read_to_string(world.path("told")).unwrap_or_default();
    told.lines().filter(|line| *line == "store").count()
}
