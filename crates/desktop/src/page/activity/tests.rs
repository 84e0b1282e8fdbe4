//! Every kind of entry, as a person reads it.

use super::*;
use holdfast_agent_proto::ErrorCode;
use holdfast_agent_proto::view::{ActivityError, CallerView};

fn entry(kind: ActivityKind) -> ActivityView {
    ActivityView {
        id: 7,
        at: 1_795_168_800,
        kind,
        profile: Some("dev".to_owned()),
        caller: Some(CallerView {
            program: "git push".to_owned(),
            folder: Some("ProjectAlpha".to_owned()),
            from: Some("VS Code".to_owned()),
        }),
        repository: None,
        region: None,
        session: None,
        times: 1,
        error: None,
    }
}

fn with_session(kind: ActivityKind) -> ActivityView {
    ActivityView {
        session: Some("Deploy in 222233334444".to_owned()),
        ..entry(kind)
    }
}

fn with_repository(kind: ActivityKind) -> ActivityView {
    ActivityView {
        repository: Some("MyDemoRepo".to_owned()),
        region: Some("us-east-2".to_owned()),
        ..entry(kind)
    }
}

fn by_itself(entry: ActivityView) -> ActivityView {
    ActivityView {
        caller: None,
        ..entry
    }
}

#[test]
fn every_kind_reads_as_said() {
    use ActivityKind as Kind;
    let nobody_named = ActivityView {
        profile: None,
        ..entry(Kind::SignedOut)
    };
    for (entry, sign, title, words) in [
        (
            with_repository(Kind::GitCredential),
            Sign::Given,
            "git push in ProjectAlpha",
            "password for MyDemoRepo in us-east-2 · from VS Code",
        ),
        (
            entry(Kind::Credentials),
            Sign::Given,
            "git push in ProjectAlpha",
            "credentials · from VS Code",
        ),
        (
            by_itself(entry(Kind::ConsoleLink)),
            Sign::Given,
            "A program",
            "link to the AWS console",
        ),
        (
            with_repository(Kind::Refused),
            Sign::Refused,
            "git push in ProjectAlpha",
            "asked for MyDemoRepo in us-east-2 · from VS Code",
        ),
        (
            entry(Kind::Refused),
            Sign::Refused,
            "git push in ProjectAlpha",
            "asked for credentials · from VS Code",
        ),
        (
            with_repository(Kind::RepositoryCreated),
            Sign::Given,
            "git push in ProjectAlpha",
            "created repository MyDemoRepo in us-east-2 · from VS Code",
        ),
        (
            with_session(Kind::Declined),
            Sign::Refused,
            "MFA code declined",
            "Deploy in 2222-3333-4444 · asked for by git push in ProjectAlpha, from VS Code",
        ),
        (
            with_session(Kind::SignedIn),
            Sign::Opened,
            "Signed in",
            "Deploy in 2222-3333-4444 · by git push in ProjectAlpha, from VS Code",
        ),
        (
            by_itself(with_session(Kind::Renewed)),
            Sign::Opened,
            "Renewed",
            "Deploy in 2222-3333-4444 · by itself",
        ),
        (
            by_itself(with_session(Kind::RefreshFailed)),
            Sign::Failed,
            "Could not be renewed",
            "Deploy in 2222-3333-4444",
        ),
        (
            by_itself(with_session(Kind::SignedOutByAws)),
            Sign::Failed,
            "Ended by AWS",
            "Deploy in 2222-3333-4444",
        ),
        (
            by_itself(nobody_named),
            Sign::Closed,
            "Signed out",
            "all sessions",
        ),
        (
            by_itself(entry(Kind::SignedOut)),
            Sign::Closed,
            "Signed out",
            "",
        ),
        (
            entry(Kind::Locked),
            Sign::Lock,
            "Locked",
            "by git push in ProjectAlpha, from VS Code",
        ),
        (by_itself(entry(Kind::Unlocked)), Sign::Lock, "Unlocked", ""),
        (
            by_itself(entry(Kind::KeyAdded)),
            Sign::Key,
            "Access key added",
            "now in the keychain",
        ),
        (
            by_itself(entry(Kind::KeyRemoved)),
            Sign::Key,
            "Access key removed",
            "no longer in the keychain",
        ),
    ] {
        let kind = entry.kind;
        let page = ActivityPage::new(&[entry], false);
        let row = &page.rows[0];
        assert_eq!(
            (row.title.as_str(), row.words.as_str()),
            (title, words),
            "{kind:?}"
        );
        assert_eq!(row.sign, sign, "{kind:?}");
        assert_eq!(row.refused, sign == Sign::Refused, "{kind:?}");
        assert!(!row.meaning.is_empty(), "{kind:?}");
    }
}

#[test]
fn a_refusal_tells_its_reason_as_a_sentence() {
    for (message, expect) in [
        (
            "nobody entered the code in time",
            "Nobody entered the code in time.",
        ),
        ("AWS answers: no!", "AWS answers: no!"),
        ("éa", "Éa."),
        ("", "."),
    ] {
        let refused = ActivityView {
            error: Some(ActivityError {
                code: ErrorCode::PromptTimeout,
                message: message.to_owned(),
            }),
            ..entry(ActivityKind::Refused)
        };
        let page = ActivityPage::new(&[refused], false);
        assert_eq!(page.rows[0].reason.as_deref(), Some(expect));
    }
}

#[test]
fn rows_keep_order_number_and_count() {
    let newest = ActivityView {
        id: 9,
        times: 4,
        ..entry(ActivityKind::Credentials)
    };
    let page = ActivityPage::new(&[newest, entry(ActivityKind::Locked)], true);
    let rows: Vec<_> = page.rows.iter().map(|row| (row.id, row.times)).collect();
    assert_eq!(rows, [(9, 4), (7, 1)]);
    assert!(page.more);
}
