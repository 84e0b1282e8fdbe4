//! Large files with the real git-lfs, over https and beside `codecommit://` URLs.

use holdfast_aws_sim::{Service, blog};
use holdfast_tests::process::{find, gits, run};
use holdfast_tests::world::World;
use std::fs;
use std::path::Path;

/// The repository over a `codecommit://` URL.
const CODECOMMIT_URL: &str = "codecommit://MyRepositoryContributor@myRepository";

/// What the documentation says to set for `codecommit://` URLs.
const LFS_URL: &str =
    "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/myRepository/info/lfs";

/// Size of the large file.
const SIZE: usize = 5 << 20;

/// Git and git-lfs on a machine that is signed in.
struct Git<'a> {
    world: &'a World,
    program: &'a Path,
}

impl Git<'_> {
    #[track_caller]
    fn run(&self, arguments: &[&str]) -> String {
        run(self.world.command(self.program).args(arguments))
            .ok()
            .out
    }

    /// Writes the large file, and pushes it.
    #[track_caller]
    fn publish(&self, folder: &str, content: &[u8]) {
        fs::write(self.world.path(folder).join("large.bin"), content).unwrap();
        self.run(&["-C", folder, "add", "--all"]);
        self.run(&["-C", folder, "commit", "--quiet", "-m", "Change a file"]);
        self.run(&["-C", folder, "push", "--quiet"]);
    }
}

fn with_each_git(test: impl Fn(&Git<'_>)) {
    assert!(
        find("git-lfs").is_some(),
        "git-lfs is not installed; run: cargo xtask test"
    );
    for program in gits() {
        let world = World::in_memory().signed_in();
        let git = Git {
            world: &world,
            program: &program,
        };
        git.run(&["lfs", "install", "--skip-repo"]);
        test(&git);
        let refused = world
            .sim
            .calls()
            .matching(|call| call.service == Service::Git && call.status == Some(403));
        assert_eq!(refused, [], "no password was refused");
        for (operation, expect) in [("lfs upload", 2), ("lfs verify", 2), ("lfs download", 2)] {
            let answered = world
                .sim
                .calls()
                .matching(|call| call.operation == operation && call.status == Some(200));
            assert_eq!(answered.len(), expect, "{operation}");
        }
        assert_eq!(world.count("GetSessionToken"), 1, "one code");
    }
}

/// The large file travels both ways; git itself carries a pointer to it.
fn travels(git: &Git<'_>, clone: &[&str], set: &[&str]) {
    let path = |name: &str| git.world.path(name).join("large.bin");
    git.run(&[&["clone", "--quiet"], clone, &["one"]].concat());
    for arguments in [&["lfs", "track", "*.bin"][..], set] {
        if !arguments.is_empty() {
            git.run(&[&["-C", "one"], arguments].concat());
        }
    }
    let first = noise(1);
    git.publish("one", &first);
    let pointer = git.run(&["-C", "one", "show", "HEAD:large.bin"]);
    assert!(pointer.starts_with("version https://git-lfs"), "{pointer}");

    git.run(&[&["clone", "--quiet"], clone, &["two"]].concat());
    assert!(fs::read(path("two")).unwrap() == first, "cloned");
    let second = noise(2);
    git.publish("one", &second);
    git.run(&["-C", "two", "pull", "--quiet"]);
    assert!(fs::read(path("two")).unwrap() == second, "fetched");
}

#[test]
fn large_files_travel_over_https() {
    with_each_git(|git| travels(git, &[blog::CLONE_URL], &[]));
}

#[test]
fn large_files_travel_beside_a_codecommit_url() {
    let in_repository = ["config", "--file", ".lfsconfig", "lfs.url", LFS_URL];
    with_each_git(|git| travels(git, &[CODECOMMIT_URL], &in_repository));
    let in_clone = format!("lfs.url={LFS_URL}");
    with_each_git(|git| travels(git, &["--config", &in_clone, CODECOMMIT_URL], &[]));
}

/// What git-lfs makes of the URL by itself is no address; the documentation says so.
#[test]
fn git_lfs_knows_no_codecommit_urls() {
    let world = World::in_memory().signed_in();
    for (url, endpoint) in [
        (CODECOMMIT_URL, "Endpoint=https://codecommit/"),
        (
            "codecommit::us-east-1://MyRepositoryContributor@myRepository",
            "Endpoint=codecommit::us-east-1://",
        ),
    ] {
        let folder = world.path("clone");
        world.git(&["clone", "--quiet", url, "clone"]).ok();
        world
            .git(&["-C", "clone", "lfs", "env"])
            .ok()
            .says(&[endpoint]);
        fs::remove_dir_all(folder).unwrap();
    }
}

/// Bytes that do not compress, from a linear congruential generator.
fn noise(seed: u64) -> Vec<u8> {
    let mut state = seed;
    let next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    };
    std::iter::repeat_with(next).take(SIZE).collect()
}
