//! `aws login`: from the page to the last renewal.

use super::{HOUR, PERSON, REGION, ROLE, World};
use crate::common::run;
use holdfast_aws_sim::{Fault, LoginReuse, Rule, Service};
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{
    ConsoleLogin, ConsoleLoginGrant, ConsoleLoginTokens, DpopKey, ExchangeConsoleLogin,
};
use secrecy::{ExposeSecret, SecretString};

const CLIENT: &str = "arn:aws:signin:::devtools/same-device";
const REDIRECT_URI: &str = "http://127.0.0.1:4711/oauth/callback";

/// A verifier and its challenge (<https://www.rfc-editor.org/rfc/rfc7636#appendix-B>).
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

impl World {
    /// The code that comes back when a person agrees.
    fn code(&self) -> String {
        let query = format!(
            "response_type=code&client_id={CLIENT}&state=s&code_challenge_method=SHA-256&scope=openid\
             &redirect_uri={REDIRECT_URI}&code_challenge={CHALLENGE}"
        );
        let url = self.aws.login_url(REGION, &query).unwrap();
        assert!(url.starts_with("https://eu-west-1.signin.aws.amazon.com/v1/authorize?"));
        let back = self.sim.console_login(&url, Some(PERSON)).unwrap();
        let (_, code) = back.split_once("code=").unwrap();
        code.split('&').next().unwrap().to_owned()
    }

    fn exchange_grant(
        &self,
        key: &DpopKey,
        grant: ConsoleLoginGrant,
    ) -> Result<ConsoleLoginTokens, Failure> {
        run(self.aws.exchange_console_login(ExchangeConsoleLogin {
            region: REGION,
            client_id: CLIENT,
            grant,
            key,
        }))
    }

    fn exchange_code(&self, key: &DpopKey, code: &str) -> Result<ConsoleLoginTokens, Failure> {
        let grant = ConsoleLoginGrant::AuthorizationCode {
            code: code.to_owned().into(),
            redirect_uri: REDIRECT_URI.to_owned(),
            code_verifier: VERIFIER.to_owned().into(),
        };
        self.exchange_grant(key, grant)
    }

    fn refresh(&self, key: &DpopKey, token: &SecretString) -> Result<ConsoleLoginTokens, Failure> {
        self.exchange_grant(key, ConsoleLoginGrant::RefreshToken(token.clone()))
    }

    fn signed_in(&self) -> (DpopKey, ConsoleLoginTokens) {
        let key = self.aws.new_dpop_key().unwrap();
        let tokens = self.exchange_code(&key, &self.code()).unwrap();
        (key, tokens)
    }
}

#[test]
fn a_sign_in_brings_credentials_that_are_renewed() {
    let world = World::new();
    let (key, first) = world.signed_in();
    assert_eq!(first.login_session.as_deref(), Some(PERSON));
    assert!(first.id_token.is_some());
    world.opens_the_target(&first.credentials);
    let now = world.aws.clock().now();
    let left = first.credentials.expires_at.unwrap().unix_seconds() - now.unix_seconds();
    assert!((890..=900).contains(&left), "{left}");

    let second = world.refresh(&key, &first.refresh_token).unwrap();
    assert!(second.login_session.is_none());
    assert_ne!(
        second.refresh_token.expose_secret(),
        first.refresh_token.expose_secret()
    );
    world.opens_the_target(&second.credentials);
    // A key that was stored is the same key.
    let stored = DpopKey(key.0.expose_secret().to_owned().into());
    world.refresh(&stored, &second.refresh_token).unwrap();
}

