//! `holdfast git status`.

use super::families_in_use;
use crate::args::GitStatus;
use crate::git::binary::Git;
use crate::git::effective::{Answer, Effective};
use crate::git::{family, helper, remote_helper};
use crate::outcome::Result;
use crate::print::table::{Cell, Table};
use crate::print::text::visible;
use crate::print::{Output, Tone};
use serde::Serialize;
use std::path::Path;

/// Shows which helper answers for CodeCommit.
pub(crate) fn run(args: &GitStatus, output: &mut Output) -> Result {
    let git = Git::find()?;
    let entries = git.effective_entries()?;
    let in_use = family::patterns(&families_in_use()?);
    let mut families = Vec::new();
    for pattern in family::every_pattern() {
        let url = family::sample_url(&pattern);
        let effective = Effective::of(&entries, &url);
        let is_set_up = matches!(effective.answer(), Answer::Holdfast | Answer::Shared);
        if !is_set_up && !in_use.contains(&pattern) {
            continue;
        }
        let proactive_auth = match git.value_for_url("http.proactiveAuth", &url)? {
            Some(value) => value == "basic",
            None => false,
        };
        families.push(Family::new(&pattern, &effective, proactive_auth));
    }
    let document = Document {
        git_version: git.version.to_string(),
        knows_proactive_auth: git.version.knows_proactive_auth(),
        families,
        remote_helpers: remote_helper::find(&git.exec_path()?)
            .into_iter()
            .map(RemoteHelper::from)
            .collect(),
        codecommit_submodules: remote_helper::serves_submodules(&entries),
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
}

#[derive(Serialize)]
struct RemoteHelper {
    path: String,
    holdfast: bool,
}

impl From<remote_helper::RemoteHelper> for RemoteHelper {
    fn from(helper: remote_helper::RemoteHelper) -> Self {
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

impl Family {
    fn new(pattern: &str, effective: &Effective, proactive_auth: bool) -> Self {
        let answer = effective.answer();
        Self {
            pattern: pattern.to_owned(),
            answer: match answer {
                Answer::Holdfast => "holdfast",
                Answer::Shared => "holdfast-shared",
                Answer::Other => "other",
                Answer::Nobody => "nobody",
            },
            helpers: effective
                .helpers
                .iter()
                .map(|helper| Helper {
                    helper: helper.value.clone(),
                    origin: helper.origin.clone(),
                })
                .collect(),
            use_http_path: effective.use_http_path,
            proactive_auth,
            problems: problems(answer, effective),
        }
    }
}

fn problems(answer: Answer, effective: &Effective) -> Vec<String> {
    let mut problems = Vec::new();
    if answer == Answer::Shared {
        let others: Vec<&str> = effective
            .helpers
            .iter()
            .map(|helper| helper.value.as_str())
            .filter(|value| !helper::asks_holdfast(value))
            .collect();
        problems.push(format!(
            "{} is configured behind Holdfast and is handed its passwords to store; run: holdfast git setup",
            others.join(", ")
        ));
    }
    if matches!(answer, Answer::Holdfast | Answer::Shared) {
        if !effective.use_http_path {
            problems.push(
                "useHttpPath is off, so that the repository is not known; run: holdfast git setup"
                    .to_owned(),
            );
        }
        let missing = effective
            .helpers
            .iter()
            .filter_map(|helper| helper::program_of(&helper.value))
            .find(|program| !Path::new(program).is_file());
        if let Some(program) = missing {
            problems.push(format!("{program} is not there; run: holdfast git setup"));
        }
    }
    problems
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
            Cell::new(family::describe(&family.pattern)),
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
            remote_helper::ALLOW
        ))?;
    }
    Ok(())
}
