//! The cases.

use crate::holder::Holder;
use holdfast_keychain::State;
use holdfast_testkit::{Keyring, ScratchHome, SessionBus, clean_command, wait_until};
use secret_service::EncryptionType;
use secret_service::blocking::SecretService;
use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;
use zbus::blocking::connection::Builder;

/// The deadline of the product.
const DEADLINE: Duration = Duration::from_secs(3);

/// For keyrings that are made to stop answering.
const SHORT: Duration = Duration::from_millis(200);

pub(crate) fn all() -> Vec<(&'static str, fn())> {
    vec![
        (
            "keys_are_kept_listed_and_removed",
            keys_are_kept_listed_and_removed,
        ),
        ("items_can_be_recognised", items_can_be_recognised),
        ("namespaces_are_apart", namespaces_are_apart),
        (
            "a_locked_keyring_is_told_and_not_prompted_for",
            a_locked_keyring_is_told,
        ),
        (
            "a_person_may_be_asked_to_unlock",
            a_person_may_be_asked_to_unlock,
        ),
        (
            "without_a_keyring_it_is_absent",
            without_a_keyring_it_is_absent,
        ),
        (
            "without_a_default_keyring_nothing_is_made",
            without_a_default_keyring,
        ),
        (
            "a_bus_and_a_keyring_that_start_later_are_found",
            started_later,
        ),
        (
            "a_keyring_may_be_killed_and_restarted",
            killed_and_restarted,
        ),
        ("a_stuck_keyring_is_left_alone_until_it_answers", stuck),
        (
            "the_process_ends_beside_a_stuck_keyring",
            ends_beside_a_stuck_keyring,
        ),
        (
            "no_thread_pool_stays_awake_after_a_call",
            no_thread_pool_stays_awake,
        ),
        ("two_items_of_one_name_are_ambiguous", two_items_of_one_name),
        (
            "an_item_in_another_form_is_damaged",
            an_item_in_another_form,
        ),
    ]
}

struct Desktop {
    home: ScratchHome,
    bus: SessionBus,
    keyring: Keyring,
}

impl Desktop {
    fn start() -> Self {
        let home = ScratchHome::new();
        let bus = SessionBus::start(&home);
        let keyring = Keyring::start(&home, &bus);
        Self { home, bus, keyring }
    }

    fn holder(&self, deadline: Duration) -> Holder {
        self.holder_in(deadline, None)
    }

    fn holder_in(&self, deadline: Duration, namespace: Option<&str>) -> Holder {
        let command = |program: &Path| self.bus.command(&self.home, program);
        Holder::start(command, deadline, namespace)
    }

    fn service(&self) -> SecretService<'static> {
        let bus = Builder::address(self.bus.address())
            .unwrap()
            .build()
            .unwrap();
        SecretService::connect_with_existing(EncryptionType::Plain, bus).unwrap()
    }
}

fn signal(name: &str, pid: u32) {
    let status = clean_command("kill")
        .arg(name)
        .arg(pid.to_string())
        .status();
    assert!(status.unwrap().success());
}

fn keys_are_kept_listed_and_removed() {
    let desktop = Desktop::start();
    let mut holder = desktop.holder(DEADLINE);
    holder.expect("get\tdev", "nothing", State::Ready);
    holder.expect("set\tdev\tAKIA1\tse/cr+et=", "done", State::Ready);
    holder.expect("set\tDév 日本\tAKIA2\tother", "done", State::Ready);
    holder.expect("set\tdev\tAKIA3\tthird", "done", State::Ready);
    holder.expect("master", "done", State::Ready);
    holder.expect("list", "Dév 日本=AKIA2 dev=AKIA3", State::Ready);
    holder.expect("get\tdev", "AKIA3 third", State::Ready);

    let mut another = desktop.holder(DEADLINE);
    another.expect("get\tDév 日本", "AKIA2 other", State::Ready);
    another.expect("delete\tdev", "true", State::Ready);
    holder.expect("delete\tdev", "false", State::Ready);
    holder.expect("purge", "2", State::Ready);
    holder.expect("list", "", State::Ready);
}

fn items_can_be_recognised() {
    let desktop = Desktop::start();
    desktop
        .holder(DEADLINE)
        .expect("set\tdev\tAKIA1\tsecret", "done", State::Ready);
    let service = desktop.service();
    let found = service
        .search_items(HashMap::from([("service", "Holdfast")]))
        .unwrap();
    assert_eq!(found.unlocked.len(), 1);
    let item = &found.unlocked[0];
    assert_eq!(
        item.get_label().unwrap(),
        "Holdfast: access key of profile dev"
    );
    assert_eq!(item.get_attributes().unwrap()["username"], "access-key:dev");
}

