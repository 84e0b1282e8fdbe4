//! From bytes to sections and properties, line by line.
//!
//! The grammar is that of the AWS SDKs' shared files
//! (<https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>), with the AWS CLI's
//! leniency where it does no harm: indented properties, quoted names.

use crate::document::{Block, FileKind, lines_of};
use crate::header;
use crate::problem::{Location, Problem, Problems};
use crate::property::{Nested, Property, Value, is_secret_key};
use secrecy::SecretString;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;
use std::sync::Arc;

const UTF8_BOM: &[u8] = b"\xef\xbb\xbf";
const UTF16_BOMS: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

/// The file is in an encoding that is not understood.
pub(crate) fn is_utf16(bytes: &[u8]) -> bool {
    UTF16_BOMS.iter().any(|bom| bytes.starts_with(bom))
}

/// What a file says.
pub(crate) struct Scan {
    pub(crate) blocks: Vec<Block>,
    pub(crate) problems: Vec<Problem>,
}

/// Reads a whole file.
pub(crate) fn scan(file: &Arc<Path>, kind: FileKind, bytes: &[u8]) -> Scan {
    let mut scanner = Scanner {
        file,
        kind,
        problems: Problems::new(Arc::clone(file)),
        blocks: Vec::new(),
        place: Place::BeforeSections,
        open: None,
        line: 0,
    };
    if is_utf16(bytes) {
        scanner
            .problems
            .add(1, "file is in UTF-16 and is ignored; save it as UTF-8");
        return scanner.finish();
    }
    let text = bytes.strip_prefix(UTF8_BOM).unwrap_or(bytes);
    for line in lines_of(text) {
        scanner.line = scanner.line.saturating_add(1);
        scanner.read_line(without_line_ending(line));
    }
    scanner.finish()
}

/// The line without its line feed and the carriage return before it.
pub(crate) fn without_line_ending(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Whitespace in the sense of this grammar.
pub(crate) fn is_blank(char: char) -> bool {
    matches!(char, ' ' | '\t')
}

/// Where the scanner is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    BeforeSections,
    /// In the last of the blocks.
    Section,
    /// In a section that is not understood: nothing in it counts.
    IgnoredSection,
}

/// The property whose continuation lines may follow.
struct Open<'a> {
    /// Its continuation lines are indented deeper than this.
    indent: usize,
    /// Nothing when it is not understood; its continuation lines are then skipped with it.
    property: Option<OpenProperty<'a>>,
}

struct OpenProperty<'a> {
    key: Box<str>,
    /// The lines of the value, without comments and surrounding whitespace.
    pieces: Vec<&'a str>,
    nested: Vec<Nested>,
    first_line: u32,
    last_line: u32,
}

struct Scanner<'a> {
    file: &'a Arc<Path>,
    kind: FileKind,
    problems: Problems,
    blocks: Vec<Block>,
    place: Place,
    open: Option<Open<'a>>,
    line: u32,
}

impl<'a> Scanner<'a> {
    fn read_line(&mut self, line: &'a [u8]) {
        let Ok(line) = str::from_utf8(line) else {
            return self.read_garbage(line);
        };
        let content = line.trim_start_matches(is_blank);
        let indent = line.len() - content.len();
        if content.is_empty() || content.starts_with(['#', ';']) {
            return;
        }
        if content.starts_with('[') && (indent == 0 || looks_like_header(content)) {
            if indent > 0 {
                self.problem(
                    "section header is indented; other programs read it as part of the value above",
                );
            }
            return self.read_header(content);
        }
        self.reach_line();
        match &self.open {
            Some(open) if indent > open.indent => self.read_continuation(content),
            _ => self.read_property(content, indent),
        }
    }

    /// A line that is not UTF-8: a comment may be, anything else is not understood.
    fn read_garbage(&mut self, line: &[u8]) {
        match line.trim_ascii_start().first() {
            Some(b'#' | b';') => return,
            Some(b'[') => {
                self.close_property();
                self.place = Place::IgnoredSection;
            }
            _ => self.reach_line(),
        }
        self.problem("line is not UTF-8 and is ignored");
    }

    fn read_header(&mut self, content: &str) {
        self.close_property();
        let header = header::parse(content, self.kind);
        if let Some(problem) = header.problem {
            self.problems.add(self.line, problem);
        }
        match header.name {
            Some(name) => {
                self.place = Place::Section;
                self.blocks.push(Block {
                    name,
                    bare_default: header.bare_default,
                    header_line: self.line,
                    last_line: self.line,
                    properties: Vec::new(),
                });
            }
            None => self.place = Place::IgnoredSection,
        }
    }

    fn read_property(&mut self, content: &'a str, indent: usize) {
        self.close_property();
        let property = match self.place {
            Place::Section => self.parse_property(content),
            Place::BeforeSections => {
                self.problem("line stands before the first section and is ignored");
                None
            }
            Place::IgnoredSection => None,
        };
        self.open = Some(Open { indent, property });
    }

