//! What people notice of the engine: one call, one prompt, silence after a refusal.

mod scene;

use holdfast_core::chain::SessionKey;
use holdfast_core::engine::{
    Effect, Engine, Event, Interaction, Opened, Policy, PromptError, Refusal, SessionState,
};
use holdfast_core::failure::FailureKind;
use holdfast_core::time::Timestamp;
use scene::{HOUR, START, Scene, chain, contributor, failure, mfa, role};

#[test]
fn a_thousand_callers_cause_one_call_and_one_prompt() {
    let mut scene = Scene::new();
    let mut prompts = 0;
    for _ in 0..1_000 {
        scene.request(&contributor(), Interaction::Terminal);
        prompts += usize::from(scene.opened_prompt().is_some());
    }
    assert_eq!(prompts, 1);
    scene.enter_code(&contributor());
    scene.succeed(12 * HOUR);
    // The session with MFA is there, and everybody waits for the one role call.
    assert_eq!(scene.served(), 1, "the sign-in itself");
    scene.succeed(HOUR);
    assert_eq!(scene.served(), 1_000);
    assert!(scene.engine.prompt().is_none());
}

#[test]
fn ten_roles_over_one_user_share_one_code() {
    let mut scene = Scene::new();
    for number in 0..10 {
        let route = chain("p", vec![mfa("user"), role(&format!("Role{number}"))]);
        scene.request(&route, Interaction::Terminal);
    }
    let prompt = scene.engine.prompt().expect("a prompt");
    assert_eq!(prompt.callers.len(), 10);
    scene.enter_code(&contributor());
    scene.succeed(12 * HOUR);
    let calls = |effect: &&Effect| matches!(effect, Effect::Call(call) if !call.by_person);
    assert_eq!(scene.effects.iter().filter(calls).count(), 10);
}

#[test]
fn a_declined_prompt_is_not_opened_again_for_five_minutes() {
    let mut scene = Scene::new();
    scene.request(&contributor(), Interaction::Terminal);
    let prompt = scene.opened_prompt().expect("a prompt");
    scene.step(Event::PromptDeclined { prompt });
    assert!(matches!(scene.refusals()[..], [Refusal::Declined { .. }]));
    scene.now += 299;
    scene.request(&contributor(), Interaction::Terminal);
    assert!(matches!(scene.refusals()[..], [Refusal::Declined { .. }]));
    scene.now += 1;
    scene.request(&contributor(), Interaction::Terminal);
    assert!(scene.opened_prompt().is_some());
}

#[test]
fn a_code_typed_elsewhere_makes_up_for_a_declined_prompt() {
    let mut scene = Scene::new();
    scene.request(&contributor(), Interaction::Terminal);
    let prompt = scene.opened_prompt().expect("a prompt");
    scene.step(Event::PromptDeclined { prompt });
    scene.enter_code(&contributor());
    scene.succeed(12 * HOUR);
    scene.request(&contributor(), Interaction::Background);
    scene.succeed(HOUR);
    assert_eq!(scene.served(), 1);
}

#[test]
fn an_ignored_prompt_closes_and_stays_quiet() {
    let mut scene = Scene::new();
    scene.request(&contributor(), Interaction::Background);
    assert!(scene.opened_prompt().is_some());
    scene.tick_after(120);
    assert!(matches!(
        scene.refusals()[..],
        [Refusal::PromptTimeout { .. }]
    ));
    assert!(scene.engine.prompt().is_none());
    scene.request(&contributor(), Interaction::Background);
    assert!(matches!(scene.refusals()[..], [Refusal::Declined { .. }]));
}

#[test]
fn a_caller_that_hangs_up_takes_its_prompt_along() {
    let mut scene = Scene::new();
    let waiter = scene.request(&contributor(), Interaction::Terminal);
    scene.step(Event::CallerGone { waiter });
    assert!(scene.engine.prompt().is_none());
    scene.request(&contributor(), Interaction::Terminal);
    assert!(scene.opened_prompt().is_some(), "hanging up is no refusal");
}

