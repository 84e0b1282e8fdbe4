//! `holdfast git status`.

use super::remotes::Remote;
use crate::agent::Agent;
use crate::args::GitStatus;
use crate::outcome::Result;
use crate::print::table::{Cell, Table};
use crate::print::text::visible;
use crate::print::{Output, Tone};
use holdfast_setup::git::{self, ALLOW_SUBMODULES, Answer, Problem};
use holdfast_setup::helpers::{self, Places};
use serde::Serialize;

/// Shows which helper answers for CodeCommit.
pub(crate) fn run(args: &GitStatus, output: &mut Output) -> Result {
    let installed = helpers::installed(&Places::of_this_process()?)?;
    let status = git::GitStatus::read(&crate::agent::context()?, &installed)?;
    let document = Document {
        repositories: repositories()?,
        git_version: status.version.to_string(),
        knows_proactive_auth: status.version.knows_proactive_auth(),
        families: status.families.into_iter().map(Family::from).collect(),
        remote_helpers: status
            .remote_helpers
            .into_iter()
            .map(RemoteHelper::from)
            .collect(),
        codecommit_submodules: status.serves_submodules,
    };
    if args.json.json {
        return output.json(&document);
    }
    print(&document, output)
}

#[derive(Serialize)]
struct Document {
    git_version: String,
    knows_proactive_auth: bool,
    families: Vec<Family>,
    /// The first serves `codecommit://` URLs.
    remote_helpers: Vec<RemoteHelper>,
    codecommit_submodules: bool,
    /// Of the remotes here, while the agent runs.
    repositories: Vec<Repository>,
}

/// A repository that a remote here leads to, and the profile that is remembered for it.
#[derive(Serialize)]
struct Repository {
    remote: Option<String>,
    url: String,
    profile: Option<String>,
}

/// What is remembered for the remotes here. An agent is not started for that.
fn repositories() -> Result<Vec<Repository>> {
    let Some(mut agent) = Agent::connect()? else {
        return Ok(Vec::new());
    };
    let mut repositories = Vec::new();
    for remote in Remote::here(None)? {
        // A locked agent, or a URL without a Region, is told of by others.
        let place = remote.host_and_path(&mut agent, None);
        let remembered = place.and_then(|(host, path)| agent.remembered_profile(&host, &path));
        if let Ok(profile) = remembered {
            repositories.push(Repository {
                remote: remote.name,
                url: remote.url,
                profile,
            });
        }
    }
    Ok(repositories)
}

#[derive(Serialize)]
struct RemoteHelper {
    path: String,
    holdfast: bool,
}

impl From<git::RemoteHelper> for RemoteHelper {
    fn from(helper: git::RemoteHelper) -> Self {
        Self {
            path: helper.path.display().to_string(),
            holdfast: helper.is_ours,
        }
    }
}

/// Hosts that one URL pattern covers.
#[derive(Serialize)]
struct Family {
    pattern: String,
    answer: &'static str,
    helpers: Vec<Helper>,
    use_http_path: bool,
    proactive_auth: bool,
    problems: Vec<String>,
}

#[derive(Serialize)]
struct Helper {
    helper: String,
    origin: String,
}

impl From<git::Family> for Family {
    fn from(family: git::Family) -> Self {
        Self {
            answer: match family.answer {
                Answer::Holdfast => "holdfast",
                Answer::Shared => "holdfast-shared",
                Answer::Other => "other",
                Answer::Nobody => "nobody",
            },
            pattern: family.pattern,
            helpers: family
                .helpers
                .into_iter()
                .map(|helper| Helper {
                    helper: helper.value,
                    origin: helper.origin,
                })
                .collect(),
            use_http_path: family.use_http_path,
            proactive_auth: family.proactive_auth,
            problems: family.problems.iter().map(in_words).collect(),
        }
    }
}

fn in_words(problem: &Problem) -> String {
    match problem {
        Problem::SharedWith(others) => format!(
            "{} is configured behind Holdfast and is handed its passwords to store; run: holdfast git setup",
            others.join(", ")
        ),
        Problem::PathNotTold => {
            "useHttpPath is off, so that the repository is not known; run: holdfast git setup"
                .to_owned()
        }
        Problem::ProgramMissing(program) => {
            format!("{program} is not there; run: holdfast git setup")
        }
    }
}

fn print(document: &Document, output: &mut Output) -> Result {
    output.line(format!(
        "git {} ({} proactiveAuth)",
        document.git_version,
        if document.knows_proactive_auth {
            "knows"
        } else {
            "does not know"
        }
    ))?;
    let mut table = Table::new(["HOSTS", "ANSWERED BY", "PROACTIVE", "FROM"]);
    for family in &document.families {
        let first = family.helpers.first();
        let answered_by = match family.answer {
            "nobody" => Cell::toned("nobody", Tone::Quiet),
            "other" => Cell::toned(first.map_or("", |first| &first.helper), Tone::Ending),
            _ => Cell::toned("Holdfast", Tone::Live),
        };
        table.row([
            Cell::new(git::describe(&family.pattern)),
            answered_by,
            Cell::new(if family.proactive_auth { "yes" } else { "no" }),
            Cell::new(first.map_or("", |first| &first.origin)),
        ]);
    }
    table.print(output)?;
    let mut said: Vec<&String> = Vec::new();
    for problem in document.families.iter().flat_map(|family| &family.problems) {
        if !said.contains(&problem) {
            output.line(output.style.paint(Tone::Needed, &visible(problem)))?;
            said.push(problem);
        }
    }
    print_remote_helpers(document, output)?;
    for repository in &document.repositories {
        if let Some(profile) = &repository.profile {
            let name = repository.remote.as_deref().unwrap_or(&repository.url);
            output.line(format!(
                "{} is opened by profile {}, which is remembered",
                visible(name),
                visible(profile)
            ))?;
        }
    }
    if !document
        .families
        .iter()
        .any(|family| family.answer.starts_with("holdfast"))
    {
        output.line("To let Holdfast answer, run: holdfast git setup")?;
    }
    Ok(())
}

/// Says who serves `codecommit://` URLs, where anybody does.
fn print_remote_helpers(document: &Document, output: &mut Output) -> Result {
    let Some((first, others)) = document.remote_helpers.split_first() else {
        return Ok(());
    };
    let whose = if first.holdfast {
        "Holdfast"
    } else {
        "not Holdfast"
    };
    output.line(format!(
        "codecommit:// URLs are served by {} ({whose})",
        visible(&first.path)
    ))?;
    if let Some(ours) = others.iter().find(|other| other.holdfast) {
        let advice = format!(
            "to let Holdfast serve them, put the folder of {} first on the PATH",
            visible(&ours.path)
        );
        output.line(output.style.paint(Tone::Needed, &advice))?;
    }
    if first.holdfast && !document.codecommit_submodules {
        output.line(format!(
            "git fetches no submodules with codecommit:// URLs; to allow it, run: {}",
            ALLOW_SUBMODULES
        ))?;
    }
    Ok(())
}
