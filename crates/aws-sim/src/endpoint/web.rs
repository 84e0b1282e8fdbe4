//! The hosts that people's browsers meet: the sign-in service and the console.

use super::{COMMERCIAL, Endpoint, OTHERS, Partition, Service, is_region};

/// The domain that a partition's web pages share, by the partition's name.
const DOMAINS: [(&str, &str); 8] = [
    ("aws", "aws.amazon.com"),
    ("aws-cn", "amazonaws.cn"),
    ("aws-us-gov", "amazonaws-us-gov.com"),
    ("aws-iso", "c2shome.ic.gov"),
    ("aws-iso-b", "sc2shome.sgov.gov"),
    ("aws-iso-e", "csphome.adc-e.uk"),
    ("aws-iso-f", "csphome.hci.ic.gov"),
    ("aws-eusc", "amazonaws-eusc.eu"),
];

/// The endpoint behind `[REGION.]signin.DOMAIN` or `[REGION.]console.DOMAIN`.
pub(super) fn endpoint(host: &str) -> Option<Endpoint> {
    let (partition, domain, name) = DOMAINS.iter().find_map(|(partition, domain)| {
        let name = host.strip_suffix(domain)?.strip_suffix('.')?;
        Some((*partition, *domain, name))
    })?;
    let (region, label) = match name.rsplit_once('.') {
        Some((region, label)) => (Some(region), label),
        None => (None, name),
    };
    let service = match label {
        "signin" => Service::SignIn,
        "console" => Service::Console,
        _ => return None,
    };
    let known = [&COMMERCIAL].into_iter().chain(&OTHERS);
    let home = known
        .into_iter()
        .find(|known| known.name == partition)?
        .home;
    let region = region.unwrap_or(home);
    let fits = is_region(region) && Partition::of_region(region).name == partition;
    fits.then(|| Endpoint {
        host: host.to_owned(),
        service,
        partition,
        suffix: domain,
        region: region.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_sign_in_and_console() {
        for (host, expect) in [
            (
                "signin.aws.amazon.com",
                Some((Service::SignIn, "aws", "us-east-1")),
            ),
            (
                "eu-west-1.signin.aws.amazon.com",
                Some((Service::SignIn, "aws", "eu-west-1")),
            ),
            (
                "us-gov-west-1.signin.amazonaws-us-gov.com",
                Some((Service::SignIn, "aws-us-gov", "us-gov-west-1")),
            ),
            (
                "cn-north-1.console.amazonaws.cn",
                Some((Service::Console, "aws-cn", "cn-north-1")),
            ),
            (
                "eusc-de-east-1.console.amazonaws-eusc.eu",
                Some((Service::Console, "aws-eusc", "eusc-de-east-1")),
            ),
            ("cn-north-1.signin.aws.amazon.com", None),
            ("docs.aws.amazon.com", None),
            ("x.y.console.aws.amazon.com", None),
            ("console.aws.amazon.com.evil.example", None),
        ] {
            let found = endpoint(host);
            let found = found
                .as_ref()
                .map(|found| (found.service, found.partition, found.region.as_str()));
            assert_eq!(found, expect, "{host}");
        }
    }
}
