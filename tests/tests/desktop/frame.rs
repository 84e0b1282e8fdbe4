//! What pages may not do, tried from within a real window.

use crate::world::Office;
use holdfast_testkit::desktop::WebDriver;
use serde_json::{Value, json};

/// Asks the Rust side as a page does, and answers with what came of it.
fn ask(page: &WebDriver, command: &str) -> String {
    let script = "const done = arguments[arguments.length - 1];
        window.__TAURI_INTERNALS__.invoke(arguments[0], {})
            .then((value) => done('answered'), (error) => done(JSON.stringify(error)));";
    let answer = page.execute_async(script, &[command.into()]);
    answer.as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_page_goes_nowhere_and_loads_nothing() {
    let office = Office::new();
    let window = office.window("sessions");
    let page = &window.page;
    page.wait_for_text("nav", "Sessions");
    let address = page.execute("return location.href", &[]);
    assert_eq!(
        page.execute("return typeof window.__TAURI__", &[]),
        json!("undefined")
    );
    for script in [
        "window.location = 'https://example.com/'",
        "window.location = 'http://localhost:1/'",
        "window.location = 'file:///etc/passwd'",
        "const a = document.createElement('a'); a.href = 'https://example.com/'; document.body.append(a); a.click(); a.remove();",
    ] {
        page.execute(script, &[]);
        assert_eq!(
            page.execute("return location.href", &[]),
            address,
            "{script}"
        );
    }
    assert_eq!(
        page.execute("return window.open('https://example.com/')", &[]),
        Value::Null
    );
    let refused = "const done = arguments[arguments.length - 1];
        fetch(arguments[0]).then(() => done('fetched'), () => done('refused'));";
    for url in [
        "https://example.com/",
        "http://127.0.0.1:1/",
        "file:///etc/passwd",
    ] {
        assert_eq!(
            page.execute_async(refused, &[url.into()]),
            json!("refused"),
            "{url}"
        );
    }
    // A script or style that is put into the page is neither run nor applied.
    page.execute(
        "const script = document.createElement('script');
        script.textContent = 'window.ran = true';
        document.body.append(script);
        const text = document.createElement('div');
        text.innerHTML = '<img src=x onerror=\"window.ran = true\"><b style=\"color: red\">x</b>';
        document.body.append(text);",
        &[],
    );
    assert_eq!(page.execute("return window.ran ?? null", &[]), Value::Null);
    page.wait_until(
        "getComputedStyle(document.querySelector('body > div b')).color !== 'rgb(255, 0, 0)'",
    );
}

#[test]
fn each_window_asks_its_own_commands_alone() {
    let office = Office::new();
    let window = office.window("settings");
    window.page.wait_for_text("nav", "Sessions");
    assert_eq!(ask(&window.page, "shell"), "answered");
    for command in [
        "prompt",
        "answer_prompt",
        "close_prompt",
        "plugin:window|close",
        "plugin:event|emit",
    ] {
        let answer = ask(&window.page, command);
        assert!(
            answer.contains("not allowed") || answer.contains("not found"),
            "{command}: {answer}"
        );
    }
}

#[test]
fn every_page_is_reached_by_the_navigation_and_fits_a_narrow_window() {
    let office = Office::new();
    let window = office.window("sessions");
    let page = &window.page;
    page.wait_for_text("nav", "Settings");
    for width in [1280, 860, 360] {
        page.resize(width, 700);
        for (name, words) in [
            ("Repositories", "Repositories"),
            ("Activity", "Activity"),
            ("Git helper", "Git helper"),
            ("Doctor", "Look again"),
            ("Settings", "Certificate authorities"),
            ("Sessions", "Add profile…"),
        ] {
            // A count may stand behind the name.
            let mut buttons = page.all("nav button").into_iter();
            let button = buttons.find(|button| button.text().starts_with(name));
            button.unwrap().click();
            page.wait_for_text("main", words);
            page.wait_until("document.documentElement.scrollWidth <= window.innerWidth");
            page.wait_until("document.querySelector('main').scrollWidth <= document.querySelector('main').clientWidth");
        }
    }
}
