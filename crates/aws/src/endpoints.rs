//! Which addresses are asked.

mod target;

pub(crate) use target::{EndpointError, Target};

use aws_sdk_codecommit::config::endpoint as codecommit;
use aws_sdk_sso::config::endpoint as sso;
use aws_sdk_ssooidc::config::endpoint as sso_oidc;
use aws_sdk_sts::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
use holdfast_core::endpoint::{
    SERVICES_CODECOMMIT_ENDPOINT_URL, SERVICES_SSO_ENDPOINT_URL, SERVICES_SSO_OIDC_ENDPOINT_URL,
    SERVICES_STS_ENDPOINT_URL,
};
use target::is_region;

/// Regions whose calls go to the global endpoint with `AWS_STS_REGIONAL_ENDPOINTS=legacy`
/// (<https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html>).
const LEGACY_REGIONS: [&str; 16] = [
    "ap-northeast-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "aws-global",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// Region of the global endpoint.
const GLOBAL_REGION: &str = "us-east-1";

/// A region of each partition, for calls that name none but an ARN of that partition.
const PARTITION_REGIONS: [(&str, &str); 8] = [
    ("aws", GLOBAL_REGION),
    ("aws-cn", "cn-north-1"),
    ("aws-us-gov", "us-gov-west-1"),
    ("aws-iso", "us-iso-east-1"),
    ("aws-iso-b", "us-isob-east-1"),
    ("aws-iso-e", "eu-isoe-west-1"),
    ("aws-iso-f", "us-isof-south-1"),
    ("aws-eusc", "eusc-de-east-1"),
];

/// How the address is chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// Address of STS to use instead of AWS's own.
    pub sts_url: Option<String>,
    /// Address of CodeCommit to use instead of AWS's own.
    pub codecommit_url: Option<String>,
    /// Address of the access portal of IAM Identity Center to use instead of AWS's own.
    pub sso_url: Option<String>,
    /// Address of the OIDC service of IAM Identity Center to use instead of AWS's own.
    pub sso_oidc_url: Option<String>,
    /// Use the FIPS endpoint.
    pub fips: bool,
    /// Use the dual-stack (IPv6) endpoint.
    pub dual_stack: bool,
    /// Use the global endpoint for the regions that had no other once
    /// (`AWS_STS_REGIONAL_ENDPOINTS=legacy`).
    pub legacy_global: bool,
}

impl Endpoints {
    /// What environment and profile ask for, in AWS's order: the variable for the
    /// service, the variable for all services, the profile's `services` section, the profile's
    /// `endpoint_url`. `profile` is asked for the profile's keys, and for what stands for the
    /// `services` section ([`SERVICES_STS_ENDPOINT_URL`]).
    pub fn resolve(
        environment: impl Fn(&str) -> Option<String>,
        profile: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let environment = |name: &str| environment(name).filter(|value| !value.is_empty());
        let profile = |key: &str| profile(key).filter(|value| !value.is_empty());
        let either = |name: &str, key: &str| environment(name).or_else(|| profile(key));
        let ignored = is_true(either(
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
            "ignore_configured_endpoint_urls",
        ));
        let url = |own: &str, services: &str| {
            environment(own)
                .or_else(|| environment("AWS_ENDPOINT_URL"))
                .or_else(|| profile(services))
                .or_else(|| profile("endpoint_url"))
                .filter(|_| !ignored)
        };
        let regional = either("AWS_STS_REGIONAL_ENDPOINTS", "sts_regional_endpoints");
        Self {
            sts_url: url("AWS_ENDPOINT_URL_STS", SERVICES_STS_ENDPOINT_URL),
            codecommit_url: url(
                "AWS_ENDPOINT_URL_CODECOMMIT",
                SERVICES_CODECOMMIT_ENDPOINT_URL,
            ),
            sso_url: url("AWS_ENDPOINT_URL_SSO", SERVICES_SSO_ENDPOINT_URL),
            sso_oidc_url: url("AWS_ENDPOINT_URL_SSO_OIDC", SERVICES_SSO_OIDC_ENDPOINT_URL),
            fips: is_true(either("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")),
            dual_stack: is_true(either(
                "AWS_USE_DUALSTACK_ENDPOINT",
                "use_dualstack_endpoint",
            )),
            legacy_global: regional.is_some_and(|mode| mode.eq_ignore_ascii_case("legacy")),
        }
    }

