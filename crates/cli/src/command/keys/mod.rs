//! `holdfast keys`: long-lived access keys in the keychain.

pub(crate) mod add;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod remove;
