//! From bytes to sections and properties, line by line.
//!
//! The grammar is that of the AWS SDKs' shared files
//! (<https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>), with the AWS CLI's
//! leniency where it does no harm: indented properties, quoted names.

use crate::document::{Block, FileKind, lines_of};
use crate::duplicates::report_duplicates;
use crate::header;
use crate::problem::{Problem, Problems};
use crate::property::{Key, Nested, Property, Value, is_secret_key, key};
use secrecy::SecretString;
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
    pub(crate) blocks: Vec<Arc<Block>>,
    pub(crate) problems: Vec<Problem>,
}

/// Reads a whole file.
pub(crate) fn scan(file: &Arc<Path>, kind: FileKind, bytes: &[u8]) -> Scan {
    let mut scanner = Scanner {
        kind,
        problems: Problems::new(Arc::clone(file)),
        blocks: Vec::new(),
        block: None,
        seen_header: false,
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

/// The property whose continuation lines may follow.
struct Open<'a> {
    /// Its continuation lines are indented deeper than this.
    indent: usize,
    /// Nothing when it is not understood; its continuation lines are then skipped with it.
    property: Option<OpenProperty<'a>>,
}

struct OpenProperty<'a> {
    key: Key,
    /// The value on the line with the key, without a comment.
    first: &'a str,
    /// The lines that continue it, without surrounding whitespace.
    rest: Vec<&'a str>,
    nested: Vec<Nested>,
    first_line: u32,
    last_line: u32,
}

struct Scanner<'a> {
    kind: FileKind,
    problems: Problems,
    blocks: Vec<Arc<Block>>,
    /// The section that is being read.
    block: Option<Block>,
    open: Option<Open<'a>>,
    seen_header: bool,
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
            Some(b'[') => self.start_section(None),
            _ => self.reach_line(),
        }
        self.problem("line is not UTF-8 and is ignored");
    }

    fn read_header(&mut self, content: &str) {
        let header = header::parse(content, self.kind);
        if let Some(problem) = header.problem {
            self.problems.add(self.line, problem);
        }
        let block = header.name.map(|name| Block {
            name,
            bare_default: header.bare_default,
            header_line: self.line,
            last_line: self.line,
            properties: Vec::new(),
        });
        self.start_section(block);
    }

    /// Goes on in a new section; nothing counts in one that is not understood.
    fn start_section(&mut self, block: Option<Block>) {
        self.close_property();
        self.close_block();
        self.seen_header = true;
        self.block = block;
    }

    fn read_property(&mut self, content: &'a str, indent: usize) {
        self.close_property();
        let property = match (&self.block, self.seen_header) {
            (Some(_), _) => self.parse_property(content),
            (None, true) => None,
            (None, false) => {
                self.problem("line stands before the first section and is ignored");
                None
            }
        };
        self.open = Some(Open { indent, property });
    }

    fn parse_property(&mut self, content: &'a str) -> Option<OpenProperty<'a>> {
        match key_and_value(content) {
            Ok((key, value)) => Some(OpenProperty {
                key,
                first: value,
                rest: Vec::new(),
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
        property.rest.push(content.trim_end_matches(is_blank));
        if !property.first.is_empty() {
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
        let Some(block) = &mut self.block else {
            return;
        };
        let has_control =
            |text: &str| text.contains(|char: char| char.is_control() && char != '\t');
        if has_control(open.first) || open.rest.iter().any(|line| has_control(line)) {
            self.problems.add(
                open.first_line,
                "value contains control characters and is ignored",
            );
            return;
        }
        let is_empty = open.first.is_empty() && open.rest.is_empty();
        let text = joined(open.first, &open.rest);
        let value = if is_secret_key(&open.key) && !is_empty {
            Value::Secret(SecretString::from(text))
        } else {
            Value::Plain(text)
        };
        block.properties.push(Property {
            key: open.key,
            value,
            nested: open.nested.into_boxed_slice(),
            line: open.first_line,
            last_line: open.last_line,
        });
    }

    /// Finishes the section that was being read.
    fn close_block(&mut self) {
        if let Some(mut block) = self.block.take() {
            // Stable, so that of equal keys the last one stays last.
            block.properties.sort_by(|a, b| a.key.cmp(&b.key));
            block.properties.shrink_to_fit();
            self.blocks.push(Arc::new(block));
        }
    }

    /// Notes that the section reaches to this line.
    fn reach_line(&mut self) {
        if let Some(block) = &mut self.block {
            block.last_line = self.line;
        }
    }

    fn problem(&mut self, message: &str) {
        self.problems.add(self.line, message);
    }

    fn finish(mut self) -> Scan {
        self.close_property();
        self.close_block();
        report_duplicates(&self.blocks, &mut self.problems);
        Scan {
            blocks: self.blocks,
            problems: self.problems.finish(),
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
pub(crate) fn key_and_value(content: &str) -> Result<(Key, &str), &'static str> {
    let Some((name, value)) = without_comment(content).split_once('=') else {
        return Err("expected `key = value`; the line is ignored");
    };
    let name = name.trim_end_matches(is_blank);
    if name.is_empty() {
        return Err("value without a key is ignored");
    }
    let is_key_char = |char: char| char.is_ascii_alphanumeric() || "_-/.%@:+".contains(char);
    if !name.chars().all(is_key_char) {
        return Err("key contains characters that keys cannot have; the line is ignored");
    }
    Ok((key(name), value.trim_matches(is_blank)))
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
fn joined(first: &str, rest: &[&str]) -> Box<str> {
    let length = first.len() + rest.iter().map(|line| line.len() + 1).sum::<usize>();
    let mut text = String::with_capacity(length);
    text.push_str(first);
    for line in rest {
        text.push('\n');
        text.push_str(line);
    }
    text.into_boxed_str()
}
