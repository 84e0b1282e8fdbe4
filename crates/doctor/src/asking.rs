//! The agent, asked for an examination.

use crate::examine::{AgentSeen, Ask};
use holdfast_agent_proto::view::{ProfileView, StatusView};
use holdfast_agent_proto::{
    Address, AgentError, Client, ClientError, ErrorCode, Hello, Interaction, Reply, Request,
    with_causes,
};
use holdfast_codecommit::RepositoryAddress;

/// A connection to the agent for one examination, or why there is none.
pub struct Asking(Result<Client, ClientError>);

impl Asking {
    /// Connects, and starts the agent when it is not running. Whatever it is asked, it asks no person.
    pub fn connect_or_start(address: &Address, mut hello: Hello) -> Self {
        hello.context.interaction = Interaction::Never;
        Self(Client::connect_or_start(address, &hello))
    }

    /// How the agent is, and every profile.
    pub fn seen(&mut self) -> AgentSeen {
        let told = match &mut self.0 {
            Ok(client) => tell(client),
            Err(error) => return AgentSeen::Absent(with_causes(error)),
        };
        match told {
            Ok((status, profiles)) => AgentSeen::Running {
                status: Box::new(status),
                profiles,
            },
            Err(error) => AgentSeen::Absent(with_causes(&error)),
        }
    }
}

impl Ask for Asking {
    fn repositories(&mut self, profile: &str, region: &str) -> Result<Vec<String>, AgentError> {
        let gone = || AgentError::new(ErrorCode::Unavailable, "the agent cannot be reached");
        let client = self.0.as_mut().map_err(|_| gone())?;
        // What the agent remembers says nothing about what the profile may do now.
        let listed = client.repositories(profile.to_owned(), Some(region.to_owned()), true);
        match listed {
            Ok((repositories, _)) => Ok(repositories.into_iter().map(|it| it.name).collect()),
            Err(ClientError::Refused(error)) => Err(*error),
            Err(_) => Err(gone()),
        }
    }

    fn remembered_profile(&mut self, address: &RepositoryAddress) -> Option<String> {
        let request = Request::RememberedProfile {
            host: address.host().canonical().to_owned(),
            path: address.path().to_owned(),
        };
        match self.0.as_mut().ok()?.request(request) {
            Ok(Reply::RememberedProfile { profile }) => profile,
            Ok(_) | Err(_) => None,
        }
    }
}

fn tell(client: &mut Client) -> Result<(StatusView, Vec<ProfileView>), ClientError> {
    let Reply::Status(status) = client.request(Request::Status)? else {
        return Err(ClientError::UnexpectedReply);
    };
    Ok((status, client.profiles()?))
}