    /// The address of STS for a region, or for the partition of an ARN when there is no region.
    pub(crate) async fn sts(
        &self,
        region: Option<&str>,
        arn: Option<&str>,
    ) -> Result<Target, EndpointError> {
        let region = region.filter(|region| !region.is_empty());
        let region = region.unwrap_or_else(|| region_of_partition(arn));
        if !is_region(region) {
            return Err(EndpointError::NotARegion);
        }
        if let Some(url) = &self.sts_url {
            return Target::new(url, region).ok_or(EndpointError::NotAUrl { service: "STS" });
        }
        let global = self.legacy_global
            && !self.fips
            && !self.dual_stack
            && LEGACY_REGIONS.contains(&region);
        let params = Params::builder()
            .region(region)
            .use_fips(self.fips)
            .use_dual_stack(self.dual_stack)
            .use_global_endpoint(global)
            .build();
        let none = || EndpointError::no_endpoint("STS", region);
        let params = params.map_err(|_| none())?;
        let resolver = DefaultResolver::new();
        let endpoint = ResolveEndpoint::resolve_endpoint(&resolver, &params);
        let endpoint = endpoint.await.map_err(|_| none())?;
        let signing_region = if global || region == "aws-global" {
            GLOBAL_REGION
        } else {
            region
        };
        Target::new(endpoint.url(), signing_region).ok_or_else(none)
    }
}

/// The addresses of services that have one for each Region, by the rules of the SDK.
macro_rules! regional {
    ($($(#[$doc:meta])* $name:ident($rules:ident, $url:ident, $service:literal);)*) => {
        impl Endpoints {$(
            $(#[$doc])*
            pub(crate) async fn $name(&self, region: &str) -> Result<Target, EndpointError> {
                if !is_region(region) {
                    return Err(EndpointError::NotARegion);
                }
                if let Some(url) = &self.$url {
                    let target = Target::new(url, region);
                    return target.ok_or(EndpointError::NotAUrl { service: $service });
                }
                let none = || EndpointError::no_endpoint($service, region);
                let params = $rules::Params::builder()
                    .region(region)
                    .use_fips(self.fips)
                    .use_dual_stack(self.dual_stack)
                    .build()
                    .map_err(|_| none())?;
                let resolver = $rules::DefaultResolver::new();
                let endpoint = $rules::ResolveEndpoint::resolve_endpoint(&resolver, &params);
                let endpoint = endpoint.await.map_err(|_| none())?;
                Target::new(endpoint.url(), region).ok_or_else(none)
            }
        )*}
    };
}

regional! {
    /// The address of CodeCommit's API for a region.
    codecommit(codecommit, codecommit_url, "CodeCommit");
    /// The address of the access portal of IAM Identity Center for a region.
    sso(sso, sso_url, "SSO");
    /// The address of the OIDC service of IAM Identity Center for a region.
    sso_oidc(sso_oidc, sso_oidc_url, "SSO OIDC");
}

fn region_of_partition(arn: Option<&str>) -> &'static str {
    let partition = arn.and_then(|arn| arn.strip_prefix("arn:")?.split(':').next());
    PARTITION_REGIONS
        .iter()
        .find(|(name, _)| Some(*name) == partition)
        .map_or(GLOBAL_REGION, |(_, region)| region)
}

fn is_true(value: Option<String>) -> bool {
    value.is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

#[cfg(test)]
mod tests;
