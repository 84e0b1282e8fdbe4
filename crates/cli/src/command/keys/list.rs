//! `holdfast keys list`.

use crate::agent::Agent;
use crate::args::Json;
use crate::outcome::Result;
use crate::print::table::{Cell, Table};
use crate::print::{Output, json};

/// Lists the access keys in the keychain.
pub(crate) fn run(args: &Json, output: &mut Output) -> Result {
    let keys = Agent::connect_or_start(None)?.keys()?;
    if args.json {
        return output.json(&json::Keys::new(&keys));
    }
    if keys.is_empty() {
        return output
            .line("The keychain holds no access key. To add one, run: holdfast keys add PROFILE");
    }
    let mut table = Table::new(["PROFILE", "ACCESS KEY ID"]);
    for key in &keys {
        table.row([Cell::new(&key.profile), Cell::new(&key.access_key_id)]);
    }
    table.print(output)
}
