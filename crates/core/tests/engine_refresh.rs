//! Refreshing a sign-in: silently, once, and never at the cost of what is valid.

mod scene;

use holdfast_core::chain::SessionKey;
use holdfast_core::engine::{Effect, Event, Interaction, Opened, Refusal, Session, SessionState};
use holdfast_core::failure::FailureKind;
use holdfast_core::time::Timestamp;
use scene::{HOUR, Scene, failure, portal_role};

fn portal() -> SessionKey {
    portal_role("Admin").nodes[0].key.clone()
}

/// A role call of the signed-in scene, an hour later and refused as made with a token that is not good.
fn refused_role(scene: &mut Scene) {
    scene.now += HOUR / 2;
    scene.request(&portal_role("Other"), Interaction::Terminal);
    scene.fail(FailureKind::SessionEnded);
}

#[test]
fn a_token_is_refreshed_twenty_minutes_ahead() {
    let mut scene = Scene::signed_in_to_portal();
    scene.tick_after(HOUR - 1201);
    assert_eq!(scene.calls(), []);
    scene.tick_after(1);
    let refresh = scene.call();
    assert!(refresh.key == portal() && !refresh.by_person);
    // Meanwhile the old token is good enough for another role.
    scene.request(&portal_role("Other"), Interaction::Never);
    assert_eq!(scene.call().key, portal_role("Other").nodes[1].key);
}

#[test]
fn a_thousand_callers_on_a_token_that_has_ended_cause_one_refresh() {
    let mut scene = Scene::signed_in_to_portal();
    scene.now += 3 * HOUR;
    let mut refreshes = Vec::new();
    for _ in 0..1_000 {
        scene.request(&portal_role("Admin"), Interaction::Terminal);
        assert_eq!(scene.opened_prompt(), None);
        refreshes.extend(scene.calls());
    }
    let [refresh] = &refreshes[..] else {
        panic!("one refresh, not {}", refreshes.len());
    };
    let opened = scene.token(HOUR);
    scene.finish(refresh, Ok(opened));
    scene.succeed(HOUR);
    assert_eq!(scene.served(), 1_000);
}

#[test]
fn a_network_fault_is_no_sign_out() {
    for kind in [
        FailureKind::Offline,
        FailureKind::Intercepted,
        FailureKind::Server,
        FailureKind::Throttled,
    ] {
        let mut scene = Scene::signed_in_to_portal();
        scene.tick_after(HOUR - 1230);
        let mut tries = 0;
        for _ in 0..30 {
            scene.tick_after(30);
            for call in scene.calls() {
                tries += usize::from(call.key == portal());
                scene.finish(&call, Err(failure(kind)));
                assert_eq!(scene.says(|it| matches!(it, Effect::Forget { .. })), 0);
            }
            assert!(scene.session(&portal_role("Admin"), 0).refreshable());
        }
        assert!((10..=30).contains(&tries), "{tries} tries in 15 minutes");
        // Five minutes are left, so the token still opens what is asked for.
        assert_eq!(scene.state(&portal()), SessionState::Valid);

        // It ends while the network is away: the callers are told that, and nobody is asked to sign in.
        scene.now += HOUR;
        scene.request(&portal_role("Admin"), Interaction::Terminal);
        scene.fail(kind);
        assert_eq!(
            scene.refusals(),
            [&Refusal::Failed(failure(kind))],
            "{kind:?}"
        );
        assert!(scene.engine.prompt().is_none());
        assert!(matches!(
            scene.state(&portal()),
            SessionState::Failed { .. }
        ));

        // It is back: the same refresh token is used once more.
        scene.now += 60;
        scene.request(&portal_role("Admin"), Interaction::Terminal);
        scene.bring(HOUR);
        scene.succeed(HOUR);
        assert_eq!(scene.served(), 1);
    }
}

#[test]
fn what_aws_refuses_to_refresh_is_good_to_its_end_and_then_takes_a_person() {
    for kind in [
        FailureKind::SessionEnded,
        FailureKind::ClientUnknown,
        FailureKind::Denied,
        FailureKind::InvalidRequest,
    ] {
        let mut scene = Scene::signed_in_to_portal();
        scene.tick_after(HOUR - 1200);
        scene.fail(kind);
        assert_eq!(scene.says(|it| matches!(it, Effect::Forget { .. })), 0);
        assert!(!scene.session(&portal_role("Admin"), 0).refreshable());
        scene.request(&portal_role("Other"), Interaction::Never);
        scene.succeed(HOUR);
        assert_eq!(scene.served(), 1, "the token is good");

        for _ in 0..40 {
            scene.tick_after(30);
            let again = scene.calls().into_iter().find(|call| call.key == portal());
            assert_eq!(again, None, "one refresh, and then the person");
        }
        assert_eq!(scene.state(&portal()), SessionState::NeedsSignIn);
        scene.request(&portal_role("New"), Interaction::Terminal);
        assert!(scene.opened_prompt().is_some());
        // The role session lasts longer than what it was made from.
        scene.request(&portal_role("Other"), Interaction::Never);
        assert_eq!(scene.served(), 1);
    }
}

