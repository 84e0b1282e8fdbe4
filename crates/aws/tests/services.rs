//! CodeCommit and the sign-in service against the simulated AWS.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use common::logs::CapturedLogs;
use common::run;
use holdfast_aws::{AwsClient, ClientSettings, Endpoints, Proxy, ServerClock, Timeouts};
use holdfast_aws_sim::{
    Account, Fault, Repository, Role, Rule, Scenario, Service, Sim, Trust, User, allow,
};
use holdfast_codecommit::{Region, RepositoryName};
use holdfast_core::console::{Console, Page};
use holdfast_core::credentials::Credentials;
use holdfast_core::endpoint::EndpointSettings;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{
    AssumeRole, CodeCommit, ConsoleSignIn, CreateRepository, GetSessionToken, ListRepositories,
    SignIn, Sts,
};
use holdfast_core::repository;
use secrecy::{ExposeSecret, SecretString};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

const ACCOUNT: &str = "111122223333";
const REGION: &str = "us-east-1";
const REPOSITORIES: usize = 230;

/// A user `Dev` who may assume `Browser`, which sees all repositories, and `Narrow`, which only lists.
struct World {
    logs: CapturedLogs,
    sim: Sim,
    aws: AwsClient,
}

fn role_arn(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{name}")
}

impl World {
    fn new() -> Self {
        let logs = CapturedLogs::filtered();
        let role = |name: &str, actions: &[&str]| {
            Role::new(name, Trust::of(ACCOUNT))
                .max_session_duration(43_200)
                .policy(allow(actions, &["*"]))
        };
        let mut account = Account::new(ACCOUNT)
            .user(
                User::new("Dev")
                    .access_key()
                    .policy(allow(&["sts:AssumeRole"], &["*"])),
            )
            .role(role("Browser", &["codecommit:*", "sts:AssumeRole"]))
            .role(role("Narrow", &["codecommit:ListRepositories"]))
            .role(role("Nobody", &["s3:*"]));
        for number in 0..REPOSITORIES {
            let name = format!("repo-{number:03}");
            let repository = Repository::new(REGION, &name);
            account = account.repository(repository.description(&format!("Number {number}")));
        }
        account = account.repository(Repository::new("eu-west-1", "elsewhere"));
        let sim = Sim::start(Scenario::new().account(account).page_size(90)).unwrap();
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
        Self { logs, sim, aws }
    }

    fn key(&self) -> Credentials {
        let key = self.sim.access_key("Dev").unwrap();
        Credentials {
            access_key_id: key.id,
            secret_access_key: key.secret.reveal().to_owned().into(),
            session_token: None,
            expires_at: None,
        }
    }

    fn assume(&self, signer: &Credentials, name: &str) -> Credentials {
        let request = AssumeRole {
            endpoint: EndpointSettings::default(),
            region: Some(REGION.to_owned()),
            role_arn: role_arn(name),
            role_session_name: "Dev".to_owned(),
            external_id: None,
            source_identity: None,
            duration_seconds: None,
            mfa: None,
        };
        run(self.aws.assume_role(signer, request)).unwrap()
    }

    fn role(&self, name: &str) -> Credentials {
        self.assume(&self.key(), name)
    }

    fn list(
        &self,
        signer: &Credentials,
        region: &str,
    ) -> Result<Vec<repository::Repository>, Failure> {
        let request = ListRepositories {
            region: region.to_owned(),
            endpoint: EndpointSettings::default(),
        };
        run(self.aws.list_repositories(signer, request))
    }

    fn sign_in(
        &self,
        session: &Credentials,
        duration_seconds: Option<u32>,
    ) -> Result<SecretString, Failure> {
        let request = ConsoleSignIn {
            console: Console::of(Region::parse(REGION).unwrap()),
            page: Page::Repository(RepositoryName::parse("repo-001").unwrap()),
            duration_seconds,
        };
        run(self.aws.console_link(session, request))
    }

    /// What curl, in the place of a browser, ends at: its status and the last page.
    fn browse(&self, link: &SecretString) -> (String, String) {
        let folder = tempfile::tempdir().unwrap();
        let output = Command::new("curl")
            .args(["--silent", "--location", "--write-out", "\n%{http_code}"])
            .arg("--cookie-jar")
            .arg(folder.path().join("cookies"))
            .arg("--proxy")
            .arg(self.sim.proxy_url())
            .arg("--cacert")
            .arg(self.sim.ca_pem_path())
            .arg(link.expose_secret())
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let (page, status) = text.rsplit_once('\n').unwrap();
        (status.to_owned(), page.to_owned())
    }

