//! Lists of repositories that were asked for lately, and those who wait for one.

use crate::controller::requests::Asked;
use holdfast_agent_proto::view::RepositoryView;
use holdfast_codecommit::Region;
use holdfast_core::chain::{Chain, SessionKey};
use holdfast_core::time::Timestamp;
use std::collections::HashMap;

/// Lists that are kept; a thousand repositories take about a quarter of a megabyte.
const MAX_LISTS: usize = 8;

/// Whose repositories, and where.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::controller) struct ListKey {
    identity: SessionKey,
    pub(super) region: Region,
}

impl ListKey {
    pub(super) fn of(chain: &Chain, region: Region) -> Self {
        let identity = chain.keys().pop().unwrap_or_else(|| chain.source_key());
        Self { identity, region }
    }
}

/// A list as AWS gave it.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) repositories: std::sync::Arc<[RepositoryView]>,
    pub(super) fetched_at: Timestamp,
}

/// Generic in who waits, so that it can be tested without connections.
pub(in crate::controller) struct Lists<W = Asked> {
    lists: HashMap<ListKey, List<W>>,
    uses: u64,
}

struct List<W> {
    known: Option<Known>,
    /// Empty while nobody asks AWS.
    waiting: Vec<W>,
    used: u64,
}

impl<W> Default for Lists<W> {
    fn default() -> Self {
        Self {
            lists: HashMap::new(),
            uses: 0,
        }
    }
}

impl<W> Lists<W> {
    pub(super) fn known(&mut self, key: &ListKey) -> Option<Known> {
        self.uses += 1;
        let list = self.lists.get_mut(key)?;
        list.used = self.uses;
        list.known.clone()
    }

    /// Notes who waits for a list; says whether AWS has to be asked for it.
    pub(super) fn wait(&mut self, key: &ListKey, who: W) -> bool {
        self.uses += 1;
        let list = self.lists.entry(key.clone()).or_insert_with(|| List {
            known: None,
            waiting: Vec::new(),
            used: 0,
        });
        list.used = self.uses;
        list.waiting.push(who);
        let first = list.waiting.len() == 1;
        self.make_room();
        first
    }

    /// Keeps what AWS gave, if anything, and returns who waited. After [`Lists`] were forgotten
    /// meanwhile, nobody does, and nothing is kept.
    pub(super) fn answered(&mut self, key: &ListKey, known: Option<&Known>) -> Vec<W> {
        let Some(list) = self.lists.get_mut(key) else {
            return Vec::new();
        };
        if known.is_some() {
            list.known = known.cloned();
        }
        std::mem::take(&mut list.waiting)
    }

    pub(super) fn into_waiting(self) -> impl Iterator<Item = W> {
        self.lists.into_values().flat_map(|list| list.waiting)
    }

    /// Drops the list that was not used for the longest time; those that are waited for stay.
    fn make_room(&mut self) {
        if self.lists.len() <= MAX_LISTS {
            return;
        }
        let idle = self
            .lists
            .iter()
            .filter(|(_, list)| list.waiting.is_empty());
        let oldest = idle.min_by_key(|(_, list)| list.used);
        if let Some(key) = oldest.map(|(key, _)| key.clone()) {
            self.lists.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_core::chain::{KeyIndex, resolve};

    struct Keys;

    impl KeyIndex for Keys {
        fn access_key_id(&self, _profile: &str) -> Option<&str> {
            Some("AKIAIOSFODNN7EXAMPLE")
        }
    }

    fn key(region: &str) -> ListKey {
        use holdfast_aws_files::{Document, FileKind, ProfileSet};
        let config = Document::parse("config", FileKind::Config, b"[profile p]\n".to_vec());
        let credentials = Document::parse("credentials", FileKind::Credentials, Vec::new());
        let files = ProfileSet::merge(&config, &credentials);
        let chain = resolve("p", &files, &Keys).unwrap();
        ListKey::of(&chain, Region::parse(region).unwrap())
    }

    fn known(at: i64) -> Known {
        Known {
            repositories: [RepositoryView::default()].into(),
            fetched_at: Timestamp::from_unix_seconds(at),
        }
    }

    #[test]
    fn many_who_ask_at_the_same_time_are_one_question() {
        let mut lists = Lists::default();
        let (here, there) = (key("eu-west-1"), key("eu-west-2"));
        assert!(lists.wait(&here, 1));
        assert!(!lists.wait(&here, 2));
        assert!(lists.wait(&there, 3));
        assert_eq!(lists.answered(&here, Some(&known(5))), [1, 2]);
        assert!(lists.wait(&here, 4), "asked anew");
        assert_eq!(lists.answered(&there, None), [3]);
        assert!(lists.known(&there).is_none());
    }

    #[test]
    fn a_failure_keeps_what_was_known() {
        let mut lists = Lists::default();
        let here = key("eu-west-1");
        lists.wait(&here, 1);
        lists.answered(&here, Some(&known(5)));
        lists.wait(&here, 2);
        assert_eq!(lists.answered(&here, None), [2]);
        let kept = lists
            .known(&here)
            .map(|known| known.fetched_at.unix_seconds());
        assert_eq!(kept, Some(5));
    }

    #[test]
    fn the_least_used_lists_make_room() {
        let mut lists = Lists::default();
        let first = key("eu-west-1");
        for number in 1..=MAX_LISTS + 4 {
            let key = key(&format!("eu-west-{number}"));
            lists.wait(&key, number);
            lists.answered(&key, Some(&known(0)));
            assert!(lists.known(&first).is_some(), "used all the time");
        }
        assert_eq!(lists.lists.len(), MAX_LISTS);
        assert!(lists.known(&key("eu-west-2")).is_none());
    }

    #[test]
    fn what_comes_after_the_lock_is_not_kept() {
        let mut lists = Lists::default();
        let here = key("eu-west-1");
        lists.wait(&here, 1);
        let waiting: Vec<i32> = std::mem::take(&mut lists).into_waiting().collect();
        assert_eq!(waiting, [1]);
        assert_eq!(lists.answered(&here, Some(&known(5))), [] as [i32; 0]);
        assert!(lists.known(&here).is_none());
    }
}