#[test]
fn nobody_is_asked_for_callers_that_cannot_wait() {
    let mut scene = Scene::new();
    scene.request(&contributor(), Interaction::Never);
    assert!(matches!(
        scene.refusals()[..],
        [Refusal::PersonRequired { .. }]
    ));
    scene.step(Event::PromptersChanged { available: false });
    scene.request(&contributor(), Interaction::Terminal);
    assert!(matches!(
        scene.refusals()[..],
        [Refusal::PersonRequired { .. }]
    ));
}

#[test]
fn prompts_for_two_devices_come_one_after_the_other() {
    let other = chain("other", vec![mfa("second"), role("Other")]);
    let mut scene = Scene::new();
    scene.request(&contributor(), Interaction::Terminal);
    let first = scene.opened_prompt().expect("a prompt");
    scene.request(&other, Interaction::Terminal);
    assert_eq!(scene.opened_prompt(), None);
    scene.step(Event::PromptDeclined { prompt: first });
    let second = scene.opened_prompt().expect("the other prompt");
    assert_ne!(first, second);
}

#[test]
fn what_the_person_can_mend_leaves_the_prompt_open_and_the_callers_waiting() {
    for kind in [
        FailureKind::WrongCode,
        FailureKind::ClockSkew,
        FailureKind::Offline,
    ] {
        let mut scene = Scene::new();
        scene.request(&contributor(), Interaction::Terminal);
        let typed = scene.enter_code(&contributor());
        scene.fail(kind);
        assert!(scene.effects.contains(&Effect::Refuse {
            waiter: typed,
            refusal: Refusal::Failed(failure(kind)),
        }));
        let prompt = scene.engine.prompt().expect("still open");
        assert_eq!(prompt.callers.len(), 1);
        assert!(matches!(prompt.error, Some(PromptError::Failed(_))));
        scene.enter_code(&contributor());
        scene.succeed(12 * HOUR);
        scene.succeed(HOUR);
        assert_eq!(scene.served(), 1);
    }
}

#[test]
fn a_used_code_is_shown_with_the_time_of_the_next() {
    let mut scene = Scene::new();
    scene.request(&contributor(), Interaction::Terminal);
    let prompt = scene.opened_prompt().expect("a prompt");
    let next_code_at = Timestamp::from_unix_seconds(START + 12);
    scene.step(Event::CodeWithheld {
        prompt,
        next_code_at,
    });
    let shown = scene.engine.prompt().expect("still open").error.clone();
    assert_eq!(shown, Some(PromptError::CodeUsed { next_code_at }));
}

#[test]
fn a_deactivated_key_ends_the_prompt_and_tells_everybody() {
    let mut scene = Scene::new();
    scene.request(&contributor(), Interaction::Terminal);
    scene.enter_code(&contributor());
    scene.fail(FailureKind::KeyInactive);
    assert_eq!(scene.refusals().len(), 2);
    assert!(scene.engine.prompt().is_none());
}

#[test]
fn role_sessions_are_renewed_ahead_while_they_are_used() {
    let mut scene = Scene::signed_in();
    let mut renewals = 0;
    for _ in 0..(10 * HOUR / 30) {
        scene.tick_after(30);
        assert!(scene.engine.prompt().is_none());
        if scene
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Call(_)))
        {
            scene.succeed(HOUR);
            renewals += 1;
        }
    }
    // One hour each, renewed ten minutes ahead.
    assert_eq!(renewals, 12);
    scene.request(&contributor(), Interaction::Never);
    assert_eq!(scene.served(), 1);
}

#[test]
fn sessions_that_nobody_used_for_long_are_left_to_end() {
    let policy = Policy {
        keep_alive_seconds: 60,
        ..Policy::default()
    };
    let mut scene = Scene::signed_in();
    let mut engine = Engine::new(policy);
    std::mem::swap(&mut scene.engine, &mut engine);
    scene.step(Event::PromptersChanged { available: true });
    scene.enter_code(&contributor());
    scene.succeed(12 * HOUR);
    scene.request(&contributor(), Interaction::Terminal);
    scene.succeed(HOUR);
    for _ in 0..HOUR / 30 {
        scene.tick_after(30);
        let calls = |effect: &&Effect| matches!(effect, Effect::Call(_));
        assert_eq!(scene.effects.iter().filter(calls).count(), 0);
    }
}

