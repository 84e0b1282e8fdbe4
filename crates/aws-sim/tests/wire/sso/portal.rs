//! The portal's API: accounts, roles, credentials, and signing out.

use holdfast_aws_sim::{Admin, Scenario, Sim, sso, sso_many};
use rstest::rstest;
use serde_json::{Value, json};

use super::{Client, OIDC, PORTAL, ask, json_of, start};
use crate::client::{get, post};

fn credentials(account: &str, set: &str) -> String {
    format!("/federation/credentials?role_name={set}&account_id={account}")
}

#[test]
fn credentials_of_a_role() {
    let (sim, portal) = start();
    sim.clock().freeze();
    let tokens = Client::pkce(&sim).sign_in();
    let target = credentials(sso::DEV_ACCOUNT, sso::DEV_PERMISSION_SET);
    let answer = json_of(&ask(&sim, &target, &tokens["accessToken"]));
    let role = &answer["roleCredentials"];
    assert!(role["accessKeyId"].as_str().unwrap().starts_with("ASIA"));
    let end = (sim.clock().now().as_second() + 3600) * 1000;
    assert_eq!(role["expiration"], end);
    let call = sim.calls().last().unwrap();
    assert_eq!(call.operation, "GetRoleCredentials");
    assert_eq!(call.resource.as_deref(), Some("222233334444/DevTeam"));
    assert_eq!(call.principal.as_deref(), Some(sso::USER));
    let arn = portal
        .role_arn(sso::DEV_ACCOUNT, sso::DEV_PERMISSION_SET)
        .unwrap();
    let start = "arn:aws:iam::222233334444:role/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_DevTeam_";
    assert!(arn.starts_with(start), "{arn}");
}

#[rstest]
#[case::another_account("444455556666", "DevTeam")]
#[case::another_set(sso::LIVE_ACCOUNT, "DevTeam")]
#[case::no_such_set(sso::DEV_ACCOUNT, "Nobody")]
fn no_access(#[case] account: &str, #[case] set: &str) {
    let (sim, _) = start();
    let token = Client::pkce(&sim).sign_in()["accessToken"].clone();
    let answer = ask(&sim, &credentials(account, set), &token);
    assert_eq!(answer.status, 403);
    let expect = json!({"message": "No access", "__type": "com.amazonaws.switchboard.portal#ForbiddenException"});
    assert_eq!(json_of(&answer), expect);
    assert_eq!(
        answer.header("x-amzn-errortype"),
        Some("ForbiddenException")
    );
}

#[test]
fn a_permission_set_is_taken_away_and_given_back() {
    let (sim, portal) = start();
    let token = Client::pkce(&sim).sign_in()["accessToken"].clone();
    let target = credentials(sso::DEV_ACCOUNT, sso::DEV_PERMISSION_SET);
    for (assigned, status) in [(false, 403), (true, 200)] {
        let (account, set) = (sso::DEV_ACCOUNT, sso::DEV_PERMISSION_SET);
        assert!(portal.assign(sso::USER, account, set, assigned));
        assert_eq!(ask(&sim, &target, &token).status, status);
    }
}

#[rstest]
#[case::made_up(PORTAL, "made-up")]
#[case::another_region("portal.sso.us-east-1.amazonaws.com", "")]
fn a_token_that_is_none(#[case] host: &str, #[case] token: &str) {
    let (sim, _) = start();
    let good = Client::pkce(&sim).sign_in()["accessToken"]
        .as_str()
        .unwrap()
        .to_owned();
    let token = if token.is_empty() { &good } else { token };
    let header = format!("x-amz-sso_bearer_token: {token}\r\n");
    let answer = post(&sim, host, "/logout", &header, "").unwrap();
    assert_eq!(answer.status, 401);
    let body = r#"{"__type":"com.amazonaws.switchboard.portal#UnauthorizedException","message":"Session token not found or invalid"}"#;
    let expect: Value = serde_json::from_str(body).unwrap();
    assert_eq!(json_of(&answer), expect);
}

