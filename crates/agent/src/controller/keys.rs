//! Long-lived access keys: put into the keychain, listed, removed. Never given back.

use super::Controller;
use super::tasks::Done;
use crate::explain;
use crate::listener::{Caller, ReplySender};
use holdfast_agent_proto::view::{ActivityKind, KeyView};
use holdfast_agent_proto::{AgentError, ErrorCode, Reply};
use holdfast_core::port::Aws;
use holdfast_keychain::{AccessKey, KeychainError};
use std::sync::Arc;

/// The keychain was told to keep a key.
pub(super) struct Added {
    caller: Arc<Caller>,
    profile: String,
    access_key_id: String,
    result: Result<(), KeychainError>,
    replies: ReplySender,
}

/// The keychain was told to remove a key.
pub(super) struct Removed {
    caller: Arc<Caller>,
    profile: String,
    result: Result<bool, KeychainError>,
    replies: ReplySender,
}

/// What makes an access key id (<https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html>).
fn is_access_key_id(text: &str) -> bool {
    (16..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

impl<S: Aws> Controller<S> {
    pub(super) fn add_key(
        &mut self,
        caller: &Arc<Caller>,
        profile: String,
        key: AccessKey,
        replace: bool,
        replies: ReplySender,
    ) {
        if !is_access_key_id(&key.access_key_id) {
            let told = AgentError::new(
                ErrorCode::BadRequest,
                format!("what was given for profile {profile} is not an access key id"),
            );
            return replies.error(told.hint("it looks like AKIAIOSFODNN7EXAMPLE"));
        }
        if let Some(other) = self.keys.get(&profile)
            && *other != key.access_key_id
            && !replace
        {
            let told = AgentError::new(
                ErrorCode::Exists,
                format!("the keychain already has access key {other} for profile {profile}"),
            );
            return replies.error(told.hint(explain::command("keys remove", &profile)));
        }
        let access_key_id = key.access_key_id.clone();
        let adding = self.keychain.set_access_key(&profile, key);
        let caller = Arc::clone(caller);
        self.tasks.spawn(async move {
            Done::KeyAdded(Added {
                caller,
                profile,
                access_key_id,
                result: adding.await,
                replies,
            })
        });
    }

    pub(super) fn key_added(&mut self, added: Added) {
        match added.result {
            Ok(()) => {
                self.note_by(ActivityKind::KeyAdded, &added.caller, Some(&added.profile));
                self.keys.insert(added.profile, added.access_key_id);
                self.files.keys_changed();
                added.replies.reply(Reply::Done);
                // The keychain answers now, so the sealed store may open as well.
                self.retry_storage();
            }
            Err(error) => added.replies.error(explain::keychain(&error)),
        }
    }

    pub(super) fn list_keys(&mut self, replies: ReplySender) {
        let keys = self.keys.iter().map(|(profile, access_key_id)| KeyView {
            profile: profile.clone(),
            access_key_id: access_key_id.clone(),
        });
        replies.reply(Reply::Keys {
            keys: keys.collect(),
        });
    }

    pub(super) fn remove_key(
        &mut self,
        caller: &Arc<Caller>,
        profile: String,
        replies: ReplySender,
    ) {
        let removing = self.keychain.delete_access_key(&profile);
        let caller = Arc::clone(caller);
        self.tasks.spawn(async move {
            Done::KeyRemoved(Removed {
                caller,
                profile,
                result: removing.await,
                replies,
            })
        });
    }

    pub(super) fn key_removed(&mut self, removed: Removed) {
        let profile = removed.profile;
        match removed.result {
            Ok(found) => {
                self.keys.remove(&profile);
                self.files.keys_changed();
                if found {
                    let kind = ActivityKind::KeyRemoved;
                    self.note_by(kind, &removed.caller, Some(&profile));
                }
                removed.replies.finish(if found {
                    Ok(Reply::Done)
                } else {
                    let message = format!("the keychain has no access key for profile {profile}");
                    Err(AgentError::new(ErrorCode::NotFound, message).profile(profile))
                });
            }
            Err(error) => removed.replies.error(explain::keychain(&error)),
        }
    }
}
