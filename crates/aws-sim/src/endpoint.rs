//! Which service, region and partition an AWS host name stands for.

mod identity_center;
mod web;

use std::fmt;
use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

/// The services of the simulated AWS. A new one enters here and in `service::answer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// The Security Token Service.
    Sts,
    /// Identity and Access Management.
    Iam,
    /// CodeCommit's API.
    #[serde(rename = "codecommit")]
    CodeCommit,
    /// CodeCommit's repositories over git's smart HTTP protocol.
    #[serde(rename = "git-codecommit")]
    Git,
    /// The sign-in service with its federation endpoint.
    #[serde(rename = "signin")]
    SignIn,
    /// The AWS Management Console.
    Console,
    /// The instance metadata service of the machine.
    #[serde(rename = "ec2-metadata")]
    InstanceMetadata,
    /// The endpoint from which a container gets its role's credentials.
    #[serde(rename = "container-credentials")]
    Container,
    /// The OIDC service of IAM Identity Center.
    Oidc,
    /// The API of IAM Identity Center's access portal.
    Portal,
    /// The pages of IAM Identity Center's access portal.
    AccessPortal,
}

impl Service {
    /// Those whose host names begin with the service.
    const APIS: [Self; 4] = [Self::Sts, Self::Iam, Self::CodeCommit, Self::Git];

    /// The label of the service in its host names.
    pub fn label(self) -> &'static str {
        match self {
            Self::Sts => "sts",
            Self::Iam => "iam",
            Self::CodeCommit => "codecommit",
            Self::Git => "git-codecommit",
            Self::SignIn => "signin",
            Self::Console => "console",
            Self::InstanceMetadata => "ec2-metadata",
            Self::Container => "container-credentials",
            Self::Oidc => "oidc",
            Self::Portal => "portal",
            Self::AccessPortal => "access-portal",
        }
    }

    /// The name that stands in the credential scope of a signature.
    pub(crate) fn signing_name(self) -> &'static str {
        match self {
            Self::Sts => "sts",
            Self::Iam => "iam",
            Self::CodeCommit | Self::Git => "codecommit",
            Self::SignIn | Self::Console => "signin",
            Self::InstanceMetadata | Self::Container => "ec2",
            Self::Oidc | Self::Portal | Self::AccessPortal => "awsssoportal",
        }
    }

    fn from_label(label: &str) -> Option<Self> {
        let label = label.strip_suffix("-fips").unwrap_or(label);
        Self::APIS
            .into_iter()
            .find(|service| service.label() == label)
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// What a host name says about the endpoint behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) host: String,
    pub(crate) service: Service,
    pub(crate) partition: &'static str,
    /// The partition's DNS suffix.
    pub(crate) suffix: &'static str,
    /// The region requests are signed for.
    pub(crate) region: String,
}

/// A part of AWS with accounts, regions and host names of its own.
struct Partition {
    name: &'static str,
    region_prefix: &'static str,
    suffix: &'static str,
    /// The region that signs for services the partition has only one of.
    home: &'static str,
}

const fn partition(
    name: &'static str,
    region_prefix: &'static str,
    suffix: &'static str,
    home: &'static str,
) -> Partition {
    Partition {
        name,
        region_prefix,
        suffix,
        home,
    }
}

const COMMERCIAL: Partition = partition("aws", "", "amazonaws.com", "us-east-1");

/// The other partitions, told by the first letters of their regions.
const OTHERS: [Partition; 7] = [
    partition("aws-cn", "cn-", "amazonaws.com.cn", "cn-north-1"),
    partition("aws-us-gov", "us-gov-", "amazonaws.com", "us-gov-west-1"),
    partition("aws-iso", "us-iso-", "c2s.ic.gov", "us-iso-east-1"),
    partition("aws-iso-b", "us-isob-", "sc2s.sgov.gov", "us-isob-east-1"),
    partition("aws-iso-e", "eu-isoe-", "cloud.adc-e.uk", "eu-isoe-west-1"),
    partition("aws-iso-f", "us-isof-", "csp.hci.ic.gov", "us-isof-south-1"),
    partition("aws-eusc", "eusc-", "amazonaws.eu", "eusc-de-east-1"),
];

impl Partition {
    fn of_region(region: &str) -> &'static Self {
        OTHERS
            .iter()
            .find(|partition| region.starts_with(partition.region_prefix))
            .unwrap_or(&COMMERCIAL)
    }
}

impl Endpoint {
    /// One of the endpoints that only the machine itself reaches.
    pub(crate) fn of_machine(service: Service, address: SocketAddr) -> Self {
        Self {
            host: address.to_string(),
            service,
            partition: COMMERCIAL.name,
            suffix: COMMERCIAL.suffix,
            region: COMMERCIAL.home.to_owned(),
        }
    }

