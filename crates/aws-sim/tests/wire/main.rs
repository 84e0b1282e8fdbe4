//! What stands on the wire: the proxy, TLS, faults, many connections at once, and the admin API.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod admin;
mod client;
mod faults;
mod load;
mod proxy;
mod signin;
mod web_identity;
