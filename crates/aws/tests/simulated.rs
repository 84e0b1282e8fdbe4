//! End to end against the simulated AWS, which checks signatures, codes and policies itself.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use common::logs::CapturedLogs;
use common::run;
use holdfast_aws::{AwsClient, ClientSettings, Endpoints, Proxy, ServerClock, Timeouts};
use holdfast_aws_sim::{Fault, Rule, Scenario, Service, Sim, blog};
use holdfast_core::credentials::Credentials;
use holdfast_core::endpoint::EndpointSettings;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{AssumeRole, GetSessionToken, MfaCode, Sts};
use secrecy::ExposeSecret;
use std::sync::Arc;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

/// A simulated AWS, a client of it, and what the client logs.
struct World {
    logs: CapturedLogs,
    sim: Sim,
    sts: AwsClient,
}

impl World {
    fn new() -> Self {
        let logs = CapturedLogs::filtered();
        let sim = Sim::start(Scenario::blog()).unwrap();
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
        let sts = AwsClient::new(settings, Arc::new(ServerClock::system()))
            .with_endpoints(Endpoints::default());
        Self { logs, sim, sts }
    }

    fn key(&self) -> Credentials {
        let key = self.sim.access_key(blog::USER).unwrap();
        Credentials {
            access_key_id: key.id,
            secret_access_key: key.secret.reveal().to_owned().into(),
            session_token: None,
            expires_at: None,
        }
    }

    fn login_with(&self, code: &str) -> Result<Credentials, Failure> {
        let request = GetSessionToken {
            endpoint: EndpointSettings::default(),
            region: Some(blog::REGION.to_owned()),
            mfa: Some(MfaCode {
                serial: blog::MFA_SERIAL.to_owned(),
                code: code.to_owned().into(),
            }),
            duration_seconds: 43_200,
        };
        run(self.sts.get_session_token(&self.key(), request))
    }

    fn login(&self) -> Result<Credentials, Failure> {
        self.login_with(&self.sim.totp_now(blog::MFA_SERIAL).unwrap())
    }

    fn assume(&self, signer: &Credentials, duration: Option<u32>) -> Result<Credentials, Failure> {
        let request = AssumeRole {
            endpoint: EndpointSettings::default(),
            region: None,
            role_arn: blog::ROLE_ARN.to_owned(),
            role_session_name: "MyRepositoryUser".to_owned(),
            external_id: None,
            source_identity: None,
            duration_seconds: duration,
            mfa: None,
        };
        run(self.sts.assume_role(signer, request))
    }

    /// Ends a test: nothing secret was logged, and something was heard at all.
    fn check_logs(&self) {
        let text = self.logs.text();
        for (what, secret) in self.sim.secrets() {
            assert!(!text.contains(secret.reveal()), "{what} in the log");
        }
        assert!(!self.sim.secrets().is_empty());
    }
}

#[test]
fn one_code_then_the_role() {
    let world = World::new();
    let session = world.login().unwrap();
    let role = world.assume(&session, None).unwrap();
    let lasts = |credentials: &Credentials| {
        let now = world.sts.clock().now();
        credentials.expires_at.unwrap().seconds_since(now)
    };
    assert!((43_190..=43_200).contains(&lasts(&session)));
    assert!((3_590..=3_600).contains(&lasts(&role)));
    assert_eq!(world.sim.calls().count("GetSessionToken"), 1);
    assert_eq!(world.sim.calls().count("AssumeRole"), 1);
    world.check_logs();
}

#[test]
fn a_clock_that_is_off_costs_one_more_request() {
    for (off, ahead) in [
        (Duration::from_secs(1_200), true),
        (Duration::from_secs(1_200), false),
        (2 * DAY, true),
        (2 * DAY, false),
        (365 * DAY, true),
    ] {
        let world = World::new();
        if ahead {
            world.sim.clock().advance(off);
        } else {
            world.sim.clock().rewind(off);
        }
        let session = world.login().unwrap();
        assert_eq!(world.sim.calls().count("GetSessionToken"), 2, "{off:?}");
        world.assume(&session, None).unwrap();
        assert_eq!(world.sim.calls().count("AssumeRole"), 1, "learned");
        let offset = world.sts.clock().offset_seconds();
        let off = i64::try_from(off.as_secs()).unwrap();
        let expected = if ahead { off } else { -off };
        assert!((offset - expected).abs() <= 2, "{offset} {expected}");
        world.check_logs();
    }
}

