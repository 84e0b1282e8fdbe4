//! Every other source of a session: web identity tokens, programs, machines, keys that end, the console.

use crate::person::{Person, python, visit};
use crate::process::run;
use crate::world::{World, program};
use holdfast_aws_sim::{Scenario, Service, sources};
use holdfast_testkit::wait_until;
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Stdio};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

fn person() -> Person {
    let world = World::of(Scenario::sources());
    let environment = world.sim.instance_env();
    let environment: Vec<_> = environment
        .into_iter()
        .chain(world.sim.container_env())
        .collect();
    let person = Person::at(world);
    environment
        .into_iter()
        .fold(person, |person, (name, value)| person.with(name, value))
}

/// What a person sets up.
trait Sources {
    /// A role on top of another profile.
    fn add_chain(&self, profile: &str) -> String;
    /// A profile over a program.
    fn add_process(&self, profile: &str, command: &str);
    /// Credentials that end, of the role that builds have.
    fn temporary(&self) -> Value;
    /// A program; answers with its path.
    fn script(&self, name: &str, text: &str) -> String;
}

impl Sources for Person {
    fn add_chain(&self, profile: &str) -> String {
        let name = format!("on-{profile}");
        self.append(
            ".aws/config",
            &format!(
                "\n[profile {name}]\nregion = us-east-1\nrole_arn = {}\nsource_profile = {profile}\n",
                sources::TARGET_ARN
            ),
        );
        name
    }

    fn add_process(&self, profile: &str, command: &str) {
        self.append(
            ".aws/config",
            &format!("\n[profile {profile}]\nregion = us-east-1\ncredential_process = {command}\n"),
        );
    }

    fn temporary(&self) -> Value {
        self.credentials(sources::WEB_PROFILE).ok().json()
    }

    fn script(&self, name: &str, text: &str) -> String {
        let path = self
            .home
            .write(&format!("bin/{name}"), format!("#!/bin/sh\n{text}\n"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
        path.display().to_string()
    }
}

fn text<'a>(credentials: &'a Value, name: &str) -> &'a str {
    credentials[name].as_str().unwrap()
}

#[test]
fn a_web_identity_token_is_read_again_when_its_file_is_replaced() {
    let mut person = person().with_clock();
    let config = fs::read_to_string(person.path(".aws/config")).unwrap();
    let (_, rest) = config.split_once("web_identity_token_file = ").unwrap();
    let file = rest.lines().next().unwrap().to_owned();
    let replace = |person: &Person, subject: &str| {
        let token = person
            .sim
            .web_identity_token(sources::ISSUER, subject, HOUR)
            .unwrap();
        fs::write(&file, token.reveal()).unwrap();
    };
    replace(&person, sources::SUBJECT);
    person
        .who(sources::WEB_PROFILE)
        .ok()
        .says(&["assumed-role/Worker/ci"]);
    let chain = person.add_chain(sources::WEB_PROFILE);
    person.who(&chain).ok().says(&["assumed-role/Target/"]);

    person.wait(2 * HOUR);
    let refused = person.credentials(sources::WEB_PROFILE).failed();
    refused.says(&[&file]);
    replace(&person, sources::SUBJECT);
    wait_until("the new token is read", || {
        person.credentials(sources::WEB_PROFILE).is_ok()
    });
    person.who(&chain).ok();

    person.wait(2 * HOUR);
    replace(&person, "somebody-else");
    let refused = person.credentials(sources::WEB_PROFILE).failed();
    refused
        .says(&[sources::WEB_PROFILE])
        .never_says(&["holdfast login"]);
}

#[test]
fn machines_lend_their_roles() {
    let person = person();
    for profile in [sources::INSTANCE_PROFILE, sources::CONTAINER_PROFILE] {
        person.who(profile).ok().says(&["assumed-role/Target/"]);
    }
    // The second version of instance metadata alone is spoken: it asks for a token first.
    let calls = person.sim.calls();
    let of_instance = calls.matching(|call| call.service == Service::InstanceMetadata);
    let first = of_instance.first().unwrap();
    assert_eq!(
        (first.operation.as_str(), first.status),
        ("GetToken", Some(200)),
        "{of_instance:#?}"
    );
}

