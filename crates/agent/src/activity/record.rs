//! The form of the activity file: one JSON object a line, converted by hand from and to our own types.

use super::entry::{Entry, Repository};
use holdfast_agent_proto::ErrorCode;
use holdfast_agent_proto::view::{ActivityError, ActivityKind, CallerView};
use serde::{Deserialize, Serialize};

/// Numbers of entries stay below this, so that every reader of JSON can hold them.
const MAX_ID: u64 = 1 << 53;

/// What one line says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Record {
    /// Something happened.
    Entry(Box<Entry>),
    /// An earlier entry happened again.
    Again {
        /// Number of the entry.
        id: u64,
        /// How often it has happened by now.
        times: u32,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    Entry(Box<EntryLine>),
    Again { again: u64, times: u32 },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct EntryLine {
    id: u64,
    at: i64,
    kind: ActivityKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    profile: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    caller: Option<CallerLine>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    repository: Option<RepositoryLine>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    #[serde(default = "once", skip_serializing_if = "is_once")]
    times: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<ErrorLine>,
}

#[derive(Serialize, Deserialize)]
struct CallerLine {
    program: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    folder: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct RepositoryLine {
    name: String,
    region: String,
    host: String,
}

#[derive(Serialize, Deserialize)]
struct ErrorLine {
    code: ErrorCode,
    message: String,
}

fn once() -> u32 {
    1
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for this form"
)]
fn is_once(times: &u32) -> bool {
    *times == 1
}

impl Record {
    /// Adds the line, with its end.
    pub(super) fn write(self, lines: &mut Vec<u8>) {
        let line = match self {
            Self::Entry(entry) => Line::Entry(Box::new(EntryLine::of(*entry))),
            Self::Again { id, times } => Line::Again { again: id, times },
        };
        // Writing plain data into memory cannot fail.
        if serde_json::to_writer(&mut *lines, &line).is_ok() {
            lines.push(b'\n');
        }
    }

    /// Reads a line; `None` when it is not one of ours.
    pub(super) fn read(line: &[u8]) -> Option<Self> {
        match serde_json::from_slice(line).ok()? {
            Line::Entry(entry) if entry.id < MAX_ID => Some(Self::Entry(Box::new(entry.entry()))),
            Line::Again { again, times } => Some(Self::Again { id: again, times }),
            Line::Entry(_) => None,
        }
    }
}

impl EntryLine {
    fn of(entry: Entry) -> Self {
        let caller = |caller: CallerView| CallerLine {
            program: caller.program,
            folder: caller.folder,
            from: caller.from,
        };
        let repository = |repository: Repository| RepositoryLine {
            name: repository.name,
            region: repository.region,
            host: repository.host,
        };
        let error = |error: ActivityError| ErrorLine {
            code: error.code,
            message: error.message,
        };
        Self {
            id: entry.id,
            at: entry.at,
            kind: entry.kind,
            profile: entry.profile,
            caller: entry.caller.map(caller),
            repository: entry.repository.map(repository),
            session: entry.session,
            times: entry.times,
            error: entry.error.map(error),
        }
    }

    fn entry(self) -> Entry {
        let caller = |line: CallerLine| CallerView {
            program: line.program,
            folder: line.folder,
            from: line.from,
        };
        let repository = |line: RepositoryLine| Repository {
            name: line.name,
            region: line.region,
            host: line.host,
        };
        let error = |line: ErrorLine| ActivityError {
            code: line.code,
            message: line.message,
        };
        Entry {
            id: self.id,
            at: self.at,
            kind: self.kind,
            profile: self.profile,
            caller: self.caller.map(caller),
            repository: self.repository.map(repository),
            session: self.session,
            error: self.error.map(error),
            times: self.times,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_they_were_written() {
        let plain = Entry {
            id: 7,
            at: 1_795_168_800,
            kind: ActivityKind::Locked,
            profile: None,
            caller: None,
            repository: None,
            session: None,
            error: None,
            times: 1,
        };
        let full = Entry {
            kind: ActivityKind::Refused,
            profile: Some("line\nend \u{202e} \"quoted\"".to_owned()),
            caller: Some(CallerView {
                program: "git push".to_owned(),
                folder: Some("ProjectAlpha".to_owned()),
                from: None,
            }),
            repository: Some(Repository {
                name: "MyDemoRepo".to_owned(),
                region: "us-east-2".to_owned(),
                host: "git-codecommit.us-east-2.amazonaws.com".to_owned(),
            }),
            session: Some("jane with MFA".to_owned()),
            error: Some(ActivityError {
                code: ErrorCode::PromptTimeout,
                message: "nobody entered the code".to_owned(),
            }),
            times: 12,
            ..plain.clone()
        };
        let mut lines = Vec::new();
        let records = || {
            [
                Record::Entry(Box::new(plain.clone())),
                Record::Entry(Box::new(full.clone())),
                Record::Again { id: 8, times: 3 },
            ]
        };
        for record in records() {
            record.write(&mut lines);
        }
        let text = String::from_utf8(lines).unwrap();
        assert!(
            text.starts_with("{\"id\":7,\"at\":1795168800,\"kind\":\"locked\"}\n"),
            "{text}"
        );
        assert!(text.ends_with("\n{\"again\":8,\"times\":3}\n"), "{text}");
        let read: Vec<Option<Record>> = text
            .lines()
            .map(|line| Record::read(line.as_bytes()))
            .collect();
        assert_eq!(read, records().map(Some));
    }

    #[test]
    fn anything_else_is_not_ours() {
        for line in [
            "",
            "{}",
            "null",
            "{\"id\":1,\"at\":2,\"kind\":\"of a later version\"}",
            "{\"id\":1,\"at\":2,\"kind\":\"locked\"",
            "{\"id\":1,\"at\":2,\"kind\":\"locked\"}}",
            "{\"id\":18446744073709551615,\"at\":2,\"kind\":\"locked\"}",
            "{\"id\":-1,\"at\":2,\"kind\":\"locked\"}",
            "\u{0}\u{0}\u{0}",
        ] {
            assert_eq!(Record::read(line.as_bytes()), None, "{line}");
        }
    }
}
