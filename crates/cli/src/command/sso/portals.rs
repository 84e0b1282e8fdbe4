//! `holdfast sso portals`.

use crate::agent::Agent;
use crate::args::Json;
use crate::command::status::state_cell;
use crate::outcome::Result;
use crate::print::table::{Cell, Table};
use crate::print::text::list;
use crate::print::{Output, json};

/// Profiles that are named in a line.
const NAMES: usize = 3;

/// Lists the portals.
pub(crate) fn run(args: &Json, output: &mut Output) -> Result {
    let portals = Agent::connect_or_start(None)?.portals()?;
    if args.json {
        return output.json(&json::Portals::new(&portals));
    }
    if portals.is_empty() {
        return output.line(
            "Your AWS config names no portal of IAM Identity Center.\n\
             holdfast sso login https://….awsapps.com/start --sso-region REGION signs in to one.",
        );
    }
    let mut table = Table::new(["PORTAL", "REGION", "STATE", "SSO-SESSION", "PROFILES"]);
    for portal in &portals {
        table.row([
            Cell::new(&portal.start_url),
            Cell::new(&portal.region),
            state_cell(portal.state),
            Cell::new(portal.sso_sessions.join(", ")),
            Cell::new(list(&portal.profiles, NAMES)),
        ]);
    }
    table.print(output)
}
