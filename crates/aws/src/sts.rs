//! The Security Token Service.

use crate::call::{Call, Caller};
use crate::client::AwsClient;
use crate::code;
use crate::endpoints::Target;
use crate::failure;
use aws_sdk_sts::Client;
use holdfast_core::credentials::Credentials;
use holdfast_core::endpoint::EndpointSettings;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{AssumeRole, GetSessionToken, MfaCode, Sts};
use holdfast_core::time::Timestamp;
use secrecy::{ExposeSecret, SecretString};

pub(crate) const SERVICE: &str = "STS";

/// Shortest access key id there is
/// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_Credentials.html>).
pub(crate) const MIN_KEY_ID_LENGTH: usize = 16;

impl Sts for AwsClient {
    async fn get_session_token(
        &self,
        signer: &Credentials,
        request: GetSessionToken,
    ) -> Result<Credentials, Failure> {
        check_code(request.mfa.as_ref())?;
        check_duration(Some(request.duration_seconds), 129_600)?;
        let seconds = i32::try_from(request.duration_seconds).unwrap_or(i32::MAX);
        let serial = request.mfa.as_ref().map(|mfa| mfa.serial.as_str());
        let target = self.sts(&request.endpoint, request.region.as_deref(), serial);
        let target = &target.await?;
        let mfa = request.mfa.as_ref();
        let call = Call {
            mfa,
            one_use: mfa.is_some(),
            duration_seconds: Some(request.duration_seconds),
            ..Call::new(SERVICE, "GetSessionToken", target, Caller::Signer(signer))
        };
        let output = self
            .call(target, call, |config| {
                Client::new(&config)
                    .get_session_token()
                    .duration_seconds(seconds)
                    .set_serial_number(mfa.map(|mfa| mfa.serial.clone()))
                    .set_token_code(mfa.map(|mfa| mfa.code.expose_secret().to_owned()))
                    .send()
            })
            .await?;
        received("GetSessionToken", output.credentials)
    }

    async fn assume_role(
        &self,
        signer: &Credentials,
        request: AssumeRole,
    ) -> Result<Credentials, Failure> {
        check_code(request.mfa.as_ref())?;
        check_duration(request.duration_seconds, 43_200)?;
        let seconds = request
            .duration_seconds
            .and_then(|seconds| i32::try_from(seconds).ok());
        let role = Some(request.role_arn.as_str());
        let target = self.sts(&request.endpoint, request.region.as_deref(), role);
        let target = &target.await?;
        let mfa = request.mfa.as_ref();
        let call = Call {
            role_arn: role,
            mfa,
            one_use: mfa.is_some(),
            duration_seconds: request.duration_seconds,
            ..Call::new(SERVICE, "AssumeRole", target, Caller::Signer(signer))
        };
        let output = self
            .call(target, call, |config| {
                Client::new(&config)
                    .assume_role()
                    .role_arn(request.role_arn.as_str())
                    .role_session_name(request.role_session_name.as_str())
                    .set_external_id(request.external_id.clone())
                    .set_source_identity(request.source_identity.clone())
                    .set_duration_seconds(seconds)
                    .set_serial_number(mfa.map(|mfa| mfa.serial.clone()))
                    .set_token_code(mfa.map(|mfa| mfa.code.expose_secret().to_owned()))
                    .send()
            })
            .await?;
        received("AssumeRole", output.credentials)
    }

    fn close_connections(&self) {
        self.forget_connections();
    }
}

impl AwsClient {
    /// The address for a region, or for the partition of an ARN when there is no region.
    pub(crate) async fn sts(
        &self,
        profile: &EndpointSettings,
        region: Option<&str>,
        arn: Option<&str>,
    ) -> Result<Target, Failure> {
        let target = self.endpoints(profile).sts(region, arn).await;
        target.map_err(|error| failure::local(FailureKind::InvalidRequest, error.to_string()))
    }
}

/// Credentials as they came. The SDK takes an answer that ends in the middle for a whole one and
/// leaves the rest empty.
pub(crate) fn received(
    operation: &str,
    credentials: Option<aws_sdk_sts::types::Credentials>,
) -> Result<Credentials, Failure> {
    let is_whole = |credentials: &aws_sdk_sts::types::Credentials| {
        credentials.access_key_id.len() >= MIN_KEY_ID_LENGTH
            && !credentials.secret_access_key.is_empty()
            && !credentials.session_token.is_empty()
            && credentials.expiration.secs() > 0
    };
    let Some(credentials) = credentials.filter(is_whole) else {
        return Err(incomplete(operation));
    };
    Ok(Credentials {
        access_key_id: credentials.access_key_id,
        secret_access_key: SecretString::from(credentials.secret_access_key),
        session_token: Some(SecretString::from(credentials.session_token)),
        expires_at: Some(Timestamp::from_unix_seconds(credentials.expiration.secs())),
    })
}

fn incomplete(operation: &str) -> Failure {
    Failure {
        kind: FailureKind::Server,
        message: format!("the answer of AWS to {operation} is incomplete"),
        answered: true,
        retry_at: None,
    }
}

fn check_code(mfa: Option<&MfaCode>) -> Result<(), Failure> {
    if mfa.is_none_or(code::is_well_formed) {
        return Ok(());
    }
    Err(failure::local(
        FailureKind::WrongCode,
        "an MFA code has six digits".to_owned(),
    ))
}

pub(crate) fn check_duration(seconds: Option<u32>, maximum: u32) -> Result<(), Failure> {
    if seconds.is_none_or(|seconds| (900..=maximum).contains(&seconds)) {
        return Ok(());
    }
    Err(failure::local(
        FailureKind::InvalidRequest,
        format!("a session lasts between 900 and {maximum} seconds"),
    ))
}
