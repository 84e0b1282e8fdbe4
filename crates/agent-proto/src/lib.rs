//! Messages, framing, addresses and the blocking client of the Holdfast agent.
//!
//! `PROTOCOL.md` beside this crate describes the wire format for people and for
//! other implementations; this crate is the reference for it.

pub mod address;
pub mod again;
pub mod client;
pub mod context;
pub mod environment;
pub mod error;
pub mod event;
pub mod folders;
pub mod frame;
pub mod git_answer;
pub mod git_request;
pub mod reply;
pub mod request;
pub mod secret;
pub mod spawn;
pub mod stream;
pub mod view;

pub use address::{Address, AddressError};
pub use again::again;
pub use client::{Client, ClientError, SsoAccountsPart};
pub use context::{CallerContext, ContextError, Interaction, use_fips_endpoint};
pub use environment::EnvironmentKey;
pub use error::{AgentError, ErrorCode, MfaChallenge, with_causes};
pub use event::Event;
pub use git_request::GitRequest;
pub use reply::{Reply, ServerMessage};
pub use request::{ClientMessage, Hello, Request, SignInTarget};

/// Version of the protocol that this crate speaks.
pub const PROTOCOL_VERSION: u32 = 1;
