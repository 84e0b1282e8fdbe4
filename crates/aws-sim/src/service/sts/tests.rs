//! The rules of STS, one request at a time, at times of the tests' choosing.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::super::Context;
use super::super::query::Parameters;
use super::handle;
use crate::auth;
use crate::endpoint::Endpoint;
use crate::model::{Caller, World};
use crate::scenario::{Account, Role, Scenario, Trust, User, allow};

const A: &str = "111122223333";
const B: &str = "222233334444";
const JO: &str = "arn:aws:iam::111122223333:user/Jo";
const SERIAL: &str = "arn:aws:iam::111122223333:mfa/Jo";

/// A world with one clock and one user who does the asking.
struct Bench {
    world: World,
    now: Timestamp,
}

/// What was answered: an error's code and message, or temporary credentials.
type Answer = Result<Given, (String, String)>;

#[derive(Debug)]
struct Given {
    access_key_id: String,
    token: String,
    expires: Timestamp,
    body: String,
}

fn role(account: &str, name: &str) -> String {
    format!("arn:aws:iam::{account}:role/{name}")
}

fn scenario() -> Scenario {
    let jo = User::new("Jo").access_key().virtual_mfa().policy(allow(
        &["sts:AssumeRole", "sts:SetSourceIdentity"],
        &[&role(B, "*"), &role(A, "ByAccount")],
    ));
    let al = User::new("Al").access_key().virtual_mfa();
    let young = Trust::of(A).mfa_younger_than(86_400);
    let onward = allow(&["sts:AssumeRole"], &["*"]);
    Scenario::new()
        .account(
            Account::new(A)
                .user(jo)
                .user(al)
                .role(Role::new("ByAccount", Trust::of(A)))
                .role(Role::new(
                    "ByName",
                    Trust::of("arn:aws:iam::111122223333:user/Al"),
                ))
                .role(Role::new("Unnamed", Trust::of(A))),
        )
        .account(
            Account::new(B)
                .role(
                    Role::new("Young", young)
                        .max_session_duration(43_200)
                        .policy(onward),
                )
                .role(
                    Role::new("Plain", Trust::of(A).source_identity()).policy(allow(
                        &["codecommit:*", "sts:AssumeRole", "sts:SetSourceIdentity"],
                        &["*"],
                    )),
                )
                .role(Role::new("Next", Trust::of(B).source_identity().mfa()))
                .role(Role::new("Last", Trust::of(B).source_identity()))
                .role(Role::new("Stranger", Trust::of("333344445555"))),
        )
}

impl Bench {
    fn new() -> Self {
        let now = "2026-11-20T12:00:00Z".parse().unwrap();
        // No repository has commits, so nothing is written into this folder.
        let world = scenario()
            .build(std::path::Path::new("unused"), now)
            .unwrap();
        Self { world, now }
    }

    fn advance(&mut self, seconds: i64) {
        self.now += SignedDuration::from_secs(seconds);
    }

    fn user(&self, name: &str) -> Caller {
        let key = self.world.user(A, name).unwrap().access_keys[0].id.clone();
        auth::find(&self.world, &key, None, "aws").unwrap().caller
    }

    fn session(&self, given: &Given) -> Caller {
        auth::find(&self.world, &given.access_key_id, Some(&given.token), "aws")
            .unwrap()
            .caller
    }

    fn code(&self) -> String {
        self.world.mfa_device(SERIAL).unwrap().code_at(self.now)
    }

    fn ask(&mut self, caller: &Caller, action: &str, parameters: &[(&str, &str)]) -> Answer {
        let encode = |text: &str| {
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
                .to_string()
        };
        let mut form = format!("Action={action}");
        for (name, value) in parameters {
            form.push_str(&format!("&{name}={}", encode(value)));
        }
        let endpoint = Endpoint::of_host("sts.us-east-1.amazonaws.com").unwrap();
        let context = Context {
            caller,
            endpoint: &endpoint,
            now: self.now,
        };
        let reply = handle(
            &mut self.world,
            context,
            &Parameters::read("", form.as_bytes()),
        );
        let element = |name: &str| {
            let (_, rest) = reply.body.split_once(&format!("<{name}>"))?;
            Some(rest.split_once("</")?.0.to_owned())
        };
        if reply.status != 200 {
            return Err((element("Code").unwrap(), element("Message").unwrap()));
        }
        Ok(Given {
            access_key_id: element("AccessKeyId").unwrap_or_default(),
            token: element("SessionToken").unwrap_or_default(),
            expires: element("Expiration").map_or(self.now, |time| time.parse().unwrap()),
            body: reply.body,
        })
    }

    fn assume(&mut self, caller: &Caller, role: &str, more: &[(&str, &str)]) -> Answer {
        let mut parameters = vec![("RoleArn", role), ("RoleSessionName", "test")];
        parameters.extend(more);
        self.ask(caller, "AssumeRole", &parameters)
    }

