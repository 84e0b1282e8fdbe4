//! Sections and keys that stand in a file more than once: the SDKs merge them, the AWS CLI refuses
//! the whole file.

use crate::document::Block;
use crate::problem::Problems;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// Reports every second one, and a `[default]` that does not count.
pub(crate) fn report_duplicates(blocks: &[Arc<Block>], problems: &mut Problems) {
    report_replaced_default(blocks, problems);
    let mut sections = HashMap::with_capacity(blocks.len());
    for block in blocks {
        match sections.entry((&block.name, block.bare_default)) {
            Entry::Vacant(entry) => {
                entry.insert(block.header_line);
            }
            Entry::Occupied(first) => problems.add(
                block.header_line,
                format!(
                    "section stands a second time (first on line {}); \
                     they are merged here, but the AWS CLI refuses the whole file",
                    first.get()
                ),
            ),
        }
        report_keys(block, problems);
    }
}

fn report_replaced_default(blocks: &[Arc<Block>], problems: &mut Problems) {
    let is_prefixed = |block: &&Arc<Block>| block.is_default() && !block.bare_default;
    let Some(prefixed) = blocks.iter().find(is_prefixed) else {
        return;
    };
    for bare in blocks.iter().filter(|block| block.bare_default) {
        problems.add(
            bare.header_line,
            format!(
                "[default] is ignored because of [profile default] on line {}",
                prefixed.header_line
            ),
        );
    }
}

fn report_keys(block: &Block, problems: &mut Problems) {
    for same in block.properties.chunk_by(|a, b| a.key == b.key) {
        let Some((first, others)) = same.split_first() else {
            continue;
        };
        for other in others {
            problems.add(
                other.line,
                format!(
                    "key stands a second time in its section (first on line {}); \
                     the last one counts here, but the AWS CLI refuses the whole file",
                    first.line
                ),
            );
        }
    }
}
