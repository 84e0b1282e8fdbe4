//! Keeping other programs away from what the agent holds in memory.
