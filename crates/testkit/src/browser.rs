//! A real browser without a screen: Chromium with a profile of its own, behind a proxy, trusting one more CA.
//!
//! ```no_run
//! use holdfast_testkit::browser::Browser;
//! # let (proxy_url, ca) = ("http://127.0.0.1:4000", std::path::Path::new("ca.pem"));
//! let browser = Browser::start(proxy_url, ca); // of the simulated AWS: &sim.proxy_url(), &sim.ca_pem_path()
//! browser.open("https://holdfast-demo.awsapps.com/start/#/device");
//! browser.type_into("Code", "ABCD-EFGH");
//! browser.click_text("Next");
//! browser.click_text("Allow");
//! browser.wait_for_text("Request approved");
//! ```
//!
//! It is driven as a person uses it: it waits for what it is told to click or to read, and panics with the page's text when that
//! does not come. Addresses of this machine (127.0.0.1) are reached directly, everything else through the proxy. What else a
//! page can be asked is in [`WebDriver`], see [`Browser::page`]. A browser takes a second or two to start: one serves a whole test.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::json;

use crate::ScratchHome;
use crate::command::{Running, wait_for_or};
use crate::desktop::{Family, WebDriver, free_port};

/// Where Debian and Ubuntu keep the program.
const CHROMIUM: &str = "/usr/bin/chromium";

/// What keeps Chromium to what it is told to do, as a test needs it.
const SWITCHES: [&str; 9] = [
    "--headless=new",
    // Tests may run as root and inside containers, where its sandbox cannot.
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
];

/// A browser with one window. It ends with everything that it has started when it is dropped.
#[derive(Debug)]
pub struct Browser {
    // In the order in which they end: the window, the browser, its profile.
    page: WebDriver,
    _driver: Family,
    _home: ScratchHome,
}

impl Browser {
    /// Starts a browser that reaches the world through the proxy `http://HOST:PORT` and trusts the CA in the PEM file `ca`.
    ///
    /// # Panics
    /// When Chromium, its driver or `certutil` are not installed or do not come up.
    pub fn start(proxy_url: &str, ca: &Path) -> Self {
        let home = ScratchHome::new();
        trust(&home, ca);
        let port = free_port();
        let mut driver = home.command("chromedriver");
        driver
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let driver = Family::start(&mut driver);
        let mut switches: Vec<String> = SWITCHES.map(str::to_owned).to_vec();
        switches.push(format!("--proxy-server={proxy_url}"));
        let profile = home.path().join("profile");
        switches.push(format!("--user-data-dir={}", profile.display()));
        let wanted = json!({
            "browserName": "chrome",
            "goog:chromeOptions": { "binary": CHROMIUM, "args": switches },
        });
        Self {
            page: WebDriver::connect(port, &wanted, None),
            _driver: driver,
            _home: home,
        }
    }

    /// Goes to an address. An address that cannot be reached is no failure: the page then says so.
    pub fn open(&self, url: &str) {
        self.page.open(url);
    }

    /// Waits for a button or link that reads so, and clicks it.
    ///
    /// # Panics
    /// When there is none; shows the page's text then.
    pub fn click_text(&self, text: &str) {
        self.page.button(text).click();
    }

    /// Waits for the form field of this label, and types into it.
    ///
    /// # Panics
    /// When there is none; shows the page's text then.
    pub fn type_into(&self, label: &str, text: &str) {
        self.page.field(label).type_keys(text);
    }

    /// Everything that the page says now.
    pub fn text(&self) -> String {
        self.page.page_text()
    }

    /// Waits until the page says this.
    ///
    /// # Panics
    /// When it does not; shows the page's text then.
    pub fn wait_for_text(&self, text: &str) {
        self.page.wait_for_text("body", text);
    }

    /// The address of the page.
    pub fn url(&self) -> String {
        self.page.url()
    }

    /// Waits until the address of the page begins so, and answers with the whole of it.
    ///
    /// # Panics
    /// When it does not come to that; says where the browser is then.
    pub fn wait_for_url(&self, begin: &str) -> String {
        wait_for_or(
            || Some(self.url()).filter(|url| url.starts_with(begin)),
            || {
                panic!(
                    "the browser is at {}, not at {begin}\n{}",
                    self.url(),
                    self.text()
                )
            },
        )
    }

    /// The window, for everything else that can be done with a page.
    pub fn page(&self) -> &WebDriver {
        &self.page
    }
}

/// Puts a CA into the certificate database that Chromium reads besides its own list.
fn trust(home: &ScratchHome, ca: &Path) {
    let folder = home.path().join(".pki/nssdb");
    std::fs::create_dir_all(&folder).expect("a scratch home can be written");
    let database = format!("sql:{}", folder.display());
    let certificate: PathBuf = ca.to_owned();
    for arguments in [
        vec!["-N", "--empty-password"],
        vec![
            "-A",
            "-n",
            "test",
            "-t",
            "C,,",
            "-i",
            &certificate.to_string_lossy(),
        ],
    ] {
        let mut command = home.command("certutil");
        command.args(["-d", &database]).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let mut running = Running::start(&mut command);
        let ended = running.child().wait();
        let succeeded = ended.is_ok_and(|status| status.success());
        assert!(
            succeeded,
            "certutil does not take the CA at {}",
            ca.display()
        );
    }
}