    /// A session of Jo's with a one-time code.
    fn with_code(&mut self, seconds: &str) -> Given {
        let code = self.code();
        let parameters = [
            ("SerialNumber", SERIAL),
            ("TokenCode", code.as_str()),
            ("DurationSeconds", seconds),
        ];
        self.ask(&self.user("Jo"), "GetSessionToken", &parameters)
            .unwrap()
    }
}

#[track_caller]
fn refused(answer: Answer, code: &str, text: &str) {
    let (found, message) = answer.unwrap_err();
    assert!(
        found == code && message.contains(text),
        "{found}: {message}"
    );
}

#[test]
fn a_role_stays_open_for_as_long_as_the_code_is_young() {
    let mut bench = Bench::new();
    let given = bench.with_code("129600");
    let session = bench.session(&given);
    bench.advance(86_399);
    bench.assume(&session, &role(B, "Young"), &[]).unwrap();
    bench.advance(1);
    let text = format!(
        "User: {JO} is not authorized to perform: sts:AssumeRole on resource: {}",
        role(B, "Young")
    );
    refused(
        bench.assume(&session, &role(B, "Young"), &[]),
        "AccessDenied",
        &text,
    );
}

#[test]
fn a_session_without_a_code_opens_no_role_that_wants_one() {
    let mut bench = Bench::new();
    let given = bench
        .ask(&bench.user("Jo"), "GetSessionToken", &[])
        .unwrap();
    assert_eq!(given.expires, bench.now + SignedDuration::from_hours(12));
    let session = bench.session(&given);
    refused(
        bench.assume(&session, &role(B, "Young"), &[]),
        "AccessDenied",
        "not authorized",
    );
    bench.assume(&session, &role(B, "Plain"), &[]).unwrap();
}

#[test]
fn a_session_opens_no_other_session_of_its_user() {
    let mut bench = Bench::new();
    let given = bench.with_code("900");
    assert_eq!(given.expires, bench.now + SignedDuration::from_secs(900));
    let session = bench.session(&given);
    let again = bench.ask(&session, "GetSessionToken", &[]);
    refused(
        again,
        "AccessDenied",
        "Cannot call GetSessionToken with session credentials",
    );
}

#[test]
fn a_code_with_the_role_itself_allows_the_role_its_full_time() {
    let mut bench = Bench::new();
    let (jo, code) = (bench.user("Jo"), bench.code());
    let twelve_hours = [
        ("SerialNumber", SERIAL),
        ("TokenCode", code.as_str()),
        ("DurationSeconds", "43200"),
    ];
    let given = bench.assume(&jo, &role(B, "Young"), &twelve_hours).unwrap();
    assert_eq!(given.expires, bench.now + SignedDuration::from_hours(12));
    refused(
        bench.assume(&jo, &role(B, "Young"), &twelve_hours),
        "AccessDenied",
        "MultiFactorAuthentication failed with invalid MFA one time pass code.",
    );
}

#[test]
fn durations_have_limits() {
    let mut bench = Bench::new();
    let given = bench.with_code("3600");
    let (jo, session) = (bench.user("Jo"), bench.session(&given));
    let plain = role(B, "Plain");
    for (caller, seconds, text) in [
        (&jo, "899", "greater than or equal to 900"),
        (&jo, "43201", "less than or equal to 43200"),
        (
            &jo,
            "3601",
            "exceeds the MaxSessionDuration set for this role",
        ),
        (
            &session,
            "3601",
            "1 hour session limit for roles assumed by role chaining",
        ),
    ] {
        let answer = bench.assume(caller, &plain, &[("DurationSeconds", seconds)]);
        refused(answer, "ValidationError", text);
    }
    let given = bench
        .assume(&session, &plain, &[("DurationSeconds", "3600")])
        .unwrap();
    assert_eq!(given.expires, bench.now + SignedDuration::from_hours(1));
    for (seconds, text) in [
        (
            "899",
            "Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
        ),
        ("129601", "less than or equal to 129600"),
    ] {
        let answer = bench.ask(&jo, "GetSessionToken", &[("DurationSeconds", seconds)]);
        refused(answer, "ValidationError", text);
    }
}

#[test]
fn trust_and_permission_are_both_needed() {
    let mut bench = Bench::new();
    let (jo, al) = (bench.user("Jo"), bench.user("Al"));
    bench.assume(&jo, &role(A, "ByAccount"), &[]).unwrap();
    // Inside one account a role that names the user needs no permission of the user's.
    bench.assume(&al, &role(A, "ByName"), &[]).unwrap();
    for (caller, role) in [
        (&al, role(A, "ByAccount")),
        (&jo, role(A, "ByName")),
        (&jo, role(A, "Unnamed")),
        (&al, role(B, "Plain")),
        (&jo, role(B, "Stranger")),
        (&jo, role(B, "Missing")),
    ] {
        refused(bench.assume(caller, &role, &[]), "AccessDenied", &role);
    }
}

