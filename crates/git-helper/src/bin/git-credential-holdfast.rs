//! The credential helper for git.

fn main() {}
