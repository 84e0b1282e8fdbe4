//! Renewal with a refresh token: what becomes of the old one, lost answers, and the end of the session.

use std::time::Duration;

use holdfast_aws_sim::{Fault, RefreshTokens, Rule, Sim};
use rstest::rstest;
use serde_json::Value;

use super::{Client, ask, assert_error, call, json_of, start};

/// The refresh token of a successful answer.
fn renewed(client: &Client<'_>, token: &Value) -> Value {
    let answer = client.refresh(token);
    assert_eq!(answer.status, 200, "{}", answer.body);
    json_of(&answer)["refreshToken"].clone()
}

fn refused(client: &Client<'_>, token: &Value) {
    let answer = client.refresh(token);
    assert_error(&answer, 400, "InvalidGrantException", "invalid_grant");
    let why = &json_of(&answer)["error_description"];
    assert_eq!(why, "Invalid refresh token provided");
}

fn reach(sim: &Sim, token: &Value) -> u16 {
    ask(sim, "/assignment/accounts", token).status
}

#[test]
fn a_used_refresh_token_is_replaced() {
    let (sim, _) = start();
    let client = Client::pkce(&sim);
    let first = client.sign_in()["refreshToken"].clone();
    let second = renewed(&client, &first);
    assert_ne!(first, second);
    refused(&client, &first);
    renewed(&client, &second);
    refused(&Client::pkce(&sim), &second);
}

#[test]
fn the_old_one_stays_good_until_the_new_one_is_used() {
    let (sim, portal) = start();
    portal.set_policy(|policy| policy.refresh_tokens = RefreshTokens::RotateWithGrace);
    let client = Client::pkce(&sim);
    let first = client.sign_in()["refreshToken"].clone();
    renewed(&client, &first);
    let second = renewed(&client, &first);
    let third = renewed(&client, &second);
    refused(&client, &first);
    assert_ne!(second, third);
}

#[test]
fn refresh_tokens_may_stay() {
    let (sim, portal) = start();
    portal.set_policy(|policy| policy.refresh_tokens = RefreshTokens::Keep);
    let client = Client::pkce(&sim);
    let first = client.sign_in()["refreshToken"].clone();
    assert_eq!(renewed(&client, &first), first);
}

/// Whether the server acted before its answer was lost is what tells the two apart.
#[rstest]
#[case(Fault::Reset, RefreshTokens::Rotate, 200)]
#[case(Fault::LostAnswer, RefreshTokens::Rotate, 400)]
#[case(Fault::LostAnswer, RefreshTokens::RotateWithGrace, 200)]
fn a_lost_answer(#[case] fault: Fault, #[case] policy: RefreshTokens, #[case] then: u16) {
    let (sim, portal) = start();
    portal.set_policy(|old| old.refresh_tokens = policy);
    let client = Client::pkce(&sim);
    let token = client.sign_in()["refreshToken"].clone();
    let body = serde_json::json!({
        "grantType": "refresh_token",
        "clientId": client.id,
        "clientSecret": client.secret,
        "refreshToken": token,
    });
    sim.faults()
        .add(Rule::new(fault).resource("refresh_token").times(1));
    let lost = crate::client::post(&sim, super::OIDC, "/token", "", &body.to_string());
    assert!(lost.is_err());
    assert_eq!(sim.calls().last().unwrap().status, None);
    assert_eq!(call(&sim, "/token", &body).status, then);
}

#[test]
fn tokens_end_with_their_session() {
    let (sim, portal) = start();
    sim.clock().freeze();
    portal.set_policy(|policy| policy.session_seconds = 9000);
    let client = Client::pkce(&sim);
    let mut tokens = client.sign_in();
    for expect in [3600, 3600, 1800] {
        assert_eq!(tokens["expiresIn"], expect);
        assert_eq!(reach(&sim, &tokens["accessToken"]), 200);
        let old = tokens["accessToken"].clone();
        let lasts = Duration::from_secs(tokens["expiresIn"].as_u64().unwrap());
        if expect == 3600 {
            sim.clock().advance(lasts);
            assert_eq!(reach(&sim, &old), 401);
            tokens = json_of(&client.refresh(&tokens["refreshToken"]));
        }
    }
    sim.clock().advance(Duration::from_secs(1800));
    assert_eq!(reach(&sim, &tokens["accessToken"]), 401);
    refused(&client, &tokens["refreshToken"]);
}

#[test]
fn a_token_may_say_more_than_its_session_holds() {
    let (sim, portal) = start();
    portal.set_policy(|policy| {
        policy.session_seconds = 1800;
        policy.tokens_end_with_session = false;
    });
    let tokens = Client::pkce(&sim).sign_in();
    assert_eq!(tokens["expiresIn"], 3600);
    sim.clock().advance(Duration::from_secs(1800));
    assert_eq!(reach(&sim, &tokens["accessToken"]), 401);
}

#[test]
fn sessions_are_revoked_and_end() {
    let (sim, portal) = start();
    let client = Client::pkce(&sim);
    let tokens = client.sign_in();
    assert_eq!(portal.revoke_sessions_of("al"), 0);
    assert_eq!(portal.revoke_sessions_of("jo"), 1);
    assert_eq!(reach(&sim, &tokens["accessToken"]), 401);
    refused(&client, &tokens["refreshToken"]);
    let tokens = client.sign_in();
    portal.end_sessions();
    assert_eq!(reach(&sim, &tokens["accessToken"]), 401);
    assert!(portal.sessions().is_empty());
    let tokens = client.sign_in();
    portal.revoke_sessions();
    assert_eq!(reach(&sim, &tokens["accessToken"]), 401);
}
