//! The files that hold an icon in several sizes: Windows' ICO and Apple's ICNS, both with PNG inside.

use anyhow::{Context, Result};

/// Type codes of ICNS entries by the pixels of their PNG: some sizes have one for each density.
const ICNS_TYPES: [(u32, &[&[u8; 4]]); 6] = [
    (32, &[b"ic11"]),
    (64, &[b"ic12"]),
    (128, &[b"ic07"]),
    (256, &[b"ic13", b"ic08"]),
    (512, &[b"ic14", b"ic09"]),
    (1024, &[b"ic10"]),
];

/// Pairs of pixels and PNG as ICO.
pub(super) fn ico(images: &[(u32, &[u8])]) -> Result<Vec<u8>> {
    const HEADER: usize = 6;
    const ENTRY: usize = 16;
    let count = u16::try_from(images.len())?;
    let mut file = vec![0, 0, 1, 0];
    file.extend(count.to_le_bytes());
    let mut offset = HEADER + ENTRY * images.len();
    for (pixels, png) in images {
        // 256 is written as 0.
        let side = u8::try_from(pixels % 256).context("Windows knows at most 256 pixels")?;
        file.extend([side, side, 0, 0, 1, 0, 32, 0]);
        file.extend(u32::try_from(png.len())?.to_le_bytes());
        file.extend(u32::try_from(offset)?.to_le_bytes());
        offset += png.len();
    }
    for (_, png) in images {
        file.extend_from_slice(png);
    }
    Ok(file)
}

/// Pairs of pixels and PNG as ICNS; sizes that it has no place for are left out.
pub(super) fn icns(images: &[(u32, &[u8])]) -> Result<Vec<u8>> {
    let mut entries = Vec::new();
    for (pixels, types) in ICNS_TYPES {
        let png = images.iter().find(|(size, _)| *size == pixels);
        let (_, png) = png.with_context(|| format!("no icon of {pixels} pixels"))?;
        for kind in types {
            entries.extend_from_slice(*kind);
            entries.extend(u32::try_from(png.len() + 8)?.to_be_bytes());
            entries.extend_from_slice(png);
        }
    }
    let mut file = b"icns".to_vec();
    file.extend(u32::try_from(entries.len() + 8)?.to_be_bytes());
    file.extend(entries);
    Ok(file)
}
