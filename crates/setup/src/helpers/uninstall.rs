//! The plan that removes exactly the programs that were installed.

use super::Places;
use super::manifest::{Manifest, digest};
use crate::diff;
use crate::error::{Result, SetupError};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Programs to remove, not removed yet.
pub struct UninstallPlan {
    manifest_path: PathBuf,
    manifest: Manifest,
    programs: Vec<PathBuf>,
    changed: Vec<PathBuf>,
}

/// What was removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// The programs.
    pub programs: Vec<PathBuf>,
    /// Files that somebody changed after they were installed, which stay.
    pub left: Vec<PathBuf>,
}

impl UninstallPlan {
    /// Works out what to remove. Nothing is removed.
    ///
    /// # Errors
    /// When the list of installed programs, or one of them, cannot be read.
    pub fn make(places: &Places) -> Result<Self> {
        let manifest = Manifest::read(&places.manifest)?;
        let (mut programs, mut changed) = (Vec::new(), Vec::new());
        for path in manifest.programs.keys() {
            match digest(path)? {
                Some(found) if manifest.knows(path, &found) => programs.push(path.clone()),
                Some(_) => changed.push(path.clone()),
                None => {}
            }
        }
        Ok(Self {
            manifest_path: places.manifest.clone(),
            manifest,
            programs,
            changed,
        })
    }

    /// The programs that are removed.
    pub fn programs(&self) -> impl Iterator<Item = &Path> {
        self.programs.iter().map(PathBuf::as_path)
    }

    /// Files that somebody changed after they were installed, which stay.
    pub fn changed(&self) -> &[PathBuf] {
        &self.changed
    }

    /// There is something to remove.
    pub fn is_needed(&self) -> bool {
        !self.manifest.programs.is_empty()
    }

    /// Tells this plan from every other one.
    pub fn fingerprint(&self) -> String {
        let paths = self
            .programs()
            .chain(self.changed.iter().map(PathBuf::as_path));
        diff::fingerprint(paths.map(|path| path.as_os_str().as_encoded_bytes()))
    }

    /// Removes the programs that are still as they were installed, the folders that were made for them when they
    /// are empty, and the list.
    ///
    /// # Errors
    /// When a program cannot be removed. The list then still names what is left.
    pub fn apply(mut self) -> Result<Removed> {
        let mut removed = Removed {
            left: self.changed,
            ..Removed::default()
        };
        for path in self.programs {
            match digest(&path)? {
                Some(found) if !self.manifest.knows(&path, &found) => {
                    removed.left.push(path.clone());
                }
                Some(_) => {
                    fs::remove_file(&path).map_err(SetupError::file("remove", &path))?;
                    removed.programs.push(path.clone());
                }
                None => {}
            }
            self.manifest.programs.remove(&path);
            self.manifest.write(&self.manifest_path)?;
        }
        for folder in self.manifest.folders.iter().rev() {
            match fs::remove_dir(folder) {
                // Somebody else keeps programs there by now, or has removed it.
                Err(error) if is_expected(&error) => {}
                Err(error) => return Err(SetupError::file("remove", folder)(error)),
                Ok(()) => {}
            }
        }
        self.manifest.programs.clear();
        self.manifest.write(&self.manifest_path)?;
        Ok(removed)
    }
}

fn is_expected(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::NotFound
    )
}
