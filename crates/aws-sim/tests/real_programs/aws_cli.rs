//! The real AWS CLI: signatures, one-time codes, role chains and keys.

use std::time::Duration;

use holdfast_aws_sim::{Account, Fault, Role, Rule, Scenario, Service, Sim, Trust, User, blog};
use rstest::rstest;

use crate::home::{Home, Ran};

fn home() -> Home {
    Home::new(Sim::start(Scenario::blog()).unwrap())
}

fn get_session_token(home: &Home, more: &[&str]) -> Ran {
    let mut arguments = vec!["sts", "get-session-token", "--profile", blog::KEY_PROFILE];
    arguments.extend(more);
    home.aws(&arguments)
}

fn with_code<'a>(serial: &'a str, code: &'a str) -> [&'a str; 4] {
    ["--serial-number", serial, "--token-code", code]
}

#[test]
fn a_user_is_told_who_it_is() {
    let home = home();
    let who = home
        .aws(&["sts", "get-caller-identity", "--profile", blog::KEY_PROFILE])
        .json();
    assert_eq!(who["Arn"], blog::USER_ARN);
    assert_eq!(who["Account"], blog::ACCOUNT_A);
    let call = home.sim.calls().last().unwrap();
    assert_eq!(call.operation, "GetCallerIdentity");
    assert_eq!(call.principal.as_deref(), Some(blog::USER_ARN));
    assert_eq!(
        call.access_key_id,
        home.sim.access_key(blog::USER).map(|key| key.id)
    );
    assert_eq!(call.status, Some(200));
    assert!(
        call.user_agent
            .is_some_and(|agent| agent.starts_with("aws-cli/2"))
    );
}

#[test]
fn a_code_opens_one_session() {
    let home = home();
    let code = home.sim.totp_now(blog::MFA_SERIAL).unwrap();
    let options = with_code(blog::MFA_SERIAL, &code);
    let answer = get_session_token(&home, &options).json();
    let credentials = &answer["Credentials"];
    assert!(
        credentials["AccessKeyId"]
            .as_str()
            .unwrap()
            .starts_with("ASIA")
    );
    let again = get_session_token(&home, &options).failed();
    assert!(
        again.contains("(AccessDenied) when calling the GetSessionToken operation: MultiFactorAuthentication failed with invalid MFA one time pass code."),
        "{again}"
    );
    let next = home.sim.totp_next(blog::MFA_SERIAL).unwrap();
    get_session_token(&home, &with_code(blog::MFA_SERIAL, &next)).ok();
}

#[rstest]
#[case::wrong_code(
    blog::MFA_SERIAL,
    None,
    "AccessDenied) when calling the GetSessionToken operation: MultiFactorAuthentication failed with invalid MFA one time pass code."
)]
#[case::not_digits(blog::MFA_SERIAL, Some("12345x"), r"Value '12345x' at 'tokenCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [\d]*")]
#[case::too_long(
    blog::MFA_SERIAL,
    Some("1234567"),
    "Value '1234567' at 'tokenCode' failed to satisfy constraint: Member must have length less than or equal to 6"
)]
#[case::no_such_device(
    "arn:aws:iam::111122223333:mfa/Other",
    Some("123456"),
    "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid"
)]
fn bad_codes(#[case] serial: &str, #[case] code: Option<&str>, #[case] expect: &str) {
    let home = home();
    let wrong = home.sim.wrong_code(blog::MFA_SERIAL).unwrap();
    let error = get_session_token(&home, &with_code(serial, code.unwrap_or(&wrong))).failed();
    assert!(error.contains(expect), "{error}");
}

#[test]
fn a_session_lasts_at_most_a_day_and_a_half() {
    let home = home();
    let error = get_session_token(&home, &["--duration-seconds", "129601"]).failed();
    let expect = "(ValidationError) when calling the GetSessionToken operation: 1 validation error detected: Value '129601' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 129600";
    assert!(error.contains(expect), "{error}");
}

