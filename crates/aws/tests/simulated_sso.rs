//! IAM Identity Center end to end against the simulated AWS, which knows clients, codes, tokens and sessions
//! itself.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use common::logs::CapturedLogs;
use common::run;
use holdfast_aws::{AwsClient, ClientSettings, Endpoints, Proxy, ServerClock, Timeouts};
use holdfast_aws_sim::{Fault, PortalControl, Rule, Scenario, Service, Sim, sso, sso_many};
use holdfast_core::credentials::Credentials;
use holdfast_core::endpoint::EndpointSettings;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{
    AssumeRole, ClientRegistration, CreateToken, DeviceAuthorization, Grant, PortalToken,
    RegisterClient, SsoOidc, SsoPortal, Sts,
};
use holdfast_core::sso::{ACCOUNT_ACCESS, Portal};
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Duration;

const REDIRECT_URI: &str = "http://127.0.0.1:4711/oauth/callback";

/// A verifier and its challenge (<https://www.rfc-editor.org/rfc/rfc7636#appendix-B>).
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A simulated AWS with a portal, a client of it, and what the client logs.
struct World {
    logs: CapturedLogs,
    sim: Sim,
    aws: AwsClient,
    portal: Portal,
}

impl World {
    fn new() -> Self {
        Self::of(Scenario::sso(), sso::START_URL, sso::SSO_REGION)
    }

    fn of(scenario: Scenario, start_url: &str, region: &str) -> Self {
        let logs = CapturedLogs::filtered();
        let sim = Sim::start(scenario).unwrap();
        let settings = ClientSettings {
            proxy: Proxy::Url {
                url: sim.proxy_url().into(),
                no_proxy: None,
            },
            ca_bundle: Some(sim.ca_pem_path()),
            timeouts: Timeouts {
                attempt: Duration::from_secs(3),
                ..Timeouts::default()
            },
        };
        let aws = AwsClient::new(settings, Arc::new(ServerClock::system()))
            .with_endpoints(Endpoints::default());
        let portal = Portal {
            start_url: start_url.to_owned(),
            region: region.to_owned(),
            scopes: vec![ACCOUNT_ACCESS.to_owned()],
            endpoint: EndpointSettings::default(),
        };
        Self {
            logs,
            sim,
            aws,
            portal,
        }
    }

    fn control(&self) -> PortalControl {
        self.sim.portal(&self.portal.start_url).unwrap()
    }

    fn register(&self, with_redirect: bool) -> Result<ClientRegistration, Failure> {
        let request = RegisterClient {
            portal: self.portal.clone(),
            client_name: "Holdfast".to_owned(),
            with_redirect,
        };
        run(self.aws.register_client(request))
    }

    fn token(&self, client: &ClientRegistration, grant: Grant) -> Result<PortalToken, Failure> {
        let request = CreateToken {
            portal: &self.portal,
            client,
            grant,
        };
        run(self.aws.create_token(request))
    }

    /// A code that a person allowed in the browser.
    fn code(&self, client: &ClientRegistration) -> Grant {
        let query = format!(
            "response_type=code&client_id={}&redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2Foauth%2Fcallback\
             &state=s-1&code_challenge_method=S256&scopes=sso%3Aaccount%3Aaccess&code_challenge={CHALLENGE}",
            client.client_id
        );
        let url = self.aws.authorize_url(&self.portal, &query).unwrap();
        let location = self.sim.allow(&url).unwrap();
        let (_, code) = location.split_once("code=").unwrap();
        Grant::AuthorizationCode {
            code: code.split('&').next().unwrap().to_owned().into(),
            redirect_uri: REDIRECT_URI.to_owned(),
            code_verifier: VERIFIER.to_owned().into(),
        }
    }

    fn sign_in(&self) -> (ClientRegistration, PortalToken) {
        let client = self.register(true).unwrap();
        let token = self.token(&client, self.code(&client)).unwrap();
        (client, token)
    }

