//! A notification on the screen as Xfce's daemon draws it: a row of buttons along the lower edge.

use super::display::{Area, Hands, Window};
use super::notification::Notification;
use crate::command::wait_for;

/// Name of the daemon's windows.
const CLASS: &str = "xfce4-notifyd";

/// Height above the lower edge at which the row meets every button and no text of one.
const ROW: usize = 20;

/// Narrower stretches of another colour are edges, not buttons.
const NARROWEST: usize = 20;

/// The bubbles that are open, in the order in which they came; clicks one of their buttons.
///
/// # Panics
/// When the bubble or the button is not on the screen.
pub(super) fn click(hands: &Hands, open: &[Notification], wanted: &Notification, label: &str) {
    let number = shown_labels(wanted).position(|shown| shown == label);
    let number = number.unwrap_or_else(|| panic!("no button {label}: {wanted:?}"));
    let count = shown_labels(wanted).count();
    let alike = open
        .iter()
        .filter(|other| shown_labels(other).count() == count);
    let place = alike.map(|other| other.id).position(|id| id == wanted.id);
    let place = place.unwrap_or_else(|| panic!("closed already: {wanted:?}"));
    let (x, y) = wait_for(&format!("the bubble with the button {label}"), || {
        let mut rows: Vec<_> = hands
            .windows_of(CLASS)
            .iter()
            .filter_map(|window| buttons(hands, window))
            .filter(|(_, buttons)| buttons.len() == count)
            .collect();
        rows.sort_by_key(|(area, _)| area.y);
        let (area, buttons) = rows.get(place)?;
        let y = area.y + area.height - i32::try_from(ROW).ok()?;
        Some((area.x + buttons[number], y))
    });
    hands.click(x, y);
}

/// A daemon draws no button for what has no label.
fn shown_labels(notification: &Notification) -> impl Iterator<Item = &str> {
    let labels = notification.actions.iter().map(|(_, label)| label.as_str());
    labels.filter(|label| !label.is_empty())
}

/// Where a bubble is, and the middles of its buttons from its left edge.
fn buttons(hands: &Hands, window: &Window) -> Option<(Area, Vec<i32>)> {
    let area = hands.area(window)?;
    let width = usize::try_from(area.width).ok()?;
    let height = usize::try_from(area.height).ok()?;
    let pixels = hands.pixels(window)?;
    let start = height.checked_sub(ROW)? * width * 3;
    let row = pixels.get(start..start + width * 3)?;
    Some((area, middles(row)))
}

/// Middles of the stretches that differ from the colour beside the left edge.
fn middles(row: &[u8]) -> Vec<i32> {
    let pixels: Vec<&[u8]> = row.chunks_exact(3).collect();
    let Some(background) = pixels.get(4) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut begin = None;
    for (x, pixel) in pixels.iter().enumerate() {
        match (pixel == background, begin) {
            (false, None) => begin = Some(x),
            (true, Some(first)) => {
                if x - first >= NARROWEST {
                    found.extend(i32::try_from(usize::midpoint(first, x)));
                }
                begin = None;
            }
            (false, Some(_)) | (true, None) => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::middles;

    #[test]
    fn buttons_stand_out_from_the_background() {
        let mut row = vec![255; 100 * 3];
        row[30 * 3..60 * 3].fill(200);
        row[65 * 3..95 * 3].fill(200);
        // The frame of the bubble is no button.
        row[0..3].fill(0);
        row[99 * 3..].fill(0);
        assert_eq!(middles(&row), [45, 80]);
        assert!(middles(&[255; 300]).is_empty());
    }
}
