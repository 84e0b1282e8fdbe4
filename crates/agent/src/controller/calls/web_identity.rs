//! Roles that are assumed with the token of an OpenID Connect provider, which some program keeps in a file.

use super::super::Controller;
use super::fetch::failed;
use super::signing::nothing_to_sign_with;
use super::sts::session_name;
use super::{Brought, Running};
use holdfast_core::chain::{Source, Step};
use holdfast_core::engine::Call;
use holdfast_core::failure::Failure;
use holdfast_core::port::{AssumeRoleWithWebIdentity, Aws};
use secrecy::SecretString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zeroize::Zeroizing;

/// Longest token that AWS takes, in bytes
/// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>).
const MAX_TOKEN: usize = 20_000;

impl<S: Aws> Controller<S> {
    /// Exchanges the token that the file holds now: providers replace it before it ends.
    pub(super) fn web_identity_call(&mut self, call: Call) -> Running {
        let (Source::WebIdentityToken { file, profile }, step) = (call.source, call.step) else {
            return Box::pin(async { Err(nothing_to_sign_with()) });
        };
        let Step::AssumeRoleWithWebIdentity {
            role_arn,
            role_session_name,
            duration_seconds,
        } = step
        else {
            return Box::pin(async { Err(nothing_to_sign_with()) });
        };
        let says = self
            .files
            .location(&profile, "web_identity_token_file", &file);
        let beside = says.and_then(|location| Some(location.file.parent()?.to_owned()));
        let path = absolute(&file, std::env::home_dir(), beside);
        let aws = Arc::clone(&self.aws);
        Box::pin(async move {
            let shown = path.display().to_string();
            let reading = tokio::task::spawn_blocking(move || token(&path, &profile));
            let token = reading.await.map_err(|_| nothing_to_sign_with())??;
            let request = AssumeRoleWithWebIdentity {
                region: call.region,
                endpoint: call.endpoint,
                role_arn,
                role_session_name: role_session_name.unwrap_or_else(|| session_name(&[])),
                token,
                token_file: shown,
                duration_seconds,
            };
            let credentials = aws.assume_role_with_web_identity(request).await?;
            Brought::credentials(credentials)
        })
    }
}

/// The file with `~` for the home folder. The agent has no working folder of the user's, so a relative path starts at
/// the config file that says it.
fn absolute(file: &str, home: Option<PathBuf>, beside: Option<PathBuf>) -> PathBuf {
    let path = Path::new(file);
    match (path.strip_prefix("~"), home, beside) {
        (Ok(in_home), Some(home), _) => home.join(in_home),
        (Err(_), _, Some(beside)) => beside.join(path),
        _ => path.to_owned(),
    }
}

/// The token in a file.
fn token(file: &Path, profile: &str) -> Result<SecretString, Failure> {
    let of = || format!("the web identity token of profile {profile}");
    let shown = file.display();
    let mut text = Zeroizing::new(Vec::with_capacity(MAX_TOKEN + 1));
    let read = std::fs::File::open(file)
        .and_then(|file| file.take(MAX_TOKEN as u64 + 1).read_to_end(&mut text));
    match read {
        Err(error) => Err(failed(format!(
            "{} cannot be read from {shown}: {error}",
            of()
        ))),
        Ok(length) if length > MAX_TOKEN => Err(failed(format!(
            "{shown} is too large for {}; let web_identity_token_file name the token itself",
            of()
        ))),
        Ok(_) => match str::from_utf8(&text).map(str::trim) {
            Ok("") => Err(failed(format!(
                "{} is missing: {shown} is empty; see to the program that writes it",
                of()
            ))),
            Ok(token) if token.bytes().all(|byte| byte.is_ascii_graphic()) => {
                Ok(SecretString::from(token))
            }
            _ => Err(failed(format!("{shown} does not hold {}", of()))),
        },
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn places_of_token_files() {
        let cases = [
            ("/var/run/token", "/var/run/token"),
            ("~/token", "/home/mary/token"),
            ("tokens/a", "/home/mary/.aws/tokens/a"),
            ("~other/token", "/home/mary/.aws/~other/token"),
        ];
        for (file, expect) in cases {
            let got = absolute(
                file,
                Some("/home/mary".into()),
                Some("/home/mary/.aws".into()),
            );
            assert_eq!(got, Path::new(expect), "{file}");
        }
    }

    #[test]
    fn what_a_token_file_holds() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        let missing = token(&file, "ci").map(drop).unwrap_err();
        assert!(missing.message.contains("profile ci cannot be read"));
        let cases: [(&[u8], Result<&str, &str>); 5] = [
            (b"eyJ.eyJ.sig\n", Ok("eyJ.eyJ.sig")),
            (b" \n", Err("is empty")),
            (b"two words", Err("does not hold")),
            (b"\xff\xfe", Err("does not hold")),
            (&[b'x'; MAX_TOKEN + 1], Err("too large")),
        ];
        for (content, expect) in cases {
            std::fs::write(&file, content).unwrap();
            let got = token(&file, "ci");
            match (&got, expect) {
                (Ok(got), Ok(expect)) => assert_eq!(got.expose_secret(), expect),
                (Err(got), Err(expect)) => {
                    assert!(got.message.contains(expect), "{}", got.message);
                    assert!(got.message.contains(&*file.to_string_lossy()));
                }
                _ => panic!("{expect:?}"),
            }
        }
    }
}