#[test]
fn a_refresh_that_is_refused_on_demand_leads_to_the_person_at_once() {
    let mut scene = Scene::signed_in_to_portal();
    scene.now += 14 * HOUR;
    scene.request(&portal_role("Admin"), Interaction::Terminal);
    scene.fail(FailureKind::SessionEnded);
    assert!(scene.opened_prompt().is_some());
    assert!(scene.effects.contains(&Effect::Forget { key: portal() }));
    let told = scene.says(|it| matches!(it, Effect::SignedOutByAws { .. }));
    assert_eq!(told, 0, "a sign-in that is over is no surprise");
    assert_eq!(scene.calls(), []);
}

#[test]
fn a_token_that_gets_no_longer_is_the_last() {
    let mut scene = Scene::signed_in_to_portal();
    scene.tick_after(HOUR - 1200);
    let end = scene.now + 1200;
    scene.bring(1200);
    assert!(!scene.session(&portal_role("Admin"), 0).refreshable());
    let ends_at = scene.session(&portal_role("Admin"), 0).sign_in_ends_at();
    assert_eq!(ends_at, Some(Timestamp::from_unix_seconds(end)));
    for _ in 0..40 {
        scene.tick_after(30);
        assert!(scene.calls().iter().all(|call| call.key != portal()));
    }
    assert_eq!(scene.state(&portal()), SessionState::NeedsSignIn);
}

#[test]
fn a_refused_token_is_refreshed_once_and_the_call_repeated() {
    let mut scene = Scene::signed_in_to_portal();
    refused_role(&mut scene);
    assert!(scene.refusals().is_empty());
    let refresh = scene.call();
    assert!(refresh.key == portal() && !refresh.by_person);
    scene.bring(HOUR);
    let again = scene.call();
    assert_eq!(again.key, portal_role("Other").nodes[1].key);
    scene.succeed(HOUR);
    assert_eq!(scene.served(), 1);
    assert_eq!(scene.says(|it| matches!(it, Effect::Forget { .. })), 0);
}

#[test]
fn a_token_that_is_refused_again_means_signed_out_by_aws() {
    let mut scene = Scene::signed_in_to_portal();
    refused_role(&mut scene);
    scene.bring(HOUR);
    scene.fail(FailureKind::SessionEnded);
    let told = |scene: &Scene| scene.says(|it| matches!(it, Effect::SignedOutByAws { .. }));
    assert_eq!(told(&scene), 1);
    assert!(scene.opened_prompt().is_some());
    assert_eq!(scene.state(&portal()), SessionState::NeedsSignIn);
    // What it opened before is good all the same.
    scene.request(&portal_role("Admin"), Interaction::Never);
    assert_eq!(scene.served(), 1);
    // The person signs in, and AWS still refuses: no loop, the caller is told.
    scene.sign_in(&portal_role("Other"));
    scene.bring(HOUR);
    scene.fail(FailureKind::SessionEnded);
    assert!(matches!(scene.refusals()[..], [Refusal::Failed(_)]));
    assert!(scene.engine.prompt().is_none());
    assert_eq!(told(&scene), 0);
}

#[test]
fn a_revoked_sign_in_is_refreshed_once_in_vain() {
    let mut scene = Scene::signed_in_to_portal();
    refused_role(&mut scene);
    scene.fail(FailureKind::SessionEnded);
    assert!(
        scene
            .effects
            .contains(&Effect::SignedOutByAws { key: portal() })
    );
    assert!(scene.opened_prompt().is_some());
    assert_eq!(scene.calls(), []);
}

#[test]
fn callers_that_ask_nobody_are_told_to_sign_in_when_aws_signed_out() {
    let mut scene = Scene::signed_in_to_portal();
    scene.now += HOUR / 2;
    scene.request(&portal_role("Other"), Interaction::Never);
    scene.fail(FailureKind::SessionEnded);
    scene.fail(FailureKind::SessionEnded);
    assert_eq!(
        scene.refusals(),
        [&Refusal::PersonRequired { key: portal() }]
    );
}

#[test]
fn many_refusals_of_one_token_cause_one_refresh() {
    let mut scene = Scene::signed_in_to_portal();
    scene.now += HOUR / 2;
    let mut calls = Vec::new();
    for number in 0..20 {
        scene.request(&portal_role(&format!("Role{number}")), Interaction::Never);
        calls.push(scene.call());
    }
    let mut refreshes = Vec::new();
    for call in &calls[..10] {
        scene.finish(call, Err(failure(FailureKind::SessionEnded)));
        refreshes.extend(scene.calls());
    }
    assert_eq!(refreshes.len(), 1);
    let opened = scene.token(HOUR);
    scene.finish(&refreshes[0], Ok(opened));
    assert_eq!(scene.calls().len(), 10);
    // The rest were made with the old token as well: that says nothing about the new one.
    for call in &calls[10..] {
        scene.finish(call, Err(failure(FailureKind::SessionEnded)));
        assert_eq!(scene.call().key, call.key, "it is repeated");
    }
    assert!(scene.session(&portal_role("Admin"), 0).refreshable());
}

