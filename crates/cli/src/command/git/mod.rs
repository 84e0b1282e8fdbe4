//! `holdfast git`: setting git up for CodeCommit, showing the set-up, and undoing it.

pub(crate) mod setup;
pub(crate) mod status;
pub(crate) mod undo;

use crate::git::family::HostFamily;
use crate::git::file::ConfigFile;
use crate::outcome::Result;
use crate::print::{Output, diff};
use holdfast_aws_files::{Document, FileKind, ProfileSet};
use holdfast_codecommit::{Partition, Region};
use std::path::Path;

/// Shows the change to a git configuration file.
fn show_change(file: &ConfigFile, after: &[u8], output: &mut Output) -> Result {
    let change = diff::unified(&file.path, file.before_bytes(), after);
    diff::print(&change, output)
}

/// The commercial partition, and every other one that a profile's region belongs to.
fn families_in_use() -> Result<Vec<HostFamily>> {
    let context = crate::agent::context()?;
    // A file that cannot be read names no region.
    let document = |path: &Path, kind| {
        Document::read(path, kind).unwrap_or_else(|_| Document::missing(path, kind))
    };
    let config = document(&context.config_file, FileKind::Config);
    let credentials = document(&context.credentials_file, FileKind::Credentials);
    let profiles = ProfileSet::merge(&config, &credentials);
    let regions = profiles
        .profiles()
        .filter_map(|profile| profile.get("region"))
        .chain(context.region.as_deref());
    let mut partitions = vec![Partition::Aws];
    partitions.extend(
        regions
            .filter_map(|region| Region::parse(region).ok())
            .map(|region| region.partition()),
    );
    partitions.sort_unstable();
    partitions.dedup();
    Ok(partitions.into_iter().map(HostFamily::Partition).collect())
}
