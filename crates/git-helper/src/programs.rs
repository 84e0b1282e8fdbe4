//! Where the programs are that the remote helper runs: only ever at an absolute path.

use std::env;
use std::path::{Path, PathBuf};

const GIT: &str = if cfg!(windows) { "git.exe" } else { "git" };

const CREDENTIAL_HELPER: &str = if cfg!(windows) {
    "git-credential-holdfast.exe"
} else {
    "git-credential-holdfast"
};

/// The git on `PATH`. When git runs a helper, it puts its own folder of programs in front, so this is the very git
/// that asks.
pub fn git() -> Option<PathBuf> {
    first(on_path(), GIT)
}

/// The credential helper: beside the running program, as it was called or as it is installed, else on `PATH`.
pub fn credential_helper() -> Option<PathBuf> {
    let called = env::current_exe().ok();
    let installed = called.as_ref().and_then(|path| path.canonicalize().ok());
    let beside = [called, installed].into_iter().flatten();
    let folders = beside.filter_map(|path| path.parent().map(Path::to_owned));
    first(folders.chain(on_path()), CREDENTIAL_HELPER)
}

/// The folders of `PATH`. A relative one, such as `.`, may be anybody's, so it does not count.
fn on_path() -> impl Iterator<Item = PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    folders.into_iter().filter(|folder| folder.is_absolute())
}

fn first(folders: impl Iterator<Item = PathBuf>, program: &str) -> Option<PathBuf> {
    folders
        .map(|folder| folder.join(program))
        .find(|path| is_executable(path))
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}
