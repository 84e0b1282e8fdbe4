//! Long-lived access keys.

use super::Json;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `holdfast keys`.
#[derive(Subcommand)]
pub(crate) enum Keys {
    /// Put an access key into the keychain
    Add(AddKey),
    /// Move plaintext access keys from a file into the keychain
    Import(ImportKeys),
    /// List the access keys in the keychain, without their secrets
    List(Json),
    /// Remove a profile's access key from the keychain
    Remove(RemoveKey),
}

/// `holdfast keys add`.
#[derive(Args)]
#[command(
    after_help = "On a terminal both parts are asked for, the secret without echo. Otherwise they are read from \
                  standard input: the key id on one line and the secret on the next, or what \
                  `aws iam create-access-key --output json` prints:\n\n  \
                  aws iam create-access-key --output json | holdfast keys add PROFILE"
)]
pub(crate) struct AddKey {
    /// Profile that the key belongs to
    #[arg(value_name = "PROFILE")]
    pub(crate) profile: String,
    /// Replace a different key that is already there
    #[arg(long)]
    pub(crate) replace: bool,
}

/// `holdfast keys import`.
#[derive(Args)]
#[command(
    after_help = "Without --from, the AWS credentials and config files are read. --from takes a file of either \
                  kind, or the accessKeys.csv of the AWS console (then name the one PROFILE it is for). \
                  Nothing is removed without --remove-plaintext, and then only keys that the keychain has \
                  been seen to hold. The backup that is made has the secrets masked."
)]
pub(crate) struct ImportKeys {
    /// Only these profiles; every profile with a plaintext key when absent
    #[arg(value_name = "PROFILE")]
    pub(crate) profiles: Vec<String>,
    /// File to read: an AWS credentials or config file, or accessKeys.csv
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,
    /// Afterwards remove the plaintext keys from the file; shows the change and asks first
    #[arg(long)]
    pub(crate) remove_plaintext: bool,
    /// With --remove-plaintext: keep the secrets in the backup too, in plaintext, until you delete it
    #[arg(long, requires = "remove_plaintext")]
    pub(crate) backup_secrets: bool,
    /// With --remove-plaintext: keep no backup
    #[arg(long, requires = "remove_plaintext", conflicts_with = "backup_secrets")]
    pub(crate) no_backup: bool,
    /// Replace different keys that are already in the keychain
    #[arg(long)]
    pub(crate) replace: bool,
    /// Do not ask before changing files
    #[arg(long)]
    pub(crate) yes: bool,
}

/// `holdfast keys remove`.
#[derive(Args)]
pub(crate) struct RemoveKey {
    /// Profile whose key is removed
    #[arg(value_name = "PROFILE")]
    pub(crate) profile: String,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
}
