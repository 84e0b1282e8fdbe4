//! What the chosen roles would be called, while the person still chooses.

use super::change::choice;
use super::{Discovery, DiscoveryChoice};
use crate::agent::Agent;
use crate::page::Trouble;
use crate::words::grouped;
use holdfast_setup::discovery::{DiscoveryPlan, PlannedProfile, PlannedState};
use serde::Serialize;

/// Rows of each kind; of more, only the number is told.
const MOST_ROWS: usize = 50;

/// Names that stand for all others.
const EXAMPLES: usize = 6;

/// The names, and what is wrong with them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct DiscoveryPreview {
    /// What is wrong with the template or the region. Nothing else is known then.
    pub trouble: Option<Trouble>,
    /// How many profiles would be added.
    pub added: usize,
    /// How many would be removed.
    pub removed: usize,
    /// How many of the chosen roles have a profile already.
    pub present: usize,
    /// How many cannot be added under their names.
    pub obstructed: usize,
    /// The first of those that would be added.
    pub examples: Vec<PreviewRow>,
    /// The first of those that cannot, each with the reason.
    pub obstacles: Vec<PreviewRow>,
    /// Roles that a profile elsewhere in the files has as well, with its name.
    pub elsewhere: Vec<PreviewRow>,
}

/// A role and its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PreviewRow {
    /// Name of the profile.
    pub name: String,
    /// The role and its account.
    pub role: String,
    /// What there is to say about it.
    pub words: String,
}

/// What would come of a choice. What is wrong with it is part of that.
pub fn preview(agent: &Agent, discovery: &Discovery, chosen: &DiscoveryChoice) -> DiscoveryPreview {
    let plan = choice(agent, discovery, chosen)
        .and_then(|choice| Ok(DiscoveryPlan::make(&choice, agent.context())?));
    match plan {
        Ok(plan) => of_plan(&plan),
        Err(trouble) => DiscoveryPreview {
            trouble: Some(trouble),
            ..DiscoveryPreview::default()
        },
    }
}

fn of_plan(plan: &DiscoveryPlan) -> DiscoveryPreview {
    let mut preview = DiscoveryPreview {
        removed: plan.removed().len(),
        ..DiscoveryPreview::default()
    };
    for profile in plan.profiles() {
        match &profile.state {
            PlannedState::New => {
                preview.added += 1;
                push(&mut preview.examples, EXAMPLES, profile, String::new());
            }
            PlannedState::Present => preview.present += 1,
            PlannedState::Obstructed(obstacle) => {
                preview.obstructed += 1;
                let words = obstacle.to_string();
                push(&mut preview.obstacles, MOST_ROWS, profile, words);
            }
        }
        if let (Some(other), PlannedState::New) = (&profile.elsewhere, &profile.state) {
            push(&mut preview.elsewhere, MOST_ROWS, profile, other.clone());
        }
    }
    preview
}

fn push(rows: &mut Vec<PreviewRow>, most: usize, profile: &PlannedProfile, words: String) {
    if rows.len() < most {
        rows.push(PreviewRow {
            name: profile.name.clone(),
            role: format!("{} in {}", profile.role_name, grouped(&profile.account_id)),
            words,
        });
    }
}
