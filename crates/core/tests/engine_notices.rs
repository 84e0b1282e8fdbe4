//! When people are told that a session ends which only they can renew.

mod scene;

use holdfast_core::engine::{Effect, Event, Interaction, Opened, Policy, SessionState};
use holdfast_core::time::Timestamp;
use scene::{HOUR, Scene, portal_role};

#[test]
fn people_are_warned_fifteen_and_five_minutes_before_a_session_with_mfa_ends() {
    let mut scene = Scene::signed_in();
    let mut notices = Vec::new();
    for _ in 0..(12 * HOUR / 30) {
        for effect in scene.tick_after(30).to_vec() {
            if let Effect::ExpiringSoon { seconds_left, .. } = effect {
                notices.push(seconds_left);
            } else if let Effect::Call(_) = effect {
                scene.succeed(HOUR);
            }
        }
    }
    assert_eq!(notices, [900, 300]);
}

#[test]
fn after_a_long_sleep_there_is_one_notice_at_most_and_no_prompt() {
    let mut scene = Scene::signed_in();
    let effects = scene.tick_after(12 * HOUR - 100).to_vec();
    let notices = |effect: &&Effect| matches!(effect, Effect::ExpiringSoon { .. });
    assert_eq!(effects.iter().filter(notices).count(), 1);
    scene.tick_after(30 * 24 * HOUR);
    assert!(scene.engine.prompt().is_none());
    assert_eq!(scene.opened_prompt(), None);
}

/// With a sign-in that ends in so many seconds and an hourly token.
fn signed_in_for(seconds: i64) -> Scene {
    let mut scene = Scene::new();
    scene.sign_in(&portal_role("Admin"));
    let opened = Opened {
        sign_in_ends_at: Some(Timestamp::from_unix_seconds(scene.now + seconds)),
        ..scene.token(HOUR)
    };
    let call = scene.call();
    scene.finish(&call, Ok(opened));
    scene
}

/// What is announced while time goes on for so long. Refreshes bring tokens of an hour.
fn notices(scene: &mut Scene, seconds: i64) -> Vec<u32> {
    let mut notices = Vec::new();
    for _ in 0..seconds / 30 {
        for effect in scene.tick_after(30).to_vec() {
            if let Effect::ExpiringSoon { seconds_left, .. } = effect {
                notices.push(seconds_left);
            } else if let Effect::Call(call) = effect {
                let opened = scene.token(HOUR);
                scene.finish(&call, Ok(opened));
            }
        }
    }
    notices
}

#[test]
fn a_sign_in_is_announced_once_at_the_longest_lead_time() {
    let mut scene = signed_in_for(2 * HOUR);
    assert_eq!(notices(&mut scene, HOUR), [] as [u32; 0]);
    scene.request(&portal_role("Admin"), Interaction::Terminal);
    scene.succeed(HOUR);
    let portal = &portal_role("Admin").nodes[0].key;
    assert_eq!(scene.state(portal), SessionState::Valid);
    assert_eq!(notices(&mut scene, HOUR - 60), [900]);
    assert_eq!(scene.state(portal), SessionState::Expiring);
}

#[test]
fn the_end_of_a_sign_in_that_nobody_used_lately_is_told_to_nobody() {
    let mut scene = signed_in_for(8 * HOUR);
    assert_eq!(notices(&mut scene, 8 * HOUR - 600), [] as [u32; 0]);
    let portal = &portal_role("Admin").nodes[0].key;
    assert_eq!(scene.state(portal), SessionState::Valid);
    // Somebody comes back to it while the lead time runs.
    scene.request(&portal_role("Admin"), Interaction::Terminal);
    scene.succeed(HOUR);
    assert_eq!(notices(&mut scene, 570), [570]);
}

#[test]
fn another_sign_in_is_announced_anew() {
    let mut scene = signed_in_for(HOUR);
    assert_eq!(notices(&mut scene, HOUR - 300), [900]);
    scene.sign_in(&portal_role("Admin"));
    let opened = Opened {
        sign_in_ends_at: Some(Timestamp::from_unix_seconds(scene.now + HOUR)),
        ..scene.token(HOUR)
    };
    let call = scene.call();
    scene.finish(&call, Ok(opened));
    assert_eq!(notices(&mut scene, HOUR), [900]);
}

#[test]
fn what_cannot_be_refreshed_ends_with_its_token() {
    let mut scene = Scene::new();
    scene.sign_in(&portal_role("Admin"));
    scene.succeed(HOUR);
    assert_eq!(notices(&mut scene, HOUR - 30), [900]);
}

#[test]
fn whoever_wants_no_notices_gets_none() {
    let mut scene = signed_in_for(HOUR);
    let policy = Policy {
        notice_seconds: Vec::new(),
        ..Policy::default()
    };
    scene.step(Event::PolicyChanged { policy });
    assert_eq!(notices(&mut scene, HOUR - 30), [] as [u32; 0]);
}
