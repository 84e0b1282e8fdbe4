//! The git configuration that makes git ask one helper, and only that, about CodeCommit.

use crate::host::{SERVICE, SERVICE_FIPS, VPCE};
use crate::partition::Partition;
use crate::shell::{QuoteError, escape_posix};

/// One value to add to a git configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Full key, for example `credential.https://git-codecommit.*.amazonaws.com.useHttpPath`.
    pub key: String,
    /// The value; an empty `helper` makes git forget the helpers named before it.
    pub value: String,
}

/// URL patterns that together match every git endpoint of a partition: public, FIPS, VPC and VPC with FIPS.
///
/// In git's patterns a `*` stands for exactly one whole label of a host name
/// (<https://git-scm.com/docs/git-config#Documentation/git-config.txt-httplturlgt>), so none of them can be left out.
pub fn url_patterns(partition: Partition) -> [String; 4] {
    let suffix = partition.dns_suffix();
    [
        format!("https://{SERVICE}.*.{suffix}"),
        format!("https://{SERVICE_FIPS}.*.{suffix}"),
        format!("https://*.{SERVICE}.*.{VPCE}.{suffix}"),
        format!("https://*.{SERVICE_FIPS}.*.{VPCE}.{suffix}"),
    ]
}

/// The patterns of several partitions, each once: partitions may share a suffix.
pub fn url_patterns_of(partitions: &[Partition]) -> Vec<String> {
    let mut patterns: Vec<String> = Vec::new();
    for pattern in partitions.iter().copied().flat_map(url_patterns) {
        if !patterns.contains(&pattern) {
            patterns.push(pattern);
        }
    }
    patterns
}

/// The settings for a URL or URL pattern, in the order in which they have to be added.
///
/// The empty helper keeps every other helper from being asked and from being handed the password to store.
/// `useHttpPath` lets our helper see the repository. `proactiveAuth` saves the request that would be refused;
/// git before 2.46 does not know it and ignores it. `emptyAuth` keeps git 2.55 and later from an attempt with a Kerberos
/// ticket where a server offers that as well; to every git it says what it does by itself where none is offered
/// (<https://git-scm.com/docs/git-config#Documentation/git-config.txt-httpemptyAuth>).
pub fn settings(url: &str, helper: &str) -> [Setting; 5] {
    let setting = |section: &str, name: &str, value: &str| Setting {
        key: format!("{section}.{url}.{name}"),
        value: value.to_owned(),
    };
    [
        setting("credential", "helper", ""),
        setting("credential", "helper", helper),
        setting("credential", "useHttpPath", "true"),
        setting("http", "proactiveAuth", "basic"),
        setting("http", "emptyAuth", "false"),
    ]
}

/// The value of `credential.helper` that runs a program by its absolute path, with forward slashes,
/// for one profile where one is given. git hands it to a POSIX shell, on Windows too.
///
/// # Errors
/// When path or profile hold a control character.
pub fn helper_command(program: &str, profile: Option<&str>) -> Result<String, QuoteError> {
    let mut command = escape_posix(program)?;
    if let Some(profile) = profile {
        command.push_str(" --profile ");
        command.push_str(&escape_posix(profile)?);
    }
    Ok(command)
}
