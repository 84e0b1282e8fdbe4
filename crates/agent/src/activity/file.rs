//! The two files that activity is kept in: appended to, put aside when large, read from the end.

use super::backwards::Backwards;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Size at which a file is put aside, in bytes. There are two, and a day of work takes about a tenth of one.
pub(super) const MAX_BYTES: u64 = 1024 * 1024;

/// The file that is written, and the one before it.
pub(super) struct ActivityFile {
    current: PathBuf,
    older: PathBuf,
    max_bytes: u64,
}

impl ActivityFile {
    /// The files in a folder; neither has to exist.
    pub(super) fn new(folder: &Path, max_bytes: u64) -> Self {
        Self {
            current: folder.join("activity.jsonl"),
            older: folder.join("activity.jsonl.1"),
            max_bytes,
        }
    }

    /// The file that is written.
    pub(super) fn path(&self) -> &Path {
        &self.current
    }

    /// Adds whole lines: all of them, or none when that fails.
    ///
    /// The file is opened each time, so that the person may remove it at any time.
    pub(super) fn append(&self, lines: &[u8]) -> io::Result<()> {
        let mut file = self.open()?;
        let mut length = file.metadata()?.len();
        if length > 0 && length + lines.len() as u64 > self.max_bytes {
            std::fs::rename(&self.current, &self.older)?;
            file = self.open()?;
            length = 0;
        }
        let mut bytes = Vec::with_capacity(lines.len() + 1);
        if length > 0 && !ends_with_newline(&mut file)? {
            bytes.push(b'\n');
        }
        bytes.extend_from_slice(lines);
        file.write_all(&bytes).inspect_err(|_| {
            // A rest that stays is skipped by whoever reads, so this need not succeed.
            let _ = file.set_len(length);
        })
    }

    /// The lines of both files, the newest first.
    pub(super) fn lines(&self) -> io::Result<impl Iterator<Item = io::Result<Vec<u8>>>> {
        let current = backwards(&self.current)?;
        let older = backwards(&self.older)?;
        Ok(current.into_iter().chain(older).flatten())
    }

    fn open(&self) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.create(true).read(true).append(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        options.open(&self.current)
    }
}

/// What is there can end in the middle of a line, after a full disk or a power cut.
fn ends_with_newline(file: &mut File) -> io::Result<bool> {
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

fn backwards(path: &Path) -> io::Result<Option<Backwards<File>>> {
    match File::open(path) {
        Ok(file) => Backwards::new(file).map(Some),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(file: &ActivityFile) -> Vec<String> {
        let lines = file.lines().unwrap().map(Result::unwrap);
        let lines = lines.filter(|line| !line.is_empty());
        lines.map(|line| String::from_utf8(line).unwrap()).collect()
    }

    #[test]
    fn a_large_file_is_put_aside_and_the_one_before_it_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let file = ActivityFile::new(folder.path(), 10);
        assert_eq!(text(&file), [""; 0]);
        for (line, expect) in [
            ("one\n", vec!["one"]),
            ("two\n", vec!["two", "one"]),
            ("three\n", vec!["three", "two", "one"]),
            ("longer than all\n", vec!["longer than all", "three"]),
            ("x\n", vec!["x", "longer than all"]),
        ] {
            file.append(line.as_bytes()).unwrap();
            assert_eq!(text(&file), expect);
        }
        let names = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(names, 2);
    }

    #[test]
    fn a_line_that_was_cut_off_spoils_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let file = ActivityFile::new(folder.path(), 1000);
        file.append(b"one\n").unwrap();
        std::fs::write(file.path(), "one\ntw").unwrap();
        file.append(b"three\n").unwrap();
        assert_eq!(text(&file), ["three", "tw", "one"]);
    }

    #[test]
    fn a_file_that_was_removed_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let file = ActivityFile::new(folder.path(), 1000);
        file.append(b"one\n").unwrap();
        std::fs::remove_file(file.path()).unwrap();
        file.append(b"two\n").unwrap();
        assert_eq!(text(&file), ["two"]);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_user_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = ActivityFile::new(folder.path(), 1000);
        file.append(b"one\n").unwrap();
        let mode = file.path().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
