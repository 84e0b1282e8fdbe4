//! Lossless model of the AWS shared config and credentials files.
//!
//! [`Document`] is one file: every byte of it, what it says and what is wrong with it.
//! [`ProfileSet`] is what both files mean together. Reading never fails as a whole:
//! what cannot be understood is a [`Problem`] with file and line.
//!
//! Beside those two files lie the token caches of the AWS CLI and the SDKs: [`sso_cache`] and [`login_cache`].

mod diff;
mod document;
mod duplicates;
mod edit;
mod header;
mod json;
pub mod login_cache;
mod mask;
mod merge;
mod problem;
mod property;
mod read;
mod scan;
mod section;
pub mod sso;
pub mod sso_cache;
mod token_file;
mod write;

pub use document::{Document, FileKind};
pub use edit::{EditError, LineEdit};
pub use header::SectionName;
pub use merge::ProfileSet;
pub use problem::{Location, Problem};
pub use read::ReadError;
pub use section::{AccessKey, Section};
pub use token_file::TokenFileError;
pub use write::{Backup, WriteError, Written};
