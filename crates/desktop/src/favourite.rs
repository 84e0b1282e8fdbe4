//! Repositories that a person likes to have at hand, as the settings name them.

use holdfast_codecommit::{Region, RepositoryName, codecommit_url};
use percent_encoding::percent_decode_str;
use std::fmt;

/// A repository and the profile that reaches it: `codecommit::REGION://PROFILE@REPOSITORY`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Favourite {
    /// Name of the profile.
    pub profile: String,
    /// Its Region.
    pub region: Region,
    /// Name of the repository.
    pub repository: RepositoryName,
}

impl Favourite {
    /// The repository that a URL names, if it names one.
    pub fn parse(url: &str) -> Option<Self> {
        let (region, rest) = url.strip_prefix("codecommit::")?.split_once("://")?;
        let (profile, repository) = rest.rsplit_once('@')?;
        let profile = percent_decode_str(profile).decode_utf8().ok()?;
        Some(Self {
            profile: Some(profile.into_owned()).filter(|name| !name.is_empty())?,
            region: Region::parse(region).ok()?,
            repository: RepositoryName::parse(repository).ok()?,
        })
    }

    /// Those that name a repository; what else stands there is left alone.
    pub fn all(urls: &[String]) -> Vec<Self> {
        urls.iter().filter_map(|url| Self::parse(url)).collect()
    }

    /// A repository that the agent told of.
    pub fn of(profile: &str, region: &str, repository: &str) -> Option<Self> {
        Some(Self {
            profile: profile.to_owned(),
            region: Region::parse(region).ok()?,
            repository: RepositoryName::parse(repository).ok()?,
        })
    }
}

impl fmt::Display for Favourite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (region, profile) = (Some(&self.region), Some(self.profile.as_str()));
        f.write_str(&codecommit_url(region, profile, &self.repository))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for profile in ["dev", "a@b.example", "my profile", "50%", "профиль"] {
            let favourite = Favourite::of(profile, "eu-west-1", "web").unwrap();
            assert_eq!(Favourite::parse(&favourite.to_string()), Some(favourite));
        }
        let urls = [
            "codecommit::eu-west-1://dev@web",
            "codecommit::eu-west-1://web",
            "codecommit::eu-west-1://@web",
            "codecommit::nowhere://dev@web",
            "codecommit::eu-west-1://dev@a/b",
            "codecommit://dev@web",
            "https://example.com",
        ];
        let all = Favourite::all(&urls.map(str::to_owned));
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].to_string(), urls[0]);
    }
}
