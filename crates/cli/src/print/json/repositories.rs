//! Repositories.

use crate::command::repos::Answer;
use crate::print::report::Error;
use crate::print::time::rfc3339;
use holdfast_agent_proto::view::RepositoryView;
use serde::Serialize;

/// `holdfast repos --json`.
#[derive(Serialize)]
pub(crate) struct Repositories<'a> {
    /// Nothing when there are several.
    profile: Option<&'a str>,
    /// That of the oldest list.
    fetched_at: Option<String>,
    repositories: Vec<Repository<'a>>,
    lists: Vec<List<'a>>,
}

#[derive(Serialize)]
struct Repository<'a> {
    name: &'a str,
    description: Option<&'a str>,
    default_branch: Option<&'a str>,
    last_modified: Option<String>,
    region: &'a str,
    account_id: &'a str,
    clone_url: String,
    profile: &'a str,
}

/// What one profile listed in one Region.
#[derive(Serialize)]
struct List<'a> {
    profile: &'a str,
    region: Option<&'a str>,
    fetched_at: Option<String>,
    error: Option<Error<'a>>,
}

impl<'a> Repositories<'a> {
    /// From what the agent said.
    pub(crate) fn new(answers: &'a [Answer]) -> Self {
        let mut profiles = answers.iter().map(|answer| answer.place.profile.as_str());
        let first = profiles.next();
        let fetched = answers.iter().filter_map(fetched_at).min();
        let repositories = answers.iter().flat_map(|answer| {
            let profile = answer.place.profile.as_str();
            let views = answer.repositories().iter();
            views.map(move |view| repository(profile, view))
        });
        Self {
            profile: first.filter(|first| profiles.all(|profile| profile == *first)),
            fetched_at: fetched.map(rfc3339),
            repositories: repositories.collect(),
            lists: answers.iter().map(list).collect(),
        }
    }
}

fn repository<'a>(profile: &'a str, view: &'a RepositoryView) -> Repository<'a> {
    Repository {
        name: &view.name,
        description: view.description.as_deref(),
        default_branch: view.default_branch.as_deref(),
        last_modified: view.last_modified.map(rfc3339),
        region: &view.region,
        account_id: &view.account_id,
        clone_url: format!("https://{}/v1/repos/{}", view.host, view.name),
        profile,
    }
}

fn list(answer: &Answer) -> List<'_> {
    let named = answer.place.region.as_deref();
    let listed = answer.repositories().first();
    List {
        profile: &answer.place.profile,
        region: named.or_else(|| Some(listed?.region.as_str())),
        fetched_at: fetched_at(answer).map(rfc3339),
        error: answer.outcome.as_ref().err().map(Error::of),
    }
}

fn fetched_at(answer: &Answer) -> Option<i64> {
    answer.outcome.as_ref().ok().map(|(_, at)| *at)
}
