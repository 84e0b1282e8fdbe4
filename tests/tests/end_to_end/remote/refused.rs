//! What a person reads when a `codecommit://` URL cannot be served.

use super::{URL, signed_in};
use crate::process::{Ran, gits, run};
use crate::world::World;
use holdfast_aws_sim::blog;
use std::fs;
use std::path::Path;

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
    for git in gits() {
        for (url, words) in [
            (
                URL,
                &[
                    "profile MyRepositoryContributor needs an MFA code; run: holdfast login MyRepositoryContributor",
                ][..],
            ),
            (
                "codecommit://MyRepositoryContributer@myRepository",
                &[
                    "there is no profile MyRepositoryContributer",
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
