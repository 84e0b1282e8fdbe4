//! Submodules with `codecommit://` URLs, which git fetches only where the person allowed the protocol.

use super::{URL, signed_in};
use crate::process::{gits, run};

#[test]
fn submodules_need_the_protocol_to_be_allowed() {
    for program in gits() {
        let world = signed_in();
        let try_git = |arguments: &[&str]| run(world.command(&program).args(arguments));
        let git = |arguments: &[&str]| try_git(arguments).ok();
        const ALLOW: [&str; 2] = ["-c", "protocol.codecommit.allow=always"];

        git(&["init", "--quiet", "super"]);
        let add = ["-C", "super", "submodule", "--quiet", "add", URL, "part"];
        git(&[&ALLOW[..], &add].concat());
        git(&["-C", "super", "commit", "--quiet", "-m", "Add a submodule"]);

        git(&["clone", "--quiet", "super", "refused"]);
        let update = ["submodule", "--quiet", "update", "--init"];
        let ran = try_git(&[&["-C", "refused"], &update[..]].concat());
        ran.failed().says(&["transport 'codecommit' not allowed"]);
        let advice = "git config --global protocol.codecommit.allow always";
        world.holdfast(&["git", "status"]).ok().says(&[advice]);

        let command: Vec<&str> = advice.split(' ').skip(1).collect();
        git(&command);
        git(&[&["-C", "refused"], &update[..]].concat());
        assert!(world.path("refused/part/.git").exists());
        world
            .holdfast(&["git", "status"])
            .ok()
            .never_says(&[advice]);
    }
}
