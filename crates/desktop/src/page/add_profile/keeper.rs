//! The agent as the one who keeps access keys.

use crate::agent::Agent;
use crate::page::Trouble;
use holdfast_agent_proto::{ClientError, ErrorCode, Reply, Request};
use holdfast_setup::keys::{AccessKey, KeyHolder, Stored};

/// The agent, for the time of one transfer.
pub(super) struct Keeper<'a>(pub(super) &'a Agent);

impl KeyHolder for Keeper<'_> {
    type Error = Trouble;

    fn add(&mut self, profile: &str, key: AccessKey, replace: bool) -> Result<(), Trouble> {
        let request = || Request::AddKey {
            profile: profile.to_owned(),
            access_key_id: key.id.clone(),
            secret_access_key: key.secret.clone(),
            replace,
        };
        match self.0.ask(request) {
            Ok(_) => Ok(()),
            Err(ClientError::Refused(error)) if error.code == ErrorCode::Exists => {
                let hint = "To keep the new one instead, choose “Replace”.".to_owned();
                let mut trouble = Trouble::from(*error);
                trouble.hints = vec![hint];
                Err(trouble)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn held(&mut self) -> Result<Vec<Stored>, Trouble> {
        held(self.0)
    }

    fn lasts(&mut self) -> Result<bool, Trouble> {
        let Reply::Status(status) = self.0.ask(|| Request::Status)? else {
            return Err(ClientError::UnexpectedReply.into());
        };
        Ok(status.keychain.kind != "memory")
    }
}

/// The keys that the keychain holds.
pub(super) fn held(agent: &Agent) -> Result<Vec<Stored>, Trouble> {
    let Reply::Keys { keys } = agent.ask(|| Request::ListKeys)? else {
        return Err(ClientError::UnexpectedReply.into());
    };
    let stored = keys.into_iter().map(|key| Stored {
        profile: key.profile,
        id: key.access_key_id,
    });
    Ok(stored.collect())
}
