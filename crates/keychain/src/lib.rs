//! Access keys in the OS keychain, everything else in one sealed file.
