//! The cache of the sign-in that the AWS CLI calls `aws login`, `~/.aws/login/cache`.
//!
//! As in the AWS CLI's `login` and botocore's `LoginCredentialFetcher`
//! (<https://github.com/boto/botocore/blob/develop/botocore/credentials.py>): one file for each `login_session`,
//! with credentials, a refresh token and the key that both are bound to (RFC 9449, DPoP). Whoever renews has to put
//! the new refresh token back, or the others lose the sign-in; so a renewal goes into the file that it was read
//! from, and nothing else in it changes.

use crate::json::{Object, Replacing};
use crate::token_file::{TokenFileError, TokenText, time_text};
use crate::write::{Replaced, WriteError, replace_private};
use data_encoding::HEXLOWER;
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use std::path::Path;

/// The folder, below the user's home; `AWS_LOGIN_CACHE_DIRECTORY` comes first.
pub const FOLDER: &str = ".aws/login/cache";

/// Name of the file for the `login_session` of a profile.
pub fn file_name(login_session: &str) -> String {
    let digest = Sha256::digest(login_session.trim().as_bytes());
    format!("{}.json", HEXLOWER.encode(&digest))
}

/// Credentials that a sign-in or a renewal brings.
pub struct LoginCredentials {
    /// Access key id. Not a secret.
    pub access_key_id: String,
    /// Secret access key.
    pub secret_access_key: SecretString,
    /// Session token.
    pub session_token: SecretString,
    /// When they end, in seconds since 1970-01-01T00:00:00Z by the writer's clock.
    pub expires_at: i64,
}

/// A sign-in as the cache holds it.
pub struct Login {
    /// The credentials.
    pub credentials: LoginCredentials,
    /// Account of the person who signed in.
    pub account_id: Option<String>,
    /// The client that the person signed in to.
    pub client_id: String,
    /// Exchanged for the next credentials.
    pub refresh_token: SecretString,
    /// Type of the tokens, as the sign-in service called it.
    pub token_type: Option<String>,
    /// Who signed in, as a signed statement.
    pub id_token: Option<SecretString>,
    /// The key that the tokens are bound to, a P-256 private key in PEM form.
    pub dpop_key: SecretString,
    /// Region whose sign-in endpoint renews; that of the profile when absent.
    pub sign_in_region: Option<String>,
}

/// Tells one content of a file from every other; no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version(String);

impl Version {
    /// A version that was written down before.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// To write it down.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of(bytes: &[u8]) -> Self {
        Self(HEXLOWER.encode(&Sha256::digest(bytes)))
    }
}

/// Reads a sign-in, with the version of the file that it stands in; nothing when there is no file.
///
/// # Errors
/// [`TokenFileError`], which names the file. An incomplete one may be whole a moment later.
pub fn read(file: &Path) -> Result<Option<(Login, Version)>, TokenFileError> {
    let Some(text) = TokenText::read(file)? else {
        return Ok(None);
    };
    let object = text.object()?;
    let access = object.object("accessToken")?;
    let login = Login {
        credentials: LoginCredentials {
            access_key_id: access.text("accessKeyId")?,
            secret_access_key: access.secret("secretAccessKey")?,
            session_token: access.secret("sessionToken")?,
            expires_at: access.time("expiresAt")?,
        },
        account_id: access.maybe_text("accountId")?,
        client_id: object.text("clientId")?,
        refresh_token: object.secret("refreshToken")?,
        token_type: object.maybe_text("tokenType")?,
        id_token: object.maybe_secret("idToken")?,
        dpop_key: object.secret("dpopKey")?,
        sign_in_region: object.maybe_text("signInRegion")?,
    };
    Ok(Some((login, Version::of(text.bytes()))))
}

/// What became of a sign-in or renewal that was to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// The file holds it.
    Ours,
    /// Another program wrote the file meanwhile; what it wrote counts, and is to be read.
    Theirs,
}

/// Why a renewal was not written.
#[derive(Debug, thiserror::Error)]
pub enum RenewError {
    /// The file does not hold a sign-in.
    #[error(transparent)]
    NotALogin(#[from] TokenFileError),
    /// It could not be written.
    #[error(transparent)]
    NotWritten(#[from] WriteError),
}

/// Puts renewed credentials and the new refresh token into the file, when it is still the version that they were
/// renewed from. Every other byte stays.
///
/// # Errors
/// [`RenewError`]; the file is as it was then.
pub fn renew(
    file: &Path,
    from: &Version,
    credentials: &LoginCredentials,
    refresh_token: &SecretString,
) -> Result<Kept, RenewError> {
    let Some(text) = TokenText::read(file)? else {
        return Ok(Kept::Theirs);
    };
    if Version::of(text.bytes()) != *from {
        return Ok(Kept::Theirs);
    }
    let object = text.object()?;
    let access = object.object("accessToken")?;
    let mut replacing = Replacing::new(object.text);
    replacing.put(access.raw("accessKeyId")?, &credentials.access_key_id);
    for (raw, secret) in [
        (
            access.raw("secretAccessKey")?,
            &credentials.secret_access_key,
        ),
        (access.raw("sessionToken")?, &credentials.session_token),
        (object.raw("refreshToken")?, refresh_token),
    ] {
        replacing.put_secret(raw, secret);
    }
    let expires_at = time_text(credentials.expires_at);
    replacing.put(access.raw("expiresAt")?, &expires_at);
    let new = replacing.finish();
    let is_unchanged =
        |present: Option<&[u8]>| present.is_some_and(|bytes| Version::of(bytes) == *from);
    let replaced = replace_private(file, new.as_bytes(), is_unchanged)?;
    Ok(kept(replaced))
}

/// Writes a new sign-in, in place of one that may be there, as `aws login` does.
///
/// # Errors
/// [`WriteError`]; the file is as it was then.
pub fn store(file: &Path, login: &Login) -> Result<Kept, WriteError> {
    let credentials = &login.credentials;
    let access = Object::new()
        .text("accessKeyId", &credentials.access_key_id)
        .secret("secretAccessKey", &credentials.secret_access_key)
        .secret("sessionToken", &credentials.session_token)
        .maybe(login.account_id.as_deref(), |object, id| {
            object.text("accountId", id)
        })
        .text("expiresAt", &time_text(credentials.expires_at));
    let text = Object::new()
        .object("accessToken", access)
        .maybe(login.token_type.as_deref(), |object, kind| {
            object.text("tokenType", kind)
        })
        .text("clientId", &login.client_id)
        .secret("refreshToken", &login.refresh_token)
        .maybe(login.id_token.as_ref(), |object, token| {
            object.secret("idToken", token)
        })
        .secret("dpopKey", &login.dpop_key)
        .maybe(login.sign_in_region.as_deref(), |object, region| {
            object.text("signInRegion", region)
        })
        .finish();
    replace_private(file, text.as_bytes(), |_| true).map(kept)
}

fn kept(replaced: Replaced) -> Kept {
    match replaced {
        Replaced::Done => Kept::Ours,
        Replaced::Overwritten | Replaced::Refused => Kept::Theirs,
    }
}
