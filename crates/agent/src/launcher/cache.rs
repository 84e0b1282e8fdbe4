//! Changes of the AWS CLI's caches. An order names no file: the place follows from the user's home folder and from
//! what the order is about.

use super::message::CacheOrder;
use holdfast_aws_files::login_cache::{self, Kept, LoginCredentials, Version};
use holdfast_aws_files::sso_cache::{self, Published, SharedToken};
use std::error::Error;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Where the caches are.
#[derive(Clone)]
pub(crate) struct Caches {
    home: Option<PathBuf>,
    login: Option<PathBuf>,
}

impl Caches {
    /// Those of this process's user.
    pub(crate) fn from_env() -> Self {
        let login = std::env::var_os("AWS_LOGIN_CACHE_DIRECTORY");
        Self::of(std::env::home_dir(), login)
    }

    /// Those of a home folder of a test's.
    #[cfg(test)]
    pub(crate) fn in_home(home: &Path) -> Self {
        Self::of(Some(home.to_owned()), None)
    }

    fn of(home: Option<PathBuf>, login: Option<OsString>) -> Self {
        Self {
            home: home.filter(|home| home.is_absolute()),
            login: login
                .map(PathBuf::from)
                .filter(|folder| folder.is_absolute()),
        }
    }

    /// The AWS CLI's file for a `login_session`.
    pub(crate) fn login_file(&self, login_session: &str) -> Option<PathBuf> {
        let folder = match &self.login {
            Some(folder) => folder.clone(),
            None => self.home.as_ref()?.join(login_cache::FOLDER),
        };
        Some(folder.join(login_cache::file_name(login_session)))
    }

    /// The AWS CLI's file for an `sso-session` section, or for the start URL of a profile without one.
    pub(crate) fn sso_file(&self, of: &str) -> Option<PathBuf> {
        let folder = self.home.as_ref()?.join(sso_cache::FOLDER);
        Some(folder.join(sso_cache::file_name(of)))
    }

    /// Carries an order out; says whether the cache is as ordered.
    ///
    /// # Errors
    /// In words: why the file could not be changed.
    pub(super) fn carry_out(&self, order: CacheOrder) -> Result<bool, String> {
        match order {
            CacheOrder::PublishToken {
                of,
                start_url,
                region,
                access_token,
                expires_at,
                now,
            } => {
                let token = SharedToken {
                    start_url: &start_url,
                    region: &region,
                    access_token: &access_token,
                    expires_at,
                };
                let file = in_home(self.sso_file(&of))?;
                let published = sso_cache::publish(&file, &token, now).map_err(in_words)?;
                Ok(published == Published::Done)
            }
            CacheOrder::WithdrawToken { of, access_token } => {
                let file = in_home(self.sso_file(&of))?;
                sso_cache::withdraw(&file, &access_token).map_err(in_words)
            }
            CacheOrder::RenewLogin {
                login_session,
                from,
                access_key_id,
                secret_access_key,
                session_token,
                expires_at,
                refresh_token,
            } => {
                let credentials = LoginCredentials {
                    access_key_id,
                    secret_access_key,
                    session_token,
                    expires_at,
                };
                let file = in_home(self.login_file(&login_session))?;
                let from = Version::from_text(from);
                renew(&file, &from, &credentials, &refresh_token)
            }
        }
    }
}

fn renew(
    file: &Path,
    from: &Version,
    credentials: &LoginCredentials,
    refresh_token: &secrecy::SecretString,
) -> Result<bool, String> {
    let kept = login_cache::renew(file, from, credentials, refresh_token).map_err(in_words)?;
    Ok(kept == Kept::Ours)
}

fn in_home(file: Option<PathBuf>) -> Result<PathBuf, String> {
    file.ok_or_else(|| "there is no home folder".to_owned())
}

fn in_words(error: impl Error) -> String {
    crate::explain::with_causes(&error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn the_places_follow_from_the_home_folder() {
        let caches = Caches::of(Some("/home/mary".into()), None);
        let login = caches.login_file("arn:x").unwrap();
        assert_eq!(
            login.parent().unwrap(),
            Path::new("/home/mary/.aws/login/cache")
        );
        let sso = caches.sso_file("../../corp").unwrap();
        assert_eq!(
            sso.parent().unwrap(),
            Path::new("/home/mary/.aws/sso/cache")
        );
        let elsewhere = Caches::of(Some("/home/mary".into()), Some("/var/login".into()));
        let login = elsewhere.login_file("arn:x").unwrap();
        assert_eq!(login.parent().unwrap(), Path::new("/var/login"));
        assert_eq!(Caches::of(None, None).sso_file("corp"), None);
    }

    #[test]
    fn a_token_is_published_and_withdrawn() {
        let home = tempfile::tempdir().unwrap();
        let caches = Caches::of(Some(home.path().to_owned()), None);
        let publish = |token: &str| {
            caches.carry_out(CacheOrder::PublishToken {
                of: "corp".to_owned(),
                start_url: "https://corp.awsapps.com/start".to_owned(),
                region: "eu-west-1".to_owned(),
                access_token: token.into(),
                expires_at: 2_000_000_000,
                now: 1_900_000_000,
            })
        };
        let withdraw = |token: &str| {
            caches.carry_out(CacheOrder::WithdrawToken {
                of: "corp".to_owned(),
                access_token: token.into(),
            })
        };
        let file = caches.sso_file("corp").unwrap();
        assert_eq!(publish("token"), Ok(true));
        assert!(file.is_file());
        assert_eq!(withdraw("another"), Ok(false));
        assert!(file.is_file());
        assert_eq!(withdraw("token"), Ok(true));
        assert!(!file.exists());
        // What the AWS CLI signed in to itself is left alone.
        std::fs::write(
            &file,
            r#"{"accessToken":"a","expiresAt":"2033-05-18T03:33:20Z","refreshToken":"r"}"#,
        )
        .unwrap();
        assert_eq!(publish("token"), Ok(false));
        assert_eq!(withdraw("a"), Ok(false));
    }
}
