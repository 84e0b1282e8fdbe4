//! End-to-end and architecture tests live in `tests/`.
