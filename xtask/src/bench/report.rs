//! The table of what was measured, with the targets beside it.

use super::peers::Peers;
use std::fmt::Write;
use std::time::Duration;

/// One line of the table.
struct Row {
    what: String,
    measured: String,
    target: String,
    met: Option<bool>,
    details: String,
}

/// The whole table.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
}

impl Report {
    /// Something that must not be more than the target.
    pub(crate) fn at_most(
        &mut self,
        what: &str,
        measured: f64,
        target: f64,
        unit: &str,
        details: String,
    ) {
        let met = Some(measured <= target);
        self.add(
            what,
            measured,
            &format!("≤ {target} {unit}"),
            met,
            unit,
            details,
        );
    }

    /// Something that must not be less than the target.
    pub(crate) fn at_least(
        &mut self,
        what: &str,
        measured: f64,
        target: f64,
        unit: &str,
        details: String,
    ) {
        let met = Some(measured >= target);
        self.add(
            what,
            measured,
            &format!("≥ {target} {unit}"),
            met,
            unit,
            details,
        );
    }

    /// Something that has to be this number exactly.
    pub(crate) fn exactly(&mut self, what: &str, measured: usize, target: usize, details: String) {
        self.rows.push(Row {
            what: what.to_owned(),
            measured: measured.to_string(),
            target: target.to_string(),
            met: Some(measured == target),
            details,
        });
    }

    /// Something for comparison, without a target.
    pub(crate) fn note(&mut self, what: &str, measured: f64, unit: &str, details: String) {
        self.add(what, measured, "", None, unit, details);
    }

    fn add(
        &mut self,
        what: &str,
        measured: f64,
        target: &str,
        met: Option<bool>,
        unit: &str,
        details: String,
    ) {
        let row = Row {
            what: what.to_owned(),
            measured: format!("{} {unit}", number(measured)),
            target: target.to_owned(),
            met,
            details,
        };
        println!("  {}: {}{}", row.what, row.measured, missed_mark(met));
        self.rows.push(row);
    }

    /// How many targets are missed.
    pub(crate) fn missed(&self) -> usize {
        self.rows
            .iter()
            .filter(|row| row.met == Some(false))
            .count()
    }

    /// The table as Markdown.
    pub(crate) fn markdown(&self, peers: Option<&Peers>, taken: Duration) -> String {
        let mut text =
            String::from("| What | Measured | Target | Met | Details |\n|---|---|---|---|---|\n");
        for row in &self.rows {
            let met = match row.met {
                Some(true) => "yes",
                Some(false) => "**no**",
                None => "",
            };
            let Row {
                what,
                measured,
                target,
                details,
                ..
            } = row;
            // Writing into a string cannot fail.
            let _ = writeln!(
                text,
                "| {what} | {measured} | {target} | {met} | {details} |"
            );
        }
        let _ = write!(
            text,
            "\nMeasured in {:.0} s on {} processors, in one run{}.\n",
            taken.as_secs_f64(),
            std::thread::available_parallelism().map_or(0, usize::from),
            peers.map_or_else(String::new, |peers| format!(" with {}", peers.versions())),
        );
        text
    }
}

fn missed_mark(met: Option<bool>) -> &'static str {
    if met == Some(false) {
        "  (target missed)"
    } else {
        ""
    }
}

/// A number with about three digits that say something.
fn number(value: f64) -> String {
    if value >= 100.0 {
        format!("{value:.0}")
    } else if value >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

/// Seconds as milliseconds in words.
pub(crate) fn millis(seconds: f64) -> String {
    format!("{} ms", number(seconds * 1000.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_target_is_counted_and_a_note_is_not() {
        let mut report = Report::default();
        report.at_most("size", 3.0, 2.0, "kB", String::new());
        report.at_least("speed", 3.0, 2.0, "×", String::new());
        report.exactly("calls", 2, 1, String::new());
        report.note("peer", 9.0, "×", String::new());
        assert_eq!(report.missed(), 2);
    }

    #[test]
    fn numbers_keep_about_three_digits() {
        assert_eq!(number(1.234), "1.23");
        assert_eq!(number(12.34), "12.3");
        assert_eq!(number(1234.5), "1234");
    }
}
