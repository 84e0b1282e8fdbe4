//! What git says about how far it is, as numbers
//! (<https://git-scm.com/docs/git-clone#Documentation/git-clone.txt---progress>).

/// Where the stages end, as parts of the whole: most of the time is spent receiving.
const RECEIVED: f64 = 0.85;
const RESOLVED: f64 = 0.95;

/// How far a clone is.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// What git does now.
    pub stage: Stage,
    /// How much of it is done, of `total`.
    pub done: u64,
    /// How much there is to do.
    pub total: u64,
    /// What git says besides, for example `1.20 MiB | 3.40 MiB/s`.
    pub rate: Option<String>,
}

/// What git does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The server looks for what is to be sent.
    Preparing,
    /// Objects are on their way.
    Receiving,
    /// Differences are turned into objects.
    Resolving,
    /// Files are written.
    CheckingOut,
}

impl Stage {
    /// The words that git's line begins with.
    const TITLES: [(&str, Self); 8] = [
        ("remote: Enumerating objects", Self::Preparing),
        ("remote: Counting objects", Self::Preparing),
        ("remote: Compressing objects", Self::Preparing),
        ("Receiving objects", Self::Receiving),
        ("Unpacking objects", Self::Receiving),
        ("Resolving deltas", Self::Resolving),
        ("Updating files", Self::CheckingOut),
        ("Checking out files", Self::CheckingOut),
    ];

    /// Git's own words for it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Preparing => "Preparing",
            Self::Receiving => "Receiving objects",
            Self::Resolving => "Resolving deltas",
            Self::CheckingOut => "Updating files",
        }
    }
}

impl Progress {
    /// Reads a line of git's, such as `Receiving objects:  45% (45/100), 1.20 MiB | 3.40 MiB/s`; nothing when it
    /// is about something else.
    pub fn read(line: &str) -> Option<Self> {
        let (title, rest) = line.split_once(": ").and_then(|(title, rest)| {
            if title == "remote" {
                let (title, rest) = rest.split_once(": ")?;
                return Some((format!("remote: {title}"), rest));
            }
            Some((title.to_owned(), rest))
        })?;
        let (_, stage) = Stage::TITLES
            .into_iter()
            .find(|(known, _)| *known == title)?;
        let Some((_, numbers)) = rest.split_once('(') else {
            // Only counted so far: `Enumerating objects: 12, done.`
            let done = rest.split([',', ' ']).next()?.parse().ok()?;
            return Some(Self {
                stage,
                done,
                total: 0,
                rate: None,
            });
        };
        let (numbers, more) = numbers.split_once(')')?;
        let (done, total) = numbers.split_once('/')?;
        let rate = more
            .trim_start_matches(", ")
            .trim_end_matches("done.")
            .trim_end_matches(", ");
        Some(Self {
            stage,
            done: done.parse().ok()?,
            total: total.parse().ok()?,
            rate: (!rate.is_empty()).then(|| rate.to_owned()),
        })
    }

    /// How much of the whole is done, from 0 to 1. It never goes back from one stage to the next.
    pub fn fraction(&self) -> f64 {
        let part = if self.total == 0 {
            0.0
        } else {
            (self.done as f64 / self.total as f64).min(1.0)
        };
        match self.stage {
            Stage::Preparing => 0.0,
            Stage::Receiving => part * RECEIVED,
            Stage::Resolving => RECEIVED + part * (RESOLVED - RECEIVED),
            Stage::CheckingOut => RESOLVED + part * (1.0 - RESOLVED),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(
        "remote: Enumerating objects: 12, done.",
        Stage::Preparing,
        12,
        0,
        None
    )]
    #[case("remote: Counting objects:  50% (6/12)", Stage::Preparing, 6, 12, None)]
    #[case(
        "remote: Compressing objects: 100% (9/9), done.",
        Stage::Preparing,
        9,
        9,
        None
    )]
    #[case("Receiving objects:   1% (1/100)", Stage::Receiving, 1, 100, None)]
    #[case(
        "Receiving objects:  45% (45/100), 1.20 MiB | 3.40 MiB/s",
        Stage::Receiving,
        45,
        100,
        Some("1.20 MiB | 3.40 MiB/s")
    )]
    #[case(
        "Receiving objects: 100% (100/100), 2.00 MiB | 3.00 MiB/s, done.",
        Stage::Receiving,
        100,
        100,
        Some("2.00 MiB | 3.00 MiB/s")
    )]
    #[case("Resolving deltas: 100% (7/7), done.", Stage::Resolving, 7, 7, None)]
    #[case("Updating files:  33% (1/3)", Stage::CheckingOut, 1, 3, None)]
    fn lines_of_git_s_are_numbers(
        #[case] line: &str,
        #[case] stage: Stage,
        #[case] done: u64,
        #[case] total: u64,
        #[case] rate: Option<&str>,
    ) {
        let expect = Progress {
            stage,
            done,
            total,
            rate: rate.map(str::to_owned),
        };
        assert_eq!(Progress::read(line), Some(expect));
    }

    #[rstest]
    #[case("Cloning into 'app'...")]
    #[case("fatal: repository 'https://example.com/' not found")]
    #[case("remote: hello: there (1/2)")]
    #[case("Receiving objects: (x/y)")]
    #[case("")]
    fn other_lines_are_not(#[case] line: &str) {
        assert_eq!(Progress::read(line), None);
    }

    #[test]
    fn the_whole_never_goes_back() {
        let lines = [
            "remote: Counting objects: 100% (9/9)",
            "Receiving objects:   1% (1/100)",
            "Receiving objects: 100% (100/100)",
            "Resolving deltas:   0% (0/7)",
            "Resolving deltas: 100% (7/7)",
            "Updating files: 100% (3/3)",
        ];
        let fractions: Vec<f64> = lines
            .iter()
            .map(|line| Progress::read(line).unwrap().fraction())
            .collect();
        assert!(fractions.is_sorted(), "{fractions:?}");
        assert_eq!((fractions[0], fractions[5]), (0.0, 1.0));
    }
}
