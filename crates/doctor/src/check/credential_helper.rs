//! Which helper answers for CodeCommit.

use crate::examine::Seen;
use crate::finding::{Check, Finding};
use crate::mend::{self, Mend};
use holdfast_setup::git::{Answer, Family, Problem, SetupPlan, describe};

/// Who answers for each family of hosts, and what is wrong with that. One set-up mends all of it.
pub(crate) fn look(seen: &Seen<'_>) -> Vec<Finding> {
    let Ok(git) = &seen.git else {
        return Vec::new();
    };
    let mut findings: Vec<Finding> = git.status.families.iter().flat_map(of_family).collect();
    if let Some(first) = findings
        .iter()
        .position(|finding| !finding.breaks.is_empty())
        && let Some(plan) = set_up(seen)
    {
        let finding = findings
            .remove(first)
            .mended_by(Mend::GitSetup(Box::new(plan)));
        findings.insert(0, finding);
    }
    findings
}

fn set_up(seen: &Seen<'_>) -> Option<SetupPlan> {
    let plan = mend::git_setup(&seen.around.context, &seen.around.places).ok()?;
    plan.is_needed().then_some(plan)
}

fn of_family(family: &Family) -> Vec<Finding> {
    let hosts = describe(&family.pattern);
    let first = family.helpers.first();
    let finding = match family.answer {
        Answer::Holdfast => None,
        Answer::Nobody => Some(Check::CredentialHelper.problem(
            format!("no helper answers for {hosts}"),
            "git asks for a user name, which CodeCommit has none of",
        )),
        Answer::Other => Some(Check::CredentialHelper.problem(
            format!("the helper {} answers for {hosts}", first.map_or("", |first| first.shown())),
            "Holdfast is not asked; a password that is stored ends after 15 minutes and then brings 403",
        )),
        Answer::Shared => Some(Check::CredentialHelper.problem(
            format!("Holdfast answers for {hosts}, and other helpers are handed its passwords to store"),
            "a stored password ends after 15 minutes and then brings 403",
        )),
    };
    let place = |finding: Finding| match first {
        Some(first) => finding.at(first.origin.clone()),
        None => finding,
    };
    let mut findings: Vec<Finding> = finding
        .into_iter()
        .map(|finding| place(finding).run("holdfast git setup"))
        .collect();
    for problem in &family.problems {
        let finding = match problem {
            Problem::SharedWith(_) => continue,
            Problem::PathNotTold => Check::CredentialHelper.problem(
                format!("useHttpPath is off for {hosts}"),
                "the helper does not learn which repository it is about, and git asks for a user name",
            ),
            Problem::ProgramMissing(program) => Check::CredentialHelper.problem(
                format!("{program}, the helper for {hosts}, is not there"),
                "git asks for a user name",
            ),
        };
        findings.push(place(finding).run("holdfast git setup"));
    }
    if findings.is_empty() {
        let answers = format!("Holdfast answers for {hosts}, and nobody else hears of it");
        findings.push(place(Check::CredentialHelper.good(answers)));
    }
    findings
}
