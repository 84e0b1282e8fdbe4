//! The OIDC service of IAM Identity Center: clients, and tokens for the portal.

mod refused;

use crate::call::Call;
use crate::client::AwsClient;
use crate::endpoints::{EndpointError, Target};
use crate::failure::Answer;
use crate::sso::{asked_of, no_target, told};
use aws_sdk_ssooidc::Client;
use aws_types::request_id::RequestId;
use futures_util::FutureExt;
use holdfast_core::failure::Failure;
use holdfast_core::port::{
    ClientRegistration, CreateToken, DeviceAuthorization, Grant, PortalToken, RegisterClient,
    SsoOidc,
};
use holdfast_core::sso::Portal;
use holdfast_core::time::Timestamp;
use refused::Asked;
use secrecy::{ExposeSecret, SecretString};

const SERVICE: &str = "IAM Identity Center";

/// Where codes come back to. A client is registered without the port, which every sign-in chooses anew
/// (<https://www.rfc-editor.org/rfc/rfc8252#section-7.3>).
const REDIRECT_URI: &str = "http://127.0.0.1/oauth/callback";

const AUTHORIZATION_CODE: &str = "authorization_code";
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const REFRESH_TOKEN: &str = "refresh_token";

/// Seconds between two questions for a token when the answer names none
/// (<https://www.rfc-editor.org/rfc/rfc8628#section-3.2>).
const DEFAULT_INTERVAL: u32 = 5;

impl SsoOidc for AwsClient {
    async fn register_client(
        &self,
        request: RegisterClient,
    ) -> Result<ClientRegistration, Failure> {
        let portal = &request.portal;
        let explain = |answer: &Answer<'_>| refused::explain(portal, Asked::Beginning, answer);
        let target = self.oidc(portal).await?;
        let call = Call {
            explain: Some(&explain),
            ..asked_of(SERVICE, "RegisterClient", &target, &[])
        };
        let scopes = Some(&portal.scopes).filter(|scopes| !scopes.is_empty());
        let answer = self
            .call(&target, call, |config| {
                let client = Client::new(&config)
                    .register_client()
                    .client_name(&request.client_name)
                    .client_type("public")
                    .set_scopes(scopes.cloned());
                if request.with_redirect {
                    client
                        .grant_types(AUTHORIZATION_CODE)
                        .grant_types(REFRESH_TOKEN)
                        .redirect_uris(REDIRECT_URI)
                        .issuer_url(&portal.start_url)
                        .send()
                } else {
                    client.send()
                }
            })
            .await?;
        let from_aws = answer.request_id().is_some();
        let ends = Some(answer.client_secret_expires_at).filter(|seconds| *seconds > 0);
        let (Some(client_id), Some(client_secret), Some(ends)) =
            (told(answer.client_id), told(answer.client_secret), ends)
        else {
            return Err(self.incomplete(&call, from_aws));
        };
        Ok(ClientRegistration {
            client_id,
            client_secret: client_secret.into(),
            expires_at: Timestamp::from_unix_seconds(ends),
            with_redirect: request.with_redirect,
            scopes: request.portal.scopes,
        })
    }

    async fn start_device_authorization(
        &self,
        portal: &Portal,
        client: &ClientRegistration,
    ) -> Result<DeviceAuthorization, Failure> {
        let explain = |answer: &Answer<'_>| refused::explain(portal, Asked::Beginning, answer);
        let target = self.oidc(portal).await?;
        let secrets = [&client.client_secret];
        let call = Call {
            explain: Some(&explain),
            ..asked_of(SERVICE, "StartDeviceAuthorization", &target, &secrets)
        };
        let answer = self
            .call(&target, call, |config| {
                Client::new(&config)
                    .start_device_authorization()
                    .client_id(&client.client_id)
                    .client_secret(client.client_secret.expose_secret())
                    .start_url(&portal.start_url)
                    .send()
            })
            .await?;
        let from_aws = answer.request_id().is_some();
        let (Some(device_code), Some(user_code), Some(verification_uri), Some(expires_at)) = (
            told(answer.device_code),
            told(answer.user_code),
            told(answer.verification_uri),
            self.ends_in(answer.expires_in),
        ) else {
            return Err(self.incomplete(&call, from_aws));
        };
        let interval = u32::try_from(answer.interval).unwrap_or(0);
        Ok(DeviceAuthorization {
            device_code: device_code.into(),
            user_code,
            verification_uri,
            expires_at,
            interval_seconds: if interval == 0 {
                DEFAULT_INTERVAL
            } else {
                interval
            },
        })
    }

