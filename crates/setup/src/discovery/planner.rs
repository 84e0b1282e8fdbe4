//! Which profile each chosen role gets, and what stands in its way.

use super::block::{Block, Chunk};
use super::choice::{Choice, ChosenRole, Obstacle, PlannedProfile, PlannedState};
use super::name::Named;
use super::portal::{PortalProfiles, RoleId};
use crate::profile::name_problem;
use holdfast_aws_files::ProfileSet;
use std::collections::{HashMap, HashSet};

/// What decides about names.
pub(super) struct Planner<'a> {
    pub(super) choice: &'a Choice,
    pub(super) block: Option<&'a Block>,
    pub(super) set: &'a ProfileSet,
    pub(super) names: &'a PortalProfiles,
    /// Names of profiles that are to go.
    pub(super) unwanted: &'a HashSet<&'a str>,
}

impl Planner<'_> {
    /// Every chosen role once, with what is to happen about it.
    pub(super) fn profiles(&self) -> Vec<PlannedProfile> {
        let removable = self.removable();
        let in_block: HashSet<&str> = self
            .block
            .iter()
            .flat_map(|block| block.profiles())
            .collect();
        let mut seen = HashSet::new();
        let mut first_of_name: HashMap<String, usize> = HashMap::new();
        let mut planned: Vec<PlannedProfile> = Vec::new();
        for role in &self.choice.roles {
            let id = RoleId::new(&role.account_id, &role.role_name);
            if !seen.insert(id) {
                continue;
            }
            let present = self.names.of_role(&id);
            let here = present.iter().find(|name| {
                in_block.contains(name.as_str()) && !removable.contains(name.as_str())
            });
            let elsewhere = present
                .iter()
                .find(|name| !in_block.contains(name.as_str()));
            let mut profile = PlannedProfile {
                name: String::new(),
                account_id: role.account_id.clone(),
                role_name: role.role_name.clone(),
                state: PlannedState::Present,
                elsewhere: elsewhere.cloned(),
            };
            if let Some(name) = here {
                profile.name.clone_from(name);
                planned.push(profile);
                continue;
            }
            profile.name = self.name_of(role);
            profile.state = match self.obstacle(&profile, &removable) {
                Some(obstacle) => PlannedState::Obstructed(obstacle),
                None => PlannedState::New,
            };
            match first_of_name.get(&profile.name).copied() {
                Some(first) => {
                    profile.mark_as_twin_of(&planned[first]);
                    planned[first].mark_as_twin_of(&profile);
                }
                None => {
                    first_of_name.insert(profile.name.clone(), planned.len());
                }
            }
            planned.push(profile);
        }
        planned
    }

    fn name_of(&self, role: &ChosenRole) -> String {
        role.profile.clone().unwrap_or_else(|| {
            self.choice.template.name(&Named {
                account_id: &role.account_id,
                account_name: &role.account_name,
                role_name: &role.role_name,
                email: &role.email,
            })
        })
    }

    /// Why a profile cannot be added, as far as the files are concerned.
    fn obstacle(&self, profile: &PlannedProfile, removable: &HashSet<&str>) -> Option<Obstacle> {
        let is_account = |id: &str| id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit());
        if !is_account(&profile.account_id) || !is_role_name(&profile.role_name) {
            return Some(Obstacle::Role);
        }
        if let Some(problem) = name_problem(&profile.name) {
            return Some(Obstacle::Name(problem));
        }
        if profile.name == "default" {
            let problem = "the profile default is the one that programs take unasked";
            return Some(Obstacle::Name(problem.to_owned()));
        }
        let there = self.set.profile(&profile.name)?;
        let leaves = removable.contains(profile.name.as_str());
        (!leaves).then(|| Obstacle::Taken(there.header()))
    }

    /// Names of the profiles that go in this plan, so that others may take them.
    fn removable(&self) -> HashSet<&str> {
        let chunks = self.block.iter().flat_map(|block| &block.chunks);
        chunks
            .filter(|chunk| chunk.is_ours)
            .filter_map(Chunk::profile)
            .filter(|name| self.unwanted.contains(name))
            .collect()
    }
}

impl PlannedProfile {
    /// Another role gets the same name. What obstructs it anyway is said first.
    fn mark_as_twin_of(&mut self, other: &Self) {
        if self.state == PlannedState::New {
            self.state = PlannedState::Obstructed(Obstacle::ChosenTwice {
                account_id: other.account_id.clone(),
                role_name: other.role_name.clone(),
            });
        }
    }
}

/// The form of a permission set's name
/// (<https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreatePermissionSet.html>), which is that of a role.
fn is_role_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte))
}
