//! URLs of the remote helper: `codecommit://[<profile>@]<repository>` and
//! `codecommit::<region>://[<profile>@]<repository>`.

use crate::region::Region;
use crate::repository::RepositoryName;
use std::error::Error;
use std::fmt;

/// What a URL names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteUrl {
    /// The Region.
    pub region: Option<Region>,
    /// The profile, decoded.
    pub profile: Option<String>,
    /// The repository.
    pub repository: RepositoryName,
    /// The repository as typed, perhaps with `.git` behind it.
    pub segment: String,
}

/// What is wrong with a URL. Never quotes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemoteUrlError {
    /// It has not one of the two forms.
    Form,
    /// In front of `://` stands something like a Region that is none.
    Region,
    /// In front of the `@` stands nothing, or what no profile can be called.
    Profile,
    /// Behind the `//` or the `@` stands what no repository can be called.
    Repository,
}

impl fmt::Display for RemoteUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "the codecommit URL is malformed",
            Self::Region => "the codecommit URL names a region that is none of AWS's",
            Self::Profile => "the codecommit URL names a profile that cannot be",
            Self::Repository => "the codecommit URL names a repository that cannot be",
        })
    }
}

impl Error for RemoteUrlError {}

impl RemoteUrl {
    /// Reads a URL as people write it, in git's configuration for example. Nothing when it is for somebody else.
    pub fn parse(url: &str) -> Option<Result<Self, RemoteUrlError>> {
        if let Some(rest) = url.strip_prefix("codecommit::") {
            return Some(Self::from_git(rest));
        }
        let (scheme, _) = url.split_once("://")?;
        let is_ours = scheme == "codecommit";
        is_ours.then(|| Self::from_git(url))
    }

    /// Reads a URL as git hands it over: with `<region>://` where `codecommit::<region>://` was written.
    ///
    /// In the profile's name `%` and two hexadecimal digits stand for a byte, and the last `@` ends it, so that a name
    /// with an `@` works either way. A `%` that starts no such escape stands for itself, as in names typed for other
    /// programs. One slash may follow the repository. Upper case counts as lower case in front of `://`.
    ///
    /// # Errors
    /// As [`RemoteUrlError`] says.
    pub fn from_git(url: &str) -> Result<Self, RemoteUrlError> {
        let (scheme, rest) = url.split_once("://").ok_or(RemoteUrlError::Form)?;
        let region = region(&scheme.to_ascii_lowercase())?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (profile, segment) = match rest.rsplit_once('@') {
            Some((name, segment)) => (Some(profile(name)?), segment),
            None => (None, rest),
        };
        let name = segment.strip_suffix(".git").unwrap_or(segment);
        Ok(Self {
            region,
            profile,
            repository: RepositoryName::parse(name).map_err(|_| RemoteUrlError::Repository)?,
            segment: segment.to_owned(),
        })
    }
}

fn region(scheme: &str) -> Result<Option<Region>, RemoteUrlError> {
    if scheme == "codecommit" {
        return Ok(None);
    }
    // Every Region has a dash, and no scheme that people confuse with ours does.
    let error = if scheme.contains('-') {
        RemoteUrlError::Region
    } else {
        RemoteUrlError::Form
    };
    Region::parse(scheme).map(Some).map_err(|_| error)
}

fn profile(name: &str) -> Result<String, RemoteUrlError> {
    let mut decoded = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        match (byte, behind) {
            (b'%', [high, low, behind @ ..]) if both_hex(*high, *low) => {
                decoded.push(hex(*high) << 4 | hex(*low));
                rest = behind;
            }
            _ => {
                decoded.push(byte);
                rest = behind;
            }
        }
    }
    String::from_utf8(decoded)
        .ok()
        .filter(|name| !name.is_empty() && !name.chars().any(char::is_control))
        .ok_or(RemoteUrlError::Profile)
}

fn both_hex(high: u8, low: u8) -> bool {
    high.is_ascii_hexdigit() && low.is_ascii_hexdigit()
}

