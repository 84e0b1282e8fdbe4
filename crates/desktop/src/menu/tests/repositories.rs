//! The menu of repositories.

use super::*;

fn submenu(example: &Example) -> Option<Vec<Entry>> {
    let entries = example.menu().entries;
    entries.into_iter().find_map(|entry| match entry {
        Entry::Submenu { label, entries } if label == "Copy clone command" => Some(entries),
        Entry::Submenu { .. } | Entry::Item(_) | Entry::Separator => None,
    })
}

fn shown(example: &Example) -> Vec<String> {
    let entries = submenu(example).expect("a menu of repositories");
    let plain = |line: String| line.replace(['\u{2068}', '\u{2069}'], "");
    lines(&Menu { entries }).into_iter().map(plain).collect()
}

fn favourite(profile: &str, name: &str) -> Favourite {
    Favourite::of(profile, "eu-west-1", name).unwrap()
}

#[test]
fn favourites_come_first_and_nothing_twice() {
    let mut example = Example::connected();
    assert_eq!(submenu(&example), None);
    example = Example::signed_in();
    assert_eq!(
        shown(&example),
        [
            "ProjectAlpha · eu-west-1 · contributor",
            "--",
            "All repositories…"
        ]
    );
    example.favourites = vec![
        favourite("dev", "web"),
        favourite("contributor", "ProjectAlpha"),
    ];
    assert_eq!(
        shown(&example),
        [
            "web · eu-west-1 · dev",
            "ProjectAlpha · eu-west-1 · contributor",
            "--",
            "All repositories…"
        ]
    );
    let Some(Entry::Item(item)) = submenu(&example).unwrap().into_iter().next() else {
        panic!("an item");
    };
    let copy = Action::CopyFavourite {
        address: "codecommit::eu-west-1://dev@web".to_owned(),
    };
    assert_eq!(item.action, copy);
}

#[test]
fn however_many_there_are_the_menu_stays_short() {
    let mut example = Example::signed_in();
    let many = (0..500).map(|number| favourite("dev", &format!("repo-{number}")));
    example.favourites = many.collect();
    let first = example.status.recent.repositories[0].clone();
    let many = (0..500).map(|number| RecentRepository {
        name: format!("recent-{number}"),
        ..first.clone()
    });
    example.status.recent.repositories = many.collect();
    assert!(shown(&example).len() <= MAX_ENTRIES);
}
