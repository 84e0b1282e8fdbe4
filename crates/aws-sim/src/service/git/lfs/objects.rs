//! Objects of Git LFS, beside those of git in the bare repository.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// Whether a text has the form of an object's name.
pub(super) fn is_oid(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// The name of an object with this content.
pub(super) fn digest(content: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(content))
}

/// The size of an object, when it is stored.
pub(super) fn size(repository: &Path, oid: &str) -> Option<u64> {
    is_oid(oid)
        .then(|| fs::metadata(file(repository, oid)).ok())?
        .map(|metadata| metadata.len())
}

/// The content of an object.
pub(super) fn read(repository: &Path, oid: &str) -> io::Result<Vec<u8>> {
    fs::read(file(repository, oid))
}

/// Stores an object, whole or not at all.
pub(super) fn write(repository: &Path, oid: &str, content: &[u8]) -> io::Result<()> {
    let folder = folder(repository);
    fs::create_dir_all(&folder)?;
    let mut new = tempfile::NamedTempFile::new_in(&folder)?;
    io::Write::write_all(&mut new, content)?;
    new.persist(file(repository, oid))?;
    Ok(())
}

fn folder(repository: &Path) -> PathBuf {
    repository.join("lfs/objects")
}

fn file(repository: &Path, oid: &str) -> PathBuf {
    folder(repository).join(oid)
}
