//! The scenario: an IAM user with an MFA device in one account, a role and a repository in another.

use super::authenticator;
use super::narrator::Narrator;
use super::secrets;
use crate::process;
use crate::scratch::{BLOG, Scratch, Simulator};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::process::Command;

/// The role in the other account.
const PROFILE: &str = "MyRepositoryContributor";

const URL: &str = "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/myRepository";

/// Plays everything; `shell` leaves the person in it at the end.
pub(crate) fn play(
    scratch: &mut Scratch,
    narrator: &Narrator,
    auto: bool,
    shell: bool,
) -> Result<()> {
    narrator
        .heading("Before: a simulated AWS, a desktop's keychain and a home with plaintext keys");
    narrator.timed("started a keychain of its own", || scratch.start_keychain())?;
    let simulator = narrator.timed("started the simulated AWS", || {
        scratch.start_simulator(BLOG)
    })?;
    narrator.show("cat ~/.aws/config");
    narrator.say(&config(scratch)?);
    let credentials = scratch.home().join(".aws/credentials");
    let plaintext = secrets::in_credentials(&credentials)?;
    narrator.say(&format!(
        "~/.aws/credentials holds {} access key in plain text",
        plaintext.len()
    ));

    narrator.heading("Long-lived keys move into the keychain");
    narrator.run(
        "moved the plaintext key",
        "holdfast keys import --remove-plaintext",
        scratch
            .command("holdfast")
            .args(["keys", "import", "--remove-plaintext", "--yes"]),
    )?;
    nothing_left(scratch, narrator, &plaintext)?;

    narrator.heading("One MFA code");
    authenticator::sign_in(scratch, &simulator, narrator, PROFILE, auto)?;

    narrator.heading("Git just works");
    git(scratch, narrator)?;
    aws_cli(scratch, narrator)?;

    narrator.heading("Afterwards");
    narrator.run(
        "one session from one code, and the role's session made from it",
        "holdfast status",
        scratch.command("holdfast").arg("status"),
    )?;
    nothing_left(scratch, narrator, &plaintext)?;
    say_calls(&simulator, narrator)?;
    if shell {
        leave_in_shell(scratch, narrator)?;
    }
    Ok(())
}

/// The scenario's config file, which holds no secret.
fn config(scratch: &Scratch) -> Result<String> {
    let file = scratch.home().join(".aws/config");
    fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))
}

fn nothing_left(scratch: &Scratch, narrator: &Narrator, plaintext: &[String]) -> Result<()> {
    narrator.timed(
        "looked for the secret in every file of the home: found nowhere",
        || {
            let (searched, hits) = secrets::search(scratch.home(), plaintext)?;
            ensure!(searched > 0, "the home is empty");
            ensure!(hits == 0, "{hits} of {searched} files hold the secret");
            Ok(())
        },
    )
}

fn git(scratch: &Scratch, narrator: &Narrator) -> Result<()> {
    narrator.run(
        "git asks Holdfast for CodeCommit, and for nothing else",
        "holdfast git setup",
        scratch.command("holdfast").args(["git", "setup", "--yes"]),
    )?;
    narrator.run(
        "what there is to clone",
        &format!("holdfast repos {PROFILE}"),
        scratch.command("holdfast").args(["repos", PROFILE]),
    )?;
    let clone = scratch.home().join("myRepository");
    narrator.run(
        "cloned",
        &format!("git clone {URL}"),
        scratch.command("git").args(["clone", URL]),
    )?;
    let in_clone = |arguments: &[&str]| {
        let mut command = scratch.command("git");
        command.current_dir(&clone).args(arguments);
        command
    };
    for (name, value) in [
        ("user.name", "MyRepositoryUser"),
        ("user.email", "user@example.com"),
    ] {
        process::capture(&mut in_clone(&["config", name, value]))?;
    }
    fs::write(clone.join("holdfast.txt"), "pushed after one MFA code\n")?;
    process::capture(&mut in_clone(&["add", "holdfast.txt"]))?;
    narrator.run(
        "committed",
        "git commit -m 'Say hello'",
        &mut in_clone(&["commit", "--quiet", "-m", "Say hello"]),
    )?;
    narrator.run("pushed", "git push", &mut in_clone(&["push"]))?;
    narrator.run("fetched", "git fetch", &mut in_clone(&["fetch"]))?;
    let waiting = process::capture(&mut in_clone(&["rev-list", "--count", "@{upstream}..HEAD"]))?;
    ensure!(
        waiting.stdout.starts_with(b"0"),
        "the commit did not reach the repository"
    );
    Ok(())
}

/// The AWS CLI takes the same session through `credential_process`.
fn aws_cli(scratch: &Scratch, narrator: &Narrator) -> Result<()> {
    if process::find("aws").is_none() {
        narrator.say("the AWS CLI is not installed, so it is not shown");
        return Ok(());
    }
    narrator.heading("So does the AWS CLI");
    let helper = scratch.program("holdfast");
    let section = format!(
        "\n[profile through-holdfast]\nregion = us-east-1\n\
         credential_process = \"{}\" credential-process --profile {PROFILE}\n",
        helper.display()
    );
    let file = scratch.home().join(".aws/config");
    fs::write(&file, config(scratch)? + &section)?;
    for (what, arguments) in [
        ("the CLI is the role", ["sts", "get-caller-identity"]),
        (
            "and lists the repositories",
            ["codecommit", "list-repositories"],
        ),
    ] {
        let shown = format!("aws {} --profile through-holdfast", arguments.join(" "));
        let mut command: Command = scratch.command("aws");
        command
            .args(arguments)
            .args(["--profile", "through-holdfast"]);
        narrator.run(what, &shown, command.args(["--output", "json"]))?;
    }
    Ok(())
}

fn say_calls(simulator: &Simulator, narrator: &Narrator) -> Result<()> {
    narrator.say(&format!(
        "AWS was asked for a session {} time and for the role {} time",
        simulator.count("GetSessionToken")?,
        simulator.count("AssumeRole")?
    ));
    Ok(())
}

fn leave_in_shell(scratch: &Scratch, narrator: &Narrator) -> Result<()> {
    narrator.heading("A shell with everything running; `exit` ends it all");
    narrator.say(
        "try: holdfast status, holdfast profiles, git -C myRepository log, holdfast logout --all",
    );
    let shell = std::env::var_os("SHELL").unwrap_or_else(|| "/bin/sh".into());
    // How the shell ends says nothing about the demo.
    scratch
        .command(shell)
        .status()
        .context("the shell did not start")?;
    Ok(())
}
