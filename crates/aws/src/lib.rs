//! AWS calls of the Holdfast agent, made with the AWS SDK.
//!
//! [`AwsClient`] implements the ports of [`holdfast_core::port`]. Nothing is loaded or connected before
//! its first call. Every clone of it shares one pool of connections and one [`ServerClock`], which
//! learns from AWS's answers how far this machine's clock is off, and signs with the corrected time.
//!
//! No type of the SDK appears in this crate's interface.

mod call;
mod client;
mod clock;
mod code;
mod codecommit;
mod console_login;
mod dpop;
mod endpoints;
mod failure;
mod http;
mod logs;
mod machine;
mod oidc;
mod portal;
mod settings;
mod signin;
mod sso;
mod sts;
mod trust;
mod web_identity;

pub use client::AwsClient;
pub use clock::{ServerClock, SystemClock};
pub use code::digest;
pub use endpoints::Endpoints;
pub use logs::may_log;
pub use machine::MachineSettings;
pub use settings::{ClientSettings, Proxy, Timeouts};