fn namespaces_are_apart() {
    let desktop = Desktop::start();
    let mut demo = desktop.holder_in(DEADLINE, Some("demo"));
    let mut own = desktop.holder(DEADLINE);
    demo.expect("set\tdev\tAKIA1\tsecret", "done", State::Ready);
    own.expect("get\tdev", "nothing", State::Ready);
    own.expect("list", "", State::Ready);
    own.expect("purge", "0", State::Ready);
    demo.expect("list", "dev=AKIA1", State::Ready);
}

/// A prompt would be dismissed at once for want of a display, and the answer would be `denied`.
fn a_locked_keyring_is_told() {
    let desktop = Desktop::start();
    let mut holder = desktop.holder(DEADLINE);
    holder.expect("set\tdev\tAKIA1\tsecret", "done", State::Ready);
    holder.expect("master", "done", State::Ready);
    desktop.keyring.lock(&desktop.bus);
    for command in [
        "get\tdev",
        "get\tnew",
        "set\tnew\tAKIA2\ts",
        "delete\tdev",
        "list",
        "master",
    ] {
        let answer = holder.expect(command, "locked", State::Locked);
        assert!(answer.took < DEADLINE, "{command}: {answer:?}");
    }
    assert!(holder.ask("message").text.contains("holdfast unlock"));
    desktop.keyring.unlock(&desktop.bus);
    holder.expect("get\tdev", "AKIA1 secret", State::Ready);
    holder.expect("list", "dev=AKIA1", State::Ready);
}

fn a_person_may_be_asked_to_unlock() {
    let desktop = Desktop::start();
    let mut holder = desktop.holder(DEADLINE);
    holder.expect("unlock", "done", State::Ready);
    desktop.keyring.lock(&desktop.bus);
    holder.expect("unlock", "denied", State::Failing);
    holder.expect("get\tdev", "locked", State::Locked);
}

fn without_a_keyring_it_is_absent() {
    let home = ScratchHome::new();
    let no_bus = |program: &Path| home.command(program);
    let mut holder = Holder::start(no_bus, DEADLINE, None);
    for command in [
        "get\tdev",
        "set\tdev\tAKIA1\tsecret",
        "list",
        "master",
        "unlock",
    ] {
        let answer = holder.expect(command, "absent", State::Absent);
        assert!(answer.took < DEADLINE, "{command}: {answer:?}");
    }
    assert!(
        holder
            .ask("message")
            .text
            .contains("HOLDFAST_KEYCHAIN=file")
    );

    let bus = SessionBus::start(&home);
    let empty_bus = |program: &Path| bus.command(&home, program);
    let mut holder = Holder::start(empty_bus, DEADLINE, None);
    for command in [
        "get\tdev",
        "set\tdev\tAKIA1\tsecret",
        "list",
        "master",
        "unlock",
    ] {
        let answer = holder.expect(command, "absent", State::Absent);
        assert!(answer.took < DEADLINE, "{command}: {answer:?}");
    }
}

fn without_a_default_keyring() {
    let home = ScratchHome::new();
    let bus = SessionBus::start(&home);
    let _keyring = Keyring::start_empty(&home, &bus);
    let mut holder = Holder::start(|program: &Path| bus.command(&home, program), DEADLINE, None);
    holder.expect("get\tdev", "nothing", State::Ready);
    holder.expect("set\tdev\tAKIA1\tsecret", "locked", State::Locked);
    holder.expect("master", "locked", State::Locked);
    holder.expect("unlock", "denied", State::Failing);
}

fn started_later() {
    let home = ScratchHome::new();
    // The address that the bus will have, and no variable that names it.
    let mut holder = Holder::start(|program: &Path| home.command(program), DEADLINE, None);
    holder.expect("get\tdev", "absent", State::Absent);
    let bus = SessionBus::start(&home);
    holder.expect("get\tdev", "absent", State::Absent);
    let _keyring = Keyring::start(&home, &bus);
    holder.expect("get\tdev", "nothing", State::Ready);
    holder.expect("set\tdev\tAKIA1\tsecret", "done", State::Ready);
}

