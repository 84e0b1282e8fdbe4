//! What nothing costs: a program that does nothing, and a credential helper made of shell builtins.

use crate::{process, workspace};
use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};

/// Answers like a helper without starting anything: git runs it in the shell that it starts anyway.
pub(crate) const BUILTIN_HELPER: &str =
    "!f() { echo username=AKIAIOSFODNN7EXAMPLE; echo password=nothing; }; f";

/// Programs built for comparison.
pub(crate) struct Baseline {
    /// A Rust program with an empty `main`, built as ours are.
    pub(crate) empty: PathBuf,
}

impl Baseline {
    /// Compiles them.
    pub(crate) fn build(folder: &Path) -> Result<Self> {
        let source = folder.join("empty.rs");
        let empty = folder.join(workspace::executable("empty"));
        fs::write(&source, "fn main() {}\n")?;
        let mut rustc = workspace::rustc();
        rustc.args(["--edition=2024", "-Copt-level=3", "-Cpanic=abort"]);
        rustc.args(["-Ccodegen-units=1", "-Cstrip=symbols", "-Clto=thin", "-o"]);
        process::run(rustc.arg(&empty).arg(&source))?;
        Ok(Self { empty })
    }
}
