//! `holdfast repos`: the CodeCommit repositories that profiles can list.

mod ask;
mod search;

pub(crate) use ask::Answer;

use crate::agent::Agent;
use crate::args::Repos;
use crate::command::login::signed_in;
use crate::outcome::Result;
use crate::print::table::{Cell, Table};
use crate::print::text::{list, visible};
use crate::print::{Output, json, report, shell, time};
use ask::Place;
use holdfast_agent_proto::view::RepositoryView;
use holdfast_agent_proto::{ErrorCode, Interaction};
use search::Words;

/// The profile that AWS's own programs use when none is named.
const DEFAULT: &str = "default";

/// Profiles named in a line about several.
const NAMED: usize = 6;

/// Lists the repositories.
pub(crate) fn run(args: &Repos, output: &mut Output) -> Result {
    let mut answers = match &places(args)?[..] {
        [place] if !args.all => vec![alone(place, args)?],
        places => ask::all(places),
    };
    let words = Words::new(args.search.as_deref().unwrap_or_default());
    for (listed, _) in answers.iter_mut().filter_map(|it| it.outcome.as_mut().ok()) {
        listed.retain(|repository| words.are_in(repository));
    }
    if answers.iter().all(|answer| answer.outcome.is_err()) && !answers.is_empty() {
        // Nothing came: why is what there is to tell.
        let first = answers.remove(0);
        if !args.json.json {
            answers.iter().for_each(tell_failure);
        }
        return first.outcome.map(drop);
    }
    if args.json.json {
        return output.json(&json::Repositories::new(&answers));
    }
    print(&answers, args, output)?;
    output.flush()?;
    tell_failures(&answers);
    Ok(())
}

/// Where to look: every profile in every Region that is named.
fn places(args: &Repos) -> Result<Vec<Place>> {
    let profiles = if args.all {
        let views = Agent::connect_or_start(Some(Interaction::Never))?.profiles()?;
        // Without a chain there is nothing to ask with; `holdfast profiles` says why.
        let usable = views.into_iter().filter(|it| !it.chain.is_empty());
        usable
            .map(|view| view.name)
            .filter(|it| !it.is_empty())
            .collect()
    } else if args.profiles.is_empty() {
        let named = crate::agent::context()?.profile;
        vec![named.unwrap_or_else(|| DEFAULT.to_owned())]
    } else {
        args.profiles.clone()
    };
    let regions: Vec<Option<String>> = match &args.regions[..] {
        [] => vec![None],
        named => named.iter().cloned().map(Some).collect(),
    };
    let mut places: Vec<Place> = Vec::new();
    for profile in &profiles {
        for region in &regions {
            let place = Place {
                profile: profile.clone(),
                region: region.clone(),
            };
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }
    Ok(places)
}

/// One place: a person at the terminal signs in where that is needed.
fn alone(place: &Place, args: &Repos) -> Result<Answer> {
    let listed = signed_in(&place.profile, |agent| {
        agent.repositories(&place.profile, place.region.as_deref())
    });
    let listed = listed.map_err(|failure| {
        let told = failure.agent();
        let is_unknown = told.is_some_and(|it| it.code == ErrorCode::UnknownProfile);
        match is_unknown && args.profiles.is_empty() {
            true => failure.hint("holdfast repos --all"),
            false => place.failed(failure),
        }
    })?;
    Ok(Answer {
        place: place.clone(),
        outcome: Ok(listed),
    })
}

fn print(answers: &[Answer], args: &Repos, output: &mut Output) -> Result {
    let rows = || {
        let lists = answers.iter();
        lists.flat_map(|answer| answer.repositories().iter().map(move |it| (answer, it)))
    };
    if rows().next().is_none() {
        return output.line(nothing(answers, args));
    }
    let (now, zone) = (time::now(), time::local_zone());
    let about = |repository: &RepositoryView| {
        let changed = repository.last_modified;
        let changed = changed.map(|at| time::clock(at, now, &zone));
        [
            Cell::new(&repository.name),
            Cell::new(repository.default_branch.as_deref().unwrap_or_default()),
            Cell::new(changed.unwrap_or_default()),
            Cell::new(repository.description.as_deref().unwrap_or_default()),
        ]
    };
    if let [_] = answers {
        let mut table = Table::new(["REPOSITORY", "BRANCH", "CHANGED", "DESCRIPTION"]);
        rows().for_each(|(_, repository)| table.row(about(repository)));
        return table.print(output);
    }
    let headings = [
        "PROFILE",
        "REGION",
        "REPOSITORY",
        "BRANCH",
        "CHANGED",
        "DESCRIPTION",
    ];
    let mut table = Table::new(headings);
    for (answer, repository) in rows() {
        let [name, branch, changed, description] = about(repository);
        let profile = Cell::new(&answer.place.profile);
        let region = Cell::new(&repository.region);
        table.row([profile, region, name, branch, changed, description]);
    }
    table.print(output)
}

/// That there is nothing, and where.
fn nothing(answers: &[Answer], args: &Repos) -> String {
    let place = match &args.regions[..] {
        [] if answers.len() > 1 => "their regions".to_owned(),
        [] => "its region".to_owned(),
        regions => list(regions, NAMED),
    };
    let what = match &args.search {
        Some(search) => format!("no repository with \"{}\"", visible(search)),
        None => "no repository".to_owned(),
    };
    match answers {
        [answer] => format!(
            "Profile {} sees {what} in {place}.",
            visible(&answer.place.profile)
        ),
        several => {
            let seen = several.iter().filter(|it| it.outcome.is_ok());
            format!("{} profiles see {what} in {place}.", seen.count())
        }
    }
}

/// What did not come beside what did, on standard error.
fn tell_failures(answers: &[Answer]) {
    let mut waiting: Vec<String> = Vec::new();
    for answer in answers {
        match answer.needs_person() {
            true if waiting.contains(&answer.place.profile) => {}
            true => waiting.push(answer.place.profile.clone()),
            false => tell_failure(answer),
        }
    }
    if !waiting.is_empty() {
        let command = shell::word(&waiting[0]);
        let names = list(&waiting, NAMED);
        report::note(&format!(
            "Not signed in, so not asked: {names}.\nhint: holdfast login {command}\n"
        ));
    }
}

fn tell_failure(answer: &Answer) {
    if let Err(failure) = &answer.outcome {
        report::for_people(failure);
    }
}
