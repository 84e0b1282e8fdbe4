//! *Repositories*: where to look, and what CodeCommit lists there.

pub mod clone;
mod regions;
#[cfg(test)]
mod tests;

use crate::favourite::Favourite;
use crate::words::plain;
use holdfast_agent_proto::view::{ProfileView, RecentView, RepositoryView};
use regions::Regions;
use serde::Serialize;

/// Where repositories can be looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RepositoryPlaces {
    /// The profiles, those used lately first.
    pub profiles: Vec<RepositoryProfile>,
    /// Addresses of the favourites, in the person's order.
    pub favourites: Vec<String>,
    /// Addresses of what was used lately, the last first.
    pub recent: Vec<String>,
}

/// A profile that can be asked for repositories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RepositoryProfile {
    /// Its name.
    pub name: String,
    /// The Regions of its partition, its own first, then those used with it lately.
    pub regions: Vec<String>,
    /// How many of them are its own or were used with it lately: these are looked in unasked.
    pub known: usize,
}

/// What CodeCommit lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RepositoryList {
    /// The repositories, by name.
    pub repositories: Vec<RepositoryRow>,
    /// When AWS was asked, in seconds since 1970.
    pub fetched_at: i64,
}

/// A repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RepositoryRow {
    /// Its name.
    pub name: String,
    /// What its owner says about it; empty when nothing.
    pub description: String,
    /// The branch that is checked out after a clone; an empty repository has none.
    pub default_branch: Option<String>,
    /// When it was last changed, in seconds since 1970.
    pub last_modified: Option<i64>,
    /// Host name for git.
    pub host: String,
    /// Name of the profile that lists it.
    pub profile: String,
    /// Its Region.
    pub region: String,
    /// The account it belongs to; empty when that is not known.
    pub account: String,
    /// What tells it from all others: `codecommit::REGION://PROFILE@REPOSITORY`.
    pub address: String,
}

impl RepositoryPlaces {
    /// From what the agent told.
    pub fn new(profiles: &[ProfileView], recent: &RecentView, favourites: &[String]) -> Self {
        let usable = profiles
            .iter()
            .filter(|profile| !profile.name.is_empty() && !profile.chain.is_empty());
        let mut found: Vec<&ProfileView> = usable.collect();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        let used = |name: &str| recent.profiles.iter().position(|used| used.profile == name);
        found.sort_by_key(|profile| used(&profile.name).unwrap_or(usize::MAX));
        let place = |profile: &&ProfileView| {
            let Regions { names, known } = Regions::of(profile, recent);
            RepositoryProfile {
                name: profile.name.clone(),
                regions: names,
                known,
            }
        };
        let used = recent.repositories.iter();
        let used = used.filter_map(|it| Favourite::of(&it.profile, &it.region, &it.name));
        let favourites = Favourite::all(favourites);
        Self {
            profiles: found.iter().map(place).collect(),
            favourites: favourites.iter().map(Favourite::to_string).collect(),
            recent: used.map(|it| it.to_string()).collect(),
        }
    }
}

impl RepositoryRow {
    /// A repository that a profile lists.
    pub fn new(profile: &str, view: RepositoryView) -> Self {
        let address = Favourite::of(profile, &view.region, &view.name);
        Self {
            // A name that CodeCommit cannot have is shown, and nothing can be done with it.
            name: match address {
                Some(_) => view.name,
                None => plain(&view.name),
            },
            address: address.map(|it| it.to_string()).unwrap_or_default(),
            description: plain(&view.description.unwrap_or_default()),
            default_branch: view.default_branch.as_deref().map(plain),
            last_modified: view.last_modified,
            host: view.host,
            profile: profile.to_owned(),
            region: view.region,
            account: view.account_id,
        }
    }
}

impl RepositoryList {
    /// From what the agent told.
    pub fn new(profile: &str, repositories: Vec<RepositoryView>, fetched_at: i64) -> Self {
        let rows = repositories.into_iter();
        Self {
            repositories: rows.map(|view| RepositoryRow::new(profile, view)).collect(),
            fetched_at,
        }
    }
}
