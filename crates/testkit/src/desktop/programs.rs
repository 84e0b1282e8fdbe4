//! Xfce's programs and the settings under which they stay out of a test's way.

use super::Desktop;
use super::display::Hands;
use crate::ScratchHome;
use crate::command::wait_until;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Folder of Xfce's settings, one file for each program.
const CHANNELS: &str = ".config/xfce4/xfconf/xfce-perchannel-xml";

/// Height of the panel, and width of each icon in the tray, in pixels.
const PANEL_SIZE: i32 = 32;

/// How long the panel may take to show a menu.
const OPENS_WITHIN: Duration = Duration::from_secs(1);

/// Name of the windows of the panel's parts, to which menus belong.
const PLUGIN_CLASS: &str = "wrapper-2.0";

/// A panel along the top with the tray at its right end.
const PANEL: &str = r#"<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="{size}"/>
      <property name="icon-size" type="uint" value="22"/>
      <property name="plugin-ids" type="array">
        <value type="int" value="1"/>
        <value type="int" value="2"/>
        <value type="int" value="3"/>
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="separator">
      <property name="expand" type="bool" value="true"/>
      <property name="style" type="uint" value="0"/>
    </property>
    <property name="plugin-2" type="string" value="clock"/>
    <property name="plugin-3" type="string" value="systray"/>
  </property>
</channel>
"#;

/// Bubbles stay until the test is done with them, and are as opaque as a picture needs.
const NOTIFICATIONS: &str = r#"<channel name="xfce4-notifyd" version="1.0">
  <property name="expire-timeout-enabled" type="bool" value="false"/>
  <property name="initial-opacity" type="double" value="1.0"/>
  <property name="do-fadeout" type="bool" value="false"/>
  <property name="do-slideout" type="bool" value="false"/>
  <property name="notify-location" type="uint" value="2"/>
</channel>
"#;

/// No compositor: a window's pixels are the screen's.
const WINDOWS: &str = r#"<channel name="xfwm4" version="1.0">
  <property name="general" type="empty">
    <property name="use_compositing" type="bool" value="false"/>
    <property name="workspace_count" type="int" value="1"/>
  </property>
</channel>
"#;

/// Writes the settings of all programs into the home.
pub(super) fn configure(home: &ScratchHome) {
    for (channel, properties) in [
        ("xfce4-panel", PANEL),
        ("xfce4-notifyd", NOTIFICATIONS),
        ("xfwm4", WINDOWS),
    ] {
        let text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{properties}");
        let text = text.replace("{size}", &PANEL_SIZE.to_string());
        home.write(&format!("{CHANNELS}/{channel}.xml"), text);
    }
}

/// Serves the settings to the others.
pub(super) fn settings(desktop: &Desktop) -> Command {
    quiet(desktop, library_program("xfce4/xfconf/xfconfd"))
}

/// Places windows and gives them the keyboard.
pub(super) fn window_manager(desktop: &Desktop) -> Command {
    quiet(desktop, "xfwm4")
}

/// Hosts the tray.
pub(super) fn panel(desktop: &Desktop) -> Command {
    let mut command = quiet(desktop, "xfce4-panel");
    command.arg("--disable-wm-check");
    command
}

/// Clicks the tray's rightmost icon, and waits until its menu is on the screen.
pub(super) fn open_tray_menu(hands: &Hands, width: u32) {
    let middle = PANEL_SIZE / 2;
    let windows = || hands.windows_of(PLUGIN_CLASS).len();
    let before = windows();
    let right = i32::try_from(width).expect("a screen is not that wide");
    wait_until("the tray's menu is on the screen", || {
        // The icon may not be drawn yet; a second click on one that is would close its menu.
        hands.click(right - middle, middle);
        let clicked = Instant::now();
        while clicked.elapsed() < OPENS_WITHIN {
            if windows() > before {
                return true;
            }
        }
        false
    });
}

/// Shows notifications.
pub(super) fn notification_daemon(desktop: &Desktop) -> Command {
    quiet(desktop, library_program("xfce4/notifyd/xfce4-notifyd"))
}

/// What these programs complain about on a desktop this bare says nothing about a test.
fn quiet(desktop: &Desktop, program: impl AsRef<OsStr>) -> Command {
    let mut command = desktop.command(program);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// A program that is not on the path, in the folder of this machine's architecture.
fn library_program(name: &str) -> String {
    let architecture = std::env::consts::ARCH;
    let folders = [
        format!("/usr/lib/{architecture}-linux-gnu"),
        "/usr/lib".to_owned(),
        "/usr/lib64".to_owned(),
    ];
    folders
        .iter()
        .map(|folder| format!("{folder}/{name}"))
        .find(|path| Path::new(path).is_file())
        .unwrap_or_else(|| panic!("{name} is not installed; run: cargo xtask test"))
}
