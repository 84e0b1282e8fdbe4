//! `AssumeRoleWithWebIdentity`, whose answers depend on the token alone.

use std::time::Duration;

use holdfast_aws_sim::{Account, Role, Scenario, Sim, Trust};

use crate::client::{Connection, STS, trusting};

const ACCOUNT: &str = "111122223333";
const ISSUER: &str = "https://token.actions.example.com";
const SUBJECT: &str = "repo:corp/web-shop:ref:refs/heads/main";
const ROLE: &str = "arn:aws:iam::111122223333:role/Deployer";
const HOUR: Duration = Duration::from_secs(3600);

fn sim() -> Sim {
    let trust = Trust::of_provider(ACCOUNT, ISSUER, "repo:corp/*");
    let account = Account::new(ACCOUNT)
        .oidc_provider(ISSUER, "sts.amazonaws.com")
        .oidc_provider("https://other.example.com", "somebody else")
        .role(Role::new("Deployer", trust));
    Sim::start(Scenario::new().account(account)).unwrap()
}

/// Status and body of the answer to a token.
fn assume(sim: &Sim, token: &str, more: &str) -> (u16, String) {
    let target = format!(
        "/?Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn={ROLE}&RoleSessionName=ci&WebIdentityToken={token}{more}"
    );
    let answer = Connection::open(sim, STS, trusting(sim))
        .unwrap()
        .ask(STS, &target, "")
        .unwrap();
    (answer.status, answer.body)
}

fn token(sim: &Sim) -> String {
    let token = sim.web_identity_token(ISSUER, SUBJECT, HOUR).unwrap();
    token.reveal().to_owned()
}

#[test]
fn a_token_opens_the_role_without_a_signature() {
    let sim = sim();
    let (status, body) = assume(&sim, &token(&sim), "&DurationSeconds=900");
    assert_eq!(status, 200, "{body}");
    for part in [
        "<AccessKeyId>ASIA",
        "<Arn>arn:aws:sts::111122223333:assumed-role/Deployer/ci</Arn>",
        "<SubjectFromWebIdentityToken>repo:corp/web-shop:ref:refs/heads/main<",
        "<Audience>sts.amazonaws.com</Audience>",
        "<Provider>arn:aws:iam::111122223333:oidc-provider/token.actions.example.com</Provider>",
    ] {
        assert!(body.contains(part), "{part} is not in {body}");
    }
    let call = sim.calls().last().unwrap();
    assert_eq!(call.operation, "AssumeRoleWithWebIdentity");
    assert_eq!(call.resource.as_deref(), Some(ROLE));
    let principal = call.principal.unwrap();
    assert!(principal.ends_with("assumed-role/Deployer/ci"));
}

#[test]
fn a_token_that_does_not_hold_is_refused_in_words_of_aws() {
    let sim = sim();
    let good = token(&sim);
    let other = |issuer: &str, subject: &str| {
        let token = sim.web_identity_token(issuer, subject, HOUR).unwrap();
        token.reveal().to_owned()
    };
    let forged = {
        let (signed, _) = good.rsplit_once('.').unwrap();
        let stranger = other("https://other.example.com", SUBJECT);
        let (_, signature) = stranger.rsplit_once('.').unwrap();
        format!("{signed}.{signature}")
    };
    let stranger = sim_of_nobody_trusted();
    let rejected = other(ISSUER, "repo:corp/closed");
    assert!(sim.reject_web_identity(ISSUER, "repo:corp/closed"));
    for (token, more, status, code, words) in [
        (
            "nonsense",
            "",
            400,
            "InvalidIdentityToken",
            "not a valid JWT",
        ),
        (&forged, "", 400, "InvalidIdentityToken", "signature"),
        (
            &stranger,
            "",
            400,
            "InvalidIdentityToken",
            "No OpenIDConnect provider found",
        ),
        (
            &other(ISSUER, "repo:thief/x"),
            "",
            403,
            "AccessDenied",
            "Not authorized",
        ),
        (
            &rejected,
            "",
            403,
            "IDPRejectedClaim",
            "authentication failed",
        ),
        (
            &good,
            "&DurationSeconds=7200",
            400,
            "ValidationError",
            "MaxSessionDuration",
        ),
        (&good, "&DurationSeconds=1", 400, "ValidationError", "900"),
        ("x", "", 400, "ValidationError", "length"),
    ] {
        let (actual, body) = assume(&sim, token, more);
        assert_eq!(actual, status, "{body}");
        assert!(body.contains(&format!("<Code>{code}</Code>")), "{body}");
        assert!(body.contains(words), "{body}");
    }
    sim.clock().advance(2 * HOUR);
    let (status, body) = assume(&sim, &good, "");
    assert_eq!(status, 400);
    assert!(
        body.contains("<Code>ExpiredTokenException</Code>"),
        "{body}"
    );
    sim.clock().rewind(3 * HOUR);
    let (_, body) = assume(&sim, &good, "");
    assert!(body.contains("not yet valid"), "{body}");
}

/// A token of a provider that the account does not know.
fn sim_of_nobody_trusted() -> String {
    let elsewhere =
        Account::new("444455556666").oidc_provider("https://evil.example", "sts.amazonaws.com");
    let sim = Sim::start(Scenario::new().account(elsewhere)).unwrap();
    let token = sim.web_identity_token("https://evil.example", SUBJECT, HOUR);
    token.unwrap().reveal().to_owned()
}
