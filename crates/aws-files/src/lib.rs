//! Lossless model of the AWS shared config and credentials files.
//!
//! [`Document`] is one file: every byte of it, what it says and what is wrong with it.
//! [`ProfileSet`] is what both files mean together. Reading never fails as a whole:
//! what cannot be understood is a [`Problem`] with file and line.

mod document;
mod header;
mod merge;
mod problem;
mod property;
mod scan;
mod section;

pub use document::{Document, FileKind};
pub use header::SectionName;
pub use merge::ProfileSet;
pub use problem::{Location, Problem};
pub use section::{AccessKey, Section};
