//! Which of the programs are where, and what is in their way.

use super::manifest::{Manifest, digest};
use super::path::{self, PathAdvice};
use super::{PROGRAMS, Places};
use crate::error::{Result, SetupError};
use crate::git::Git;
use std::fs;
use std::path::{Path, PathBuf};

/// What is installed for the user.
#[derive(Clone, Debug)]
pub struct Survey {
    /// The user's own folder for programs.
    pub bin: PathBuf,
    /// The programs.
    pub programs: Vec<Program>,
    /// The line that puts the folder on the PATH, where it is not.
    pub path_advice: Option<PathAdvice>,
    /// The folder of the running program is on the PATH, so that nothing has to be installed.
    pub is_packaged: bool,
    /// Version of Holdfast that installed last.
    pub installed_version: Option<String>,
}

/// One program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// File name.
    pub name: &'static str,
    /// Where it is or would be.
    pub path: PathBuf,
    /// What is there.
    pub state: State,
    /// A program of this name that is found first, and is not Holdfast's.
    pub shadowed_by: Option<PathBuf>,
    /// A program of this name that is not Holdfast's, and that is found until this one is installed.
    pub shadows: Option<PathBuf>,
}

/// What is in the place of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing.
    Absent,
    /// The program of this version.
    Current,
    /// A program that another version of Holdfast installed.
    Outdated,
    /// A file that Holdfast did not install, or that was changed since.
    Foreign,
    /// Nothing, and the program is not beside the running one either.
    Unavailable,
}

impl Survey {
    /// Looks at the programs as they are.
    ///
    /// # Errors
    /// When a file or the list of installed programs cannot be read.
    pub fn read(places: &Places) -> Result<Self> {
        let manifest = Manifest::read(&places.manifest)?;
        // Without git nothing can be in the way of its helpers.
        let exec_path = Git::find().and_then(|git| git.exec_path()).ok();
        let programs: Result<Vec<Program>> = PROGRAMS
            .into_iter()
            .map(|name| program(name, places, &manifest, exec_path.as_deref()))
            .collect();
        let is_packaged = places.path.iter().any(|folder| {
            folder
                .canonicalize()
                .is_ok_and(|folder| folder == places.from)
        });
        Ok(Self {
            bin: places.bin.clone(),
            programs: programs?,
            path_advice: path::advice(places),
            is_packaged,
            installed_version: Some(manifest.version).filter(|version| !version.is_empty()),
        })
    }
}

fn program(
    name: &'static str,
    places: &Places,
    manifest: &Manifest,
    exec_path: Option<&Path>,
) -> Result<Program> {
    let path = places.bin.join(name);
    let source = places.from.join(name);
    let state = match digest(&path)? {
        None if source.is_file() => State::Absent,
        None => State::Unavailable,
        Some(found) if !manifest.knows(&path, &found) => State::Foreign,
        Some(_) if holds_the_same(&path, &source)? => State::Current,
        Some(_) => State::Outdated,
    };
    let shadowed_by = shadow(name, places, exec_path);
    let shadows = match (&shadowed_by, state) {
        (None, State::Absent) => behind(name, places),
        _ => None,
    };
    Ok(Program {
        name,
        shadowed_by,
        shadows,
        path,
        state,
    })
}

/// Whether two files are equal; a file that is not there equals none.
fn holds_the_same(path: &Path, source: &Path) -> Result<bool> {
    let length = |path: &Path| fs::metadata(path).map(|metadata| metadata.len()).ok();
    if length(path).is_none() || length(path) != length(source) {
        return Ok(false);
    }
    let read = |path: &Path| fs::read(path).map_err(SetupError::file("read", path));
    Ok(read(path)? == read(source)?)
}

/// A program of this name that is neither ours nor beside this one, before the user's folder: git looks in its own
/// folder first, everybody then in the folders of the PATH.
fn shadow(name: &str, places: &Places, exec_path: Option<&Path>) -> Option<PathBuf> {
    let is_git_s = name.starts_with("git-");
    let first = exec_path.filter(|_| is_git_s).map(Path::to_owned);
    first
        .into_iter()
        .chain(places.path.iter().cloned())
        .take_while(|folder| *folder != places.bin && !is_same(folder, &places.from))
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

/// The program of this name that is neither ours nor beside this one, behind the user's folder on the PATH.
fn behind(name: &str, places: &Places) -> Option<PathBuf> {
    let mut folders = places.path.iter();
    folders.find(|folder| **folder == places.bin)?;
    folders
        .filter(|folder| !is_same(folder, &places.from))
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

fn is_same(folder: &Path, other: &Path) -> bool {
    folder.canonicalize().is_ok_and(|folder| folder == other)
}
