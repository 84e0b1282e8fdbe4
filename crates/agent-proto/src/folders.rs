//! Where Holdfast keeps its own files: one place for every program that has to agree on it.

use std::ffi::OsString;
use std::path::PathBuf;

/// Holdfast's folders of one user. Naming them creates nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    /// What the agent remembers: `$XDG_STATE_HOME/holdfast`, else `~/.local/state/holdfast`;
    /// macOS `~/Library/Application Support/Holdfast`; Windows `%LOCALAPPDATA%\Holdfast`.
    pub state: PathBuf,
    /// Settings: `$XDG_CONFIG_HOME/holdfast`, else `~/.config/holdfast`;
    /// macOS `~/Library/Application Support/Holdfast`; Windows `%APPDATA%\Holdfast`.
    pub config: PathBuf,
}

/// The user has no home folder: neither the environment nor the system names one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this user has no home folder")]
pub struct NoHome;

impl Folders {
    /// The key file, where the keychain is a file.
    pub fn key_file(&self) -> PathBuf {
        self.state.join("keychain")
    }

    /// The folders of the user who runs this process.
    ///
    /// # Errors
    /// [`NoHome`], only when the environment does not name the folders themselves.
    pub fn from_env() -> Result<Self, NoHome> {
        Self::resolve(&|name| std::env::var_os(name), std::env::home_dir())
    }

    /// The same from given variables and a given home folder. Relative paths count as not set.
    ///
    /// # Errors
    /// [`NoHome`] as for [`Folders::from_env`].
    pub fn resolve(
        var: &dyn Fn(&str) -> Option<OsString>,
        home: Option<PathBuf>,
    ) -> Result<Self, NoHome> {
        let home = home.filter(|home| home.is_absolute());
        let under = |variable: &str, own: &str, in_home: &str| {
            absolute(var(variable))
                .map(|base| base.join(own))
                .or_else(|| home.as_ref().map(|home| home.join(in_home)))
                .ok_or(NoHome)
        };
        if cfg!(target_os = "macos") {
            let home = home.as_ref().ok_or(NoHome)?;
            let folder = home.join("Library/Application Support/Holdfast");
            Ok(Self {
                state: folder.clone(),
                config: folder,
            })
        } else if cfg!(windows) {
            Ok(Self {
                state: under("LOCALAPPDATA", "Holdfast", r"AppData\Local\Holdfast")?,
                config: under("APPDATA", "Holdfast", r"AppData\Roaming\Holdfast")?,
            })
        } else {
            Ok(Self {
                state: under("XDG_STATE_HOME", "holdfast", ".local/state/holdfast")?,
                config: under("XDG_CONFIG_HOME", "holdfast", ".config/holdfast")?,
            })
        }
    }
}

/// A variable's value when it is an absolute path.
pub(crate) fn absolute(value: Option<OsString>) -> Option<PathBuf> {
    value.map(PathBuf::from).filter(|path| path.is_absolute())
}
