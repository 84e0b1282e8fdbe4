//! Renewing before the end: what is renewed, who is asked, and that nobody else waits for it.

mod scene;

use holdfast_core::engine::{Effect, Event, Interaction, PromptError, Refusal, SessionState};
use holdfast_core::failure::FailureKind;
use scene::{HOUR, Scene, chain, contributor, role};

fn plain() -> holdfast_core::engine::Route {
    chain("plain", vec![role("A"), role("B")])
}

#[test]
fn a_new_code_is_asked_for_while_the_session_is_good() {
    let mut scene = Scene::signed_in();
    scene.renew(&contributor(), true);
    assert!(scene.opened_prompt().is_some());
    let prompt = scene.engine.prompt().expect("a prompt");
    assert!(prompt.interactive, "a person asked for it");

    // Everybody else goes on with what is there.
    scene.request(&contributor(), Interaction::Background);
    assert_eq!(scene.served(), 1);

    scene.enter_code(&contributor());
    scene.succeed(12 * HOUR);
    assert!(scene.engine.prompt().is_none());
    assert_eq!(scene.served(), 1, "the code; the role is renewed behind it");
    scene.succeed(HOUR);
    assert_eq!(scene.served(), 1, "the renewal");
}

#[test]
fn without_a_code_only_what_needs_nobody_is_renewed() {
    let mut scene = Scene::signed_in();
    scene.renew(&contributor(), false);
    assert!(scene.engine.prompt().is_none());
    let call = scene.call();
    assert!(!call.by_person);
    assert_eq!(call.key, contributor().nodes[1].key);
    assert_eq!(
        scene.state(&call.key),
        SessionState::Valid,
        "the old one stays"
    );
    scene.succeed(HOUR);
    assert_eq!(scene.served(), 1);
}

#[test]
fn roles_without_mfa_are_renewed_in_their_order() {
    let mut scene = Scene::new();
    scene.request(&plain(), Interaction::Never);
    scene.succeed(HOUR);
    scene.succeed(HOUR);
    scene.renew(&plain(), true);
    for node in &plain().nodes {
        assert_eq!(scene.call().key, node.key);
        scene.succeed(HOUR);
    }
    assert_eq!(scene.served(), 1);
}

#[test]
fn a_session_that_is_absent_or_ends_soon_takes_a_code() {
    let mut absent = Scene::new();
    absent.renew(&contributor(), false);
    assert!(absent.opened_prompt().is_some());

    let mut ending = Scene::signed_in();
    ending.now += 12 * HOUR - 900;
    ending.renew(&contributor(), false);
    assert!(ending.opened_prompt().is_some());
}

#[test]
fn an_earlier_refusal_does_not_count() {
    let mut scene = Scene::new();
    scene.request(&contributor(), Interaction::Terminal);
    let prompt = scene.opened_prompt().expect("a prompt");
    scene.step(Event::PromptDeclined { prompt });
    scene.renew(&contributor(), false);
    assert!(scene.opened_prompt().is_some());
}

#[test]
fn a_renewal_can_be_declined_ignored_and_left() {
    let mut scene = Scene::signed_in();
    let valid = |scene: &Scene| scene.state(&contributor().nodes[0].key) == SessionState::Valid;

    scene.renew(&contributor(), true);
    let prompt = scene.opened_prompt().expect("a prompt");
    scene.step(Event::PromptDeclined { prompt });
    assert!(matches!(scene.refusals()[..], [Refusal::Declined { .. }]));
    assert!(valid(&scene));

    scene.renew(&contributor(), true);
    assert!(scene.opened_prompt().is_some());
    scene.tick_after(120);
    assert!(matches!(
        scene.refusals()[..],
        [Refusal::PromptTimeout { .. }]
    ));
    assert!(valid(&scene));

    let waiter = scene.renew(&contributor(), true);
    let prompt = scene.opened_prompt().expect("a prompt");
    scene.step(Event::CallerGone { waiter });
    assert!(scene.effects.contains(&Effect::PromptClosed(prompt)));
    assert!(valid(&scene));
}

#[test]
fn nobody_is_asked_where_nobody_can_be() {
    let mut scene = Scene::signed_in();
    scene.step(Event::PromptersChanged { available: false });
    scene.renew(&contributor(), true);
    assert!(matches!(
        scene.refusals()[..],
        [Refusal::PersonRequired { .. }]
    ));
}

#[test]
fn a_call_that_fails_keeps_what_is_good() {
    let mut scene = Scene::signed_in();
    scene.renew(&contributor(), false);
    scene.fail(FailureKind::Offline);
    assert!(matches!(scene.refusals()[..], [Refusal::Failed(_)]));
    scene.request(&contributor(), Interaction::Never);
    assert_eq!(scene.served(), 1);
}

#[test]
fn two_who_renew_share_one_call() {
    let mut scene = Scene::signed_in();
    scene.renew(&contributor(), false);
    let call = scene.call();
    scene.renew(&contributor(), false);
    assert!(scene.effects.is_empty(), "{:?}", scene.effects);
    scene.effects = vec![Effect::Call(Box::new(call))];
    scene.succeed(HOUR);
    assert_eq!(scene.served(), 2);
}

#[test]
fn declining_while_a_code_is_checked_gives_up_waiting() {
    let mut scene = Scene::new();
    scene.request(&contributor(), Interaction::Terminal);
    let prompt = scene.opened_prompt().expect("a prompt");
    scene.enter_code(&contributor());
    assert!(scene.effects.contains(&Effect::PromptChanged(prompt)));
    let call = scene.call();

    scene.step(Event::PromptDeclined { prompt });
    assert!(matches!(scene.refusals()[..], [Refusal::Declined { .. }]));
    assert!(scene.effects.contains(&Effect::PromptClosed(prompt)));

    // The code is spent either way, so what it opens is kept.
    scene.effects = vec![Effect::Call(Box::new(call))];
    scene.succeed(12 * HOUR);
    assert_eq!(scene.served(), 1, "whoever typed it");
    scene.request(&contributor(), Interaction::Background);
    scene.succeed(HOUR);
    assert_eq!(scene.served(), 1);
}

#[test]
fn another_code_clears_what_was_wrong_with_the_last() {
    let mut scene = Scene::new();
    scene.request(&contributor(), Interaction::Terminal);
    scene.enter_code(&contributor());
    scene.fail(FailureKind::WrongCode);
    let error = |scene: &Scene| {
        scene
            .engine
            .prompt()
            .and_then(|prompt| prompt.error.clone())
    };
    assert!(matches!(error(&scene), Some(PromptError::Failed(_))));
    scene.enter_code(&contributor());
    assert_eq!(error(&scene), None);
}

#[test]
fn a_role_that_was_under_way_does_not_stand_for_the_new_code() {
    let mut scene = Scene::new();
    scene.enter_code(&contributor());
    scene.succeed(12 * HOUR);
    scene.request(&contributor(), Interaction::Terminal);
    let role = scene.call();
    scene.renew(&contributor(), true);
    assert!(scene.opened_prompt().is_some());
    scene.effects = vec![Effect::Call(Box::new(role))];
    scene.succeed(HOUR);
    assert_eq!(scene.served(), 1, "only who asked for no more");
    assert!(scene.engine.prompt().is_some());
}
