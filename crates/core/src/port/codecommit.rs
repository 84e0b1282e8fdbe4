//! CodeCommit.

use crate::credentials::Credentials;
use crate::endpoint::EndpointSettings;
use crate::failure::Failure;
use crate::repository::Repository;
use std::future::Future;

/// Parameters of `ListRepositories` and `BatchGetRepositories`
/// (<https://docs.aws.amazon.com/codecommit/latest/APIReference/API_ListRepositories.html>).
pub struct ListRepositories {
    /// Region whose repositories are listed.
    pub region: String,
    /// What the profile says about addresses.
    pub endpoint: EndpointSettings,
}

/// Parameters of `CreateRepository`
/// (<https://docs.aws.amazon.com/codecommit/latest/APIReference/API_CreateRepository.html>).
pub struct CreateRepository {
    /// Region that the repository is made in.
    pub region: String,
    /// What the profile says about addresses.
    pub endpoint: EndpointSettings,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
}

/// CodeCommit.
pub trait CodeCommit: Send + Sync + 'static {
    /// Every repository of the signer's account in a Region, by name. Without the permission for
    /// `BatchGetRepositories` they come with nothing but their names.
    ///
    /// # Errors
    /// The failure, classified.
    fn list_repositories(
        &self,
        signer: &Credentials,
        request: ListRepositories,
    ) -> impl Future<Output = Result<Vec<Repository>, Failure>> + Send;

    /// Makes an empty repository in the signer's account.
    ///
    /// # Errors
    /// The failure, classified; [`FailureKind::Exists`](crate::failure::FailureKind::Exists) when the name is taken.
    fn create_repository(
        &self,
        signer: &Credentials,
        request: CreateRepository,
    ) -> impl Future<Output = Result<Repository, Failure>> + Send;
}
