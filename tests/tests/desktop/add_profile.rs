//! Keys into the keychain and new profiles, by hand in the window, with the files looked at before and after.

use crate::setup::{SECRETS, Setup, key_in_file};
use holdfast_testkit::wait_until;
use std::fs;

/// A key of the person's that is in no file yet.
const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// The dialog takes clicks: a button is busy while what it did is under way.
const IS_READY: &str = "!document.querySelector('dialog [aria-busy]')";

#[test]
fn plaintext_keys_go_into_the_keychain_and_out_of_their_file() {
    let setup = Setup::new();
    let window = setup.window("add-profile");
    let page = &window.page;
    page.wait_for_text("main", "1 access key in plaintext");
    let before = setup.credentials();
    let (id, secret) = key_in_file(&before);

    page.button("Put 1 key into the keychain").click();
    page.wait_for_text("main", "is in the keychain.");
    assert_eq!(setup.credentials(), before, "nothing is removed unasked");
    setup
        .office
        .world
        .holdfast(&["keys", "list"])
        .ok()
        .says(&[&id]);

    page.button("Remove the plaintext…").click();
    page.wait_for_text("dialog", "-aws_secret_access_key = ****");
    page.wait_for_text("dialog", "A backup is kept");
    assert_eq!(setup.credentials(), before);
    page.button("Remove").click();
    page.wait_for_text("main", "holds none of these keys any more.");
    page.wait_for_text("main", ".holdfast-backup-");

    let after = setup.credentials();
    assert!(!after.contains(&secret) && !after.contains(&id), "{after}");
    let kept = setup.backup_of(".aws/credentials");
    assert!(kept.contains(&id) && !kept.contains(&secret), "{kept}");
    setup.assert_unseen(&window, &[&secret]);
    setup.office.world.login().ok();
}

#[test]
fn a_file_that_changes_under_the_open_window_is_left() {
    let setup = Setup::new();
    let window = setup.window("add-profile");
    let page = &window.page;
    page.button("Put 1 key into the keychain").click();
    page.button("Remove the plaintext…").click();
    page.wait_for_text("dialog", "-aws_secret_access_key = ****");
    let changed = format!("{}\n# written by hand\n", setup.credentials());
    setup.office.world.home.write(".aws/credentials", &changed);
    page.button("Remove").click();
    page.wait_for_text(
        "dialog",
        "changed while you were looking, so nothing was written.",
    );
    assert_eq!(setup.credentials(), changed);

    // What is shown now is what there is now.
    page.wait_for_text("dialog", "# written by hand");
    page.wait_until(IS_READY);
    page.button("Remove").click();
    page.wait_for_text("main", "holds none of these keys any more.");
    let after = setup.credentials();
    assert!(
        after.ends_with("# written by hand\n") && !after.contains("aws_secret"),
        "{after}"
    );

    page.field("Name").type_keys("work");
    page.field("Region").type_keys("eu-west-1");
    page.button("Add profile…").click();
    page.wait_for_text("dialog", "+[profile work]");
    let changed = format!("{}\n# by hand too\n", setup.config());
    setup.office.world.home.write(".aws/config", &changed);
    page.button("Add").click();
    page.wait_for_text("dialog", "changed while you were looking");
    assert_eq!(setup.config(), changed);
    page.wait_until(IS_READY);
    page.button("Add").click();
    page.wait_for_text("main", "work is a profile of ~/.aws/config now.");
    assert_eq!(
        setup.config(),
        format!("{changed}\n[profile work]\nregion = eu-west-1\n")
    );
    assert_eq!(setup.backup_of(".aws/config"), changed);
}