    fn refresh(
        &self,
        client: &ClientRegistration,
        token: &PortalToken,
    ) -> Result<PortalToken, Failure> {
        let refresh_token = copy(token.refresh_token.as_ref().unwrap());
        self.token(client, Grant::RefreshToken(refresh_token))
    }

    fn credentials(&self, token: &PortalToken, role: &str) -> Result<Credentials, Failure> {
        let access_token = &token.access_token;
        let found =
            self.aws
                .get_role_credentials(&self.portal, access_token, sso::DEV_ACCOUNT, role);
        run(found)
    }

    fn device(&self) -> (ClientRegistration, DeviceAuthorization) {
        let client = self.register(false).unwrap();
        let device = run(self.aws.start_device_authorization(&self.portal, &client)).unwrap();
        (client, device)
    }

    fn ask(
        &self,
        client: &ClientRegistration,
        device: &DeviceAuthorization,
    ) -> Result<PortalToken, Failure> {
        self.token(client, Grant::DeviceCode(copy(&device.device_code)))
    }

    /// Ends a test: nothing secret was logged.
    fn check_logs(&self) {
        let text = self.logs.text();
        for (what, secret) in self.sim.secrets() {
            assert!(!text.contains(secret.reveal()), "{what} in the log");
        }
        assert!(!self.sim.secrets().is_empty());
    }
}

fn copy(secret: &SecretString) -> SecretString {
    use secrecy::ExposeSecret;
    secret.expose_secret().into()
}

#[track_caller]
fn assert_refused<T>(result: Result<T, Failure>, kind: FailureKind, words: &[&str]) {
    let Err(failure) = result else {
        panic!("no {kind:?}")
    };
    assert_eq!((failure.kind, failure.answered), (kind, true), "{failure}");
    for word in words {
        assert!(failure.message.contains(word), "{failure}");
    }
}

#[test]
fn from_the_browser_to_a_role_behind_a_role() {
    let world = World::new();
    let (client, token) = world.sign_in();
    assert!(token.refresh_token.is_some());
    let now = world.aws.clock().now();
    assert!((3_590..=3_600).contains(&token.expires_at.seconds_since(now)));
    assert!(client.expires_at.seconds_since(now) > 86_400);
    let credentials = world.credentials(&token, sso::DEV_PERMISSION_SET).unwrap();
    let lasts = credentials.expires_at.unwrap().seconds_since(now);
    assert!((3_590..=3_600).contains(&lasts), "{lasts}");
    let request = AssumeRole {
        endpoint: EndpointSettings::default(),
        region: Some(sso::REGION.to_owned()),
        role_arn: sso::LIVE_ROLE_ARN.to_owned(),
        role_session_name: "jo".to_owned(),
        external_id: None,
        source_identity: None,
        duration_seconds: None,
        mfa: None,
    };
    run(world.aws.assume_role(&credentials, request)).unwrap();
    world.check_logs();
}

#[test]
fn a_session_goes_on_until_it_is_signed_out() {
    let world = World::new();
    let (client, first) = world.sign_in();
    world.sim.clock().advance(Duration::from_secs(3_000));
    let second = world.refresh(&client, &first).unwrap();
    world.credentials(&second, sso::DEV_PERMISSION_SET).unwrap();
    run(world.aws.logout(&world.portal, &second.access_token)).unwrap();
    let url = sso::START_URL;
    let after = world.credentials(&second, sso::DEV_PERMISSION_SET);
    assert_refused(after, FailureKind::SessionEnded, &[url, "sign in again"]);
    let after = world.refresh(&client, &second);
    assert_refused(after, FailureKind::SessionEnded, &[url, "sign in again"]);
    assert_eq!(world.control().sessions(), []);
    world.check_logs();
}

#[test]
fn sessions_that_ended_elsewhere() {
    let ends: [fn(&World); 2] = [
        |world| assert_eq!(world.control().revoke_sessions(), 1),
        |world| world.control().end_sessions(),
    ];
    for end in ends {
        let world = World::new();
        let (client, token) = world.sign_in();
        end(&world);
        let found = world.credentials(&token, sso::DEV_PERMISSION_SET);
        assert_refused(found, FailureKind::SessionEnded, &[sso::START_URL]);
        let refreshed = world.refresh(&client, &token);
        assert_refused(refreshed, FailureKind::SessionEnded, &[sso::START_URL]);
        world.check_logs();
    }
}

