//! Searching 5,000 repositories in the app's window: what a keystroke costs.

use super::PROFILE;
use super::cost::{median, percentile};
use super::report::Report;
use crate::scratch::BLOG_MANY;
use crate::stage::Stage;
use anyhow::{Context, Result, ensure};
use holdfast_testkit::desktop::{Element, WebDriver};
use serde_json::Value;
use std::path::Path;

/// What is typed, one word after another; each is deleted again.
const WORDS: [&str; 4] = ["service-42", "person 7", "words 1999", "nothing"];

/// Notes for every keystroke how long it keeps the page's one thread busy: from the key to the end of everything that it
/// set off, and from the start of the next frame until that is styled, laid out and painted. The wait for the frame
/// between them is the screen's, and not counted.
const WATCH: &str = "
    const times = (window.keystrokes = []);
    const handled = new MessageChannel();
    const drawn = new MessageChannel();
    let begin;
    let busy;
    addEventListener('keydown', () => (begin = performance.now()), true);
    addEventListener('input', () => handled.port2.postMessage(''));
    handled.port1.onmessage = () => {
        busy = performance.now() - begin;
        requestAnimationFrame(() => {
            begin = performance.now();
            drawn.port2.postMessage('');
        });
    };
    drawn.port1.onmessage = () => {
        times.push(busy + performance.now() - begin);
        window.told?.();
    };";

/// Answers once so many keystrokes are noted. The page is not asked again and again, which would keep it busy.
const AWAIT: &str = "
    const [count, done] = arguments;
    const tell = () => {
        if (window.keystrokes.length < count) return;
        window.told = undefined;
        done();
    };
    window.told = tell;
    tell();";

/// Adds the line about it.
pub(crate) fn measure(folder: &Path, programs: &Path, report: &mut Report) -> Result<()> {
    let mut stage = Stage::set(&folder.join("search"), programs, BLOG_MANY)?;
    stage.simulator.sign_in(&stage.scratch, PROFILE)?;
    // So that the agent has the list when the window asks.
    stage.scratch.run("holdfast", &["repos", PROFILE])?;
    let (_app, page) = stage.window("repositories")?;
    page.wait_for_text("main", "5,000 repositories");
    page.wait_until("!document.querySelector('[aria-busy=true]')");
    page.find("input[type=search]").click();
    page.execute(WATCH, &[]);
    let mut keystrokes = 0;
    for word in WORDS {
        for key in word.chars() {
            keystrokes += 1;
            press(&page, &key.to_string(), keystrokes);
        }
        for _ in word.chars() {
            keystrokes += 1;
            press(&page, Element::BACKSPACE, keystrokes);
        }
    }
    let times = page.execute("return window.keystrokes", &[]);
    let times = times.as_array().context("no keystroke was measured")?;
    let times: Vec<f64> = times.iter().filter_map(Value::as_f64).collect();
    ensure!(
        times.len() == keystrokes,
        "not every keystroke was measured"
    );
    let middle = median(times.iter().copied());
    let slowest = percentile(times.iter().copied(), 100);
    report.at_most(
        "a keystroke in the search of 5,000 repositories, 95th percentile",
        percentile(times, 95),
        16.0,
        "ms",
        format!(
            "of {keystrokes} in the window, typing and deleting; from the key until the page has its new rows, and its \
             styles, layout and painting in the next frame, without the wait for that; median {middle:.0} ms, \
             slowest {slowest:.0} ms, by a clock of whole milliseconds"
        ),
    );
    Ok(())
}

/// Presses a key and waits until its frame is drawn, as it is before a person presses another.
fn press(page: &WebDriver, key: &str, keystrokes: usize) {
    page.press(key);
    page.execute_async(AWAIT, &[keystrokes.into()]);
}
