//! Charts as SVG text, drawn by the plotters library. They have no style attributes: the site's content security
//! policy forbids them, and its style sheet colours text for light and dark screens.

use plotters::prelude::*;

/// One value of a chart with its label.
pub(crate) struct Bar {
    pub(crate) label: String,
    pub(crate) value: u32,
    /// Drawn in another colour, to draw attention.
    pub(crate) marked: bool,
}

const BLUE: RGBColor = RGBColor(20, 101, 127);
const AMBER: RGBColor = RGBColor(176, 90, 0);
const LINE: RGBColor = RGBColor(140, 155, 160);
/// Tiles in a row; `TILE` is the size of one in pixels.
const ACROSS: usize = 4;
const TILE: (i32, i32) = (180, 84);
const BARS: (u32, u32) = (720, 260);
const FONT: (&str, i32) = ("sans-serif", 16);

/// A grid with a tile for each label, darker for larger values.
pub(crate) fn tiles(bars: &[Bar]) -> String {
    let rows = bars.len().div_ceil(ACROSS);
    let size = |count: usize, pixels: i32| u32::try_from(count).unwrap_or(1) * pixels.unsigned_abs();
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(1);
    let mut svg = String::new();
    let area = SVGBackend::with_string(&mut svg, (size(ACROSS, TILE.0), size(rows.max(1), TILE.1))).into_drawing_area();
    for (place, bar) in bars.iter().enumerate() {
        let at = |cells: usize, pixels: i32| i32::try_from(cells).unwrap_or(0) * pixels;
        let (x, y) = (at(place % ACROSS, TILE.0), at(place / ACROSS, TILE.1));
        let corners = [(x + 3, y + 3), (x + TILE.0 - 3, y + TILE.1 - 3)];
        let colour = if bar.marked { AMBER } else { BLUE };
        let fill = colour.mix(0.08 + 0.5 * f64::from(bar.value) / f64::from(most)).filled();
        let text = |dy: i32, words: String| Text::new(words, (x + 14, y + dy), FONT.into_font());
        // Drawing into a string fails only for lack of memory; the page then lacks a chart.
        let _ = area.draw(&Rectangle::new(corners, fill));
        let _ = area.draw(&Rectangle::new(corners, colour.stroke_width(if bar.marked { 3 } else { 1 })));
        let _ = area.draw(&text(16, bar.label.clone()));
        let _ = area.draw(&text(46, bar.value.to_string()));
    }
    let _ = area.present();
    drop(area);
    svg
}

/// A bar chart, each bar with its value above and its label below.
pub(crate) fn bars(bars: &[Bar]) -> String {
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(1);
    let mut svg = String::new();
    let area = SVGBackend::with_string(&mut svg, BARS).into_drawing_area();
    let count = i32::try_from(bars.len().max(1)).unwrap_or(1);
    let width = i32::try_from(BARS.0).unwrap_or(0) / count;
    let (floor, height) = (i32::try_from(BARS.1).unwrap_or(0) - 34, 180.0);
    for (bar, place) in bars.iter().zip(0..) {
        let x = place * width;
        // The cast is safe: the quotient is at most one.
        #[allow(clippy::cast_possible_truncation)]
        let top = floor - (height * f64::from(bar.value) / f64::from(most)) as i32;
        let text = |y: i32, words: String| Text::new(words, (x + 10, y), FONT.into_font());
        let _ = area.draw(&Rectangle::new([(x + 10, top), (x + width - 10, floor)], BLUE.mix(0.75).filled()));
        let _ = area.draw(&text(top - 22, bar.value.to_string()));
        let _ = area.draw(&text(floor + 10, bar.label.clone()));
    }
    let _ = area.draw(&PathElement::new([(0, floor), (i32::try_from(BARS.0).unwrap_or(0), floor)], LINE));
    let _ = area.present();
    drop(area);
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_are_plain_svg_with_their_labels_escaped() {
        let labelled = |label: &str, value| Bar { label: label.to_owned(), value, marked: value > 3 };
        let given = [labelled("平桥镇", 4), labelled("<script>", 0)];
        for svg in [tiles(&given), bars(&given), tiles(&[]), bars(&[])] {
            assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{svg}");
            assert!(!svg.contains(" style=") && !svg.contains("<script>"), "{svg}");
        }
        assert!(tiles(&given).contains("平桥镇") && bars(&given).contains("&lt;script&gt;"));
    }
}
