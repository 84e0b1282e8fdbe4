//! The CodeCommit git password: a SigV4 signature of the method GIT.