fn killed_and_restarted() {
    let mut desktop = Desktop::start();
    let mut holder = desktop.holder(DEADLINE);
    holder.expect("set\tdev\tAKIA1\tsecret", "done", State::Ready);
    for _ in 0..10 {
        desktop.keyring.kill();
        wait_until("the keyring is gone", || {
            holder.ask("get\tdev").text == "absent"
        });
        desktop.keyring = Keyring::start(&desktop.home, &desktop.bus);
        holder.expect("get\tdev", "AKIA1 secret", State::Ready);
    }
    desktop.keyring.kill();
    desktop.bus.kill();
    holder.expect("get\tdev", "absent", State::Absent);
    desktop.bus = SessionBus::start(&desktop.home);
    desktop.keyring = Keyring::start(&desktop.home, &desktop.bus);
    holder.expect("get\tdev", "AKIA1 secret", State::Ready);
}

fn stuck() {
    let desktop = Desktop::start();
    let mut keeper = desktop.holder(DEADLINE);
    keeper.expect("set\tdev\tAKIA1\tsecret", "done", State::Ready);
    let mut holder = desktop.holder(SHORT);
    signal("-STOP", desktop.keyring.id());
    holder.expect("get\tdev", "hung", State::Hung);
    let answer = holder.expect("get\tdev", "hung", State::Hung);
    assert!(
        answer.took < SHORT,
        "left alone, so answered at once: {answer:?}"
    );
    signal("-CONT", desktop.keyring.id());
    wait_until("the keyring is asked again", || {
        holder.ask("get\tdev").text == "AKIA1 secret"
    });
}

fn ends_beside_a_stuck_keyring() {
    let desktop = Desktop::start();
    let mut holder = desktop.holder(SHORT);
    signal("-STOP", desktop.keyring.id());
    holder.expect("get\tdev", "hung", State::Hung);
    let took = holder.end();
    signal("-CONT", desktop.keyring.id());
    assert!(took < Duration::from_secs(10), "{took:?}");
}

/// The threads of the `blocking` pool wake twice a second for as long as the process lives.
fn no_thread_pool_stays_awake() {
    let desktop = Desktop::start();
    let mut holder = desktop.holder(DEADLINE);
    holder.expect("set\tdev\tAKIA1\tsecret", "done", State::Ready);
    holder.expect("get\tdev", "AKIA1 secret", State::Ready);
    let threads = std::fs::read_dir(format!("/proc/{}/task", holder.id())).unwrap();
    let names = threads.map(|thread| {
        let name = thread.unwrap().path().join("comm");
        // A thread may end between the two looks.
        std::fs::read_to_string(name).unwrap_or_default()
    });
    let names: Vec<String> = names.collect();
    assert!(
        names.iter().any(|name| name.starts_with("keychain")),
        "{names:?}"
    );
    assert!(
        !names.iter().any(|name| name.starts_with("blocking")),
        "{names:?}"
    );
}

fn two_items_of_one_name() {
    let desktop = Desktop::start();
    let mut holder = desktop.holder(DEADLINE);
    holder.expect("set\tdev\tAKIA1\tsecret", "done", State::Ready);
    let service = desktop.service();
    let session = service.get_collection_by_alias("session").unwrap();
    let attributes = HashMap::from([("service", "Holdfast"), ("username", "access-key:dev")]);
    session
        .create_item("copy", attributes, b"other", false, "text/plain")
        .unwrap();
    holder.expect("get\tdev", "ambiguous", State::Ready);
    holder.expect("set\tdev\tAKIA2\tother", "ambiguous", State::Ready);
    holder.expect("list", "", State::Ready);
}

fn an_item_in_another_form() {
    let desktop = Desktop::start();
    let mut holder = desktop.holder(DEADLINE);
    holder.expect("set\tdev\tAKIA1\tsecret", "done", State::Ready);
    holder.expect("set\tops\tAKIA2\tsecret", "done", State::Ready);
    let service = desktop.service();
    for (account, secret) in [
        ("access-key:dev", &b"\xff\xfe"[..]),
        ("master-key", b"short"),
    ] {
        let attributes = HashMap::from([("service", "Holdfast"), ("username", account)]);
        let collection = service.get_default_collection().unwrap();
        collection
            .create_item("x", attributes, secret, true, "text/plain")
            .unwrap();
    }
    holder.expect("get\tdev", "damaged item", State::Ready);
    holder.expect("master", "damaged item", State::Ready);
    holder.expect("list", "ops=AKIA2", State::Ready);
    holder.expect("set\tdev\tAKIA3\tnew", "done", State::Ready);
    holder.expect("get\tdev", "AKIA3 new", State::Ready);
}
