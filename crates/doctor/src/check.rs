//! What is looked at, one file each.

pub(crate) mod access;
pub(crate) mod agent;
pub(crate) mod aws_files;
pub(crate) mod certificates;
pub(crate) mod clock;
pub(crate) mod credential_helper;
pub(crate) mod git_version;
pub(crate) mod gui_client;
pub(crate) mod keychain;
pub(crate) mod network;
pub(crate) mod profile;
pub(crate) mod registrations;
pub(crate) mod remote_helper;
pub(crate) mod remote_url;
pub(crate) mod stored_password;
pub(crate) mod submodules;
