//! What a call asks for, as far as retries and the explanation of a failure need it.

use crate::endpoints::Target;
use crate::failure::Answer;
use holdfast_core::credentials::Credentials;
use holdfast_core::failure::FailureKind;
use holdfast_core::port::MfaCode;
use secrecy::{ExposeSecret, SecretString};

/// Says what an answer means to one operation; `None` leaves it to what every service of AWS has in common.
/// Asked only about refusals that AWS itself answered.
pub(crate) type Explain<'a> = dyn Fn(&Answer<'_>) -> Option<(FailureKind, String)> + Sync + 'a;

/// A call to AWS.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    /// Name of the service, for example `STS`.
    pub(crate) service: &'static str,
    /// Name of the operation, for example `AssumeRole`.
    pub(crate) operation: &'static str,
    /// Host that is asked.
    pub(crate) host: &'a str,
    /// TLS proves that it is this host.
    pub(crate) verified: bool,
    /// Host and port of the proxy on the way, if any.
    pub(crate) proxy: Option<&'a str>,
    /// Who asks.
    pub(crate) caller: Caller<'a>,
    /// Something that is good for one use is sent along, so that the call is sent once.
    pub(crate) one_use: bool,
    /// The setting that names the Region, where a person wrote it for this service alone.
    pub(crate) region_setting: Option<&'static str>,
    /// What answers mean to this operation in particular.
    pub(crate) explain: Option<&'a Explain<'a>>,
    /// The role that is to be assumed.
    pub(crate) role_arn: Option<&'a str>,
    /// The code that is sent along.
    pub(crate) mfa: Option<&'a MfaCode>,
    /// The lifetime that is asked for, in seconds.
    pub(crate) duration_seconds: Option<u32>,
}

/// Who asks.
#[derive(Clone, Copy)]
pub(crate) enum Caller<'a> {
    /// The holder of these credentials, who signs the call.
    Signer(&'a Credentials),
    /// Whoever knows these secrets, which are sent along with a call that is not signed.
    Bearer(&'a [&'a SecretString]),
}

impl<'a> Call<'a> {
    /// A call of an address of AWS.
    pub(crate) fn new(
        service: &'static str,
        operation: &'static str,
        target: &'a Target,
        caller: Caller<'a>,
    ) -> Self {
        Self {
            service,
            operation,
            host: &target.host,
            verified: target.url.starts_with("https://"),
            proxy: None,
            caller,
            one_use: false,
            region_setting: None,
            explain: None,
            role_arn: None,
            mfa: None,
            duration_seconds: None,
        }
    }

    /// The access key id that the call is signed with; empty when it is not signed.
    pub(crate) fn key_id(&self) -> &'a str {
        match self.caller {
            Caller::Signer(signer) => &signer.access_key_id,
            Caller::Bearer(_) => "",
        }
    }

    /// Signed with the temporary credentials of a session.
    pub(crate) fn by_session(&self) -> bool {
        matches!(self.caller, Caller::Signer(signer) if signer.session_token.is_some())
    }

    /// Signed with a long-lived key.
    pub(crate) fn by_key(&self) -> bool {
        matches!(self.caller, Caller::Signer(signer) if signer.session_token.is_none())
    }

    /// Takes every secret of this call out of a text that came from outside.
    pub(crate) fn scrub(&self, text: &str) -> String {
        let (signer, sent) = match self.caller {
            Caller::Signer(signer) => (Some(signer), [].as_slice()),
            Caller::Bearer(secrets) => (None, secrets),
        };
        let secrets = signer
            .map(|signer| &signer.secret_access_key)
            .into_iter()
            .chain(signer.and_then(|signer| signer.session_token.as_ref()))
            .chain(self.mfa.map(|mfa| &mfa.code))
            .chain(sent.iter().copied());
        let mut text = text.to_owned();
        for secret in secrets {
            let secret = secret.expose_secret();
            if !secret.is_empty() && text.contains(secret) {
                text = text.replace(secret, "…");
            }
        }
        text
    }
}
