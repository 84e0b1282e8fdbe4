//! `aws login` from the page to the last renewal, with a client made for the tests.

use std::path::Path;

use hyper::Request;
use hyper::body::Bytes;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::*;
use crate::clock::Clock;
use crate::endpoint::Service;
use crate::jwt::{SigningKey, Token};
use crate::model::LoginReuse;
use crate::scenario::{Account, Role, Scenario, Trust};
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

const HOST: &str = "eu-west-1.signin.aws.amazon.com";
const PERSON: &str = "arn:aws:sts::111122223333:assumed-role/Admin/jo";
const REDIRECT: &str = "http://127.0.0.1:4711/oauth/callback";
const VERIFIER: &str = "a-verifier-of-forty-three-characters-at-least";

/// A sign-in service and a client with a key.
struct Login {
    world: World,
    endpoint: Endpoint,
    key: SigningKey,
    clock: Clock,
    proofs: usize,
}

impl Login {
    fn new() -> Self {
        let role = Role::new("Admin", Trust::of("111122223333"));
        let account = Account::new("111122223333").role(role);
        let scenario = Scenario::new().account(account).console_session(PERSON);
        let clock = Clock::default();
        clock.freeze();
        Self {
            world: scenario.build(Path::new("/nowhere"), clock.now()).unwrap(),
            endpoint: Endpoint::of_host(HOST).unwrap(),
            key: SigningKey::default(),
            clock,
            proofs: 0,
        }
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What a proof says when nothing is wrong with it.
    fn proof_parts(&mut self) -> (Value, Value) {
        self.proofs += 1;
        let public = self.key.public();
        let coordinate = |range: std::ops::Range<usize>| BASE64URL_NOPAD.encode(&public[range]);
        let header = json!({
            "typ": "dpop+jwt",
            "alg": "ES256",
            "jwk": {"kty": "EC", "crv": "P-256", "x": coordinate(1..33), "y": coordinate(33..65)},
        });
        let claims = json!({
            "htm": "POST",
            "htu": format!("https://{HOST}{TOKEN}"),
            "iat": self.clock.now().as_second(),
            "jti": self.proofs.to_string(),
        });
        (header, claims)
    }

    fn proof(&mut self) -> String {
        let (header, claims) = self.proof_parts();
        self.key.sign_under(&header, &claims)
    }

    /// The status and the body of the answer to a request with this proof.
    fn send(&mut self, body: &Value, proof: &str) -> (u16, Value) {
        let (parts, ()) = Request::post(TOKEN)
            .header("dpop", proof)
            .body(())
            .unwrap()
            .into_parts();
        let request = ApiRequest {
            parts,
            body: Bytes::from(body.to_string()),
        };
        let now = self.now();
        let mut call = Call::new(&self.endpoint, now);
        identify(&request, &mut call);
        let reply = answer(&mut self.world, &self.endpoint, &request, &mut call, now);
        (reply.status, serde_json::from_str(&reply.body).unwrap())
    }

    fn ask(&mut self, body: &Value) -> (u16, Value) {
        let proof = self.proof();
        self.send(body, &proof)
    }

    /// The grant of a code that a person just agreed to.
    fn code_grant(&mut self) -> Value {
        let now = self.now();
        let back = sign_in(&mut self.world, &self.endpoint, &query(), Some(PERSON), now).unwrap();
        let (_, code) = back.split_once("code=").unwrap();
        let (code, state) = code.split_once('&').unwrap();
        assert_eq!(state, "state=the%2Dstate");
        json!({
            "clientId": SAME_DEVICE,
            "grantType": "authorization_code",
            "code": code,
            "redirectUri": REDIRECT,
            "codeVerifier": VERIFIER,
        })
    }

    fn signed_in(&mut self) -> Value {
        let grant = self.code_grant();
        let (status, tokens) = self.ask(&grant);
        assert_eq!(status, 200, "{tokens}");
        tokens
    }
}

fn query() -> String {
    let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(VERIFIER.as_bytes()));
    format!(
        "response_type=code&client_id={SAME_DEVICE}&state=the-state&code_challenge_method=SHA-256&scope=openid\
         &redirect_uri={REDIRECT}&code_challenge={challenge}"
    )
}

