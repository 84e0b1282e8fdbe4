//! Renewing tokens silently: on disk before they are used, once for everybody, and never again and again.

use super::desk::Desk;
use holdfast_agent_proto::{ErrorCode, Request};
use std::fs;

/// Seconds after which the first token has ended.
const HOUR: i64 = 3600;

#[tokio::test]
async fn a_sign_in_outlives_the_agent() {
    let mut desk = Desk::new().await;
    desk.sign_in("dev").await;
    desk.credentials("dev").await.unwrap();
    let mut desk = desk.restart().await;
    assert_eq!(
        desk.credentials("legacy").await.unwrap(),
        "ASIA444455556666"
    );
    assert_eq!(desk.credentials("dev").await.unwrap(), "ASIA111122223333");
    let world = desk.aws.world();
    assert_eq!(
        (world.refreshes, world.role_calls),
        (0, 2),
        "role credentials were kept"
    );
}

#[tokio::test]
async fn a_thousand_callers_cause_one_refresh() {
    let mut desk = Desk::new().await;
    desk.sign_in("dev").await;
    desk.pass(HOUR);
    let mut answers = Vec::new();
    for n in 0..1000 {
        let profile = if n % 2 == 0 { "dev" } else { "legacy" };
        let request = Request::Credentials {
            profile: profile.to_owned(),
            wait_seconds: 0,
        };
        answers.push(desk.send(request).await.1);
    }
    for mut answer in answers {
        assert!(answer.get().await.is_ok());
    }
    let world = desk.aws.world();
    // One role at the sign-in, and both after the refresh.
    assert_eq!((world.refreshes, world.role_calls), (1, 3));
}

#[tokio::test]
async fn a_new_token_is_on_disk_before_it_is_used() {
    let mut desk = Desk::new().await;
    desk.sign_in("dev").await;
    for hour in 1..=5 {
        desk.pass(HOUR);
        // Killed right after the first use of each token: the next agent goes on with it.
        assert_eq!(desk.credentials("dev").await.unwrap(), "ASIA111122223333");
        assert_eq!(desk.aws.world().refreshes, hour);
        desk = desk.restart().await;
    }
}

#[tokio::test]
async fn a_crash_between_answer_and_disk_costs_one_sign_in_and_no_loop() {
    let mut desk = Desk::new().await;
    desk.sign_in("dev").await;
    let before = fs::read(desk.store()).unwrap();
    desk.pass(HOUR);
    desk.credentials("dev").await.unwrap();
    assert_eq!(desk.aws.world().refreshes, 1);
    // As if the agent had been killed after AWS answered and before the file was renamed.
    desk.saved("dev").await;
    let store = desk.store();
    let folder = desk.folder().to_owned();
    fs::write(folder.join("before"), before).unwrap();
    let mut desk = desk
        .restart_with(|| fs::rename(folder.join("before"), &store).unwrap())
        .await;
    for _ in 0..20 {
        let told = desk.credentials("dev").await.unwrap_err();
        assert_eq!(told.code, ErrorCode::SignInRequired, "{told}");
    }
    assert_eq!(
        desk.aws.world().refreshes,
        2,
        "asked once more, and not again"
    );
    desk.sign_in("dev").await;
    assert_eq!(desk.credentials("dev").await.unwrap(), "ASIA111122223333");
    assert_eq!(desk.aws.world().refreshes, 2);
}

#[tokio::test]
async fn a_lost_answer_costs_at_most_one_sign_in() {
    let mut desk = Desk::new().await;
    desk.sign_in("dev").await;
    desk.pass(HOUR);
    desk.aws.world().lost_answers = 1;
    let told = desk.credentials("dev").await.unwrap_err();
    assert_eq!(
        told.code,
        ErrorCode::Offline,
        "nobody is signed out by a network: {told}"
    );
    desk.pass(60);
    for _ in 0..20 {
        let told = desk.credentials("dev").await.unwrap_err();
        assert_eq!(told.code, ErrorCode::SignInRequired, "{told}");
        desk.pass(60);
    }
    assert_eq!(
        desk.aws.world().refreshes,
        2,
        "asked once more, and not again"
    );
    desk.sign_in("dev").await;
    assert_eq!(desk.credentials("dev").await.unwrap(), "ASIA111122223333");
}

#[tokio::test]
async fn a_network_that_fails_signs_nobody_out() {
    let mut desk = Desk::new().await;
    desk.sign_in("dev").await;
    desk.pass(HOUR);
    desk.aws.world().offline = true;
    let told = desk.credentials("dev").await.unwrap_err();
    assert_eq!(told.code, ErrorCode::Offline);
    desk.aws.world().offline = false;
    let mut desk = desk.restart().await;
    assert_eq!(desk.credentials("dev").await.unwrap(), "ASIA111122223333");
    assert_eq!(desk.aws.world().refreshes, 1);
}

#[tokio::test]
async fn a_session_that_aws_ended_is_said_to_have_ended() {
    let mut desk = Desk::new().await;
    desk.sign_in("dev").await;
    desk.pass(HOUR);
    desk.aws.world().refresh_token = None;
    let told = desk.credentials("dev").await.unwrap_err();
    assert_eq!(told.code, ErrorCode::SignInRequired, "{told}");
    assert!(told.message.contains("has ended"), "{told}");
    assert_eq!(desk.aws.world().refreshes, 1);
}

#[tokio::test]
async fn a_client_that_was_forgotten_does_not_renew() {
    let mut desk = Desk::new().await;
    desk.sign_in("dev").await;
    desk.pass(HOUR);
    desk.aws.world().clients.clear();
    let told = desk.credentials("dev").await.unwrap_err();
    assert_eq!(told.code, ErrorCode::SignInRequired, "{told}");
    assert_eq!(
        desk.aws.world().registrations,
        1,
        "an old token is of no use to a new client"
    );
}

#[tokio::test]
async fn how_long_portal_sessions_last_is_learned_and_said() {
    let mut desk = Desk::new().await;
    for day in 0..2 {
        let end = desk.now().plus_seconds(8 * HOUR);
        desk.aws.world().ends_at = Some(end);
        desk.sign_in("dev").await;
        let known = desk.portal().await.ends_at;
        assert_eq!(known.is_some(), day > 0, "known from the day before");
        for _ in 0..12 {
            desk.pass(HOUR * 2 / 3 - 1);
            desk.credentials("dev").await.unwrap();
            desk.renew("dev").await;
        }
        let portal = desk.portal().await;
        assert_eq!(portal.lasts_seconds, Some(8 * 3600));
        assert_eq!(portal.ends_at, Some(end.unix_seconds()));
        desk.pass(HOUR);
        let told = desk.credentials("dev").await.unwrap_err();
        assert_eq!(
            told.message,
            "the sign-in to corp.awsapps.com for profile dev has ended; your administrator limits it to 8 hours"
        );
        desk.pass(15 * HOUR);
    }
}
