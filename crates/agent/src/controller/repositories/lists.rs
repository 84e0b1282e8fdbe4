//! Lists of repositories that were asked for lately, and those who wait for one.

use super::stored::StoredList;
use crate::controller::requests::Asked;
use holdfast_agent_proto::view::RepositoryView;
use holdfast_codecommit::Region;
use holdfast_core::chain::Chain;
use holdfast_core::time::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;

/// Lists that are kept.
const MAX_LISTS: usize = 128;

/// Repositories that are kept of all lists; a thousand take about a quarter of a megabyte.
const MAX_REPOSITORIES: usize = 50_000;

/// Whose repositories, and where.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::controller) struct ListKey {
    /// The text of the key of the session that lists them.
    session: String,
    pub(super) region: Region,
}

impl ListKey {
    pub(super) fn of(chain: &Chain, region: Region) -> Self {
        let session = chain.keys().pop().unwrap_or_else(|| chain.source_key());
        let session = session.as_str().to_owned();
        Self { session, region }
    }

    pub(super) fn session(&self) -> &str {
        &self.session
    }
}

/// A list as AWS gave it.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) repositories: Arc<[RepositoryView]>,
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

impl<W> Default for List<W> {
    fn default() -> Self {
        Self {
            known: None,
            waiting: Vec::new(),
            used: 0,
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
        let list = self.lists.entry(key.clone()).or_default();
        list.used = self.uses;
        list.waiting.push(who);
        let first = list.waiting.len() == 1;
        self.make_room();
        first
    }

    /// Keeps what AWS gave, and returns who waited and whether it is different from what was known. After [`Lists`] were
    /// forgotten meanwhile, nobody does, and nothing is kept.
    pub(super) fn learned(&mut self, key: &ListKey, known: &Known) -> (Vec<W>, bool) {
        let Some(list) = self.lists.get_mut(key) else {
            return (Vec::new(), false);
        };
        let before = list.known.replace(known.clone());
        let changed = before.is_some_and(|it| it.repositories != known.repositories);
        let waiting = std::mem::take(&mut list.waiting);
        self.make_room();
        (waiting, changed)
    }

    /// AWS gave nothing: returns who waited. What was known stays.
    pub(super) fn failed(&mut self, key: &ListKey) -> Vec<W> {
        let list = self.lists.get_mut(key);
        list.map_or_else(Vec::new, |list| std::mem::take(&mut list.waiting))
    }

    /// Adds a new repository to what is known; says whether there was something to add it to.
    pub(super) fn add(&mut self, key: &ListKey, repository: RepositoryView) -> bool {
        let list = self.lists.get_mut(key);
        let Some(known) = list.and_then(|list| list.known.as_mut()) else {
            return false;
        };
        let mut repositories = known.repositories.to_vec();
        repositories.retain(|it| it.name != repository.name);
        let at = repositories.partition_point(|it| it.name < repository.name);
        repositories.insert(at, repository);
        known.repositories = repositories.into();
        true
    }

    /// Takes over what an agent before this one knew, unless newer is known.
    pub(super) fn restore(&mut self, session: &str, region: &str, known: Known) {
        let Ok(region) = Region::parse(region) else {
            return;
        };
        let session = session.to_owned();
        let list = self.lists.entry(ListKey { session, region }).or_default();
        list.known.get_or_insert(known);
        self.make_room();
    }

    /// Everything that is known, to be stored.
    pub(super) fn stored(&self) -> Vec<StoredList> {
        let lists = self.lists.iter();
        let stored = lists.filter_map(|(key, list)| {
            let known = list.known.as_ref()?;
            Some(StoredList::of(&key.session, key.region.as_str(), known))
        });
        stored.collect()
    }

    pub(super) fn into_waiting(self) -> impl Iterator<Item = W> {
        self.lists.into_values().flat_map(|list| list.waiting)
    }

    /// Drops the lists that were not used for the longest time; those that are waited for stay, and so does the last used.
    fn make_room(&mut self) {
        while self.lists.len() > MAX_LISTS
            || (self.lists.len() > 1 && self.size() > MAX_REPOSITORIES)
        {
            let idle = self.lists.iter().filter(|(_, it)| it.waiting.is_empty());
            let oldest = idle.min_by_key(|(_, list)| list.used);
            let Some(key) = oldest.map(|(key, _)| key.clone()) else {
                return;
            };
            self.lists.remove(&key);
        }
    }

    fn size(&self) -> usize {
        let known = self.lists.values().filter_map(|list| list.known.as_ref());
        known.map(|known| known.repositories.len()).sum()
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
        assert_eq!(lists.learned(&here, &known(5)), (vec![1, 2], false));
        assert!(lists.wait(&here, 4), "asked anew");
        assert_eq!(lists.failed(&there), [3]);
        assert!(lists.known(&there).is_none());
    }

    #[test]
    fn a_failure_keeps_what_was_known() {
        let mut lists = Lists::default();
        let here = key("eu-west-1");
        lists.wait(&here, 1);
        lists.learned(&here, &known(5));
        lists.wait(&here, 2);
        assert_eq!(lists.failed(&here), [2]);
        let kept = lists
            .known(&here)
            .map(|known| known.fetched_at.unix_seconds());
        assert_eq!(kept, Some(5));
    }

    fn named(names: &[&str]) -> Known {
        let view = |name: &&str| RepositoryView {
            name: (*name).to_owned(),
            region: "eu-west-1".to_owned(),
            ..RepositoryView::default()
        };
        Known {
            repositories: names.iter().map(view).collect(),
            fetched_at: Timestamp::from_unix_seconds(7),
        }
    }

    #[test]
    fn a_difference_is_told_and_a_new_repository_has_its_place() {
        let mut lists = Lists::<i32>::default();
        let here = key("eu-west-1");
        let created = || named(&["b"]).repositories[0].clone();
        assert!(!lists.add(&here, created()), "nothing is known yet");
        lists.wait(&here, 1);
        assert!(!lists.learned(&here, &named(&["a", "c"])).1);
        assert!(!lists.learned(&here, &named(&["a", "c"])).1, "the same");
        assert!(lists.add(&here, created()) && lists.add(&here, created()));
        let all = lists.known(&here).unwrap();
        let names: Vec<&str> = all.repositories.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert!(lists.learned(&here, &named(&["a", "c"])).1);
    }

    #[test]
    fn what_is_stored_comes_back_unless_newer_is_known() {
        let mut lists = Lists::<i32>::default();
        let here = key("eu-west-1");
        lists.wait(&here, 1);
        lists.learned(&here, &named(&["a", "b"]));
        let text = serde_json::to_string(&lists.stored()).unwrap();
        let mut restored = Lists::<i32>::default();
        for _ in 0..2 {
            let stored: Vec<StoredList> = serde_json::from_str(&text).unwrap();
            for list in stored {
                let (session, region, known) = list.restore();
                restored.restore(&session, &region, known);
            }
            let known = restored.known(&here).unwrap();
            if known.repositories.len() == 2 {
                assert_eq!(known.repositories, named(&["a", "b"]).repositories);
                assert_eq!(known.fetched_at.unix_seconds(), 7);
                restored.learned(&here, &named(&["newer"]));
            } else {
                assert_eq!(known.repositories[0].name, "newer");
            }
        }
        restored.restore("s", "no region", named(&["x"]));
        assert_eq!(restored.lists.len(), 1);
    }

    #[test]
    fn very_long_lists_make_room_too() {
        let mut lists = Lists::<i32>::default();
        let long = Known {
            repositories: vec![RepositoryView::default(); MAX_REPOSITORIES / 2 + 1].into(),
            fetched_at: Timestamp::from_unix_seconds(0),
        };
        for region in ["eu-west-1", "eu-west-2"] {
            lists.wait(&key(region), 1);
            lists.learned(&key(region), &long);
        }
        assert!(lists.known(&key("eu-west-1")).is_none());
        assert!(lists.known(&key("eu-west-2")).is_some());
    }

    #[test]
    fn the_least_used_lists_make_room() {
        let mut lists = Lists::default();
        let first = key("eu-west-2");
        for number in 1..=MAX_LISTS + 4 {
            let side = ["eu-west", "us-east"][number / 90];
            let key = key(&format!("{side}-{}", number % 90 + 1));
            lists.wait(&key, number);
            lists.learned(&key, &known(0));
            assert!(lists.known(&first).is_some(), "used all the time");
        }
        assert_eq!(lists.lists.len(), MAX_LISTS);
        assert!(lists.known(&key("eu-west-3")).is_none());
    }

    #[test]
    fn what_comes_after_the_lock_is_not_kept() {
        let mut lists = Lists::default();
        let here = key("eu-west-1");
        lists.wait(&here, 1);
        let waiting: Vec<i32> = std::mem::take(&mut lists).into_waiting().collect();
        assert_eq!(waiting, [1]);
        assert_eq!(lists.learned(&here, &known(5)), (Vec::new(), false));
        assert!(lists.known(&here).is_none());
    }
}
