//! Programs installed and git set up by hand in the window, and everything undone again.

use crate::setup::Setup;
use std::fs;
use std::os::unix::fs::PermissionsExt;

const CONFIG: &str =
    "# mine\n[user]\n\tname = Jo\n[http]\n\textraHeader = X-Token: sentinel-of-the-header";

#[test]
fn git_is_set_up_and_everything_is_undone_again() {
    let setup = Setup::new();
    let home = &setup.office.world.home;
    home.write(".gitconfig", CONFIG);
    let window = setup.packaged_window("git-helper");
    let page = &window.page;
    page.wait_for_text("main", "git-remote-codecommit");

    page.button("Install…").click();
    page.wait_for_text("dialog", "~/.local/bin/git-credential-holdfast");
    assert!(!setup.path(".local/bin").exists());
    page.button("Install").click();
    page.wait_for_text("main", "4 programs are installed.");
    page.wait_for_text("main", "~/.local/bin is not on the PATH");
    page.wait_for_text("main", "export PATH=\"$HOME/.local/bin\":\"$PATH\"");
    let helper = setup.path(".local/bin/git-credential-holdfast");
    assert_eq!(
        fs::metadata(&helper).unwrap().permissions().mode() & 0o777,
        0o755
    );

    page.button("Set up…").click();
    let line = format!("+\thelper = {}", helper.display());
    page.wait_for_text("dialog", line.trim_start_matches("+\t"));
    assert_eq!(setup.read(".gitconfig"), CONFIG);
    page.button("Set up").click();
    page.wait_for_text(
        "main",
        "git asks Holdfast, and nobody else, about CodeCommit.",
    );
    page.wait_for_text("main", ".gitconfig.holdfast-backup-");
    assert!(
        setup
            .read(".gitconfig")
            .contains(&format!("helper = {}\n", helper.display()))
    );
    setup.assert_unseen(&window, &["sentinel-of-the-header"]);

    page.button("Undo…").click();
    page.wait_for_text("dialog", "Only these lines go.");
    page.button("Undo").click();
    page.wait_for_text("main", "holds nothing of Holdfast any more.");
    assert_eq!(setup.read(".gitconfig"), CONFIG, "byte for byte");

    page.button("Remove…").click();
    page.wait_for_text("dialog", "~/.local/bin/holdfast-agent");
    page.button("Remove").click();
    page.wait_for_text("main", "4 programs are removed.");
    assert!(!setup.path(".local/bin").exists());
}

#[test]
fn a_configuration_that_changes_under_the_open_window_is_left() {
    let setup = Setup::new();
    setup.office.world.home.write(".gitconfig", CONFIG);
    let window = setup.packaged_window("git-helper");
    let page = &window.page;
    page.button("Set up…").click();
    page.wait_for_text("dialog", "git-credential-holdfast");
    let changed = format!("{CONFIG}\n[core]\n\teditor = vi\n");
    setup.office.world.home.write(".gitconfig", &changed);
    page.button("Set up").click();
    page.wait_for_text("dialog", "~/.gitconfig changed while you were looking");
    assert_eq!(setup.read(".gitconfig"), changed);
    page.button("Cancel").click();
    page.wait_until("!document.querySelector('dialog')");
    assert_eq!(setup.read(".gitconfig"), changed);
}

#[test]
fn programs_of_others_are_named_and_left() {
    let setup = Setup::new();
    let theirs = "#!/usr/bin/env python3\n";
    let foreign = setup
        .office
        .world
        .home
        .write(".local/bin/git-remote-codecommit", theirs);
    let window = setup.packaged_window("git-helper");
    let page = &window.page;
    let words =
        "~/.local/bin/git-remote-codecommit was not installed by Holdfast and is left as it is";
    page.wait_for_text("main", words);
    page.button("Install…").click();
    page.wait_for_text("dialog", words);
    page.button("Install").click();
    page.wait_for_text("main", "3 programs are installed.");
    assert_eq!(fs::read_to_string(&foreign).unwrap(), theirs);
    page.button("Remove…").click();
    page.button("Remove").click();
    page.wait_for_text("main", "3 programs are removed.");
    assert_eq!(fs::read_to_string(&foreign).unwrap(), theirs);
}
