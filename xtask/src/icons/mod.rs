//! `cargo xtask icons`: every size of every icon, rendered from the drawings in `icons/`.
//!
//! What is rendered is committed, so that a build needs none of this.

mod container;
mod render;
#[cfg(test)]
mod tests;

use crate::workspace;
use anyhow::{Context, Result};
use container::{icns, ico};
use render::Drawing;
use std::fs;
use std::path::Path;

/// Grids that the tray's drawings are made for.
const TRAY_GRIDS: [u32; 3] = [16, 22, 24];

/// The grid of macOS' menu bar.
const TEMPLATE_GRID: u32 = 22;

/// States of the tray icon.
const STATES: [&str; 5] = ["live", "expiring", "needs-you", "offline", "locked"];

/// Sizes of the app's icon in pixels.
const APP_SIZES: [u32; 8] = [16, 32, 48, 64, 128, 256, 512, 1024];

/// Up to here the app's icon is the drawing with fewer details.
const SMALL: u32 = 48;

/// Sizes in the file for Windows.
const ICO_SIZES: [u32; 5] = [16, 32, 48, 64, 256];

/// A rendered file.
struct Rendered {
    /// Its path below `icons/`.
    path: String,
    bytes: Vec<u8>,
}

/// Writes all of them.
pub(crate) fn run() -> Result<()> {
    let folder = workspace::root().join("icons");
    for Rendered { path, bytes } in render_all(&folder)? {
        let file = folder.join(path);
        fs::write(&file, bytes).with_context(|| format!("{} cannot be written", file.display()))?;
    }
    Ok(())
}

fn render_all(folder: &Path) -> Result<Vec<Rendered>> {
    let mut all = tray(folder)?;
    all.extend(app(folder)?);
    Ok(all)
}

fn tray(folder: &Path) -> Result<Vec<Rendered>> {
    let mut all = Vec::new();
    for grid in TRAY_GRIDS {
        for state in STATES {
            let name = format!("tray/{grid}/{state}");
            let drawing = Drawing::read(&folder.join(format!("{name}.svg")))?;
            for (density, mark) in [(1, ""), (2, "@2x")] {
                all.push(Rendered {
                    path: format!("{name}{mark}.png"),
                    bytes: drawing.render(grid * density)?.png()?,
                });
            }
            if grid == TEMPLATE_GRID {
                let template = drawing.in_black();
                all.push(Rendered {
                    path: format!("{name}-template@2x.png"),
                    bytes: template.render(grid * 2)?.png()?,
                });
            }
        }
    }
    Ok(all)
}

fn app(folder: &Path) -> Result<Vec<Rendered>> {
    let small = Drawing::read(&folder.join("app/small.svg"))?;
    let large = Drawing::read(&folder.join("app/app.svg"))?;
    let mut sizes = Vec::new();
    for size in APP_SIZES {
        let drawing = if size <= SMALL { &small } else { &large };
        sizes.push((size, drawing.render(size)?.png()?));
    }
    let in_ico: Vec<_> = sizes
        .iter()
        .filter(|(size, _)| ICO_SIZES.contains(size))
        .map(|(size, png)| (*size, png.as_slice()))
        .collect();
    let in_icns: Vec<_> = sizes
        .iter()
        .map(|(size, png)| (*size, png.as_slice()))
        .collect();
    let mut all = vec![
        Rendered {
            path: "app/holdfast.ico".to_owned(),
            bytes: ico(&in_ico)?,
        },
        Rendered {
            path: "app/holdfast.icns".to_owned(),
            bytes: icns(&in_icns)?,
        },
    ];
    all.extend(sizes.into_iter().map(|(size, bytes)| Rendered {
        path: format!("app/{size}.png"),
        bytes,
    }));
    Ok(all)
}
