//! `holdfast keys remove`.

use crate::agent::Agent;
use crate::args::RemoveKey;
use crate::command::confirm;
use crate::outcome::Result;
use crate::print::Output;
use crate::print::text::visible;
use holdfast_agent_proto::Request;

/// Removes a profile's access key from the keychain.
pub(crate) fn run(args: &RemoveKey, output: &mut Output) -> Result {
    let name = visible(&args.profile);
    confirm(
        &format!(
            "AWS never shows a secret access key again. Remove the key of {name} from the keychain?"
        ),
        args.yes,
        output,
    )?;
    Agent::connect_or_start(None)?.tell(Request::RemoveKey {
        profile: args.profile.clone(),
    })?;
    output.line(format!(
        "Removed the access key of {name} from the keychain. In AWS it is still active until you deactivate it there."
    ))
}
