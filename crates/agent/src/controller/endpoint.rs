//! Where git finds a repository that a `codecommit://` URL names.

use super::Controller;
use crate::explain;
use crate::listener::Caller;
use holdfast_agent_proto::{AgentError, ErrorCode, Reply};
use holdfast_aws_files::Section;
use holdfast_codecommit::{GitHost, Region, RepositoryAddress, RepositoryName};
use holdfast_core::port::Aws;

/// The profile that AWS's own programs use when none is named.
const DEFAULT: &str = "default";

/// A repository as a URL names it.
pub(super) struct Wanted {
    /// Name of the repository.
    pub(super) repository: String,
    /// Profile in the URL.
    pub(super) profile: Option<String>,
    /// Region in the URL.
    pub(super) region: Option<String>,
    /// The caller's `AWS_USE_FIPS_ENDPOINT`.
    pub(super) use_fips_endpoint: Option<bool>,
}

impl<S: Aws> Controller<S> {
    /// The endpoint, and the profile whose credentials open it where one is settled.
    ///
    /// What is remembered for the repository counts before the caller's `AWS_PROFILE`, and that before `default`. Where
    /// no Region is named, that one counts for which a profile is remembered with a repository of this name.
    /// A `default` that has no credentials, as many write it only for its region, still lends the region; the
    /// profile is then the one that fits the repository, as for an https URL.
    pub(super) fn repository_endpoint(
        &mut self,
        caller: &Caller,
        mut wanted: Wanted,
    ) -> Result<Reply, AgentError> {
        // Reading the files would bring the keys in them back into memory.
        if self.engine.is_locked() {
            return Err(explain::locked());
        }
        let is_open = wanted.profile.is_none() && wanted.region.is_none();
        let remembered = match caller.context.region {
            None if is_open => self.remembered_by_name(caller, &repository(&wanted)?),
            _ => None,
        };
        let (region, remembered) = remembered.unzip();
        wanted.region = wanted.region.or(region);
        let named = wanted.profile.as_ref().or(remembered.as_ref());
        let named = named.or(caller.context.profile.as_ref());
        let profile = match named {
            Some(name) => {
                self.chain(caller, name)?;
                Some(name.clone())
            }
            // What opens the repository is the key in the caller's environment then.
            None if caller.context.environment_key.is_some() => None,
            None => {
                let usable = self.chain(caller, DEFAULT).is_ok();
                usable.then(|| DEFAULT.to_owned())
            }
        };
        let files = self
            .files
            .profiles(&caller.context)
            .map_err(|error| explain::unreadable(&error))?;
        let section = files.profile(profile.as_deref().unwrap_or(DEFAULT));
        let host = host(&wanted, caller.context.region.as_deref(), section)?;
        let profile = match wanted.profile {
            Some(_) => profile,
            None => {
                let repository = repository(&wanted)?;
                let address = RepositoryAddress::new(host.clone(), repository);
                self.remembered_for(caller, &address).or(profile)
            }
        };
        Ok(Reply::RepositoryEndpoint {
            host: host.to_string(),
            profile,
        })
    }
}

/// The URL's Region, else the caller's, else the profile's; FIPS where the caller or else the profile asks for it.
fn host(
    wanted: &Wanted,
    callers: Option<&str>,
    profile: Option<&Section>,
) -> Result<GitHost, AgentError> {
    let repository = repository(wanted)?;
    let profiles = profile
        .and_then(|section| section.get("region"))
        .filter(|region| !region.is_empty());
    let (name, origin) = match (wanted.region.as_deref(), callers, profiles, profile) {
        (Some(name), ..) => (name, "in the URL".to_owned()),
        (None, Some(name), ..) => (name, "in AWS_REGION or AWS_DEFAULT_REGION".to_owned()),
        (None, None, Some(name), Some(section)) => (name, format!("of profile {}", section.name())),
        (None, None, ..) => return Err(no_region(wanted, profile, &repository)),
    };
    let region = Region::parse(name).map_err(|_| {
        let message = format!(
            "the region {origin}, for repository {repository}, is not a name that AWS gives"
        );
        AgentError::new(ErrorCode::Misconfigured, message).hint("write it like eu-west-1")
    })?;
    let fips = wanted.use_fips_endpoint.unwrap_or_else(|| {
        profile
            .and_then(|section| section.get("use_fips_endpoint"))
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    });
    Ok(if fips {
        GitHost::public_fips(region)
    } else {
        GitHost::public(region)
    })
}

fn repository(wanted: &Wanted) -> Result<RepositoryName, AgentError> {
    RepositoryName::parse(&wanted.repository)
        .map_err(|error| AgentError::new(ErrorCode::BadRequest, error.to_string()))
}

