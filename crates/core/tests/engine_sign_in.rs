//! Signing in with the browser: who may begin it, who waits for it, and how it ends.

mod scene;

use holdfast_core::engine::{Effect, Event, Interaction, PromptError, Refusal, SessionState};
use holdfast_core::failure::FailureKind;
use scene::{HOUR, Scene, console_login, failure, portal_role};

#[test]
fn nothing_but_a_person_begins_a_sign_in() {
    let route = portal_role("Admin");
    let mut scene = Scene::new();
    for interaction in [
        Interaction::Never,
        Interaction::Background,
        Interaction::Terminal,
    ] {
        scene.request(&route, interaction);
        assert_eq!(scene.calls(), []);
    }
    scene.renew(&route, true);
    assert_eq!(scene.calls(), []);
    scene.tick_after(30);
    assert_eq!(scene.calls(), []);
    assert_eq!(scene.state(&route.nodes[0].key), SessionState::NeedsSignIn);
    scene.sign_in(&route);
    assert!(scene.call().by_person);
}

#[test]
fn one_sign_in_serves_every_profile_of_the_portal() {
    let mut scene = Scene::new();
    for number in 0..10 {
        scene.request(
            &portal_role(&format!("Role{number}")),
            Interaction::Terminal,
        );
    }
    assert_eq!(scene.engine.prompt().map(|it| it.callers.len()), Some(10));
    scene.sign_in(&portal_role("Role3"));
    scene.bring(HOUR);
    assert_eq!(scene.served(), 1, "the sign-in itself");
    let roles = scene.calls();
    assert_eq!(roles.len(), 10);
    let mut served = 0;
    for call in roles {
        let opened = scene.token(HOUR);
        scene.finish(&call, Ok(opened));
        served += scene.served();
    }
    assert_eq!(served, 10);
    assert!(scene.engine.prompt().is_none());
}

#[test]
fn two_who_sign_in_share_one_attempt() {
    let route = portal_role("Admin");
    let mut scene = Scene::new();
    scene.sign_in(&route);
    let call = scene.call();
    scene.sign_in(&route);
    assert_eq!(scene.calls(), []);
    let opened = scene.token(HOUR);
    scene.finish(&call, Ok(opened));
    assert_eq!(scene.served(), 2);
}

#[test]
fn a_caller_does_not_wait_for_a_browser_longer_than_it_said() {
    let route = portal_role("Admin");
    let mut scene = Scene::new();
    scene.request(&route, Interaction::Terminal);
    scene.sign_in(&route);
    let call = scene.call();
    scene.tick_after(120);
    assert!(matches!(
        scene.refusals()[..],
        [Refusal::PromptTimeout { .. }]
    ));
    assert!(
        scene.engine.prompt().is_some(),
        "it shows what is under way"
    );
    assert!(scene.session(&route, 0).is_signing_in());

    // Another caller comes while the person is at it: no second question, and it is served in the end.
    scene.request(&route, Interaction::Background);
    assert_eq!(scene.opened_prompt(), None);
    assert_eq!(scene.refusals(), [] as [&Refusal; 0]);
    let opened = scene.token(HOUR);
    scene.finish(&call, Ok(opened));
    scene.succeed(HOUR);
    assert_eq!(scene.served(), 1);
    assert!(scene.engine.prompt().is_none());
}

#[test]
fn callers_that_cannot_wait_for_a_person_do_not_wait_for_a_browser_either() {
    let route = portal_role("Admin");
    let mut scene = Scene::new();
    scene.sign_in(&route);
    scene.request(&route, Interaction::Never);
    assert!(matches!(
        scene.refusals()[..],
        [Refusal::PersonRequired { .. }]
    ));
}

