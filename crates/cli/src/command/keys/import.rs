//! `holdfast keys import`: plaintext keys go into the keychain and, when asked for, out of their file.

use crate::agent::{self, Agent};
use crate::args::ImportKeys;
use crate::command::confirm;
use crate::command::keys::add::store;
use crate::outcome::{Failure, Kind, Result};
use crate::print::text::visible;
use crate::print::{Output, diff, shell};
use holdfast_aws_files::{Backup, Document, Written};
use holdfast_setup::keys::{self, AccessKey, KeyHolder, Plaintext, Source, Stored};
use std::fs;
use std::path::Path;

/// Moves plaintext access keys into the keychain.
pub(crate) fn run(args: &ImportKeys, output: &mut Output) -> Result {
    let source = match &args.from {
        Some(file) => Source::open(file)?,
        None => Source::Files(Box::new(Plaintext::of_user(&agent::context()?)?)),
    };
    match source {
        Source::Csv { file, keys } => from_csv(args, &file, keys, output),
        Source::Files(files) => from_files(args, *files, output),
    }
}

impl KeyHolder for Agent {
    type Error = Failure;

    fn add(&mut self, profile: &str, key: AccessKey, replace: bool) -> Result {
        store(self, profile, key, replace)
    }

    fn held(&mut self) -> Result<Vec<Stored>> {
        let stored = self.keys()?.into_iter().map(|key| Stored {
            profile: key.profile,
            id: key.access_key_id,
        });
        Ok(stored.collect())
    }

    fn lasts(&mut self) -> Result<bool> {
        Ok(self.status()?.keychain.kind != "memory")
    }
}

fn from_files(args: &ImportKeys, mut files: Plaintext, output: &mut Output) -> Result {
    let found = files.access_keys(&args.profiles)?;
    for profile in &found.temporary {
        output.line(format!(
            "{}: temporary credentials, which end by themselves; left where they are.",
            visible(profile)
        ))?;
    }
    if found.keys.is_empty() {
        return output.line(format!("No plaintext access key in {}.", files.names()));
    }
    let mut agent = Agent::connect_or_start(None)?;
    if args.remove_plaintext {
        keys::check_lasts(&mut agent)?;
    }
    let stored = keys::transfer(&mut agent, found.keys, args.replace, |key| {
        output.line(format!(
            "{} of {} is in the keychain.",
            key.id,
            visible(&key.profile)
        ))
    })?;

    files.remove(&stored);
    if !args.remove_plaintext {
        return output.line(format!(
            "The plaintext is still in {}. To remove it, run: holdfast keys import --remove-plaintext{}",
            names(files.edited()),
            again(args),
        ));
    }
    for document in files.edited() {
        diff::print(&document.diff(), output)?;
    }
    let backup = if args.backup_secrets {
        output.line(
            "The backup will hold the secrets in plaintext, as asked for with --backup-secrets.",
        )?;
        Backup::Exact
    } else {
        Backup::SecretsMasked
    };
    confirm("Remove these keys from the file?", args.yes, output)?;
    files.write(backup, |written| {
        tell(&written, backup, args.no_backup, output)
    })?;
    output.line(
        "Programs that read keys from the file, such as the AWS CLI, get them from Holdfast with this line in a profile:\n  \
         credential_process = holdfast credential-process --profile PROFILE",
    )
}

fn tell(written: &Written, backup: Backup, discard: bool, output: &mut Output) -> Result {
    output.line(format!(
        "{} holds none of these keys any more.",
        written.file.display()
    ))?;
    let Some(path) = &written.backup else {
        return Ok(());
    };
    if discard {
        return fs::remove_file(path).map_err(|error| {
            Failure::new(
                Kind::File,
                format!("cannot remove the backup {}", path.display()),
            )
            .source(error)
        });
    }
    output.line(match backup {
        Backup::SecretsMasked => {
            format!(
                "What it held before is in {}, with the secrets masked.",
                path.display()
            )
        }
        Backup::Exact => format!(
            "{0} still holds the keys in plaintext. When all works, delete it: rm {1}",
            path.display(),
            shell::word(&path.to_string_lossy())
        ),
    })
}

fn from_csv(
    args: &ImportKeys,
    file: &Path,
    mut keys: Vec<AccessKey>,
    output: &mut Output,
) -> Result {
    let [profile] = args.profiles.as_slice() else {
        return Err(Failure::new(
            Kind::Usage,
            format!(
                "{} does not say which profile its key is for",
                file.display()
            ),
        )
        .hint("holdfast keys import --from FILE PROFILE"));
    };
    let (Some(key), true) = (keys.pop(), keys.is_empty()) else {
        return Err(Failure::new(
            Kind::Usage,
            format!("{} has to hold exactly one access key", file.display()),
        ));
    };
    let mut agent = Agent::connect_or_start(None)?;
    if args.remove_plaintext {
        keys::check_lasts(&mut agent)?;
    }
    let key = vec![(profile.clone(), key)];
    let stored = keys::transfer(&mut agent, key, args.replace, |_| Ok::<(), Failure>(()))?;
    for key in &stored {
        output.line(format!(
            "{} of {} is in the keychain.",
            key.id,
            visible(&key.profile)
        ))?;
    }
    let shown = file.display();
    if !args.remove_plaintext {
        return output.line(format!(
            "The plaintext is still in {shown}. To remove it, run the same command with --remove-plaintext."
        ));
    }
    confirm(&format!("Delete {shown}?"), args.yes, output)?;
    fs::remove_file(file).map_err(|error| {
        Failure::new(
            Kind::File,
            format!("the key is in the keychain, and {shown} cannot be deleted"),
        )
        .source(error)
    })?;
    output.line(format!("{shown} is deleted."))
}

fn names<'a>(documents: impl Iterator<Item = &'a Document>) -> String {
    let names: Vec<String> = documents
        .map(|document| document.file().display().to_string())
        .collect();
    names.join(" and ")
}

/// The rest of the command line, to repeat it.
fn again(args: &ImportKeys) -> String {
    let mut words = String::new();
    if let Some(file) = &args.from {
        words.push_str(" --from ");
        words.push_str(&shell::word(&file.to_string_lossy()));
    }
    for profile in &args.profiles {
        words.push(' ');
        words.push_str(&shell::word(profile));
    }
    words
}
