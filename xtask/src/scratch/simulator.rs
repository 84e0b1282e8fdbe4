//! The simulated AWS as a program beside the scratch home.

use super::{Process, Scratch, http};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

/// A world that the simulator knows.
#[derive(Clone, Copy)]
pub(crate) struct Scenario {
    name: &'static str,
    /// Serial number of the person's MFA device.
    device: &'static str,
}

/// A user with an MFA device, and a repository behind a role in another account.
pub(crate) const BLOG: Scenario = Scenario {
    name: "blog",
    device: "arn:aws:iam::111122223333:mfa/MyRepositoryUser",
};

/// The same with 5,000 repositories.
pub(crate) const BLOG_MANY: Scenario = Scenario {
    name: "blog-many",
    device: BLOG.device,
};

/// A user with roles and repositories in several accounts.
pub(crate) const TEAM: Scenario = Scenario {
    name: "team",
    device: "arn:aws:iam::111111111111:mfa/jo",
};

/// A user of two portals of IAM Identity Center, who has no MFA device.
pub(crate) const SSO: Scenario = Scenario {
    name: "sso",
    device: "",
};

/// A portal with 1,000 accounts and five roles in each.
pub(crate) const SSO_MANY: Scenario = Scenario {
    name: "sso-many",
    device: "",
};

/// How often it is looked whether the device shows another code.
const LOOK: Duration = Duration::from_millis(200);

/// How the call log calls the service that git talks to.
const GIT: &str = "git-codecommit";

/// Variables of the simulator's script that the home makes needless: its AWS files are where
/// programs look by themselves.
const NOT_TAKEN: [&str; 2] = ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"];

/// A running simulator; it ends with this value.
pub(crate) struct Simulator {
    _process: Process,
    scenario: Scenario,
    state: PathBuf,
    port: u16,
    /// The code that was typed last; AWS takes none twice.
    typed: RefCell<String>,
}

impl Simulator {
    /// Starts it, waits until it is ready, and puts the scenario's AWS files into the home.
    pub(crate) fn start(scratch: &mut Scratch, scenario: Scenario) -> Result<Self> {
        let state = scratch.home().with_file_name("sim");
        let mut command = scratch.command("holdfast-sim");
        command.arg("--state-dir").arg(&state);
        command.args(["--scenario", scenario.name]);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = scratch.start(&mut command)?;
        let stdout = process
            .child()
            .stdout
            .take()
            .context("the simulator has no output")?;
        let mut ready = String::new();
        BufReader::new(stdout).read_line(&mut ready)?;
        let port = port(&ready).context("the simulator did not say where it listens")?;
        let aws = scratch.home().join(".aws");
        fs::create_dir_all(&aws)?;
        for name in ["config", "credentials"] {
            // Moved, so that the plaintext key is where a person would have it and nowhere else.
            fs::rename(state.join("aws").join(name), aws.join(name))
                .with_context(|| format!("the simulator made no {name} file"))?;
        }
        Ok(Self {
            _process: process,
            scenario,
            state,
            port,
            typed: RefCell::default(),
        })
    }

    /// The variables with which every program reaches it.
    pub(crate) fn environment(&self) -> Result<Vec<(String, String)>> {
        let file = self.state.join("env.sh");
        let text = fs::read_to_string(&file)
            .with_context(|| format!("{} cannot be read", file.display()))?;
        let all = text.lines().filter_map(assignment);
        Ok(all
            .filter(|(name, _)| !NOT_TAKEN.contains(&name.as_str()))
            .collect())
    }

    /// The proxy through which it is reached.
    pub(crate) fn proxy_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The certificate of its CA, in PEM.
    pub(crate) fn ca(&self) -> PathBuf {
        self.state.join("ca.pem")
    }

    /// The code that the scenario's MFA device shows now.
    pub(crate) fn code(&self) -> Result<String> {
        let page = format!("/_sim/totp?serial={}", self.scenario.device);
        let answer = self.ask("GET", &page, None)?;
        let code = answer["code"].as_str().map(str::to_owned);
        code.context("the simulator shows no code")
    }

    /// A code that was not typed before; the device shows another one every 30 seconds.
    fn fresh_code(&self) -> Result<String> {
        loop {
            let code = self.code()?;
            if code != *self.typed.borrow() {
                self.typed.borrow_mut().clone_from(&code);
                return Ok(code);
            }
            thread::sleep(LOOK);
        }
    }

    /// Signs a profile in with the code of the moment, from a shell as a person does.
    pub(crate) fn sign_in(&self, scratch: &Scratch, profile: &str) -> Result<()> {
        let mut shell = scratch
            .command("bash")
            .args(["-e", "-s", "--", profile])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .context("bash did not start")?;
        if let Some(mut stdin) = shell.stdin.take() {
            writeln!(stdin, "holdfast keys import --yes </dev/null")?;
            writeln!(stdin, "holdfast login \"$1\" --code - <<code")?;
            writeln!(stdin, "{}\ncode", self.fresh_code()?)?;
        }
        let status = shell.wait()?;
        ensure!(status.success(), "signing in failed ({status})");
        Ok(())
    }

