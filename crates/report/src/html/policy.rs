//! What the page may do: nothing but its own styles and scripts, each allowed by
//! its digest. Nothing is fetched, nothing is sent, and no text becomes markup.

use underbelly_diagram::{Theme, palette, style};

use super::markup::Markup;

/// Style sheets, later ones win.
const STYLES: &[&str] = &[
    include_str!("assets/page.css"),
    include_str!("assets/threats.css"),
    include_str!("assets/findings.css"),
    include_str!("assets/diagram.css"),
    include_str!("assets/print.css"),
];

/// Run before anything is shown.
const FIRST: &str = include_str!("assets/first.js");

/// Run once everything is there, as one script, later ones use earlier ones.
const SCRIPTS: &[&str] = &[
    include_str!("assets/page.js"),
    include_str!("assets/model.js"),
    include_str!("assets/table.js"),
    include_str!("assets/filter.js"),
    include_str!("assets/diagram.js"),
    include_str!("assets/panel.js"),
    include_str!("assets/views.js"),
    include_str!("assets/start.js"),
];

/// The page's own styles and scripts.
pub(super) struct Assets {
    styles: String,
    scripts: String,
}

impl Assets {
    pub(super) fn new() -> Self {
        let mut styles = colours();
        styles.push_str(&style(Theme::Auto));
        styles.extend(STYLES.iter().copied());
        let mut scripts = String::from("'use strict';\n(() => {\n");
        scripts.extend(SCRIPTS.iter().copied());
        scripts.push_str("})();\n");
        Assets { styles, scripts }
    }

    /// Policy, styles and first script; before anything that would need them.
    pub(super) fn head(&self, markup: &mut Markup) {
        markup.raw("<meta http-equiv=\"Content-Security-Policy\"");
        markup.attribute("content", &self.policy());
        markup.raw("/>\n<style>");
        markup.raw(&self.styles);
        markup.raw("</style>\n<script>");
        markup.raw(FIRST);
        markup.raw("</script>\n");
    }

    pub(super) fn foot(&self, markup: &mut Markup) {
        markup.raw("<script>");
        markup.raw(&self.scripts);
        markup.raw("</script>\n");
    }

    fn policy(&self) -> String {
        format!(
            "default-src 'none'; style-src {}; script-src {} {}; img-src data:; \
             base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; \
             trusted-types 'none'",
            digest(&self.styles),
            digest(FIRST),
            digest(&self.scripts)
        )
    }
}

/// The diagram's colours as variables, light and dark, for the page to use too.
fn colours() -> String {
    let mut light = String::new();
    let mut dark = String::new();
    for colour in palette() {
        light.push_str(&format!("--ub-{}:{};", colour.name, colour.light));
        dark.push_str(&format!("--ub-{}:{};", colour.name, colour.dark));
    }
    format!(
        ":root{{{light}}}\n\
         @media screen{{\n\
         @media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\n\
         :root[data-theme=dark]{{{dark}}}\n}}\n"
    )
}

/// How a policy names a text it allows.
fn digest(text: &str) -> String {
    let digest = hmac_sha256::Hash::hash(text.as_bytes());
    format!("'sha256-{}'", base64(&digest))
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let letter = LETTERS.get((bits >> (18 - 6 * place) & 63) as usize);
            match letter {
                Some(letter) if place <= chunk.len() => text.push(char::from(*letter)),
                Some(_) | None => text.push('='),
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_everybody_computes() {
        assert_eq!(
            digest("abc"),
            "'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='"
        );
        assert_eq!(base64(b"a"), "YQ==");
        assert_eq!(base64(b"ab"), "YWI=");
    }

    #[test]
    fn nothing_of_ours_ends_its_element_early() {
        let assets = Assets::new();
        for text in [&assets.styles, &assets.scripts, FIRST] {
            assert!(!text.contains("</") && !text.contains("<!--"));
        }
    }
}
