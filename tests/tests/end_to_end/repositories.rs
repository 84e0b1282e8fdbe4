//! Repositories listed over profiles and Regions, and a new one from its name to the first push.

use crate::process::run;
use crate::world::World;
use holdfast_aws_sim::{Fault, Rule, blog};
use std::fs;

#[test]
fn a_new_repository_is_cloned_and_pushed_to() {
    let world = World::in_memory().signed_in();
    let create = [
        "create-repo",
        blog::ROLE_PROFILE,
        "a-new-one",
        "--description",
        "Made by hand",
    ];
    let made = world.holdfast(&create).ok();
    let made = made.says(&["Created a-new-one in us-east-1 of account 222233334444"]);
    let command = made.out.lines().last().unwrap().to_owned();
    assert_eq!(
        command,
        format!(
            "git clone codecommit::us-east-1://{}@a-new-one",
            blog::ROLE_PROFILE
        )
    );
    let mut shell = world.command("sh");
    run(shell.args(["-c", &format!("{command} work")])).ok();
    fs::write(world.path("work/README.md"), "# New\n").unwrap();
    let git = |arguments: &[&str]| {
        let mut git = world.command("git");
        run(git.arg("-C").arg("work").args(arguments)).ok()
    };
    git(&["add", "README.md"]);
    git(&["commit", "--quiet", "-m", "Begin"]);
    git(&["push", "--quiet", "origin", "HEAD:refs/heads/main"]);
    let listed = world
        .holdfast(&["repos", blog::ROLE_PROFILE, "--search", "hand"])
        .ok();
    let listed = listed.says(&["a-new-one", "main", "Made by hand"]);
    listed.never_says(&[blog::REPOSITORY]);
    world.holdfast(&create).exits(1).says(&[
        "there is a repository a-new-one in us-east-1 already",
        "hint: choose another name",
    ]);
    let activity = world.holdfast(&["activity"]).ok();
    let row = |start: &str| {
        let mut rows = activity.out.lines();
        rows.find(|row| row.contains(start)).unwrap_or_default()
    };
    for (what, note) in [("repository created", ""), ("refused", "already")] {
        let row = row(what);
        for words in [blog::ROLE_PROFILE, "a-new-one", note] {
            assert!(row.contains(words), "{}", activity.out);
        }
    }
}

#[test]
fn what_one_profile_or_region_does_not_give_does_not_hide_the_rest() {
    let world = World::in_memory().signed_in();
    let ran = world.holdfast(&["repos", "--all"]).ok();
    let ran = ran.says(&["MyRepositoryContributor  us-east-1  myRepository"]);
    assert!(
        ran.err
            .contains("may not perform codecommit:ListRepositories"),
        "{}",
        ran.err
    );
    let regions = [
        "repos",
        blog::ROLE_PROFILE,
        "--region",
        "us-east-1",
        "--region",
        "not a region",
    ];
    let ran = world.holdfast(&regions).ok().says(&["myRepository"]);
    assert!(
        ran.err.contains("is not a name that AWS gives"),
        "{}",
        ran.err
    );
    let nobody = world.holdfast(&["repos", "nobody"]).exits(2);
    nobody.says(&["nobody", "hint: holdfast profiles"]);
}

#[test]
fn who_is_asked_to_slow_down_waits_and_gets_the_list() {
    let world = World::in_memory().signed_in();
    // More often than one call is tried again.
    let rule = Rule::new(Fault::throttling()).operation("ListRepositories");
    world.sim.faults().add(rule.times(4));
    let listed = world.holdfast(&["repos", blog::ROLE_PROFILE]).ok();
    listed.says(&[blog::REPOSITORY]);
}
