//! `holdfast keys import`: plaintext keys go into the keychain and, when asked for, out of their file.

use crate::agent::Agent;
use crate::args::ImportKeys;
use crate::command::confirm;
use crate::command::keys::add::store;
use crate::command::keys::input::AccessKey;
use crate::command::keys::plaintext::{Plaintext, Source};
use crate::outcome::{Failure, Kind, Result};
use crate::print::text::visible;
use crate::print::{Output, diff, shell};
use holdfast_aws_files::{Backup, Document};
use std::fs;
use std::path::Path;
use std::time::SystemTime;

/// Moves plaintext access keys into the keychain.
pub(crate) fn run(args: &ImportKeys, output: &mut Output) -> Result {
    match Source::open(args.from.as_deref())? {
        Source::Csv { file, keys } => from_csv(args, &file, keys, output),
        Source::Files(files) => from_files(args, *files, output),
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
        check_keychain_lasts(&mut agent)?;
    }
    let mut stored = Vec::new();
    for (profile, key) in found.keys {
        let id = key.id.clone();
        store(&mut agent, &profile, key, args.replace)?;
        output.line(format!("{id} of {} is in the keychain.", visible(&profile)))?;
        stored.push((profile, id));
    }
    verify(&mut agent, &stored)?;

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
    for document in files.edited_mut() {
        write(document, backup, args.no_backup, output)?;
    }
    output.line(
        "Programs that read keys from the file, such as the AWS CLI, get them from Holdfast with this line in a profile:\n  \
         credential_process = holdfast credential-process --profile PROFILE",
    )
}

fn write(document: &mut Document, backup: Backup, discard: bool, output: &mut Output) -> Result {
    let written = document.write(backup, SystemTime::now()).map_err(|error| {
        Failure::new(
            Kind::File,
            "the keys are in the keychain, and their file was not changed",
        )
        .source(error)
    })?;
    output.line(format!(
        "{} holds none of these keys any more.",
        written.file.display()
    ))?;
    let Some(path) = written.backup else {
        return Ok(());
    };
    if discard {
        return fs::remove_file(&path).map_err(|error| {
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
        check_keychain_lasts(&mut agent)?;
    }
    let id = key.id.clone();
    store(&mut agent, profile, key, args.replace)?;
    verify(&mut agent, &[(profile.clone(), id.clone())])?;
    output.line(format!("{id} of {} is in the keychain.", visible(profile)))?;
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

/// A keychain in memory forgets its keys when the agent ends, so it cannot be the only place of one.
fn check_keychain_lasts(agent: &mut Agent) -> Result {
    if agent.status()?.keychain.kind != "memory" {
        return Ok(());
    }
    Err(Failure::new(
        Kind::Misconfigured,
        "the keychain is in memory only and would lose the keys when the agent ends; nothing was removed",
    )
    .hint("import without --remove-plaintext, or set HOLDFAST_KEYCHAIN to os or file"))
}

/// Asks the agent what the keychain holds, before anything is removed elsewhere.
fn verify(agent: &mut Agent, stored: &[(String, String)]) -> Result {
    let held = agent.keys()?;
    let is_missing = |(profile, id): &&(String, String)| {
        !held
            .iter()
            .any(|key| key.profile == *profile && key.access_key_id == *id)
    };
    match stored.iter().find(is_missing) {
        None => Ok(()),
        Some((profile, id)) => Err(Failure::new(
            Kind::File,
            format!("the keychain does not show {id} of profile {profile}; no file was changed"),
        )
        .hint("holdfast keys list")
        .hint("holdfast status")),
    }
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