#[test]
fn a_forgotten_client_is_registered_again() {
    let world = World::new();
    let (client, token) = world.sign_in();
    assert_eq!(world.sim.forget_clients(), 1);
    let refreshed = world.refresh(&client, &token);
    assert_refused(refreshed, FailureKind::ClientUnknown, &[sso::START_URL]);
    world.sign_in();
    world.check_logs();
}

#[test]
fn another_device() {
    let world = World::new();
    let (client, device) = world.device();
    let now = world.aws.clock().now();
    assert!((590..=600).contains(&device.expires_at.seconds_since(now)));
    let waiting = world.ask(&client, &device);
    assert_refused(
        waiting,
        FailureKind::AuthorizationPending,
        &[sso::START_URL],
    );
    assert!(world.sim.allow_device(&device.user_code));
    world.sim.clock().advance(Duration::from_secs(2));
    world.ask(&client, &device).unwrap();
    let again = world.ask(&client, &device);
    assert_refused(again, FailureKind::SessionEnded, &["used before"]);

    let (client, device) = world.device();
    assert!(world.sim.deny_device(&device.user_code));
    let declined = world.ask(&client, &device);
    assert_refused(declined, FailureKind::Denied, &["declined"]);

    let (client, device) = world.device();
    world.sim.clock().advance(Duration::from_secs(700));
    let late = world.ask(&client, &device);
    assert_refused(late, FailureKind::SessionEnded, &["took too long"]);

    world
        .control()
        .set_policy(|policy| policy.poll_seconds = 60);
    let (client, device) = world.device();
    assert_eq!(device.interval_seconds, 60);
    for _ in 0..2 {
        let waiting = world.ask(&client, &device);
        assert_refused(waiting, FailureKind::AuthorizationPending, &[]);
    }
    let hasty = world.ask(&client, &device);
    assert_refused(hasty, FailureKind::SlowDown, &["too often"]);
    world.check_logs();
}

#[test]
fn what_the_person_may_not() {
    let world = World::new();
    let (_, token) = world.sign_in();
    let role = world.credentials(&token, "Administrator");
    let names = ["Administrator", sso::DEV_ACCOUNT, sso::START_URL];
    assert_refused(role, FailureKind::Denied, &names);
    let (account, set) = (sso::DEV_ACCOUNT, sso::DEV_PERMISSION_SET);
    assert!(world.control().assign(sso::USER, account, set, false));
    let removed = world.credentials(&token, set);
    assert_refused(removed, FailureKind::Denied, &[set, account]);
    world.check_logs();
}

/// `(start URL, region)` that do not belong together, or to nothing.
#[test]
fn a_portal_that_is_not_there() {
    for (start_url, region) in [
        ("https://holdfast-dmeo.awsapps.com/start", sso::SSO_REGION),
        (sso::START_URL, "us-east-1"),
    ] {
        let world = World::of(Scenario::sso(), start_url, region);
        let words = [start_url, region, "sso_start_url and sso_region"];
        assert_refused(world.register(true), FailureKind::InvalidRequest, &words);
        let client = world.register(false).unwrap();
        let device = run(world.aws.start_device_authorization(&world.portal, &client));
        assert_refused(device, FailureKind::InvalidRequest, &words);
    }
}

