//! No secret stands in the arguments or the environment of any process while git works.

use super::{URL, signed_in};
use crate::process::{gits, run};
use crate::secrets::{sentinels, watched};
use holdfast_aws_sim::blog;
use std::fs;

#[test]
fn neither_arguments_nor_environment_hold_a_secret() {
    for git in gits() {
        let world = signed_in();
        let ((), hits, looks) = watched(&world.sim, || {
            let git = |arguments: &[&str]| run(world.command(&git).args(arguments)).ok();
            git(&["clone", "--quiet", URL, "work"]);
            fs::write(world.path("work/new.txt"), "new").unwrap();
            git(&["-C", "work", "add", "new.txt"]);
            git(&["-C", "work", "commit", "--quiet", "-m", "Add a file"]);
            git(&["-C", "work", "push", "--quiet"]);
            git(&["-C", "work", "fetch", "--quiet"]);
        });
        assert_eq!(hits, [], "in arguments or environments");
        assert!(looks > 2, "only {looks} looks");
        let kept = sentinels(&world.sim).scan_tree(&world.path("work"));
        assert_eq!(kept, [], "in the clone");
    }
}

/// What other remote helpers do, and what the search therefore has to find.
#[test]
fn a_session_token_in_the_url_is_found() {
    let world = signed_in();
    let shown = world.holdfast(&["env", blog::ROLE_PROFILE]).ok().out;
    let mut lines = shown.lines();
    let token = lines.find_map(|line| line.split_once("AWS_SESSION_TOKEN="));
    let token: String = token
        .unwrap()
        .1
        .trim_matches('\'')
        .bytes()
        .map(|byte| match byte {
            b if b.is_ascii_alphanumeric() => char::from(b).to_string(),
            b => format!("%{b:02X}"),
        })
        .collect();
    let url = blog::CLONE_URL.replace("https://", &format!("https://ASIA%25{token}:x@"));
    let ((), hits, _) = watched(&world.sim, || {
        for _ in 0..20 {
            world.git(&["ls-remote", &url]).failed();
        }
    });
    let seen = |hit: &holdfast_testkit::Hit| {
        hit.secret == "session token" && hit.place.ends_with("/cmdline")
    };
    assert!(hits.iter().any(seen), "git's arguments were not seen");
}
