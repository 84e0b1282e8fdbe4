//! Renewing before the end, by a person's wish.

use crate::desk::{Desk, connect};
use crate::world::World;
use holdfast_agent_proto::view::{SignInKind, StatusView};
use holdfast_agent_proto::{ErrorCode, Reply, Request};
use holdfast_aws_sim::{Fault, Rule, blog};
use std::time::Duration;

fn status(desk: &mut Desk) -> StatusView {
    let Ok(Reply::Status(status)) = desk.answers.request(Request::Status) else {
        panic!("an answer that does not fit");
    };
    status
}

#[test]
fn a_new_code_is_asked_for_while_git_goes_on() {
    let world = World::in_memory().signed_in();
    let mut desk = Desk::at(&world);
    let renewing = Desk::renew(&world, blog::ROLE_PROFILE, true);
    let prompt = desk.opened();
    assert!(prompt.interactive);
    assert!(prompt.session_expires_at.is_some(), "it is still good");
    assert_eq!((prompt.waiting, prompt.checking), (1, false));
    assert_eq!(prompt.min_duration_seconds, 900);
    assert_eq!(prompt.max_duration_seconds, 129_600);
    world.ls_remote().ok();

    assert_eq!(desk.answer(prompt.id, &world.code()), Ok(()));
    desk.closed(prompt.id);
    let session = renewing.join().unwrap().unwrap();
    assert_eq!(session.profiles, [blog::KEY_PROFILE, blog::ROLE_PROFILE]);
    // Both may have been opened within one second.
    assert!(session.expires_at >= prompt.session_expires_at);
    assert_eq!(world.count("GetSessionToken"), 2);
    world.ls_remote().ok();
}

#[test]
fn without_a_code_roles_are_renewed_at_once() {
    let world = World::in_memory().signed_in();
    let mut desk = Desk::at(&world);
    let roles = world.count("AssumeRole");
    Desk::renew(&world, blog::ROLE_PROFILE, false)
        .join()
        .unwrap()
        .unwrap();
    assert_eq!(world.count("AssumeRole"), roles + 1);
    assert_eq!(world.count("GetSessionToken"), 1);
    desk.saw_no_other();
}

#[test]
fn an_absent_session_is_asked_for_even_after_a_refusal() {
    let world = World::in_memory();
    let mut desk = Desk::at(&world);
    let declined = Desk::renew(&world, blog::ROLE_PROFILE, false);
    let prompt = desk.opened();
    desk.decline(prompt.id);
    desk.closed(prompt.id);
    assert_eq!(declined.join().unwrap(), Err(ErrorCode::Declined));

    let renewing = Desk::renew(&world, blog::ROLE_PROFILE, false);
    let prompt = desk.opened();
    assert_eq!(desk.answer(prompt.id, &world.code()), Ok(()));
    renewing.join().unwrap().unwrap();
}

#[test]
fn a_prompt_goes_with_whoever_asked_for_it() {
    let world = World::in_memory().signed_in();
    let mut desk = Desk::at(&world);
    let mut leaving = connect(&world);
    let request = Request::Renew {
        profile: blog::ROLE_PROFILE.to_owned(),
        with_code: true,
        wait_seconds: 60,
    };
    let patience = Duration::from_secs(1);
    assert!(leaving.request_within(request, patience).is_err());
    let prompt = desk.opened();
    drop(leaving);
    desk.closed(prompt.id);
}

#[test]
fn declining_while_aws_is_slow_lets_everybody_go() {
    let world = World::in_memory();
    let mut desk = Desk::at(&world);
    let renewing = Desk::renew(&world, blog::ROLE_PROFILE, false);
    let prompt = desk.opened();
    let slow = Rule::new(Fault::delay(Duration::from_secs(5))).operation("GetSessionToken");
    world.sim.faults().add(slow.times(1));

    let mut typing = connect(&world);
    let answer = Request::AnswerPrompt {
        prompt: prompt.id,
        code: world.code().into(),
        duration_seconds: Some(3600),
    };
    let typed = std::thread::spawn(move || typing.request(answer).is_ok());
    desk.changed(|prompt| prompt.checking);
    desk.decline(prompt.id);
    desk.closed(prompt.id);
    assert_eq!(renewing.join().unwrap(), Err(ErrorCode::Declined));
    assert!(
        typed.join().unwrap(),
        "the code was good, so the session is"
    );
}

#[test]
fn sessions_and_profiles_say_what_a_window_shows() {
    let world = World::in_memory().signed_in();
    let mut desk = Desk::at(&world);
    world.ls_remote().ok();
    let status = status(&mut desk);
    let [mfa, role] = &status.sessions[..] else {
        panic!("two sessions: {status:?}");
    };
    assert!(role.renews_itself && !mfa.renews_itself);
    assert_eq!(role.needs_person_at, mfa.expires_at);
    assert_eq!(mfa.needs_person_at, mfa.expires_at);
    assert!(mfa.opened_at < mfa.expires_at);
    let opener = mfa.opened_by.as_ref().unwrap();
    assert!(!opener.program.is_empty(), "{opener:?}");

    let profiles = desk.answers.profiles().unwrap();
    let named = |name: &str| profiles.iter().find(|it| it.name == name).unwrap();
    let profile = named(blog::ROLE_PROFILE);
    assert_eq!(profile.sign_in, SignInKind::Mfa);
    assert_eq!(profile.sessions, [mfa.id.clone(), role.id.clone()]);
    assert_eq!(profile.steps[0], "MFA session");
    assert_eq!(profile.steps.len(), 2);
    let source = profile.source.as_ref().unwrap();
    assert_eq!(source.kind, "access-key");
    assert_eq!(source.title, blog::KEY_PROFILE);
    assert_eq!(source.account_id.as_deref(), Some(blog::ACCOUNT_A));
}

#[test]
fn what_cannot_be_renewed_is_refused_in_words() {
    let world = World::in_memory();
    world.append(".aws/config", "\n[profile plain]\nregion = us-east-1\n");
    world.append(
        ".aws/credentials",
        "\n[plain]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n",
    );
    let _desk = Desk::at(&world);
    for (profile, code) in [
        ("gone", ErrorCode::UnknownProfile),
        ("plain", ErrorCode::Misconfigured),
    ] {
        let renewal = Desk::renew(&world, profile, true).join().unwrap();
        assert_eq!(renewal, Err(code), "{profile}");
    }
}

#[test]
fn a_lifetime_that_aws_does_not_grant_costs_no_code() {
    let world = World::in_memory();
    let mut desk = Desk::at(&world);
    let _renewing = Desk::renew(&world, blog::ROLE_PROFILE, false);
    let prompt = desk.opened();
    let code = world.code();
    let answer = Request::AnswerPrompt {
        prompt: prompt.id,
        code: code.clone().into(),
        duration_seconds: Some(10),
    };
    let error = desk.answers.request(answer).err().unwrap().to_string();
    assert!(error.contains("900 to 129600"), "{error}");
    assert_eq!(world.count("GetSessionToken"), 0);
    assert_eq!(desk.answer(prompt.id, &code), Ok(()));
}
