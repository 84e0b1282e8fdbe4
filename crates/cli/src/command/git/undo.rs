//! `holdfast git undo`.

use super::show_change;
use crate::args::GitUndo;
use crate::command::confirm;
use crate::git::binary::Git;
use crate::git::file::{ConfigFile, Scratch};
use crate::git::section;
use crate::outcome::Result;
use crate::print::Output;

/// Removes exactly what `git setup` wrote.
pub(crate) fn run(args: &GitUndo, output: &mut Output) -> Result {
    let git = Git::find()?;
    let file = ConfigFile::open(&git, &args.scope)?;
    let entries = git.entries(&file.path)?;
    let path = file.path.display();
    if section::patterns_in(&entries).is_empty() && section::own_alias(&entries).is_none() {
        return output.line(format!(
            "{path} holds nothing of Holdfast; nothing was changed."
        ));
    }
    let undo = |bytes: &[u8]| {
        let scratch = Scratch::with(bytes)?;
        section::remove(&git, &scratch.path)?;
        scratch.bytes()
    };
    show_change(&file, &undo(file.before_bytes())?, output)?;
    if args.change.dry_run {
        return output.line("Nothing was changed (--dry-run).");
    }
    confirm(&format!("Write this to {path}?"), args.change.yes, output)?;
    file.restore(undo)?;
    output.line(format!("{path} holds nothing of Holdfast any more."))
}
