//! The HTML page: what those who get it rely on.

use std::collections::BTreeSet;

use crate::HOSTILE;
use crate::model::Made;
use crate::page::Page;

fn page(made: &Made) -> Page {
    Page::read(&made.html())
}

#[test]
fn every_threat_has_a_row_and_leads_to_what_is_told_of_it() {
    let page = page(&Made::of("Orders", 40));
    let rows = page.rows("threat-rows");
    assert_eq!(rows.len(), 40);
    assert!(rows[0][0].contains("99 critical"), "{:?}", rows[0]);
    assert!(rows[0][2].starts_with("Orders"), "{:?}", rows[0]);
    assert_eq!(page.texts("section", "finding").len(), 30);
    assert_eq!(page.rows("components-rows").len(), 4);
    assert_eq!(page.rows("flows-rows").len(), 4);
}

#[test]
fn evidence_shows_the_line_and_marks_the_place() {
    let page = page(&Made::of("Orders", 4));
    let lines = page.texts("figure", "source");
    assert!(
        lines.iter().any(|text| text.contains("2  Orders: x")),
        "{lines:?}"
    );
    let marked = page.with(|document| {
        let mut marks = document.descendants();
        marks.any(|node| node.has_tag_name("mark") && node.text() == Some("Orders"))
    });
    assert!(marked);
}

#[test]
fn links_within_the_page_arrive() {
    let page = page(&Made::of("Orders", 40));
    let ids: Vec<String> = page.values("id");
    let known: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(known.len(), ids.len(), "an id twice");
    for link in page.values("href") {
        let Some(id) = link.strip_prefix('#') else {
            continue;
        };
        assert!(known.contains(&id.to_owned()), "{link} leads nowhere");
    }
}

#[test]
fn hostile_names_are_texts_in_html() {
    let harmless = page(&Made::of("Orders", 3)).names();
    for (name, shown) in HOSTILE {
        let page = page(&Made::of(name, 3));
        assert!(page.text().contains(shown), "{shown}");
        assert!(
            page.rows("components-rows")
                .iter()
                .any(|row| row[0] == *shown)
        );
        assert_eq!(page.names(), harmless, "{name}");
        let dangerous = |c: char| c.is_control() && !"\n\t".contains(c) || c == '\u{202e}';
        assert!(!page.text().contains(dangerous), "{name}");
    }
}

#[test]
fn nothing_leads_out_but_references() {
    let page = page(&Made::of("javascript:alert(1)", 40));
    for link in page.values("href") {
        let known = ["#", "https://", "data:image/svg+xml,"];
        assert!(known.iter().any(|known| link.starts_with(known)), "{link}");
    }
    let names = page.names();
    for never in [
        "style", "src", "srcset", "iframe", "object", "form", "action", "base",
    ] {
        // The style sheet and scripts are the page's own; nothing carries its own style.
        let allowed = never == "style" && page.values("style").is_empty();
        assert!(allowed || !names.contains(never), "{never}");
    }
    assert!(
        names.iter().all(|name| !name.starts_with("on")),
        "{names:?}"
    );
    for text in page.styles.iter().chain(&page.scripts) {
        for never in [
            "http:",
            "https:",
            "url(http",
            "@import",
            "fetch(",
            "innerHTML",
            "eval(",
        ] {
            assert!(!text.contains(never), "{never}");
        }
    }
}

#[test]
fn the_policy_allows_the_pages_own_text_and_nothing_else() {
    let page = page(&Made::of("Orders", 3));
    let policy = page.values("content").into_iter();
    let policy = policy.into_iter().find(|text| text.contains("default-src"));
    let policy = policy.unwrap();
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    for never in ["unsafe", "http", "*"] {
        assert!(!policy.contains(never), "{policy}");
    }
    let allowed: BTreeSet<&str> = policy
        .split([' ', ';'])
        .filter(|word| word.starts_with("'sha256-"))
        .collect();
    let own = page.styles.iter().chain(&page.scripts);
    let own: Vec<String> = own.map(|text| digest(text)).collect();
    assert_eq!(allowed, own.iter().map(String::as_str).collect());
}

/// As a browser computes it; by another way than the page's.
fn digest(text: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bytes = hmac_sha256::Hash::hash(text.as_bytes());
    let bits: String = bytes.iter().map(|byte| format!("{byte:08b}")).collect();
    let letters = (0..bits.len()).step_by(6).map(|at| {
        let sextet = format!("{:0<6}", &bits[at..bits.len().min(at + 6)]);
        char::from(LETTERS[usize::from_str_radix(&sextet, 2).unwrap()])
    });
    format!("'sha256-{}='", letters.collect::<String>())
}

#[test]
fn nothing_gives_an_empty_page() {
    let page = page(&Made::empty());
    assert!(page.rows("threat-rows").is_empty());
    let text = page.text();
    for said in [
        "No threat is shown to be exposed.",
        "No component was found.",
        "No flow was found.",
        "No road from outside to data was found.",
        "No question is open.",
        "Everything was understood.",
    ] {
        assert!(text.contains(said), "{said}");
    }
}

#[test]
fn the_same_model_gives_the_same_page() {
    assert_eq!(Made::of("Orders", 30).html(), Made::of("Orders", 30).html());
}

#[test]
fn five_thousand_threats_are_rows_of_a_page_one_can_send() {
    let html = Made::of("Orders", 5_000).html();
    let rows = Page::read(&html).rows("threat-rows").len();
    // Those told alike share a row, in which each has its place.
    let lists = html.split("<ul class=\"listed\">").skip(1);
    let lists = lists.map(|list| list.split("</ul>").next().unwrap());
    let listed: Vec<usize> = lists.map(|list| list.matches("<li").count()).collect();
    let told = rows - listed.len() + listed.iter().sum::<usize>();
    assert_eq!(told, 5_000);
    assert!(html.len() < 5_000_000, "{}", html.len());
}

#[test]
fn ten_thousand_threats_show_no_more_source_than_a_page_holds() {
    let html = Made::of("Orders", 10_000).html();
    let shown = html.matches("<figure class=\"source\"").count();
    assert!((300..2_000).contains(&shown), "{shown}");
}
