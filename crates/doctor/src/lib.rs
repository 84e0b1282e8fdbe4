//! What is wrong with git, AWS and Holdfast on this machine: what it breaks, and how it is mended.
//!
//! [`examine`] looks at everything and changes nothing. What can be mended safely comes with a [`Mend`], which is
//! shown before it is applied. Nothing here prints or asks.

mod advice;
mod asking;
mod check;
mod examine;
mod finding;
mod mend;
mod repository;
mod stored;

pub use advice::Advice;
pub use asking::Asking;
pub use examine::{AgentSeen, Ask, Surroundings, examine};
pub use finding::{Check, Finding, Severity};
pub use mend::{Mend, MendError};
pub use repository::{RepositoryError, outside, top};
pub use stored::{StoredError, StoringHelper};