    /// The endpoint behind `host` (a name without a port), or nothing when it is not one of the simulated services.
    pub(crate) fn of_host(host: &str) -> Option<Self> {
        let host = host.to_ascii_lowercase();
        let page = web::endpoint(&host).or_else(|| identity_center::endpoint(&host));
        if let Some(endpoint) = page {
            return Some(endpoint);
        }
        let suffix = OTHERS
            .iter()
            .chain([&COMMERCIAL])
            .map(|partition| partition.suffix)
            .find(|suffix| host.ends_with(suffix))?;
        let name = host.strip_suffix(suffix)?.strip_suffix('.')?;
        let labels: Vec<&str> = name.split('.').collect();
        let (label, region) = match labels[..] {
            [label] if suffix == COMMERCIAL.suffix => (label, None),
            // The one endpoint that is named after its partition.
            ["iam", "us-gov"] if suffix == COMMERCIAL.suffix => ("iam", Some("us-gov-west-1")),
            [label, region] => (label, Some(region)),
            [endpoint, label, region, "vpce"] if endpoint.starts_with("vpce-") => {
                (label, Some(region))
            }
            _ => return None,
        };
        let service = Service::from_label(label)?;
        let partition = region.map_or(&COMMERCIAL, Partition::of_region);
        let allowed = match service {
            Service::Iam => region
                .is_none_or(|region| region == partition.home && partition.name != COMMERCIAL.name),
            Service::Sts => true,
            Service::CodeCommit | Service::Git => region.is_some(),
            Service::SignIn
            | Service::Console
            | Service::InstanceMetadata
            | Service::Container
            | Service::Oidc
            | Service::Portal
            | Service::AccessPortal => false,
        };
        let region = region.unwrap_or(partition.home).to_owned();
        (allowed && partition.suffix == suffix && is_region(&region)).then_some(Self {
            host,
            service,
            partition: partition.name,
            suffix,
            region,
        })
    }
}

/// Whether `text` has the shape of a region name: lower-case words and a number, as in `ap-southeast-3`.
pub(crate) fn is_region(text: &str) -> bool {
    let words: Vec<&str> = text.split('-').collect();
    let [first, middle @ .., number] = &words[..] else {
        return false;
    };
    let is_word =
        |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    is_word(first)
        && !middle.is_empty()
        && middle.iter().all(is_word)
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_endpoints_of_every_partition() {
        for (host, service, partition, region) in [
            ("sts.amazonaws.com", Service::Sts, "aws", "us-east-1"),
            (
                "STS.eu-central-1.amazonaws.com",
                Service::Sts,
                "aws",
                "eu-central-1",
            ),
            (
                "sts-fips.us-east-1.amazonaws.com",
                Service::Sts,
                "aws",
                "us-east-1",
            ),
            (
                "sts.cn-north-1.amazonaws.com.cn",
                Service::Sts,
                "aws-cn",
                "cn-north-1",
            ),
            (
                "sts.us-gov-west-1.amazonaws.com",
                Service::Sts,
                "aws-us-gov",
                "us-gov-west-1",
            ),
            (
                "sts.us-iso-east-1.c2s.ic.gov",
                Service::Sts,
                "aws-iso",
                "us-iso-east-1",
            ),
            (
                "sts.eusc-de-east-1.amazonaws.eu",
                Service::Sts,
                "aws-eusc",
                "eusc-de-east-1",
            ),
            ("iam.amazonaws.com", Service::Iam, "aws", "us-east-1"),
            (
                "iam.us-gov.amazonaws.com",
                Service::Iam,
                "aws-us-gov",
                "us-gov-west-1",
            ),
            (
                "iam.cn-north-1.amazonaws.com.cn",
                Service::Iam,
                "aws-cn",
                "cn-north-1",
            ),
            (
                "codecommit.us-east-1.amazonaws.com",
                Service::CodeCommit,
                "aws",
                "us-east-1",
            ),
            (
                "codecommit-fips.us-west-2.amazonaws.com",
                Service::CodeCommit,
                "aws",
                "us-west-2",
            ),
            (
                "git-codecommit.ap-southeast-3.amazonaws.com",
                Service::Git,
                "aws",
                "ap-southeast-3",
            ),
            (
                "git-codecommit-fips.us-gov-east-1.amazonaws.com",
                Service::Git,
                "aws-us-gov",
                "us-gov-east-1",
            ),
            (
                "vpce-0b47-az1.git-codecommit-fips.us-east-2.vpce.amazonaws.com",
                Service::Git,
                "aws",
                "us-east-2",
            ),
            (
                "vpce-0b47.git-codecommit.cn-north-1.vpce.amazonaws.com.cn",
                Service::Git,
                "aws-cn",
                "cn-north-1",
            ),
        ] {
            let endpoint = Endpoint::of_host(host).unwrap_or_else(|| panic!("{host} is unknown"));
            assert_eq!(
                (
                    endpoint.service,
                    endpoint.partition,
                    endpoint.region.as_str()
                ),
                (service, partition, region),
                "{host}"
            );
        }
    }

    #[test]
    fn refuses_what_is_not_an_endpoint() {
        for host in [
            "",
            "amazonaws.com",
            "example.com",
            "s3.amazonaws.com",
            "sts.amazonaws.com.evil.example",
            "evilamazonaws.com",
            "git-codecommit.amazonaws.com",
            "git-codecommit.us-east.amazonaws.com",
            "git-codecommit.cn-north-1.amazonaws.com",
            "git-codecommit.us-east-1.amazonaws.com.cn",
            "x.git-codecommit.us-east-1.vpce.amazonaws.com",
            "vpce-1.git-codecommit.us-east-1.amazonaws.com",
            "iam.us-east-2.amazonaws.com",
        ] {
            assert_eq!(Endpoint::of_host(host), None, "{host}");
        }
    }
}
