//! What stands on the wire: the proxy, TLS, faults, many connections at once, IAM Identity Center, and the admin API.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod admin;
mod client;
mod faults;
mod load;
mod machine;
mod proxy;
mod signin;
mod sso;
mod web_identity;
