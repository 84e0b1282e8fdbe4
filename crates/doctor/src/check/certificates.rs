//! Certificates and proxies of a company: whether git knows those that AWS programs are told of.

use crate::examine::{GitSeen, Seen};
use crate::finding::{Check, Finding};

/// Differences between the two.
pub(crate) fn look(seen: &Seen<'_>) -> Vec<Finding> {
    let Ok(git) = &seen.git else {
        return Vec::new();
    };
    let is_set = |name: &str| (seen.around.variable)(name).is_some();
    let mut findings = Vec::new();
    let knows_bundle = has(git, "sslcainfo") || is_set("GIT_SSL_CAINFO");
    if is_set("AWS_CA_BUNDLE") && !knows_bundle {
        findings.push(
            Check::Certificates
                .warning(
                    "AWS_CA_BUNDLE is set, and git is not told of these certificates",
                    "where something answers in AWS's place, git refuses it",
                )
                .run("git config --global http.sslCAInfo \"$AWS_CA_BUNDLE\""),
        );
    }
    // Git reads these variables itself.
    let in_environment = is_set("HTTPS_PROXY") || is_set("https_proxy");
    if has(git, "proxy") && !in_environment {
        findings.push(
            Check::Certificates
                .note(
                    "git has a proxy of its own (http.proxy), and HTTPS_PROXY is not set",
                    "git and Holdfast reach AWS in different ways",
                )
                .advise("set https-proxy under [network] in the settings if AWS is only reached through it"),
        );
    }
    findings
}

/// Whether git has a setting for http, for all hosts or for some.
fn has(git: &GitSeen, name: &str) -> bool {
    git.entries.iter().any(|sourced| {
        let key = sourced.entry.key.to_lowercase();
        key.starts_with("http.") && key.rsplit('.').next() == Some(name)
    })
}
