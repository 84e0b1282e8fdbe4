//! The file with edits: one line changes, every other byte stays.

use crate::error::SettingsError;
use crate::model::Settings;
use crate::parse::{read, without_mark};
use crate::value::Value;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;
use toml_edit::{DocumentMut, Item, Table, TableLike};

/// The settings as they stand in a file, to be changed and saved.
#[derive(Debug)]
pub struct SettingsFile {
    file: PathBuf,
    /// The text as it was read; nothing when there was no file.
    original: Option<String>,
    document: DocumentMut,
    settings: Settings,
}

impl SettingsFile {
    /// Reads the file; empty when there is none.
    ///
    /// # Errors
    /// [`SettingsError::Read`] and [`SettingsError::Invalid`]: what cannot be understood is not changed.
    pub fn load(file: &Path) -> Result<Self, SettingsError> {
        let original = read(file)?;
        let text = original.as_deref().unwrap_or_default();
        let settings = Settings::parse(file, text)?;
        let document = unix_lines(text)
            .parse()
            .map_err(|error: toml_edit::TomlError| SettingsError::Invalid {
                file: file.to_owned(),
                line: None,
                reason: error.message().to_owned(),
            })?;
        Ok(Self {
            file: file.to_owned(),
            original,
            document,
            settings,
        })
    }

    /// The settings, with what was set since.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Sets one value, for example of `sessions.notice-minutes`. Saved with [`SettingsFile::save`].
    ///
    /// # Errors
    /// [`SettingsError::NotSet`]; nothing has changed then.
    pub fn set(&mut self, key: &str, value: impl Into<Value>) -> Result<(), SettingsError> {
        let value = value.into().into_toml();
        self.change(key, |section, name| match section.get_mut(name) {
            Some(Item::Value(present)) => {
                let decor = present.decor().clone();
                *present = value;
                *present.decor_mut() = decor;
            }
            _ => {
                section.insert(name, Item::Value(value));
            }
        })
    }

    /// Removes one value, so that its default counts.
    ///
    /// # Errors
    /// As for [`SettingsFile::set`].
    pub fn unset(&mut self, key: &str) -> Result<(), SettingsError> {
        self.change(key, |section, name| {
            section.remove(name);
        })
    }

    fn change(
        &mut self,
        key: &str,
        change: impl FnOnce(&mut dyn TableLike, &str),
    ) -> Result<(), SettingsError> {
        let not_set = |reason: String| SettingsError::NotSet {
            key: key.to_owned(),
            reason,
        };
        let Some((section, name)) = key.split_once('.') else {
            return Err(not_set("it names no section".to_owned()));
        };
        let mut changed = self.document.clone();
        let is_first = changed.is_empty();
        let table = changed.entry(section).or_insert_with(|| {
            let mut table = Table::new();
            table
                .decor_mut()
                .set_prefix(if is_first { "" } else { "\n" });
            Item::Table(table)
        });
        let Some(table) = table.as_table_like_mut() else {
            return Err(not_set(format!("{section} is not a section")));
        };
        change(table, name);
        self.settings = match Settings::parse(&self.file, &changed.to_string()) {
            Ok(settings) => settings,
            Err(SettingsError::Invalid { reason, .. }) => return Err(not_set(reason)),
            Err(error) => return Err(error),
        };
        self.document = changed;
        Ok(())
    }

    /// Writes the file in one step, private to the user; a symbolic link stays one. Does nothing when nothing was set.
    ///
    /// # Errors
    /// [`SettingsError::Changed`] when the file is not the one that was read, [`SettingsError::Write`]. The file is
    /// as it was then.
    pub fn save(&mut self) -> Result<(), SettingsError> {
        let text = self.text();
        if text == self.original.as_deref().unwrap_or_default() {
            return Ok(());
        }
        let failed = |source| SettingsError::Write {
            file: self.file.clone(),
            source,
        };
        let target = match fs::canonicalize(&self.file) {
            Ok(target) => target,
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.file.clone(),
            Err(error) => return Err(failed(error)),
        };
        let folder = target.parent().unwrap_or(Path::new("."));
        create_private_folder(folder).map_err(failed)?;
        let new = temporary(folder, &text).map_err(failed)?;
        if read(&target)? != self.original {
            return Err(SettingsError::Changed {
                file: self.file.clone(),
            });
        }
        new.persist(&target).map_err(|error| failed(error.error))?;
        self.original = Some(text);
        Ok(())
    }

    /// The text with the line ends and the mark that the file had.
    fn text(&self) -> String {
        let text = self.document.to_string();
        let original = self.original.as_deref().unwrap_or_default();
        let text = if original.contains("\r\n") {
            text.replace('\n', "\r\n")
        } else {
            text
        };
        if original.len() > without_mark(original).len() {
            format!("\u{feff}{text}")
        } else {
            text
        }
    }
}

/// The text as the editor takes it: it would turn the ends of some lines and not of others.
fn unix_lines(text: &str) -> String {
    without_mark(text).replace("\r\n", "\n")
}

/// A private file in the same folder, on disk. It removes itself unless it gets the name.
fn temporary(folder: &Path, text: &str) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new()
        .prefix(".holdfast-")
        .tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Makes a folder that only the user may enter, unless it is there.
fn create_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
