//! `holdfast activity`.

use crate::environment::Environment;
use crate::fake_agent::{Answer, FakeAgent, now};
use holdfast_agent_proto::view::{ActivityError, ActivityKind, ActivityView, CallerView};
use holdfast_agent_proto::{ErrorCode, Reply, Request};
use serde_json::{Value, json};

fn entry(id: u64, kind: ActivityKind) -> ActivityView {
    ActivityView {
        id,
        at: 1_795_168_800,
        kind,
        profile: None,
        caller: None,
        repository: None,
        region: None,
        session: None,
        times: 1,
        error: None,
    }
}

fn push() -> ActivityView {
    ActivityView {
        profile: Some("dev".to_owned()),
        caller: Some(CallerView {
            program: "git push".to_owned(),
            folder: Some("ProjectAlpha".to_owned()),
            from: Some("VS Code".to_owned()),
        }),
        repository: Some("MyDemoRepo".to_owned()),
        region: Some("us-east-2".to_owned()),
        times: 3,
        ..entry(9, ActivityKind::GitCredential)
    }
}

fn refused() -> ActivityView {
    ActivityView {
        profile: Some("e\u{1b}[2Jvil".to_owned()),
        error: Some(ActivityError {
            code: ErrorCode::Declined,
            message: "the request was declined".to_owned(),
        }),
        ..entry(8, ActivityKind::Refused)
    }
}

/// An agent that has these entries and gives at most two at a time.
fn with_entries(all: Vec<ActivityView>) -> (Environment, FakeAgent) {
    let environment = Environment::new();
    let agent = FakeAgent::start(&environment, move |request| {
        let Request::Activity { before, limit } = request else {
            return Answer::Close;
        };
        let older = |entry: &&ActivityView| before.is_none_or(|before| entry.id < before);
        let left = all.iter().filter(older).count();
        let taken = left.min(2).min(*limit as usize);
        Answer::Reply(Reply::Activity {
            entries: all.iter().filter(older).take(taken).cloned().collect(),
            more: left > taken,
        })
    });
    (environment, agent)
}

#[test]
fn entries_stand_in_a_table() {
    let (environment, _agent) = with_entries(Vec::new());
    let said = environment.run(&["activity"]).stdout();
    assert_eq!(said, "Nothing has happened yet.\n");

    let locked = ActivityView {
        at: now(),
        ..entry(10, ActivityKind::Locked)
    };
    let (environment, _agent) = with_entries(vec![locked, push(), refused()]);
    let said = environment.run(&["activity"]).stdout();
    let lines: Vec<Vec<&str>> = said
        .lines()
        .map(|line| {
            line.split("  ")
                .map(str::trim)
                .filter(|cell| !cell.is_empty())
                .collect()
        })
        .collect();
    assert_eq!(
        lines[0],
        ["WHEN", "WHAT", "PROFILE", "REPOSITORY", "BY", "NOTE"]
    );
    assert_eq!(lines[1][1..], ["locked"]);
    assert_eq!(
        lines[2][1..],
        [
            "git password ×3",
            "dev",
            "MyDemoRepo",
            "git push in ProjectAlpha, from VS Code"
        ]
    );
    assert_eq!(
        lines[3][1..],
        ["refused", "e\\u{1b}[2Jvil", "the request was declined"]
    );
    assert_eq!(lines.len(), 4);
}

#[test]
fn the_limit_is_kept_over_several_answers() {
    let all = || (1..=9).rev().map(|id| entry(id, ActivityKind::Renewed));
    for (limit, expect, more) in [
        ("1", 1, true),
        ("5", 5, true),
        ("9", 9, false),
        ("50", 9, false),
    ] {
        let (environment, _agent) = with_entries(all().collect());
        let said = environment.run(&["activity", "--limit", limit]).stdout();
        let lines = said.lines().count() - 1 - usize::from(more);
        assert_eq!(lines, expect, "{said}");
        assert_eq!(said.ends_with("see more with --limit\n"), more, "{said}");
    }
    let (environment, _agent) = with_entries(Vec::new());
    assert_eq!(environment.run(&["activity", "--limit", "0"]).status, 2);
}

#[test]
fn programs_get_everything() {
    let (environment, _agent) = with_entries(vec![push(), refused()]);
    let said = environment.run(&["activity", "--json"]).stdout();
    let answer: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(answer["more"], false);
    assert_eq!(
        answer["entries"][0],
        json!({
            "id": 9,
            "at": "2026-11-20T10:00:00Z",
            "kind": "git-credential",
            "profile": "dev",
            "caller": { "program": "git push", "folder": "ProjectAlpha", "from": "VS Code" },
            "repository": "MyDemoRepo",
            "region": "us-east-2",
            "session": null,
            "times": 3,
            "error": null,
        })
    );
    assert_eq!(
        answer["entries"][1]["error"],
        json!({ "code": "declined", "message": "the request was declined" })
    );
}
