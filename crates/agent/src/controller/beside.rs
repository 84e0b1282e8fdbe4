//! Sealed files besides that of the sessions, one for each thing that is kept, and the end of writing to all of them.

use super::Controller;
use super::tasks::Done;
use holdfast_core::port::Aws;
use holdfast_keychain::SealedStore;
use std::path::Path;

/// What is kept in a sealed file of its own.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kept {
    /// Accounts and roles of portals.
    Portals,
    /// Lists of repositories.
    Repositories,
    /// Which profile opens which repository.
    Profiles,
}

impl Kept {
    fn name(self) -> &'static str {
        match self {
            Self::Portals => "portals",
            Self::Repositories => "repositories",
            Self::Profiles => "repository-profiles",
        }
    }

    /// Its store, in the folder of the sessions' file and named after it, so that files of one key belong together.
    pub(super) fn store(self, sessions: &Path) -> SealedStore {
        let file = sessions.file_name().and_then(|name| name.to_str());
        let file = file.unwrap_or_default();
        let name = match file.strip_prefix("sessions") {
            Some(rest) => format!("{}{rest}", self.name()),
            None => format!("{}-{file}", self.name()),
        };
        SealedStore::new(sessions.with_file_name(name))
    }
}

impl<S: Aws> Controller<S> {
    /// Writes what is not in the files yet, before the agent ends. Nothing else that is under way is waited for.
    pub(super) async fn finish_stores(&mut self) {
        self.save_rest_of_listings();
        while self.is_saving() {
            match self.tasks.join_next().await {
                Some(Ok(
                    done @ (Done::Call { .. }
                    | Done::Saved(_)
                    | Done::ListingsSaved(_)
                    | Done::RememberedSaved(_)
                    | Done::RepositoriesSaved(_)),
                )) => self.finished(done),
                Some(_) => {}
                None => return,
            }
        }
    }

    fn is_saving(&self) -> bool {
        self.is_saving_sessions()
            || self.is_saving_listings()
            || self.is_saving_remembered()
            || self.is_saving_repositories()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_a_file_of_its_own() {
        for (sessions, expect) in [
            (
                "/s/sessions.sealed",
                [
                    "/s/portals.sealed",
                    "/s/repositories.sealed",
                    "/s/repository-profiles.sealed",
                ],
            ),
            (
                "/s/sessions-file.sealed",
                [
                    "/s/portals-file.sealed",
                    "/s/repositories-file.sealed",
                    "/s/repository-profiles-file.sealed",
                ],
            ),
            (
                "/s/store",
                [
                    "/s/portals-store",
                    "/s/repositories-store",
                    "/s/repository-profiles-store",
                ],
            ),
        ] {
            let all = [Kept::Portals, Kept::Repositories, Kept::Profiles];
            let stores = all.map(|kept| kept.store(Path::new(sessions)));
            let paths = stores.each_ref().map(SealedStore::path);
            assert_eq!(paths, expect.map(Path::new));
        }
    }
}