#[test]
fn accounts_and_roles_page_by_page() {
    let sim = Sim::start(Scenario::sso_many(230, 5)).unwrap();
    let portal = sim.portal(sso_many::START_URL).unwrap();
    let client = Client::of(
        &sim,
        &json!({"clientName": "hand", "clientType": "public", "scopes": ["sso:account:access"]}),
    );
    let started = json_of(&client.start_device(sso_many::START_URL));
    assert!(sim.allow_device(started["userCode"].as_str().unwrap()));
    let token = json_of(&client.poll(&started["deviceCode"]))["accessToken"].clone();
    let mut seen = Vec::new();
    let mut target = "/assignment/accounts?max_result=100".to_owned();
    loop {
        let page = json_of(&ask(&sim, &target, &token));
        seen.extend(page["accountList"].as_array().unwrap().clone());
        let Some(next) = page["nextToken"].as_str() else {
            break;
        };
        target = format!("/assignment/accounts?max_result=100&next_token={next}");
    }
    assert_eq!(seen.len(), 230);
    assert_eq!(sim.calls().count("ListAccounts"), 3);
    assert_eq!(seen[229]["accountName"], "Team 0229");
    let roles = format!("/assignment/roles?account_id={}", sso_many::account_id(7));
    let page = json_of(&ask(&sim, &format!("{roles}&max_result=3"), &token));
    assert_eq!(page["roleList"][2]["roleName"], "Developer");
    assert!(page["nextToken"].is_string());
    for wrong in [
        "max_result=0",
        "max_result=101",
        "max_result=x",
        "next_token=%21",
    ] {
        let answer = ask(&sim, &format!("{roles}&{wrong}"), &token);
        assert_eq!(answer.status, 400, "{wrong}");
        let kind = "com.amazonaws.switchboard.portal#InvalidRequestException";
        assert_eq!(json_of(&answer)["__type"], kind);
    }
    portal.set_policy(|policy| policy.calls_per_second = Some(1));
    let statuses = [(); 3].map(|()| ask(&sim, &roles, &token).status);
    assert_eq!(statuses[2], 429, "{statuses:?}");
}

#[test]
fn signing_out_ends_the_session() {
    let (sim, portal) = start();
    let client = Client::pkce(&sim);
    let tokens = client.sign_in();
    let token = tokens["accessToken"].as_str().unwrap();
    let header = format!("x-amz-sso_bearer_token: {token}\r\n");
    let answer = post(&sim, PORTAL, "/logout", &header, "").unwrap();
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    assert!(portal.sessions().is_empty());
    assert_eq!(client.refresh(&tokens["refreshToken"]).status, 400);
    assert_eq!(sim.calls().count("Logout"), 1);
}

#[test]
fn a_program_decides_from_outside() {
    let (sim, portal) = start();
    let admin = Admin::new(sim.address());
    let client = Client::pkce(&sim);
    let url = json!({"url": client.authorize_url()});
    let allowed = admin.post("portals/answer", &url).unwrap();
    let location = allowed["location"].as_str().unwrap();
    assert!(location.contains("?code="), "{location}");
    let device = Client::device(&sim);
    let started = json_of(&device.start_device(sso::START_URL));
    let deny = json!({"user_code": started["userCode"], "answer": "deny"});
    admin.post("portals/answer", &deny).unwrap();
    assert!(admin.post("portals/answer", &deny).is_err());
    let change = json!({"start_url": sso::START_URL, "policy": {"refresh_tokens": "keep", "token_seconds": 60}});
    let policy = admin.post("portals/policy", &change).unwrap();
    assert_eq!(
        (&policy["token_seconds"], &policy["session_seconds"]),
        (&json!(60), &json!(28800))
    );
    assert_eq!(portal.policy().token_seconds, 60);
    client.sign_in();
    let listed = admin.get("portals").unwrap();
    assert_eq!(listed[0]["sessions"][0]["user"], "jo");
    let which = json!({"start_url": sso::START_URL});
    assert_eq!(
        admin.post("portals/sessions/revoke", &which).unwrap()["revoked"],
        1
    );
    admin.post("portals/sessions/end", &which).unwrap();
    let assignment = json!({
        "start_url": sso::START_URL, "user": "jo", "account": sso::DEV_ACCOUNT,
        "permission_set": "DevTeam", "assigned": false,
    });
    admin.post("portals/assignments", &assignment).unwrap();
    assert_eq!(
        admin.post("portals/clients", &json!("forget")).unwrap()["forgotten"],
        2
    );
    admin
        .post("portals/clients", &json!({"seconds": 60}))
        .unwrap();
    assert!(
        admin
            .post("portals/policy", &json!({"start_url": "https://x"}))
            .is_err()
    );
}

#[test]
fn pages_of_portals() {
    let (sim, _) = start();
    let page = get(&sim, "holdfast-demo.awsapps.com").unwrap();
    assert_eq!(page.status, 400);
    let page = get(&sim, "holdfast-dmo.awsapps.com").unwrap();
    assert!(
        page.body
            .contains("There is no access portal at this address.")
    );
    assert_eq!(get(&sim, OIDC).unwrap().status, 404);
}