#[test]
fn keys_in_the_environment_of_the_caller_assume_a_role() {
    let person = person();
    let keys = person.temporary();
    person.append(
        ".aws/config",
        &format!(
            "\n[profile environment]\nregion = us-east-1\nrole_arn = {}\ncredential_source = Environment\n",
            sources::TARGET_ARN
        ),
    );
    let mut holdfast = person.command(program("holdfast"));
    holdfast.args(["credential-process", "--profile", "environment"]);
    holdfast.env("AWS_ACCESS_KEY_ID", text(&keys, "AccessKeyId"));
    holdfast.env("AWS_SECRET_ACCESS_KEY", text(&keys, "SecretAccessKey"));
    holdfast.env("AWS_SESSION_TOKEN", text(&keys, "SessionToken"));
    let served = run(&mut holdfast).ok().json();
    assert_ne!(served["AccessKeyId"], keys["AccessKeyId"]);
    assert_eq!(person.count("AssumeRole"), 1);
    // Another one without keys in its environment does not get what these opened.
    person.holdfast(&["agent", "stop"]).ok();
    let refused = person.credentials("environment").failed();
    refused.says(&["AWS_ACCESS_KEY_ID", "environment"]);
}

#[test]
fn keys_that_end_stand_in_the_credentials_file() {
    let person = person();
    let keys = person.temporary();
    person.append(
        ".aws/credentials",
        &format!(
            "\n[short]\nregion = us-east-1\naws_access_key_id = {}\naws_secret_access_key = {}\naws_session_token = {}\n",
            text(&keys, "AccessKeyId"),
            text(&keys, "SecretAccessKey"),
            text(&keys, "SessionToken")
        ),
    );
    person.who("short").ok().says(&["assumed-role/Worker/ci"]);
    let chain = person.add_chain("short");
    person.who(&chain).ok().says(&["assumed-role/Target/"]);
}

#[test]
fn a_program_brings_credentials_with_their_expiry() {
    let person = person();
    let keys = person.credentials(sources::WEB_PROFILE).ok();
    let file = person.home.write("with space/keys.json", &keys.out);
    let ran = person.path("ran");
    let script = person.script("keys", &format!("echo x >>'{}'; cat \"$1\"", ran.display()));
    person.add_process("program", &format!("\"{script}\" \"{}\"", file.display()));
    let served = person.credentials("program").ok().json();
    assert_eq!(served["Expiration"], keys.json()["Expiration"]);
    person.who("program").ok().says(&["assumed-role/Worker/ci"]);
    let chain = person.add_chain("program");
    person.who(&chain).ok().says(&["assumed-role/Target/"]);
    assert_eq!(
        fs::read_to_string(ran).unwrap().lines().count(),
        1,
        "kept until they end"
    );
}

#[test]
fn a_program_that_does_not_do_its_part_is_named() {
    let person = person();
    let holdfast = program("holdfast").display().to_string();
    let failing = person.script("failing", "echo 'the vault is closed' >&2; exit 3");
    let chatty = person.script("chatty", "echo no JSON at all");
    let flood = person.script("flood", "cat /dev/zero");
    let through = person.script(
        "through",
        &format!("exec '{holdfast}' credential-process --profile through"),
    );
    for (profile, command, words) in [
        (
            "failing",
            failing.as_str(),
            &["failing", "credential_process"][..],
        ),
        ("chatty", &chatty, &["chatty", "credential_process"]),
        ("flood", &flood, &["flood", "credential_process"]),
        (
            "missing",
            "/nowhere/program",
            &["missing", "cannot be started"],
        ),
        // A shell would run `id`.
        (
            "unshelled",
            "/nowhere/$(id)",
            &["unshelled", "credential_process"],
        ),
        (
            "itself",
            &format!("{holdfast} credential-process --profile itself"),
            &["itself", "credential_process"],
        ),
        ("through", &through, &["through", "credential_process"]),
    ] {
        person.add_process(profile, command);
        let refused = person.credentials(profile).failed();
        refused.says(words).never_says(&["uid="]);
    }
    person.holdfast(&["agent", "status"]).ok();
}

