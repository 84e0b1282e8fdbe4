//! A whole git command over TLS, with ours and with what people use today.

use super::cost::{Cost, Subject, interleaved, median, ratio};
use super::report::{Report, millis};
use super::{Bench, HOST, PATH, PROFILE};
use crate::process;
use anyhow::{Context, Result};
use std::io::Write;
use std::process::{Command, Stdio};

const ROUNDS: u32 = 31;
const PEER_ROUNDS: u32 = 5;

/// Adds git's lines to the report.
pub(crate) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    process::capture(bench.scratch.command("holdfast").args([
        "git",
        "setup",
        "--global",
        "--yes",
        "--profile",
        PROFILE,
    ]))?;
    let with_credentials = url_with_credentials(bench)?;
    let clean = format!("https://{HOST}/{PATH}");
    let ours = || ls_remote(bench, &clean);
    let in_url = || {
        // The same git without our helper, so that only the URL answers.
        let mut command = ls_remote(bench, &with_credentials);
        command.env("GIT_CONFIG_GLOBAL", "/dev/null");
        command
    };

    let before = bench.simulator.git_requests()?;
    process::capture(&mut ours())?;
    let requests = bench.simulator.git_requests()? - before;
    let before = bench.simulator.git_requests()?;
    process::capture(&mut in_url())?;
    let requests_in_url = bench.simulator.git_requests()? - before;
    report.exactly(
        "requests of git ls-remote with ours and proactiveAuth",
        requests,
        2,
        format!("{requests_in_url} with credentials in the URL"),
    );

    let [with_ours, direct] = &interleaved(
        ROUNDS,
        [
            Subject {
                command: Box::new(ours),
                input: None,
                batch: 2,
            },
            Subject {
                command: Box::new(in_url),
                input: None,
                batch: 2,
            },
        ],
    )?;
    report.at_most(
        "git ls-remote over TLS with ours against credentials in the URL, elapsed",
        ratio(with_ours, direct, elapsed),
        1.2,
        "×",
        against(with_ours, direct),
    );
    peers(bench, report)
}

/// The same command the way people run it today.
fn peers(bench: &Bench, report: &mut Report) -> Result<()> {
    let clean = format!("https://{HOST}/{PATH}");
    let aws = bench.peers.aws();
    let session = session(bench)?;
    let with_session = |mut command: Command| {
        command.env("GIT_CONFIG_GLOBAL", "/dev/null");
        command.envs(session.iter().map(|(name, value)| (name, value)));
        command
    };
    let helper = format!("!{} codecommit credential-helper $@", aws.display());
    let aws_helper = || {
        let mut command = bench.scratch.command("git");
        command
            .arg("-c")
            .arg(format!("credential.helper={helper}"))
            .args(["-c", "credential.useHttpPath=true", "ls-remote", &clean]);
        with_session(command)
    };
    let remote_helper = || {
        let mut path = bench.peers.folder().as_os_str().to_owned();
        path.push(":/usr/local/bin:/usr/bin:/bin");
        let url = "codecommit::us-east-1://myRepository";
        let mut command = with_session(ls_remote(bench, url));
        command.env("PATH", path);
        command
    };
    let before = bench.simulator.git_requests()?;
    process::capture(&mut aws_helper())?;
    let requests = bench.simulator.git_requests()? - before;
    report.note(
        "requests of git ls-remote with the AWS CLI's helper",
        requests as f64,
        "",
        String::new(),
    );
    let by_remote = format!("codecommit::us-east-1://{PROFILE}@myRepository");
    let [ours, our_remote, aws, remote] = &interleaved(
        PEER_ROUNDS,
        [
            Subject {
                command: Box::new(|| ls_remote(bench, &clean)),
                input: None,
                batch: 2,
            },
            Subject {
                command: Box::new(|| ls_remote(bench, &by_remote)),
                input: None,
                batch: 2,
            },
            Subject {
                command: Box::new(aws_helper),
                input: None,
                batch: 1,
            },
            Subject {
                command: Box::new(remote_helper),
                input: None,
                batch: 1,
            },
        ],
    )?;
    report.at_most(
        "git ls-remote over TLS with ours against the AWS CLI's helper, elapsed",
        ratio(ours, aws, elapsed),
        0.16,
        "×",
        against(ours, aws),
    );
    report.at_most(
        "git ls-remote over TLS with our git-remote-codecommit against AWS's, elapsed",
        ratio(our_remote, remote, elapsed),
        0.35,
        "×",
        against(our_remote, remote),
    );
    Ok(())
}

pub(super) fn ls_remote(bench: &Bench, url: &str) -> Command {
    let mut command = bench.scratch.command("git");
    command.args(["ls-remote", url]);
    command
}

/// A URL with the user name and the password that our helper gives.
fn url_with_credentials(bench: &Bench) -> Result<String> {
    let mut fill = bench
        .scratch
        .command("git")
        .args(["credential", "fill"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(mut stdin) = fill.stdin.take() {
        stdin.write_all(Bench::question().as_bytes())?;
    }
    let output = fill.wait_with_output()?;
    let answer = String::from_utf8_lossy(&output.stdout);
    let value = |name: &str| {
        answer
            .lines()
            .filter_map(|line| line.split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| percent_encoded(value))
            .with_context(|| format!("git has no {name} for {HOST}"))
    };
    Ok(format!(
        "https://{}:{}@{HOST}/{PATH}",
        value("username")?,
        value("password")?
    ))
}

/// The credentials of the measured profile as the AWS CLI takes them from the environment.
pub(super) fn session(bench: &Bench) -> Result<Vec<(&'static str, String)>> {
    let output = process::capture(bench.scratch.command("holdfast").args([
        "credential-process",
        "--profile",
        PROFILE,
    ]))?;
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let value = |name: &str| {
        let text = answer[name].as_str().map(str::to_owned);
        text.with_context(|| format!("credential-process gives no {name}"))
    };
    Ok(vec![
        ("AWS_ACCESS_KEY_ID", value("AccessKeyId")?),
        ("AWS_SECRET_ACCESS_KEY", value("SecretAccessKey")?),
        ("AWS_SESSION_TOKEN", value("SessionToken")?),
        ("AWS_DEFAULT_REGION", "us-east-1".to_owned()),
    ])
}

/// Everything but letters, digits and `-._~` as `%XX`.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

fn elapsed(cost: &Cost) -> f64 {
    cost.elapsed
}

fn against(first: &[Cost], second: &[Cost]) -> String {
    format!(
        "{} against {}",
        millis(median(first.iter().map(elapsed))),
        millis(median(second.iter().map(elapsed)))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_url_cannot_hold_is_encoded() {
        assert_eq!(percent_encoded("AB%c/d+=~"), "AB%25c%2Fd%2B%3D~");
    }
}
