//! What the pages of the windows show, one module each: plain values that the user interface
//! receives as JSON. Their TypeScript types are generated from here.

pub mod activity;
pub mod add_profile;
#[cfg(test)]
mod bindings;
pub mod change;
pub mod discovery;
pub mod doctor;
pub mod git_helper;
mod name;
pub mod prompt;
pub mod repositories;
pub mod sessions;
pub mod settings;
pub mod shell;
pub mod sign_in;
mod theme;
mod trouble;

pub use name::PageName;
pub use theme::Theme;
pub use trouble::Trouble;
