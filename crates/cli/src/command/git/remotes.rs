//! The remotes of the repository around the working folder that lead to CodeCommit.

use crate::agent::{Agent, unexpected};
use crate::outcome::Result;
use holdfast_agent_proto::{Reply, Request, use_fips_endpoint};
use holdfast_codecommit::{RemoteUrl, RepositoryAddress};
use holdfast_setup::git::Git;

/// A URL that leads to CodeCommit, and where it stands.
pub(crate) struct Remote {
    /// Name of the remote; absent for a URL that was given.
    pub(crate) name: Option<String>,
    /// The URL as it stands there.
    pub(crate) url: String,
    /// A profile that the URL names itself, which counts before what is remembered.
    pub(crate) profile: Option<String>,
    address: Address,
}

enum Address {
    Known(RepositoryAddress),
    /// The agent knows the host, by the rules for `codecommit://` URLs.
    Named {
        repository: String,
        region: Option<String>,
    },
}

impl Remote {
    /// The remotes of this repository: all of CodeCommit's, or the one of this name.
    pub(crate) fn here(named: Option<&str>) -> Result<Vec<Self>> {
        let entries = Git::find()?.effective_entries()?;
        let mut remotes: Vec<Self> = Vec::new();
        for sourced in &entries {
            let key = sourced.entry.key.strip_prefix("remote.");
            let name = key.and_then(|key| {
                let url = key.strip_suffix(".url");
                url.or_else(|| key.strip_suffix(".pushurl"))
            });
            let Some(name) = name.filter(|name| named.is_none_or(|it| it == *name)) else {
                continue;
            };
            let known = remotes.iter().any(|it| it.url == sourced.entry.value);
            if let (false, Some(remote)) = (known, Self::of(&sourced.entry.value)) {
                remotes.push(Self {
                    name: Some(name.to_owned()),
                    ..remote
                });
            }
        }
        Ok(remotes)
    }

    /// What a URL leads to; nothing when that is not CodeCommit.
    pub(crate) fn of(url: &str) -> Option<Self> {
        let remote = |address, profile| Self {
            name: None,
            url: url.to_owned(),
            profile,
            address,
        };
        if let Some(parsed) = RemoteUrl::parse(url) {
            let parsed = parsed.ok()?;
            let address = Address::Named {
                repository: parsed.repository.to_string(),
                region: parsed.region.map(|region| region.to_string()),
            };
            return Some(remote(address, parsed.profile));
        }
        // A user's name is no part of where it leads.
        let rest = url.strip_prefix("https://")?;
        let (authority, path) = rest.split_once('/')?;
        let host = authority
            .rsplit_once('@')
            .map_or(authority, |(_, host)| host);
        let address = RepositoryAddress::from_git(host, path).ok()?;
        Some(remote(Address::Known(address), None))
    }

    /// Host and path of the repository. A URL without a Region leads to the one of `profile`, where that is given.
    pub(crate) fn host_and_path(
        &self,
        agent: &mut Agent,
        profile: Option<&str>,
    ) -> Result<(String, String)> {
        match &self.address {
            Address::Known(address) => {
                let host = address.host().canonical().to_owned();
                Ok((host, format!("v1/repos/{}", address.repository())))
            }
            Address::Named { repository, region } => {
                let host = agent.endpoint(repository, profile, region.as_deref())?;
                Ok((host, format!("v1/repos/{repository}")))
            }
        }
    }

    /// What a person calls it.
    pub(crate) fn words(&self) -> String {
        match &self.name {
            Some(name) => format!("{name} ({})", self.url),
            None => self.url.clone(),
        }
    }
}

impl Agent {
    /// The profile that is remembered for a repository.
    pub(crate) fn remembered_profile(&mut self, host: &str, path: &str) -> Result<Option<String>> {
        let request = || Request::RememberedProfile {
            host: host.to_owned(),
            path: path.to_owned(),
        };
        let Reply::RememberedProfile { profile } = self.ask_again(request)? else {
            return Err(unexpected());
        };
        Ok(profile)
    }

    fn endpoint(
        &mut self,
        repository: &str,
        profile: Option<&str>,
        region: Option<&str>,
    ) -> Result<String> {
        let request = || Request::RepositoryEndpoint {
            repository: repository.to_owned(),
            profile: profile.map(str::to_owned),
            region: region.map(str::to_owned),
            use_fips_endpoint: use_fips_endpoint(),
        };
        let Reply::RepositoryEndpoint { host, .. } = self.ask_again(request)? else {
            return Err(unexpected());
        };
        Ok(host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_codecommit_are_told_from_others() {
        let https = "https://git-codecommit.us-east-2.amazonaws.com/v1/repos/shop";
        let user = "https://mary@git-codecommit.us-east-2.amazonaws.com/v1/repos/shop";
        for (url, profile) in [
            (https, None),
            (user, None),
            ("codecommit://shop", None),
            ("codecommit::eu-west-1://shop", None),
            ("codecommit::eu-west-1://dev@shop", Some("dev")),
            ("codecommit://me@corp@shop/", Some("me@corp")),
            ("codecommit://my%20dev@shop.git", Some("my dev")),
        ] {
            let remote = Remote::of(url).unwrap_or_else(|| panic!("{url}"));
            assert_eq!(remote.profile.as_deref(), profile, "{url}");
        }
        for url in [
            "https://github.com/corp/shop",
            "ssh://git-codecommit.us-east-2.amazonaws.com/v1/repos/shop",
            "codecommitted://shop",
            "codecommit://shop/../other",
            "shop",
        ] {
            assert!(Remote::of(url).is_none(), "{url}");
        }
    }
}