#[test]
fn the_code_reaches_through_roles() {
    let mut bench = Bench::new();
    let given = bench.with_code("3600");
    let session = bench.session(&given);
    let first = bench.assume(&session, &role(B, "Plain"), &[]).unwrap();
    let first = bench.session(&first);
    assert_eq!(
        first.arn,
        "arn:aws:sts::222233334444:assumed-role/Plain/test"
    );
    bench.assume(&first, &role(B, "Next"), &[]).unwrap();
    let bare = bench
        .assume(&bench.user("Jo"), &role(B, "Plain"), &[])
        .unwrap();
    let bare = bench.session(&bare);
    refused(
        bench.assume(&bare, &role(B, "Next"), &[]),
        "AccessDenied",
        &bare.arn,
    );
}

#[test]
fn a_source_identity_stays() {
    let mut bench = Bench::new();
    let given = bench
        .assume(
            &bench.user("Jo"),
            &role(B, "Plain"),
            &[("SourceIdentity", "Jo")],
        )
        .unwrap();
    assert!(given.body.contains("<SourceIdentity>Jo</SourceIdentity>"));
    let session = bench.session(&given);
    let given = bench.assume(&session, &role(B, "Last"), &[]).unwrap();
    assert!(given.body.contains("<SourceIdentity>Jo</SourceIdentity>"));
    let other = bench.assume(&session, &role(B, "Last"), &[("SourceIdentity", "Al")]);
    refused(other, "AccessDenied", "cannot be changed");
}

#[test]
fn a_session_policy_only_takes_away() {
    let mut bench = Bench::new();
    let pull = json!({"Statement": [{"Effect": "Allow", "Action": "codecommit:GitPull", "Resource": "*"}]});
    let policy = pull.to_string();
    let given = bench
        .assume(&bench.user("Jo"), &role(B, "Plain"), &[("Policy", &policy)])
        .unwrap();
    let session = bench.session(&given);
    let may = |action: &str| {
        bench
            .world
            .authorize(&session, action, "*", bench.now)
            .is_ok()
    };
    assert!(may("codecommit:GitPull"));
    assert!(!may("codecommit:GitPush"));
    assert!(!may("iam:ListUsers"));
    let broken = bench.assume(&bench.user("Jo"), &role(B, "Plain"), &[("Policy", "{")]);
    refused(broken, "MalformedPolicyDocument", "");
}

#[test]
fn codes_belong_to_their_user() {
    let mut bench = Bench::new();
    let (jo, al, code) = (bench.user("Jo"), bench.user("Al"), bench.code());
    let both = [("SerialNumber", SERIAL), ("TokenCode", code.as_str())];
    refused(
        bench.ask(&al, "GetSessionToken", &both),
        "AccessDenied",
        "verify your MFA serial number is valid and associated with this user",
    );
    for one in both {
        refused(
            bench.ask(&jo, "GetSessionToken", &[one]),
            "AccessDenied",
            "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code",
        );
    }
    // Neither attempt used the code up.
    bench.ask(&jo, "GetSessionToken", &both).unwrap();
}

#[test]
fn parameters_have_forms() {
    let mut bench = Bench::new();
    let jo = bench.user("Jo");
    let arn = role(B, "Plain");
    for (parameters, text) in [
        (
            vec![("RoleSessionName", "x1")],
            "Value null at 'roleArn' failed to satisfy constraint: Member must not be null",
        ),
        (
            vec![("RoleArn", arn.as_str())],
            "Value null at 'roleSessionName'",
        ),
        (
            vec![("RoleArn", "x"), ("RoleSessionName", "y")],
            "2 validation errors detected: ",
        ),
        (
            vec![
                ("RoleArn", "not-an-arn-but-long-enough"),
                ("RoleSessionName", "xy"),
            ],
            "not-an-arn-but-long-enough is invalid",
        ),
        (
            vec![("RoleArn", arn.as_str()), ("RoleSessionName", "a b")],
            r"Member must satisfy regular expression pattern: [\w+=,.@-]*",
        ),
        (
            vec![
                ("RoleArn", arn.as_str()),
                ("RoleSessionName", "ab"),
                ("ExternalId", "a b"),
            ],
            r"pattern: [\w+=,.@:\/-]*",
        ),
    ] {
        refused(
            bench.ask(&jo, "AssumeRole", &parameters),
            "ValidationError",
            text,
        );
    }
    refused(
        bench.ask(&jo, "Nothing", &[]),
        "InvalidAction",
        "Could not find operation Nothing",
    );
    refused(
        bench.ask(&jo, "GetAccessKeyInfo", &[("AccessKeyId", "AKIA")]),
        "AccessDenied",
        "sts:GetAccessKeyInfo",
    );
}
