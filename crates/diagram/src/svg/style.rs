//! Colours, lines and letters. Colour says two things only: how far a zone is
//! trusted, from warm to cool, and how large a risk is.

use underbelly_model::Band;

use super::Theme;

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

/// The style sheet of a theme.
pub(super) fn sheet(theme: Theme) -> String {
    match theme {
        Theme::Light => format!("{SHAPES}{LIGHT}"),
        Theme::Dark => format!("{SHAPES}{DARK}"),
        Theme::Auto => {
            format!("{SHAPES}{LIGHT}@media (prefers-color-scheme: dark) {{{DARK}}}\n")
        }
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
.ub .ub-ring { fill: none; stroke-width: 3; }
.ub .ub-band-very-low { stroke-width: 1.2; }
.ub .ub-system-name, .ub .ub-zone-name { paint-order: stroke; stroke-width: 4; stroke-linejoin: round; }
";

const LIGHT: &str = "
.ub .ub-paper { fill: #ffffff; }
.ub text, .ub .ub-name, .ub .ub-row { fill: #1c2530; }
.ub .ub-kind, .ub .ub-zone-name, .ub .ub-more, .ub .ub-legend { fill: #5d6876; }
.ub .ub-system { fill: #fbfcfd; stroke: #b9c2cd; }
.ub .ub-zone-internet { fill: #fdf1ec; stroke: #efd3c6; }
.ub .ub-zone-partner { fill: #fcf5e8; stroke: #ecdcb9; }
.ub .ub-zone-edge { fill: #f4f5f8; stroke: #d9dee6; }
.ub .ub-zone-application { fill: #eef4fb; stroke: #cfdeee; }
.ub .ub-zone-data { fill: #e9f5f2; stroke: #c3e0d8; }
.ub .ub-zone-control { fill: #f2f0f8; stroke: #d9d3ea; }
.ub .ub-box { fill: #ffffff; stroke: #a9b4c2; }
.ub .ub-tile { fill: #eef1f5; }
.ub .ub-glyph { stroke: #33475f; }
.ub .ub-glyph-solid { fill: #33475f; }
.ub .ub-wire { stroke: #4a5a6e; }
.ub .ub-access { stroke: #7b8ba0; }
.ub .ub-delivery { stroke: #7b8ba0; }
.ub .ub-head { fill: #4a5a6e; }
.ub .ub-head-access, .ub .ub-head-delivery { fill: #7b8ba0; }
.ub .ub-flow-label { fill: #4a5666; }
.ub .ub-badge { fill: #ffffff; stroke: #a9b4c2; }
.ub .ub-chip-box { fill: #fff8dc; stroke: #c9ad55; }
.ub .ub-chip { fill: #5c4a0c; }
.ub .ub-rule { stroke: #e3e7ed; }
.ub .ub-ring { stroke: #1f6feb; }
.ub .ub-gap { fill: #ffffff; }
.ub .ub-fill-critical { fill: #a3123a; }
.ub .ub-fill-high { fill: #d4500f; }
.ub .ub-fill-medium { fill: #b98500; }
.ub .ub-fill-low { fill: #3d7ea6; }
.ub .ub-fill-very-low { fill: #e9edf2; stroke: #a9b4c2; }
.ub .ub-system-name { stroke: #fbfcfd; }
.ub .ub-zone-name { stroke: #f6f8fb; }
.ub .ub-number { fill: #ffffff; }
.ub .ub-number-very-low { fill: #4a5666; }
";

const DARK: &str = "
.ub .ub-paper { fill: #12161c; }
.ub text, .ub .ub-name, .ub .ub-row { fill: #e8edf3; }
.ub .ub-kind, .ub .ub-zone-name, .ub .ub-more, .ub .ub-legend { fill: #9aa7b6; }
.ub .ub-system { fill: #171c23; stroke: #3d4754; }
.ub .ub-zone-internet { fill: #241d1b; stroke: #47362f; }
.ub .ub-zone-partner { fill: #282214; stroke: #4b4025; }
.ub .ub-zone-edge { fill: #1c222b; stroke: #343e4b; }
.ub .ub-zone-application { fill: #18222f; stroke: #2c3f57; }
.ub .ub-zone-data { fill: #162220; stroke: #28413c; }
.ub .ub-zone-control { fill: #211e2d; stroke: #3d3753; }
.ub .ub-box { fill: #222a34; stroke: #566375; }
.ub .ub-tile { fill: #2e3845; }
.ub .ub-glyph { stroke: #c6d3e2; }
.ub .ub-glyph-solid { fill: #c6d3e2; }
.ub .ub-wire { stroke: #a3b2c4; }
.ub .ub-access { stroke: #74859a; }
.ub .ub-delivery { stroke: #74859a; }
.ub .ub-head { fill: #a3b2c4; }
.ub .ub-head-access, .ub .ub-head-delivery { fill: #74859a; }
.ub .ub-flow-label { fill: #b4c0ce; }
.ub .ub-badge { fill: #222a34; stroke: #566375; }
.ub .ub-chip-box { fill: #3a3315; stroke: #8f7a2e; }
.ub .ub-chip { fill: #f0df9c; }
.ub .ub-rule { stroke: #343e4b; }
.ub .ub-ring { stroke: #58a6ff; }
.ub .ub-gap { fill: #12161c; }
.ub .ub-fill-critical { fill: #e0436b; }
.ub .ub-fill-high { fill: #f0763a; }
.ub .ub-fill-medium { fill: #dba520; }
.ub .ub-fill-low { fill: #5aa2cc; }
.ub .ub-fill-very-low { fill: #3a4553; stroke: #66748a; }
.ub .ub-system-name { stroke: #171c23; }
.ub .ub-zone-name { stroke: #1b212a; }
.ub .ub-number { fill: #12161c; }
.ub .ub-number-very-low { fill: #c6d3e2; }
";