#[test]
fn accounts_and_roles_page_by_page() {
    let scenario = Scenario::sso_many(230, 5);
    let world = World::of(scenario, sso_many::START_URL, sso::SSO_REGION);
    let (_, token) = world.sign_in();
    let (mut next, mut found) = (None, Vec::new());
    loop {
        let page = world
            .aws
            .list_accounts(&world.portal, &token.access_token, next);
        let page = run(page).unwrap();
        assert!(page.accounts.len() <= 100);
        found.extend(page.accounts);
        next = page.next_token;
        if next.is_none() {
            break;
        }
    }
    assert_eq!(found.len(), 230);
    assert_eq!(world.sim.calls().count("ListAccounts"), 3);
    assert!(found.iter().all(|account| account.account_id.len() == 12));
    let account = &found[7].account_id;
    let roles = world
        .aws
        .list_account_roles(&world.portal, &token.access_token, account, None);
    let roles = run(roles).unwrap();
    assert_eq!((roles.role_names.len(), roles.next_token), (5, None));
    world.check_logs();
}

#[test]
fn a_clock_that_is_off_is_learned_while_signing_in() {
    for ahead in [true, false] {
        let world = World::new();
        let off = Duration::from_secs(7_200);
        if ahead {
            world.sim.clock().advance(off);
        } else {
            world.sim.clock().rewind(off);
        }
        let (_, token) = world.sign_in();
        let offset = world.aws.clock().offset_seconds();
        let expected = if ahead { 7_200 } else { -7_200 };
        assert!((offset - expected).abs() <= 2, "{offset}");
        let ends = token.expires_at.seconds_since(world.aws.clock().now());
        assert!((3_590..=3_600).contains(&ends), "{ends}");
        world.credentials(&token, sso::DEV_PERMISSION_SET).unwrap();
        world.check_logs();
    }
}

/// `(fault, kind, answered)` for a refresh, which is sent once whatever happens. None ends the session.
#[test]
fn faults_on_the_way_are_no_sign_out() {
    let cases = [
        (Fault::throttling(), FailureKind::Throttled, true),
        (
            Fault::error(500, "InternalServerException", "oops"),
            FailureKind::Server,
            true,
        ),
        (Fault::Hang, FailureKind::Offline, false),
        (Fault::Reset, FailureKind::Offline, false),
        (Fault::captive_portal(), FailureKind::Intercepted, false),
        (
            Fault::Html {
                status: 401,
                location: None,
            },
            FailureKind::Intercepted,
            false,
        ),
        (Fault::Offline, FailureKind::Offline, false),
        (Fault::Proxy { status: 407 }, FailureKind::Offline, false),
        (Fault::Intercept, FailureKind::Intercepted, false),
    ];
    let world = World::new();
    let (client, mut token) = world.sign_in();
    for (fault, kind, answered) in cases {
        for service in [Service::Oidc, Service::Portal] {
            let rule = Rule::new(fault.clone()).service(service);
            world.sim.faults().add(rule);
        }
        let before = world.sim.calls().count("CreateToken");
        let failure = world.refresh(&client, &token).err().unwrap();
        assert_eq!(
            (failure.kind, failure.answered),
            (kind, answered),
            "{fault:?} {failure}"
        );
        assert!(failure.message.contains("oidc.eu-central-1"), "{failure}");
        let sent = world.sim.calls().count("CreateToken") - before;
        assert!(sent <= 1, "{fault:?}");
        let failure = world
            .credentials(&token, sso::DEV_PERMISSION_SET)
            .err()
            .unwrap();
        assert_eq!(
            (failure.kind, failure.answered),
            (kind, answered),
            "{fault:?} {failure}"
        );
        world.sim.faults().clear();
        token = world.refresh(&client, &token).unwrap();
        world.credentials(&token, sso::DEV_PERMISSION_SET).unwrap();
    }
    world.check_logs();
}

#[test]
fn a_lost_answer_is_not_asked_for_again() {
    let world = World::new();
    let (client, token) = world.sign_in();
    let lost = Rule::new(Fault::LostAnswer).operation("CreateToken");
    world.sim.faults().add(lost.times(1));
    let before = world.sim.calls().count("CreateToken");
    let failure = world.refresh(&client, &token).err().unwrap();
    assert_eq!(
        (failure.kind, failure.answered),
        (FailureKind::Offline, false)
    );
    assert_eq!(world.sim.calls().count("CreateToken") - before, 1);
    world.check_logs();
}