#[test]
fn the_role_is_reached_through_a_session_with_a_code() {
    let home = home();
    home.sign_in();
    let who = home
        .aws(&["sts", "get-caller-identity", "--profile", "Contributor"])
        .json();
    let arn = who["Arn"].as_str().unwrap();
    let expect = "arn:aws:sts::222233334444:assumed-role/MyRepositoryContributorRole/";
    assert!(arn.starts_with(expect), "{arn}");
    let assumed = home
        .sim
        .calls()
        .matching(|call| call.operation == "AssumeRole");
    assert_eq!(assumed.len(), 1);
    assert_eq!(assumed[0].principal.as_deref(), Some(blog::USER_ARN));
    assert_eq!(assumed[0].resource.as_deref(), Some(blog::ROLE_ARN));
}

#[test]
fn the_role_is_closed_without_a_code() {
    let home = home();
    home.append(
        ".aws/config",
        &format!(
            "\n[profile direct]\nrole_arn = {}\nsource_profile = {}\n",
            blog::ROLE_ARN,
            blog::KEY_PROFILE
        ),
    );
    let error = home
        .aws(&["sts", "get-caller-identity", "--profile", "direct"])
        .failed();
    let expect = format!(
        "(AccessDenied) when calling the AssumeRole operation: User: {} is not authorized to perform: sts:AssumeRole on resource: {}",
        blog::USER_ARN,
        blog::ROLE_ARN
    );
    assert!(error.contains(&expect), "{error}");
}

#[rstest]
#[case::chained(
    "MyRepositoryAssumer",
    "7200",
    "exceeds the 1 hour session limit for roles assumed by role chaining"
)]
#[case::direct(
    blog::KEY_PROFILE,
    "7200",
    "exceeds the MaxSessionDuration set for this role"
)]
fn roles_do_not_last_longer_than_they_may(
    #[case] profile: &str,
    #[case] seconds: &str,
    #[case] expect: &str,
) {
    let home = home();
    home.sign_in();
    let code = home.sim.totp_next(blog::MFA_SERIAL).unwrap();
    let mut arguments = vec![
        "sts",
        "assume-role",
        "--profile",
        profile,
        "--role-arn",
        blog::ROLE_ARN,
        "--role-session-name",
        "jo",
        "--duration-seconds",
        seconds,
    ];
    if profile == blog::KEY_PROFILE {
        arguments.extend(with_code(blog::MFA_SERIAL, &code));
    }
    let error = home.aws(&arguments).failed();
    assert!(
        error.contains("(ValidationError)") && error.contains(expect),
        "{error}"
    );
}

#[test]
fn deactivated_expired_and_revoked() {
    let home = home();
    home.sign_in();
    let who = |profile: &str| home.aws(&["sts", "get-caller-identity", "--profile", profile]);
    who("MyRepositoryAssumer").ok();
    home.sim.expire_all_sessions();
    let error = who("MyRepositoryAssumer").failed();
    let expect = "(ExpiredToken) when calling the GetCallerIdentity operation: The security token included in the request is expired";
    assert!(error.contains(expect), "{error}");
    home.sim.close_all_sessions();
    let error = who("MyRepositoryAssumer").failed();
    assert!(error.contains("(InvalidClientTokenId)"), "{error}");
    let key = home.sim.access_key(blog::USER).unwrap();
    assert!(home.sim.set_key_active(&key.id, false));
    let error = who(blog::KEY_PROFILE).failed();
    let expect = "(InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token included in the request is invalid";
    assert!(error.contains(expect), "{error}");
}

#[test]
fn revoked_role_sessions_are_denied_and_a_suspended_role_stays_closed() {
    let home = home();
    home.sign_in();
    let list = || {
        home.aws(&[
            "codecommit",
            "list-repositories",
            "--profile",
            "Contributor",
        ])
    };
    list().ok();
    assert!(home.sim.revoke_role_sessions(blog::ROLE_ARN));
    let error = list().failed();
    assert!(
        error.contains("(AccessDeniedException)")
            && error.contains("with an explicit deny in an identity-based policy"),
        "{error}"
    );
    assert!(home.sim.set_role_suspended(blog::ROLE_ARN, true));
    std::fs::remove_dir_all(home.path().join(".aws/cli/cache")).unwrap();
    let error = list().failed();
    assert!(
        error.contains("(AccessDenied) when calling the AssumeRole operation"),
        "{error}"
    );
}

