//! Undoing leaves the file as it was, byte for byte.

use crate::{Home, corp, other, removing};
use proptest::prelude::*;
use std::fs;

#[test]
fn the_file_is_as_it_was() {
    for before in [
        "",
        "\n",
        "\n\n",
        "\r\n",
        "# mine",
        "# mine\n",
        "# mine\n\n",
        "[profile a]\r\nregion = x\r\n",
        "[profile a]\r\nregion = x",
        "\u{feff}",
        "\u{feff}[default]\nregion = x",
        "[profile \"a b\"]\nx = 1 # one\n s3 =\n",
        "garbage [[[\n\n\n\t",
    ] {
        let home = Home::with(before);
        home.apply(&corp(&[("Dev", "Admin"), ("Prod", "Admin")]));
        home.apply(&other(&[("Lab", "Admin")]));
        let undo = home.undo();
        assert_eq!(undo.profiles().len(), 3);
        assert_eq!(undo.kept(), Vec::<String>::new());
        let fingerprint = undo.fingerprint();
        assert!(undo.diff().contains("\n-[profile dev-admin]\n"));
        assert_eq!(home.undo().fingerprint(), fingerprint);
        undo.apply().unwrap();
        assert_eq!(home.text(), before);

        home.apply(&corp(&[("Dev", "Admin")]));
        home.apply(&removing(&["dev-admin"], corp(&[])));
        assert_eq!(
            home.text(),
            before,
            "the last profile takes the block along"
        );
    }
}

#[test]
fn what_came_behind_the_block_stays_on_lines_of_its_own() {
    for before in ["# mine", "# mine\n", ""] {
        let home = Home::with(before);
        home.apply(&corp(&[("Dev", "Admin")]));
        let later = "[profile later]\nregion = x";
        home.write(&format!("{}{later}", home.text()));
        home.undo().apply().unwrap();
        let before = before.trim_end();
        let expect = format!("{before}\n{later}");
        assert_eq!(home.text(), expect.trim_start());
    }
}

#[test]
fn without_a_block_there_is_nothing_to_undo() {
    for before in ["", "# mine\n"] {
        let home = Home::with(before);
        let undo = home.undo();
        assert!(undo.is_empty());
        assert_eq!(undo.diff(), "");
        undo.apply().unwrap();
        assert_eq!(home.text(), before);
    }
    let home = Home::new();
    home.undo().apply().unwrap();
    assert!(!home.context.config_file.exists());
}

#[test]
fn a_change_between_plan_and_apply_is_kept() {
    let home = Home::new();
    home.apply(&corp(&[("Dev", "Admin")]));
    let undo = home.undo();
    let changed = format!("{}# more\n", home.text());
    home.write(&changed);
    assert!(undo.apply().unwrap_err().is_outdated());
    assert_eq!(home.text(), changed);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_file_is_as_it_was(
        lines in prop::collection::vec("(\\[profile [a-z \"]{1,5}\\]|[ -~é]{0,20}|\t?x = .{0,5}|)", 0..8),
        ending in prop::sample::select(vec!["\n", "\r\n"]),
        is_ended in any::<bool>(),
    ) {
        // A carriage return that ends a file without a line feed cannot be told from half a line ending.
        let mut before = lines.join(ending).replace(['\r', '\n'], ending).trim_end_matches('\r').to_owned();
        if is_ended {
            before.push_str(ending);
        }
        let home = Home::with(&before);
        home.apply(&corp(&[("Account", "Role1")]));
        home.apply(&other(&[("Account", "Role2")]));
        let text = fs::read(&home.context.config_file).unwrap();
        prop_assert!(text.starts_with(before.as_bytes()));
        home.undo().apply().unwrap();
        prop_assert_eq!(home.text(), before);
    }
}
