//! CodeCommit: which repositories there are, and new ones.

use crate::call::{Call, Caller};
use crate::client::AwsClient;
use crate::endpoints::Target;
use crate::failure::{self, Answer};
use aws_sdk_codecommit::Client;
use aws_sdk_codecommit::types::RepositoryMetadata;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use holdfast_core::credentials::Credentials;
use holdfast_core::endpoint::EndpointSettings;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{CodeCommit, CreateRepository, ListRepositories};
use holdfast_core::repository::Repository;
use holdfast_core::time::Timestamp;

const SERVICE: &str = "CodeCommit";

/// Most names that `BatchGetRepositories` takes
/// (<https://docs.aws.amazon.com/codecommit/latest/APIReference/API_BatchGetRepositories.html>).
const BATCH: usize = 100;

/// Batches that are asked for at the same time; CodeCommit slows down who asks for more.
const AT_ONCE: usize = 3;

/// Repositories of one Region that are listed at most; AWS's default quota is 5,000.
const MAX_REPOSITORIES: usize = 20_000;

impl CodeCommit for AwsClient {
    async fn list_repositories(
        &self,
        signer: &Credentials,
        request: ListRepositories,
    ) -> Result<Vec<Repository>, Failure> {
        let target = self.codecommit(&request.endpoint, &request.region).await?;
        let names = self.names(signer, &target).await?;
        let batches = names.chunks(BATCH).map(<[String]>::to_vec);
        let mut details = stream::iter(batches)
            .map(|batch| self.batch(signer, &target, batch))
            .buffered(AT_ONCE);
        let mut found = Vec::with_capacity(names.len());
        loop {
            match details.try_next().await {
                Ok(Some(batch)) => found.extend(batch),
                Ok(None) => break,
                // The names alone still make a list to clone from.
                Err(failure) if failure.kind == FailureKind::Denied => {
                    tracing::info!(reason = %failure, "repositories without their descriptions");
                    drop(details);
                    found = names.into_iter().map(named).collect();
                    break;
                }
                Err(failure) => return Err(failure),
            }
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }

    async fn create_repository(
        &self,
        signer: &Credentials,
        request: CreateRepository,
    ) -> Result<Repository, Failure> {
        let target = self.codecommit(&request.endpoint, &request.region).await?;
        let (name, region) = (failure::printable(&request.name), &request.region);
        let explain = |answer: &Answer<'_>| refused(&name, region, answer);
        let call = Call {
            explain: Some(&explain),
            ..described("CreateRepository", &target, signer)
        };
        let answer = self
            .call(&target, call, |config| {
                let made = Client::new(&config).create_repository();
                made.repository_name(&request.name)
                    .set_repository_description(request.description.clone())
                    .send()
            })
            .await?;
        // AWS has made it, whatever it leaves out of what it tells.
        let made = answer.repository_metadata.and_then(repository);
        Ok(made.unwrap_or_else(|| Repository {
            description: request.description,
            ..named(request.name)
        }))
    }
}

/// Why there is no new repository of this name, where every service of AWS says it in words of its own.
fn refused(name: &str, region: &str, answer: &Answer<'_>) -> Option<(FailureKind, String)> {
    let refusal = match answer.code? {
        "RepositoryNameExistsException" => (
            FailureKind::Exists,
            format!("there is a repository {name} in {region} already"),
        ),
        "RepositoryLimitExceededException" => (
            FailureKind::InvalidRequest,
            format!(
                "the account has as many repositories in {region} as it may; delete one, or ask AWS to raise the quota"
            ),
        ),
        "InvalidRepositoryDescriptionException" => (
            FailureKind::InvalidRequest,
            "AWS refused the description; it has at most 1,000 characters, without control characters".to_owned(),
        ),
        _ => return None,
    };
    Some(refusal)
}

impl AwsClient {
    async fn codecommit(
        &self,
        endpoint: &EndpointSettings,
        region: &str,
    ) -> Result<Target, Failure> {
        let target = self.endpoints(endpoint).codecommit(region).await;
        target.map_err(|error| failure::local(FailureKind::InvalidRequest, error.to_string()))
    }

    async fn names(&self, signer: &Credentials, target: &Target) -> Result<Vec<String>, Failure> {
        let mut names = Vec::new();
        let mut next: Option<String> = None;
        loop {
            let page = self
                .call(
                    target,
                    described("ListRepositories", target, signer),
                    |config| {
                        let request = Client::new(&config).list_repositories();
                        request.set_next_token(next.clone()).send()
                    },
                )
                .await?;
            let before = names.len();
            let page_names = page.repositories.unwrap_or_default();
            names.extend(
                page_names
                    .into_iter()
                    .filter_map(|pair| pair.repository_name),
            );
            next = page.next_token.filter(|token| !token.is_empty());
            // A page without names and with a token would never end.
            if next.is_none() || names.len() == before || names.len() >= MAX_REPOSITORIES {
                names.truncate(MAX_REPOSITORIES);
                return Ok(names);
            }
        }
    }

    async fn batch(
        &self,
        signer: &Credentials,
        target: &Target,
        names: Vec<String>,
    ) -> Result<Vec<Repository>, Failure> {
        let answer = self
            .call(
                target,
                described("BatchGetRepositories", target, signer),
                |config| {
                    let request = Client::new(&config).batch_get_repositories();
                    request.set_repository_names(Some(names.clone())).send()
                },
            )
            .await?;
        let found = answer.repositories.unwrap_or_default();
        Ok(found.into_iter().filter_map(repository).collect())
    }
}

fn described<'a>(operation: &'static str, target: &'a Target, signer: &'a Credentials) -> Call<'a> {
    Call::new(SERVICE, operation, target, Caller::Signer(signer))
}

fn repository(metadata: RepositoryMetadata) -> Option<Repository> {
    let told = |text: Option<String>| text.filter(|text| !text.is_empty());
    Some(Repository {
        name: metadata.repository_name?,
        description: told(metadata.repository_description),
        default_branch: told(metadata.default_branch),
        last_modified: metadata
            .last_modified_date
            .map(|date| Timestamp::from_unix_seconds(date.secs())),
        account_id: told(metadata.account_id),
    })
}

fn named(name: String) -> Repository {
    Repository {
        name,
        description: None,
        default_branch: None,
        last_modified: None,
        account_id: None,
    }
}
