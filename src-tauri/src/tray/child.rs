//! The processes of the main window and of the popup.

use holdfast_desktop::page::PageName;
use serde_json::json;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::thread;

/// A window's process. Its end of the pipe closes with this, and the process ends then.
pub(super) struct Window {
    orders: ChildStdin,
}

impl Window {
    /// Starts this program in another role; `ended` is called on a thread of its own.
    pub(super) fn start(
        arguments: &[&str],
        ended: impl FnOnce(io::Result<ExitStatus>) + Send + 'static,
    ) -> io::Result<Self> {
        let mut child: Child = Command::new(program()?)
            .args(arguments)
            .arg("--attached")
            // Pages of text gain nothing from the GPU, and the first picture comes a third sooner without.
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .stdin(Stdio::piped())
            .spawn()?;
        let orders = child.stdin.take();
        thread::Builder::new()
            .name("window".to_owned())
            .spawn(move || ended(child.wait()))?;
        let orders = orders.ok_or_else(|| io::Error::other("the window takes no orders"))?;
        Ok(Self { orders })
    }

    /// Brings it to the front with a page.
    pub(super) fn show(&mut self, page: PageName, profile: Option<&str>) -> io::Result<()> {
        let mut line = json!({ "show": page, "profile": profile }).to_string();
        line.push('\n');
        self.orders.write_all(line.as_bytes())
    }
}

/// This program. An update may have replaced its file; what runs is then still there under `/proc`.
fn program() -> io::Result<PathBuf> {
    let program = std::env::current_exe()?;
    if cfg!(target_os = "linux") && !program.exists() {
        return Ok(PathBuf::from("/proc/self/exe"));
    }
    Ok(program)
}
