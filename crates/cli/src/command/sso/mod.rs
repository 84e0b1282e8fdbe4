//! `holdfast sso`: portals of IAM Identity Center, and what they offer.

pub(crate) mod accounts;
pub(crate) mod login;
pub(crate) mod portals;
pub(crate) mod roles;

mod chosen;
mod listing;