    async fn create_token(&self, request: CreateToken<'_>) -> Result<PortalToken, Failure> {
        let CreateToken {
            portal,
            client,
            grant,
        } = request;
        let secrets = secrets(client, &grant);
        let asked = match &grant {
            Grant::AuthorizationCode { .. } | Grant::DeviceCode(_) => Asked::SignIn,
            Grant::RefreshToken(_) => Asked::Refresh,
        };
        let explain = |answer: &Answer<'_>| refused::explain(portal, asked, answer);
        let target = self.oidc(portal).await?;
        let call = Call {
            one_use: true,
            explain: Some(&explain),
            ..asked_of(SERVICE, "CreateToken", &target, &secrets)
        };
        let answer = self
            .call(&target, call, |config| {
                let request = Client::new(&config)
                    .create_token()
                    .client_id(&client.client_id)
                    .client_secret(client.client_secret.expose_secret());
                match &grant {
                    Grant::AuthorizationCode {
                        code,
                        redirect_uri,
                        code_verifier,
                    } => request
                        .grant_type(AUTHORIZATION_CODE)
                        .code(code.expose_secret())
                        .redirect_uri(redirect_uri)
                        .code_verifier(code_verifier.expose_secret()),
                    Grant::DeviceCode(code) => request
                        .grant_type(DEVICE_CODE)
                        .device_code(code.expose_secret()),
                    Grant::RefreshToken(token) => request
                        .grant_type(REFRESH_TOKEN)
                        .refresh_token(token.expose_secret()),
                }
                .send()
            })
            .await?;
        let from_aws = answer.request_id().is_some();
        let expires_at = self.ends_in(answer.expires_in);
        let (Some(access_token), Some(expires_at)) = (told(answer.access_token), expires_at) else {
            return Err(self.incomplete(&call, from_aws));
        };
        Ok(PortalToken {
            access_token: access_token.into(),
            refresh_token: told(answer.refresh_token).map(SecretString::from),
            expires_at,
        })
    }

    fn authorize_url(&self, portal: &Portal, query: &str) -> Result<String, Failure> {
        // Nothing is waited for: the SDK's rules are at hand.
        let target = self.oidc(portal).now_or_never();
        let target = target.unwrap_or_else(|| {
            let error = EndpointError::no_endpoint("SSO OIDC", &portal.region);
            Err(no_target(portal, &error))
        })?;
        let address = target.url.trim_end_matches('/');
        Ok(format!("{address}/authorize?{query}"))
    }
}

impl AwsClient {
    async fn oidc(&self, portal: &Portal) -> Result<Target, Failure> {
        let endpoints = self.endpoints(&portal.endpoint);
        let target = endpoints.sso_oidc(&portal.region).await;
        target.map_err(|error| no_target(portal, &error))
    }

    /// When something ends that AWS said ends in so many seconds.
    fn ends_in(&self, seconds: i32) -> Option<Timestamp> {
        let now = self.clock().now();
        (seconds > 0).then(|| now.plus_seconds(seconds.into()))
    }
}

/// Everything in a question for a token that must not be shown.
fn secrets<'a>(client: &'a ClientRegistration, grant: &'a Grant) -> Vec<&'a SecretString> {
    let mut secrets = vec![&client.client_secret];
    match grant {
        Grant::AuthorizationCode {
            code,
            code_verifier,
            ..
        } => secrets.extend([code, code_verifier]),
        Grant::DeviceCode(secret) | Grant::RefreshToken(secret) => secrets.push(secret),
    }
    secrets
}
