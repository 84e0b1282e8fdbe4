//! Profiles for the chosen roles, written as they were shown, and taken out again.

use super::{Discovery, DiscoveryChoice};
use crate::agent::Agent;
use crate::page::Trouble;
use crate::page::change::{Change, Made, check_agreed, kept_in, tilde};
use holdfast_setup::discovery::{
    Choice, ChosenRole, DiscoveryPlan, NameTemplate, PlannedState, TemplateError, UndoPlan,
};
use std::collections::HashSet;

/// What adding the chosen profiles would change.
///
/// # Errors
/// When the choice does not do or a file cannot be read.
pub fn plan_discovery(
    agent: &Agent,
    discovery: &Discovery,
    chosen: &DiscoveryChoice,
) -> Result<Change, Trouble> {
    let plan = plan(agent, discovery, chosen)?;
    let mut notes = Vec::new();
    if plan.session_is_new() && !plan.is_empty() {
        notes.push(format!(
            "The profiles share the section sso-session {}.",
            plan.session()
        ));
    }
    notes.extend(kept(plan.kept()));
    notes.push("A backup of the file is kept beside it.".to_owned());
    Ok(Change {
        fingerprint: plan.fingerprint(),
        diffs: diffs(plan.is_empty(), plan.diff()),
        notes,
        ..Change::default()
    })
}

/// Adds the chosen profiles, when that is still the change that was shown.
///
/// # Errors
/// When the file changed meanwhile, cannot be written, or a name is taken.
pub fn make_discovery(
    agent: &Agent,
    discovery: &Discovery,
    chosen: &DiscoveryChoice,
    fingerprint: &str,
) -> Result<Made, Trouble> {
    let plan = plan(agent, discovery, chosen)?;
    let file = tilde(&agent.context().config_file);
    check_agreed(fingerprint, &plan.fingerprint(), &file)?;
    let new = plan.profiles().iter();
    let added = new.filter(|it| it.state == PlannedState::New).count();
    let removed = plan.removed().len();
    let written = plan.apply()?;
    let message = match (added, removed) {
        (added, 0) => format!("{} in {file}.", counted(added, "added")),
        (0, removed) => format!("{} from {file}.", counted(removed, "removed")),
        (added, removed) => format!("{}, {removed} removed, in {file}.", counted(added, "added")),
    };
    Ok(Made::new(
        message,
        kept_in(written.backup.as_deref(), false),
    ))
}

/// What taking all profiles out would change that Holdfast wrote.
///
/// # Errors
/// When a file cannot be read.
pub fn plan_removal_of_discovered(agent: &Agent) -> Result<Change, Trouble> {
    let plan = UndoPlan::make(agent.context())?;
    let mut notes: Vec<String> = kept(plan.kept()).into_iter().collect();
    notes.push("A backup of the file is kept beside it.".to_owned());
    Ok(Change {
        fingerprint: plan.fingerprint(),
        diffs: diffs(plan.is_empty(), plan.diff()),
        notes,
        ..Change::default()
    })
}

/// Takes them out, when that is still the change that was shown.
///
/// # Errors
/// When the file changed meanwhile or cannot be written.
pub fn make_removal_of_discovered(agent: &Agent, fingerprint: &str) -> Result<Made, Trouble> {
    let plan = UndoPlan::make(agent.context())?;
    let file = tilde(&agent.context().config_file);
    check_agreed(fingerprint, &plan.fingerprint(), &file)?;
    let message = format!("{} from {file}.", counted(plan.profiles().len(), "removed"));
    let written = plan.apply()?;
    Ok(Made::new(
        message,
        kept_in(written.backup.as_deref(), false),
    ))
}

/// The choice with what is known of its accounts. What has a profile and was not chosen loses it.
pub(super) fn choice(
    agent: &Agent,
    discovery: &Discovery,
    chosen: &DiscoveryChoice,
) -> Result<Choice, Trouble> {
    let template: NameTemplate = chosen
        .template
        .trim()
        .parse()
        .map_err(|error: TemplateError| sentence(&error.to_string()))?;
    let roles: Vec<ChosenRole> = discovery.with(|known| {
        let accounts = chosen.roles.iter();
        accounts
            .flat_map(|(id, roles)| {
                let account = known.account(id);
                roles.iter().map(move |role| ChosenRole {
                    account_id: id.clone(),
                    account_name: account.map(|it| it.name.clone()).unwrap_or_default(),
                    email: account.and_then(|it| it.email.clone()).unwrap_or_default(),
                    role_name: role.clone(),
                    profile: None,
                })
            })
            .collect()
    });
    let accounts = chosen.roles.iter();
    let wanted: HashSet<(&str, &str)> = accounts
        .flat_map(|(id, roles)| roles.iter().map(|role| (id.as_str(), role.as_str())))
        .collect();
    let remove = discovery
        .written(agent)?
        .into_iter()
        .filter(|it| !wanted.contains(&(it.account_id.as_str(), it.role_name.as_str())))
        .map(|it| it.profile);
    Ok(Choice {
        portal: (&chosen.portal).into(),
        roles,
        template,
        region: Some(chosen.region.trim().to_owned()).filter(|region| !region.is_empty()),
        remove: remove.collect(),
    })
}

fn plan(
    agent: &Agent,
    discovery: &Discovery,
    chosen: &DiscoveryChoice,
) -> Result<DiscoveryPlan, Trouble> {
    let choice = choice(agent, discovery, chosen)?;
    Ok(DiscoveryPlan::make(&choice, agent.context())?)
}

fn diffs(is_empty: bool, diff: String) -> Vec<String> {
    match is_empty {
        true => Vec::new(),
        false => vec![diff],
    }
}

fn kept(sections: &[String]) -> Option<String> {
    let named = sections.join(", ");
    (!sections.is_empty()).then(|| format!("Edited by hand or still needed, so it stays: {named}."))
}

fn counted(profiles: usize, done: &str) -> String {
    match profiles {
        1 => format!("1 profile {done}"),
        _ => format!("{profiles} profiles {done}"),
    }
}

fn sentence(words: &str) -> Trouble {
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => Trouble::new(format!("{}{}.", first.to_uppercase(), letters.as_str())),
        None => Trouble::new(words),
    }
}