#[test]
fn the_console_is_signed_in_to_and_its_session_kept_alive() {
    let mut person = person().with_clock();
    let refused = person.credentials(sources::CONSOLE_PROFILE).exits(3);
    refused.says(&["holdfast login console"]);
    let sign_in = person.begin(sources::CONSOLE_PROFILE);
    let back = person
        .sim
        .console_login(&sign_in.page, Some(sources::PERSON))
        .unwrap();
    visit(&back);
    sign_in.end().ok();
    person
        .who(sources::CONSOLE_PROFILE)
        .ok()
        .says(&[sources::PERSON]);
    let chain = person.add_chain(sources::CONSOLE_PROFILE);
    for _ in 0..6 {
        person.wait(Duration::from_secs(600));
        person.who(sources::CONSOLE_PROFILE).ok();
        person.who(&chain).ok().says(&["assumed-role/Target/"]);
    }
    assert_eq!(person.opened().len(), 1);

    person.sim.revoke_console_logins();
    person.wait(2 * HOUR);
    let refused = person.credentials(sources::CONSOLE_PROFILE).exits(3);
    refused.says(&["holdfast login console"]);
}

#[test]
fn whoever_declines_at_the_console_is_not_signed_in() {
    let person = person();
    let sign_in = person.begin(sources::CONSOLE_PROFILE);
    let back = person.sim.console_login(&sign_in.page, None).unwrap();
    let refused = sign_in.come_back(&back).failed();
    refused.says(&["holdfast login console"]);
}

/// Botocore, which signs in as `aws login` does, told what to do line by line.
struct Botocore(Child);

impl Botocore {
    fn start(person: &Person) -> Self {
        let program = include_str!("../../../crates/aws-sim/tests/real_programs/console_login.py");
        let mut command = person.command(python());
        command.args(["-c", program, sources::CONSOLE_PROFILE]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        Self(command.spawn().unwrap())
    }

    #[track_caller]
    fn ask(&mut self, request: &Value) -> String {
        writeln!(self.0.stdin.as_mut().unwrap(), "{request}").unwrap();
        let mut line = String::new();
        let stdout = self.0.stdout.as_mut().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        let told = answer["ok"].as_str();
        told.unwrap_or_else(|| panic!("{answer}")).to_owned()
    }
}

impl Drop for Botocore {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// Refresh tokens are good once: whoever used one that the other has used already would lose the session.
#[test]
fn what_aws_login_left_is_kept_alive_by_both() {
    let person = person();
    let mut botocore = Botocore::start(&person);
    let page = botocore.ask(&json!({"do": "authorize"}));
    let back = person
        .sim
        .console_login(&page, Some(sources::PERSON))
        .unwrap();
    let (_, code) = back.split_once("code=").unwrap();
    let code = code.split('&').next().unwrap();
    assert_eq!(
        botocore.ask(&json!({"do": "code", "code": code})),
        sources::PERSON
    );

    ran_out(&person);
    person.who(sources::CONSOLE_PROFILE).ok();
    assert_eq!(person.opened(), Vec::<String>::new());
    let refused = person
        .sim
        .calls()
        .matching(|call| call.operation == "CreateOAuth2Token" && call.status != Some(200));
    assert_eq!(refused, []);
}

/// The credentials that `aws login` left have ended a minute ago.
fn ran_out(person: &Person) {
    for file in fs::read_dir(person.path(".aws/login/cache")).unwrap() {
        let path = file.unwrap().path();
        let mut login: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let ended = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(1);
        login["accessToken"]["expiresAt"] = json!(ended.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
        fs::write(path, login.to_string()).unwrap();
    }
}