#[test]
fn credentials_with_less_than_five_minutes_are_not_served() {
    let mut scene = Scene::signed_in();
    scene.now += HOUR - 299;
    scene.request(&contributor(), Interaction::Never);
    assert_eq!(scene.served(), 0);
    scene.succeed(HOUR);
    assert_eq!(scene.served(), 1);
}

#[test]
fn offline_keeps_what_is_valid_and_is_tried_again_slowly() {
    let mut scene = Scene::signed_in();
    let role = contributor().nodes[1].key.clone();
    scene.tick_after(HOUR - 600);
    let mut attempts = 0;
    for _ in 0..270 {
        if scene
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Call(_)))
        {
            scene.fail(FailureKind::Offline);
            attempts += 1;
        }
        assert!(
            scene
                .engine
                .session(&role)
                .is_some_and(|s| s.expires_at().is_some())
        );
        scene.tick_after(1);
    }
    // 5, 10, 20, then 30 s apart, each with up to 4 s of jitter.
    assert!((8..=12).contains(&attempts), "{attempts}");
    scene.request(&contributor(), Interaction::Never);
    assert_eq!(scene.served(), 1, "half of the last ten minutes is left");
}

#[test]
fn a_revoked_session_asks_for_a_new_code_once() {
    let mut scene = Scene::signed_in();
    let mfa = contributor().nodes[0].key.clone();
    scene.now += 2 * HOUR;
    scene.request(&contributor(), Interaction::Terminal);
    scene.fail(FailureKind::SessionEnded);
    assert!(
        scene
            .effects
            .contains(&Effect::SignedOutByAws { key: mfa.clone() })
    );
    assert!(scene.opened_prompt().is_some());
    assert_eq!(scene.state(&mfa), SessionState::NeedsMfa);
    scene.enter_code(&contributor());
    scene.succeed(12 * HOUR);
    // Refused again although the session is new: no loop, the callers are told.
    scene.fail(FailureKind::SessionEnded);
    assert!(matches!(scene.refusals()[..], [Refusal::Failed(_)]));
    assert!(scene.engine.prompt().is_none());
}

#[test]
fn signing_out_forgets_and_ends_what_is_under_way() {
    let mut scene = Scene::signed_in();
    scene.now += HOUR;
    scene.request(&contributor(), Interaction::Terminal);
    let call = scene.call();
    let keys: Vec<SessionKey> = contributor().nodes.into_iter().map(|n| n.key).collect();
    scene.step(Event::SignedOut { keys: keys.clone() });
    assert!(scene.effects.contains(&Effect::Abandon {
        attempt: call.attempt
    }));
    assert!(
        keys.iter()
            .all(|key| scene.effects.contains(&Effect::Forget { key: key.clone() }))
    );
    // The answer comes all the same, too late.
    scene.step(Event::CallFinished {
        key: call.key.clone(),
        attempt: call.attempt,
        result: Ok(Opened::until(Timestamp::from_unix_seconds(
            scene.now + HOUR,
        ))),
    });
    assert_eq!(
        scene.effects,
        [Effect::Abandon {
            attempt: call.attempt
        }]
    );
    assert_eq!(scene.state(&call.key), SessionState::Absent);
}

#[test]
fn a_refused_password_fetches_the_role_anew_but_never_asks_for_a_code() {
    let mut scene = Scene::signed_in();
    let [mfa, role] = &contributor().nodes[..] else {
        panic!("two sessions");
    };
    scene.step(Event::Rejected {
        key: role.key.clone(),
    });
    assert_eq!(scene.effects, [], "brand new credentials are not the fault");
    scene.now += HOUR / 2;
    scene.step(Event::Rejected {
        key: mfa.key.clone(),
    });
    assert_eq!(scene.effects, []);
    scene.step(Event::Rejected {
        key: role.key.clone(),
    });
    scene.request(&contributor(), Interaction::Never);
    scene.succeed(HOUR);
    assert_eq!(scene.served(), 1);
}
