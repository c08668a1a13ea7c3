//! Lines and letters, and what is painted in which colour. Every colour is a
//! variable with a fallback: alone a picture has the colours of its theme, in a
//! page those that the page sets (`--ub-paper: …`).

use std::fmt::Write as _;

use underbelly_model::Band;

use super::Theme;
use super::palette::{self, Colour};

/// The class of a zone; those of a library of one's own look like the middle.
pub(super) fn zone_class(id: &str) -> &'static str {
    match id {
        "internet" => "internet",
        "partner" => "partner",
        "edge" => "edge",
        "data" => "data",
        "control" => "control",
        _ => "application",
    }
}

/// The class of a band.
pub(super) fn band_class(band: Band) -> &'static str {
    match band {
        Band::VeryLow => "very-low",
        Band::Low => "low",
        Band::Medium => "medium",
        Band::High => "high",
        Band::Critical => "critical",
    }
}

/// The style sheet of a theme. It depends on nothing else, so that a page can
/// hold it once, or allow it by its digest.
pub fn style(theme: Theme) -> String {
    let mut sheet = SHAPES.to_owned();
    match theme {
        Theme::Light => paint(&mut sheet, |colour| colour.light.to_owned()),
        Theme::Dark => paint(&mut sheet, |colour| colour.dark.to_owned()),
        Theme::Auto => {
            // What does not know variables keeps the plain colour before them.
            paint(&mut sheet, |colour| colour.light.to_owned());
            let variable = |name: &str, value: &str| format!("var(--ub-{name}, {value})");
            paint(&mut sheet, |colour| variable(colour.name, colour.light));
            sheet.push_str("@media screen and (prefers-color-scheme: dark) {\n");
            paint(&mut sheet, |colour| variable(colour.name, colour.dark));
            sheet.push_str("}\n");
        }
    }
    sheet
}

/// Adds a rule for everything painted, in colours as `value` gives them.
fn paint(sheet: &mut String, value: impl Fn(&Colour) -> String) {
    for (selectors, fill, stroke) in PAINTED {
        let mut declarations = Vec::new();
        for (property, name) in [("fill", fill), ("stroke", stroke)] {
            let colour = palette::COLOURS.iter().find(|colour| colour.name == *name);
            declarations.extend(colour.map(|colour| format!("{property}: {}", value(colour))));
        }
        let selectors: Vec<String> = selectors.split(' ').map(|s| format!(".ub {s}")).collect();
        // A string takes whatever is written to it.
        let _ = writeln!(
            sheet,
            "{} {{ {} }}",
            selectors.join(", "),
            declarations.join("; ")
        );
    }
}

/// What tells bands apart where colours do not.
pub(super) const PATTERNS: &str = "<defs>\
<pattern id=\"ub-high\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
<rect class=\"ub-fill-high\" width=\"5\" height=\"5\"/><rect class=\"ub-gap\" width=\"1.2\" height=\"5\"/></pattern>\
<pattern id=\"ub-medium\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\">\
<rect class=\"ub-fill-medium\" width=\"5\" height=\"5\"/><rect class=\"ub-gap\" width=\"5\" height=\"1.6\"/></pattern>\
<pattern id=\"ub-low\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\">\
<rect class=\"ub-fill-low\" width=\"4\" height=\"4\"/><circle class=\"ub-gap\" cx=\"2\" cy=\"2\" r=\"1.1\"/></pattern>\
</defs>\n";

