//! Profiles, credential chains and the session engine of Holdfast: pure.
//!
//! Nothing here does I/O or looks at a clock. The agent feeds it files that were
//! read, answers that came and the time, and carries out what it says.

pub mod chain;
pub mod clock;
pub mod console;
pub mod credentials;
pub mod endpoint;
pub mod engine;
pub mod failure;
pub mod port;
pub mod repository;
pub mod sso;
pub mod time;
pub mod totp_ledger;