/// The value of a hexadecimal digit.
fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::codecommit_url;

    fn check(url: &str, expect: Result<(Option<&str>, Option<&str>, &str), RemoteUrlError>) {
        let found = RemoteUrl::from_git(url);
        let found = found.as_ref().map(|url| {
            let region = url.region.as_ref().map(Region::as_str);
            (region, url.profile.as_deref(), &*url.segment)
        });
        assert_eq!(found, expect.as_ref().copied(), "{url:?}");
    }

    #[test]
    fn both_forms_are_read() {
        check("codecommit://R", Ok((None, None, "R")));
        check("codecommit://p@R", Ok((None, Some("p"), "R")));
        check("eu-west-1://R", Ok((Some("eu-west-1"), None, "R")));
        check(
            "eusc-de-east-1://p@R",
            Ok((Some("eusc-de-east-1"), Some("p"), "R")),
        );
        check(
            "cn-northwest-1://p@R",
            Ok((Some("cn-northwest-1"), Some("p"), "R")),
        );
        check("US-EAST-1://p@R", Ok((Some("us-east-1"), Some("p"), "R")));
        check("CodeCommit://p@R", Ok((None, Some("p"), "R")));
        check("codecommit://R/", Ok((None, None, "R")));
        check("codecommit://R.git", Ok((None, None, "R.git")));
        check("codecommit://-c", Ok((None, None, "-c")));
    }

    #[test]
    fn names_of_profiles_are_decoded() {
        check(
            "codecommit://a%40b.example@R",
            Ok((None, Some("a@b.example"), "R")),
        );
        check(
            "codecommit://a@b.example@R",
            Ok((None, Some("a@b.example"), "R")),
        );
        check("codecommit://my%20dev@R", Ok((None, Some("my dev"), "R")));
        check("codecommit://my dev@R", Ok((None, Some("my dev"), "R")));
        check("codecommit://%c3%A9@R", Ok((None, Some("é"), "R")));
        check("codecommit://a%2fb@R", Ok((None, Some("a/b"), "R")));
        check("codecommit://100%@R", Ok((None, Some("100%"), "R")));
        check("codecommit://a%2525@R", Ok((None, Some("a%25"), "R")));
        check("codecommit://--all@R", Ok((None, Some("--all"), "R")));
    }

    #[test]
    fn urls_that_are_offered_for_copying_are_read_back() {
        let region = Region::parse("eu-west-1").unwrap();
        let repository = RepositoryName::parse("my.Repo-1").unwrap();
        for profile in [
            "dev",
            "a@b.example",
            "my dev",
            "100%",
            "a%40b",
            "é/?#:@",
            "--all",
            "%",
        ] {
            let url = codecommit_url(Some(&region), Some(profile), &repository);
            let handed_over = url.strip_prefix("codecommit::").unwrap();
            check(
                handed_over,
                Ok((Some("eu-west-1"), Some(profile), "my.Repo-1")),
            );
            assert_eq!(
                RemoteUrl::parse(&url),
                Some(RemoteUrl::from_git(handed_over))
            );
            let url = codecommit_url(None, Some(profile), &repository);
            check(&url, Ok((None, Some(profile), "my.Repo-1")));
        }
    }

    #[test]
    fn urls_of_others_are_left_alone() {
        for url in [
            "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/R",
            "eu-west-1://R",
            "codecommitted://R",
            "codecommit:R",
            "R",
            "",
        ] {
            assert_eq!(RemoteUrl::parse(url), None, "{url:?}");
        }
        for url in ["codecommit://", "codecommit::R", "codecommit::eu-west://R"] {
            assert!(RemoteUrl::parse(url).unwrap().is_err(), "{url:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_apart() {
        use RemoteUrlError::{Form, Profile, Region, Repository};
        for url in [
            "",
            "R",
            "codecommit:R",
            "codecommit:/R",
            "github://R",
            "://R",
            "codecommit:://R",
            "--x",
        ] {
            check(url, Err(Form));
        }
        for url in [
            "eu-west://R",
            "-://R",
            "--upload-pack://R",
            "eu-west-1.evil://R",
            "eu-west-1\0://R",
        ] {
            check(url, Err(Region));
        }
        for url in [
            "codecommit://@R",
            "codecommit://%00@R",
            "codecommit://a%0ab@R",
            "codecommit://a\nb@R",
            "codecommit://%ff@R",
        ] {
            check(url, Err(Profile));
        }
        let long = format!("codecommit://{}", "r".repeat(101));
        for url in [
            "codecommit://",
            "codecommit:///R",
            "codecommit://p@",
            "codecommit://..",
            "codecommit://R/../S",
            "codecommit://R//",
            "codecommit://R/sub",
            "codecommit://R?x",
            "codecommit://R#x",
            "codecommit://R:443",
            "codecommit://a b",
            "codecommit://R%20",
            "codecommit://R\n",
            "codecommit://R\0",
            "codecommit://.git",
            "codecommit://R.git.git",
            &long,
        ] {
            check(url, Err(Repository));
        }
    }
}
