//! What the agent needs to know of a caller, because it outlives the shell that started it.

use crate::environment::{CREDENTIAL_PROCESS, EnvironmentKey};
use crate::folders::NoHome;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::path::PathBuf;

/// The caller's surroundings, sent once per connection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct CallerContext {
    /// Absolute path of the AWS config file (`AWS_CONFIG_FILE`, else `~/.aws/config`).
    pub config_file: PathBuf,
    /// Absolute path of the AWS credentials file (`AWS_SHARED_CREDENTIALS_FILE`, else `~/.aws/credentials`).
    pub credentials_file: PathBuf,
    /// `AWS_PROFILE`, when set and not empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// `AWS_REGION`, else `AWS_DEFAULT_REGION`, when set and not empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// How a human can be reached on behalf of this caller.
    #[serde(default)]
    pub interaction: Interaction,
    /// The caller's working folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_dir: Option<PathBuf>,
    /// The access key in the caller's environment, from programs whose caller may want it used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment_key: Option<EnvironmentKey>,
    /// The profile whose `credential_process` the caller was started by (`HOLDFAST_CREDENTIAL_PROCESS`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_process: Option<String>,
}

/// How a human can be reached on behalf of a caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Interaction {
    /// A person is at the caller's terminal: a popup may open at once.
    Terminal,
    /// Nobody may be looking: a notification whose click opens the popup.
    #[default]
    Background,
    /// Never ask a human for this caller.
    Never,
}

/// Why the caller's surroundings could not be gathered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContextError {
    /// There is no home folder to find the AWS files in.
    #[error(transparent)]
    NoHome(#[from] NoHome),
    /// A relative path was given, and there is no working folder to take it from.
    #[error("{variable} is relative and the working folder is gone")]
    NoWorkingFolder {
        /// Name of the variable.
        variable: &'static str,
    },
    /// The messages are JSON, which only has Unicode text.
    #[error("the path of the AWS {file} file is not Unicode")]
    NotUnicode {
        /// `config` or `credentials`.
        file: &'static str,
    },
}

impl CallerContext {
    /// The surroundings of this process, from its environment, working folder and terminal.
    ///
    /// # Errors
    /// As [`ContextError`] says; none of them while the variables are absolute paths.
    pub fn gather() -> Result<Self, ContextError> {
        let working_dir = std::env::current_dir().ok();
        let home = std::env::home_dir();
        let mut context = Self::resolve(&|name| std::env::var_os(name), home, working_dir)?;
        if has_terminal() {
            context.interaction = Interaction::Terminal;
        }
        Ok(context)
    }

    /// The same with the access key of this process's environment, for a program that makes requests in the name of
    /// whoever started it.
    #[must_use]
    pub fn with_environment_key(self) -> Self {
        Self {
            environment_key: EnvironmentKey::gather(),
            ..self
        }
    }

    /// The same from given variables and folders, for a caller without a terminal.
    ///
    /// # Errors
    /// As for [`CallerContext::gather`].
    pub fn resolve(
        var: &dyn Fn(&str) -> Option<OsString>,
        home: Option<PathBuf>,
        working_dir: Option<PathBuf>,
    ) -> Result<Self, ContextError> {
        let surroundings = Surroundings {
            var,
            home: home.filter(|home| home.is_absolute()),
            working_dir,
        };
        Ok(Self {
            config_file: surroundings.file("AWS_CONFIG_FILE", "config")?,
            credentials_file: surroundings.file("AWS_SHARED_CREDENTIALS_FILE", "credentials")?,
            profile: surroundings.text("AWS_PROFILE"),
            region: surroundings
                .text("AWS_REGION")
                .or_else(|| surroundings.text("AWS_DEFAULT_REGION")),
            interaction: Interaction::Background,
            credential_process: surroundings.text(CREDENTIAL_PROCESS),
            environment_key: None,
            working_dir: surroundings
                .working_dir
                .filter(|dir| dir.to_str().is_some()),
        })
    }
}

struct Surroundings<'a> {
    var: &'a dyn Fn(&str) -> Option<OsString>,
    home: Option<PathBuf>,
    working_dir: Option<PathBuf>,
}

