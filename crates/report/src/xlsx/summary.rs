//! The first sheet: what was read, what threatens it, what to ask, where the
//! rest stands.

use std::cmp::Reverse;

use rust_xlsxwriter::{
    ConditionalFormatDataBar, ConditionalFormatType, Format, Url, Worksheet, XlsxError,
};
use underbelly_model::Band;

use super::look::{BANDS, Look, ground};
use super::measure::lines_in;
use super::sheet::text;
use crate::paint::{count, cut, tail};
use crate::view::table::Table;
use crate::view::words::{self, spaced};
use crate::view::{EntryRow, Report, SystemRow, View};

/// Components named under one threat; questions, assumptions and systems listed.
const UNDER: usize = 3;
const LISTED: usize = 50;
const QUESTIONS: usize = 10;
const GIVEN: usize = 12;
/// Columns of a component's name and of a place, each on one line.
const FOUND: usize = 46;

const WIDTHS: [f64; 7] = [8.0, 12.0, 46.0, 48.0, 48.0, 46.0, 10.0];
const LAST: u16 = 6;

/// What is told of another sheet.
pub(super) struct Content {
    name: &'static str,
    about: &'static str,
    n_rows: usize,
}

impl Content {
    pub(super) fn of(table: &Table) -> Self {
        Content {
            name: table.name,
            about: table.about,
            n_rows: table.rows.len(),
        }
    }
}

pub(super) fn write(
    sheet: &mut Worksheet,
    report: &Report<'_>,
    view: &View<'_>,
    contents: &[Content],
    look: &Look,
) -> Result<(), XlsxError> {
    sheet.set_name("Summary")?;
    for (column, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    sheet.set_screen_gridlines(false);
    sheet.set_landscape().set_paper_size(9);
    sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_footer("&L&A&R&P of &N");
    let mut writer = Writer {
        sheet,
        look,
        row: 0,
    };
    writer.head(view)?;
    writer.counts(view)?;
    writer.systems(view)?;
    writer.exposed(view)?;
    writer.open(view)?;
    writer.given(report)?;
    writer.sheets(contents)
}

struct Writer<'a> {
    sheet: &'a mut Worksheet,
    look: &'a Look,
    row: u32,
}

