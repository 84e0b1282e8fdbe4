//! Searching 5,000 repositories in the app's window: what a keystroke costs.

use super::PROFILE;
use super::cost::{median, percentile};
use super::report::Report;
use crate::scratch::BLOG_MANY;
use crate::stage::Stage;
use anyhow::{Result, ensure};
use holdfast_testkit::desktop::{Element, WebDriver};
use std::path::Path;

/// What is typed, one word after another; each is deleted again.
const WORDS: [&str; 4] = ["service-42", "person 7", "words 1999", "nothing"];

/// Notes for every keystroke how long it keeps the page's one thread busy, from the key until everything that it set off
/// has ended and the document is laid out anew; and then how long the next frame takes from its start until it is painted,
/// which waits for other threads, too. The wait for the frame between them is the screen's, and not counted.
const WATCH: &str = "
    const keystrokes = (window.keystrokes = []);
    const handled = new MessageChannel();
    const drawn = new MessageChannel();
    let begin;
    let busy;
    addEventListener('keydown', () => (begin = performance.now()), true);
    addEventListener('input', () => handled.port2.postMessage(''));
    handled.port1.onmessage = () => {
        document.body.offsetHeight;
        busy = performance.now() - begin;
        requestAnimationFrame(() => {
            begin = performance.now();
            drawn.port2.postMessage('');
        });
    };
    drawn.port1.onmessage = () => {
        keystrokes.push([busy, performance.now() - begin]);
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
    let noted = page.execute("return window.keystrokes", &[]);
    let times = |part: usize| {
        let noted = noted.as_array().into_iter().flatten();
        noted.filter_map(move |keystroke| keystroke[part].as_f64())
    };
    ensure!(
        times(0).count() == keystrokes,
        "not every keystroke was measured"
    );
    report.at_most(
        "a keystroke in the search of 5,000 repositories, 95th percentile",
        percentile(times(0), 95),
        16.0,
        "ms",
        format!(
            "of {keystrokes} in the window, typing and deleting, by the page's clock of whole milliseconds; from the key \
             until the rows are changed and laid out; median {:.0} ms, slowest {:.0} ms; painting them in the next frame: \
             median {:.0} ms more",
            median(times(0)),
            percentile(times(0), 100),
            median(times(1)),
        ),
    );
    Ok(())
}

/// Presses a key and waits until its frame is drawn, as it is before a person presses another.
fn press(page: &WebDriver, key: &str, keystrokes: usize) {
    page.press(key);
    page.execute_async(AWAIT, &[keystrokes.into()]);
}
