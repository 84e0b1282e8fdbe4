//! What calls of the two services of IAM Identity Center have in common.

use crate::call::{Call, Caller};
use crate::endpoints::{EndpointError, Target};
use crate::failure::{self, printable};
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::sso::Portal;
use secrecy::SecretString;

/// The failure of a portal that has no address.
pub(crate) fn no_target(portal: &Portal, error: &EndpointError) -> Failure {
    let url = printable(&portal.start_url);
    let setting = match error {
        EndpointError::NotARegion | EndpointError::NoEndpoint { .. } => "check sso_region",
        EndpointError::NotAUrl { .. } => "check endpoint_url and AWS_ENDPOINT_URL",
    };
    failure::local(
        FailureKind::InvalidRequest,
        format!("the portal {url} cannot be asked: {error}; {setting}"),
    )
}

/// A call that is made with these secrets.
pub(crate) fn asked_of<'a>(
    service: &'static str,
    operation: &'static str,
    target: &'a Target,
    secrets: &'a [&'a SecretString],
) -> Call<'a> {
    Call {
        region_setting: Some("sso_region"),
        ..Call::new(service, operation, target, Caller::Bearer(secrets))
    }
}

/// What an answer says; an empty text says nothing.
pub(crate) fn told(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}