#[rstest]
#[case::wrong_secret(
    "aws_secret_access_key = ",
    "x",
    "(SignatureDoesNotMatch) when calling the GetCallerIdentity operation: The request signature we calculated does not match"
)]
#[case::unknown_key("aws_access_key_id = ", "AKIA", "(InvalidClientTokenId)")]
fn wrong_keys(#[case] after: &str, #[case] insert: &str, #[case] expect: &str) {
    let home = home();
    let file = home.path().join(".aws/credentials");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace(after, &format!("{after}{insert}"))).unwrap();
    let who = ["sts", "get-caller-identity", "--profile", blog::KEY_PROFILE];
    let error = home.aws(&who).failed();
    assert!(error.contains(expect), "{error}");
    assert_eq!(home.sim.calls().last().unwrap().principal, None);
}

#[rstest]
#[case::behind(Duration::from_secs(20 * 60), false, "Signature expired: ")]
#[case::far_behind(Duration::from_secs(2 * 86_400), false, "Signature expired: ")]
#[case::ahead(Duration::from_secs(20 * 60), true, "Signature not yet current: ")]
fn a_client_whose_clock_is_off(#[case] by: Duration, #[case] ahead: bool, #[case] expect: &str) {
    let home = home();
    if ahead {
        home.sim.clock().rewind(by);
    } else {
        home.sim.clock().advance(by);
    }
    let who = ["sts", "get-caller-identity", "--profile", blog::KEY_PROFILE];
    let error = home.aws(&who).failed();
    assert!(
        error.contains("(SignatureDoesNotMatch)") && error.contains(expect),
        "{error}"
    );
}

#[rstest]
#[case::region("cn-north-1", "InvalidClientTokenId")]
#[case::region("us-gov-west-1", "InvalidClientTokenId")]
fn keys_are_unknown_in_other_partitions(#[case] region: &str, #[case] expect: &str) {
    let home = home();
    let arguments = [
        "sts",
        "get-caller-identity",
        "--profile",
        blog::KEY_PROFILE,
        "--region",
        region,
    ];
    let error = home.aws(&arguments).failed();
    assert!(error.contains(expect), "{error}");
}

#[test]
fn an_account_in_another_partition() {
    let account = Account::new("333344445555")
        .partition("aws-cn")
        .user(User::new("Li").access_key());
    let scenario = Scenario::new()
        .account(account)
        .config("[profile li]\nregion = cn-northwest-1\n")
        .key_profile("li", "Li");
    let home = Home::new(Sim::start(scenario).unwrap());
    let who = home
        .aws(&["sts", "get-caller-identity", "--profile", "li"])
        .json();
    assert_eq!(who["Arn"], "arn:aws-cn:iam::333344445555:user/Li");
    assert_eq!(
        home.sim.calls().last().unwrap().host,
        "sts.cn-northwest-1.amazonaws.com.cn"
    );
}

#[test]
fn a_key_is_rotated() {
    let home = home();
    let iam = |arguments: &[&str]| {
        let mut all = vec!["iam"];
        all.extend(arguments);
        all.extend(["--profile", blog::KEY_PROFILE]);
        home.aws(&all)
    };
    let old = home.sim.access_key(blog::USER).unwrap().id;
    assert_eq!(iam(&["get-user"]).json()["User"]["Arn"], blog::USER_ARN);
    assert_eq!(
        iam(&["list-mfa-devices"]).json()["MFADevices"][0]["SerialNumber"],
        blog::MFA_SERIAL
    );
    let new = iam(&["create-access-key"]).json()["AccessKey"]["AccessKeyId"]
        .as_str()
        .unwrap()
        .to_owned();
    let error = iam(&["create-access-key"]).failed();
    assert!(error.contains("(LimitExceeded)"), "{error}");
    home.sim.calls().clear();
    let list = iam(&["list-access-keys", "--page-size", "1"]).json();
    assert_eq!(list["AccessKeyMetadata"].as_array().unwrap().len(), 2);
    assert_eq!(home.sim.calls().count("ListAccessKeys"), 2);
    let last = iam(&["get-access-key-last-used", "--access-key-id", &old]).json();
    assert_eq!(last["AccessKeyLastUsed"]["ServiceName"], "iam");
    iam(&[
        "update-access-key",
        "--access-key-id",
        &new,
        "--status",
        "Inactive",
    ])
    .ok();
    let list = iam(&["list-access-keys"]).json();
    assert_eq!(list["AccessKeyMetadata"][1]["Status"], "Inactive");
    iam(&["delete-access-key", "--access-key-id", &new]).ok();
    let list = iam(&["list-access-keys"]).json();
    assert_eq!(list["AccessKeyMetadata"].as_array().unwrap().len(), 1);
    let error = iam(&["list-users"]).failed();
    let expect = "because no identity-based policy allows the iam:ListUsers action";
    assert!(error.contains(expect), "{error}");
}

