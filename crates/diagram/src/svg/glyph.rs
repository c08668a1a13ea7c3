//! Small drawings of the kinds, in a square of 24 by 24, drawn for this
//! project. Lines only, but for dots.

/// The strokes of a kind's glyph, and its dots as `(x, y, radius)`.
pub(super) struct Glyph {
    pub strokes: &'static str,
    pub dots: &'static [(f64, f64, f64)],
}

const fn lines(strokes: &'static str) -> Glyph {
    Glyph { strokes, dots: &[] }
}

const fn dotted(strokes: &'static str, dots: &'static [(f64, f64, f64)]) -> Glyph {
    Glyph { strokes, dots }
}

pub(super) fn of(kind: &str) -> Glyph {
    entrance(kind)
        .or_else(|| work(kind))
        .or_else(|| store(kind))
        .or_else(|| guard(kind))
        .unwrap_or_else(|| {
            dotted(
                "M4 4H20V20H4Z M9.5 10a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8",
                &[(12.0, 17.0, 0.9)],
            )
        })
}

/// Who and what calls come from, and where they arrive.
fn entrance(kind: &str) -> Option<Glyph> {
    Some(match kind {
        "actor" => lines(
            "M12 4a3.6 3.6 0 1 1 0 7.2a3.6 3.6 0 1 1 0-7.2 M4.5 20.5c0-4 3.2-6.3 7.5-6.3s7.5 2.3 7.5 6.3",
        ),
        "external" => lines("M11 5H5V19H19V13 M14 4H20V10 M20 4L11.5 12.5"),
        "rest-api" => lines("M8 7L3.5 12L8 17 M16 7L20.5 12L16 17 M13.6 5.5L10.4 18.5"),
        "http-api" => lines("M8 7L3.5 12L8 17 M16 7L20.5 12L16 17 M9.5 12H14.5"),
        "websocket-api" => lines("M4 9H19L15.5 5.5 M20 15H5L8.5 18.5"),
        "graphql-api" => dotted(
            "M12 5V11 M12 11L6 17 M12 11L18 17",
            &[
                (12.0, 4.5, 2.0),
                (5.5, 18.0, 2.0),
                (18.5, 18.0, 2.0),
                (12.0, 11.0, 1.6),
            ],
        ),
        "function-url" => lines("M10 8H7.5a4 4 0 0 0 0 8H10 M14 8H16.5a4 4 0 0 1 0 8H14 M9 12H15"),
        "load-balancer" => dotted(
            "M5 12H10 M10 12L18 6 M10 12H18 M10 12L18 18",
            &[
                (4.5, 12.0, 2.0),
                (19.0, 5.5, 1.8),
                (19.5, 12.0, 1.8),
                (19.0, 18.5, 1.8),
            ],
        ),
        "cdn" => lines(
            "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 1 1 0-17 M3.5 12H20.5 M12 3.5c-5 5-5 12 0 17 M12 3.5c5 5 5 12 0 17",
        ),
        "dns-zone" => lines("M12 3V21 M12 5H18L20.5 7.5L18 10H12 M12 12H6L3.5 14.5L6 17H12"),
        "firewall" => lines(
            "M4 5H20V19H4Z M4 9.7H20 M4 14.3H20 M12 5V9.7 M8 9.7V14.3 M16 9.7V14.3 M12 14.3V19",
        ),
        "email-receiver" => lines("M3.5 6H20.5V18H3.5Z M3.5 7L12 13.5L20.5 7"),
        "device-rule" => lines(
            "M7 7H17V17H7Z M10 3.5V7 M14 3.5V7 M10 17V20.5 M14 17V20.5 M3.5 10H7 M3.5 14H7 M17 10H20.5 M17 14H20.5",
        ),
        "user-pool" => lines(
            "M9 5a3 3 0 1 1 0 6a3 3 0 1 1 0-6 M3 19c0-3.6 2.5-5.5 6-5.5s6 1.9 6 5.5 M15.5 5.3a3 3 0 0 1 0 5.4 M17.5 13.9c2.2.6 3.5 2.4 3.5 5.1",
        ),
        "identity-pool" => lines(
            "M3.5 6H20.5V18H3.5Z M8.5 9a1.8 1.8 0 1 1 0 3.6a1.8 1.8 0 1 1 0-3.6 M5.8 15.8c.3-1.5 1.3-2.2 2.7-2.2s2.4.7 2.7 2.2 M14 10.5H18 M14 13.5H18",
        ),
        _ => return None,
    })
}

