//! Instance metadata and container credentials.

use super::{ROLE, World, machine_of};
use crate::common::run;
use holdfast_aws_sim::{Fault, Rule, Service};
use holdfast_core::credentials::Credentials;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::MachineCredentials;
use std::net::TcpListener;
use std::time::{Duration, Instant};

const ENDPOINT: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
const URI: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

impl World {
    fn instance(&self) -> Result<Credentials, Failure> {
        run(self.aws.instance_metadata())
    }

    fn container(&self) -> Result<Credentials, Failure> {
        run(self.aws.container())
    }

    /// The same world, on a machine with this environment.
    fn on(mut self, environment: &[(&str, String)]) -> Self {
        self.aws = self.aws.with_machine(machine_of(environment));
        self
    }

    fn strike(&self, fault: Fault, service: Service) {
        self.sim.faults().clear();
        self.sim.faults().add(Rule::new(fault).service(service));
    }
}

/// An address where nobody listens.
fn closed() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[test]
fn an_instance_lends_its_role() {
    let world = World::new();
    let credentials = world.instance().unwrap();
    world.opens_the_target(&credentials);
    let asked: Vec<_> = world
        .sim
        .calls()
        .matching(|call| call.service == Service::InstanceMetadata)
        .into_iter()
        .map(|call| call.operation)
        .collect();
    assert_eq!(asked, ["GetToken", "GetRoleName", "GetCredentials"]);
}

#[test]
fn an_instance_without_a_role_says_so() {
    let world = World::new();
    world.sim.set_role_suspended(ROLE, true);
    let words = "EC2 may not assume role Worker of this instance";
    world.fails(world.instance(), FailureKind::Denied, words);
    world.sim.set_instance_role(None);
    let words = "no role is attached to this EC2 instance; attach an instance profile";
    world.fails(world.instance(), FailureKind::InvalidRequest, words);
}

#[test]
fn a_machine_that_is_no_instance_says_so_at_once() {
    let world = World::new().on(&[(ENDPOINT, closed())]);
    let words = "this is not an EC2 instance";
    world.fails(world.instance(), FailureKind::InvalidRequest, words);

    let world = World::new();
    world.strike(Fault::Hang, Service::InstanceMetadata);
    let began = Instant::now();
    world.fails(world.instance(), FailureKind::InvalidRequest, words);
    assert!(began.elapsed() < Duration::from_secs(8));
    world.strike(Fault::captive_portal(), Service::InstanceMetadata);
    world.fails(world.instance(), FailureKind::InvalidRequest, words);

    let off = [("AWS_EC2_METADATA_DISABLED", "true".to_owned())];
    let world = world.on(&off);
    let words = "switched off by AWS_EC2_METADATA_DISABLED";
    world.fails(world.instance(), FailureKind::InvalidRequest, words);
}

#[test]
fn trouble_of_instance_metadata_passes() {
    let world = World::new();
    for (fault, operation, kind, words) in [
        (
            Fault::error(503, "x", "y"),
            "GetToken",
            FailureKind::Server,
            "failed with 503",
        ),
        (
            Fault::error(429, "x", "y"),
            "GetToken",
            FailureKind::Throttled,
            "slow down",
        ),
        (
            Fault::error(403, "x", "y"),
            "GetToken",
            FailureKind::InvalidRequest,
            "metadata options",
        ),
        (
            Fault::error(405, "x", "y"),
            "GetToken",
            FailureKind::InvalidRequest,
            "version 2",
        ),
        (
            Fault::error(401, "x", "y"),
            "GetRoleName",
            FailureKind::Server,
            "503",
        ),
        (
            Fault::Reset,
            "GetRoleName",
            FailureKind::Offline,
            "stopped answering",
        ),
        (
            Fault::error(500, "x", "y"),
            "GetCredentials",
            FailureKind::Server,
            "failed with 500",
        ),
        (
            Fault::Truncate,
            "GetCredentials",
            FailureKind::Offline,
            "stopped answering",
        ),
    ] {
        let rule = Rule::new(fault).service(Service::InstanceMetadata);
        world.sim.faults().add(rule.operation(operation));
        world.fails(world.instance(), kind, words);
        world.sim.faults().clear();
    }
    world.instance().unwrap();
    // As it does when AWS cannot renew them: what is there has ended already.
    world.sim.clock().rewind(Duration::from_secs(7 * 3_600));
    world.sim.close_all_sessions();
    world.fails(world.instance(), FailureKind::Server, "have ended");
}

#[test]
fn a_container_lends_its_role() {
    let world = World::new();
    let credentials = world.container().unwrap();
    world.opens_the_target(&credentials);
}

#[test]
fn the_token_file_is_read_every_time() {
    let world = World::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    let environment = [
        (URI, world.sim.container_url()),
        (TOKEN_FILE, file.display().to_string()),
    ];
    let world = world.on(&environment);
    world.fails(
        world.container(),
        FailureKind::InvalidRequest,
        "cannot be read",
    );
    let write = |text: &str| std::fs::write(&file, text).unwrap();
    for bad in ["", "two\nlines"] {
        write(bad);
        let words = "is empty or holds a line break";
        world.fails(world.container(), FailureKind::InvalidRequest, words);
    }
    for _ in 0..2 {
        write(&format!(
            "{}\n",
            world.sim.rotate_container_token().reveal()
        ));
        world.container().unwrap();
    }
    world.sim.rotate_container_token();
    let words = "the file that AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names";
    world.fails(world.container(), FailureKind::Denied, words);
}

#[test]
fn a_container_without_credentials_says_why() {
    let world = World::new();
    for (fault, kind, words) in [
        (
            Fault::Reset,
            FailureKind::Offline,
            "nothing answers at 127.0.0.1",
        ),
        (
            Fault::error(404, "x", "y"),
            FailureKind::InvalidRequest,
            "give its task or pod a role",
        ),
        (
            Fault::error(500, "x", "y"),
            FailureKind::Server,
            "failed with 500",
        ),
        (
            Fault::error(429, "x", "y"),
            FailureKind::Throttled,
            "slow down",
        ),
        (
            Fault::captive_portal(),
            FailureKind::Server,
            "not a whole set of credentials",
        ),
    ] {
        world.strike(fault, Service::Container);
        world.fails(world.container(), kind, words);
    }
    let world = World::new().on(&[]);
    world.fails(
        world.container(),
        FailureKind::InvalidRequest,
        "this is not a container with a role",
    );
    let world = World::new().on(&[(URI, "http://credentials.example/c".to_owned())]);
    world.fails(world.container(), FailureKind::InvalidRequest, "use https");
}
