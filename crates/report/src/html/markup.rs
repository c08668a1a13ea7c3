//! Where HTML is written: ours as it is, anybody's text neutralised and escaped.
//! Every tag is closed and every attribute quoted, so that the page is XML too.

use crate::paint::clean;

/// Around a name within a sentence; no clean text holds them.
const NAME: [char; 3] = ['\u{1}', '\u{2}', '\u{3}'];

#[derive(Debug, Default)]
pub(crate) struct Markup {
    html: String,
}

impl Markup {
    pub(crate) fn with_room_for(bytes: usize) -> Self {
        Self {
            html: String::with_capacity(bytes),
        }
    }

    pub(crate) fn finish(self) -> String {
        self.html
    }

    /// Markup of our own.
    pub(crate) fn raw(&mut self, markup: &str) {
        self.html.push_str(markup);
    }

    /// Text of anybody's, as content or within an attribute.
    pub(crate) fn text(&mut self, text: &str) {
        self.escape(&clean(text));
    }

    /// The same, where line breaks and tabs mean what they say.
    pub(crate) fn code(&mut self, text: &str) {
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                self.html.push('\n');
            }
            for (at, piece) in line.split('\t').enumerate() {
                if at > 0 {
                    self.html.push('\t');
                }
                self.text(piece);
            }
        }
    }

    pub(crate) fn number(&mut self, number: impl ToString) {
        self.html.push_str(&number.to_string());
    }

    /// An attribute of the tag that is open.
    pub(crate) fn attribute(&mut self, name: &str, value: &str) {
        self.raw(" ");
        self.raw(name);
        self.raw("=\"");
        self.text(value);
        self.raw("\"");
    }

    /// An element with nothing but text.
    pub(crate) fn element(&mut self, name: &str, text: &str) {
        self.open(name, "");
        self.text(text);
        self.close(name);
    }

    /// The same with a class.
    pub(crate) fn classed(&mut self, name: &str, class: &str, text: &str) {
        self.open(name, class);
        self.text(text);
        self.close(name);
    }

    /// The tag of an element, with a class or none.
    pub(crate) fn open(&mut self, name: &str, class: &str) {
        self.raw("<");
        self.raw(name);
        if !class.is_empty() {
            self.raw(" class=\"");
            self.raw(class);
            self.raw("\"");
        }
        self.raw(">");
    }

    pub(crate) fn close(&mut self, name: &str) {
        self.raw("</");
        self.raw(name);
        self.raw(">");
    }

    /// A link to something on this page.
    pub(crate) fn link_to(&mut self, id: &str, text: &str) {
        self.raw("<a href=\"#");
        self.raw(&fragment(&clean(id)));
        self.raw("\">");
        self.text(text);
        self.raw("</a>");
    }

    /// A link to somewhere else, if it is an address of the web; else its text.
    pub(crate) fn link_out(&mut self, address: &str) {
        let web = address.starts_with("https://") || address.starts_with("http://");
        if !web {
            return self.text(address);
        }
        self.raw("<a rel=\"noopener noreferrer\"");
        self.attribute("href", address);
        self.raw(">");
        self.text(address.trim_start_matches("https://"));
        self.raw("</a>");
    }

    /// Text in which what stands in back-ticks is code.
    pub(crate) fn prose(&mut self, text: &str) {
        let pieces: Vec<&str> = text.split('`').collect();
        // With an odd number of ticks the last one is only a tick.
        let n_paired = (pieces.len() - 1) / 2 * 2;
        for (at, piece) in pieces.iter().enumerate() {
            match at {
                at if at > n_paired => {
                    self.raw("`");
                    self.text(piece);
                }
                at if at % 2 == 1 => self.element("code", piece),
                _ => self.text(piece),
            }
        }
    }

    /// An element with such text.
    pub(crate) fn told(&mut self, name: &str, class: &str, text: &str) {
        self.open(name, class);
        self.prose(text);
        self.close(name);
    }

    /// A sentence with names in it, each made by [`name`].
    pub(crate) fn sentence(&mut self, sentence: &str) {
        let [begin, between, end] = NAME;
        let mut rest = sentence;
        while let Some((before, after)) = rest.split_once(begin) {
            self.prose(before);
            let (name, after) = after.split_once(end).unwrap_or((after, ""));
            let (path, name) = name.split_once(between).unwrap_or(("", name));
            self.raw("<b");
            self.attribute("data-path", path);
            self.raw(">");
            self.text(name);
            self.raw("</b>");
            rest = after;
        }
        self.prose(rest);
    }

    fn escape(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            let (before, after) = rest.split_at(at);
            self.html.push_str(before);
            let mut characters = after.chars();
            self.html.push_str(match characters.next() {
                Some('&') => "&amp;",
                Some('<') => "&lt;",
                Some('>') => "&gt;",
                Some('"') => "&quot;",
                Some(_) | None => "&#39;",
            });
            rest = characters.as_str();
        }
        self.html.push_str(rest);
    }
}

/// A name within a sentence, and the path of facts it came by.
pub(crate) fn name(path: &str, name: &str) -> String {
    let [begin, between, end] = NAME;
    format!("{begin}{path}{between}{name}{end}")
}

/// The part of an address that names something on this page.
fn fragment(id: &str) -> String {
    let mut fragment = String::with_capacity(id.len());
    for byte in id.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => fragment.push(char::from(byte)),
            b'-' | b'.' | b'_' | b'~' | b'@' | b':' | b'/' | b'*' | b'+' | b',' => {
                fragment.push(char::from(byte));
            }
            other => fragment.push_str(&format!("%{other:02X}")),
        }
    }
    fragment
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(write: impl FnOnce(&mut Markup), html: &str) {
        let mut markup = Markup::default();
        write(&mut markup);
        assert_eq!(markup.finish(), html);
    }

    #[test]
    fn text_stays_text() {
        check(
            |m| m.text("</script><b a='\"'>&amp;"),
            "&lt;/script&gt;&lt;b a=&#39;&quot;&#39;&gt;&amp;amp;",
        );
        check(|m| m.text("a\u{202e}b\nc"), "a\\u{202e}b\\nc");
        check(|m| m.code("a\n\tb\u{1b}"), "a\n\tb\\u{1b}");
    }

    #[test]
    fn links_lead_here_or_to_the_web() {
        check(
            |m| m.link_to("open@A b:url", "x"),
            "<a href=\"#open@A%20b:url\">x</a>",
        );
        check(|m| m.link_out("javascript:alert(1)"), "javascript:alert(1)");
        check(
            |m| m.link_out("https://a.b/?c=\"&d"),
            "<a rel=\"noopener noreferrer\" href=\"https://a.b/?c=&quot;&amp;d\">a.b/?c=&quot;&amp;d</a>",
        );
    }

    #[test]
    fn what_stands_in_ticks_is_code() {
        check(|m| m.prose("set `a<b` on"), "set <code>a&lt;b</code> on");
        check(|m| m.prose("a ` b"), "a ` b");
        check(|m| m.prose("`a` and `b"), "<code>a</code> and `b");
        check(|m| m.prose(""), "");
    }

    #[test]
    fn names_stand_out_in_sentences() {
        check(
            |m| m.sentence(&format!("calls {}.", name("target", "A<b>"))),
            "calls <b data-path=\"target\">A&lt;b&gt;</b>.",
        );
    }
}