impl Surroundings<'_> {
    fn text(&self, variable: &str) -> Option<String> {
        let value = (self.var)(variable)?.into_string().ok()?;
        Some(value).filter(|value| !value.is_empty())
    }

    /// The file that a variable names, else the one of this name in `~/.aws`.
    fn file(&self, variable: &'static str, name: &'static str) -> Result<PathBuf, ContextError> {
        let home = || self.home.clone().ok_or(NoHome);
        let path = match (self.var)(variable).filter(|value| !value.is_empty()) {
            None => home()?.join(".aws").join(name),
            Some(value) => {
                let path = PathBuf::from(value);
                match path.strip_prefix("~") {
                    Ok(in_home) => home()?.join(in_home),
                    Err(_) if path.is_absolute() => path,
                    Err(_) => self
                        .working_dir
                        .as_ref()
                        .ok_or(ContextError::NoWorkingFolder { variable })?
                        .join(path),
                }
            }
        };
        match path.to_str() {
            Some(_) => Ok(path),
            None => Err(ContextError::NotUnicode { file: name }),
        }
    }
}

/// Whether this process has a controlling terminal, wherever its input and output go.
fn has_terminal() -> bool {
    let terminal = if cfg!(windows) { "CONIN$" } else { "/dev/tty" };
    std::fs::File::open(terminal).is_ok()
}

/// `AWS_USE_FIPS_ENDPOINT` of this process, read as the AWS SDKs read it.
pub fn use_fips_endpoint() -> Option<bool> {
    let value = std::env::var_os("AWS_USE_FIPS_ENDPOINT")?;
    if value.eq_ignore_ascii_case("true") {
        Some(true)
    } else {
        value.eq_ignore_ascii_case("false").then_some(false)
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn check(vars: &[(&str, &str)], expect: impl FnOnce(&mut CallerContext)) {
        let var = |name: &str| {
            let found = vars.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| OsString::from(value))
        };
        let home = Some(PathBuf::from("/home/mary"));
        let got =
            CallerContext::resolve(&var, home, Some(PathBuf::from("/home/mary/tree"))).unwrap();
        let mut expected = CallerContext {
            config_file: "/home/mary/.aws/config".into(),
            credentials_file: "/home/mary/.aws/credentials".into(),
            working_dir: Some("/home/mary/tree".into()),
            ..CallerContext::default()
        };
        expect(&mut expected);
        assert_eq!(got, expected, "{vars:?}");
    }

    #[test]
    fn the_environment_decides() {
        check(&[], |_| {});
        check(&[("AWS_CONFIG_FILE", "/etc/aws")], |c| {
            c.config_file = "/etc/aws".into();
        });
        check(&[("AWS_CONFIG_FILE", "~/x/config")], |c| {
            c.config_file = "/home/mary/x/config".into();
        });
        check(&[("AWS_CONFIG_FILE", "")], |_| {});
        check(&[("AWS_SHARED_CREDENTIALS_FILE", "keys/c")], |c| {
            c.credentials_file = "/home/mary/tree/keys/c".into();
        });
        check(&[("AWS_CONFIG_FILE", "~other/config")], |c| {
            c.config_file = "/home/mary/tree/~other/config".into();
        });
        check(&[("AWS_PROFILE", "dev"), ("AWS_REGION", "")], |c| {
            c.profile = Some("dev".to_owned());
        });
        check(&[("HOLDFAST_CREDENTIAL_PROCESS", "corp")], |c| {
            c.credential_process = Some("corp".to_owned());
        });
        check(&[("AWS_DEFAULT_REGION", "eu-west-1")], |c| {
            c.region = Some("eu-west-1".to_owned());
        });
        check(&[("AWS_DEFAULT_REGION", "a"), ("AWS_REGION", "b")], |c| {
            c.region = Some("b".to_owned())
        });
    }

    #[test]
    fn what_cannot_be_sent_is_an_error_or_left_out() {
        use std::os::unix::ffi::OsStringExt;
        let odd = || OsString::from_vec(vec![b'/', 0xff]);
        let home = || Some(PathBuf::from("/home/mary"));

        let somewhere_odd = CallerContext::resolve(&|_| None, home(), Some(odd().into())).unwrap();
        assert_eq!(somewhere_odd.working_dir, None);

        let odd_file = |name: &str| (name == "AWS_CONFIG_FILE").then(odd);
        assert_eq!(
            CallerContext::resolve(&odd_file, home(), None),
            Err(ContextError::NotUnicode { file: "config" })
        );
        let relative = |name: &str| (name == "AWS_CONFIG_FILE").then(|| "config".into());
        assert!(matches!(
            CallerContext::resolve(&relative, home(), None),
            Err(ContextError::NoWorkingFolder { .. })
        ));
        assert!(CallerContext::resolve(&|_| None, None, None).is_err());
    }
}
