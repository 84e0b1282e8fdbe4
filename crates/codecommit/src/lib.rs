//! CodeCommit host grammar, repository addresses and clone commands: pure.