    /// Ends a test: nothing secret was logged.
    fn check_logs(&self) {
        let text = self.logs.text();
        for (what, secret) in self.sim.secrets() {
            assert!(!text.contains(secret.reveal()), "{what} in the log");
        }
    }
}

#[test]
fn every_repository_of_the_region_with_its_description() {
    let world = World::new();
    let role = world.role("Browser");
    let found = world.list(&role, REGION).unwrap();
    assert_eq!(found.len(), REPOSITORIES);
    assert!(found.is_sorted_by(|a, b| a.name < b.name));
    let first = &found[7];
    assert_eq!(first.name, "repo-007");
    assert_eq!(first.description.as_deref(), Some("Number 7"));
    assert_eq!(first.account_id.as_deref(), Some(ACCOUNT));
    assert!(first.last_modified.is_some());
    assert_eq!(world.sim.calls().count("ListRepositories"), 3);
    assert_eq!(world.sim.calls().count("BatchGetRepositories"), 3);
    let elsewhere = world.list(&role, "eu-west-1").unwrap();
    assert_eq!(elsewhere[0].name, "elsewhere");
    assert_eq!(world.list(&role, "eu-west-2").unwrap(), []);
    world.check_logs();
}

#[test]
fn who_may_only_list_sees_names() {
    let world = World::new();
    let found = world.list(&world.role("Narrow"), REGION).unwrap();
    assert_eq!(found.len(), REPOSITORIES);
    assert_eq!(found[0].description, None);
    let failure = world.list(&world.role("Nobody"), REGION).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Denied);
    for name in ["assumed-role/Nobody", "codecommit:ListRepositories"] {
        assert!(failure.message.contains(name), "{failure}");
    }
    let failure = world
        .list(&world.role("Browser"), "not a region")
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::InvalidRequest);
    world.check_logs();
}

#[test]
fn faults_of_codecommit_are_told_apart() {
    for (fault, kind) in [
        (Fault::throttling(), FailureKind::Throttled),
        (
            Fault::error(500, "InternalFailure", "oops"),
            FailureKind::Server,
        ),
        (Fault::Reset, FailureKind::Offline),
        (Fault::captive_portal(), FailureKind::Intercepted),
        (Fault::Intercept, FailureKind::Intercepted),
        (
            Fault::error(400, "ExpiredTokenException", "expired"),
            FailureKind::SessionEnded,
        ),
    ] {
        let world = World::new();
        let role = world.role("Browser");
        let rule = Rule::new(fault.clone()).service(Service::CodeCommit);
        world.sim.faults().add(rule);
        let failure = world.list(&role, REGION).unwrap_err();
        assert_eq!(failure.kind, kind, "{fault:?} {failure}");
        world.sim.faults().clear();
        assert_eq!(world.list(&role, REGION).unwrap().len(), REPOSITORIES);
        world.check_logs();
    }
    let world = World::new();
    let role = world.role("Browser");
    let rule = Rule::new(Fault::throttling()).operation("BatchGetRepositories");
    world.sim.faults().add(rule.times(1));
    assert_eq!(world.list(&role, REGION).unwrap().len(), REPOSITORIES);
}

#[test]
fn a_link_signs_in_once() {
    let world = World::new();
    let role = world.role("Browser");
    for duration in [None, Some(43_200)] {
        let link = world.sign_in(&role, duration).unwrap();
        let text = link.expose_secret();
        assert!(
            text.starts_with("https://us-east-1.signin.aws.amazon.com/federation?Action=login&")
        );
        assert!(!text.contains(role.secret_access_key.expose_secret()));
        let (status, page) = world.browse(&link);
        assert_eq!(status, "200", "{page}");
        assert!(page.contains("assumed-role/Browser/Dev"), "{page}");
        assert!(page.contains("/codesuite/codecommit/repositories/repo-001/browse"));
        assert_eq!(world.browse(&link).0, "400", "used");
    }
    let asked = world
        .sim
        .calls()
        .matching(|call| call.operation == "getSigninToken");
    assert_eq!(asked.len(), 2);
    world.check_logs();
}

