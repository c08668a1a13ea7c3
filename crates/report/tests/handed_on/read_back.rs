//! The readers, each called from one place.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// A sheet as a reader of spreadsheets sees it.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub name: String,
    /// Rows of equal length.
    pub rows: Vec<Vec<String>>,
    pub n_formulas: usize,
}

#[track_caller]
pub(crate) fn sheets(bytes: &[u8]) -> Vec<Sheet> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let names = book.sheet_names();
    let read = names.into_iter().map(|name| {
        let formulas = book.worksheet_formula(&name).unwrap();
        let cells = book.worksheet_range(&name).unwrap();
        Sheet {
            n_formulas: formulas.used_cells().count(),
            rows: cells
                .rows()
                .map(|row| row.iter().map(text).collect())
                .collect(),
            name,
        }
    });
    read.collect()
}

fn text(cell: &Data) -> String {
    match cell {
        Data::String(text) => text.clone(),
        Data::Float(n) => n.to_string(),
        Data::Empty => String::new(),
        other => panic!("{other:?}"),
    }
}

/// Records and fields, each record as long as the first and ended as RFC 4180
/// wants it.
#[track_caller]
pub(crate) fn csv(text: &str) -> Vec<Vec<String>> {
    assert!(text.ends_with("\r\n"));
    // What the reader would forgive: a line ended otherwise.
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    let records = reader.records().map(|record| {
        let record = record.unwrap();
        record.iter().map(str::to_owned).collect()
    });
    records.collect()
}

/// Markdown as shown.
#[derive(Debug)]
pub(crate) struct Page {
    pub text: String,
}

/// Fails where there is any HTML but our own, a link that is not the library's,
/// an image, or text outside code that would mention somebody or become a link.
#[track_caller]
pub(crate) fn markdown(text: &str) -> Page {
    let read = Options::all() - Options::ENABLE_SMART_PUNCTUATION;
    let mut shown = String::new();
    let (mut depth, mut in_code, mut in_link) = (0, false, false);
    for event in Parser::new_ext(text, read) {
        match event {
            Event::Text(text) => {
                assert!(in_code || in_link || !mentions(&text), "{text}");
                shown.push_str(&text);
            }
            Event::Code(text) => shown.push_str(&text),
            Event::Html(html) | Event::InlineHtml(html) => {
                depth += html.matches("<details>").count();
                depth -= html.matches("</details>").count();
                assert!(depth <= 1, "{html}");
                in_code = html.ends_with("<code>");
                own(&html);
            }
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Start(Tag::Link { dest_url, .. }) => {
                assert!(dest_url.starts_with("https://"), "{dest_url}");
                in_link = true;
            }
            Event::End(TagEnd::Link) => in_link = false,
            Event::Start(Tag::Image { .. }) => panic!("an image"),
            Event::End(TagEnd::TableCell) => shown.push('\t'),
            Event::SoftBreak | Event::HardBreak | Event::Rule => shown.push('\n'),
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    Page { text: shown }
}

fn own(html: &str) {
    let rest = html.replace("<!-- underbelly: threat model -->", "");
    let mut rest = rest.replace("<br>", "");
    while let Some((before, after)) = rest.split_once("<code>") {
        let after = after
            .split_once("</code>")
            .map_or(after, |(_, after)| after);
        rest = format!("{before}{after}");
    }
    for tag in [
        "<details>",
        "</details>",
        "<summary>",
        "</summary>",
        "</code>",
    ] {
        rest = rest.replace(tag, "");
    }
    assert!(!rest.contains(['<', '>']), "{html}");
    assert!(!mentions(&rest), "{html}");
}

fn mentions(text: &str) -> bool {
    let mut numbers = text.split('#').skip(1);
    let issue = numbers.any(|after| after.starts_with(|c: char| c.is_ascii_digit()));
    issue || text.contains('@') || text.contains("://") || text.contains("www.")
}
