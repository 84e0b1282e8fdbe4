//! New repositories.

use super::super::Controller;
use super::super::calls::reached_aws;
use super::super::requests::{Asked, Want};
use super::super::tasks::Done;
use super::ListKey;
use super::place::{host, region_of, view};
use crate::explain;
use crate::listener::{Caller, ReplySender};
use holdfast_agent_proto::view::ActivityKind;
use holdfast_agent_proto::{AgentError, ErrorCode, Reply};
use holdfast_codecommit::{RepositoryAddress, RepositoryName};
use holdfast_core::credentials::Credentials;
use holdfast_core::engine::Interaction;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{Aws, CreateRepository};
use holdfast_core::repository::Repository;
use std::sync::Arc;

/// Longest description in characters
/// (<https://docs.aws.amazon.com/codecommit/latest/APIReference/API_CreateRepository.html>).
const MAX_DESCRIPTION: usize = 1_000;

/// A repository that somebody wants to have.
pub(in crate::controller) struct NewRepository {
    name: RepositoryName,
    description: Option<String>,
    /// Where; known once the profile is.
    key: Option<ListKey>,
}

/// CodeCommit has answered.
pub(in crate::controller) struct Created {
    asked: Asked,
    key: ListKey,
    name: RepositoryName,
    result: Result<Repository, Failure>,
}

impl NewRepository {
    /// What can be wrong is found before AWS is asked.
    pub(in crate::controller) fn new(
        name: &str,
        description: Option<String>,
    ) -> Result<Self, AgentError> {
        let invalid = |message: String| AgentError::new(ErrorCode::BadRequest, message);
        let name = RepositoryName::chosen(name).map_err(|fault| invalid(fault.to_string()))?;
        let description = description.filter(|text| !text.is_empty());
        let length = description
            .as_deref()
            .map_or(0, |text| text.chars().count());
        if length > MAX_DESCRIPTION {
            return Err(invalid(format!(
                "the description has {length} characters, and CodeCommit takes {MAX_DESCRIPTION} at most; shorten it"
            )));
        }
        Ok(Self {
            name,
            description,
            key: None,
        })
    }
}

impl<S: Aws> Controller<S> {
    /// Makes a repository, as soon as there are credentials.
    pub(in crate::controller) fn create_repository(
        &mut self,
        caller: &Arc<Caller>,
        profile: String,
        region: Option<String>,
        wish: Result<NewRepository, AgentError>,
        replies: ReplySender,
    ) {
        let mut wish = match wish {
            Ok(wish) => wish,
            Err(error) => return replies.error(error),
        };
        let Some(asked) = self.asked(caller, profile, replies) else {
            return;
        };
        let callers = caller.context.region.as_deref();
        match region_of(&asked.chain, region.as_deref(), callers) {
            Ok(region) => wish.key = Some(ListKey::of(&asked.chain, region)),
            Err(error) => return asked.replies.error(error.profile(&asked.profile)),
        }
        let want = Want::CreateRepository(Box::new(wish));
        self.queue(asked, want, Interaction::Never, 0);
    }

    /// Asks CodeCommit, now that there are credentials.
    pub(in crate::controller) fn make_repository(
        &mut self,
        asked: Asked,
        wish: NewRepository,
        credentials: &Arc<Credentials>,
    ) {
        let NewRepository {
            name,
            description,
            key: Some(key),
        } = wish
        else {
            return;
        };
        let request = CreateRepository {
            region: key.region.as_str().to_owned(),
            endpoint: asked.chain.endpoint.clone(),
            name: name.as_str().to_owned(),
            description,
        };
        let (aws, credentials) = (Arc::clone(&self.aws), Arc::clone(credentials));
        self.tasks.spawn(async move {
            Done::RepositoryCreated(Box::new(Created {
                result: aws.create_repository(&credentials, request).await,
                asked,
                key,
                name,
            }))
        });
    }

    pub(in crate::controller) fn repository_created(&mut self, created: Created) {
        let Created {
            asked,
            key,
            name,
            result,
        } = created;
        if let Some(online) = reached_aws(&result) {
            self.online = Some(online);
        }
        let address = RepositoryAddress::new(host(&asked.chain, &key.region), name.clone());
        let answer = match result {
            Ok(repository) => {
                let repository = view(repository, &asked.chain, &key.region);
                if self.repositories.lists.add(&key, repository.clone()) {
                    self.tell_repositories_changed(&asked.profile, &key);
                    self.save_repositories();
                }
                Ok(Reply::RepositoryCreated { repository })
            }
            Err(failure) => {
                self.session_refused(&asked, &failure);
                Err(refused(&failure, &asked.profile, &name))
            }
        };
        let kind = ActivityKind::RepositoryCreated;
        self.note_served(kind, &asked, Some(&address), &answer);
        asked.replies.finish(answer);
    }
}

fn refused(failure: &Failure, profile: &str, name: &RepositoryName) -> AgentError {
    let mut told = explain::failure(failure, profile);
    if failure.kind == FailureKind::Denied {
        told.hints = vec![format!(
            "ask for a policy that allows codecommit:CreateRepository on {name}"
        )];
    }
    if failure.kind == FailureKind::Exists {
        let clone = explain::command("clone", profile);
        told.hints = vec![
            "choose another name, or clone the one that is there:".to_owned(),
            format!("{clone} {name}"),
        ];
    }
    told
}