#[test]
fn roles_with_more_conditions() {
    let user = "arn:aws:iam::111122223333:user/Jo";
    let trust = Trust::of(user)
        .external_id("ext-1")
        .session_name("jo-*")
        .source_identity();
    let account = Account::new(blog::ACCOUNT_A)
        .user(User::new("Jo").access_key())
        .role(Role::new("Guarded", trust).max_session_duration(7200));
    let scenario = Scenario::new()
        .account(account)
        .config("[profile jo]\nregion = eu-north-1\n")
        .key_profile("jo", "Jo");
    let home = Home::new(Sim::start(scenario).unwrap());
    let assume = |name: &str, more: &[&str]| {
        let role = "arn:aws:iam::111122223333:role/Guarded";
        let mut all = vec!["sts", "assume-role", "--profile", "jo", "--role-arn", role];
        all.extend(["--role-session-name", name]);
        all.extend(more);
        home.aws(&all)
    };
    let given = assume(
        "jo-1",
        &[
            "--external-id",
            "ext-1",
            "--source-identity",
            "Jo",
            "--duration-seconds",
            "7200",
        ],
    )
    .json();
    assert_eq!(given["SourceIdentity"], "Jo");
    assert!(
        given["AssumedRoleUser"]["AssumedRoleId"]
            .as_str()
            .unwrap()
            .ends_with(":jo-1")
    );
    for (name, more) in [
        ("jo-1", vec![]),
        ("jo-1", vec!["--external-id", "x1"]),
        ("al", vec!["--external-id", "ext-1"]),
    ] {
        let error = assume(name, &more).failed();
        assert!(error.contains("(AccessDenied)"), "{error}");
    }
    let error = assume("j j", &["--external-id", "ext-1"]).failed();
    assert!(error.contains("(ValidationError)"), "{error}");
}

#[test]
fn throttling_is_waited_out() {
    let home = home();
    home.sim.faults().add(
        Rule::new(Fault::throttling())
            .service(Service::Sts)
            .times(1),
    );
    home.aws(&["sts", "get-caller-identity", "--profile", blog::KEY_PROFILE])
        .ok();
    let calls = home.sim.calls().all();
    let seen: Vec<_> = calls
        .iter()
        .map(|call| (call.status, call.error.as_deref()))
        .collect();
    assert_eq!(seen, [(Some(400), Some("Throttling")), (Some(200), None)]);
}

#[test]
fn an_intercepted_connection_is_not_trusted() {
    let home = home();
    home.sim.faults().add(Rule::new(Fault::Intercept));
    let error = home
        .aws(&["sts", "get-caller-identity", "--profile", blog::KEY_PROFILE])
        .failed();
    assert!(error.contains("SSL validation failed"), "{error}");
    assert!(home.sim.calls().is_empty());
}

#[test]
fn the_call_log_holds_no_secret() {
    let home = home();
    home.sign_in();
    home.aws(&[
        "codecommit",
        "list-repositories",
        "--profile",
        "Contributor",
    ])
    .ok();
    let log = format!("{:?}", home.sim.calls().all());
    let secrets = home.sim.secrets();
    assert!(
        secrets.len() >= 6,
        "key, seed, two sessions: {}",
        secrets.len()
    );
    for (kind, secret) in secrets {
        assert!(!log.contains(secret.reveal()), "{kind}");
    }
}