fn no_region(
    wanted: &Wanted,
    profile: Option<&Section>,
    repository: &RepositoryName,
) -> AgentError {
    let named = profile.map(Section::name).or(wanted.profile.as_deref());
    let whose = match named {
        Some(name) => format!("profile {name} has no region"),
        None => "no region is named".to_owned(),
    };
    AgentError::new(
        ErrorCode::Misconfigured,
        format!("{whose}, so that repository {repository} cannot be found"),
    )
    .hint(format!(
        "set region in the profile, or write it into the URL: codecommit::REGION://PROFILE@{repository}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_aws_files::{Document, FileKind, ProfileSet};

    const CONFIG: &str = "\
[profile plain]
region = eu-west-1
[profile fips]
region = us-east-2
use_fips_endpoint = True
[profile gov]
region = us-gov-west-1
[profile china]
region = cn-north-1
[profile none]
output = json
[profile odd]
region = eu-west-1.evil.example/
";

    fn wanted(region: Option<&str>) -> Wanted {
        Wanted {
            repository: "myRepository".to_owned(),
            profile: None,
            region: region.map(str::to_owned),
            use_fips_endpoint: None,
        }
    }

    fn found(wanted: &Wanted, callers: Option<&str>, profile: &str) -> Result<String, AgentError> {
        let config = Document::parse("config", FileKind::Config, CONFIG.into());
        let credentials = Document::parse("credentials", FileKind::Credentials, Vec::new());
        let files = ProfileSet::merge(&config, &credentials);
        host(wanted, callers, files.profile(profile)).map(|host| host.to_string())
    }

    #[test]
    fn the_url_then_the_caller_then_the_profile_name_the_region() {
        for (region, callers, profile, expect) in [
            (
                None,
                None,
                "plain",
                "git-codecommit.eu-west-1.amazonaws.com",
            ),
            (
                None,
                Some("eu-west-2"),
                "plain",
                "git-codecommit.eu-west-2.amazonaws.com",
            ),
            (
                Some("eu-west-3"),
                Some("eu-west-2"),
                "plain",
                "git-codecommit.eu-west-3.amazonaws.com",
            ),
            (
                Some("eu-west-3"),
                None,
                "absent",
                "git-codecommit.eu-west-3.amazonaws.com",
            ),
            (
                None,
                None,
                "gov",
                "git-codecommit.us-gov-west-1.amazonaws.com",
            ),
            (
                None,
                None,
                "china",
                "git-codecommit.cn-north-1.amazonaws.com.cn",
            ),
            (
                Some("eusc-de-east-1"),
                None,
                "none",
                "git-codecommit.eusc-de-east-1.amazonaws.eu",
            ),
            (
                None,
                None,
                "fips",
                "git-codecommit-fips.us-east-2.amazonaws.com",
            ),
            (
                Some("ca-central-1"),
                None,
                "fips",
                "git-codecommit-fips.ca-central-1.amazonaws.com",
            ),
        ] {
            let host = found(&wanted(region), callers, profile).unwrap();
            assert_eq!(host, expect, "{region:?} {callers:?} {profile}");
        }
    }

    #[test]
    fn the_caller_decides_about_fips_before_the_profile() {
        for (profile, asked, expect) in [("fips", false, false), ("plain", true, true)] {
            let wanted = Wanted {
                use_fips_endpoint: Some(asked),
                ..wanted(None)
            };
            let host = found(&wanted, None, profile).unwrap();
            assert_eq!(host.contains("-fips."), expect, "{profile}");
        }
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        for (callers, profile, words) in [
            (
                None,
                "none",
                "profile none has no region, so that repository myRepository",
            ),
            (
                None,
                "absent",
                "no region is named, so that repository myRepository",
            ),
            (
                None,
                "odd",
                "the region of profile odd, for repository myRepository",
            ),
            (
                Some("EVIL\n"),
                "plain",
                "the region in AWS_REGION or AWS_DEFAULT_REGION",
            ),
        ] {
            let error = found(&wanted(None), callers, profile).unwrap_err();
            assert_eq!(error.code, ErrorCode::Misconfigured);
            assert!(error.message.starts_with(words), "{}", error.message);
            assert!(!error.message.to_lowercase().contains("evil"));
        }
        for repository in ["", "..", "a/b", "a b", "-".repeat(101).as_str()] {
            let wanted = Wanted {
                repository: repository.to_owned(),
                ..wanted(None)
            };
            let error = found(&wanted, None, "plain").unwrap_err();
            assert_eq!(error.code, ErrorCode::BadRequest, "{repository}");
        }
    }
}
