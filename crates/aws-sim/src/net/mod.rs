//! The network side: the proxy, TLS with certificates of our own, the network of a machine at AWS, and the way of one request.

mod accept;
mod admin;
pub(crate) mod authority;
pub(crate) mod body;
mod exchange;
mod http;
pub(crate) mod machine;
pub(crate) mod proxy;
mod socket;
mod strike;
