//! One address, and what makes none.

/// Why there is no address to ask.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EndpointError {
    #[error("the region is not written like one, for example eu-west-1")]
    NotARegion,
    #[error("the endpoint URL for {service} is not a URL such as https://aws.example.com")]
    NotAUrl { service: &'static str },
    #[error("AWS has no such {service} endpoint for region {region}")]
    NoEndpoint {
        service: &'static str,
        region: String,
    },
}

impl EndpointError {
    pub(crate) fn no_endpoint(service: &'static str, region: &str) -> Self {
        Self::NoEndpoint {
            service,
            region: region.to_owned(),
        }
    }
}

/// An address, and the region that signatures for it name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) url: String,
    pub(crate) host: String,
    pub(crate) region: String,
}

impl Target {
    pub(super) fn new(url: &str, region: &str) -> Option<Self> {
        let uri: http::Uri = url.parse().ok()?;
        uri.scheme()
            .filter(|scheme| matches!(scheme.as_str(), "https" | "http"))?;
        let authority = uri.authority()?;
        if authority.as_str().contains('@') {
            return None;
        }
        Some(Self {
            url: url.to_owned(),
            host: authority.host().to_owned(),
            region: region.to_owned(),
        })
    }
}

/// A region becomes part of a host name, so it must not bring anything else along.
pub(super) fn is_region(region: &str) -> bool {
    region.len() <= 63
        && region.starts_with(|first: char| first.is_ascii_lowercase())
        && !region.ends_with('-')
        && region
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}
