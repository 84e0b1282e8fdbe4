//! `holdfast profiles` with as many profiles as a generated file may hold.

use super::Bench;
use super::cost::median;
use super::report::{Report, millis};
use anyhow::{Context, Result, ensure};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

const MANY: usize = 10_000;
const FEW: usize = 1_000;
const ROUNDS: usize = 9;

/// Adds the lines about many profiles to the report.
pub(crate) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    let folder = bench.folder.join("profiles");
    fs::create_dir_all(&folder)?;
    let (many, few) = (folder.join("many"), folder.join("few"));
    let mut of_many = Vec::new();
    let mut of_few = Vec::new();
    for round in 0..ROUNDS {
        // Written anew each time, so that nothing that was read before can help.
        fs::write(&many, config(MANY, round))?;
        fs::write(&few, config(FEW, round))?;
        of_many.push(list(bench, &many, MANY)?);
        of_few.push(list(bench, &few, FEW)?);
    }
    let (many, few) = (median(of_many), median(of_few));
    report.at_most(
        "holdfast profiles with 10,000 profiles, elapsed",
        many * 1000.0,
        200.0,
        "ms",
        "the file is new each time".to_owned(),
    );
    report.at_most(
        "10,000 profiles against 1,000, elapsed",
        many / few,
        12.0,
        "×",
        format!("{} against {}", millis(many), millis(few)),
    );
    fs::remove_dir_all(&folder)?;
    Ok(())
}

/// Roles over a handful of users, as large organisations generate them.
fn config(profiles: usize, round: usize) -> String {
    let mut text = format!("# round {round}\n");
    for number in 0..profiles {
        // Writing into a string cannot fail.
        let _ = match number % 100 {
            0 => writeln!(
                text,
                "[profile user{number}]\nregion = eu-west-1\n\
                 mfa_serial = arn:aws:iam::111122223333:mfa/user{number}\n"
            ),
            _ => writeln!(
                text,
                "[profile role{number}]\nrole_arn = arn:aws:iam::{:012}:role/Developer\n\
                 source_profile = user{}\nregion = eu-west-1\n",
                number,
                number / 100 * 100
            ),
        };
    }
    text
}

/// Seconds that one listing takes.
fn list(bench: &Bench, config: &Path, expected: usize) -> Result<f64> {
    let output = bench.folder.join("profiles/output");
    let start = Instant::now();
    let status = bench
        .scratch
        .command("holdfast")
        .args(["profiles", "--json"])
        .env("AWS_CONFIG_FILE", config)
        .env("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent/credentials")
        .stdout(Stdio::from(fs::File::create(&output)?))
        .status()
        .context("holdfast did not start")?;
    let seconds = start.elapsed().as_secs_f64();
    ensure!(status.success(), "holdfast profiles failed ({status})");
    let text = fs::read_to_string(&output)?;
    let listed = text.matches("\"name\"").count();
    ensure!(
        listed == expected,
        "{listed} profiles are listed, not {expected}"
    );
    Ok(seconds)
}
