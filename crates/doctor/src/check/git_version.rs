//! Git and its version.

use crate::examine::Seen;
use crate::finding::{Check, Finding};
use holdfast_setup::SetupError;
use holdfast_setup::git::Version;

/// First releases without the holes in the credential protocol that became known in January 2025, by minor version
/// (<https://nvd.nist.gov/vuln/detail/CVE-2024-52006>, <https://nvd.nist.gov/vuln/detail/CVE-2024-50349>).
const MENDED: [(u32, u32); 9] = [
    (40, 4),
    (41, 3),
    (42, 4),
    (43, 6),
    (44, 3),
    (45, 3),
    (46, 3),
    (47, 2),
    (48, 1),
];

/// Whether git is there, and what is known of its version.
pub(crate) fn look(seen: &Seen<'_>) -> Vec<Finding> {
    let git = match &seen.git {
        Ok(git) => git,
        Err(SetupError::GitMissing) => {
            return vec![
                Check::GitVersion
                    .problem("git is not on the PATH", "no repository can be cloned")
                    .advise("install git"),
            ];
        }
        Err(error) => {
            let breaks = "what git does about CodeCommit cannot be told";
            return vec![Check::GitVersion.problem(error.to_string(), breaks)];
        }
    };
    let version = git.status.version;
    let mut findings = Vec::new();
    if has_holes(version) {
        findings.push(
            Check::GitVersion
                .warning(
                    format!("git {version} has known holes in how it talks to credential helpers (CVE-2024-50349, CVE-2024-52006)"),
                    "a server can make git ask other helpers for the passwords of other hosts; Holdfast's is not affected",
                )
                .advise("update git"),
        );
    }
    if !version.knows_proactive_auth() {
        findings.push(
            Check::GitVersion
                .note(
                    format!("git {version} does not know http.proactiveAuth"),
                    "every git command makes one request more than it has to",
                )
                .advise("git 2.46 and later know it"),
        );
    }
    if findings.is_empty() {
        findings.push(Check::GitVersion.good(format!("git {version}")));
    }
    findings
}

fn has_holes(version: Version) -> bool {
    let (major, minor, patch) = version.numbers();
    if major != 2 {
        return major < 2;
    }
    match MENDED.into_iter().find(|(mended, _)| *mended == minor) {
        Some((_, mended)) => patch < mended,
        None => minor < MENDED[0].0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_mended_release_of_each_line_counts() {
        for (text, expect) in [
            ("2.39.5", true),
            ("2.40.3", true),
            ("2.40.4", false),
            ("2.47.1", true),
            ("2.47.3", false),
            ("2.48.0", true),
            ("2.49.0", false),
            ("3.0.0", false),
            ("1.9.0", true),
        ] {
            let version = Version::parse(&format!("git version {text}")).unwrap();
            assert_eq!(has_holes(version), expect, "{text}");
        }
    }
}