    /// Signs in to a portal with these words for `holdfast`, allowed at once as by a person's browser.
    pub(crate) fn sign_in_to_portal(&self, scratch: &Scratch, words: &[&str]) -> Result<()> {
        // Without a terminal, the page is written to where it can be read.
        let mut command = scratch.command("setsid");
        command
            .args(["--wait", "holdfast"])
            .args(words)
            .arg("--no-browser");
        let mut login = Process::start(command.stdin(Stdio::null()).stderr(Stdio::piped()))?;
        let said = login.child().stderr.take().context("holdfast is silent")?;
        let mut lines = BufReader::new(said).lines();
        let page = lines.find_map(|line| line.ok().filter(|line| line.starts_with("https://")));
        let page = page.context("holdfast shows no page to sign in on")?;
        let answer = self.ask(
            "POST",
            "/_sim/portals/answer",
            Some(&json!({ "url": page })),
        )?;
        let back = answer["location"].as_str().unwrap_or_default();
        let (port, path) = back
            .strip_prefix("http://127.0.0.1:")
            .and_then(|rest| rest.split_once('/'))
            .context("the browser is led elsewhere")?;
        http::request(port.parse()?, "GET", &format!("/{path}"), "")?;
        // It goes on writing, to nobody.
        lines.for_each(drop);
        let status = login.child().wait()?;
        ensure!(status.success(), "signing in failed ({status})");
        Ok(())
    }

    /// How often an operation was asked for.
    pub(crate) fn count(&self, operation: &str) -> Result<usize> {
        let calls = self.calls()?;
        Ok(calls
            .iter()
            .filter(|call| call["operation"] == operation)
            .count())
    }

    /// How many requests git has made.
    pub(crate) fn git_requests(&self) -> Result<usize> {
        let calls = self.calls()?;
        let is_git = |call: &&Value| call["service"] == GIT;
        Ok(calls.iter().filter(is_git).count())
    }

    /// Lets an operation take this long.
    pub(crate) fn delay(&self, operation: &str, time: Duration) -> Result<()> {
        let rule = json!({
            "fault": { "type": "delay", "millis": time.as_millis() as u64 },
            "operation": operation,
        });
        self.ask("POST", "/_sim/faults", Some(&rule))?;
        Ok(())
    }

    /// Lets git receive half of what it asks for, until the faults are taken back.
    pub(crate) fn stall_clone(&self) -> Result<()> {
        // The first question is for the branches.
        let rule = json!({
            "fault": { "type": "stall" },
            "service": GIT,
            "operation": "git-upload-pack",
            "skip": 1,
            "times": 1,
        });
        self.ask("POST", "/_sim/faults", Some(&rule))?;
        Ok(())
    }

    /// Takes every fault back.
    pub(crate) fn clear_faults(&self) -> Result<()> {
        self.ask("DELETE", "/_sim/faults", None)?;
        Ok(())
    }

    /// Empties the call log.
    pub(crate) fn forget_calls(&self) -> Result<()> {
        self.ask("DELETE", "/_sim/calls", None)?;
        Ok(())
    }

    /// What was asked for, and when, in seconds of the day.
    pub(crate) fn times(&self) -> Result<Vec<(String, f64)>> {
        let calls = self.calls()?;
        let named = calls.iter().map(|call| {
            let operation = call["operation"].as_str().unwrap_or_default().to_owned();
            let time = call["time"].as_str().and_then(seconds_of_day);
            Ok((operation, time.context("a call has no time")?))
        });
        named.collect()
    }

    fn calls(&self) -> Result<Vec<Value>> {
        let calls = self.ask("GET", "/_sim/calls", None)?;
        calls
            .as_array()
            .cloned()
            .context("the call log is not a list")
    }

    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let answer = http::request(self.port, method, path, &body)?;
        serde_json::from_str(&answer).context("the simulator's answer is not JSON")
    }
}

/// The port in a line such as `ready: http://127.0.0.1:12345`.
fn port(line: &str) -> Option<u16> {
    let (_, rest) = line.split_once("127.0.0.1:")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// The time in a text such as `2026-11-20T10:00:00.25Z`.
fn seconds_of_day(time: &str) -> Option<f64> {
    let (_, clock) = time.trim_end_matches('Z').split_once('T')?;
    let mut parts = clock.splitn(3, ':');
    let hours: f64 = parts.next()?.parse().ok()?;
    let minutes: f64 = parts.next()?.parse().ok()?;
    let seconds: f64 = parts.next()?.parse().ok()?;
    Some(hours * 3600.0 + minutes * 60.0 + seconds)
}

/// Name and value of a line `export NAME=value` for a shell.
fn assignment(line: &str) -> Option<(String, String)> {
    let (name, value) = line.trim().strip_prefix("export ")?.split_once('=')?;
    let value = value
        .strip_prefix('\'')
        .and_then(|value| value.strip_suffix('\''))
        .or_else(|| {
            value
                .strip_prefix('"')
                .and_then(|value| value.strip_suffix('"'))
        })
        .unwrap_or(value);
    Some((name.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_found_in_the_line_that_says_ready() {
        assert_eq!(port("ready http://127.0.0.1:4711/ and more"), Some(4711));
        assert_eq!(port("ready"), None);
    }

    #[test]
    fn times_are_seconds_of_the_day() {
        assert_eq!(seconds_of_day("2026-11-20T01:02:03.5Z"), Some(3723.5));
        assert_eq!(seconds_of_day("today"), None);
    }

    #[test]
    fn exports_lose_their_quotes() {
        let expected = Some(("A".to_owned(), "b c".to_owned()));
        assert_eq!(assignment("export A='b c'"), expected);
        assert_eq!(assignment("export A=\"b c\""), expected);
        assert_eq!(assignment("# export"), None);
    }
}