#[test]
fn a_cancelled_sign_in_leads_back_to_the_question() {
    let route = portal_role("Admin");
    let mut scene = Scene::new();
    scene.request(&route, Interaction::Terminal);
    let prompt = scene.opened_prompt().expect("a prompt");
    let person = scene.sign_in(&route);
    let call = scene.call();
    scene.cancel(&route);
    assert!(scene.effects.contains(&Effect::Abandon {
        attempt: call.attempt
    }));
    assert!(scene.effects.contains(&Effect::Refuse {
        waiter: person,
        refusal: Refusal::Cancelled,
    }));
    assert!(scene.effects.contains(&Effect::PromptChanged(prompt)));
    assert_eq!(scene.engine.prompt().map(|it| it.callers.len()), Some(1));

    // What the abandoned attempt brings comes too late.
    let opened = scene.token(HOUR);
    scene.finish(&call, Ok(opened));
    assert_eq!(
        scene.effects,
        [Effect::Abandon {
            attempt: call.attempt
        }]
    );
    scene.sign_in(&route);
    scene.bring(HOUR);
    scene.succeed(HOUR);
    assert_eq!(scene.served(), 1);
}

#[test]
fn nothing_but_a_sign_in_is_cancelled() {
    let mut scene = Scene::signed_in_to_portal();
    scene.tick_after(HOUR - 1200);
    let refresh = scene.call();
    assert!(!refresh.by_person);
    scene.cancel(&portal_role("Admin"));
    assert_eq!(scene.effects, []);
}

#[test]
fn a_click_signs_in_although_the_prompt_was_declined() {
    let route = portal_role("Admin");
    let mut scene = Scene::new();
    scene.request(&route, Interaction::Terminal);
    let prompt = scene.opened_prompt().expect("a prompt");
    scene.step(Event::PromptDeclined { prompt });
    assert!(matches!(scene.refusals()[..], [Refusal::Declined { .. }]));
    scene.request(&route, Interaction::Terminal);
    assert!(matches!(scene.refusals()[..], [Refusal::Declined { .. }]));
    scene.sign_in(&route);
    scene.bring(HOUR);
    scene.request(&route, Interaction::Background);
    scene.succeed(HOUR);
    assert_eq!(scene.served(), 1);
}

#[test]
fn declining_while_the_browser_is_open_gives_up_waiting_and_no_more() {
    let route = portal_role("Admin");
    let mut scene = Scene::new();
    scene.request(&route, Interaction::Terminal);
    let prompt = scene.opened_prompt().expect("a prompt");
    scene.sign_in(&route);
    let call = scene.call();
    scene.step(Event::PromptDeclined { prompt });
    assert!(matches!(scene.refusals()[..], [Refusal::Declined { .. }]));
    assert!(scene.engine.prompt().is_none());
    let opened = scene.token(HOUR);
    scene.finish(&call, Ok(opened));
    assert_eq!(scene.served(), 1, "whoever signed in");
    scene.request(&route, Interaction::Never);
    scene.succeed(HOUR);
    assert_eq!(scene.served(), 1);
}

#[test]
fn a_sign_in_that_came_to_nothing_can_be_begun_again() {
    for kind in [
        FailureKind::Offline,
        FailureKind::Intercepted,
        FailureKind::SessionEnded,
        FailureKind::ClientUnknown,
        FailureKind::SourceUnavailable,
    ] {
        let route = portal_role("Admin");
        let mut scene = Scene::new();
        scene.request(&route, Interaction::Terminal);
        let person = scene.sign_in(&route);
        scene.fail(kind);
        assert!(scene.effects.contains(&Effect::Refuse {
            waiter: person,
            refusal: Refusal::Failed(failure(kind)),
        }));
        let prompt = scene.engine.prompt().expect("still open");
        assert_eq!(prompt.callers.len(), 1);
        assert!(matches!(prompt.error, Some(PromptError::Failed(_))));
        scene.sign_in(&route);
        scene.bring(HOUR);
        scene.succeed(HOUR);
        assert_eq!(scene.served(), 1, "{kind:?}");
    }
}

#[test]
fn whoever_says_no_in_the_browser_is_not_asked_again_at_once() {
    let route = portal_role("Admin");
    let mut scene = Scene::new();
    scene.request(&route, Interaction::Terminal);
    scene.sign_in(&route);
    scene.fail(FailureKind::Denied);
    assert_eq!(scene.refusals().len(), 2);
    assert!(scene.engine.prompt().is_none());
    scene.request(&route, Interaction::Terminal);
    assert!(matches!(scene.refusals()[..], [Refusal::Declined { .. }]));
    assert_eq!(scene.state(&route.nodes[0].key), SessionState::NeedsSignIn);
}

