//! `holdfast doctor`.

use crate::agent::{self, Agent};
use crate::args::Doctor;
use crate::command::confirm;
use crate::outcome::{Exit, Failure, Kind, Result};
use crate::print::text::visible;
use crate::print::{Output, Tone, diff};
use holdfast_agent_proto::{AgentError, ErrorCode, Interaction};
use holdfast_doctor::{AgentSeen, Ask, Finding, MendError, Severity, Surroundings, examine};
use holdfast_setup::helpers::Places;
use serde::Serialize;

/// Examines, and mends when asked to.
pub(crate) fn run(args: &Doctor, output: &mut Output) -> Result<Exit> {
    let mut asking = Asking(Agent::connect_or_start(Some(Interaction::Never)).ok());
    let findings = examine(&surroundings(&mut asking)?, &mut asking);
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
    let findings = examine(&surroundings(&mut asking)?, &mut asking);
    Ok(exit(&findings))
}

fn surroundings(asking: &mut Asking) -> Result<Surroundings> {
    Ok(Surroundings {
        context: agent::context()?,
        places: Places::of_this_process()?,
        agent: asking.seen(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        variable: |name| std::env::var(name).ok().filter(|value| !value.is_empty()),
    })
}

/// The agent, if there is one.
struct Asking(Option<Agent>);

impl Asking {
    fn seen(&mut self) -> AgentSeen {
        let Some(agent) = &mut self.0 else {
            return AgentSeen::Absent("it cannot be started".to_owned());
        };
        match agent
            .status()
            .and_then(|status| Ok((status, agent.profiles()?)))
        {
            Ok((status, profiles)) => AgentSeen::Running {
                status: Box::new(status),
                profiles,
            },
            Err(failure) => AgentSeen::Absent(failure.to_string()),
        }
    }
}

impl Ask for Asking {
    fn can_list(&mut self, profile: &str, region: &str) -> std::result::Result<(), AgentError> {
        let gone = || AgentError::new(ErrorCode::Unavailable, "the agent cannot be reached");
        let agent = self.0.as_mut().ok_or_else(gone)?;
        let listed = agent.repositories(profile, Some(region));
        let refused = |failure: Failure| failure.agent().cloned().unwrap_or_else(gone);
        listed.map(drop).map_err(refused)
    }
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
            output.line(format!("    {label} {}", visible(advice)))?;
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
        diff::print(&mend.diff(), output)?;
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
    advice: &'a [String],
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
            advice: &finding.advice,
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