#[test]
fn refusals() {
    let world = World::new();
    let wrong = world.sim.wrong_code(blog::MFA_SERIAL).unwrap();
    let failure = world.login_with(&wrong).unwrap_err();
    assert_eq!(
        (failure.kind, failure.answered),
        (FailureKind::WrongCode, true)
    );
    assert!(!failure.message.contains(&wrong));

    let code = world.sim.totp_now(blog::MFA_SERIAL).unwrap();
    let session = world.login_with(&code).unwrap();
    let failure = world.login_with(&code).unwrap_err();
    assert_eq!(failure.kind, FailureKind::WrongCode, "used");

    let failure = world.assume(&world.key(), None).unwrap_err();
    assert_eq!(failure.kind, FailureKind::MfaMissing);
    for name in [blog::USER_ARN, "sts:AssumeRole", blog::ROLE_ARN] {
        assert!(failure.message.contains(name), "{}", failure.message);
    }

    let failure = world.assume(&session, Some(43_200)).unwrap_err();
    assert_eq!(failure.kind, FailureKind::InvalidRequest);
    assert!(failure.message.contains("43200"), "{}", failure.message);

    world.sim.set_role_suspended(blog::ROLE_ARN, true);
    assert_eq!(
        world.assume(&session, None).unwrap_err().kind,
        FailureKind::Denied
    );
    world.sim.close_session(&session.access_key_id);
    assert_eq!(
        world.assume(&session, None).unwrap_err().kind,
        FailureKind::SessionEnded
    );

    world.sim.set_key_active(&world.key().access_key_id, false);
    let next = world.sim.totp_next(blog::MFA_SERIAL).unwrap();
    let failure = world.login_with(&next).unwrap_err();
    assert_eq!(failure.kind, FailureKind::KeyInactive);
    let mut stranger = world.key();
    stranger.secret_access_key = "not/the/secret/of/this/key".to_owned().into();
    world.sim.set_key_active(&stranger.access_key_id, true);
    let failure = world.assume(&stranger, None).unwrap_err();
    assert_eq!(failure.kind, FailureKind::KeyInactive);
    assert!(
        failure.message.contains("does not belong"),
        "{}",
        failure.message
    );
    assert_eq!(world.sts.clock().offset_seconds(), 0);
    world.check_logs();
}

#[test]
fn an_ended_session() {
    let world = World::new();
    let session = world.login().unwrap();
    world.sim.clock().advance(Duration::from_secs(43_300));
    let failure = world.assume(&session, None).unwrap_err();
    assert_eq!(
        (failure.kind, failure.answered),
        (FailureKind::SessionEnded, true)
    );
    world.check_logs();
}

/// `(fault, kind, answered)` for a call with a code, which is sent once whatever happens.
#[test]
fn faults_on_the_way() {
    let cases = [
        (Fault::throttling(), FailureKind::Throttled, true),
        (
            Fault::error(500, "InternalFailure", "oops"),
            FailureKind::Server,
            true,
        ),
        (
            Fault::error(503, "ServiceUnavailable", "oops"),
            FailureKind::Server,
            true,
        ),
        (Fault::Hang, FailureKind::Offline, false),
        (Fault::Reset, FailureKind::Offline, false),
        (Fault::captive_portal(), FailureKind::Intercepted, false),
        (
            Fault::Html {
                status: 302,
                location: Some("https://portal.example.com/".to_owned()),
            },
            FailureKind::Intercepted,
            false,
        ),
        (Fault::Offline, FailureKind::Offline, false),
        (Fault::Proxy { status: 407 }, FailureKind::Offline, false),
        (Fault::Proxy { status: 502 }, FailureKind::Offline, false),
        (Fault::Intercept, FailureKind::Intercepted, false),
    ];
    for (fault, kind, answered) in cases {
        let world = World::new();
        world
            .sim
            .faults()
            .add(Rule::new(fault.clone()).service(Service::Sts));
        let failure = world.login().unwrap_err();
        assert_eq!(
            (failure.kind, failure.answered),
            (kind, answered),
            "{fault:?} {failure}"
        );
        assert!(
            failure.message.contains("us-east-1") || answered,
            "{failure}"
        );
        assert!(world.sim.calls().count("GetSessionToken") <= 1, "{fault:?}");
        world.sim.faults().clear();
        let next = world.sim.totp_next(blog::MFA_SERIAL).unwrap();
        let session = world.login_with(&next).unwrap();
        assert!(session.session_token.unwrap().expose_secret().len() > 20);
        world.check_logs();
    }
}

#[test]
fn a_reset_without_a_code_is_tried_again_once() {
    let world = World::new();
    let session = world.login().unwrap();
    let reset = || Rule::new(Fault::Reset).operation("AssumeRole");
    world.sim.faults().add(reset().times(1));
    world.assume(&session, None).unwrap();
    assert_eq!(world.sim.calls().count("AssumeRole"), 2);
    world.sim.faults().add(reset());
    assert_eq!(
        world.assume(&session, None).unwrap_err().kind,
        FailureKind::Offline
    );
    assert_eq!(world.sim.calls().count("AssumeRole"), 4);
    world.check_logs();
}
