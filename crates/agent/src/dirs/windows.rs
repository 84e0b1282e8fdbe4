//! Private folders on Windows, where a user's own folders are private by inheritance.

use super::DirError;
use std::path::Path;

pub(super) fn private(path: &Path) -> Result<(), DirError> {
    std::fs::create_dir_all(path).map_err(|source| DirError::Io {
        path: path.to_owned(),
        source,
    })
}