impl Writer<'_> {
    fn head(&mut self, view: &View<'_>) -> Result<(), XlsxError> {
        let look = self.look;
        self.line(&view.title(), &look.title)?;
        self.sheet.set_row_height(0, 32)?;
        if let [system] = view.systems.as_slice() {
            self.wrapped(&system.says, &look.prose)?;
        }
        let understood = match &view.not_understood {
            Some(what) => format!("{what}, see Diagnostics."),
            None => "Everything was understood.".to_owned(),
        };
        let said = format!("{} {understood} {}", view.read, view.judged);
        self.wrapped(&said, &look.dim.clone().set_text_wrap())?;
        self.row += 1;
        Ok(())
    }

    /// How many threats there are in each band, and how many beside.
    fn counts(&mut self, view: &View<'_>) -> Result<(), XlsxError> {
        let look = self.look;
        let threats = || view.exposed.iter().flat_map(|entry| &entry.threats);
        let of = |band| threats().filter(move |row| row.threat.risk.band == band);
        let counts = BANDS.map(|(band, _, _)| (band, of(band).count()));
        let most = counts.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
        self.headings(&["Threats", "Band", "Exposed, by component"])?;
        for (band, n) in counts {
            self.number(0, n)?;
            self.band(1, band)?;
            self.bar(2, n, most, band)?;
            self.row += 1;
        }
        for (what, n) in [
            ("in question", view.n_asked),
            ("held off", view.n_mitigated),
        ] {
            self.number(0, n)?;
            self.cell(1, what, &look.body)?;
            self.row += 1;
        }
        self.row += 1;
        Ok(())
    }

    /// Several systems, worst first.
    fn systems(&mut self, view: &View<'_>) -> Result<(), XlsxError> {
        let look = self.look;
        let mut systems: Vec<&SystemRow> = view.systems.iter().collect();
        if systems.len() < 2 {
            return Ok(());
        }
        systems.sort_by_key(|system| Reverse(system.worst));
        let title = count(systems.len(), "system", "systems");
        self.line(&format!("{title}, worst first"), &look.section)?;
        self.headings(&["Risk", "Band", "System", "Threats", "Made of", "", ""])?;
        for system in systems.iter().take(LISTED) {
            if let Some((risk, band)) = system.worst {
                self.risk(risk, band)?;
            } else {
                self.cell(0, "", &look.body)?;
                self.cell(1, "", &look.body)?;
            }
            self.cell(2, &system.name, &look.strong)?;
            self.cell(3, &system.counts(), &look.body)?;
            self.row_of(4, &system.says, &look.body)?;
            self.row += 1;
        }
        let more = systems.len().saturating_sub(LISTED);
        if more > 0 {
            let more = count(more, "more system", "more systems");
            self.line(&format!("and {more}"), &look.dim)?;
        }
        self.row += 1;
        Ok(())
    }

    fn exposed(&mut self, view: &View<'_>) -> Result<(), XlsxError> {
        let look = self.look;
        self.line(&view.exposed_title(), &look.section)?;
        if view.exposed.is_empty() {
            self.row += 1;
            return Ok(());
        }
        self.headings(&[
            "Risk",
            "Band",
            "Threat",
            "Found on",
            "Where",
            "First step",
            "Effort",
        ])?;
        for entry in &view.exposed {
            self.entry(entry)?;
        }
        self.row += 1;
        Ok(())
    }

    fn entry(&mut self, entry: &EntryRow<'_>) -> Result<(), XlsxError> {
        let look = self.look;
        let rows = entry.threats.iter().take(UNDER);
        let found = rows.clone().map(|row| cut(&row.found_on(), FOUND));
        let mut found: Vec<String> = found.collect();
        let places: Vec<String> = rows.map(|row| tail(&row.place, FOUND)).collect();
        let more = entry.threats.len().saturating_sub(UNDER);
        if more > 0 {
            found.push(format!("and {more} more"));
        }
        let step = entry.first_step();
        self.risk(entry.risk, entry.band)?;
        let cells = [
            (2, entry.name.clone(), &look.strong),
            (3, found.join("\n"), &look.body),
            (4, places.join("\n"), &look.body),
            (
                5,
                step.map_or_else(String::new, |step| step.name.clone()),
                &look.body,
            ),
            (
                6,
                step.map_or("", |step| step.effort).to_owned(),
                &look.body,
            ),
        ];
        let mut highest = 1;
        for (column, said, format) in cells {
            self.cell(column, &said, format)?;
            let width = WIDTHS.get(usize::from(column)).copied().unwrap_or(1.0);
            let lines = said.lines().map(|line| lines_in(line, width as usize - 2));
            highest = highest.max(lines.sum());
        }
        self.height(highest)?;
        self.row += 1;
        Ok(())
    }

    /// What is not decided.
    fn open(&mut self, view: &View<'_>) -> Result<(), XlsxError> {
        let look = self.look;
        if let Some(title) = view.questions_title() {
            self.line(&title, &look.section)?;
            for question in view.questions.iter().take(QUESTIONS) {
                self.wrapped(&question.ask(), &look.prose)?;
            }
            let more = view.questions.len().saturating_sub(QUESTIONS);
            if more > 0 {
                self.line(&format!("and {more} more, see Questions"), &look.dim)?;
            }
            self.row += 1;
        }
        let rest = [
            view.only_code.title(),
            view.not_analysed_title(),
            view.mitigated_title(),
            view.decided_title(),
            view.disabled_title(),
        ];
        for said in rest.into_iter().flatten() {
            self.wrapped(&said, &look.prose)?;
        }
        self.row += 1;
        Ok(())
    }

    fn given(&mut self, report: &Report<'_>) -> Result<(), XlsxError> {
        let look = self.look;
        let assumptions = words::assumptions(report.model, words::plainly);
        if assumptions.is_empty() {
            return Ok(());
        }
        self.line("Taken as given", &look.section)?;
        for assumption in assumptions.iter().take(GIVEN) {
            self.wrapped(assumption, &look.prose)?;
        }
        let more = assumptions.len().saturating_sub(GIVEN);
        if more > 0 {
            self.line(&format!("and {more} more"), &look.dim)?;
        }
        self.row += 1;
        Ok(())
    }

    fn sheets(&mut self, contents: &[Content]) -> Result<(), XlsxError> {
        let look = self.look;
        self.line("In this file", &look.section)?;
        for sheet in contents {
            let place = format!("internal:'{}'!A1", sheet.name);
            let place = Url::new(place).set_text(sheet.name);
            self.sheet
                .merge_range(self.row, 0, self.row, 1, "", &look.link)?;
            self.sheet
                .write_url_with_format(self.row, 0, place, &look.link)?;
            let rows = count(sheet.n_rows, "row", "rows");
            let said = format!("{rows}: {}", sheet.about);
            self.row_of(2, &said, &look.body)?;
            self.row += 1;
        }
        Ok(())
    }

    fn headings(&mut self, titles: &[&str]) -> Result<(), XlsxError> {
        for (column, title) in (0..).zip(titles) {
            let heading = &self.look.heading;
            self.sheet
                .write_string_with_format(self.row, column, *title, heading)?;
        }
        self.height(1)?;
        self.row += 1;
        Ok(())
    }

    fn risk(&mut self, risk: i64, band: Band) -> Result<(), XlsxError> {
        let format = &self.look.number;
        self.sheet
            .write_number_with_format(self.row, 0, risk as f64, format)?;
        self.band(1, band)
    }

    fn band(&mut self, column: u16, band: Band) -> Result<(), XlsxError> {
        let (word, format) = (spaced(band.word()), self.look.band(band));
        self.sheet
            .write_string_with_format(self.row, column, word, format)?;
        Ok(())
    }

    /// A bar as long as the number, beside one for the greatest.
    fn bar(&mut self, column: u16, n: usize, most: usize, band: Band) -> Result<(), XlsxError> {
        let number = ConditionalFormatType::Number;
        let bar = ConditionalFormatDataBar::new()
            .set_minimum(number, 0)
            .set_maximum(number, most as f64)
            .set_fill_color(ground(band))
            .set_solid_fill(true)
            .set_border_off(true)
            .set_bar_only(true);
        self.number(column, n)?;
        self.sheet
            .add_conditional_format(self.row, column, self.row, column, &bar)?;
        Ok(())
    }

    fn number(&mut self, column: u16, n: usize) -> Result<(), XlsxError> {
        let format = &self.look.number;
        self.sheet
            .write_number_with_format(self.row, column, n as f64, format)?;
        Ok(())
    }

    fn cell(&mut self, column: u16, said: &str, format: &Format) -> Result<(), XlsxError> {
        let place = (self.row, column);
        text(self.sheet, place, said.to_owned(), self.look, Some(format))
    }

    /// A line of its own that may run over the next columns.
    fn line(&mut self, said: &str, format: &Format) -> Result<(), XlsxError> {
        self.cell(0, said, format)?;
        self.row += 1;
        Ok(())
    }

    /// A paragraph over all columns.
    fn wrapped(&mut self, said: &str, format: &Format) -> Result<(), XlsxError> {
        self.row_of(0, said, format)?;
        self.row += 1;
        Ok(())
    }

    /// A paragraph from a column to the last. Rows of merged cells do not grow
    /// by themselves.
    fn row_of(&mut self, column: u16, said: &str, format: &Format) -> Result<(), XlsxError> {
        self.sheet
            .merge_range(self.row, column, self.row, LAST, "", format)?;
        self.cell(column, said, format)?;
        let room: f64 = WIDTHS.iter().skip(usize::from(column)).sum();
        self.height(lines_in(said, room as usize))
    }

    /// Makes the row so many lines high.
    fn height(&mut self, lines: usize) -> Result<(), XlsxError> {
        let height = lines.clamp(1, 26) as f64 * 15.0 + 4.0;
        self.sheet.set_row_height(self.row, height)?;
        Ok(())
    }
}
