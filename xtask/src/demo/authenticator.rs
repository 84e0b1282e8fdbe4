//! The person's side of signing in: reading a code off the device and typing it.

use super::narrator::Narrator;
use crate::scratch::{Scratch, Simulator};
use anyhow::{Context, Result, bail};
use std::io::Write;
use std::process::Stdio;
use std::time::Instant;

/// How often a person may mistype.
const TRIES: usize = 3;

/// Signs a profile in: with a code typed at the terminal, or with the one that the device shows.
pub(crate) fn sign_in(
    scratch: &Scratch,
    simulator: &Simulator,
    narrator: &Narrator,
    profile: &str,
    auto: bool,
) -> Result<()> {
    for _ in 0..TRIES {
        let code = simulator.code()?;
        narrator.say(&format!("the authenticator shows  {code}"));
        narrator.show(&format!("holdfast login {profile}"));
        let mut login = scratch.command("holdfast");
        login.args(["login", profile]);
        let start = Instant::now();
        let signed_in = if auto {
            let mut child = login
                .args(["--code", "-"])
                .stdin(Stdio::piped())
                .spawn()
                .context("holdfast did not start")?;
            if let Some(mut stdin) = child.stdin.take() {
                writeln!(stdin, "{code}")?;
            }
            child.wait()?.success()
        } else {
            login.status().context("holdfast did not start")?.success()
        };
        if signed_in {
            narrator.done("signed in with one code", start.elapsed());
            return Ok(());
        }
    }
    bail!("signing in failed {TRIES} times");
}
