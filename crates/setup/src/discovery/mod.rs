//! Profiles for accounts and roles of IAM Identity Center, in one marked block of the AWS config file.
//!
//! [`DiscoveryPlan`] adds and removes profiles in the block, [`UndoPlan`] takes the block out again, and [`written`]
//! says what is in it. The block belongs to every portal at once: a plan changes the profiles that it was asked to
//! change and leaves all other lines as they are. What somebody edited by hand is theirs from then on: it is kept,
//! and the plan names it.

mod block;
mod choice;
mod name;
mod plan;
mod planner;
mod portal;
mod removal;
mod section;
mod undo;
mod written;

pub use choice::{Choice, ChosenRole, Obstacle, PlannedProfile, PlannedState, Portal};
pub use name::{NameTemplate, TemplateError};
pub use plan::DiscoveryPlan;
pub use undo::UndoPlan;
pub use written::{WrittenProfile, written};
