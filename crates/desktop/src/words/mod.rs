//! Times, accounts and names in words, as the tray and the windows say them.

mod account;
mod name;
mod time;

pub use account::{group_accounts, grouped};
pub use name::{isolated, plain, shortened};
pub use time::{clock, length, length_step, rough_length, stepped_length};
