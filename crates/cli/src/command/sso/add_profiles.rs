//! `holdfast sso add-profiles`.

use super::chosen::Chosen;
use super::listing::{self, Wanted};
use crate::agent::{self, Agent};
use crate::args::SsoAddProfiles;
use crate::command::confirm;
use crate::outcome::{Failure, Kind, Result};
use crate::print::text::{list, visible};
use crate::print::{Output, Tone, diff};
use holdfast_agent_proto::Interaction;
use holdfast_agent_proto::view::SsoAccountView;
use holdfast_setup::discovery::{
    Choice, ChosenRole, DiscoveryPlan, PlannedProfile, PlannedState, Portal,
};

/// Names of profiles in one line.
const NAMES_IN_LINE: usize = 6;

/// Writes profiles for the chosen roles.
pub(crate) fn run(args: &SsoAddProfiles, output: &mut Output) -> Result {
    if !args.all && args.account.is_empty() && args.role.is_empty() {
        return Err(Failure::new(Kind::Usage, "no role was chosen")
            .hint("choose by --account or --role, or all of them with --all")
            .hint("holdfast sso roles"));
    }
    let mut agent = Agent::connect_or_start(Some(Interaction::Never))?;
    let portal = Chosen::by(&args.portal, &mut agent)?;
    let wanted = Wanted {
        roles: true,
        refresh: false,
    };
    let listing = listing::list(&mut agent, &portal, wanted)?;
    let roles = chosen(args, &listing.accounts);
    if roles.is_empty() {
        let message = format!("no role of {} fits", visible(&portal.start_url));
        return Err(Failure::new(Kind::Usage, message).hint("holdfast sso roles"));
    }
    let choice = Choice {
        portal: Portal {
            start_url: portal.start_url,
            region: portal.region,
        },
        roles,
        template: args.name.clone(),
        region: args.region.clone(),
        remove: Vec::new(),
    };
    let plan = DiscoveryPlan::make(&choice, &agent::context()?)?;
    report(&plan, output)?;
    if plan.is_obstructed() {
        return Err(Failure::new(
            Kind::Usage,
            "nothing was changed: some of the names cannot be given",
        )
        .hint("choose fewer roles, or another template with --name, for example {account_id}-{role_name}"));
    }
    if plan.is_empty() {
        return output.line("Every chosen role has its profile already; nothing was changed.");
    }
    diff::print(&plan.diff(), output)?;
    if args.change.dry_run {
        return output.line("Nothing was changed (--dry-run).");
    }
    confirm("Write this?", args.change.yes, output)?;
    let added = names(&plan, &PlannedState::New);
    let written = plan.apply()?;
    output.line(format!("Added: {}.", list(&added, NAMES_IN_LINE)))?;
    if let Some(backup) = written.backup {
        let backup = backup.display();
        output.line(format!("What the file held before is in {backup}."))?;
    }
    output.line("To undo it, run: holdfast sso undo")
}

/// The roles that the command line means.
fn chosen(args: &SsoAddProfiles, accounts: &[SsoAccountView]) -> Vec<ChosenRole> {
    let mut chosen = Vec::new();
    for account in accounts {
        let is_meant = |named: &String| *named == account.account_id || *named == account.name;
        if !args.account.is_empty() && !args.account.iter().any(is_meant) {
            continue;
        }
        let roles = account.roles.iter().flatten();
        let roles = roles.filter(|role| args.role.is_empty() || args.role.contains(role));
        chosen.extend(roles.map(|role| ChosenRole {
            account_id: account.account_id.clone(),
            account_name: account.name.clone(),
            email: account.email.clone().unwrap_or_default(),
            role_name: role.clone(),
            profile: None,
        }));
    }
    chosen
}

/// What the person should know besides the change itself.
fn report(plan: &DiscoveryPlan, output: &mut Output) -> Result {
    for profile in plan.profiles() {
        if let PlannedState::Obstructed(obstacle) = &profile.state {
            let line = format!(
                "{} for {} in {}: {obstacle}",
                visible(&profile.name),
                visible(&profile.role_name),
                visible(&profile.account_id),
            );
            output.line(output.style.paint(Tone::Needed, &line))?;
        } else if let Some(elsewhere) = &profile.elsewhere {
            output.line(format!(
                "{} is the same role as your profile {}.",
                visible(&profile.name),
                visible(elsewhere)
            ))?;
        }
    }
    let present = names(plan, &PlannedState::Present);
    if !present.is_empty() {
        output.line(format!("There already: {}.", list(&present, NAMES_IN_LINE)))?;
    }
    Ok(())
}

fn names(plan: &DiscoveryPlan, state: &PlannedState) -> Vec<String> {
    let has_state = |profile: &&PlannedProfile| profile.state == *state;
    let profiles = plan.profiles().iter().filter(has_state);
    profiles.map(|profile| profile.name.clone()).collect()
}
