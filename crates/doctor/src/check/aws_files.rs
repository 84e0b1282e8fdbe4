//! The AWS files: what is wrong in them, and keys in plain text.

use crate::examine::Seen;
use crate::finding::{Check, Finding, Severity};
use holdfast_setup::keys::Survey;

/// Findings of a kind that are shown; the rest is counted.
const SHOWN: usize = 10;

/// Problems with file and line, and plaintext keys.
pub(crate) fn look(seen: &Seen<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut left_out = 0;
    for profile in seen.profiles() {
        for problem in &profile.problems {
            if findings.len() == SHOWN {
                left_out += 1;
                continue;
            }
            // A profile without a chain cannot be used at all.
            let (severity, breaks) = if profile.source.is_none() && !profile.name.is_empty() {
                (
                    Severity::Problem,
                    format!("profile {} cannot be used", profile.name),
                )
            } else {
                (
                    Severity::Warning,
                    "the profile works, but not as it says".to_owned(),
                )
            };
            let finding = Finding {
                severity,
                ..Check::AwsFiles.problem(problem.message.clone(), breaks)
            };
            findings.push(match (&problem.file, problem.line) {
                (Some(file), Some(line)) => finding.at(format!("{} line {line}", file.display())),
                (Some(file), None) => finding.at(file.display().to_string()),
                (None, _) => finding,
            });
        }
    }
    if left_out > 0 {
        let more = format!("{left_out} more things are wrong in the AWS files");
        findings.push(
            Check::AwsFiles
                .warning(more, "see them all there")
                .run("holdfast profiles"),
        );
    }
    findings.extend(plaintext_keys(seen));
    findings
}

fn plaintext_keys(seen: &Seen<'_>) -> Vec<Finding> {
    let survey = match Survey::read(&seen.around.context) {
        Ok(survey) => survey,
        Err(error) => {
            let breaks = "no profile can be used";
            return vec![Check::AwsFiles.problem(error.to_string(), breaks)];
        }
    };
    let lasting = survey.keys.iter().filter(|key| !key.is_temporary);
    lasting
        .take(SHOWN)
        .map(|key| {
            Check::PlaintextKeys
                .warning(
                    format!("the access key of profile {} is in plain text", key.profile),
                    "every program that you run, and every backup, can read it",
                )
                .at(format!("{} line {}", key.file.display(), key.line))
                .run("holdfast keys import --remove-plaintext")
        })
        .collect()
}