#[test]
fn the_file_of_the_console_is_read_stored_and_deleted() {
    let setup = Setup::new();
    let window = setup.window("add-profile");
    let page = &window.page;
    page.wait_for_text("main", "Add an access key");
    let home = &setup.office.world.home;
    for (name, text, words) in [
        ("empty.csv", String::new(), "empty.csv is empty"),
        (
            "users.csv",
            format!("User name,Access key ID\nmary,{ID}\n"),
            "users.csv has no column `Secret access key`",
        ),
        (
            "short.csv",
            format!("Access key ID,Secret access key\r\n{SECRET}\r\n"),
            "short.csv has too few columns",
        ),
        (
            "notes.txt",
            format!("my key is {SECRET}\n"),
            "notes.txt has no column `Access key ID`",
        ),
    ] {
        let path = home.write(name, text);
        page.button("From accessKeys.csv…").click();
        setup.choose_file(&path);
        page.wait_for_text("main", words);
    }
    setup.assert_unseen(&window, &[SECRET]);

    let csv =
        format!("\u{feff}\"Access key ID\",\"Secret access key\"\r\n\"{ID}\",\"{SECRET}\"\r\n");
    let path = home.write("accessKeys.csv", csv);
    page.button("From accessKeys.csv…").click();
    setup.choose_file(&path);
    page.wait_for_text("dialog", "A key AKIA…MPLE was found in ~/accessKeys.csv.");
    page.field("Profile that it belongs to")
        .type_keys("console");
    page.button("Store").click();
    page.wait_for_text("main", &format!("The keychain holds {ID} for console."));
    assert!(path.exists());
    page.button("Delete the file…").click();
    page.button("Delete").click();
    page.wait_for_text("main", "accessKeys.csv is deleted.");
    assert!(!path.exists());
    let listed = setup.office.world.holdfast(&["keys", "list"]).ok();
    listed.says(&["console", ID]);
    setup.assert_unseen(&window, &[SECRET]);
}

#[test]
fn the_clipboard_is_read_and_emptied_without_the_window_seeing_it() {
    let setup = Setup::new();
    let window = setup.window("add-profile");
    let page = &window.page;
    page.wait_for_text("main", "Add an access key");
    page.button("From the clipboard…").click();
    page.wait_for_text("main", "The clipboard is empty.");
    for (text, words) in [
        (
            "a line of a song",
            "has to hold the access key id on one line",
        ),
        (SECRET, "has to hold the access key id on one line"),
        (
            &format!("export AWS_ACCESS_KEY_ID={ID}"),
            "has no aws_secret_access_key",
        ),
        (
            &format!("ASIAIOSFODNN7EXAMPLE\n{SECRET}"),
            "of temporary credentials",
        ),
    ] {
        let _owner = setup.copy(text);
        page.button("From the clipboard…").click();
        page.wait_for_text("main", words);
    }

    let _owner = setup.copy(&format!("{ID}\n{SECRET}\n"));
    page.button("From the clipboard…").click();
    page.wait_for_text("dialog", "A key AKIA…MPLE was found in the clipboard.");
    setup.assert_unseen(&window, &[SECRET, ID]);
    page.field("Profile that it belongs to")
        .type_keys("console");
    let _other = setup.copy(&format!("AKIAIOSFODNN7ANOTHER\n{SECRET}\n"));
    page.button("Store").click();
    page.wait_for_text("dialog", "There is another key in the clipboard by now");
    let _owner = setup.copy(&format!("{ID}\n{SECRET}\n"));
    page.button("Store").click();
    page.wait_for_text("main", "The clipboard was emptied.");
    wait_until("nobody can paste it", || !setup.pasted().contains(SECRET));
    setup.assert_unseen(&window, &[SECRET]);
}

#[test]
fn names_of_every_kind_are_shown_and_never_run() {
    let setup = Setup::new();
    let long = "n".repeat(200);
    let names = [
        "<img src=x onerror=document.title='run'>",
        "שלום-עולם",
        "🔑 work",
        &long,
    ];
    let mut credentials = setup.credentials();
    for name in names {
        credentials.push_str(&format!(
            "[{name}]\naws_access_key_id = {ID}\naws_secret_access_key = {}\n",
            SECRETS[0]
        ));
    }
    fs::write(setup.path(".aws/credentials"), credentials).unwrap();
    let window = setup.window("add-profile");
    let page = &window.page;
    page.wait_for_text("main", "5 access keys in plaintext");
    for name in names {
        page.wait_for_text("main", name);
    }
    page.resize(360, 640);
    page.wait_until(
        "document.querySelector('main').scrollWidth <= document.querySelector('main').clientWidth",
    );
    page.wait_until("document.title !== 'run' && !document.querySelector('main img')");
    setup.assert_unseen(&window, &SECRETS);
}
