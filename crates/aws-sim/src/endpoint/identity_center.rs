//! The hosts of IAM Identity Center: its OIDC service, the portal's API, and the portal's pages.

use super::{COMMERCIAL, Endpoint, Partition, Service, is_region};

/// What stands before the region in host names of each service.
const REGIONAL: [(&str, Service); 3] = [
    ("oidc.", Service::Oidc),
    ("portal.sso.", Service::Portal),
    ("device.sso.", Service::AccessPortal),
];

/// The domain of the portals' pages.
const PAGES: &str = "awsapps.com";

/// The endpoint behind `oidc.REGION.SUFFIX`, `portal.sso.REGION.SUFFIX`, `device.sso.REGION.SUFFIX` or `NAME.awsapps.com`.
pub(super) fn endpoint(host: &str) -> Option<Endpoint> {
    page(host).or_else(|| regional(host))
}

fn regional(host: &str) -> Option<Endpoint> {
    let (rest, service) = REGIONAL
        .iter()
        .find_map(|(label, service)| Some((host.strip_prefix(label)?, *service)))?;
    let (region, suffix) = rest.split_once('.')?;
    let partition = Partition::of_region(region);
    (is_region(region) && partition.suffix == suffix).then(|| Endpoint {
        host: host.to_owned(),
        service,
        partition: partition.name,
        suffix: partition.suffix,
        region: region.to_owned(),
    })
}

/// A portal's page does not say in which region the portal is.
fn page(host: &str) -> Option<Endpoint> {
    let name = host.strip_suffix(PAGES)?.strip_suffix('.')?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_label = !name.is_empty() && name.bytes().all(is_name);
    is_label.then(|| Endpoint {
        host: host.to_owned(),
        service: Service::AccessPortal,
        partition: COMMERCIAL.name,
        suffix: PAGES,
        region: COMMERCIAL.home.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_identity_center() {
        for (host, expect) in [
            (
                "oidc.eu-west-1.amazonaws.com",
                Some((Service::Oidc, "aws", "eu-west-1")),
            ),
            (
                "oidc.cn-north-1.amazonaws.com.cn",
                Some((Service::Oidc, "aws-cn", "cn-north-1")),
            ),
            (
                "portal.sso.us-east-1.amazonaws.com",
                Some((Service::Portal, "aws", "us-east-1")),
            ),
            (
                "device.sso.us-east-1.amazonaws.com",
                Some((Service::AccessPortal, "aws", "us-east-1")),
            ),
            (
                "holdfast-demo.awsapps.com",
                Some((Service::AccessPortal, "aws", "us-east-1")),
            ),
            ("oidc.amazonaws.com", None),
            ("oidc.cn-north-1.amazonaws.com", None),
            ("sso.us-east-1.amazonaws.com", None),
            ("awsapps.com", None),
            ("x.y.awsapps.com", None),
            ("holdfast-demo.awsapps.com.evil.example", None),
        ] {
            let found = endpoint(host);
            let found = found
                .as_ref()
                .map(|found| (found.service, found.partition, found.region.as_str()));
            assert_eq!(found, expect, "{host}");
        }
    }
}
