//! Lossless model of the AWS shared config and credentials files.
//!
//! [`Document`] is one file: every byte of it, what it says and what is wrong with it.
//! [`ProfileSet`] is what both files mean together. Reading never fails as a whole:
//! what cannot be understood is a [`Problem`] with file and line.

mod diff;
mod document;
mod duplicates;
mod edit;
mod header;
mod mask;
mod merge;
mod problem;
mod property;
mod read;
mod scan;
mod section;
pub mod sso;
mod write;

pub use document::{Document, FileKind};
pub use edit::EditError;
pub use header::SectionName;
pub use merge::ProfileSet;
pub use problem::{Location, Problem};
pub use read::ReadError;
pub use section::{AccessKey, Section};
pub use write::{Backup, WriteError, Written};
