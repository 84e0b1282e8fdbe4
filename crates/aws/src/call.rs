//! What a call asked for, as far as an explanation of its failure needs it.

use holdfast_core::credentials::Credentials;
use holdfast_core::port::MfaCode;
use secrecy::ExposeSecret;

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
    /// Who signs.
    pub(crate) signer: &'a Credentials,
    /// The role that is to be assumed.
    pub(crate) role_arn: Option<&'a str>,
    /// The code that is sent along.
    pub(crate) mfa: Option<&'a MfaCode>,
    /// The lifetime that is asked for, in seconds.
    pub(crate) duration_seconds: Option<u32>,
}

impl Call<'_> {
    /// Signed with the temporary credentials of a session rather than with a long-lived key.
    pub(crate) fn by_session(&self) -> bool {
        self.signer.session_token.is_some()
    }

    /// Takes every secret of this call out of a text that came from outside.
    pub(crate) fn scrub(&self, text: &str) -> String {
        let secrets = [
            Some(&self.signer.secret_access_key),
            self.signer.session_token.as_ref(),
            self.mfa.map(|mfa| &mfa.code),
        ];
        let mut text = text.to_owned();
        for secret in secrets.into_iter().flatten() {
            let secret = secret.expose_secret();
            if !secret.is_empty() && text.contains(secret) {
                text = text.replace(secret, "…");
            }
        }
        text
    }
}
