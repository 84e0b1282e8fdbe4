//! `holdfast git use`.

use super::CONTEXT;
use super::remotes::Remote;
use crate::agent::Agent;
use crate::args::GitUse;
use crate::command::agreed;
use crate::outcome::{Failure, Kind, Result};
use crate::print::text::visible;
use crate::print::{Output, diff};
use crate::terminal::Terminal;
use holdfast_agent_proto::{ErrorCode, Request};
use holdfast_setup::git::AliasPlan;

/// Says which profile opens this repository, shows what is remembered, or forgets it.
pub(crate) fn run(args: &GitUse, output: &mut Output) -> Result {
    let remotes = remotes(args)?;
    let mut agent = Agent::connect_or_start(None)?;
    if args.profile.is_none() && !args.forget {
        return show(&remotes, &mut agent, output);
    }
    for remote in &remotes {
        let (host, path) = remote.host_and_path(&mut agent, args.profile.as_deref())?;
        agent.tell(Request::UseProfile {
            host,
            path,
            profile: args.profile.clone(),
        })?;
        let words = visible(&remote.words());
        match &args.profile {
            Some(profile) => output.line(format!(
                "{words} is opened by profile {}.",
                visible(profile)
            ))?,
            None => output.line(format!("Nothing is remembered for {words} any more."))?,
        }
        if let Some(named) = &remote.profile {
            output.line(format!(
                "Its URL names profile {}, which counts first.",
                visible(named)
            ))?;
        }
    }
    match &args.profile {
        Some(profile) if args.url.is_none() => offer_alias(profile, args, output),
        Some(_) | None => Ok(()),
    }
}

fn remotes(args: &GitUse) -> Result<Vec<Remote>> {
    if let Some(url) = &args.url {
        let remote = Remote::of(url).ok_or_else(|| {
            Failure::new(Kind::Usage, format!("{url} does not lead to CodeCommit"))
        })?;
        return Ok(vec![remote]);
    }
    let remotes = Remote::here(args.remote.as_deref())?;
    if remotes.is_empty() {
        let what = match &args.remote {
            Some(name) => format!("no remote {name} of this repository leads to CodeCommit"),
            None => "no remote of a repository here leads to CodeCommit".to_owned(),
        };
        return Err(Failure::new(Kind::Usage, what)
            .hint("name the repository: holdfast git use PROFILE --url URL"));
    }
    Ok(remotes)
}

fn show(remotes: &[Remote], agent: &mut Agent, output: &mut Output) -> Result {
    for remote in remotes {
        output.line(line(remote, agent)?)?;
    }
    Ok(())
}

/// What is used for a remote, in a sentence.
fn line(remote: &Remote, agent: &mut Agent) -> Result<String> {
    let words = visible(&remote.words());
    if let Some(profile) = &remote.profile {
        return Ok(format!(
            "{words}: profile {}, named in its URL",
            visible(profile)
        ));
    }
    let nothing = format!("{words}: nothing is remembered");
    let (host, path) = match remote.host_and_path(agent, None) {
        Ok(place) => place,
        // A URL without a Region that nothing is remembered for.
        Err(error)
            if error
                .agent()
                .is_some_and(|it| it.code == ErrorCode::Misconfigured) =>
        {
            return Ok(nothing);
        }
        Err(error) => return Err(error),
    };
    Ok(match agent.remembered_profile(&host, &path)? {
        Some(profile) => format!("{words}: profile {}, remembered", visible(&profile)),
        None => nothing,
    })
}

/// Offers `git mfa` where somebody can answer; a script gets it with --yes.
fn offer_alias(profile: &str, args: &GitUse, output: &mut Output) -> Result {
    let plan = AliasPlan::make(profile)?;
    if !plan.is_needed() || (!args.yes && Terminal::open().is_none()) {
        return Ok(());
    }
    diff::print(&plan.diff(CONTEXT), output)?;
    let question = format!(
        "Write this to {}, so that `git mfa` signs in?",
        plan.path().display()
    );
    if agreed(&question, args.yes, output)? {
        plan.apply()?;
    }
    Ok(())
}
