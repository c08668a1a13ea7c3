//! The colours. They say two things only: how far a zone is trusted, from warm
//! to cool, and how large a risk is.

/// A colour of a picture, in light and in dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    /// The name; a page sets the variable `--ub-NAME`.
    pub name: &'static str,
    /// On light paper.
    pub light: &'static str,
    /// On dark paper.
    pub dark: &'static str,
}

const fn colour(name: &'static str, light: &'static str, dark: &'static str) -> Colour {
    Colour { name, light, dark }
}

/// The colours of a picture, for a page that switches between themes itself.
pub fn palette() -> &'static [Colour] {
    COLOURS
}

pub(super) const COLOURS: &[Colour] = &[
    colour("paper", "#ffffff", "#12161c"),
    colour("text", "#1c2530", "#e8edf3"),
    colour("muted", "#5d6876", "#9aa7b6"),
    colour("system", "#fbfcfd", "#171c23"),
    colour("system-line", "#b9c2cd", "#3d4754"),
    colour("zone-halo", "#f6f8fb", "#1b212a"),
    colour("internet", "#fdf1ec", "#241d1b"),
    colour("internet-line", "#efd3c6", "#47362f"),
    colour("partner", "#fcf5e8", "#282214"),
    colour("partner-line", "#ecdcb9", "#4b4025"),
    colour("edge", "#f4f5f8", "#1c222b"),
    colour("edge-line", "#d9dee6", "#343e4b"),
    colour("application", "#eef4fb", "#18222f"),
    colour("application-line", "#cfdeee", "#2c3f57"),
    colour("data", "#e9f5f2", "#162220"),
    colour("data-line", "#c3e0d8", "#28413c"),
    colour("control", "#f2f0f8", "#211e2d"),
    colour("control-line", "#d9d3ea", "#3d3753"),
    colour("box", "#ffffff", "#222a34"),
    colour("box-line", "#a9b4c2", "#566375"),
    colour("tile", "#eef1f5", "#2e3845"),
    colour("glyph", "#33475f", "#c6d3e2"),
    colour("call", "#4a5a6e", "#a3b2c4"),
    colour("access", "#7b8ba0", "#74859a"),
    colour("way", "#6d3bb8", "#bd93f9"),
    colour("flow-label", "#4a5666", "#b4c0ce"),
    colour("chip", "#fff8dc", "#3a3315"),
    colour("chip-line", "#c9ad55", "#8f7a2e"),
    colour("chip-text", "#5c4a0c", "#f0df9c"),
    colour("rule", "#e3e7ed", "#343e4b"),
    colour("ring", "#1f6feb", "#58a6ff"),
    colour("critical", "#a3123a", "#e0436b"),
    colour("high", "#d4500f", "#f0763a"),
    colour("medium", "#b98500", "#dba520"),
    colour("low", "#3d7ea6", "#5aa2cc"),
    colour("very-low", "#e9edf2", "#3a4553"),
    colour("very-low-line", "#a9b4c2", "#66748a"),
    colour("number", "#ffffff", "#12161c"),
];
