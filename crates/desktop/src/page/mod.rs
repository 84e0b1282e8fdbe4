//! What the pages of the windows show, one module each: plain values that the user interface
//! receives as JSON. Their TypeScript types are generated from here.

mod name;
mod trouble;

pub use name::PageName;
pub use trouble::Trouble;
