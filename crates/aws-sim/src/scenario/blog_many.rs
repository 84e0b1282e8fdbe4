//! The scenario `blog` with as many repositories as AWS lets an account have in a Region unless asked for more.

use super::{Repository, Scenario, blog};

/// How many names AWS puts on a page of a list.
const PAGE: usize = 1_000;

impl Scenario {
    /// [`Scenario::blog`] with so many repositories in account B: its own, and `service-0000`, `service-0001`, … without
    /// history.
    pub fn blog_many(repositories: usize) -> Self {
        let others = (0..repositories.saturating_sub(1)).map(|number| {
            let description = format!("What service {number} does, in a person's own words");
            Repository::new(blog::REGION, &format!("service-{number:04}")).description(&description)
        });
        Self::blog()
            .repositories(blog::ACCOUNT_B, others)
            .page_size(PAGE)
    }
}
