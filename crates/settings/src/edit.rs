//! The file with edits: one line changes, every other byte stays.

use crate::error::SettingsError;
use crate::model::Settings;
use crate::parse::{read, without_mark};
use crate::portal::is_same_portal;
use crate::value::Value;
use holdfast_aws_files::sso::normalized_start_url;
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
        let (section, name) = section_and_name(key)?;
        self.change(key, &[section], |table| put(table, name, value))
    }

    /// Removes one value, so that its default counts.
    ///
    /// # Errors
    /// As for [`SettingsFile::set`].
    pub fn unset(&mut self, key: &str) -> Result<(), SettingsError> {
        let (section, name) = section_and_name(key)?;
        self.change(key, &[section], |table| {
            table.remove(name);
        })
    }

    /// Sets one value for one portal, for example `browser`, where the file names the portal or else in a
    /// section of its own.
    ///
    /// # Errors
    /// As for [`SettingsFile::set`].
    pub fn set_portal(
        &mut self,
        start_url: &str,
        name: &str,
        value: impl Into<Value>,
    ) -> Result<(), SettingsError> {
        let value = value.into().into_toml();
        let written = self.portal_as_written(start_url);
        let key = format!("portals.{name}");
        self.change(&key, &["portals", &written], |table| {
            put(table, name, value);
        })
    }

    /// Removes one value of one portal, so that its default counts.
    ///
    /// # Errors
    /// As for [`SettingsFile::set`].
    pub fn unset_portal(&mut self, start_url: &str, name: &str) -> Result<(), SettingsError> {
        let written = self.portal_as_written(start_url);
        if !self.settings.portals.contains_key(&written) {
            return Ok(());
        }
        let key = format!("portals.{name}");
        self.change(&key, &["portals", &written], |table| {
            table.remove(name);
        })
    }

    /// The portal's start URL as the file has it, else as it is written everywhere.
    fn portal_as_written(&self, start_url: &str) -> String {
        let mut named = self.settings.portals.keys();
        let written = named.find(|written| is_same_portal(written, start_url));
        match (written, normalized_start_url(start_url)) {
            (Some(written), _) => written.clone(),
            (None, Ok(url)) => url,
            (None, Err(_)) => start_url.to_owned(),
        }
    }

    /// Changes one table; `key` names the setting in errors.
    fn change(
        &mut self,
        key: &str,
        path: &[&str],
        change: impl FnOnce(&mut dyn TableLike),
    ) -> Result<(), SettingsError> {
        let not_set = |reason: String| SettingsError::NotSet {
            key: key.to_owned(),
            reason,
        };
        let mut changed = self.document.clone();
        let is_first = changed.is_empty();
        let mut table: &mut dyn TableLike = changed.as_table_mut();
        for (depth, name) in path.iter().enumerate() {
            let is_last = depth + 1 == path.len();
            table = table
                .entry(name)
                .or_insert_with(|| Item::Table(new_table(is_first, is_last)))
                .as_table_like_mut()
                .ok_or_else(|| not_set(format!("{name} is not a section")))?;
        }
        change(table);
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

/// The two parts of a key such as `app.theme`.
fn section_and_name(key: &str) -> Result<(&str, &str), SettingsError> {
    key.split_once('.').ok_or_else(|| SettingsError::NotSet {
        key: key.to_owned(),
        reason: "it names no section".to_owned(),
    })
}

/// Sets a value; what stands around one that is there stays.
fn put(table: &mut dyn TableLike, name: &str, value: toml_edit::Value) {
    match table.get_mut(name) {
        Some(Item::Value(present)) => {
            let decor = present.decor().clone();
            *present = value;
            *present.decor_mut() = decor;
        }
        _ => {
            table.insert(name, Item::Value(value));
        }
    }
}

/// A new section, below an empty line where it does not begin the file; one that only holds others has no
/// header.
fn new_table(is_first: bool, is_last: bool) -> Table {
    let mut table = Table::new();
    table.set_implicit(!is_last);
    table
        .decor_mut()
        .set_prefix(if is_first { "" } else { "\n" });
    table
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
