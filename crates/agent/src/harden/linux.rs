//! What Linux offers beyond other Unix systems.

use super::{Confinement, unix};
use crate::dirs::Dirs;
use landlock::{
    ABI, AccessFs, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetStatus,
};
use rustix::process::{DumpableBehavior, set_dumpable_behavior};
use std::io;

pub(super) use super::unix::detach;

/// Rules that this version knows; an older kernel enforces those of them that it knows.
const RULES: ABI = ABI::V5;

/// Measures and how they went.
pub(super) fn measures() -> Vec<(&'static str, io::Result<()>)> {
    let mut all = vec![
        (
            "hide its memory from other programs",
            set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(io::Error::from),
        ),
        (
            "give up gaining rights",
            rustix::thread::set_no_new_privs(true).map_err(io::Error::from),
        ),
    ];
    all.extend(unix::measures());
    all
}

pub(super) fn confine(dirs: &Dirs) -> io::Result<Confinement> {
    let writing = AccessFs::from_write(RULES);
    let mut rules = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(writing | AccessFs::Execute)
        .and_then(Ruleset::create)
        .map_err(io::Error::other)?;
    for folder in [&dirs.state, &dirs.config, &dirs.runtime] {
        let folder = PathFd::new(folder).map_err(io::Error::other)?;
        rules = rules
            .add_rule(PathBeneath::new(folder, writing))
            .map_err(io::Error::other)?;
    }
    let status = rules.restrict_self().map_err(io::Error::other)?;
    Ok(match status.ruleset {
        RulesetStatus::FullyEnforced => Confinement::Full,
        RulesetStatus::PartiallyEnforced => Confinement::Partial,
        RulesetStatus::NotEnforced => Confinement::None,
    })
}
