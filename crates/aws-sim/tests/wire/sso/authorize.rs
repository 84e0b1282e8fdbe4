//! The page on which a person lets a client in, and the code that comes of it.

use std::time::Duration;

use holdfast_aws_sim::sso;
use rstest::rstest;

use super::{Client, OIDC, REDIRECT, VERIFIER, assert_error, code_of, json_of, start};
use crate::client::{Answer, Connection, post, trusting};
use holdfast_aws_sim::Sim;
use serde_json::json;

fn path(url: &str) -> &str {
    url.strip_prefix("https://")
        .unwrap()
        .split_once('/')
        .map(|(host, _)| &url[8 + host.len()..])
        .unwrap()
}

fn open(sim: &Sim, url: &str) -> Answer {
    let mut connection = Connection::open(sim, OIDC, trusting(sim)).unwrap();
    connection.ask(OIDC, path(url), "").unwrap()
}

fn say(sim: &Sim, url: &str, form: &str) -> Answer {
    let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
    post(sim, OIDC, path(url), kind, form).unwrap()
}

#[test]
fn the_page_shows_who_asks_and_leads_back() {
    let (sim, portal) = start();
    let client = Client::pkce(&sim);
    let url = client.authorize_url();
    let page = open(&sim, &url);
    assert_eq!(page.status, 200);
    for text in [
        "hand",
        sso::START_URL,
        "<option>jo</option>",
        ">Allow<",
        ">Deny<",
    ] {
        assert!(page.body.contains(text), "{text} in {}", page.body);
    }
    let back = say(&sim, &url, "user=jo&answer=allow");
    assert_eq!(back.status, 302);
    let location = back.header("location").unwrap();
    assert!(
        location.starts_with(&format!("{REDIRECT}?code=")),
        "{location}"
    );
    assert!(location.ends_with("&state=s-1"), "{location}");
    let tokens = json_of(&client.exchange(code_of(location)));
    assert_eq!(tokens["tokenType"], "Bearer");
    assert_eq!(tokens["expiresIn"], 3600);
    assert!(tokens["refreshToken"].is_string());
    assert_eq!(portal.sessions()[0].user, sso::USER);
    let calls = sim.calls();
    assert_eq!((calls.count("Authorize"), calls.count("Consent")), (1, 1));
    assert_eq!(
        calls.last().unwrap().resource.as_deref(),
        Some("authorization_code")
    );
}

#[test]
fn a_denial_leads_back_too() {
    let (sim, _) = start();
    let client = Client::pkce(&sim);
    let back = say(&sim, &client.authorize_url(), "user=jo&answer=deny");
    let location = back.header("location").unwrap().to_owned();
    let expect = format!("{REDIRECT}?error=access_denied&error_description=");
    assert!(location.starts_with(&expect), "{location}");
    assert_eq!(sim.deny(&client.authorize_url()), Ok(location));
}

#[rstest]
#[case::no_client("client_id=", "client_id=x", None)]
#[case::another_address("127.0.0.1%3A4711%2Foauth", "127.0.0.1%3A4711%2Fother", None)]
#[case::another_host("127.0.0.1%3A4711", "127.0.0.2%3A4711", None)]
#[case::by_name("127.0.0.1%3A4711", "localhost%3A4711", None)]
#[case::implicit(
    "response_type=code",
    "response_type=token",
    Some("unsupported_response_type")
)]
#[case::plain_challenge("=S256", "=plain", Some("invalid_request"))]
#[case::no_challenge("code_challenge=", "other=", Some("invalid_request"))]
#[case::other_scope("sso%3Aaccount", "sso%3Aother", Some("invalid_scope"))]
fn what_is_not_asked(#[case] from: &str, #[case] to: &str, #[case] told: Option<&str>) {
    let (sim, _) = start();
    let url = Client::pkce(&sim).authorize_url().replace(from, to);
    for answer in [open(&sim, &url), say(&sim, &url, "user=jo&answer=allow")] {
        match told {
            None => assert_eq!((answer.status, answer.header("location")), (400, None)),
            Some(error) => {
                let location = answer.header("location").unwrap();
                let expect = format!("{REDIRECT}?error={error}&");
                assert!(location.starts_with(&expect), "{location}");
            }
        }
    }
}

#[test]
fn any_port_of_a_registered_address_will_do() {
    let (sim, _) = start();
    let url = Client::pkce(&sim).authorize_url().replace("4711", "1234");
    let location = sim.allow(&url).unwrap();
    assert!(location.starts_with("http://127.0.0.1:1234/oauth/callback?code="));
}

#[test]
fn a_code_is_good_once_and_for_its_client_alone() {
    let (sim, _) = start();
    let client = Client::pkce(&sim);
    let code = || code_of(&sim.allow(&client.authorize_url()).unwrap()).to_owned();
    let wrong =
        |answer: Answer| assert_error(&answer, 400, "InvalidGrantException", "invalid_grant");

    let used = code();
    assert_eq!(client.exchange(&used).status, 200);
    wrong(client.exchange(&used));

    let stolen = code();
    wrong(Client::pkce(&sim).exchange(&stolen));
    wrong(client.exchange(&stolen));

    for (verifier, redirect) in [
        ("another-verifier-of-43-characters-012345678", REDIRECT),
        (VERIFIER, "http://127.0.0.1:4712/oauth/callback"),
    ] {
        let more = json!({"code": code(), "codeVerifier": verifier, "redirectUri": redirect});
        wrong(client.token("authorization_code", &more));
    }

    let late = code();
    sim.clock().advance(Duration::from_secs(600));
    wrong(client.exchange(&late));
}
