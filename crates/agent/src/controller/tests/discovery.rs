//! Accounts and roles of a portal: told as they become known, at ten calls a second, and kept.

use super::desk::{Answer, Desk};
use holdfast_agent_proto::view::SsoAccountView;
use holdfast_agent_proto::{AgentError, ErrorCode, Reply, Request};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::Instant;

fn request(roles: bool, refresh: bool) -> Request {
    Request::SsoAccounts {
        start_url: "https://corp.awsapps.com/start".to_owned(),
        region: "eu-west-1".to_owned(),
        roles,
        refresh,
    }
}

/// One part of an answer: the accounts, how many are known completely, of how many, and whether more follow.
async fn part(answer: &mut Answer) -> Result<(Vec<SsoAccountView>, u32, u32, bool), AgentError> {
    let Reply::SsoAccounts {
        accounts,
        done,
        total,
        more,
        ..
    } = answer.get().await?
    else {
        panic!("no accounts");
    };
    Ok((accounts, done, total, more))
}

/// All accounts of an answer, and the number of its parts.
async fn whole(answer: &mut Answer) -> (Vec<SsoAccountView>, usize) {
    let (mut all, mut parts) = (Vec::new(), 0);
    loop {
        let (accounts, done, _, more) = part(answer).await.unwrap();
        all.extend(accounts);
        parts += 1;
        assert_eq!(all.len(), done as usize);
        if !more {
            return (all, parts);
        }
    }
}

/// A desk that is signed in, with time that passes only while everybody waits.
async fn signed_in(accounts: usize) -> Desk {
    let mut desk = Desk::new().await;
    desk.aws.world().machine.accounts = accounts;
    desk.sign_in("dev").await;
    tokio::time::pause();
    desk
}

#[tokio::test]
async fn nobody_is_signed_in_for_a_list() {
    let mut desk = Desk::new().await;
    let error = desk.ask(request(true, false)).await.err().unwrap();
    assert_eq!(error.code, ErrorCode::SignInRequired);
    assert!(
        error.message.contains("corp.awsapps.com"),
        "{}",
        error.message
    );
}

#[tokio::test]
async fn a_thousand_accounts_take_as_long_as_they_must_and_then_no_time() {
    let mut desk = signed_in(1000).await;
    let begin = Instant::now();
    let (_, mut answer) = desk.send(request(true, false)).await;
    let (accounts, parts) = whole(&mut answer).await;
    let took = begin.elapsed();
    let ids: BTreeSet<&str> = accounts.iter().map(|it| it.account_id.as_str()).collect();
    assert_eq!(ids.len(), 1000);
    for account in &accounts {
        let roles = account.roles.as_ref().unwrap().join("");
        assert_eq!(roles, "ABCDE", "{}", account.account_id);
    }
    assert!(parts > 100, "progress is told");
    let calls = desk.aws.world().machine.questions.len();
    assert_eq!(calls, 1010, "each question once");
    let least = Duration::from_millis(100) * (1010 - 1);
    assert!(
        took >= least && took < least + Duration::from_secs(3),
        "{took:?}"
    );

    let (_, mut again) = desk.send(request(true, false)).await;
    let (known, parts) = whole(&mut again).await;
    assert_eq!(known, accounts);
    assert_eq!(parts, 10);
    tokio::time::resume();
    let mut desk = desk.restart_well().await;
    let (_, mut later) = desk.send(request(true, false)).await;
    assert_eq!(whole(&mut later).await.0, accounts);
    assert_eq!(desk.aws.world().machine.questions.len(), calls);
}

#[tokio::test]
async fn a_listing_pauses_with_who_waits_and_goes_on_from_there() {
    let mut desk = signed_in(60).await;
    let (connection, mut answer) = desk.send(request(true, false)).await;
    while part(&mut answer).await.unwrap().1 < 10 {}
    desk.hang_up(connection).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let paused = desk.aws.world().machine.questions.len();
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(
        desk.aws.world().machine.questions.len(),
        paused,
        "nobody waits"
    );
    assert!(paused < 30, "{paused}");

    let (_, mut answer) = desk.send(request(true, false)).await;
    assert_eq!(whole(&mut answer).await.0.len(), 60);
    let questions = desk.aws.world().machine.questions.clone();
    let different: BTreeSet<&String> = questions.iter().collect();
    assert_eq!(different.len(), questions.len(), "nothing is asked twice");
    assert_eq!(questions.len(), 61);
}

#[tokio::test]
async fn slowing_down_is_no_failure() {
    let mut desk = signed_in(20).await;
    desk.aws.world().machine.too_often = 3;
    let (_, mut answer) = desk.send(request(true, false)).await;
    assert_eq!(whole(&mut answer).await.0.len(), 20);
}

#[tokio::test]
async fn two_who_ask_share_the_calls_and_accounts_come_without_roles() {
    let mut desk = signed_in(150).await;
    let (_, mut first) = desk.send(request(true, false)).await;
    let (_, mut second) = desk.send(request(false, false)).await;
    let (accounts, _) = whole(&mut second).await;
    assert_eq!(accounts.len(), 150);
    assert_eq!(whole(&mut first).await.0.len(), 150);
    assert_eq!(desk.aws.world().machine.questions.len(), 152);
    let (_, mut anew) = desk.send(request(false, true)).await;
    assert_eq!(whole(&mut anew).await.0.len(), 150);
    assert_eq!(desk.aws.world().machine.questions.len(), 154, "asked anew");
}

#[tokio::test]
async fn portals_are_named_with_their_profiles() {
    let mut desk = Desk::new().await;
    desk.sign_in("dev").await;
    let Ok(Reply::Portals { portals }) = desk.ask(Request::Portals).await else {
        panic!("no portals");
    };
    assert_eq!(portals.len(), 1);
    assert_eq!(portals[0].start_url, "https://corp.awsapps.com/start");
    assert_eq!(portals[0].sso_sessions, ["corp"]);
    assert_eq!(portals[0].profiles, ["dev", "gone", "legacy"]);
    let state = portals[0].state;
    assert_eq!(state, holdfast_agent_proto::view::SessionState::Valid);
}
