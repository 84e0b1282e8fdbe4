//! `holdfast repos`: the CodeCommit repositories that a profile can list.

use crate::args::Repos;
use crate::command::login::signed_in;
use crate::outcome::Result;
use crate::print::table::{Cell, Table};
use crate::print::text::visible;
use crate::print::{Output, json, time};

/// The profile that AWS's own programs use when none is named.
const DEFAULT: &str = "default";

/// Lists the repositories.
pub(crate) fn run(args: &Repos, output: &mut Output) -> Result {
    let profile = match &args.profile {
        Some(profile) => profile.clone(),
        None => {
            let named = crate::agent::context()?.profile;
            named.unwrap_or_else(|| DEFAULT.to_owned())
        }
    };
    let (repositories, fetched_at) = signed_in(&profile, |agent| {
        agent.repositories(&profile, args.region.as_deref())
    })?;
    if args.json.json {
        return output.json(&json::Repositories::new(
            &profile,
            &repositories,
            fetched_at,
        ));
    }
    if repositories.is_empty() {
        let place = args.region.as_ref();
        let place = place.map_or_else(|| "its region".to_owned(), |region| visible(region));
        return output.line(format!(
            "Profile {} sees no repository in {place}.",
            visible(&profile)
        ));
    }
    let (now, zone) = (time::now(), time::local_zone());
    let mut table = Table::new(["REPOSITORY", "BRANCH", "CHANGED", "DESCRIPTION"]);
    for repository in &repositories {
        let changed = repository.last_modified;
        let changed = changed.map(|at| time::clock(at, now, &zone));
        table.row([
            Cell::new(&repository.name),
            Cell::new(repository.default_branch.as_deref().unwrap_or_default()),
            Cell::new(changed.unwrap_or_default()),
            Cell::new(repository.description.as_deref().unwrap_or_default()),
        ]);
    }
    table.print(output)
}