#[test]
fn a_role_that_is_not_allowed_does_not_end_the_sign_in() {
    let mut scene = Scene::signed_in_to_portal();
    scene.now += HOUR / 2;
    scene.request(&portal_role("Removed"), Interaction::Terminal);
    scene.fail(FailureKind::Denied);
    assert!(matches!(scene.refusals()[..], [Refusal::Failed(_)]));
    assert_eq!(scene.state(&portal()), SessionState::Valid);
    assert_eq!(scene.says(|it| matches!(it, Effect::Forget { .. })), 0);
    scene.request(&portal_role("Admin"), Interaction::Never);
    assert_eq!(scene.served(), 1);
}

#[test]
fn a_token_that_the_portal_refused_elsewhere_is_refreshed() {
    let mut scene = Scene::signed_in_to_portal();
    scene.step(Event::Rejected { key: portal() });
    assert_eq!(scene.effects, [], "a brand new one is not the fault");
    scene.now += HOUR / 2;
    scene.step(Event::Rejected { key: portal() });
    scene.tick_after(30);
    scene.bring(HOUR);
    scene.now += 60;
    scene.step(Event::Rejected { key: portal() });
    assert!(
        scene
            .effects
            .contains(&Effect::SignedOutByAws { key: portal() })
    );
}

#[test]
fn a_stored_token_that_has_ended_can_be_refreshed() {
    let route = portal_role("Admin");
    let mut scene = Scene::new();
    let ended = Opened {
        refreshable: true,
        ..Opened::until(Timestamp::from_unix_seconds(scene.now - HOUR))
    };
    for (opened, is_of_use) in [(Opened::until(ended.expires_at), false), (ended, true)] {
        scene.step(Event::Restored {
            session: Box::new(Session::absent(&route, 0)),
            opened,
        });
        assert_eq!(scene.effects, []);
        assert_eq!(scene.engine.session(&portal()).is_some(), is_of_use);
    }
    scene.request(&route, Interaction::Never);
    scene.bring(HOUR);
    scene.succeed(HOUR);
    assert_eq!(scene.served(), 1);
}

#[test]
fn a_token_from_elsewhere_takes_the_place_of_what_is_over_and_of_nothing_else() {
    let route = portal_role("Admin");
    let mut scene = Scene::new();
    scene.sign_in(&route);
    scene.succeed(HOUR);
    let restore = |scene: &mut Scene, lifetime| {
        let end = Timestamp::from_unix_seconds(scene.now + lifetime);
        scene.step(Event::Restored {
            session: Box::new(Session::absent(&route, 0)),
            opened: Opened::until(end),
        });
        scene.session(&route, 0).expires_at() == Some(end)
    };
    assert!(!restore(&mut scene, 2 * HOUR));
    scene.now += HOUR;
    assert!(restore(&mut scene, 2 * HOUR));
    scene.tick_after(30);
    assert_eq!(scene.says(|it| matches!(it, Effect::Forget { .. })), 0);
}

#[test]
fn credentials_that_another_program_renewed_a_little_earlier_are_not_the_last() {
    let route = scene::console_login();
    let mut scene = Scene::new();
    scene.sign_in(&route);
    scene.bring(900);
    scene.request(&route, Interaction::Never);
    scene.tick_after(540);
    scene.bring(430);
    assert!(scene.session(&route, 0).refreshable());
}

#[test]
fn a_stored_token_is_refreshed_as_early_as_any() {
    let route = portal_role("Admin");
    let mut scene = Scene::new();
    let opened = scene.token(HOUR / 2);
    scene.step(Event::Restored {
        session: Box::new(Session::absent(&route, 0)),
        opened,
    });
    scene.request(&route, Interaction::Never);
    scene.succeed(HOUR);
    scene.tick_after(HOUR / 2 - 1200);
    assert_eq!(scene.call().key, portal());
}

#[test]
fn what_nobody_used_for_longer_than_any_sign_in_lasts_is_forgotten() {
    let mut scene = Scene::signed_in_to_portal();
    scene.tick_after(89 * 24 * HOUR);
    assert!(scene.session(&portal_role("Admin"), 0).refreshable());
    scene.tick_after(2 * 24 * HOUR);
    assert!(scene.effects.contains(&Effect::Forget { key: portal() }));
    assert!(scene.engine.session(&portal()).is_none());
}

#[test]
fn credentials_that_come_too_short_are_not_asked_for_in_a_loop() {
    let mut scene = Scene::signed_in_to_portal();
    scene.request(&portal_role("Other"), Interaction::Never);
    scene.succeed(120);
    assert_eq!(scene.calls(), []);
    assert!(matches!(scene.refusals()[..], [Refusal::Failed(_)]));
    scene.now += 60;
    scene.request(&portal_role("Other"), Interaction::Never);
    scene.succeed(HOUR);
    assert_eq!(scene.served(), 1);
}
