//! Credentials that the machine has: an EC2 instance's or a container's.

use crate::credentials::Credentials;
use crate::failure::Failure;
use std::future::Future;

/// Where a machine's credentials come from
/// (<https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html>,
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>).
pub trait MachineCredentials: Send + Sync + 'static {
    /// Credentials of the role that is attached to this EC2 instance, by IMDSv2.
    ///
    /// # Errors
    /// The failure, classified.
    fn instance_metadata(&self) -> impl Future<Output = Result<Credentials, Failure>> + Send;

    /// Credentials that the container's environment names.
    ///
    /// # Errors
    /// The failure, classified.
    fn container(&self) -> impl Future<Output = Result<Credentials, Failure>> + Send;
}
