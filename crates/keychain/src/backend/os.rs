//! The OS's own keychain.

#[cfg(any(windows, test))]
mod account;
#[cfg(any(windows, target_os = "macos"))]
mod keyring;
#[cfg(all(unix, not(target_vendor = "apple")))]
mod secret_service;

#[cfg(any(windows, target_os = "macos"))]
pub(crate) use keyring::OsKeychain;
#[cfg(all(unix, not(target_vendor = "apple")))]
pub(crate) use secret_service::OsKeychain;
