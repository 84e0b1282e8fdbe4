//! A local AWS for the demo and the tests: STS, IAM, CodeCommit and its git endpoint behind a proxy with its own CA.
//!
//! Programs reach it unchanged, with real endpoint names, through `HTTPS_PROXY` and their CA settings. It checks every signature,
//! password, code, limit and expiry, counts calls, has a clock of its own and injects faults.
//!
//! ```no_run
//! use holdfast_aws_sim::{Scenario, Sim, blog};
//!
//! let sim = Sim::start(Scenario::blog())?;
//! let code = sim.totp_now(blog::MFA_SERIAL);
//! let status = std::process::Command::new("aws")
//!     .env_clear()
//!     .envs(sim.env())
//!     .args(["sts", "get-caller-identity"])
//!     .status()?;
//! assert_eq!(sim.calls().count("GetCallerIdentity"), 1);
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod arn;
mod auth;
mod calls;
mod client;
mod clock;
mod descriptors;
mod endpoint;
mod faults;
mod hidden;
mod jwt;
mod model;
mod net;
mod policy;
mod random;
mod repository_folder;
mod scenario;
mod service;
mod shared;
mod sigv4;
mod sim;
mod totp;
mod xml;

pub use calls::{Call, Calls};
pub use client::Admin;
pub use clock::Clock;
pub use endpoint::Service;
pub use faults::{Fault, Faults, Rule};
pub use hidden::Hidden;
pub use model::LoginReuse;
pub use model::identity_center::{DevicePage, PortalPolicy, RefreshTokens};
pub use net::authority::CertificateError;
pub use scenario::{
    Account, PermissionSet, Portal, Repository, Role, Scenario, Trust, User, allow, blog, sources,
    sso, sso_many, team,
};
pub use sim::{AccessKey, Place, PortalControl, PortalSessionView, Sim, StartError};
