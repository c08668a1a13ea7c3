//! The system itself: the tables of components and flows of the other reports,
//! their columns drawn together so that they fit a screen.

use underbelly_model::Band;

use super::Page;
use super::markup::Markup;
use crate::view::table::{Cell, Table, components, flows};
use crate::view::words::spaced;

/// A column with what stands in it: the first is the main thing, what follows
/// stands under it, with a word after it where it is a number.
type Drawn = (&'static str, &'static [(&'static str, &'static str)]);

const COMPONENTS: &[Drawn] = &[
    (
        "Component",
        &[("Component", ""), ("When", ""), ("Note", "")],
    ),
    ("Kind", &[("Kind", ""), ("Type", "")]),
    ("Zone", &[("Zone", "")]),
    ("System", &[("System", "")]),
    ("Risk", &[("Highest risk", ""), ("Band", "")]),
    (
        "Threats",
        &[
            ("Exposed threats", "exposed"),
            ("Questions", "in question"),
            ("Held off", "held off"),
        ],
    ),
    ("Where", &[("Where", "")]),
];

const FLOWS: &[Drawn] = &[
    ("From", &[("From", ""), ("From zone", "")]),
    ("To", &[("To", ""), ("To zone", "")]),
    ("Kind", &[("Kind", "")]),
    ("What", &[("What", ""), ("When", "")]),
    ("How sure", &[("How sure", "")]),
    ("Where", &[("Where", "")]),
];

impl Page<'_> {
    pub(super) fn system(&self, markup: &mut Markup) {
        let all = self.report.model.architecture.components.iter();
        let ids = all.map(|component| Some(&*component.id));
        let several = self.report.model.architecture.systems.len() > 1;
        let columns = COMPONENTS.iter();
        let columns = columns.filter(|(title, _)| several || *title != "System");
        let table = Laid::out(components(self.report), columns);
        self.table("components", "No component was found.", &table, ids, markup);
        let table = Laid::out(flows(self.report), FLOWS.iter());
        let ids = std::iter::repeat(None);
        self.table("flows", "No flow was found.", &table, ids, markup);
    }

    /// A table in a section of its own, each row with the id of what it is about.
    fn table<'a>(
        &self,
        id: &str,
        nothing: &str,
        laid: &Laid,
        ids: impl Iterator<Item = Option<&'a str>>,
        markup: &mut Markup,
    ) {
        markup.raw("<section class=\"view\"");
        markup.attribute("id", id);
        markup.attribute("aria-labelledby", &format!("{id}-title"));
        markup.raw(">\n<h2");
        markup.attribute("id", &format!("{id}-title"));
        markup.raw(">");
        markup.text(laid.table.name);
        markup.raw("</h2>\n");
        if laid.table.rows.is_empty() {
            markup.classed("p", "nothing", nothing);
        } else {
            self.rows_of(id, laid, ids, markup);
        }
        markup.raw("</section>\n");
    }

    fn rows_of<'a>(
        &self,
        id: &str,
        laid: &Laid,
        ids: impl Iterator<Item = Option<&'a str>>,
        markup: &mut Markup,
    ) {
        markup.raw("<table class=\"plain\"");
        markup.attribute("id", &format!("{id}-rows"));
        markup.raw(">\n<thead><tr>");
        for (title, _) in &laid.columns {
            markup.raw("<th scope=\"col\">");
            markup.text(title);
            markup.raw("</th>");
        }
        markup.raw("</tr></thead>\n<tbody>\n");
        for (row, id) in laid.table.rows.iter().zip(ids) {
            markup.raw("<tr");
            if let Some(id) = id {
                markup.attribute("data-id", &underbelly_diagram::shown(id));
            }
            markup.raw(">");
            for (at, (_, parts)) in laid.columns.iter().enumerate() {
                markup.raw(if at == 0 {
                    "<th scope=\"row\">"
                } else {
                    "<td>"
                });
                self.cell(row, parts, markup);
                markup.raw(if at == 0 { "</th>" } else { "</td>" });
            }
            markup.raw("</tr>\n");
        }
        markup.raw("</tbody></table>\n");
    }

    fn cell(&self, row: &[Cell], parts: &[Part], markup: &mut Markup) {
        let cells: Vec<Option<&Cell>> = parts.iter().map(|part| row.get(part.at)).collect();
        if let [Some(Cell::Number(risk)), Some(Cell::Band(band, _))] = cells.as_slice() {
            return self::risk(*risk, *band, markup);
        }
        for (at, part) in parts.iter().enumerate() {
            let Some(cell) = row.get(part.at).filter(|cell| **cell != Cell::Empty) else {
                continue;
            };
            let small = at > 0;
            markup.raw(if small { "<small>" } else { "" });
            match cell {
                Cell::Empty => {}
                Cell::Text(text) if part.is_place => self.place(text, markup),
                Cell::Text(text) | Cell::Name(text) => markup.text(text),
                Cell::Word(word, _) => markup.raw(word),
                Cell::Lines(lines) => {
                    for (at, line) in lines.iter().enumerate() {
                        markup.raw(if at == 0 { "" } else { " " });
                        self.place(line, markup);
                    }
                }
                Cell::Number(number) => markup.number(number),
                Cell::Band(band, _) => markup.text(&spaced(band.word())),
                Cell::Link(address) => markup.link_out(address),
            }
            if !part.word.is_empty() {
                markup.raw(" ");
                markup.raw(part.word);
            }
            markup.raw(if small { "</small>" } else { "" });
        }
    }
}

/// A table with where its cells go.
struct Laid {
    table: Table,
    columns: Vec<(&'static str, Vec<Part>)>,
}

struct Part {
    at: usize,
    word: &'static str,
    is_place: bool,
}

impl Laid {
    /// Columns that say nothing in any row are left out.
    fn out(table: Table, columns: impl Iterator<Item = &'static Drawn>) -> Self {
        let place = |title: &str| {
            table
                .columns
                .iter()
                .position(|column| column.title == title)
        };
        let says = |at: &usize| {
            let mut rows = table.rows.iter();
            rows.any(|row| row.get(*at) != Some(&Cell::Empty))
        };
        let columns = columns.filter_map(|(title, parts)| {
            let parts = parts.iter().filter_map(|(name, word)| {
                let at = place(name).filter(says)?;
                let is_place = *name == "Where";
                Some(Part { at, word, is_place })
            });
            let parts: Vec<Part> = parts.collect();
            (!parts.is_empty()).then_some((*title, parts))
        });
        let columns = columns.collect();
        Laid { columns, table }
    }
}

fn risk(risk: i64, band: Band, markup: &mut Markup) {
    markup.raw("<span class=\"risk ");
    markup.raw(band.word());
    markup.raw("\"><b>");
    markup.number(risk);
    markup.raw("</b> ");
    markup.text(&spaced(band.word()));
    markup.raw("</span>");
}
