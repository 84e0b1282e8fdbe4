//! The change to a file, shown line by line before it is made.

use crate::outcome::Result;
use crate::print::text::visible;
use crate::print::{Output, Tone};

/// Prints a change in the unified format, coloured by what its lines begin with.
pub(crate) fn print(unified: &str, output: &mut Output) -> Result {
    for line in unified.lines() {
        let tone = match line.as_bytes() {
            [b'-', b'-', b'-', b' ', ..] | [b'+', b'+', b'+', b' ', ..] => Tone::Heading,
            [b'-', ..] => Tone::Needed,
            [b'+', ..] => Tone::Live,
            [b'@', ..] => Tone::Quiet,
            _ => Tone::Plain,
        };
        let line = line.replace('\t', "    ");
        output.line(output.style.paint(tone, &visible(&line)))?;
    }
    Ok(())
}
