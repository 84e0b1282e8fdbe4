//! The real AWS CLI and the newest botocore with IAM Identity Center: sign-in, roles, renewal, signing out.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use holdfast_aws_sim::{Fault, PortalControl, RefreshTokens, Rule, Scenario, Sim, sso};
use rstest::rstest;
use serde_json::{Value, json};

use crate::home::{Home, Ran, aws_cli, python};

/// Longest that the CLI may take to ask for a person.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn home() -> (Home, PortalControl) {
    let home = Home::new(Sim::start(Scenario::sso()).unwrap());
    let portal = home.sim.portal(sso::START_URL).unwrap();
    (home, portal)
}

/// `aws sso login`, which waits for a person.
pub(crate) fn start_login(home: &Home, profile: &str) -> Child {
    home.command(aws_cli())
        .args(["sso", "login", "--no-browser", "--profile", profile])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

pub(crate) fn finish(login: Child) -> Ran {
    let output = login.wait_with_output().unwrap();
    Ran {
        success: output.status.success(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The code that a device waits with.
pub(crate) fn user_code(portal: &PortalControl) -> String {
    let begun = Instant::now();
    loop {
        if let Some(code) = portal.user_codes().pop() {
            return code;
        }
        assert!(begun.elapsed() < PATIENCE, "no device waits for a person");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn sign_in(home: &Home, portal: &PortalControl, profile: &str) {
    let login = start_login(home, profile);
    assert!(home.sim.allow_device(&user_code(portal)));
    finish(login).ok();
}

fn who(home: &Home, profile: &str) -> Ran {
    home.aws(&["sts", "get-caller-identity", "--profile", profile])
}

/// The access token that the CLI keeps.
fn cached_token(home: &Home) -> String {
    let folder = home.path().join(".aws/sso/cache");
    let files = std::fs::read_dir(folder).unwrap();
    files
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .map(|text| serde_json::from_str::<Value>(&text).unwrap())
        .find_map(|token| token["accessToken"].as_str().map(str::to_owned))
        .unwrap()
}

fn refreshes(home: &Home) -> usize {
    let calls = home.sim.calls();
    let of_token =
        |kind| move |call: &holdfast_aws_sim::Call| call.resource.as_deref() == Some(kind);
    calls.matching(of_token("refresh_token")).len()
}

#[test]
fn one_sign_in_serves_roles_repositories_and_chains() {
    let (home, portal) = home();
    sign_in(&home, &portal, sso::DEV_PROFILE);
    let arn = who(&home, sso::DEV_PROFILE).json()["Arn"]
        .as_str()
        .unwrap()
        .to_owned();
    let begin = "arn:aws:sts::222233334444:assumed-role/AWSReservedSSO_DevTeam_";
    assert!(arn.starts_with(begin) && arn.ends_with("/jo"), "{arn}");
    // This version of the CLI cannot do so by a profile over an `sso-session`.
    let chain = [
        "sts",
        "assume-role",
        "--profile",
        sso::DEV_PROFILE,
        "--role-arn",
        sso::LIVE_ROLE_ARN,
        "--role-session-name",
        "jo",
    ];
    let assumed = home.aws(&chain).json()["AssumedRoleUser"]["Arn"].clone();
    let expect = "arn:aws:sts::333344445555:assumed-role/LiveSupport/jo";
    assert_eq!(assumed, expect);

    home.use_credential_helper(sso::DEV_PROFILE);
    home.git(&["clone", "--quiet", sso::CLONE_URL, "copy"]).ok();
    let commit = [
        "-C",
        "copy",
        "commit",
        "--quiet",
        "--allow-empty",
        "-m",
        "more",
    ];
    home.git(&commit).ok();
    home.git(&["-C", "copy", "push", "--quiet"]).ok();
    assert_eq!(home.sim.calls().count("StartDeviceAuthorization"), 1);
    assert_eq!(home.sim.calls().count("Authorize"), 0);
}

#[test]
fn accounts_and_roles_are_listed() {
    let (home, portal) = home();
    sign_in(&home, &portal, sso::DEV_PROFILE);
    let token = cached_token(&home);
    let list = |arguments: &[&str]| {
        let mut all = vec!["sso"];
        all.extend(arguments);
        all.extend(["--access-token", &token, "--region", sso::SSO_REGION]);
        home.aws(&all)
    };
    let accounts = list(&["list-accounts"]).json();
    assert_eq!(accounts["accountList"][0]["accountName"], "Development");
    assert_eq!(accounts["accountList"].as_array().unwrap().len(), 2);
    home.sim.calls().clear();
    let of_account = [
        "list-account-roles",
        "--account-id",
        sso::DEV_ACCOUNT,
        "--page-size",
        "1",
    ];
    let roles = list(&of_account).json();
    assert_eq!(roles["roleList"][1]["roleName"], sso::READ_PERMISSION_SET);
    assert_eq!(home.sim.calls().count("ListAccountRoles"), 2);
    let none = [
        "get-role-credentials",
        "--account-id",
        sso::PARTNER_ACCOUNT,
        "--role-name",
        "Contributor",
    ];
    let error = list(&none).failed();
    let expect = "(ForbiddenException) when calling the GetRoleCredentials operation: No access";
    assert!(error.contains(expect), "{error}");
    let error = list(&["list-accounts", "--max-results", "101", "--no-paginate"]).failed();
    assert!(error.contains("valid limits of: 1-100"), "{error}");
}

#[rstest]
#[case(RefreshTokens::Rotate)]
#[case(RefreshTokens::RotateWithGrace)]
#[case(RefreshTokens::Keep)]
fn the_cli_renews_by_itself(#[case] refresh_tokens: RefreshTokens) {
    let (home, portal) = home();
    // The CLI renews what ends within a quarter of an hour, by the machine's clock.
    portal.set_policy(|policy| {
        policy.token_seconds = 120;
        policy.refresh_tokens = refresh_tokens;
    });
    sign_in(&home, &portal, sso::DEV_PROFILE);
    for renewed in 1..=2 {
        home.sim.clock().advance(Duration::from_secs(120));
        std::fs::remove_dir_all(home.path().join(".aws/cli/cache")).ok();
        who(&home, sso::DEV_PROFILE).ok();
        assert_eq!(refreshes(&home), renewed);
    }
    assert_eq!(home.sim.calls().count("StartDeviceAuthorization"), 1);
}

#[test]
fn signing_out_ends_the_session_at_aws() {
    let (home, portal) = home();
    sign_in(&home, &portal, sso::DEV_PROFILE);
    assert_eq!(portal.sessions().len(), 1);
    home.aws(&["sso", "logout", "--profile", sso::DEV_PROFILE])
        .ok();
    assert!(portal.sessions().is_empty());
    who(&home, sso::DEV_PROFILE).failed();
}

#[test]
fn a_revoked_session_is_not_let_in() {
    let (home, portal) = home();
    sign_in(&home, &portal, sso::DEV_PROFILE);
    portal.revoke_sessions();
    let error = who(&home, sso::DEV_PROFILE).failed();
    assert!(error.contains("SSO session"), "{error}");
}

#[test]
fn a_sign_in_that_is_turned_away() {
    let (home, portal) = home();
    let login = start_login(&home, sso::LEGACY_PROFILE);
    assert!(home.sim.deny_device(&user_code(&portal)));
    let error = finish(login).failed();
    assert!(error.contains("(AccessDeniedException)"), "{error}");
}

#[test]
fn a_sign_in_at_a_portal_that_is_not_there() {
    let (home, _) = home();
    home.append(
        ".aws/config",
        "\n[profile typo]\nsso_start_url = https://holdfast-dmo.awsapps.com/start\nsso_region = eu-central-1\n\
         sso_account_id = 222233334444\nsso_role_name = DevTeam\n\
         [profile elsewhere]\nsso_start_url = https://holdfast-demo.awsapps.com/start\nsso_region = us-east-1\n\
         sso_account_id = 222233334444\nsso_role_name = DevTeam\n",
    );
    for profile in ["typo", "elsewhere"] {
        let error = finish(start_login(&home, profile)).failed();
        let expect =
            "(InvalidRequestException) when calling the StartDeviceAuthorization operation";
        assert!(error.contains(expect), "{error}");
    }
}

#[test]
fn a_client_that_aws_has_forgotten() {
    let (home, portal) = home();
    sign_in(&home, &portal, sso::DEV_PROFILE);
    home.sim.forget_clients();
    let error = finish(start_login(&home, sso::DEV_PROFILE)).failed();
    assert!(error.contains("(InvalidClientException)"), "{error}");
}

#[test]
fn throttled_calls_are_tried_again() {
    let (home, portal) = home();
    sign_in(&home, &portal, sso::DEV_PROFILE);
    let fault = Fault::error(429, "TooManyRequestsException", "HTTP 429 Unknown Code");
    home.sim
        .faults()
        .add(Rule::new(fault).operation("GetRoleCredentials").times(1));
    who(&home, sso::DEV_PROFILE).ok();
    assert_eq!(home.sim.calls().count("GetRoleCredentials"), 2);
}

#[test]
fn botocore_signs_in_with_a_code_of_the_browsers() {
    let (home, portal) = home();
    portal.set_policy(|policy| policy.token_seconds = 300);
    let mut client = home.command(python());
    client.args(["-c", include_str!("sso.py")]);
    client.args([
        sso::START_URL,
        sso::SSO_REGION,
        sso::SSO_SESSION,
        sso::DEV_PROFILE,
    ]);
    client.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut client = client.spawn().unwrap();
    let mut said = BufReader::new(client.stdout.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    let location = home.sim.allow(line.trim()).unwrap();
    writeln!(client.stdin.take().unwrap(), "{location}").unwrap();
    line.clear();
    said.read_line(&mut line).unwrap();
    assert!(client.wait().unwrap().success());
    let result: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(result["expires_in"], 300);
    assert_eq!(result["accounts"], json!(["Development", "Live"]));
    let refused = |name: &str| result[name].clone();
    assert_eq!(
        refused("used_code"),
        json!(["InvalidGrantException", "invalid_grant"])
    );
    assert_eq!(
        refused("wrong_client"),
        json!(["InvalidClientException", "invalid_client"])
    );
    assert_eq!(
        refused("wrong_token"),
        json!(["UnauthorizedException", null])
    );
    let arn = result["arn"].as_str().unwrap();
    assert!(
        arn.contains("/AWSReservedSSO_DevTeam_") && arn.ends_with("/jo"),
        "{arn}"
    );
    assert_eq!(refreshes(&home), 1);
}
