//! Makes sure that an answer without any content is AWS's.

use crate::http;
use aws_sdk_sso::config::interceptors::BeforeDeserializationInterceptorContextRef;
use aws_sdk_sso::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_sso::error::BoxError;

/// Takes an answer for AWS's when it is marked as AWS's, or says nothing at all. Where nothing is expected
/// the SDK would take a captive portal's page for a success.
#[derive(Debug)]
pub(super) struct Genuine;

impl Intercept for Genuine {
    fn name(&self) -> &'static str {
        "Genuine"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        let length = response.headers().get("content-length");
        if http::is_from_aws(response) || length == Some("0") || !response.status().is_success() {
            return Ok(());
        }
        Err("an answer that is not AWS's".into())
    }
}
