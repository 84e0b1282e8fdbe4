//! What is committed is what is rendered, and can be told apart on every panel.

use super::*;
use resvg::tiny_skia::{Pixmap, PremultipliedColorU8};

/// Panels, from light to dark.
const PANELS: [[u8; 3]; 2] = [[0xf6, 0xf7, 0xf6], [0x2b, 0x2b, 0x2b]];

/// What WCAG asks of graphics.
const CONTRAST: f64 = 3.0;

fn folder() -> std::path::PathBuf {
    workspace::root().join("icons")
}

fn drawn(grid: u32, state: &str) -> Pixmap {
    let file = folder().join(format!("tray/{grid}/{state}.svg"));
    Drawing::read(&file).unwrap().render(grid).unwrap().0
}

#[test]
fn what_is_committed_is_what_is_rendered() {
    for Rendered { path, bytes } in render_all(&folder()).unwrap() {
        let committed = fs::read(folder().join(&path)).unwrap_or_default();
        let same = match path.ends_with(".png") {
            true => is_alike(&committed, &bytes),
            false => !committed.is_empty() && committed.len().abs_diff(bytes.len()) < 4096,
        };
        assert!(
            same,
            "{path}: run cargo xtask icons and commit what it writes"
        );
    }
}

/// Rounding differs a little among processors.
fn is_alike(one: &[u8], other: &[u8]) -> bool {
    let (Ok(one), Ok(other)) = (Pixmap::decode_png(one), Pixmap::decode_png(other)) else {
        return false;
    };
    let pairs = one.data().iter().zip(other.data());
    one.data().len() == other.data().len() && pairs.into_iter().all(|(a, b)| a.abs_diff(*b) <= 2)
}

#[test]
fn colours_are_seen_on_light_and_on_dark_panels() {
    for grid in TRAY_GRIDS {
        for state in STATES {
            let image = drawn(grid, state);
            let solid = image.pixels().iter().filter(|pixel| pixel.alpha() == 255);
            let solid: Vec<&PremultipliedColorU8> = solid.collect();
            assert!(solid.len() > 20, "{grid}/{state} has solid parts");
            for pixel in solid {
                let colour = [pixel.red(), pixel.green(), pixel.blue()];
                for panel in PANELS {
                    let contrast = contrast(colour, panel);
                    assert!(
                        contrast >= CONTRAST,
                        "{grid}/{state} on {panel:?}: {contrast}"
                    );
                }
            }
        }
    }
}

#[test]
fn shapes_differ_without_colour() {
    for grid in TRAY_GRIDS {
        let shapes = STATES.map(|state| {
            let image = drawn(grid, state);
            let pixels = image.pixels().iter();
            pixels.map(|p| p.alpha()).collect::<Vec<u8>>()
        });
        for (index, one) in shapes.iter().enumerate() {
            for (other_index, other) in shapes.iter().enumerate().skip(index + 1) {
                let pairs = one.iter().zip(other);
                let differing = pairs.filter(|(a, b)| a.abs_diff(**b) > 128).count();
                let states = (STATES[index], STATES[other_index]);
                assert!(
                    differing >= 4,
                    "{grid}: {states:?} differ in {differing} pixels"
                );
            }
        }
    }
}

#[test]
fn upright_lines_lie_on_the_grid() {
    for grid in TRAY_GRIDS {
        let image = drawn(grid, "live");
        // The stem below the ring: full or empty, nothing between.
        let y = grid * 3 / 4 + 1;
        let row = (0..grid).filter_map(|x| image.pixel(x, y));
        let middle = row.skip(grid as usize / 2 - 2).take(4);
        let alphas: Vec<u8> = middle.map(|pixel| pixel.alpha()).collect();
        assert_eq!(alphas, [0, 255, 255, 0], "{grid}");
    }
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Relative luminance as WCAG defines it.
fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|channel| {
        let channel = f64::from(channel) / 255.0;
        match channel <= 0.04045 {
            true => channel / 12.92,
            false => ((channel + 0.055) / 1.055).powf(2.4),
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}
