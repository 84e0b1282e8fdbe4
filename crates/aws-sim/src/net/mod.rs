//! The network side: the proxy, TLS with certificates of our own, and the way of one request.

mod admin;
pub(crate) mod authority;
pub(crate) mod body;
mod exchange;
pub(crate) mod proxy;
mod socket;
mod strike;
