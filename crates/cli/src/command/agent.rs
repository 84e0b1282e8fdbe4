//! `holdfast agent status|start|stop`.

use crate::agent::Agent;
use crate::args::Json;
use crate::outcome::{Exit, Failure, Kind, Result};
use crate::print::Output;
use crate::print::json::AgentInfo;
use holdfast_agent_proto::Request;
use std::time::Duration;

/// How long an agent that was told to end may take.
const END_LIMIT: Duration = Duration::from_secs(5);

/// Shows whether the agent runs; exit status 4 when it does not.
pub(crate) fn status(args: &Json, output: &mut Output) -> Result<Exit> {
    let Some(mut agent) = Agent::connect()? else {
        if args.json {
            output.json(&AgentInfo::ABSENT)?;
        } else {
            output.line("The agent is not running. Any other command starts it.")?;
        }
        return Ok(Exit::Agent);
    };
    let (version, pid) = agent.ping()?;
    if args.json {
        output.json(&AgentInfo::running(&version, pid))?;
    } else {
        output.line(format!("The agent {version} is running (process {pid})."))?;
        if version != env!("CARGO_PKG_VERSION") {
            output.line(format!(
                "This command is {}; to use the same version everywhere, run: holdfast agent stop",
                env!("CARGO_PKG_VERSION")
            ))?;
        }
    }
    Ok(Exit::Done)
}

/// Starts the agent.
pub(crate) fn start(output: &mut Output) -> Result {
    let (version, pid) = Agent::connect_or_start(None)?.ping()?;
    output.line(format!("The agent {version} is running (process {pid})."))
}

/// Ends the agent and waits until it has ended.
pub(crate) fn stop(output: &mut Output) -> Result {
    let Some(mut agent) = Agent::connect()? else {
        return output.line("The agent is not running.");
    };
    agent.tell(Request::Stop)?;
    if !agent.wait_for_end(END_LIMIT) {
        return Err(Failure::new(
            Kind::AgentUnreachable,
            format!("the agent has not ended within {} s", END_LIMIT.as_secs()),
        )
        .hint("holdfast agent status"));
    }
    output.line("The agent has ended. Its sessions are kept, sealed, for the next start.")
}
