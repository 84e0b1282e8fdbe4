//! What is inside a webview or a browser, driven through its WebDriver as a person would use it.
//!
//! ```no_run
//! # use holdfast_testkit::desktop::{App, Desktop};
//! # use std::process::Command;
//! # let desktop = Desktop::start();
//! let app = App::launch(Command::new("holdfast-tray").arg("--prompt").envs(desktop.variables()));
//! let page = app.window();
//! page.find("input").type_keys("123456");
//! page.button("Not now").click();
//! page.wait_for_text("main", "Sessions");
//! drop(page); // before the next window of the same app is driven
//! ```

mod app;
mod element;
mod http;

pub use app::App;
pub(crate) use app::free_port;
pub use element::Element;

use crate::command::{Running, clean_command, wait_for_or, wait_until};
use serde_json::{Value, json};
use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::process::Stdio;

/// How often a picture is taken until it no longer changes.
const PICTURES: u32 = 20;

/// Control over one window. Dropping it gives the control back; the window stays.
#[derive(Debug)]
pub struct WebDriver {
    session: String,
    port: u16,
    /// The driver that only this window needed.
    _driver: Option<Running>,
}

impl WebDriver {
    /// Takes control of whatever listens at an inspector's port.
    fn attach(inspector: u16) -> Self {
        let port = app::free_port();
        let mut command = clean_command("WebKitWebDriver");
        command
            .arg(format!("--port={port}"))
            .arg(format!("--target=127.0.0.1:{inspector}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let driver = Running::start(&mut command);
        Self::connect(port, &json!({}), Some(driver))
    }

    /// Takes control of a window through the driver at a port, which ends with the control when it is given; `wanted` are the
    /// capabilities that the window must have.
    pub(crate) fn connect(port: u16, wanted: &Value, driver: Option<Running>) -> Self {
        wait_until("the driver listens", || {
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        let wanted = json!({ "capabilities": { "alwaysMatch": wanted } });
        let ask = || http::request(port, "POST", "/session", Some(&wanted));
        // The window may be a moment away from being ready.
        let session = wait_for_or(
            || ask().ok()?["sessionId"].as_str().map(str::to_owned),
            || panic!("the window cannot be driven: {:?}", ask().err()),
        );
        Self {
            session,
            port,
            _driver: driver,
        }
    }

    /// Goes to an address, and waits until its page is loaded.
    pub fn open(&self, url: &str) {
        // An address that cannot be reached has an error page, which is what a person sees too.
        let path = format!("/session/{}/url", self.session);
        let _ = http::request(self.port, "POST", &path, Some(&json!({ "url": url })));
    }

    /// The address of the page.
    pub fn url(&self) -> String {
        self.get("url").as_str().unwrap_or_default().to_owned()
    }

    /// Waits for the first element of a CSS selector.
    ///
    /// # Panics
    /// When there is none; shows the page's text then.
    pub fn find(&self, css: &str) -> Element<'_> {
        self.wait_for_element("css selector", css)
    }

    /// Waits for a button, link, tab or menu item that a screen reader would call so.
    ///
    /// # Panics
    /// When there is none; shows the page's text then.
    pub fn button(&self, name: &str) -> Element<'_> {
        let name = name.replace('\'', "’");
        let roles = "self::button or self::a or @role='button' or @role='tab' or @role='menuitem'";
        let path = format!("//*[{roles}][normalize-space(.)='{name}' or @aria-label='{name}']");
        self.wait_for_element("xpath", &path)
    }

    /// Waits for the form field that this label belongs to, around it, before it or as `aria-label`.
    ///
    /// # Panics
    /// When there is none; shows the page's text then.
    pub fn field(&self, label: &str) -> Element<'_> {
        let fields = "self::input or self::select or self::textarea";
        let named = format!("normalize-space(.)='{label}'");
        let path = format!(
            "//*[{fields}][@aria-label='{label}' or @id=//label[{named}]/@for \
             or ancestor::label[starts-with(normalize-space(.),'{label}')]]"
        );
        self.wait_for_element("xpath", &path)
    }

    /// All elements of a CSS selector that are there now.
    pub fn all(&self, css: &str) -> Vec<Element<'_>> {
        self.elements("css selector", css)
    }

