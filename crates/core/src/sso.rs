//! IAM Identity Center as profiles name it.

use crate::endpoint::EndpointSettings;

/// An access portal: where people sign in, and in which Region. These two make two portals the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portal {
    /// For example `https://corp.awsapps.com/start`, without a slash or fragment at its end.
    pub start_url: String,
    /// Region of the identity center.
    pub region: String,
    /// Scopes that a client is registered for.
    pub scopes: Vec<String>,
    /// What the profile says about addresses.
    pub endpoint: EndpointSettings,
}

impl Portal {
    /// How people call it: its host, for example `corp.awsapps.com`.
    pub fn title(&self) -> &str {
        let url = self.start_url.as_str();
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        rest.split('/').next().unwrap_or(rest)
    }
}

/// What a client needs to list accounts and roles and to fetch their credentials, with refresh tokens.
pub const ACCOUNT_ACCESS: &str = "sso:account:access";
