//! A portal, a client of its and what is exchanged with it.

use super::LOCAL_NOW;
use holdfast_core::endpoint::EndpointSettings;
use holdfast_core::port::{ClientRegistration, Grant};
use holdfast_core::sso::{ACCOUNT_ACCESS, Portal};
use holdfast_core::time::Timestamp;

pub(crate) const CLIENT_SECRET: &str = "SentClientSecret/EXAMPLE";
pub(crate) const ACCESS_TOKEN: &str = "SentAccessToken/EXAMPLE";
pub(crate) const REFRESH_TOKEN: &str = "SentRefreshToken/EXAMPLE";
pub(crate) const AUTHORIZATION_CODE: &str = "SentAuthorizationCode/EXAMPLE";
pub(crate) const CODE_VERIFIER: &str = "SentCodeVerifier-EXAMPLE";
pub(crate) const DEVICE_CODE: &str = "SentDeviceCode/EXAMPLE";

pub(crate) fn portal() -> Portal {
    Portal {
        start_url: "https://corp.awsapps.com/start".to_owned(),
        region: "eu-central-1".to_owned(),
        scopes: vec![ACCOUNT_ACCESS.to_owned()],
        endpoint: EndpointSettings::default(),
    }
}

pub(crate) fn registration() -> ClientRegistration {
    ClientRegistration {
        client_id: "client-1".to_owned(),
        client_secret: CLIENT_SECRET.to_owned().into(),
        expires_at: Timestamp::from_unix_seconds(LOCAL_NOW + 86_400),
        with_redirect: true,
        scopes: vec![ACCOUNT_ACCESS.to_owned()],
    }
}

/// A code with what belongs to it.
pub(crate) fn authorization_code() -> Grant {
    Grant::AuthorizationCode {
        code: AUTHORIZATION_CODE.to_owned().into(),
        redirect_uri: "http://127.0.0.1:4711/oauth/callback".to_owned(),
        code_verifier: CODE_VERIFIER.to_owned().into(),
    }
}
