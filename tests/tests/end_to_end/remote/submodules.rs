//! Submodules with `codecommit://` URLs, which git fetches only where the person allowed the protocol.

use super::{URL, signed_in};
use crate::process::{gits, run};
use crate::world::World;
use holdfast_aws_sim::{Account, Repository, Scenario, Service, User, allow, blog};

#[test]
fn submodules_need_the_protocol_to_be_allowed() {
    for program in gits() {
        let world = signed_in();
        let try_git = |arguments: &[&str]| run(world.command(&program).args(arguments));
        let git = |arguments: &[&str]| try_git(arguments).ok();
        const ALLOW: [&str; 2] = ["-c", "protocol.codecommit.allow=always"];

        git(&["init", "--quiet", "super"]);
        let add = ["-C", "super", "submodule", "--quiet", "add", URL, "part"];
        git(&[&ALLOW[..], &add].concat());
        git(&["-C", "super", "commit", "--quiet", "-m", "Add a submodule"]);

        git(&["clone", "--quiet", "super", "refused"]);
        let update = ["submodule", "--quiet", "update", "--init"];
        let ran = try_git(&[&["-C", "refused"], &update[..]].concat());
        ran.failed().says(&["transport 'codecommit' not allowed"]);
        let advice = "git config --global protocol.codecommit.allow always";
        world.holdfast(&["git", "status"]).ok().says(&[advice]);

        let command: Vec<&str> = advice.split(' ').skip(1).collect();
        git(&command);
        git(&[&["-C", "refused"], &update[..]].concat());
        assert!(world.path("refused/part/.git").exists());
        world
            .holdfast(&["git", "status"])
            .ok()
            .never_says(&[advice]);
    }
}

/// A user and a repository in each of two accounts, and nobody reaches the other's.
fn two_accounts() -> World {
    let account = |id: &str, user: &str, repository: &str| {
        let policy = allow(&["codecommit:*"], &["*"]);
        Account::new(id)
            .user(User::new(user).access_key().policy(policy))
            .repository(Repository::new(blog::REGION, repository).commits(1))
    };
    let scenario = Scenario::new()
        .account(account(blog::ACCOUNT_A, "Dev", "whole"))
        .account(account(blog::ACCOUNT_B, "Ops", "part"))
        .config("[profile dev]\nregion = us-east-1\n[profile ops]\nregion = us-east-1\n")
        .key_profile("dev", "Dev")
        .key_profile("ops", "Ops");
    World::of(scenario)
}

#[test]
fn each_submodule_has_the_profile_of_its_own_account() {
    let (whole, part) = ("codecommit://dev@whole", "codecommit://ops@part");
    for program in gits() {
        let world = two_accounts();
        let git = |arguments: &[&str]| run(world.command(&program).args(arguments)).ok();
        git(&["config", "--global", "protocol.codecommit.allow", "always"]);
        git(&["clone", "--quiet", whole, "one"]);
        git(&["-C", "one", "submodule", "--quiet", "add", part, "part"]);
        git(&["-C", "one", "commit", "--quiet", "-m", "Add a submodule"]);
        git(&["-C", "one", "push", "--quiet"]);
        git(&["clone", "--quiet", "--recurse-submodules", whole, "two"]);
        assert!(world.path("two/part/README.md").is_file(), "{whole}");
        let refused = world
            .sim
            .calls()
            .matching(|call| call.service == Service::Git && call.status == Some(403));
        assert_eq!(refused, [], "no password was refused");
    }
}
