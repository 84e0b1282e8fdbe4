//! The Holdfast agent.

fn main() {}
