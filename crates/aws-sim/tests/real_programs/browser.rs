//! Real Chromium on the pages of IAM Identity Center.

use std::io::{Read, Write};
use std::net::TcpListener;

use holdfast_aws_sim::{DevicePage, Sim, sso};
use holdfast_testkit::browser::Browser;
use rstest::rstest;
use serde_json::{Value, json};

use crate::home::{Home, run};
use crate::sso::{finish, home, start_login, user_code};

fn browser(sim: &Sim) -> Browser {
    Browser::start(&sim.proxy_url(), &sim.ca_pem_path())
}

#[rstest]
#[case::start_url(DevicePage::StartUrl)]
#[case::regional(DevicePage::Regional)]
fn a_device_is_let_in(#[case] page: DevicePage) {
    let (home, portal) = home();
    portal.set_policy(|policy| policy.device_page = page);
    let login = start_login(&home, sso::LEGACY_PROFILE);
    let code = user_code(&portal);
    let browser = browser(&home.sim);
    let address = match page {
        DevicePage::StartUrl => format!("{}/#/device", sso::START_URL),
        DevicePage::Regional => "https://device.sso.eu-central-1.amazonaws.com/".to_owned(),
    };
    browser.open(&address);
    browser.type_into("Code", &code);
    browser.click_text("Next");
    browser.wait_for_text(sso::START_URL);
    assert_eq!(browser.page().text("#code"), code);
    browser.click_text("Allow");
    browser.wait_for_text("Request approved");
    let calls = home.sim.calls();
    assert_eq!(
        (calls.count("DevicePage"), calls.count("DeviceConsent")),
        (2, 1)
    );
    assert_eq!(calls.count(""), 0);
    let said = finish(login).ok();
    assert!(said.out.contains(&code), "{}", said.out);
    let who = [
        "sts",
        "get-caller-identity",
        "--profile",
        sso::LEGACY_PROFILE,
    ];
    home.aws(&who).ok();
}

#[test]
fn a_device_is_turned_away_by_its_link() {
    let (home, portal) = home();
    let login = start_login(&home, sso::LEGACY_PROFILE);
    let code = user_code(&portal);
    let browser = browser(&home.sim);
    browser.open(&format!("{}/#/device?user_code={code}", sso::START_URL));
    browser.click_text("Deny");
    browser.wait_for_text("Request denied");
    finish(login).failed();
}

/// A client that the AWS CLI does not offer yet is registered with curl.
fn register(home: &Home, redirect_uri: &str) -> Value {
    let body = json!({
        "clientName": "A client <of hand>",
        "clientType": "public",
        "grantTypes": ["authorization_code", "refresh_token"],
        "redirectUris": [redirect_uri],
        "issuerUrl": sso::START_URL,
        "scopes": ["sso:account:access"],
    });
    let ca = home.sim.ca_pem_path();
    let url = format!(
        "https://oidc.{}.amazonaws.com/client/register",
        sso::SSO_REGION
    );
    let mut curl = home.command("curl");
    curl.args([
        "--silent",
        "--show-error",
        "--fail",
        "--json",
        &body.to_string(),
    ]);
    run(curl.arg("--cacert").arg(ca).arg(url)).json()
}

#[rstest]
#[case("Allow", "?code=")]
#[case("Deny", "?error=access_denied&")]
fn a_client_is_told_what_the_person_said(#[case] button: &str, #[case] expect: &str) {
    let (home, _) = home();
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let client = register(&home, "http://127.0.0.1/oauth/callback");
    let url = format!(
        "https://oidc.{}.amazonaws.com/authorize?response_type=code&client_id={}&redirect_uri=http%3A%2F%2F127.0.0.1%3A{port}%2Foauth%2Fcallback\
         &state=s-1&code_challenge_method=S256&scopes=sso%3Aaccount%3Aaccess&code_challenge={}",
        sso::SSO_REGION,
        client["clientId"].as_str().unwrap(),
        "x".repeat(43)
    );
    let back = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        let length = stream.read(&mut request).unwrap();
        let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<p>Back at the client</p>";
        stream.write_all(page.as_bytes()).unwrap();
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    let browser = browser(&home.sim);
    browser.open(&url);
    assert_eq!(browser.page().text("#client"), "A client <of hand>");
    browser.click_text(button);
    browser.wait_for_text("Back at the client");
    let request = back.join().unwrap();
    let begin = format!("GET /oauth/callback{expect}");
    assert!(request.starts_with(&begin), "{request}");
    assert!(request.contains("&state=s-1 HTTP"), "{request}");
    browser.wait_for_url(&format!("http://127.0.0.1:{port}/oauth/callback"));
}
