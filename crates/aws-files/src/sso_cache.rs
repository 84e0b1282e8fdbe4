//! The AWS CLI's and the SDKs' cache of access tokens for IAM Identity Center, `~/.aws/sso/cache`.
//!
//! As in botocore's `SSOTokenLoader` and `SSOTokenProvider`
//! (<https://github.com/boto/botocore/blob/develop/botocore/tokens.py>): one file for each `sso-session` section or,
//! for older profiles, for each start URL. A file that holds a refresh token belongs to who signed in. What is
//! published here has none, so that every reader uses the access token until its end and renews nothing.

use crate::json::{Object, is_secret};
use crate::token_file::{TokenFileError, TokenObject, TokenText, time_text};
use crate::write::{Replaced, WriteError, remove_private, replace_private};
use data_encoding::HEXLOWER;
use secrecy::SecretString;
use sha1::{Digest as _, Sha1};
use std::path::Path;

/// The folder, below the user's home.
pub const FOLDER: &str = ".aws/sso/cache";

/// Name of the file for an `sso-session` section, or for the start URL of a profile without one: as it is
/// written there, not normalised.
pub fn file_name(session_or_start_url: &str) -> String {
    let digest = Sha1::digest(session_or_start_url.as_bytes());
    format!("{}.json", HEXLOWER.encode(&digest))
}

/// A token that another program cached.
pub struct CachedToken {
    /// What the portal is asked with.
    pub access_token: SecretString,
    /// When it ends, in seconds since 1970-01-01T00:00:00Z by the writer's clock.
    pub expires_at: i64,
    /// The portal that it is of.
    pub start_url: Option<String>,
    /// Region of the portal.
    pub region: Option<String>,
    /// It came with a refresh token, so that its owner can renew it.
    pub is_renewable: bool,
}

/// Reads a token; nothing when there is no file.
///
/// # Errors
/// [`TokenFileError`], which names the file. An incomplete one may be whole a moment later.
pub fn read(file: &Path) -> Result<Option<CachedToken>, TokenFileError> {
    match TokenText::read(file)? {
        Some(text) => token_of(&text.object()?).map(Some),
        None => Ok(None),
    }
}

/// A token to share with the AWS CLI and the SDKs.
pub struct SharedToken<'a> {
    /// Start URL of the portal, as the profile or section has it.
    pub start_url: &'a str,
    /// Region of the portal.
    pub region: &'a str,
    /// The access token.
    pub access_token: &'a SecretString,
    /// When it ends, in seconds since 1970-01-01T00:00:00Z by this machine's clock.
    pub expires_at: i64,
}

/// What became of a token that was to be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// It is in the cache.
    Done,
    /// The cache holds a sign-in of another program that has not ended, or was just written by one. It is left
    /// alone.
    LeftToOwner,
}

/// Puts a token into the cache, private to the user, unless the file there is of a sign-in that its owner can
/// still renew. `now` is in seconds since 1970-01-01T00:00:00Z.
///
/// # Errors
/// [`WriteError`]; the file is as it was then.
pub fn publish(file: &Path, token: &SharedToken<'_>, now: i64) -> Result<Published, WriteError> {
    let text = text_of(token);
    let is_free = |present: Option<&[u8]>| {
        let found = present.map(|bytes| TokenText::of(file, bytes));
        let found = found.as_ref().and_then(|text| text.object().ok());
        found.is_none_or(|object| match token_of(&object) {
            Ok(found) => !found.is_renewable || found.expires_at <= now,
            Err(_) => object.raw(REFRESH_TOKEN).is_err(),
        })
    };
    let replaced = replace_private(file, text.as_bytes(), is_free)?;
    Ok(match replaced {
        Replaced::Done => Published::Done,
        Replaced::Overwritten | Replaced::Refused => Published::LeftToOwner,
    })
}

/// Takes a published token out of the cache: removes the file when it holds exactly this token without a refresh
/// token. Says whether there is no such token now.
///
/// # Errors
/// [`WriteError`].
pub fn withdraw(file: &Path, access_token: &SecretString) -> Result<bool, WriteError> {
    remove_private(file, |bytes| {
        let text = TokenText::of(file, bytes);
        text.object().is_ok_and(|object| {
            let found = object.raw("accessToken");
            object.raw(REFRESH_TOKEN).is_err()
                && found.is_ok_and(|raw| is_secret(raw, access_token))
        })
    })
}

const REFRESH_TOKEN: &str = "refreshToken";

fn token_of(object: &TokenObject<'_>) -> Result<CachedToken, TokenFileError> {
    Ok(CachedToken {
        access_token: object.secret("accessToken")?,
        expires_at: object.time("expiresAt")?,
        start_url: object.maybe_text("startUrl")?,
        region: object.maybe_text("region")?,
        is_renewable: object.maybe_secret(REFRESH_TOKEN)?.is_some(),
    })
}

/// The file's text, as botocore would write it.
fn text_of(token: &SharedToken<'_>) -> zeroize::Zeroizing<String> {
    Object::new()
        .text("startUrl", token.start_url)
        .text("region", token.region)
        .secret("accessToken", token.access_token)
        .text("expiresAt", &time_text(token.expires_at))
        .finish()
}