/// What runs, and what carries messages.
fn work(kind: &str) -> Option<Glyph> {
    Some(match kind {
        "function" => lines(
            "M9 4.5c-2.2 0-2.8 1-2.8 2.8v2c0 1.6-.7 2.7-2.4 2.7c1.7 0 2.4 1.1 2.4 2.7v2c0 1.8.6 2.8 2.8 2.8 M15 4.5c2.2 0 2.8 1 2.8 2.8v2c0 1.6.7 2.7 2.4 2.7c-1.7 0-2.4 1.1-2.4 2.7v2c0 1.8-.6 2.8-2.8 2.8",
        ),
        "function-app" | "cloud-run-function" => {
            lines("M4 5H20V19H4Z M4 8.5H20 M10.5 11.5L8 13.8L10.5 16 M13.5 11.5L16 13.8L13.5 16")
        }
        "workflow" => lines("M4 4H10V9H4Z M14 15H20V20H14Z M7 9V17.5H14 M14 4H20V9H14Z M10 6.5H14"),
        "ai-agent" => lines(
            "M11 3.5L13 9.5L19 11.5L13 13.5L11 19.5L9 13.5L3 11.5L9 9.5Z M18.5 15.5V20.5 M16 18H21",
        ),
        "queue" => lines("M3.5 7H20.5 M3.5 17H20.5 M7 10V14 M12 10V14 M17 10V14"),
        "topic" => dotted(
            "M8.5 8a5.5 5.5 0 0 0 0 8 M15.5 8a5.5 5.5 0 0 1 0 8 M5.8 5.3a9.4 9.4 0 0 0 0 13.4 M18.2 5.3a9.4 9.4 0 0 1 0 13.4",
            &[(12.0, 12.0, 2.0)],
        ),
        "event-bus" => dotted(
            "M3.5 12H20.5 M7 12V6.5 M12 12V17.5 M17 12V6.5",
            &[(7.0, 5.5, 1.8), (12.0, 18.5, 1.8), (17.0, 5.5, 1.8)],
        ),
        "stream" => lines(
            "M3.5 8c3-3 5.5-3 8.5 0s5.5 3 8.5 0 M3.5 13c3-3 5.5-3 8.5 0s5.5 3 8.5 0 M3.5 18c3-3 5.5-3 8.5 0s5.5 3 8.5 0",
        ),
        "pipe" => lines("M3.5 8H9V16H3.5 M20.5 8H15V16H20.5 M9 10H15 M9 14H15"),
        "scheduler" => lines("M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 1 1 0-17 M12 7.5V12L15.5 14"),
        "group" => lines(
            "M4 4H10.5V10.5H4Z M13.5 4H20V10.5H13.5Z M4 13.5H10.5V20H4Z M13.5 13.5H20V20H13.5Z",
        ),
        _ => return None,
    })
}

/// Where data are kept.
fn store(kind: &str) -> Option<Glyph> {
    Some(match kind {
        "object-store" => lines(
            "M4 7c0-1.7 3.6-2.8 8-2.8s8 1.1 8 2.8s-3.6 2.8-8 2.8s-8-1.1-8-2.8 M4 7L6.3 18.3c.3 1.2 2.5 2 5.7 2s5.4-.8 5.7-2L20 7",
        ),
        "table" => lines("M4 5H20V19H4Z M4 9.5H20 M4 14.2H20 M10 9.5V19"),
        "database" => lines(
            "M5 6.5c0-1.6 3.1-2.6 7-2.6s7 1 7 2.6s-3.1 2.6-7 2.6s-7-1-7-2.6 M5 6.5V17.5c0 1.6 3.1 2.6 7 2.6s7-1 7-2.6V6.5 M5 12c0 1.6 3.1 2.6 7 2.6s7-1 7-2.6",
        ),
        "cache" => lines("M12.5 3.5L6 13H11.5L10.5 20.5L18 10.5H12.5Z"),
        "file-system" => lines("M3.5 6H9.5L11.5 8.5H20.5V18.5H3.5Z M3.5 11.5H20.5"),
        "log-group" => lines("M6 3.5H15L18.5 7V20.5H6Z M9 9.5H15 M9 13H15 M9 16.5H13"),
        "image-repository" => lines(
            "M12 3.5L19.5 7.5V16.5L12 20.5L4.5 16.5V7.5Z M4.5 7.5L12 11.5L19.5 7.5 M12 11.5V20.5",
        ),
        "layer" => {
            lines("M12 4L20.5 8.5L12 13L3.5 8.5Z M3.5 12.5L12 17L20.5 12.5 M3.5 16L12 20.5L20.5 16")
        }
        _ => return None,
    })
}

/// What decides over others.
fn guard(kind: &str) -> Option<Glyph> {
    Some(match kind {
        "role" => lines(
            "M6 4H18V11c0 5-3 8-6 9.5c-3-1.5-6-4.5-6-9.5Z M12 8a2 2 0 1 1 0 4a2 2 0 1 1 0-4 M8.8 16c.4-1.6 1.6-2.4 3.2-2.4s2.8.8 3.2 2.4",
        ),
        "key" => lines("M8 8a4 4 0 1 1 0 8a4 4 0 1 1 0-8 M12 12H20.5V15.5 M17 12V14.5"),
        "secret" => dotted(
            "M6 11H18V20H6Z M8.5 11V8a3.5 3.5 0 0 1 7 0V11",
            &[(12.0, 15.5, 1.6)],
        ),
        "security-group" => {
            lines("M12 3.5L19 6V11.5c0 4.5-3 7.5-7 9c-4-1.5-7-4.5-7-9V6Z M8.5 12L11 14.5L15.5 9.5")
        }
        "network" => dotted(
            "M12 6.5V12 M12 12L6.5 17 M12 12L17.5 17",
            &[(12.0, 5.0, 2.2), (5.5, 18.0, 2.2), (18.5, 18.0, 2.2)],
        ),
        "account" | "stack" => lines("M4 5H20V19H4Z M4 9H20"),
        _ => return None,
    })
}
