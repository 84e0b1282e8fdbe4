//! macOS: a C compiler that knows its headers. Checking only; nothing links without Apple's SDK.

use crate::packages::Consent;
use crate::python;
use anyhow::Result;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Apple's own processors; the other Macs differ in nothing that we write.
pub(crate) const TARGET: &str = "aarch64-apple-darwin";

/// The environment that makes build scripts use Zig's C compiler, installed when it is missing.
pub(crate) fn compiler(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let programs = python::venv(&folder.join("ziglang"), &["ziglang"], Consent::Given)?;
    let wrapper = folder.join("macos-cc");
    let python = programs.join("python");
    fs::write(&wrapper, script(&python))?;
    fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755))?;
    // Zig's own caches stay with everything else that this command makes.
    let cache = folder.join("zig-cache");
    Ok(vec![
        ("ZIG_GLOBAL_CACHE_DIR".to_owned(), cache.clone()),
        ("ZIG_LOCAL_CACHE_DIR".to_owned(), cache),
        ("CC_aarch64_apple_darwin".to_owned(), wrapper),
        ("CRATE_CC_NO_DEFAULTS".to_owned(), PathBuf::from("1")),
    ])
}

/// Leaves out the options that only Apple's compiler understands.
fn script(python: &Path) -> String {
    format!(
        r#"#!/bin/sh
skip=
for word do
  shift
  if [ -n "$skip" ]; then skip=; continue; fi
  case $word in
    -arch|-isysroot) skip=1 ;;
    --target=*|-mmacosx-version-min=*) ;;
    *) set -- "$@" "$word" ;;
  esac
done
exec '{}' -m ziglang cc -target aarch64-macos "$@"
"#,
        python.display()
    )
}
