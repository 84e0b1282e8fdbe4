//! `holdfast keys`: long-lived access keys in the keychain.

pub(crate) mod add;
pub(crate) mod import;
pub(crate) mod input;
pub(crate) mod list;
pub(crate) mod plaintext;
pub(crate) mod remove;
