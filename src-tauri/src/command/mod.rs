//! What the windows may ask, one module a page. Commands are thin: they ask the agent and return a
//! page of `holdfast-desktop`.