#[test]
fn a_sign_in_takes_the_place_of_a_refresh_that_is_under_way() {
    let route = portal_role("Admin");
    let mut scene = Scene::signed_in_to_portal();
    scene.tick_after(HOUR - 1200);
    let refresh = scene.call();
    scene.sign_in(&route);
    assert!(scene.effects.contains(&Effect::Abandon {
        attempt: refresh.attempt
    }));
    assert!(scene.call().by_person);
    scene.bring(HOUR);
    assert_eq!(scene.served(), 1);
}

#[test]
fn a_sign_in_that_fails_takes_nothing_away() {
    let route = portal_role("Admin");
    let mut scene = Scene::signed_in_to_portal();
    scene.sign_in(&route);
    scene.fail(FailureKind::Denied);
    assert_eq!(scene.says(|it| matches!(it, Effect::Forget { .. })), 0);
    assert!(scene.session(&route, 0).refreshable());
    assert_eq!(scene.state(&route.nodes[0].key), SessionState::Valid);
    scene.request(&portal_role("Other"), Interaction::Never);
    scene.succeed(HOUR);
    assert_eq!(scene.served(), 1);
}

#[test]
fn signing_out_and_locking_end_a_sign_in_that_is_under_way() {
    let route = portal_role("Admin");
    let keys = vec![route.nodes[0].key.clone()];
    for (event, refusal) in [
        (Event::SignedOut { keys }, Refusal::SignedOut),
        (Event::Locked, Refusal::Locked),
    ] {
        let mut scene = Scene::signed_in_to_portal();
        let waiter = scene.sign_in(&route);
        let attempt = scene.call().attempt;
        scene.step(event);
        assert!(scene.effects.contains(&Effect::Abandon { attempt }));
        assert!(scene.effects.contains(&Effect::Refuse { waiter, refusal }));
        assert!(!scene.session(&route, 0).refreshable());
        assert_eq!(scene.session(&route, 0).sign_in_ends_at(), None);
    }
}

#[test]
fn a_renewal_with_a_person_is_a_new_sign_in() {
    let route = portal_role("Admin");
    let mut scene = Scene::signed_in_to_portal();
    scene.now += HOUR - 1210;
    scene.renew(&route, true);
    assert!(scene.opened_prompt().is_some());
    scene.tick_after(10);
    let refresh = scene.calls().into_iter().find(|it| !it.by_person);
    let opened = scene.token(HOUR);
    scene.finish(&refresh.expect("a refresh"), Ok(opened));
    assert_eq!(scene.effects.len(), 1, "a refresh does not stand for it");
    scene.sign_in(&route);
    scene.bring(HOUR);
    assert_eq!(scene.served(), 1, "the sign-in itself");
    scene.succeed(HOUR);
    assert_eq!(scene.served(), 1);
}

#[test]
fn a_renewal_without_a_person_refreshes_what_has_ended() {
    let route = portal_role("Admin");
    let mut scene = Scene::signed_in_to_portal();
    scene.renew(&route, false);
    assert_eq!(scene.call().key, route.nodes[1].key, "the token is good");
    scene.succeed(HOUR);
    assert_eq!(scene.served(), 1);

    scene.now += 2 * HOUR;
    scene.renew(&route, false);
    let refresh = scene.call();
    assert!(!refresh.by_person && refresh.key == route.nodes[0].key);
    scene.bring(HOUR);
    scene.succeed(HOUR);
    assert_eq!(scene.served(), 1);
}

#[test]
fn credentials_of_a_console_sign_in_are_refreshed_too() {
    let route = console_login();
    let mut scene = Scene::new();
    scene.request(&route, Interaction::Terminal);
    scene.sign_in(&route);
    scene.bring(900);
    assert_eq!(scene.served(), 2);
    for _ in 0..20 {
        scene.tick_after(600);
        scene.bring(900);
        scene.request(&route, Interaction::Never);
        assert_eq!(scene.served(), 1);
    }
    // Programs refuse credentials for many reasons. None of them signs the person out.
    scene.now += 60;
    let key = route.nodes[0].key.clone();
    scene.step(Event::Rejected { key: key.clone() });
    scene.request(&route, Interaction::Never);
    scene.bring(900);
    assert_eq!(scene.served(), 1);
    scene.now += 60;
    scene.step(Event::Rejected { key });
    assert_eq!(scene.effects, []);
}
