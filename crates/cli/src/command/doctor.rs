//! `holdfast doctor`.

use crate::agent;
use crate::args::Doctor;
use crate::command::confirm;
use crate::outcome::{Exit, Failure, Kind, Result};
use crate::print::text::visible;
use crate::print::{Output, Tone, diff};
use holdfast_doctor::{Asking, Finding, MendError, Severity, Surroundings, examine};
use serde::Serialize;

/// Lines of a file that are shown around a change.
const CONTEXT: usize = 3;

/// Examines, and mends when asked to.
pub(crate) fn run(args: &Doctor, output: &mut Output) -> Result<Exit> {
    let findings = examined()?;
    if args.json.json {
        output.json(&Document::new(&findings))?;
        return Ok(exit(&findings));
    }
    report(&findings, args.all, output)?;
    if !args.fix {
        let mendable = findings.iter().filter(|finding| finding.mend.is_some());
        if mendable.count() > 0 {
            output.line("")?;
            output.line("To mend what can be mended safely, run: holdfast doctor --fix")?;
        }
        return Ok(exit(&findings));
    }
    if mend(findings, args.yes, output)? == 0 {
        output.line("Nothing here can be mended by itself.")?;
    }
    // What is said at the end is what is true then.
    Ok(exit(&examined()?))
}

/// What there is to see now, and nobody is asked for anything.
fn examined() -> Result<Vec<Finding>> {
    let mut agent = Asking::connect_or_start(&agent::address()?, agent::hello(None)?);
    let around = Surroundings::of_this_process(agent::context()?, agent.seen())?;
    Ok(examine(&around, &mut agent))
}

fn exit(findings: &[Finding]) -> Exit {
    let is_bad = |finding: &Finding| finding.severity == Severity::Problem;
    if findings.iter().any(is_bad) {
        Exit::Failed
    } else {
        Exit::Done
    }
}

fn report(findings: &[Finding], all: bool, output: &mut Output) -> Result {
    let mut shown = 0;
    for finding in findings {
        if finding.severity == Severity::Good && !all {
            continue;
        }
        shown += 1;
        let (tone, mark) = match finding.severity {
            Severity::Problem => (Tone::Needed, "problem"),
            Severity::Warning => (Tone::Ending, "warning"),
            Severity::Note => (Tone::Quiet, "note"),
            Severity::Good => (Tone::Live, "good"),
        };
        let mark = output.style.paint(tone, mark);
        output.line(format!("{mark}: {}", visible(&finding.what)))?;
        if !finding.breaks.is_empty() {
            output.line(format!("    {}", visible(&finding.breaks)))?;
        }
        if let Some(place) = &finding.place {
            output.line(format!("    in {}", visible(place)))?;
        }
        for advice in &finding.advice {
            let label = output.style.paint(Tone::Heading, "to do:");
            output.line(format!("    {label} {}", visible(&advice.to_string())))?;
        }
    }
    if shown == 0 {
        return output.line("Nothing is wrong.");
    }
    Ok(())
}

/// Mends, and says how many things it was.
fn mend(findings: Vec<Finding>, yes: bool, output: &mut Output) -> Result<usize> {
    let mut mended = 0;
    for mend in findings.into_iter().filter_map(|finding| finding.mend) {
        output.line("")?;
        output.line(format!("To {}:", visible(&mend.words())))?;
        diff::print(&mend.diff(CONTEXT), output)?;
        match confirm("Do this?", yes, output) {
            Ok(()) => {}
            Err(failure) if failure.is_refusal() => {
                output.line("Left as it is.")?;
                mended += 1;
                continue;
            }
            Err(failure) => return Err(failure),
        }
        mend.apply()?;
        mended += 1;
        output.line("Done.")?;
    }
    Ok(mended)
}

/// `holdfast doctor --json`.
#[derive(Serialize)]
struct Document<'a> {
    findings: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    check: &'static str,
    severity: &'static str,
    what: &'a str,
    breaks: Option<&'a str>,
    place: Option<&'a str>,
    advice: Vec<String>,
    mend: Option<String>,
}

impl<'a> Document<'a> {
    fn new(findings: &'a [Finding]) -> Self {
        let entry = |finding: &'a Finding| Entry {
            check: finding.check.as_str(),
            severity: finding.severity.as_str(),
            what: &finding.what,
            breaks: Some(finding.breaks.as_str()).filter(|breaks| !breaks.is_empty()),
            place: finding.place.as_deref(),
            advice: finding.advice.iter().map(ToString::to_string).collect(),
            mend: finding.mend.as_ref().map(|mend| mend.words()),
        };
        Self {
            findings: findings.iter().map(entry).collect(),
        }
    }
}

impl From<MendError> for Failure {
    fn from(error: MendError) -> Self {
        match error {
            MendError::Setup(error) => error.into(),
            MendError::Repository(error) => Self::new(Kind::Git, error.to_string()),
            MendError::Stored(error) => Self::new(Kind::Git, error.to_string()),
        }
    }
}
