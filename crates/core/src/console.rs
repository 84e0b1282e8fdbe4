//! Addresses of the AWS Management Console and of the sign-in endpoint that leads there.

use holdfast_codecommit::{Partition, Region, RepositoryName};

/// The hosts of a partition, below which each Region has its own
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html>).
struct Domains {
    signin: &'static str,
    console: &'static str,
    /// Region of a link that names none.
    home: &'static str,
}

const fn domains(partition: Partition) -> Domains {
    let (signin, console, home) = match partition {
        Partition::Aws => (
            "signin.aws.amazon.com",
            "console.aws.amazon.com",
            "us-east-1",
        ),
        Partition::AwsCn => ("signin.amazonaws.cn", "console.amazonaws.cn", "cn-north-1"),
        Partition::AwsUsGov => (
            "signin.amazonaws-us-gov.com",
            "console.amazonaws-us-gov.com",
            "us-gov-west-1",
        ),
        Partition::AwsEusc => (
            "signin.amazonaws-eusc.eu",
            "console.amazonaws-eusc.eu",
            "eusc-de-east-1",
        ),
        Partition::AwsIso => (
            "signin.c2shome.ic.gov",
            "console.c2shome.ic.gov",
            "us-iso-east-1",
        ),
        Partition::AwsIsoB => (
            "signin.sc2shome.sgov.gov",
            "console.sc2shome.sgov.gov",
            "us-isob-east-1",
        ),
        Partition::AwsIsoE => (
            "signin.csphome.adc-e.uk",
            "console.csphome.adc-e.uk",
            "eu-isoe-west-1",
        ),
        Partition::AwsIsoF => (
            "signin.csphome.hci.ic.gov",
            "console.csphome.hci.ic.gov",
            "us-isof-south-1",
        ),
    };
    Domains {
        signin,
        console,
        home,
    }
}

/// The console in one Region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Console {
    region: Region,
}

impl Console {
    /// The console of a Region.
    pub const fn of(region: Region) -> Self {
        Self { region }
    }

    /// The console of a partition, by its name in ARNs, in the Region where its home is.
    pub fn of_partition(id: &str) -> Option<Self> {
        let partition = Partition::ALL.into_iter().find(|known| known.id() == id)?;
        Region::parse(domains(partition).home).ok().map(Self::of)
    }

    /// The Region.
    pub const fn region(&self) -> &Region {
        &self.region
    }

    /// Host of the endpoint that exchanges credentials for a sign-in token.
    pub fn signin_host(&self) -> String {
        format!(
            "{}.{}",
            self.region,
            domains(self.region.partition()).signin
        )
    }

    fn host(&self) -> String {
        format!(
            "{}.{}",
            self.region,
            domains(self.region.partition()).console
        )
    }

    /// The address of a page.
    pub fn url(&self, page: &Page) -> String {
        let (host, region) = (self.host(), &self.region);
        match page {
            Page::Home => format!("https://{host}/console/home?region={region}"),
            Page::Repositories => {
                format!("https://{host}/codesuite/codecommit/repositories?region={region}")
            }
            Page::Repository(name) => format!(
                "https://{host}/codesuite/codecommit/repositories/{name}/browse?region={region}"
            ),
            Page::Url(url) => url.clone(),
        }
    }
}

/// A page of the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// Its home.
    Home,
    /// CodeCommit's list of repositories.
    Repositories,
    /// The files of a repository.
    Repository(RepositoryName),
    /// Another page, by its address.
    Url(String),
}

/// Where a person wants to go: a page, and the Region when the wish names one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The page.
    pub page: Page,
    /// The Region named with it.
    pub region: Option<Region>,
}

/// A destination that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the destination is neither codecommit, codecommit::REGION://REPOSITORY nor the address of a page of the AWS console"
)]
pub struct NotADestination;

impl Destination {
    /// The console's home.
    pub const HOME: Self = Self {
        page: Page::Home,
        region: None,
    };

    /// Reads `codecommit`, `codecommit://REPOSITORY`, `codecommit::REGION://REPOSITORY` or the https
    /// address of a console page. Nothing outside AWS's console is led to.
    ///
    /// # Errors
    /// When it is none of these.
    pub fn parse(text: &str) -> Result<Self, NotADestination> {
        if text == "codecommit" {
            return Ok(Self {
                page: Page::Repositories,
                region: None,
            });
        }
        if let Some(rest) = text.strip_prefix("codecommit:") {
            let (region, name) = rest.split_once("//").ok_or(NotADestination)?;
            let region = match region {
                "" => None,
                named => {
                    let named = named
                        .strip_prefix(':')
                        .and_then(|name| name.strip_suffix(':'));
                    let region = named.and_then(|name| Region::parse(name).ok());
                    Some(region.ok_or(NotADestination)?)
                }
            };
            let name = RepositoryName::parse(name).map_err(|_| NotADestination)?;
            return Ok(Self {
                page: Page::Repository(name),
                region,
            });
        }
        console_region(text).map(|region| Self {
            page: Page::Url(text.to_owned()),
            region,
        })
    }
}

