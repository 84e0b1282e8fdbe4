//! Drawings to pixels.

use anyhow::{Context, Result};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};
use std::fs;
use std::path::Path;

/// A drawing as SVG.
pub(super) struct Drawing {
    text: String,
}

/// A drawing at one size.
pub(super) struct Image(pub(super) Pixmap);

impl Drawing {
    pub(super) fn read(file: &Path) -> Result<Self> {
        let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
        Ok(Self { text })
    }

    /// The same in black, for menu bars that colour it themselves.
    pub(super) fn in_black(&self) -> Self {
        let mut text = self.text.clone();
        if let Some(start) = text.find(" color=\"") {
            let value = start + " color=\"".len();
            let end = text[value..]
                .find('"')
                .map_or(value, |length| value + length);
            text.replace_range(value..end, "#000");
        }
        Self { text }
    }

    /// A square of so many pixels.
    pub(super) fn render(&self, pixels: u32) -> Result<Image> {
        let tree = Tree::from_str(&self.text, &Options::default())?;
        let mut pixmap = Pixmap::new(pixels, pixels).context("an icon has pixels")?;
        let side = tree.size().width();
        // Sizes of icons are small numbers, exact in every float.
        #[expect(clippy::cast_precision_loss, reason = "at most 1024")]
        let scale = pixels as f32 / side;
        resvg::render(
            &tree,
            Transform::from_scale(scale, scale),
            &mut pixmap.as_mut(),
        );
        Ok(Image(pixmap))
    }
}

impl Image {
    pub(super) fn png(&self) -> Result<Vec<u8>> {
        Ok(self.0.encode_png()?)
    }
}
