//! Where sessions come from besides keys and portals, end to end against the simulated AWS.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "../common/mod.rs"]
mod common;
mod console_login;
mod machine;
mod web_identity;

use common::logs::CapturedLogs;
use holdfast_aws::{
    AwsClient, ClientSettings, Endpoints, MachineSettings, Proxy, ServerClock, Timeouts,
};
use holdfast_aws_sim::{Account, Role, Scenario, Sim, Trust, User, allow};
use holdfast_core::credentials::Credentials;
use holdfast_core::endpoint::EndpointSettings;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{AssumeRole, Sts};
use std::sync::Arc;
use std::time::Duration;

const ACCOUNT: &str = "111122223333";
const ISSUER: &str = "https://tokens.example.com";
const ROLE: &str = "arn:aws:iam::111122223333:role/Worker";
const PERSON: &str = "arn:aws:sts::111122223333:assumed-role/Worker/jo";
const REGION: &str = "eu-west-1";
const HOUR: Duration = Duration::from_secs(3_600);

/// A simulated AWS, a client of it on a machine of it, and what the client logs.
struct World {
    logs: CapturedLogs,
    sim: Sim,
    aws: AwsClient,
}

impl World {
    fn new() -> Self {
        let logs = CapturedLogs::filtered();
        let worker = Role::new("Worker", Trust::of_provider(ACCOUNT, ISSUER, "build-*"))
            .policy(allow(&["sts:AssumeRole"], &["*"]));
        let account = Account::new(ACCOUNT)
            .oidc_provider(ISSUER, "sts.amazonaws.com")
            .oidc_provider("https://elsewhere.example.com", "sts.amazonaws.com")
            .user(User::new("jo"))
            .role(worker)
            .role(Role::new("Target", Trust::of(ROLE)));
        let scenario = Scenario::new()
            .account(account)
            .instance_role(ROLE)
            .container_role(ROLE)
            .console_session(PERSON);
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
        let mut environment = sim.instance_env();
        environment.extend(sim.container_env());
        let aws = AwsClient::new(settings, Arc::new(ServerClock::system()))
            .with_endpoints(Endpoints::default())
            .with_machine(machine_of(&environment));
        Self { logs, sim, aws }
    }

    /// Whose the credentials are, shown by what they open.
    fn opens_the_target(&self, signer: &Credentials) {
        let request = AssumeRole {
            region: Some(REGION.to_owned()),
            endpoint: EndpointSettings::default(),
            role_arn: "arn:aws:iam::111122223333:role/Target".to_owned(),
            role_session_name: "next".to_owned(),
            external_id: None,
            source_identity: None,
            duration_seconds: None,
            mfa: None,
        };
        common::run(self.aws.assume_role(signer, request)).unwrap();
    }

    /// The failure, when it is of this kind, says this, and no secret ever given out is in it or in the logs.
    #[track_caller]
    fn fails<T>(&self, result: Result<T, Failure>, kind: FailureKind, words: &str) {
        let failure = result.err().unwrap();
        assert_eq!(failure.kind, kind, "{failure}");
        assert!(failure.message.contains(words), "{failure}");
        let logs = self.logs.text();
        for (what, secret) in self.sim.secrets() {
            assert!(
                !failure.message.contains(secret.reveal()),
                "{what} in {failure}"
            );
            assert!(!logs.contains(secret.reveal()), "{what} in {logs}");
        }
    }
}

/// The machine that an environment describes.
fn machine_of(environment: &[(&str, String)]) -> MachineSettings {
    MachineSettings::resolve(|name| {
        let found = environment.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.clone())
    })
}

/// The whole of AWS that the agent needs is this client.
#[test]
fn one_client_is_all_of_aws() {
    fn is_all_of_aws<T: holdfast_core::port::Aws>(_: &T) {}
    is_all_of_aws(&World::new().aws);
}
