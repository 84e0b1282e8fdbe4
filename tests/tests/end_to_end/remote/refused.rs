//! What a person reads when a `codecommit://` URL cannot be served.

use super::{URL, signed_in};
use crate::process::{Ran, gits, run};
use crate::world::World;
use holdfast_aws_sim::blog;
use std::fs;
use std::path::Path;

/// The end of each line about a URL that cannot be.
const FORMS: &str =
    "; write codecommit://PROFILE@REPOSITORY or codecommit::REGION://PROFILE@REPOSITORY";

/// One line of ours, with these words, and no question for a user name.
#[track_caller]
fn told(ran: Ran, words: &[&str]) {
    let ran = ran
        .failed()
        .says(words)
        .never_says(&["Username", "panicked"]);
    assert_eq!(ran.helper_lines().len(), 1, "{ran}");
}

fn ls_remote(world: &World, git: &Path, url: &str) -> Ran {
    run(world.command(git).args(["ls-remote", url]))
}

#[test]
fn each_reason_is_one_line_with_what_to_do() {
    let world = World::in_memory();
    world.append(".aws/config", "\n[profile nowhere]\nrole_arn = arn:aws:iam::222233334444:role/R\nsource_profile = FetchMfaCredentials\n");
    let too_long = format!("codecommit://p@{}", "a".repeat(101));
    for git in gits() {
        for (url, words) in [
            (
                URL,
                &[
                    "repository myRepository in us-east-1: profile MyRepositoryContributor needs an MFA code; \
                     run: holdfast login MyRepositoryContributor",
                ][..],
            ),
            (
                "codecommit://MyRepositoryContributer@myRepository",
                &[
                    "repository myRepository: there is no profile MyRepositoryContributer",
                    "; run: holdfast profiles",
                ][..],
            ),
            (
                "codecommit://nowhere@myRepository",
                &[
                    "profile nowhere has no region, so that repository myRepository cannot be found",
                    "codecommit::REGION://",
                ][..],
            ),
            (
                "codecommit://",
                &["repository", "codecommit::REGION://PROFILE@REPOSITORY"][..],
            ),
            (
                "codecommit::eu-west://p@R",
                &["region", "codecommit::REGION://PROFILE@REPOSITORY"][..],
            ),
            (
                "codecommit://p@a%20b",
                &["repository", "codecommit://PROFILE@REPOSITORY"][..],
            ),
            ("codecommit://p@a b", &["repository", FORMS][..]),
            ("codecommit://p@", &["repository", FORMS][..]),
            ("codecommit://p@..", &["repository", FORMS][..]),
            ("codecommit://p@../R", &["repository", FORMS][..]),
            ("codecommit://p@R/folder", &["repository", FORMS][..]),
            (&too_long, &["repository", FORMS][..]),
            ("codecommit:///R", &["repository", FORMS][..]),
            ("codecommit::://R", &["malformed", FORMS][..]),
            ("codecommit::us-east-1//p@R", &[FORMS][..]),
        ] {
            told(ls_remote(&world, &git, url), words);
        }
    }
    world.holdfast(&["lock"]).ok();
    told(
        world.git(&["ls-remote", URL]),
        &["Holdfast is locked; run: holdfast unlock"],
    );
    assert_eq!(world.count("GetSessionToken"), 0);
}

#[test]
fn the_agent_is_started_when_it_does_not_run() {
    let world = super::without_mfa();
    let url = "codecommit://dev%40example.com@myRepository";
    for git in gits() {
        assert_eq!(world.agent_pid(), None);
        ls_remote(&world, &git, url).ok().says(&["refs/heads/main"]);
        assert!(world.agent_pid().is_some());
        world.holdfast(&["agent", "stop"]).ok();
    }
}

#[test]
fn no_other_helper_is_asked_or_told() {
    let world = signed_in();
    let note = "!f() { cat >/dev/null; echo $1 >>\"$HOME/others\"; }; f";
    for git in gits() {
        run(world
            .command(&git)
            .args(["config", "--global", "credential.helper", note]))
        .ok();
        let scoped = format!("credential.{}.helper", blog::CLONE_URL);
        run(world
            .command(&git)
            .args(["config", "--global", &scoped, note]))
        .ok();
        let mut command = world.command(&git);
        command
            .env("GIT_CONFIG_COUNT", "1")
            .env("GIT_CONFIG_KEY_0", "credential.helper")
            .env("GIT_CONFIG_VALUE_0", note)
            .args(["-c", &format!("credential.helper={note}"), "ls-remote", URL]);
        run(&mut command).ok();
        assert_eq!(fs::read_to_string(world.path("others")).ok(), None);
        // They are there: without a codecommit URL they are asked.
        let fill = run(world
            .command(&git)
            .args(["ls-remote", blog::CLONE_URL])
            .env("GIT_TERMINAL_PROMPT", "0"));
        fill.failed();
        let told = fs::read_to_string(world.path("others")).unwrap();
        assert!(told.contains("get"), "{told}");
        fs::remove_file(world.path("others")).unwrap();
    }
}

/// Git says it, with the URL that has region and repository in it, and nothing of ours is in the way.
#[test]
fn a_repository_that_does_not_exist_is_said_to_be_missing() {
    let world = signed_in();
    world.git_setup();
    let https = "https://git-codecommit.us-east-1.amazonaws.com/v1/repos";
    for git in gits() {
        for (url, host, repository) in [
            (
                URL.replace("myRepository", "absent"),
                "git-codecommit.us-east-1.",
                "absent",
            ),
            (
                format!("{https}/absent"),
                "git-codecommit.us-east-1.",
                "absent",
            ),
            (
                "codecommit::eu-west-9://MyRepositoryContributor@myRepository".to_owned(),
                "git-codecommit.eu-west-9.",
                "myRepository",
            ),
        ] {
            let ran = ls_remote(&world, &git, &url);
            let said = format!("https://{host}amazonaws.com/v1/repos/{repository}/");
            ran.failed()
                .says(&["fatal: ", &said])
                .never_says(&["Username", "panicked"]);
        }
    }
}
