//! CodeCommit host grammar, repository addresses, URLs and clone commands: pure.
//!
//! Everything here is text in, text out. The grammar is anchored at both ends and knows
//! each partition's own names, because a helper that answers a host which merely looks
//! like AWS gives a password away.

pub mod address;
pub mod clone;
pub mod error;
pub mod git_config;
pub mod host;
pub mod partition;
pub mod region;
pub mod remote_url;
pub mod repository;
pub mod shell;

pub use address::{RepositoryAddress, codecommit_url};
pub use clone::CloneCommand;
pub use error::{AddressError, NameFault};
pub use host::GitHost;
pub use partition::Partition;
pub use region::Region;
pub use remote_url::{RemoteUrl, RemoteUrlError};
pub use repository::RepositoryName;
pub use shell::Shell;