/// Longest address of a page that is taken, in bytes.
const MAX_URL: usize = 2_000;

/// The Region in the host of a console address.
fn console_region(url: &str) -> Result<Option<Region>, NotADestination> {
    let fits = url.len() <= MAX_URL && url.bytes().all(|byte| byte.is_ascii_graphic());
    let rest = url.strip_prefix("https://").filter(|_| fits);
    let rest = rest.ok_or(NotADestination)?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = &rest[..end];
    for partition in Partition::ALL {
        let domains = domains(partition);
        let Some(below) = host.strip_suffix(domains.console) else {
            continue;
        };
        if below.is_empty() {
            let home = Region::parse(domains.home).map_err(|_| NotADestination)?;
            return Ok((partition != Partition::Aws).then_some(home));
        }
        let region = below
            .strip_suffix('.')
            .and_then(|name| Region::parse(name).ok());
        return match region {
            Some(region) if region.partition() == partition => Ok(Some(region)),
            Some(_) | None => Err(NotADestination),
        };
    }
    Err(NotADestination)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn console(region: &str) -> Console {
        Console::of(Region::parse(region).unwrap())
    }

    #[test]
    fn every_partition_has_its_own_hosts() {
        for (region, signin, home) in [
            (
                "eu-west-1",
                "eu-west-1.signin.aws.amazon.com",
                "https://eu-west-1.console.aws.amazon.com/console/home?region=eu-west-1",
            ),
            (
                "cn-north-1",
                "cn-north-1.signin.amazonaws.cn",
                "https://cn-north-1.console.amazonaws.cn/console/home?region=cn-north-1",
            ),
            (
                "us-gov-east-1",
                "us-gov-east-1.signin.amazonaws-us-gov.com",
                "https://us-gov-east-1.console.amazonaws-us-gov.com/console/home?region=us-gov-east-1",
            ),
            (
                "eusc-de-east-1",
                "eusc-de-east-1.signin.amazonaws-eusc.eu",
                "https://eusc-de-east-1.console.amazonaws-eusc.eu/console/home?region=eusc-de-east-1",
            ),
        ] {
            assert_eq!(console(region).signin_host(), signin);
            assert_eq!(console(region).url(&Page::Home), home);
        }
        for partition in Partition::ALL {
            let console = Console::of_partition(partition.id()).unwrap();
            assert_eq!(console.region().partition(), partition);
        }
        assert_eq!(Console::of_partition("aws-mars"), None);
    }

    #[test]
    fn destinations() {
        let page = |text: &str| {
            let destination = Destination::parse(text).unwrap();
            let region = destination
                .region
                .unwrap_or(Region::parse("eu-west-1").unwrap());
            Console::of(region).url(&destination.page)
        };
        for (text, url) in [
            (
                "codecommit",
                "https://eu-west-1.console.aws.amazon.com/codesuite/codecommit/repositories?region=eu-west-1",
            ),
            (
                "codecommit://my.Repo_1",
                "https://eu-west-1.console.aws.amazon.com/codesuite/codecommit/repositories/my.Repo_1/browse?region=eu-west-1",
            ),
            (
                "codecommit::us-east-2://myRepository",
                "https://us-east-2.console.aws.amazon.com/codesuite/codecommit/repositories/myRepository/browse?region=us-east-2",
            ),
            (
                "https://console.aws.amazon.com/s3/home",
                "https://console.aws.amazon.com/s3/home",
            ),
            (
                "https://us-west-2.console.aws.amazon.com/lambda/home#/functions",
                "https://us-west-2.console.aws.amazon.com/lambda/home#/functions",
            ),
        ] {
            assert_eq!(page(text), url, "{text}");
        }
        let region = Destination::parse("https://console.amazonaws.cn/")
            .unwrap()
            .region;
        assert_eq!(region, Some(Region::parse("cn-north-1").unwrap()));
    }

    #[test]
    fn nothing_else_is_led_to() {
        for text in [
            "",
            "home",
            "https://example.com/",
            "https://evil-console.aws.amazon.com/",
            "https://console.aws.amazon.com.evil.example/",
            "https://console.aws.amazon.com@evil.example/",
            "https://console.aws.amazon.com:8443/",
            "https://cn-north-1.console.aws.amazon.com/",
            "http://console.aws.amazon.com/",
            "https://console.aws.amazon.com/\r\nX: y",
            "codecommit:",
            "codecommit://",
            "codecommit://a/b",
            "codecommit:us-east-1://a",
            "codecommit::us-east-1//a",
            "codecommit::evil.example://a",
        ] {
            assert_eq!(Destination::parse(text), Err(NotADestination), "{text}");
        }
    }
}