#[test]
fn what_cannot_sign_in_is_refused() {
    let world = World::new();
    let failure = world.sign_in(&world.key(), None).unwrap_err();
    assert_eq!(
        (failure.kind, failure.answered),
        (FailureKind::InvalidRequest, false)
    );
    let user_session = run(world.aws.get_session_token(
        &world.key(),
        GetSessionToken {
            region: Some(REGION.to_owned()),
            endpoint: EndpointSettings::default(),
            mfa: None,
            duration_seconds: 900,
        },
    ));
    let user_session = user_session.unwrap();
    let role = world.role("Browser");
    let chained = world.assume(&role, "Browser");
    let ended = world.role("Browser");
    world.sim.close_session(&ended.access_key_id);
    for (session, duration) in [
        (&user_session, None),
        (&chained, Some(3_600)),
        (&role, Some(60)),
        (&ended, None),
    ] {
        let failure = world.sign_in(session, duration).unwrap_err();
        assert_eq!(
            (failure.kind, failure.answered),
            (FailureKind::Denied, true)
        );
        assert!(
            failure.message.contains("signin.aws.amazon.com"),
            "{failure}"
        );
        assert!(
            failure.message.contains(&session.access_key_id),
            "{failure}"
        );
    }
    assert!(world.sign_in(&chained, None).is_ok());
    world.check_logs();
}

#[test]
fn faults_on_the_way_to_the_sign_in_service() {
    for (fault, kind) in [
        (Fault::error(500, "x", "x"), FailureKind::Server),
        (Fault::error(429, "x", "x"), FailureKind::Throttled),
        (Fault::Hang, FailureKind::Offline),
        (Fault::Reset, FailureKind::Offline),
        (Fault::Truncate, FailureKind::Offline),
        (Fault::Offline, FailureKind::Offline),
        (Fault::Proxy { status: 407 }, FailureKind::Offline),
        (Fault::Intercept, FailureKind::Intercepted),
        (
            Fault::Html {
                status: 302,
                location: Some("https://portal.example.com/".to_owned()),
            },
            FailureKind::Intercepted,
        ),
    ] {
        let world = World::new();
        let role = world.role("Browser");
        let rule = Rule::new(fault.clone()).service(Service::SignIn);
        world.sim.faults().add(rule);
        let failure = world.sign_in(&role, None).unwrap_err();
        assert_eq!(failure.kind, kind, "{fault:?} {failure}");
        world.sim.faults().clear();
        assert!(world.sign_in(&role, None).is_ok());
        world.check_logs();
    }
}

#[test]
fn a_new_repository_is_listed_and_its_name_is_taken() {
    let world = World::new();
    let role = world.role("Browser");
    let create = |signer: &Credentials, name: &str, description: Option<&str>| {
        let request = CreateRepository {
            region: "eu-west-1".to_owned(),
            endpoint: EndpointSettings::default(),
            name: name.to_owned(),
            description: description.map(str::to_owned),
        };
        run(world.aws.create_repository(signer, request))
    };
    let made = create(&role, "web", Some("The front door")).unwrap();
    assert_eq!(made.name, "web");
    assert_eq!(made.description.as_deref(), Some("The front door"));
    assert_eq!(made.default_branch, None);
    assert_eq!(made.account_id.as_deref(), Some(ACCOUNT));
    assert!(made.last_modified.is_some());
    let names: Vec<String> = world
        .list(&role, "eu-west-1")
        .unwrap()
        .into_iter()
        .map(|it| it.name)
        .collect();
    assert_eq!(names, ["elsewhere", "web"]);
    let taken = create(&role, "web", None).unwrap_err();
    assert_eq!(taken.kind, FailureKind::Exists);
    assert_eq!(
        taken.message,
        "there is a repository web in eu-west-1 already"
    );
    let denied = create(&world.role("Narrow"), "other", None).unwrap_err();
    assert_eq!(denied.kind, FailureKind::Denied);
    assert!(
        denied.message.contains("codecommit:CreateRepository"),
        "{denied}"
    );
    for (code, words) in [
        (
            "RepositoryLimitExceededException",
            "ask AWS to raise the quota",
        ),
        (
            "InvalidRepositoryDescriptionException",
            "refused the description",
        ),
        (
            "InvalidRepositoryNameException",
            "CreateRepository (InvalidRepositoryNameException)",
        ),
    ] {
        let rule = Rule::new(Fault::error(400, code, "no")).operation("CreateRepository");
        world.sim.faults().add(rule.times(1));
        let refused = create(&role, "another", None).unwrap_err();
        assert_eq!(refused.kind, FailureKind::InvalidRequest, "{code}");
        assert!(refused.message.contains(words), "{refused}");
    }
    world.check_logs();
}
