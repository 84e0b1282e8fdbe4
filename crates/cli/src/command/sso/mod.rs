//! `holdfast sso`: portals of IAM Identity Center, and what they offer.

pub(crate) mod accounts;
pub(crate) mod add_profiles;
pub(crate) mod login;
pub(crate) mod portals;
pub(crate) mod roles;
pub(crate) mod undo;

mod chosen;
mod listing;
