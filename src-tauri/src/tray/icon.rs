//! The drawings of the tray icon, at the size and of the kind that the system wants.

use holdfast_desktop::icon::Icon;
use tauri::Result;
use tauri::image::Image;
use tauri::tray::TrayIcon;

/// PNG files of the five states, in the order of [`Icon::ALL`].
type Drawings = [&'static [u8]; 5];

macro_rules! drawings {
    ($folder:literal, $ending:literal) => {
        [
            include_bytes!(concat!("../../../icons/tray/", $folder, "/live", $ending)),
            include_bytes!(concat!(
                "../../../icons/tray/",
                $folder,
                "/expiring",
                $ending
            )),
            include_bytes!(concat!(
                "../../../icons/tray/",
                $folder,
                "/needs-you",
                $ending
            )),
            include_bytes!(concat!(
                "../../../icons/tray/",
                $folder,
                "/offline",
                $ending
            )),
            include_bytes!(concat!("../../../icons/tray/", $folder, "/locked", $ending)),
        ]
    };
}

// Twice as many pixels as the grid they are drawn on: sharp on screens of both densities.
#[cfg(target_os = "macos")]
const TEMPLATE: Drawings = drawings!("22", "-template@2x.png");
#[cfg(not(target_os = "macos"))]
const SMALL: Drawings = drawings!("16", "@2x.png");
#[cfg(not(any(target_os = "macos", windows)))]
const MEDIUM: Drawings = drawings!("22", "@2x.png");
#[cfg(not(any(target_os = "macos", windows)))]
const LARGE: Drawings = drawings!("24", "@2x.png");

/// The drawing of a state.
pub(super) fn image(icon: Icon) -> Result<Image<'static>> {
    let index = Icon::ALL.iter().position(|known| *known == icon);
    Image::from_bytes(drawings()[index.unwrap_or_default()])
}

/// Shows a state in the tray.
pub(super) fn show(tray: &TrayIcon, icon: Icon) -> Result<()> {
    tray.set_icon_with_as_template(Some(image(icon)?), cfg!(target_os = "macos"))
}

#[cfg(target_os = "macos")]
fn drawings() -> &'static Drawings {
    &TEMPLATE
}

#[cfg(windows)]
fn drawings() -> &'static Drawings {
    &SMALL
}

#[cfg(not(any(target_os = "macos", windows)))]
fn drawings() -> &'static Drawings {
    let desktop = std::env::var("XDG_CURRENT_DESKTOP").unwrap_or_default();
    match grid(&desktop) {
        16 => &SMALL,
        24 => &LARGE,
        _ => &MEDIUM,
    }
}

/// The size at which a desktop shows tray icons. Another one is no harm, only less sharp.
#[cfg(not(any(target_os = "macos", windows)))]
fn grid(desktop: &str) -> u32 {
    let is = |name: &str| {
        desktop
            .split(':')
            .any(|part| part.eq_ignore_ascii_case(name))
    };
    if is("GNOME") {
        16
    } else if is("X-Cinnamon") || is("MATE") {
        24
    } else {
        22
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_a_drawing_of_its_own() {
        let images = Icon::ALL.map(|icon| image(icon).expect("the PNG is one"));
        for (index, one) in images.iter().enumerate() {
            assert_eq!(one.width(), one.height());
            let others = images.iter().skip(index + 1);
            assert!(others.map(Image::rgba).all(|other| other != one.rgba()));
        }
    }

    #[test]
    #[cfg(not(any(target_os = "macos", windows)))]
    fn desktops_show_icons_at_their_size() {
        for (desktop, expect) in [
            ("ubuntu:GNOME", 16),
            ("X-Cinnamon", 24),
            ("XFCE", 22),
            ("KDE", 22),
            ("", 22),
        ] {
            assert_eq!(grid(desktop), expect, "{desktop}");
        }
    }
}
