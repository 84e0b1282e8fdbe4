//! IAM Identity Center, as a client meets it that does everything by hand.

mod authorize;
mod device;
mod portal;
mod refresh;
mod register;

use data_encoding::BASE64URL_NOPAD;
use holdfast_aws_sim::{PortalControl, Scenario, Sim, sso};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::client::{Answer, Connection, post, trusting};

const OIDC: &str = "oidc.eu-central-1.amazonaws.com";
const PORTAL: &str = "portal.sso.eu-central-1.amazonaws.com";
const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
const VERIFIER: &str = "a-verifier-of-43-characters-0123456789-abcd";
const REDIRECT: &str = "http://127.0.0.1:4711/oauth/callback";

fn start() -> (Sim, PortalControl) {
    let sim = Sim::start(Scenario::sso()).unwrap();
    let portal = sim.portal(sso::START_URL).unwrap();
    (sim, portal)
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.body))
}

fn call(sim: &Sim, target: &str, body: &Value) -> Answer {
    let json = "Content-Type: application/json\r\n";
    post(sim, OIDC, target, json, &body.to_string()).unwrap()
}

/// Checks an error's status, body and header.
#[track_caller]
fn assert_error(answer: &Answer, status: u16, exception: &str, error: &str) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(json_of(answer)["error"], error);
    let header = format!("{exception}:http://internal.amazon.com/coral/com.amazonaws.sso.oidc/");
    assert_eq!(answer.header("x-amzn-errortype"), Some(header.as_str()));
}

/// A registered client.
struct Client<'s> {
    sim: &'s Sim,
    id: String,
    secret: String,
}

impl<'s> Client<'s> {
    fn of(sim: &'s Sim, registration: &Value) -> Self {
        let answer = call(sim, "/client/register", registration);
        assert_eq!(answer.status, 200, "{}", answer.body);
        let answer = json_of(&answer);
        Self {
            sim,
            id: answer["clientId"].as_str().unwrap().to_owned(),
            secret: answer["clientSecret"].as_str().unwrap().to_owned(),
        }
    }

    /// A client that people reach with a browser.
    fn pkce(sim: &'s Sim) -> Self {
        Self::of(sim, &pkce_registration())
    }

    /// A client that people reach with a code.
    fn device(sim: &'s Sim) -> Self {
        let scopes = ["sso:account:access"];
        let registration = json!({"clientName": "hand", "clientType": "public", "scopes": scopes});
        Self::of(sim, &registration)
    }

    fn token(&self, grant: &str, more: &Value) -> Answer {
        let mut body = json!({
            "grantType": grant,
            "clientId": self.id,
            "clientSecret": self.secret,
        });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        call(self.sim, "/token", &body)
    }

    fn start_device(&self, start_url: &str) -> Answer {
        let body = json!({
            "clientId": self.id,
            "clientSecret": self.secret,
            "startUrl": start_url,
        });
        call(self.sim, "/device_authorization", &body)
    }

    fn poll(&self, device_code: &Value) -> Answer {
        self.token(DEVICE_GRANT, &json!({ "deviceCode": device_code }))
    }

    /// The address on which a person is asked.
    fn authorize_url(&self) -> String {
        let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(VERIFIER));
        format!(
            "https://{OIDC}/authorize?response_type=code&client_id={}&redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2Foauth%2Fcallback\
             &state=s-1&code_challenge_method=S256&scopes=sso%3Aaccount%3Aaccess&code_challenge={challenge}",
            self.id
        )
    }

    fn exchange(&self, code: &str) -> Answer {
        let more = json!({"code": code, "codeVerifier": VERIFIER, "redirectUri": REDIRECT});
        self.token("authorization_code", &more)
    }

    /// Everything from the browser to the first tokens.
    fn sign_in(&self) -> Value {
        let location = self.sim.allow(&self.authorize_url()).unwrap();
        let answer = self.exchange(code_of(&location));
        assert_eq!(answer.status, 200, "{}", answer.body);
        json_of(&answer)
    }

    fn refresh(&self, token: &Value) -> Answer {
        self.token("refresh_token", &json!({ "refreshToken": token }))
    }
}

fn pkce_registration() -> Value {
    json!({
        "clientName": "hand",
        "clientType": "public",
        "grantTypes": ["authorization_code", "refresh_token"],
        "redirectUris": ["http://127.0.0.1/oauth/callback"],
        "issuerUrl": sso::START_URL,
        "scopes": ["sso:account:access"],
    })
}

fn code_of(location: &str) -> &str {
    let (_, rest) = location.split_once("?code=").unwrap();
    rest.split('&').next().unwrap()
}

/// A call to the portal's API.
fn ask(sim: &Sim, target: &str, token: &Value) -> Answer {
    let header = format!("x-amz-sso_bearer_token: {}\r\n", token.as_str().unwrap());
    let mut connection = Connection::open(sim, PORTAL, trusting(sim)).unwrap();
    connection.ask(PORTAL, target, &header).unwrap()
}
