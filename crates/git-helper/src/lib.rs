//! The credential helper for git: asks the agent for the password of a CodeCommit repository.
//!
//! Contract: <https://git-scm.com/docs/gitcredentials> and <https://git-scm.com/docs/git-credential>.
//! git ignores the exit code of a helper, waits for it without a limit, and asks the next helper and then the
//! person when a helper says nothing. So this one says nothing about hosts that are not CodeCommit's, always
//! ends in bounded time, and answers `quit=1` when it owns the host and has no password.
//!
//! It holds no state, signs nothing and sees no secret access key.

pub mod answer;
pub mod arguments;
pub mod ask;
pub mod attributes;
pub mod caller;
pub mod failure;
pub mod input;
pub mod run;
pub mod trace;
