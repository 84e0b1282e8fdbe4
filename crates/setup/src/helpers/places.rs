//! Where programs come from, where they go, and where is written down what was installed.

use crate::error::{Result, SetupError};
use holdfast_agent_proto::folders::{Folders, NoHome};
use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

/// Folders and files of an installation for one user.
#[derive(Clone, Debug)]
pub struct Places {
    /// The folder of the running program, which has the others beside it.
    pub from: PathBuf,
    /// The user's own folder for programs: `~/.local/bin`; on Windows `%LOCALAPPDATA%\Holdfast\bin`.
    pub bin: PathBuf,
    /// The list of what was installed, in the folder of the agent's state.
    pub manifest: PathBuf,
    /// The user's home folder.
    pub home: PathBuf,
    /// Folders in which programs are looked for, in their order.
    pub path: Vec<PathBuf>,
    /// Value of `SHELL`.
    pub shell: Option<OsString>,
}

impl Places {
    /// The places of the user who runs this process.
    ///
    /// # Errors
    /// When there is no home folder, or the running program's own path is unknown.
    pub fn of_this_process() -> Result<Self> {
        let exe = env::current_exe()
            .and_then(|exe| exe.canonicalize())
            .map_err(SetupError::file("find", "this program"))?;
        let from = exe.parent().map(PathBuf::from).unwrap_or_default();
        let home = env::home_dir()
            .filter(|home| home.is_absolute())
            .ok_or(NoHome)?;
        let state = Folders::from_env()?.state;
        let bin = if cfg!(windows) {
            state.join("bin")
        } else {
            home.join(".local").join("bin")
        };
        let path = env::var_os("PATH").unwrap_or_default();
        Ok(Self {
            from,
            bin,
            manifest: state.join("installed-programs.json"),
            home,
            path: env::split_paths(&path)
                .filter(|folder| folder.is_absolute())
                .collect(),
            shell: env::var_os("SHELL"),
        })
    }
}
