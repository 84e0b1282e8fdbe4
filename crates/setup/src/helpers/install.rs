//! The plan that copies the programs into the user's own folder, and never over a file of somebody else's.

use super::manifest::{Manifest, digest};
use super::survey::{Program, State, Survey};
use super::{PROGRAMS, Places};
use crate::diff;
use crate::error::{Result, SetupError};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Programs to copy, not copied yet.
pub struct InstallPlan {
    places: Places,
    programs: Vec<Program>,
    foreign: Vec<PathBuf>,
}

/// What was copied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Installed {
    /// The programs, in their new places.
    pub programs: Vec<PathBuf>,
    /// Files of others that were left where they are.
    pub left: Vec<PathBuf>,
}

impl InstallPlan {
    /// Works out what to copy. Nothing is written.
    ///
    /// # Errors
    /// When a program is not beside the running one, or files cannot be read.
    pub fn make(places: &Places) -> Result<Self> {
        let survey = Survey::read(places)?;
        let missing = PROGRAMS
            .into_iter()
            .find(|program| !places.from.join(program).is_file());
        if let Some(program) = missing {
            return Err(SetupError::ProgramMissing {
                program,
                folder: places.from.clone(),
            });
        }
        let (mut programs, mut foreign) = (Vec::new(), Vec::new());
        for program in survey.programs {
            match program.state {
                State::Absent | State::Outdated => programs.push(program),
                State::Foreign => foreign.push(program.path),
                State::Current | State::Unavailable => {}
            }
        }
        Ok(Self {
            places: places.clone(),
            programs,
            foreign,
        })
    }

    /// The programs that are copied, in their new places.
    pub fn programs(&self) -> impl Iterator<Item = &Path> {
        self.programs.iter().map(|program| program.path.as_path())
    }

    /// Files of others in the places of programs, which are left as they are.
    pub fn foreign(&self) -> &[PathBuf] {
        &self.foreign
    }

    /// Programs of others that run today, each behind the new one that would run instead.
    pub fn replaced(&self) -> impl Iterator<Item = (&Path, &Path)> {
        self.programs
            .iter()
            .filter_map(|program| Some((program.path.as_path(), program.shadows.as_deref()?)))
    }

    /// Leaves out what would run instead of a program of somebody else's.
    pub fn replace_nothing(&mut self) {
        self.programs.retain(|program| program.shadows.is_none());
    }

    /// There is something to copy.
    pub fn is_needed(&self) -> bool {
        !self.programs.is_empty()
    }

    /// Tells this plan from every other one.
    pub fn fingerprint(&self) -> String {
        let paths = self
            .programs()
            .chain(self.foreign.iter().map(PathBuf::as_path));
        diff::fingerprint(paths.map(|path| path.as_os_str().as_encoded_bytes()))
    }

    /// Copies the programs, each whole or not at all, and notes each before it is put in place.
    ///
    /// # Errors
    /// When a file that is in the way appeared meanwhile, or a program cannot be copied. Those copied before it
    /// stay, and are known.
    pub fn apply(&self) -> Result<Installed> {
        let mut manifest = Manifest::read(&self.places.manifest)?;
        manifest.version = env!("CARGO_PKG_VERSION").to_owned();
        let made = make_folders(&self.places.bin)?;
        manifest.folders.extend(made);
        let mut installed = Installed {
            left: self.foreign.clone(),
            ..Installed::default()
        };
        for program in &self.programs {
            let source = self.places.from.join(program.name);
            let copy = copy(&source, &self.places.bin)?;
            let new = digest(copy.path())?.unwrap_or_default();
            let there = digest(&program.path)?;
            let is_ours = |there: &String| manifest.knows(&program.path, there);
            if !there.as_ref().is_none_or(is_ours) {
                return Err(SetupError::Foreign {
                    path: program.path.clone(),
                });
            }
            let known: Vec<String> = there.iter().cloned().chain([new.clone()]).collect();
            manifest.programs.insert(program.path.clone(), known);
            manifest.write(&self.places.manifest)?;
            let placed = match there {
                None => copy.persist_noclobber(&program.path),
                Some(_) => copy.persist(&program.path),
            };
            placed.map_err(|error| SetupError::file("write", &program.path)(error.error))?;
            manifest.programs.insert(program.path.clone(), vec![new]);
            manifest.write(&self.places.manifest)?;
            installed.programs.push(program.path.clone());
        }
        Ok(installed)
    }
}

/// A copy in the same folder as its later place, on disk and executable. It removes itself.
fn copy(source: &Path, folder: &Path) -> Result<NamedTempFile> {
    let mut copy = tempfile::Builder::new()
        .prefix(".holdfast-")
        .tempfile_in(folder)
        .map_err(SetupError::file("write", folder))?;
    let mut program = File::open(source).map_err(SetupError::file("read", source))?;
    io::copy(&mut program, copy.as_file_mut()).map_err(SetupError::file("write", folder))?;
    make_executable(copy.as_file()).map_err(SetupError::file("write", folder))?;
    copy.as_file()
        .sync_all()
        .map_err(SetupError::file("write", folder))?;
    Ok(copy)
}

#[cfg(unix)]
fn make_executable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o755))
}

#[cfg(windows)]
fn make_executable(_file: &File) -> io::Result<()> {
    Ok(())
}

/// Makes a folder and those around it. Returns the ones that were not there, the outermost first.
fn make_folders(folder: &Path) -> Result<Vec<PathBuf>> {
    let missing = folder.ancestors().take_while(|folder| !folder.exists());
    let mut missing: Vec<PathBuf> = missing.map(Path::to_owned).collect();
    missing.reverse();
    fs::create_dir_all(folder).map_err(SetupError::file("write", folder))?;
    Ok(missing)
}