    fn parse_property(&mut self, content: &'a str) -> Option<OpenProperty<'a>> {
        match key_and_value(content) {
            Ok((key, value)) => Some(OpenProperty {
                key,
                pieces: vec![value],
                nested: Vec::new(),
                first_line: self.line,
                last_line: self.line,
            }),
            Err(problem) => {
                self.problem(problem);
                None
            }
        }
    }

    fn read_continuation(&mut self, content: &'a str) {
        let line = self.line;
        let Some(property) = self.open.as_mut().and_then(|open| open.property.as_mut()) else {
            return;
        };
        property.last_line = line;
        property.pieces.push(content.trim_end_matches(is_blank));
        if !property.pieces[0].is_empty() {
            return;
        }
        match key_and_value(content) {
            Ok((key, value)) if !value.contains(char::is_control) => {
                property.nested.push(Nested {
                    key,
                    value: value.into(),
                });
            }
            Ok(_) => self.problem("value contains control characters and is ignored"),
            Err(problem) => self.problem(problem),
        }
    }

    /// Finishes the property that was being read.
    fn close_property(&mut self) {
        let Some(open) = self.open.take().and_then(|open| open.property) else {
            return;
        };
        let Some(block) = self.blocks.last_mut() else {
            return;
        };
        let has_control =
            |piece: &&str| piece.contains(|char: char| char.is_control() && char != '\t');
        if open.pieces.iter().any(has_control) {
            self.problems.add(
                open.first_line,
                "value contains control characters and is ignored",
            );
            return;
        }
        let is_empty = open.pieces.iter().all(|piece| piece.is_empty());
        let value = if is_secret_key(&open.key) && !is_empty {
            Value::Secret(SecretString::from(joined(&open.pieces)))
        } else {
            Value::Plain(joined(&open.pieces))
        };
        block.properties.push(Arc::new(Property {
            key: open.key,
            value,
            nested: open.nested,
            location: Location {
                file: Arc::clone(self.file),
                line: open.first_line,
            },
            last_line: open.last_line,
        }));
    }

    /// Notes that the section reaches to this line.
    fn reach_line(&mut self) {
        if self.place == Place::Section
            && let Some(block) = self.blocks.last_mut()
        {
            block.last_line = self.line;
        }
    }

    fn problem(&mut self, message: &str) {
        self.problems.add(self.line, message);
    }

    fn finish(mut self) -> Scan {
        self.close_property();
        self.report_duplicates();
        Scan {
            blocks: self.blocks,
            problems: self.problems.finish(),
        }
    }

    fn report_replaced_default(&mut self) {
        let is_prefixed = |block: &&Block| block.is_default() && !block.bare_default;
        let Some(prefixed) = self.blocks.iter().find(is_prefixed) else {
            return;
        };
        for bare in self.blocks.iter().filter(|block| block.bare_default) {
            self.problems.add(
                bare.header_line,
                format!(
                    "[default] is ignored because of [profile default] on line {}",
                    prefixed.header_line
                ),
            );
        }
    }

    /// The SDKs merge duplicates; the AWS CLI refuses the whole file because of them.
    fn report_duplicates(&mut self) {
        self.report_replaced_default();
        let mut sections = HashMap::with_capacity(self.blocks.len());
        for block in &self.blocks {
            match sections.entry((&block.name, block.bare_default)) {
                Entry::Vacant(entry) => {
                    entry.insert(block.header_line);
                }
                Entry::Occupied(first) => self.problems.add(
                    block.header_line,
                    format!(
                        "section stands a second time (first on line {}); \
                         they are merged here, but the AWS CLI refuses the whole file",
                        first.get()
                    ),
                ),
            }
            let mut keys: Vec<_> = block
                .properties
                .iter()
                .map(|property| (&property.key, property.location.line))
                .collect();
            keys.sort_unstable();
            for pair in keys.windows(2) {
                if let [(first_key, first), (key, line)] = pair
                    && first_key == key
                {
                    self.problems.add(
                        *line,
                        format!(
                            "key stands a second time in its section (first on line {first}); \
                             the last one counts here, but the AWS CLI refuses the whole file"
                        ),
                    );
                }
            }
        }
    }
}

/// An indented line that can only be meant as a section header.
fn looks_like_header(content: &str) -> bool {
    match content.rsplit_once(']') {
        Some((_, rest)) => {
            let rest = rest.trim_start();
            rest.is_empty() || rest.starts_with(['#', ';'])
        }
        None => false,
    }
}

/// Splits `key = value`; the key comes back in lower case, the value without a comment.
pub(crate) fn key_and_value(content: &str) -> Result<(Box<str>, &str), &'static str> {
    let Some((key, value)) = without_comment(content).split_once('=') else {
        return Err("expected `key = value`; the line is ignored");
    };
    let key = key.trim_end_matches(is_blank);
    if key.is_empty() {
        return Err("value without a key is ignored");
    }
    let is_key_char = |char: char| char.is_ascii_alphanumeric() || "_-/.%@:+".contains(char);
    if !key.chars().all(is_key_char) {
        return Err("key contains characters that keys cannot have; the line is ignored");
    }
    Ok((
        key.to_ascii_lowercase().into(),
        value.trim_matches(is_blank),
    ))
}

/// The text up to a comment, which starts with `#` or `;` after whitespace.
pub(crate) fn without_comment(text: &str) -> &str {
    let bytes = text.as_bytes();
    let starts_comment =
        |pair: &[u8]| matches!(pair[0], b' ' | b'\t') && matches!(pair[1], b'#' | b';');
    match bytes.windows(2).position(starts_comment) {
        Some(at) => &text[..at],
        None => text,
    }
}

/// The lines joined by line feeds, in one allocation of the exact size.
fn joined(pieces: &[&str]) -> Box<str> {
    match pieces {
        [single] => (*single).into(),
        _ => pieces.join("\n").into_boxed_str(),
    }
}
