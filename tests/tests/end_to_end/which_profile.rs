//! Which profile opens a repository: real git waits for the choice, and does not ask again.

use crate::desk::{Desk, connect};
use crate::process::{Started, start};
use crate::world::World;
use holdfast_agent_proto::view::{ProfileChoiceView, PromptView};
use holdfast_agent_proto::{Reply, Request};
use holdfast_aws_sim::blog;
use holdfast_testkit::wait_until;
use std::process::Stdio;

/// A second profile of the same Region, with the same session behind it.
const OTHER: &str = "other";

/// Somebody who has signed in, with two profiles for the repository.
fn world() -> World {
    let world = World::in_memory().signed_in();
    let text = format!(
        "\n[profile {OTHER}]\nrole_arn = {}\nsource_profile = {}\nmfa_serial = {}\nregion = {}\n",
        blog::ROLE_ARN,
        blog::KEY_PROFILE,
        blog::MFA_SERIAL,
        blog::REGION,
    );
    world.append(".aws/config", &text);
    world
}

fn clone(world: &World, folder: &str) -> Started {
    let mut git = world.command("git");
    start(
        git.args(["clone", "--quiet", blog::CLONE_URL, folder])
            .stdin(Stdio::null()),
    )
}

fn choice(mut prompt: PromptView) -> (PromptView, ProfileChoiceView) {
    let choice = prompt.choice.take().expect("it is a choice");
    (prompt, *choice)
}

fn choose(world: &World, prompt: u64, profile: &str, remember: bool) {
    let request = Request::ChooseProfile {
        prompt,
        profile: profile.to_owned(),
        remember,
    };
    assert!(matches!(connect(world).request(request), Ok(Reply::Done)));
}

/// The last that git was given a password of is this profile.
fn served(world: &World, profile: &str) {
    wait_until("the password is noted", || {
        let Ok(Reply::Status(status)) = connect(world).request(Request::Status) else {
            return false;
        };
        let last = status.recent.repositories.first();
        last.is_some_and(|it| it.profile == profile)
    });
}

#[test]
fn a_clone_waits_for_the_choice_and_the_next_does_not() {
    let world = world();
    let mut desk = Desk::at(&world);
    let git = clone(&world, "work");
    let (prompt, choice) = choice(desk.opened());
    assert_eq!(prompt.asked_by[0].program, "git clone");
    assert!(!prompt.interactive, "there is no terminal");
    assert_eq!(
        (choice.repository.as_str(), choice.region.as_str()),
        (blog::REPOSITORY, blog::REGION)
    );
    let names: Vec<&str> = choice
        .candidates
        .iter()
        .map(|it| it.profile.as_str())
        .collect();
    assert_eq!(names, [blog::ROLE_PROFILE, OTHER]);
    assert_eq!(
        choice.candidates[0].account_id.as_deref(),
        Some(blog::ACCOUNT_B)
    );
    choose(&world, prompt.id, OTHER, true);
    desk.closed(prompt.id);
    git.end().ok();
    served(&world, OTHER);
    // What is remembered counts before AWS_PROFILE.
    let world = world.with("AWS_PROFILE", blog::KEY_PROFILE);
    world.git(&["-C", "work", "fetch"]).ok();
    served(&world, OTHER);
    desk.saw_no_other();
}

#[test]
fn git_use_says_it_before_anybody_is_asked() {
    let world = world();
    let refused = world.git(&["ls-remote", blog::CLONE_URL]).failed();
    let command = format!("; run: holdfast git use PROFILE --url {}", blog::CLONE_URL);
    refused.says(&["several profiles fit", OTHER, &command]);
    world
        .holdfast(&["git", "use", OTHER, "--url", blog::CLONE_URL])
        .ok()
        .says(&["is opened by profile other"]);
    world
        .git(&["clone", "--quiet", blog::CLONE_URL, "work"])
        .ok();

    let here = |arguments: &[&str]| {
        let mut holdfast = world.command(crate::world::program("holdfast"));
        crate::process::run(holdfast.args(arguments).current_dir(world.path("work")))
    };
    here(&["git", "use"])
        .ok()
        .says(&["origin", "profile other, remembered"]);
    here(&["git", "status"])
        .ok()
        .says(&["origin is opened by profile other"]);
    here(&["git", "use", blog::ROLE_PROFILE, "--yes"])
        .ok()
        .says(&["alias", "mfa"]);
    let alias = world.git(&["-C", "work", "config", "alias.mfa"]).ok();
    assert_eq!(
        alias.out.trim(),
        format!("!holdfast login {}", blog::ROLE_PROFILE)
    );
    world.git(&["-C", "work", "fetch"]).ok();
    served(&world, blog::ROLE_PROFILE);
    here(&["git", "use", "--forget"])
        .ok()
        .says(&["Nothing is remembered"]);
    here(&["git", "use"]).ok().says(&["nothing is remembered"]);
    here(&["git", "use", "nobody"]).failed().says(&["nobody"]);
    world
        .git(&["-C", "work", "fetch"])
        .failed()
        .says(&["several profiles fit"]);
}

#[test]
fn a_url_that_names_neither_region_nor_profile_goes_by_what_git_use_said() {
    let world = world();
    world.git(&["init", "--quiet", "work"]).ok();
    let url = format!("codecommit://{}", blog::REPOSITORY);
    world
        .git(&["-C", "work", "remote", "add", "origin", &url])
        .ok();
    let here = |arguments: &[&str]| {
        let mut holdfast = world.command(crate::world::program("holdfast"));
        crate::process::run(holdfast.args(arguments).current_dir(world.path("work")))
    };
    here(&["git", "use"]).ok().says(&["nothing is remembered"]);
    let refused = world.git(&["-C", "work", "fetch"]).failed();
    refused.says(&["no region is named", blog::REPOSITORY]);
    here(&["git", "use", OTHER]).ok().says(&["profile other"]);
    here(&["git", "use"])
        .ok()
        .says(&["profile other, remembered"]);
    world.git(&["-C", "work", "fetch"]).ok();
    served(&world, OTHER);
    here(&["git", "use", "--forget"]).ok();
    world.git(&["-C", "work", "fetch"]).failed();
}

#[test]
fn git_that_gives_up_takes_the_choice_away() {
    let world = world();
    let mut desk = Desk::at(&world);
    let mut helper = world.command(crate::world::program("git-credential-holdfast"));
    let mut helper = start(helper.arg("get").stdin(Stdio::piped()));
    let mut input = helper.child.stdin.take().unwrap();
    std::io::Write::write_all(&mut input, crate::world::GET.as_bytes()).unwrap();
    drop(input);
    let (prompt, _) = choice(desk.opened());
    helper.child.kill().unwrap();
    desk.closed(prompt.id);
    helper.end().failed();
    let git = clone(&world, "work");
    let (again, _) = choice(desk.opened());
    desk.decline(again.id);
    desk.closed(again.id);
    git.end()
        .failed()
        .says(&["was declined", "holdfast git use PROFILE"]);
    clone(&world, "work").end().failed().says(&["was declined"]);
    desk.saw_no_other();
}
