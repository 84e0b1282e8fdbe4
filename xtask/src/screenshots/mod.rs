//! `cargo xtask screenshots [PAGE…]`: every window as a person meets it, light and dark.

mod portal;
mod scene;

use crate::arguments::Arguments;
use crate::packages::Consent;
use crate::stage::{self, Stage};
use crate::workspace;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::Path;

/// What can be taken a picture of; pages of the main window by the names that they have there.
const PAGES: [&str; 17] = [
    // Before anything was set up.
    "add-profile",
    "sessions",
    "repositories",
    "clone",
    "activity",
    "settings",
    "git-helper",
    "doctor",
    "popup",
    "popup-choice",
    "tray",
    "notification",
    "sign-in",
    "sign-in-waiting",
    "sign-in-device",
    "discovery",
    "sessions-portal",
];

/// Those of a person with a portal of IAM Identity Center.
const OF_A_PORTAL: [&str; 5] = [
    "sign-in",
    "sign-in-waiting",
    "sign-in-device",
    "discovery",
    "sessions-portal",
];

/// Those that the desktop draws, which has one theme.
const OF_THE_DESKTOP: [&str; 2] = ["tray", "notification"];

/// Takes the pictures that are named, or all.
pub(crate) fn run(arguments: Arguments) -> Result<()> {
    let mut pages = arguments.rest();
    let unknown = pages.iter().find(|page| !PAGES.contains(&page.as_str()));
    ensure!(
        unknown.is_none(),
        "there are pictures of {}",
        PAGES.join(", ")
    );
    if pages.is_empty() {
        pages = PAGES.map(str::to_owned).to_vec();
    }
    let programs = stage::build(Consent::Given, false)?;
    let into = workspace::root().join("docs/screenshots");
    fs::create_dir_all(&into)?;
    for theme in ["light", "dark"] {
        let folder = workspace::target_dir()?.join("screenshots").join(theme);
        let (of_portal, others): (Vec<_>, Vec<_>) = pages
            .iter()
            .map(String::as_str)
            .filter(|page| theme == "light" || !OF_THE_DESKTOP.contains(page))
            .partition(|page| OF_A_PORTAL.contains(page));
        if !others.is_empty() {
            let mut scene = scene::Scene::set(&folder, &programs, &into, theme)?;
            for page in others {
                scene.take(page)?;
                println!("{page}, {theme}");
            }
        }
        if !of_portal.is_empty() {
            let mut scene = portal::PortalScene::set(&folder, &programs, &into, theme)?;
            for page in of_portal {
                scene.take(page)?;
                println!("{page}, {theme}");
            }
        }
    }
    println!("written to {}", into.display());
    Ok(())
}

/// Writes a picture of the popup as the screen shows it. The driver would wait for another frame, which a page at rest
/// does not have.
fn picture_of_popup(stage: &Stage, file: &Path) -> Result<()> {
    // It is in the middle of the screen, where it would bring up what explains the words below it.
    stage.desktop.rest_mouse();
    stage.desktop.settle();
    let popup = stage.desktop.focused_window();
    let popup = popup.context("the popup does not have the keyboard")?;
    stage.desktop.screenshot_of(&popup, file);
    Ok(())
}
