//! The agent.

use crate::examine::{AgentSeen, Seen};
use crate::finding::{Check, Finding};

/// Whether it runs, is of this version, is unlocked, and what it warns of.
pub(crate) fn look(seen: &Seen<'_>) -> Vec<Finding> {
    let status = match &seen.around.agent {
        AgentSeen::Absent(why) => {
            return vec![
                Check::Agent
                    .problem(
                        format!("the agent does not run: {why}"),
                        "no program gets credentials, and git asks for a user name",
                    )
                    .run("holdfast agent start"),
            ];
        }
        AgentSeen::Running { status, .. } => status,
    };
    let mut findings = Vec::new();
    if status.version != seen.around.version {
        findings.push(
            Check::Agent
                .warning(
                    format!(
                        "the agent that runs is version {}, and this program {}",
                        status.version, seen.around.version
                    ),
                    "what is new in this version does not work yet",
                )
                .run("holdfast agent stop"),
        );
    }
    if status.locked {
        findings.push(
            Check::Agent
                .problem("Holdfast is locked", "no program gets credentials")
                .run("holdfast unlock"),
        );
    }
    let warnings = status.warnings.iter();
    findings.extend(warnings.map(|warning| {
        Check::Agent.warning(
            warning.clone(),
            "sessions may not survive a restart of the agent",
        )
    }));
    if findings.is_empty() {
        let running = format!("the agent runs (version {})", status.version);
        findings.push(Check::Agent.good(running));
    }
    findings
}
