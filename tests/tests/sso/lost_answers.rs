//! A refresh whose answer is lost, at every step: at most one new sign-in, and never a loop.

use crate::person::Person;
use crate::world::World;
use holdfast_aws_sim::{Fault, RefreshTokens, Rule, Scenario, sso};
use holdfast_testkit::wait_until;
use std::time::Duration;

/// Longer than a token lasts, and shorter than the session at the portal.
const LATER: Duration = Duration::from_secs(2 * 3600);

fn refresh(fault: Fault) -> Rule {
    Rule::new(fault)
        .operation("CreateToken")
        .resource("refresh_token")
}

/// Asks for the profile until it is served, signing in where that is what is said; says how many sign-ins that took.
/// Between the tries time passes, so that nobody is made to wait for the agent to try again.
fn sign_ins_until_served(person: &mut Person) -> usize {
    let mut sign_ins = 0;
    wait_until("the profile is served", || {
        let ran = person.credentials(sso::DEV_PROFILE);
        if !ran.is_ok() && ran.err.contains("holdfast login") {
            person.sign_in(sso::DEV_PROFILE);
            sign_ins += 1;
        }
        if !ran.is_ok() {
            person.wait(RETRY);
        }
        ran.is_ok()
    });
    sign_ins
}

/// Longer than the agent waits before it tries a call again.
const RETRY: Duration = Duration::from_secs(40);

/// Most tokens that may be asked for until it is clear how things are.
const MOST_REFRESHES: usize = 6;

/// The answer is lost so often; AWS treats used refresh tokens so; at most this many sign-ins follow.
fn check(fault: &Fault, times: u32, reuse: RefreshTokens, most: usize) {
    let mut person = Person::new().with_clock();
    person
        .portal()
        .set_policy(|policy| policy.refresh_tokens = reuse);
    person.sign_in(sso::DEV_PROFILE);
    person.wait(LATER);
    person.sim.faults().add(refresh(fault.clone()).times(times));
    let sign_ins = sign_ins_until_served(&mut person);
    let case = format!("{} × {times}, {reuse:?}", fault.name());
    assert!(sign_ins <= most, "{sign_ins} sign-ins: {case}");
    let refreshes = person.grants("refresh_token");
    assert!(refreshes <= MOST_REFRESHES, "{refreshes} refreshes: {case}");
    // What has come of it holds.
    person.credentials(sso::READ_PROFILE).ok();
    person.wait(LATER);
    person.credentials(sso::DEV_PROFILE).ok();
    assert_eq!(person.opened().len(), 1 + sign_ins, "{case}");
}

#[test]
fn a_request_that_never_arrived_is_made_again() {
    for reuse in [
        RefreshTokens::Rotate,
        RefreshTokens::RotateWithGrace,
        RefreshTokens::Keep,
    ] {
        check(&Fault::Reset, 1, reuse, 0);
    }
}

#[test]
fn an_answer_that_is_lost_where_used_tokens_stay_good_costs_nothing() {
    for reuse in [RefreshTokens::RotateWithGrace, RefreshTokens::Keep] {
        for fault in [Fault::LostAnswer, Fault::Truncate] {
            check(&fault, 1, reuse, 0);
        }
    }
}

#[test]
fn an_answer_that_is_lost_where_used_tokens_are_refused_costs_one_sign_in() {
    for fault in [Fault::LostAnswer, Fault::Truncate] {
        check(&fault, 1, RefreshTokens::Rotate, 1);
    }
}

#[test]
fn a_service_that_fails_for_a_while_signs_nobody_out() {
    let error = Fault::error(500, "InternalServerException", "An error occurred.");
    check(&error, 2, RefreshTokens::Rotate, 0);
    let busy = Fault::error(429, "TooManyRequestsException", "Slow down.");
    check(&busy, 2, RefreshTokens::Rotate, 0);
}

/// The agent is killed while a refresh is under way, after AWS has answered it or before.
fn killed_in_the_middle(fault: Fault, reuse: RefreshTokens, most: usize) {
    let world = World::with_keyring(Scenario::sso());
    let mut person = Person::at(world).with_clock();
    person
        .portal()
        .set_policy(|policy| policy.refresh_tokens = reuse);
    person.sign_in(sso::DEV_PROFILE);
    person.wait(LATER);
    let pid = person.agent_pid().unwrap();
    person.sim.faults().add(refresh(fault));
    let waiting = person.start(&["credential-process", "--profile", sso::DEV_PROFILE]);
    wait_until("a refresh is under way", || {
        person.grants("refresh_token") > 0
    });
    crate::world::signal(pid, rustix::process::Signal::KILL);
    waiting.end().failed();
    person.sim.faults().clear();
    let sign_ins = sign_ins_until_served(&mut person);
    assert!(sign_ins <= most, "{sign_ins} sign-ins: {reuse:?}");
}

#[test]
fn an_agent_that_is_killed_before_aws_has_answered_goes_on() {
    killed_in_the_middle(Fault::Hang, RefreshTokens::Rotate, 0);
}

#[test]
fn an_agent_that_is_killed_when_the_answer_was_lost_costs_one_sign_in_at_most() {
    killed_in_the_middle(Fault::LostAnswer, RefreshTokens::Rotate, 1);
    killed_in_the_middle(Fault::LostAnswer, RefreshTokens::RotateWithGrace, 0);
}
