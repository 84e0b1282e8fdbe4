//! git's helpers for CodeCommit: the credential helper asks the agent for the password of a repository, and the
//! remote helper turns a `codecommit://` URL into an https one that git asks the credential helper about.
//!
//! Contracts: <https://git-scm.com/docs/gitremote-helpers>, <https://git-scm.com/docs/gitcredentials> and <https://git-scm.com/docs/git-credential>.
//! git ignores the exit code of a helper, waits for it without a limit, and asks the next helper and then the
//! person when a helper says nothing. So the credential helper says nothing about hosts that are not CodeCommit's, always
//! ends in bounded time, and answers `quit=1` when it owns the host and has no password.
//!
//! They hold no state, sign nothing and see no secret access key.

pub mod answer;
pub mod arguments;
pub mod ask;
pub mod attributes;
pub mod caller;
pub mod failure;
pub mod input;
pub mod programs;
pub mod remote;
pub mod replace;
pub mod run;
pub mod trace;