const SHAPES: &str = "
.ub text { font-family: Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; font-size: 11px; }
.ub .ub-system { stroke-width: 1.2; }
.ub .ub-zone { stroke-width: 1; }
.ub .ub-system-name { font-size: 13px; font-weight: 600; }
.ub .ub-zone-name { font-size: 11px; font-weight: 600; }
.ub .ub-name { font-size: 13px; font-weight: 600; }
.ub .ub-row { font-size: 12px; }
.ub .ub-chip { font-size: 10px; }
.ub .ub-badge-more { font-size: 9px; }
.ub .ub-number { font-size: 11px; font-weight: 600; }
.ub .ub-flow-label { font-size: 10.5px; }
.ub .ub-glyph { fill: none; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
.ub .ub-wire { fill: none; stroke-width: 1.5; stroke-linejoin: round; }
.ub .ub-access { stroke-width: 1.2; }
.ub .ub-delivery { stroke-width: 1.2; stroke-dasharray: 1.5 3.5; stroke-linecap: round; }
.ub .ub-possible { stroke-dasharray: 6 4; }
.ub .ub-no-permission { stroke-dasharray: 2 5; }
.ub .ub-box { stroke-width: 1.2; }
.ub .ub-outside .ub-box, .ub .ub-badge-outside { stroke-dasharray: 4 3; }
.ub .ub-way-line { stroke-width: 2.6; }
.ub .ub-way-box { stroke-width: 2.2; }
.ub .ub-ring { fill: none; stroke-width: 3; }
.ub .ub-band-very-low { stroke-width: 1.2; }
.ub .ub-system-name, .ub .ub-zone-name { paint-order: stroke; stroke-width: 4; stroke-linejoin: round; }
";

/// Selectors with the colours of their fill and stroke; later ones win.
const PAINTED: &[(&str, &str, &str)] = &[
    (".ub-paper", "paper", ""),
    ("text .ub-name .ub-row", "text", ""),
    (".ub-kind .ub-more .ub-legend .ub-badge-more", "muted", ""),
    (".ub-zone-name", "muted", "zone-halo"),
    (".ub-system", "system", "system-line"),
    (".ub-system-name", "text", "system"),
    (".ub-zone-internet", "internet", "internet-line"),
    (".ub-zone-partner", "partner", "partner-line"),
    (".ub-zone-edge", "edge", "edge-line"),
    (".ub-zone-application", "application", "application-line"),
    (".ub-zone-data", "data", "data-line"),
    (".ub-zone-control", "control", "control-line"),
    (".ub-box .ub-badge", "box", "box-line"),
    (".ub-tile", "tile", ""),
    (".ub-glyph", "", "glyph"),
    (".ub-glyph-solid", "glyph", ""),
    (".ub-wire", "", "call"),
    (".ub-access .ub-delivery", "", "access"),
    (".ub-head", "call", ""),
    (".ub-head-access .ub-head-delivery", "access", ""),
    (".ub-way-box .ub-way-line", "", "way"),
    (".ub-way-head", "way", ""),
    (".ub-flow-label", "flow-label", ""),
    (".ub-chip-box", "chip", "chip-line"),
    (".ub-chip", "chip-text", ""),
    (".ub-rule", "", "rule"),
    (".ub-ring", "", "ring"),
    (".ub-gap", "paper", ""),
    (".ub-fill-critical", "critical", ""),
    (".ub-fill-high", "high", ""),
    (".ub-fill-medium", "medium", ""),
    (".ub-fill-low", "low", ""),
    (".ub-fill-very-low", "very-low", "very-low-line"),
    (".ub-number", "number", ""),
    (".ub-number-very-low", "flow-label", ""),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_painted_has_colours_of_the_palette() {
        let known = |name: &str| palette::COLOURS.iter().any(|colour| colour.name == name);
        for (selectors, fill, stroke) in PAINTED {
            for name in [fill, stroke] {
                assert!(name.is_empty() || known(name), "{selectors}: {name}");
            }
        }
    }

    #[test]
    fn every_colour_is_used() {
        for colour in palette::COLOURS {
            let used = |name: &str| PAINTED.iter().any(|(_, a, b)| *a == name || *b == name);
            assert!(used(colour.name), "{} paints nothing", colour.name);
        }
    }

    #[test]
    fn variables_are_only_where_a_page_may_set_them() {
        assert!(style(Theme::Auto).contains("fill: var(--ub-paper, #ffffff)"));
        assert!(!style(Theme::Light).contains("var("));
        assert!(!style(Theme::Dark).contains("@media"));
    }
}
