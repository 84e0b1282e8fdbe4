//! The page made from findings, and changes asked for by number.

use super::*;
use crate::page::shell::Badge;
use crate::page::{PageName, Trouble};
use holdfast_agent_proto::CallerContext;
use holdfast_doctor::{Advice, Check, Finding, Mend, Severity};
use std::path::Path;
use std::process::Command;

const URL: &str = "https://jo:pass@git-codecommit.eu-west-1.amazonaws.com/v1/repos/app";
const CLEAN: &str = "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/app";
const KEY: &str = "remote.origin.url";

fn finding(check: Check, severity: Severity, what: &str, breaks: &str) -> Finding {
    Finding {
        check,
        severity,
        what: what.to_owned(),
        breaks: breaks.to_owned(),
        place: None,
        advice: Vec::new(),
        mend: None,
    }
}

fn helper(hosts: &str) -> Finding {
    Finding {
        advice: vec![Advice {
            words: String::new(),
            command: Some("holdfast git setup".to_owned()),
        }],
        ..finding(
            Check::CredentialHelper,
            Severity::Problem,
            &format!("no helper answers for {hosts}"),
            "git asks for a user name",
        )
    }
}

fn of_url(repository: &Path) -> Finding {
    Finding {
        mend: Some(Mend::RemoteUrl {
            repository: repository.to_owned(),
            key: KEY.to_owned(),
            from: URL.to_owned(),
            to: CLEAN.to_owned(),
        }),
        ..finding(
            Check::RemoteUrl,
            Severity::Problem,
            "remote.origin.url names the user jo",
            "403",
        )
    }
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut git = Command::new("git");
    let output = git.arg("-C").arg(folder).args(arguments).output();
    let output = output.expect("git can be run");
    assert!(output.status.success(), "git {arguments:?}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn places(folder: &Path) -> Places {
    Places {
        from: folder.to_owned(),
        bin: folder.join("bin"),
        manifest: folder.join("none.json"),
        home: folder.to_owned(),
        path: Vec::new(),
        shell: None,
    }
}

/// The number by which the page asks for its only change.
fn offered(page: &DoctorPage) -> u32 {
    let rows = page.groups.iter().flat_map(|group| &group.findings);
    let mut offers = rows.filter_map(|row| row.mend.as_ref());
    let offer = offers.next().expect("a change is offered");
    assert_eq!(offers.next(), None);
    offer.id
}

#[test]
fn findings_are_grouped_and_what_differs_by_host_alone_is_one() {
    let page = Doctor::default().found(vec![
        helper("a"),
        helper("b"),
        finding(
            Check::Agent,
            Severity::Problem,
            "Holdfast is locked",
            "no program gets credentials",
        ),
        finding(
            Check::PlaintextKeys,
            Severity::Warning,
            "the access key of dev stands there",
            "every program can read it",
        ),
        finding(Check::GitVersion, Severity::Good, "git 2.47.3", ""),
        finding(Check::Clock, Severity::Good, "the clock agrees", ""),
    ]);
    let shown: Vec<_> = page
        .groups
        .iter()
        .flat_map(|group| group.findings.iter().map(|row| (group.grade, row)))
        .map(|(grade, row)| {
            let breaks = row.breaks.as_deref().unwrap_or_default();
            let page = row.page.as_ref().map(|link| link.page);
            (grade, row.what.as_str(), row.also.len(), breaks, page)
        })
        .collect();
    assert_eq!(
        shown,
        [
            (
                Grade::Problem,
                "No helper answers for a",
                1,
                "git asks for a user name.",
                Some(PageName::GitHelper)
            ),
            (
                Grade::Problem,
                "Holdfast is locked",
                0,
                "No program gets credentials.",
                None
            ),
            (
                Grade::Warning,
                "The access key of dev stands there",
                0,
                "Every program can read it.",
                Some(PageName::AddProfile)
            ),
            (Grade::Good, "git 2.47.3", 0, "", None),
            (Grade::Good, "The clock agrees", 0, "", None),
        ]
    );
    assert_eq!(page.groups[0].findings[0].also, ["No helper answers for b"]);
    assert_eq!(page.summary.as_deref(), Some("2 problems, 1 warning"));
}

#[test]
fn names_of_a_hostile_repository_turn_nothing_around() {
    let page = Doctor::default().found(vec![Finding {
        place: Some("file:/x/\u{202e}gifnoc".to_owned()),
        advice: vec![Advice {
            words: "run \u{1b}[2J".to_owned(),
            command: Some("holdfast login \u{202e}ved".to_owned()),
        }],
        ..finding(
            Check::RemoteUrl,
            Severity::Problem,
            "remote.\u{202e}nigiro.url\nnames the user",
            "403",
        )
    }]);
    let shown = format!("{page:?}");
    assert!(
        !shown.contains(r"\u{202e}") && !shown.contains(r"\u{1b}"),
        "{shown}"
    );
    let row = &page.groups[0].findings[0];
    assert_eq!(row.what, "remote.�nigiro.url�names the user");
    assert_eq!(row.place.as_deref(), Some("/x/�gifnoc"));
}

#[test]
fn the_navigation_counts_what_wants_to_be_looked_at() {
    let doctor = Doctor::default();
    assert_eq!(doctor.badge(), None);
    doctor.found(vec![
        helper("a"),
        finding(
            Check::Network,
            Severity::Note,
            "AWS was not asked yet",
            "nothing",
        ),
    ]);
    let expect = Badge {
        page: PageName::Doctor,
        count: 1,
        words: "1 problem".to_owned(),
    };
    assert_eq!(doctor.badge(), Some(expect));
    let page = doctor.found(vec![finding(
        Check::Network,
        Severity::Good,
        "AWS answers",
        "",
    )]);
    assert_eq!((doctor.badge(), page.summary), (None, None));
}

#[test]
fn commands_are_copied_by_number_until_the_next_examination() {
    let doctor = Doctor::default();
    let page = doctor.found(vec![helper("a")]);
    let id = page.groups[0].findings[0].advice[0].id;
    assert_eq!(doctor.command(id).as_deref(), Ok("holdfast git setup"));
    doctor.found(vec![helper("a")]);
    assert!(doctor.command(id).is_err());
}

#[test]
fn a_change_is_made_as_it_was_shown_and_shows_no_password() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let (repository, places) = (folder.path(), places(folder.path()));
    git(repository, &["init", "--quiet"]);
    git(repository, &["config", KEY, URL]);
    let (doctor, context) = (Doctor::default(), CallerContext::default());
    let id = offered(&doctor.found(vec![of_url(repository)]));

    let change = doctor
        .plan(id, &context, &places)
        .expect("it can be planned");
    let shown = format!("{change:?}");
    assert!(
        shown.contains("jo:…@") && !shown.contains("pass@"),
        "{shown}"
    );
    let other = doctor.make(id, "another", &context, &places);
    assert_eq!(
        other.map_err(|trouble| trouble.code),
        Err(Some("outdated".to_owned()))
    );
    assert_eq!(git(repository, &["config", KEY]), URL);

    let made = doctor.make(id, &change.fingerprint, &context, &places);
    assert_eq!(
        made.map(|made| made.message),
        Ok(format!("{KEY} is {CLEAN} now."))
    );
    assert_eq!(git(repository, &["config", KEY]), CLEAN);
    let again: Result<_, Trouble> = doctor.plan(id, &context, &places);
    let message = again.expect_err("it is made already").message;
    assert_eq!(
        message,
        "remote.origin.url was not changed: it has another value by now."
    );
}

#[test]
fn a_change_of_an_earlier_examination_is_not_made() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let (doctor, context) = (Doctor::default(), CallerContext::default());
    let id = offered(&doctor.found(vec![of_url(folder.path())]));
    assert_ne!(offered(&doctor.found(vec![of_url(folder.path())])), id);
    let refused = doctor.plan(id, &context, &places(folder.path()));
    let message = refused.expect_err("it is over").message;
    assert_eq!(message, "This was found by an examination that is over.");
}

#[test]
fn only_repositories_are_looked_at() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let doctor = Doctor::default();
    assert!(doctor.choose(Some(folder.path())).is_err());
    git(folder.path(), &["init", "--quiet"]);
    let inner = folder.path().join("src");
    std::fs::create_dir(&inner).expect("a folder can be made");
    for within in [inner, folder.path().join(".git")] {
        doctor.choose(Some(&within)).expect("it is in a repository");
        let page = doctor.found(Vec::new());
        let shown = page.repository.expect("it is named");
        let name = within.file_name().expect("it has a name");
        assert!(!Path::new(&shown).ends_with(name), "{shown}");
    }
    doctor.choose(None).expect("none can be chosen");
    assert_eq!(doctor.found(Vec::new()).repository, None);
}
