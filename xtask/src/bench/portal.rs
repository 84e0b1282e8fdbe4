//! A large portal of IAM Identity Center: how long its accounts and roles take to list, and a role's credentials.

use super::cost::median;
use super::report::{Report, millis};
use crate::process;
use crate::scratch::{SSO_MANY, Scratch, Simulator};
use anyhow::{Context, Result, ensure};
use holdfast_agent_proto::address::Address;
use holdfast_agent_proto::client::Client;
use holdfast_agent_proto::{CallerContext, Hello, Interaction, PROTOCOL_VERSION, Reply, Request};
use serde_json::Value;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

const START_URL: &str = "https://holdfast-large.awsapps.com/start";
const REGION: &str = "eu-central-1";
const ACCOUNTS: u64 = 1000;
const FIRST_ACCOUNT: u64 = 100_000_000_000;
const ROLE: &str = "Developer";

/// Calls that Holdfast allows itself in a second.
const RATE: f64 = 10.0;

const ROUNDS: usize = 9;

/// Roles whose credentials are asked for, each for the first time.
const COLD: u64 = 60;

/// How far away the portal is: about what a call to the nearest region takes.
const AWAY: Duration = Duration::from_millis(50);

/// Adds the lines about a large portal to the report.
pub(crate) fn measure(folder: &Path, programs: &Path, report: &mut Report) -> Result<()> {
    let mut scratch = Scratch::new(&folder.join("portal"), programs)?;
    scratch.set("HOLDFAST_KEYCHAIN", "memory");
    // So that the same call can be made beside the agent, with the same token.
    let settings = format!("[portals.\"{START_URL}\"]\npublish-token = true\n");
    scratch.write(".config/holdfast/config.toml", &settings)?;
    let simulator = scratch.start_simulator(SSO_MANY)?;
    simulator.sign_in_to_portal(&scratch, &["sso", "login"])?;
    let measured =
        list(&scratch, &simulator, report).and_then(|()| credentials(&scratch, &simulator, report));
    scratch.stop_agent();
    measured
}

fn list(scratch: &Scratch, simulator: &Simulator, report: &mut Report) -> Result<()> {
    let first = listing(scratch)?;
    let calls = simulator.count("ListAccounts")? + simulator.count("ListAccountRoles")?;
    let needed = simulator.count("ListAccounts")? as f64 + ACCOUNTS as f64;
    report.at_most(
        "listing 1,000 accounts with 5 roles each, against one call for each page and account at 10 calls a second",
        first / (needed / RATE),
        1.1,
        "×",
        format!("{first:.1} s, {calls} calls"),
    );
    let again: Vec<f64> = (0..ROUNDS)
        .map(|_| listing(scratch))
        .collect::<Result<_>>()?;
    report.at_most(
        "listing them a second time, elapsed",
        median(again) * 1000.0,
        100.0,
        "ms",
        "`holdfast sso roles --json` from its start to its end".to_owned(),
    );
    Ok(())
}

/// Seconds that a listing of all roles takes.
fn listing(scratch: &Scratch) -> Result<f64> {
    let start = Instant::now();
    let output = process::capture(scratch.command("holdfast").args(["sso", "roles", "--json"]))?;
    let seconds = start.elapsed().as_secs_f64();
    let listed: Value = serde_json::from_slice(&output.stdout)?;
    let accounts = listed["accounts"].as_array().map_or(0, Vec::len);
    ensure!(
        accounts as u64 == ACCOUNTS,
        "{accounts} accounts are listed"
    );
    Ok(seconds)
}

/// Times roles that nobody asked for yet, beside the same call made with curl on a connection that is open.
fn credentials(scratch: &Scratch, simulator: &Simulator, report: &mut Report) -> Result<()> {
    let file = scratch.home().join(".aws/config");
    let mut config = fs::read_to_string(&file)?;
    for number in 0..=COLD {
        // Writing into a string cannot fail.
        let _ = write!(
            config,
            "\n[profile role{number}]\nsso_session = holdfast-large\nsso_account_id = {}\nsso_role_name = {ROLE}\n\
             region = {REGION}\n",
            FIRST_ACCOUNT + number
        );
    }
    fs::write(&file, config)?;
    simulator.delay("GetRoleCredentials", AWAY)?;
    let mut agent = connect(scratch)?;
    // The first opens the connection to the portal, as curl's first does.
    ask(&mut agent, 0)?;
    let ours: Vec<f64> = (1..=COLD)
        .map(|number| ask(&mut agent, number))
        .collect::<Result<_>>()?;
    let calls = with_curl(scratch)?;
    simulator.clear_faults()?;
    let (ours, call) = (median(ours), median(calls));
    report.at_most(
        "credentials of a role that was not asked for before, from a warm token, against one call to the portal",
        ours / call,
        1.2,
        "×",
        format!(
            "median of {COLD}; {} from the agent, {} with curl, both on open connections to a portal {} ms away",
            millis(ours),
            millis(call),
            AWAY.as_millis()
        ),
    );
    Ok(())
}

fn connect(scratch: &Scratch) -> Result<Client> {
    let hello = Hello {
        protocol: PROTOCOL_VERSION,
        client: "xtask".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        context: CallerContext {
            config_file: scratch.home().join(".aws/config"),
            credentials_file: scratch.home().join(".aws/credentials"),
            interaction: Interaction::Never,
            ..CallerContext::default()
        },
    };
    Ok(Client::connect(&Address::new(scratch.socket())?, &hello)?)
}

/// Seconds until the agent has answered.
fn ask(agent: &mut Client, number: u64) -> Result<f64> {
    let start = Instant::now();
    let reply = agent.request(Request::Credentials {
        profile: format!("role{number}"),
        wait_seconds: 0,
    })?;
    let seconds = start.elapsed().as_secs_f64();
    ensure!(
        matches!(reply, Reply::Credentials { .. }),
        "the agent gives no credentials"
    );
    Ok(seconds)
}

/// Seconds of each call, without the first, which opens the connection.
fn with_curl(scratch: &Scratch) -> Result<Vec<f64>> {
    let header = format!("x-amz-sso_bearer_token: {}", published_token(scratch)?);
    scratch.write("curl/header", &header)?;
    let mut curl = scratch.command("sh");
    // curl takes its CA from an option alone.
    curl.args(["-c", "exec curl --cacert \"$AWS_CA_BUNDLE\" \"$@\"", "curl"]);
    curl.args([
        "--silent",
        "--show-error",
        "--fail",
        "--header",
        "@curl/header",
    ]);
    curl.args(["--write-out", "%{time_total}\n"]);
    for number in 0..=COLD {
        let url = format!(
            "https://portal.sso.{REGION}.amazonaws.com/federation/credentials?role_name={ROLE}&account_id={}",
            FIRST_ACCOUNT + 500 + number
        );
        curl.args(["--output", "/dev/null", &url]);
    }
    let output = process::capture(&mut curl)?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let times: Vec<f64> = text
        .lines()
        .skip(1)
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    ensure!(
        times.len() as u64 == COLD,
        "curl made {} calls",
        times.len()
    );
    Ok(times)
}

/// The access token that Holdfast has put where the AWS CLI looks.
fn published_token(scratch: &Scratch) -> Result<String> {
    let folder = scratch.home().join(".aws/sso/cache");
    for entry in fs::read_dir(&folder).context("no token is published")? {
        let token: Value = serde_json::from_slice(&fs::read(entry?.path())?)?;
        if let Some(token) = token["accessToken"].as_str() {
            return Ok(token.to_owned());
        }
    }
    anyhow::bail!("no token is published")
}