#[test]
fn every_end_of_a_session_says_what_to_do() {
    let world = World::new();
    let (key, tokens) = world.signed_in();
    let token = &tokens.refresh_token;
    let ended = FailureKind::SessionEnded;
    let stranger = world.aws.new_dpop_key().unwrap();
    world.fails(world.refresh(&stranger, token), ended, "does not renew");
    world.fails(
        world.refresh(&key, &"made-up".to_owned().into()),
        ended,
        "does not renew",
    );
    world.sim.set_role_suspended(ROLE, true);
    let words = "SignInLocalDevelopmentAccess";
    world.fails(world.refresh(&key, token), FailureKind::Denied, words);
    world.sim.set_role_suspended(ROLE, false);
    world.sim.revoke_console_logins();
    world.fails(
        world.refresh(&key, token),
        ended,
        "password or the user changed",
    );

    let (key, tokens) = world.signed_in();
    world.sim.expire_console_logins();
    let refused = world.refresh(&key, &tokens.refresh_token);
    world.fails(
        refused,
        ended,
        "the console session has ended; sign in again",
    );
    let broken = DpopKey("not a key".to_owned().into());
    let refused = world.refresh(&broken, &tokens.refresh_token);
    world.fails(
        refused,
        ended,
        "the key of this console session cannot be read",
    );
}

#[test]
fn a_code_is_exchanged_once_and_in_time() {
    let world = World::new();
    let key = world.aws.new_dpop_key().unwrap();
    let code = world.code();
    world.exchange_code(&key, &code).unwrap();
    let words = "AWS does not take the code of this sign-in any more";
    world.fails(
        world.exchange_code(&key, &code),
        FailureKind::SessionEnded,
        words,
    );
    let wrong = ConsoleLoginGrant::AuthorizationCode {
        code: world.code().into(),
        redirect_uri: "http://127.0.0.1:1/oauth/callback".to_owned(),
        code_verifier: VERIFIER.to_owned().into(),
    };
    let refused = world.exchange_grant(&key, wrong);
    world.fails(
        refused,
        FailureKind::InvalidRequest,
        "AWS refused the sign-in",
    );
    assert!(world.aws.login_url("no region/", "").is_err());
}

#[test]
fn a_lost_answer_costs_no_sign_in() {
    let world = World::new();
    let (key, tokens) = world.signed_in();
    let lost = Rule::new(Fault::LostAnswer)
        .service(Service::SignIn)
        .times(1);
    world.sim.faults().add(lost);
    let before = world.sim.calls().count("CreateOAuth2Token");
    let words = "signin.aws.amazon.com";
    world.fails(
        world.refresh(&key, &tokens.refresh_token),
        FailureKind::Offline,
        words,
    );
    let asked = world.sim.calls().count("CreateOAuth2Token") - before;
    assert_eq!(asked, 1, "a grant is not sent twice");
    world.refresh(&key, &tokens.refresh_token).unwrap();
    world.sim.set_login_reuse(LoginReuse::EndsSession);
    let refused = world.refresh(&key, &tokens.refresh_token);
    world.fails(refused, FailureKind::SessionEnded, "sign in again");
}

#[test]
fn trouble_on_the_way_is_no_sign_out() {
    let world = World::new();
    let (key, tokens) = world.signed_in();
    for (fault, kind) in [
        (Fault::Offline, FailureKind::Offline),
        (Fault::Reset, FailureKind::Offline),
        (Fault::captive_portal(), FailureKind::Intercepted),
        (Fault::Intercept, FailureKind::Intercepted),
        (Fault::Truncate, FailureKind::Offline),
        (
            Fault::error(429, "INVALID_REQUEST", "slow"),
            FailureKind::Throttled,
        ),
        (
            Fault::error(500, "server_error", "oops"),
            FailureKind::Server,
        ),
        (
            Fault::error(503, "server_error", "oops"),
            FailureKind::Server,
        ),
    ] {
        let name = fault.name();
        world
            .sim
            .faults()
            .add(Rule::new(fault).service(Service::SignIn));
        let failure = world.refresh(&key, &tokens.refresh_token).err().unwrap();
        assert_eq!(failure.kind, kind, "{name}: {failure}");
        world.sim.faults().clear();
    }
    world.refresh(&key, &tokens.refresh_token).unwrap();
}

#[test]
fn a_wrong_clock_is_corrected_by_the_first_refusal() {
    let world = World::new();
    world.sim.clock().advance(HOUR);
    let key = world.aws.new_dpop_key().unwrap();
    let code = world.code();
    let words = "this machine's clock is off; it is corrected now";
    world.fails(
        world.exchange_code(&key, &code),
        FailureKind::ClockSkew,
        words,
    );
    world.exchange_code(&key, &code).unwrap();
}
