//! Git's configuration: reading it, changing it through git itself, and telling which helper answers.

pub(crate) mod binary;
pub(crate) mod effective;
pub(crate) mod family;
pub(crate) mod file;
pub(crate) mod helper;
pub(crate) mod pattern;
pub(crate) mod remote_helper;
pub(crate) mod section;