    /// Text of the first element as the person reads it; empty when there is none.
    pub fn text(&self, css: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.innerText ?? ''";
        let text = self.execute(script, &[json!(css)]);
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the text of an element holds this.
    ///
    /// # Panics
    /// When it does not; shows the page's text then.
    pub fn wait_for_text(&self, css: &str, text: &str) {
        wait_for_or(
            || self.text(css).contains(text).then_some(()),
            || panic!("{css} does not say “{text}”\n{}", self.page_text()),
        );
    }

    /// Waits until an expression of JavaScript is true.
    ///
    /// # Panics
    /// When it does not become so; shows the page's text then.
    pub fn wait_until(&self, expression: &str) {
        let script = format!("return Boolean({expression})");
        wait_for_or(
            || (self.execute(&script, &[]) == json!(true)).then_some(()),
            || panic!("not true: {expression}\n{}", self.page_text()),
        );
    }

    /// Runs a function body of JavaScript and answers with what it returns.
    ///
    /// # Panics
    /// When it throws.
    pub fn execute(&self, script: &str, arguments: &[Value]) -> Value {
        let body = json!({ "script": script, "args": arguments });
        self.post("execute/sync", &body)
    }

    /// The same with a promise: the last argument of the script is called with the answer.
    ///
    /// # Panics
    /// When it throws or does not answer.
    pub fn execute_async(&self, script: &str, arguments: &[Value]) -> Value {
        let body = json!({ "script": script, "args": arguments });
        self.post("execute/async", &body)
    }

    /// The element that has the keyboard, as a CSS selector would name it: tag, id and classes.
    pub fn focused(&self) -> String {
        let script = "const e = document.activeElement;
            return e ? [e.localName, e.id && '#' + e.id, ...[...e.classList].map(c => '.' + c)].join('') : ''";
        let name = self.execute(script, &[]);
        name.as_str().unwrap_or_default().to_owned()
    }

    /// Presses keys in whatever has the keyboard; see [`Element::type_keys`] for special ones.
    pub fn press(&self, keys: &str) {
        let mut actions = Vec::new();
        for key in keys.chars() {
            for kind in ["keyDown", "keyUp"] {
                actions.push(json!({ "type": kind, "value": key.to_string() }));
            }
        }
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": actions });
        self.post("actions", &json!({ "actions": [keyboard] }));
    }

    /// Sets the size of the window, frame included.
    pub fn resize(&self, width: u32, height: u32) {
        self.post("window/rect", &json!({ "width": width, "height": height }));
    }

    /// Writes a picture of the page once it no longer changes.
    ///
    /// # Panics
    /// When it cannot be taken.
    pub fn screenshot(&self, path: &Path) {
        let png = data_encoding::BASE64.decode(self.settled().as_bytes());
        let written = fs::write(path, png.expect("a picture comes as Base64"));
        written.unwrap_or_else(|error| panic!("{} cannot be written: {error}", path.display()));
    }

    /// Waits until the page is painted and no longer changes, before a picture of the screen.
    ///
    /// # Panics
    /// When it cannot be looked at.
    pub fn settle(&self) {
        self.settled();
    }

    /// The page in Base64 once it is the same twice. The first frame after a change is late.
    fn settled(&self) -> String {
        let painted = "const done = arguments[arguments.length - 1];
            requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(true), 50)))";
        let mut last = String::new();
        for _ in 0..PICTURES {
            self.execute_async(painted, &[]);
            let picture = self.get("screenshot");
            let picture = picture.as_str().expect("a picture comes as text");
            if picture == last {
                break;
            }
            picture.clone_into(&mut last);
        }
        last
    }

    /// Everything that the page says.
    pub fn page_text(&self) -> String {
        self.text("body")
    }

    fn wait_for_element(&self, using: &str, value: &str) -> Element<'_> {
        wait_for_or(
            || self.elements(using, value).into_iter().next(),
            || panic!("no {value} in the page\n{}", self.page_text()),
        )
    }

    fn elements(&self, using: &str, value: &str) -> Vec<Element<'_>> {
        let found = self.post("elements", &json!({ "using": using, "value": value }));
        let found = found.as_array().into_iter().flatten();
        let ids = found.filter_map(|element| element.as_object()?.values().next()?.as_str());
        ids.map(|id| Element::new(self, id)).collect()
    }

    fn get(&self, path: &str) -> Value {
        self.ask("GET", path, None)
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        self.ask("POST", path, Some(body))
    }

    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let path = format!("/session/{}/{path}", self.session);
        let answer = http::request(self.port, method, &path, body);
        answer.unwrap_or_else(|error| panic!("{error}"))
    }
}

impl Drop for WebDriver {
    fn drop(&mut self) {
        // A window that has closed meanwhile has ended the session itself.
        let path = format!("/session/{}", self.session);
        let _ = http::request(self.port, "DELETE", &path, None);
    }
}