fn refresh_grant(tokens: &Value) -> Value {
    json!({
        "clientId": SAME_DEVICE,
        "grantType": "refresh_token",
        "refreshToken": tokens["refreshToken"],
    })
}

#[test]
fn a_code_brings_credentials_and_who_signed_in() {
    let mut login = Login::new();
    let tokens = login.signed_in();
    assert_eq!(tokens["expiresIn"], 900);
    assert_eq!(tokens["tokenType"], "aws_sigv4");
    let identity = Token::parse(tokens["idToken"].as_str().unwrap())
        .unwrap()
        .claims;
    assert_eq!(identity["sub"], PERSON);
    let id = tokens["accessToken"]["accessKeyId"].as_str().unwrap();
    let session = login.world.session(id).unwrap();
    assert_eq!(login.world.session_caller(session).unwrap().arn, PERSON);
    assert_eq!(session.expires, login.now() + SignedDuration::from_mins(15));
}

#[test]
fn a_code_is_good_once_and_for_what_it_was_made_for() {
    for (member, value, status, error) in [
        ("code", json!("guess"), 401, "AUTHCODE_EXPIRED"),
        ("code", Value::Null, 400, "INVALID_REQUEST"),
        (
            "redirectUri",
            json!("http://127.0.0.1:1/oauth/callback"),
            400,
            "INVALID_REQUEST",
        ),
        (
            "codeVerifier",
            json!("another-verifier-of-forty-three-characters!"),
            400,
            "INVALID_REQUEST",
        ),
        ("codeVerifier", json!("short"), 400, "INVALID_REQUEST"),
        (
            "clientId",
            json!("arn:aws:signin:::devtools/cross-device"),
            400,
            "INVALID_REQUEST",
        ),
        ("clientId", json!("me"), 400, "INVALID_REQUEST"),
        ("grantType", json!("password"), 400, "INVALID_REQUEST"),
    ] {
        let mut login = Login::new();
        let mut grant = login.code_grant();
        grant[member] = value;
        let (actual, body) = login.ask(&grant);
        assert_eq!(
            (actual, body["error"].as_str()),
            (status, Some(error)),
            "{grant}"
        );
    }
    let mut login = Login::new();
    let grant = login.code_grant();
    assert_eq!(login.ask(&grant).0, 200);
    assert_eq!(login.ask(&grant).0, 401, "a second time");
    let grant = login.code_grant();
    login.clock.advance(std::time::Duration::from_secs(301));
    assert_eq!(login.ask(&grant).1["error"], "AUTHCODE_EXPIRED", "too late");
}

#[test]
fn a_proof_is_checked_claim_by_claim() {
    for (part, member, value) in [
        ("header", "typ", json!("JWT")),
        ("header", "alg", json!("none")),
        ("header", "jwk", Value::Null),
        (
            "header",
            "jwk",
            json!({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}),
        ),
        ("claims", "htm", json!("GET")),
        (
            "claims",
            "htu",
            json!("https://us-east-1.signin.aws.amazon.com/v1/token"),
        ),
        ("claims", "iat", json!(1)),
        ("claims", "iat", Value::Null),
        ("claims", "jti", json!("")),
        ("claims", "jti", Value::Null),
    ] {
        let mut login = Login::new();
        let grant = login.code_grant();
        let (mut header, mut claims) = login.proof_parts();
        let target = if part == "header" {
            &mut header
        } else {
            &mut claims
        };
        target[member] = value.clone();
        let proof = login.key.sign_under(&header, &claims);
        let (status, body) = login.send(&grant, &proof);
        assert_eq!(
            (status, body["error"].as_str()),
            (400, Some("INVALID_REQUEST")),
            "{member} {value}"
        );
        let proof = login.proof();
        assert_eq!(login.send(&grant, &proof).0, 200, "the code is still good");
    }
    let mut login = Login::new();
    let (header, claims) = login.proof_parts();
    let grant = login.code_grant();
    let forged = SigningKey::default().sign_under(&header, &claims);
    assert_eq!(
        login.send(&grant, &forged).0,
        400,
        "another key's signature"
    );
    let proof = login.key.sign_under(&header, &claims);
    assert_eq!(login.send(&grant, &proof).0, 200);
    let grant = login.code_grant();
    let (_, body) = login.send(&grant, &proof);
    assert_eq!(body["message"], "the DPoP proof was used before");
}

