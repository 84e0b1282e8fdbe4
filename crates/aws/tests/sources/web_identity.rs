//! `AssumeRoleWithWebIdentity`.

use super::{HOUR, ISSUER, REGION, ROLE, World};
use crate::common::run;
use holdfast_aws_sim::{Fault, Rule, Service};
use holdfast_core::credentials::Credentials;
use holdfast_core::endpoint::EndpointSettings;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{AssumeRoleWithWebIdentity, WebIdentity};

const FILE: &str = "/var/run/token";

impl World {
    fn token(&self, issuer: &str, subject: &str) -> String {
        let token = self.sim.web_identity_token(issuer, subject, HOUR).unwrap();
        token.reveal().to_owned()
    }

    fn exchange(&self, token: &str) -> Result<Credentials, Failure> {
        self.exchange_for(token, ROLE, None)
    }

    fn exchange_for(
        &self,
        token: &str,
        role: &str,
        duration_seconds: Option<u32>,
    ) -> Result<Credentials, Failure> {
        run(self
            .aws
            .assume_role_with_web_identity(AssumeRoleWithWebIdentity {
                region: Some(REGION.to_owned()),
                endpoint: EndpointSettings::default(),
                role_arn: role.to_owned(),
                role_session_name: "build".to_owned(),
                token: token.to_owned().into(),
                token_file: FILE.to_owned(),
                duration_seconds,
            }))
    }
}

#[test]
fn a_token_opens_a_role_and_roles_behind_it() {
    let world = World::new();
    let token = world.token(ISSUER, "build-7");
    let credentials = world.exchange(&format!("{token}\n")).unwrap();
    world.opens_the_target(&credentials);
    let calls = world.sim.calls();
    assert_eq!(calls.count("AssumeRoleWithWebIdentity"), 1);
    assert!(calls.all()[0].access_key_id.is_none(), "it is not signed");
}

#[test]
fn every_refusal_says_what_to_do() {
    let world = World::new();
    let good = world.token(ISSUER, "build-7");
    let rejected = world.token(ISSUER, "build-8");
    world.sim.reject_web_identity(ISSUER, "build-8");
    let thief = world.token(ISSUER, "thief");
    let other = "arn:aws:iam::444455556666:role/Worker";
    let missing = "arn:aws:iam::111122223333:role/Missing";
    for (token, role, duration, kind, words) in [
        (
            "",
            ROLE,
            None,
            FailureKind::InvalidRequest,
            "/var/run/token is empty",
        ),
        (
            " \n",
            ROLE,
            None,
            FailureKind::InvalidRequest,
            "/var/run/token is empty",
        ),
        (
            "nonsense",
            ROLE,
            None,
            FailureKind::InvalidRequest,
            "get a new one from its provider",
        ),
        (
            &good,
            other,
            None,
            FailureKind::InvalidRequest,
            "add it in IAM, or check role_arn",
        ),
        (
            &good,
            missing,
            None,
            FailureKind::Denied,
            "does not trust the identity in /var/run/token",
        ),
        (
            &thief,
            ROLE,
            None,
            FailureKind::Denied,
            "check provider, subject and audience",
        ),
        (
            &rejected,
            ROLE,
            None,
            FailureKind::Denied,
            "does not vouch for it any more",
        ),
        (
            &good,
            ROLE,
            Some(7_200),
            FailureKind::InvalidRequest,
            "maximum session duration",
        ),
        (
            &good,
            ROLE,
            Some(60),
            FailureKind::InvalidRequest,
            "between 900 and 43200",
        ),
    ] {
        world.fails(world.exchange_for(token, role, duration), kind, words);
    }
    world.sim.clock().advance(2 * HOUR);
    world.fails(
        world.exchange(&good),
        FailureKind::SessionEnded,
        "the web identity token in /var/run/token has ended",
    );
}

#[test]
fn an_ailing_provider_or_network_is_no_sign_out() {
    let world = World::new();
    let good = world.token(ISSUER, "build-7");
    for (fault, kind) in [
        (
            Fault::error(400, "IDPCommunicationError", "no"),
            FailureKind::Server,
        ),
        (Fault::throttling(), FailureKind::Throttled),
        (Fault::captive_portal(), FailureKind::Intercepted),
        (Fault::Offline, FailureKind::Offline),
    ] {
        world
            .sim
            .faults()
            .add(Rule::new(fault).service(Service::Sts));
        let failure = world.exchange(&good).unwrap_err();
        assert_eq!(failure.kind, kind, "{failure}");
        world.sim.faults().clear();
    }
    // A lost answer costs nothing: the token is good as often as it is sent.
    world
        .sim
        .faults()
        .add(Rule::new(Fault::Reset).service(Service::Sts).times(1));
    world.exchange(&good).unwrap();
}
