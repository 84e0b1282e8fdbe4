//! Everything that git moves, over `codecommit://` URLs and over https, with every git of the machine.

use super::{URL_WITH_REGION, signed_in};
use crate::process::{Ran, gits, run};
use crate::world::World;
use holdfast_aws_sim::{Service, blog};
use std::fs;
use std::path::Path;

/// One git on a machine that is signed in, and the URL by which it reaches the repository.
struct Git<'a> {
    world: &'a World,
    program: &'a Path,
    url: &'a str,
}

impl Git<'_> {
    #[track_caller]
    fn try_run(&self, arguments: &[&str]) -> Ran {
        run(self.world.command(self.program).args(arguments))
    }

    #[track_caller]
    fn run(&self, arguments: &[&str]) -> String {
        self.try_run(arguments).ok().out.trim().to_owned()
    }

    #[track_caller]
    fn commit(&self, folder: &str, file: &str, content: &[u8]) {
        fs::write(self.world.path(folder).join(file), content).unwrap();
        self.run(&["-C", folder, "add", file]);
        self.run(&["-C", folder, "commit", "--quiet", "-m", "Change a file"]);
    }
}

/// Calls `test` with each git of this machine and each form of URL, on a machine of its own.
fn with_each_git(test: impl Fn(&Git<'_>)) {
    let forms = [URL_WITH_REGION, blog::CLONE_URL];
    for (program, url) in gits()
        .iter()
        .flat_map(|program| forms.map(|url| (program, url)))
    {
        let world = signed_in();
        // The remote helper needs nothing of what this writes.
        if url == blog::CLONE_URL {
            world.git_setup();
        }
        test(&Git {
            world: &world,
            program,
            url,
        });
        let refused = world
            .sim
            .calls()
            .matching(|call| call.service == Service::Git && call.status == Some(403));
        assert_eq!(refused, [], "no password was refused");
        assert_eq!(world.count("GetSessionToken"), 1, "one code");
    }
}

#[test]
fn clone_commit_push_fetch() {
    with_each_git(|git| {
        git.run(&["clone", "--quiet", git.url, "one"]);
        git.run(&["clone", "--quiet", git.url, "two"]);
        git.commit("one", "new.txt", b"new");
        git.run(&["-C", "one", "push", "--quiet"]);
        git.run(&["-C", "two", "fetch", "--quiet"]);
        git.run(&["-C", "two", "merge", "--quiet", "--ff-only", "FETCH_HEAD"]);
        assert!(git.world.path("two/new.txt").is_file());
        let stored = git.run(&["-C", "one", "config", "remote.origin.url"]);
        assert_eq!(stored, git.url, "the remote keeps its URL");
    });
}

#[test]
fn a_push_over_one_mebibyte_goes_in_chunks() {
    with_each_git(|git| {
        git.run(&["clone", "--quiet", git.url, "one"]);
        let content = noise(3 << 20);
        git.commit("one", "large.bin", &content);
        git.run(&["-C", "one", "push", "--quiet"]);
        let posts = git.world.count("git-receive-pack");
        assert!(posts >= 2, "git asks before it sends in chunks: {posts}");
        git.run(&["clone", "--quiet", git.url, "two"]);
        assert_eq!(fs::read(git.world.path("two/large.bin")).unwrap(), content);
    });
}

#[test]
fn shallow_and_partial_clones_fetch_the_rest_later() {
    with_each_git(|git| {
        let served = git
            .world
            .sim
            .repository_folder(blog::ACCOUNT_B, blog::REGION, blog::REPOSITORY)
            .unwrap();
        let served = served.to_str().unwrap();
        git.run(&["-C", served, "config", "uploadpack.allowFilter", "true"]);
        git.run(&[
            "-C",
            served,
            "config",
            "uploadpack.allowAnySHA1InWant",
            "true",
        ]);

        git.run(&["clone", "--quiet", "--depth", "1", git.url, "shallow"]);
        let count = |folder| git.run(&["-C", folder, "rev-list", "--count", "HEAD"]);
        assert_eq!(count("shallow"), "1");
        git.run(&["-C", "shallow", "fetch", "--quiet", "--unshallow"]);
        assert_ne!(count("shallow"), "1");

        git.run(&[
            "clone",
            "--quiet",
            "--filter=blob:none",
            "--no-checkout",
            git.url,
            "partial",
        ]);
        let missing = || {
            let listed = git.run(&[
                "-C",
                "partial",
                "rev-list",
                "--objects",
                "--missing=print",
                "HEAD",
            ]);
            listed.lines().filter(|line| line.starts_with('?')).count()
        };
        let before = missing();
        assert!(before > 0, "the server left blobs out");
        git.run(&["-C", "partial", "checkout", "--quiet"]);
        assert!(missing() < before);
    });
}

#[test]
fn branches_travel_in_bundles_and_together() {
    with_each_git(|git| {
        git.run(&["clone", "--quiet", git.url, "one"]);
        for number in 0..20 {
            git.run(&["-C", "one", "branch", &format!("topic/{number}")]);
        }
        git.run(&["-C", "one", "push", "--quiet", "--all"]);
        git.run(&[
            "-C",
            "one",
            "bundle",
            "create",
            "--quiet",
            "../all.bundle",
            "--all",
        ]);
        git.run(&["clone", "--quiet", "all.bundle", "two"]);
        git.run(&["-C", "two", "remote", "set-url", "origin", git.url]);
        git.run(&["-C", "two", "fetch", "--quiet"]);
        git.run(&[
            "-C", "two", "push", "--quiet", "origin", "--delete", "topic/0", "topic/1",
        ]);
        let heads = git.run(&["ls-remote", "--heads", git.url]);
        assert_eq!(heads.matches("refs/heads/topic/").count(), 18, "{heads}");
    });
}

#[test]
fn ls_remote_takes_two_requests_where_git_can() {
    with_each_git(|git| {
        let requests = || git.world.sim.calls().count_of(Service::Git);
        let before = requests();
        git.run(&["ls-remote", git.url]);
        let requests = requests() - before;
        let version = git.run(&["version"]);
        let minor: u32 = version.split('.').nth(1).unwrap().parse().unwrap();
        // Git 2.46 and later send the password with the first request.
        let most = if minor >= 46 { 2 } else { 3 };
        assert!(requests <= most, "{requests} requests of {version}");
    });
}

#[test]
fn git_s_failure_is_passed_on() {
    with_each_git(|git| {
        let absent = git.url.replace("myRepository", "absent");
        let ran = git.try_run(&["ls-remote", &absent]).failed();
        ran.says(&["absent"]).never_says(&["Username", "panicked"]);
        git.run(&["clone", "--quiet", git.url, "one"]);
        git.commit("one", "new.txt", b"new");
        git.run(&["-C", "one", "push", "--quiet"]);
        git.run(&["-C", "one", "reset", "--quiet", "--hard", "HEAD~1"]);
        git.commit("one", "other.txt", b"other");
        git.try_run(&["-C", "one", "push"])
            .exits(1)
            .says(&["rejected"]);
    });
}

/// Bytes that do not compress, from a linear congruential generator.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    };
    std::iter::repeat_with(next).take(length).collect()
}
