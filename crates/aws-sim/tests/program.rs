//! The program `holdfast-sim`.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use holdfast_aws_sim::{Admin, blog, sso, sso_many};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// The program at work; ended with the test.
struct Running {
    child: Child,
    ready: Value,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_holdfast-sim"));
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").expect("PATH is set"));
    command
}

fn start(folder: &Path) -> Running {
    start_scenario(folder, "blog")
}

fn start_scenario(folder: &Path, scenario: &str) -> Running {
    let mut child = program()
        .args(["--json", "--scenario", scenario, "--state-dir"])
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let ready = serde_json::from_str(&line).unwrap();
    Running { child, ready }
}

#[test]
fn its_files_lead_other_programs_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("it's here");
    let running = start(&state);
    for file in [
        "ca.pem",
        "env.sh",
        "aws/config",
        "aws/credentials",
        "sim.json",
        "repos/222233334444/us-east-1/myRepository.git/HEAD",
    ] {
        assert!(state.join(file).exists(), "{file}");
    }
    let script = format!(
        ". ./env.sh && exec /usr/bin/aws sts get-caller-identity --profile {} --output text --query Arn",
        blog::KEY_PROFILE
    );
    let output = Command::new("sh")
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", folder.path())
        .env("NO_PROXY", "*")
        .current_dir(&state)
        .args(["-c", &script])
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        format!("{}\n", blog::USER_ARN),
        "{output:?}"
    );
    let admin = Admin::of_folder(&state).unwrap();
    assert_eq!(
        admin.get("calls").unwrap()[0]["operation"],
        "GetCallerIdentity"
    );
    assert_eq!(running.ready["ca"], state.join("ca.pem").to_str().unwrap());
}

#[test]
fn it_offers_portals() {
    for (scenario, start_urls) in [
        ("sso", vec![sso::START_URL, sso::OTHER_START_URL]),
        ("sso-many", vec![sso_many::START_URL]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let _running = start_scenario(folder.path(), scenario);
        let portals = Admin::of_folder(folder.path())
            .unwrap()
            .get("portals")
            .unwrap();
        let listed: Vec<&str> = portals
            .as_array()
            .unwrap()
            .iter()
            .map(|portal| portal["start_url"].as_str().unwrap())
            .collect();
        assert_eq!(listed, start_urls);
        let config = std::fs::read_to_string(folder.path().join("aws/config")).unwrap();
        assert!(
            start_urls.iter().all(|url| config.contains(url)),
            "{config}"
        );
    }
}

#[test]
fn it_prints_codes_and_ends_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = start(folder.path());
    let admin = Admin::of_folder(folder.path()).unwrap();
    admin.post("clock", &serde_json::json!("freeze")).unwrap();
    let output = program()
        .args(["totp", blog::MFA_SERIAL, "--state-dir"])
        .arg(folder.path())
        .output()
        .unwrap();
    let expect = format!("{}\n", admin.totp(blog::MFA_SERIAL).unwrap());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expect);
    let pid = Pid::from_child(&running.child);
    kill_process(pid, Signal::TERM).unwrap();
    assert!(running.child.wait().unwrap().success());
}

#[test]
fn errors_say_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let running = start(folder.path());
    let address = running.ready["address"].as_str().unwrap();
    let (_, port) = address.rsplit_once(':').unwrap();
    let other = tempfile::tempdir().unwrap();
    let output = program()
        .args(["--port", port, "--state-dir"])
        .arg(other.path())
        .output()
        .unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    let expect = format!("error: cannot listen on 127.0.0.1 port {port}: ");
    assert!(
        !output.status.success() && error.starts_with(&expect),
        "{error}"
    );
    let output = program().output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("--state-dir"), "{error}");
}
