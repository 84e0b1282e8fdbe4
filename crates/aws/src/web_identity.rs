//! `AssumeRoleWithWebIdentity`: a role for whoever an OpenID Connect provider vouches for.

use crate::call::{Call, Caller};
use crate::client::AwsClient;
use crate::failure::{self, Answer, printable};
use crate::sts;
use aws_sdk_sts::Client;
use holdfast_core::credentials::Credentials;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{AssumeRoleWithWebIdentity, WebIdentity};
use secrecy::{ExposeSecret, SecretString};

const OPERATION: &str = "AssumeRoleWithWebIdentity";

impl WebIdentity for AwsClient {
    async fn assume_role_with_web_identity(
        &self,
        request: AssumeRoleWithWebIdentity,
    ) -> Result<Credentials, Failure> {
        sts::check_duration(request.duration_seconds, 43_200)?;
        let seconds = request
            .duration_seconds
            .and_then(|seconds| i32::try_from(seconds).ok());
        let (role, file) = (request.role_arn.as_str(), request.token_file.as_str());
        // Files end in a line break where people write them, tokens never do.
        let token = SecretString::from(request.token.expose_secret().trim().to_owned());
        if token.expose_secret().is_empty() {
            return Err(failure::local(
                FailureKind::InvalidRequest,
                format!("the web identity token file {file} is empty"),
            ));
        }
        let target = self.sts(&request.endpoint, request.region.as_deref(), Some(role));
        let target = &target.await?;
        let explain = |answer: &Answer<'_>| explain(role, file, answer);
        let secrets = [&token];
        let call = Call {
            role_arn: Some(role),
            duration_seconds: request.duration_seconds,
            explain: Some(&explain),
            ..Call::new(sts::SERVICE, OPERATION, target, Caller::Bearer(&secrets))
        };
        let output = self
            .call(target, call, |config| {
                Client::new(&config)
                    .assume_role_with_web_identity()
                    .role_arn(role)
                    .role_session_name(request.role_session_name.as_str())
                    .web_identity_token(token.expose_secret())
                    .set_duration_seconds(seconds)
                    .send()
            })
            .await?;
        sts::received(OPERATION, output.credentials)
    }
}

/// What AWS's refusals of a token mean
/// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html#API_AssumeRoleWithWebIdentity_Errors>).
fn explain(role: &str, file: &str, answer: &Answer<'_>) -> Option<(FailureKind, String)> {
    let message = printable(answer.message.unwrap_or_default());
    let told = match answer.code? {
        "ExpiredTokenException" | "ExpiredToken" => (
            FailureKind::SessionEnded,
            format!("the web identity token in {file} has ended; get a new one from its provider"),
        ),
        "InvalidIdentityToken" if message.contains("No OpenIDConnect provider") => (
            FailureKind::InvalidRequest,
            format!(
                "the account of role {role} does not know the provider of the web identity token in {file} ({message}); add it in IAM, or check role_arn"
            ),
        ),
        "InvalidIdentityToken" if message.contains("audience") => (
            FailureKind::InvalidRequest,
            format!(
                "the web identity token in {file} is not meant for AWS ({message}); its audience must be one that the provider in IAM lists"
            ),
        ),
        "InvalidIdentityToken" => (
            FailureKind::InvalidRequest,
            format!(
                "AWS does not accept the web identity token in {file} ({message}); get a new one from its provider"
            ),
        ),
        "IDPRejectedClaim" => (
            FailureKind::Denied,
            format!(
                "the provider of the web identity token in {file} does not vouch for it any more; get a new one"
            ),
        ),
        "IDPCommunicationError" => (
            FailureKind::Server,
            format!("AWS could not reach the provider of the web identity token in {file}"),
        ),
        "AccessDenied" => (
            FailureKind::Denied,
            format!(
                "role {role} does not trust the identity in {file}: check provider, subject and audience in its trust policy"
            ),
        ),
        _ => return None,
    };
    Some(told)
}