#[test]
fn renewal_goes_on_until_the_session_ends() {
    let mut login = Login::new();
    let mut tokens = login.signed_in();
    for _ in 0..47 {
        login.clock.advance(std::time::Duration::from_secs(900));
        let (status, next) = login.ask(&refresh_grant(&tokens));
        assert_eq!((status, next.get("idToken")), (200, None), "{next}");
        assert_ne!(next["refreshToken"], tokens["refreshToken"]);
        tokens = next;
    }
    login.clock.advance(std::time::Duration::from_secs(600));
    let (_, last) = login.ask(&refresh_grant(&tokens));
    assert_eq!(last["expiresIn"], 300, "not beyond the session");
    login.clock.advance(std::time::Duration::from_secs(300));
    let (status, body) = login.ask(&refresh_grant(&last));
    assert_eq!(
        (status, body["error"].as_str()),
        (401, Some("TOKEN_EXPIRED"))
    );
}

#[test]
fn a_used_refresh_token_is_met_as_the_policy_says() {
    let mut login = Login::new();
    let tokens = login.signed_in();
    let (_, first) = login.ask(&refresh_grant(&tokens));
    let (status, again) = login.ask(&refresh_grant(&tokens));
    assert_eq!(
        (status, &again["refreshToken"]),
        (200, &first["refreshToken"])
    );
    login.world.console_logins.reuse = LoginReuse::EndsSession;
    assert_eq!(login.ask(&refresh_grant(&tokens)).0, 403);
    let (_, body) = login.ask(&refresh_grant(&first));
    assert_eq!(body["error"], "USER_CREDENTIALS_CHANGED");
}

#[test]
fn a_refresh_token_is_bound_to_its_key_and_client() {
    let mut login = Login::new();
    let tokens = login.signed_in();
    let mut grant = refresh_grant(&tokens);
    let own = std::mem::take(&mut login.key);
    assert_eq!(login.ask(&grant).0, 400, "another key");
    login.key = own;
    grant["clientId"] = json!(CROSS_DEVICE);
    assert_eq!(login.ask(&grant).0, 400, "another client");
    assert_eq!(login.ask(&refresh_grant(&tokens)).0, 200);
    login
        .world
        .role_mut("arn:aws:iam::111122223333:role/Admin")
        .unwrap()
        .suspended = true;
    let (status, body) = login.ask(&refresh_grant(&tokens));
    assert_eq!(
        (status, body["error"].as_str()),
        (403, Some("INSUFFICIENT_PERMISSIONS"))
    );
}

#[test]
fn the_page_leads_back_to_the_client_only() {
    let mut login = Login::new();
    let now = login.now();
    let mut decide =
        |query: &str, person| sign_in(&mut login.world, &login.endpoint, query, person, now);
    let declined = decide(&query(), None).unwrap();
    assert!(declined.starts_with("http://127.0.0.1:4711/oauth/callback?error=access_denied&"));
    assert!(decide(&query(), Some("arn:aws:iam::111122223333:user/eve")).is_err());
    for (from, to) in [
        ("127.0.0.1", "127.0.0.2"),
        ("http://", "https://"),
        ("/oauth/callback", "/elsewhere"),
        ("same-device", "other-device"),
        ("SHA-256", "plain"),
        ("scope=openid", "scope=all"),
        ("response_type=code", "response_type=token"),
        ("code_challenge=", "code_challenge=x"),
    ] {
        assert!(
            decide(&query().replace(from, to), Some(PERSON)).is_err(),
            "{to}"
        );
    }
    let remote = format!("https://{HOST}{CONFIRMATION}");
    let remote = query()
        .replace(REDIRECT, &remote)
        .replace("same-device", "cross-device");
    assert!(
        decide(&remote, Some(PERSON))
            .unwrap()
            .contains("/v1/sessions/confirmation?code=")
    );
    assert_eq!(login.endpoint.service, Service::SignIn);
}
