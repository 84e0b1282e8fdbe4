//! Clients: what is registered, what is refused, and how long it lasts.

use std::time::Duration;

use rstest::rstest;
use serde_json::{Value, json};

use super::{Client, assert_error, call, json_of, pkce_registration, start};

#[test]
fn a_registration_lasts_ninety_days() {
    let (sim, _) = start();
    sim.clock().freeze();
    let answer = json_of(&call(&sim, "/client/register", &pkce_registration()));
    let times = ["clientIdIssuedAt", "clientSecretExpiresAt"].map(|name| answer[name].as_i64());
    let now = sim.clock().now().as_second();
    assert_eq!(times, [Some(now), Some(now + 90 * 86_400)]);
    assert!(answer["clientSecret"].as_str().unwrap().len() > 1000);
}

#[rstest]
#[case::no_type(json!({"clientType": null}), "InvalidRequestException", "invalid_request")]
#[case::secret_client(json!({"clientType": "confidential"}), "InvalidClientMetadataException", "invalid_client_metadata")]
#[case::scope(json!({"scopes": ["everything"]}), "InvalidScopeException", "invalid_scope")]
#[case::grant(json!({"grantTypes": ["password"]}), "UnsupportedGrantTypeException", "unsupported_grant_type")]
#[case::elsewhere(json!({"redirectUris": ["https://example.com/"]}), "InvalidRedirectUriException", "invalid_redirect_uri")]
#[case::nowhere(json!({"redirectUris": null}), "InvalidRedirectUriException", "invalid_redirect_uri")]
#[case::typo(json!({"issuerUrl": "https://holdfast-dmo.awsapps.com/start"}), "InvalidRequestException", "invalid_request")]
#[case::other_region(json!({"issuerUrl": "https://holdfast-partner.awsapps.com/start"}), "InvalidRequestException", "invalid_request")]
fn refused(#[case] change: Value, #[case] exception: &str, #[case] error: &str) {
    let (sim, _) = start();
    let mut registration = pkce_registration();
    registration
        .as_object_mut()
        .unwrap()
        .extend(change.as_object().unwrap().clone());
    let answer = call(&sim, "/client/register", &registration);
    assert_error(&answer, 400, exception, error);
    let last = sim.calls().last().unwrap();
    assert_eq!(last.operation, "RegisterClient");
    assert_eq!(last.error.as_deref(), Some(exception));
}

#[test]
fn a_lapsed_a_forgotten_and_an_unknown_client() {
    let (sim, _) = start();
    sim.set_registration_seconds(3600);
    let client = Client::pkce(&sim);
    let tokens = client.sign_in();
    let refresh = || client.refresh(&tokens["refreshToken"]);
    sim.clock().advance(Duration::from_secs(3600));
    assert_error(&refresh(), 401, "InvalidClientException", "invalid_client");
    sim.clock().reset();
    assert_eq!(refresh().status, 200);
    assert_eq!(sim.forget_clients(), 1);
    let answer = refresh();
    assert_error(&answer, 401, "InvalidClientException", "invalid_client");
    assert_eq!(
        json_of(&answer)["error_description"],
        "Invalid client provided"
    );
    let guessed = Client {
        sim: &sim,
        id: Client::pkce(&sim).id,
        secret: "guessed".to_owned(),
    };
    let answer = guessed.refresh(&tokens["refreshToken"]);
    assert_error(&answer, 401, "InvalidClientException", "invalid_client");
}
