//! The Activity page.

use super::waiting;
use holdfast_agent_proto::{ClientError, Reply, Request};
use holdfast_desktop::agent::Agent;
use holdfast_desktop::page::Trouble;
use holdfast_desktop::page::activity::ActivityPage;
use tauri::State;

/// What the agent did before the entry with this number, or last.
#[tauri::command]
pub(crate) async fn activity(
    agent: State<'_, Agent>,
    before: Option<u64>,
    limit: u32,
) -> Result<ActivityPage, Trouble> {
    let agent = agent.inner().clone();
    waiting(move || {
        let Reply::Activity { entries, more } =
            agent.ask(|| Request::Activity { before, limit })?
        else {
            return Err(ClientError::UnexpectedReply.into());
        };
        Ok(ActivityPage::new(&entries, more))
    })
    .await
}
