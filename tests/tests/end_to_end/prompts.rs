//! The prompt for a code: one for all who wait, answered, declined or ignored.

use crate::desk::Desk;
use crate::process::{Started, start};
use crate::world::{GET, World, program};
use holdfast_agent_proto::ErrorCode;
use holdfast_aws_sim::blog;
use std::io::Write;
use std::process::Stdio;

fn clone(world: &World, folder: &str) -> Started {
    let mut git = world.command("git");
    start(
        git.args(["clone", "--quiet", blog::CLONE_URL, folder])
            .stdin(Stdio::null()),
    )
}

#[test]
fn two_clones_wait_for_one_prompt() {
    let world = World::in_memory();
    world.git_setup();
    let mut desk = Desk::at(&world);
    let first = clone(&world, "first");
    let prompt = desk.opened();
    assert_eq!(prompt.serial, blog::MFA_SERIAL);
    assert_eq!(prompt.profiles, [blog::KEY_PROFILE, blog::ROLE_PROFILE]);
    assert!(prompt.asked_by[0].program == "git clone", "{prompt:?}");
    assert!(!prompt.interactive, "there is no terminal");

    let line = format!("git clone --quiet {} second", blog::CLONE_URL);
    let second = start(world.on_terminal(&line).stdin(Stdio::null()));
    desk.changed(|prompt| prompt.interactive);
    assert_eq!(desk.answer(prompt.id, &world.code()), Ok(()));
    desk.closed(prompt.id);
    first.end().ok();
    second.end().ok();
    desk.saw_no_other();
    assert_eq!(world.count("GetSessionToken"), 1);
    assert_eq!(world.count("AssumeRole"), 1);
}

#[test]
fn a_wrong_code_leaves_the_prompt_open() {
    let world = World::in_memory();
    world.git_setup();
    let mut desk = Desk::at(&world);
    let git = clone(&world, "work");
    let prompt = desk.opened();
    let wrong = world.sim.wrong_code(blog::MFA_SERIAL).unwrap();
    assert_eq!(desk.answer(prompt.id, &wrong), Err(ErrorCode::WrongCode));
    let changed = desk.changed(|prompt| prompt.error.is_some());
    assert_eq!(changed.id, prompt.id);
    assert_eq!(changed.error.unwrap().code, ErrorCode::WrongCode);

    // The same code again is not sent again.
    let sent = world.count("GetSessionToken");
    assert_eq!(desk.answer(prompt.id, &wrong), Err(ErrorCode::CodeUsed));
    let changed = desk.changed(|prompt| prompt.next_code_at.is_some());
    let now = jiff::Timestamp::now().as_second();
    let wait = changed.next_code_at.unwrap() - now;
    assert!((0..=60).contains(&wait), "{wait}");
    assert_eq!(world.count("GetSessionToken"), sent);

    assert_eq!(desk.answer(prompt.id, &world.code()), Ok(()));
    git.end().ok();
}

#[test]
fn a_declined_prompt_ends_git_at_once_and_is_remembered() {
    let world = World::in_memory();
    world.git_setup();
    let mut desk = Desk::at(&world);
    let first = clone(&world, "first");
    let prompt = desk.opened();
    desk.decline(prompt.id);
    desk.closed(prompt.id);
    let refused = first.end().failed();
    let refused = refused
        .says(&[
            "holdfast: ",
            "was declined",
            "; run: holdfast login MyRepositoryContributor",
        ])
        .never_says(&["Username"]);
    assert_eq!(refused.helper_lines().len(), 1, "{refused}");

    let again = world.helper_get().ok();
    assert_eq!(again.out, "quit=1\n");
    clone(&world, "second")
        .end()
        .failed()
        .says(&["was declined"]);
    desk.saw_no_other();
    // A person who changes their mind is not held to it.
    world.login().ok();
    clone(&world, "third").end().ok();
}

#[test]
fn an_ignored_prompt_ends_with_the_callers_patience() {
    let world = World::in_memory().with("HOLDFAST_PROMPT_TIMEOUT", "2");
    world.git_setup();
    let mut desk = Desk::at(&world);
    let git = clone(&world, "work");
    let prompt = desk.opened();
    let refused = git.end().failed();
    let refused = refused.says(&[
        "nobody entered the MFA code for profile MyRepositoryContributor in time",
        "; run: holdfast login MyRepositoryContributor",
    ]);
    assert_eq!(refused.helper_lines().len(), 1, "{refused}");
    desk.closed(prompt.id);
    // Background programs that come soon after do not bring it back.
    clone(&world, "again").end().failed();
    desk.saw_no_other();
}

#[test]
fn a_prompt_closes_when_nobody_waits_any_more() {
    let world = World::in_memory();
    let mut desk = Desk::at(&world);
    let mut helper = world.command(program("git-credential-holdfast"));
    let mut helper = start(helper.arg("get").stdin(Stdio::piped()));
    helper
        .child
        .stdin
        .as_mut()
        .unwrap()
        .write_all(GET.as_bytes())
        .unwrap();
    let prompt = desk.opened();
    helper.child.kill().unwrap();
    desk.closed(prompt.id);
    helper.end().failed();
}

#[test]
fn a_code_typed_elsewhere_answers_the_prompt() {
    let world = World::in_memory();
    world.git_setup();
    let mut desk = Desk::at(&world);
    let git = clone(&world, "work");
    let prompt = desk.opened();
    world.login().ok();
    desk.closed(prompt.id);
    git.end().ok();
    assert_eq!(world.count("GetSessionToken"), 1);
}

#[test]
fn whoever_forbids_prompts_gets_none() {
    let world = World::in_memory();
    world.git_setup();
    let mut desk = Desk::at(&world);
    world
        .holdfast(&["credential-process", "--profile", blog::ROLE_PROFILE])
        .exits(3);
    let mut git = world.command("git");
    git.env("HOLDFAST_PROMPT_TIMEOUT", "0")
        .args(["ls-remote", blog::CLONE_URL]);
    crate::process::run(&mut git)
        .failed()
        .says(&["needs an MFA code"]);
    desk.saw_no_other();
}

#[test]
fn a_desk_that_goes_away_leaves_nobody_waiting() {
    let world = World::in_memory();
    world.git_setup();
    let mut desk = Desk::at(&world);
    let git = clone(&world, "work");
    desk.opened();
    drop(desk);
    git.end().failed().says(&[
        "needs an MFA code",
        "; run: holdfast login MyRepositoryContributor",
    ]);
}
