//! Writing a sheet from top to bottom, each formula beside the program's value.

use rust_xlsxwriter::{ConditionalFormatFormula, Format, Formula, Worksheet, XlsxError};

use super::style::{self, Ink, Shown};

/// On every sheet, first line.
pub(crate) const BANNER: &str =
    "DRAFT, NOT CREDITABLE: no methodology for rangelands is approved under the JCM";
/// A difference above this, in the unit of the row, is not rounding: a kilogram of CO2.
pub(super) const TOLERANCE: f64 = 0.001;
/// Rows that stay in view: banner, title, project.
const FROZEN_ROWS: u32 = 3;
/// Height of a line of text, in points.
const LINE_POINTS: f64 = 13.5;

/// What a cell holds.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    /// Words.
    Words(String, Ink),
    /// A number that stands as it is.
    Number(f64, Ink, Shown),
    /// A formula, what the program computed, and the name of the cell.
    Formula(String, f64, Shown, Option<String>),
    /// A formula that gives words.
    Verdict(String, String, Option<String>),
    /// A number with a name that formulas use.
    Named(f64, Ink, Shown, String),
    /// Words over this cell and the next, which is left out.
    Wide(String, Ink),
    /// Nothing: the table begins further to the right.
    Gap,
}

/// Words in a table.
pub(super) fn words(text: impl Into<String>) -> Cell {
    Cell::Words(text.into(), Ink::Plain)
}

/// Words from the MRV file.
pub(super) fn input(text: impl Into<String>) -> Cell {
    Cell::Words(text.into(), Ink::Input)
}

/// A formula whose cell gets a name.
pub(super) fn formula(formula: impl Into<String>, value: f64, shown: Shown, name: &str) -> Cell {
    Cell::Formula(formula.into(), value, shown, Some(name.to_owned()))
}

/// A formula that no other uses.
pub(super) fn end(formula: impl Into<String>, value: f64, shown: Shown) -> Cell {
    Cell::Formula(formula.into(), value, shown, None)
}

/// The workbook in the making.
#[derive(Default)]
pub(super) struct Book {
    /// Sheets in the order they were made.
    pub sheets: Vec<Worksheet>,
    /// Names of cells, with what they stand for.
    pub names: Vec<(String, String)>,
    /// Where differences stand.
    pub checks: Vec<Check>,
    /// Shown under each title.
    pub project: String,
    /// Below it, if there is one.
    pub note: Option<String>,
}

/// The differences of a sheet.
#[derive(Debug, Clone)]
pub(super) struct Check {
    /// Its name.
    pub sheet: String,
    /// Where they stand.
    pub range: String,
    /// How many there are.
    pub compared: u32,
}

/// Bold letters and the indent make a head wider than its text.
const HEAD_ROOM: f64 = 2.5;

/// A column without a head.
pub(super) const GAP: &str = "\u{0}";

/// Lines that a text takes in a width of characters, broken between words.
fn lines(text: &str, width: f64) -> f64 {
    let mut lines = 1.0;
    let mut used = 0.0;
    for word in text.split(' ') {
        let letters = f64::from(u32::try_from(word.chars().count()).unwrap_or(u32::MAX));
        if used > 0.0 && used + 1.0 + letters > width {
            lines += 1.0;
            used = 0.0;
        }
        used += if used > 0.0 { letters + 1.0 } else { letters };
        // A word that is longer than a line is cut.
        let cuts = ((used / width).ceil() - 1.0).max(0.0);
        lines += cuts;
        used -= cuts * width;
    }
    lines
}

/// A sheet in the making.
pub(super) struct Pen<'a> {
    sheet: Worksheet,
    name: &'static str,
    row: u32,
    widths: Vec<f64>,
    compared: u32,
    check: Option<u16>,
    checked: Option<u16>,
    book: &'a mut Book,
}

impl<'a> Pen<'a> {
    /// Begins a sheet with columns of these widths, in characters.
    pub fn begin(
        book: &'a mut Book,
        name: &'static str,
        title: &str,
        widths: &[u16],
    ) -> Result<Self, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?;
        let mut columns = 0;
        for width in widths {
            sheet.set_column_width(columns, *width)?;
            columns += 1;
        }
        sheet.set_row_height(0, 21)?;
        for column in 0..columns {
            sheet.write_blank(0, column, &style::banner())?;
        }
        sheet.write_string_with_format(0, 0, BANNER, &style::banner())?;
        sheet.set_row_height(1, 22)?;
        sheet.write_string_with_format(1, 0, title, &style::title())?;
        let line = match &book.note {
            Some(note) => format!("{} | {note}", book.project),
            None => book.project.clone(),
        };
        sheet.write_string_with_format(2, 0, line, &style::line())?;
        sheet.set_freeze_panes(FROZEN_ROWS, 0)?;
        sheet.set_repeat_rows(0, FROZEN_ROWS - 1)?;
        sheet.set_screen_gridlines(false);
        sheet.set_landscape();
        sheet.set_paper_size(9);
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
        sheet.set_footer("&L&8Draft, not creditable&C&8&A&R&8Page &P of &N");
        Ok(Self {
            sheet,
            name,
            row: FROZEN_ROWS + 1,
            widths: widths.iter().map(|width| f64::from(*width)).collect(),
            compared: 0,
            check: None,
            checked: None,
            book,
        })
    }

    /// Keeps everything above the next row in view and on each page: the head
    /// of the only table of a long sheet.
    pub fn freeze(&mut self) -> Result<(), XlsxError> {
        self.sheet.set_freeze_panes(self.row, 0)?;
        self.sheet.set_repeat_rows(0, self.row - 1)?;
        Ok(())
    }

    /// Prints the sheet on one page.
    pub fn one_page(&mut self) {
        self.sheet.set_print_fit_to_pages(1, 1);
    }

    /// A line of space.
    pub fn skip(&mut self) {
        self.row += 1;
    }

    /// The row that is written next, from 1 as in formulas.
    pub fn next_row(&self) -> u32 {
        self.row + 1
    }

    /// The title of a table.
    pub fn heading(&mut self, text: &str) -> Result<(), XlsxError> {
        self.sheet
            .write_string_with_format(self.row, 0, text, &style::heading())?;
        self.row += 1;
        Ok(())
    }

    /// Running text over the whole width.
    pub fn text(&mut self, text: &str) -> Result<(), XlsxError> {
        let last = u16::try_from(self.widths.len()).unwrap_or(u16::MAX) - 1;
        self.sheet
            .merge_range(self.row, 0, self.row, last, text, &style::text())?;
        let height = lines(text, self.widths.iter().sum()) * LINE_POINTS;
        self.sheet.set_row_height(self.row, height)?;
        self.row += 1;
        Ok(())
    }

    /// The head of a table. With `check`, two more columns compare each
    /// formula of its rows with the program's value.
    pub fn head(&mut self, labels: &[&str], check: bool) -> Result<(), XlsxError> {
        let mut column = 0;
        for label in labels {
            if *label != GAP {
                self.sheet
                    .write_string_with_format(self.row, column, *label, &style::head())?;
            }
            column += 1;
        }
        let height = self
            .widths
            .iter()
            .zip(labels)
            .map(|(width, label)| lines(label, *width - HEAD_ROOM));
        let height = height.fold(1.0, f64::max) * LINE_POINTS + 4.0;
        self.sheet.set_row_height(self.row, height)?;
        self.row += 1;
        self.check = None;
        if check {
            self.check_at(column)?;
        }
        Ok(())
    }

    /// The head in this column goes over the next one too.
    pub fn wide_head(&mut self, column: u16, label: &str) -> Result<(), XlsxError> {
        let row = self.row - 1;
        self.sheet
            .merge_range(row, column, row, column + 1, label, &style::head())?;
        Ok(())
    }

    /// From here on the formulas of the table whose head was just written are
    /// compared in these columns; one place for all tables of a sheet.
    pub fn check_at(&mut self, column: u16) -> Result<(), XlsxError> {
        self.check = Some(column);
        self.checked = Some(column);
        for (x, label) in (column..).zip(["Program's value", "Difference"]) {
            self.sheet
                .write_string_with_format(self.row - 1, x, label, &style::head())?;
        }
        Ok(())
    }

    /// A row of a table.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        self.write_row(cells, |format| format)
    }

    /// A row that a reader looks for.
    pub fn strong_row(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        self.write_row(cells, style::strong)
    }

    fn write_row(&mut self, cells: &[Cell], dress: fn(Format) -> Format) -> Result<(), XlsxError> {
        let y = self.row;
        let mut height = 1.0_f64;
        for (x, cell) in (0_u16..).zip(cells) {
            let width =
                |cells: usize| -> f64 { self.widths.iter().skip(x.into()).take(cells).sum() };
            match cell {
                Cell::Words(text, _) => height = height.max(lines(text, width(1))),
                Cell::Verdict(_, text, _) => {
                    let compared = self
                        .check
                        .map_or(f64::MAX, |at| self.widths[usize::from(at)]);
                    height = height.max(lines(text, width(1).min(compared)));
                }
                Cell::Wide(text, _) => height = height.max(lines(text, width(2))),
                _ => {}
            }
            match cell {
                Cell::Gap => {}
                Cell::Wide(text, ink) => {
                    let format = dress(style::words(*ink));
                    self.sheet.merge_range(y, x, y, x + 1, text, &format)?;
                }
                Cell::Words(text, ink) => {
                    let format = dress(style::words(*ink));
                    self.sheet.write_string_with_format(y, x, text, &format)?;
                }
                Cell::Number(value, ink, shown) => {
                    let format = dress(style::number(*ink, *shown));
                    self.sheet.write_number_with_format(y, x, *value, &format)?;
                }
                Cell::Named(value, ink, shown, name) => {
                    let format = dress(style::number(*ink, *shown));
                    self.sheet.write_number_with_format(y, x, *value, &format)?;
                    self.name_cell(name, y, x);
                }
                Cell::Formula(formula, value, shown, name) => {
                    let format = dress(style::number(Ink::Formula, *shown));
                    let content = Formula::new(formula).set_result(value.to_string());
                    self.sheet
                        .write_formula_with_format(y, x, content, &format)?;
                    if let Some(name) = name {
                        self.name_cell(name, y, x);
                    }
                    let program = style::number(Ink::Program, *shown);
                    let difference = style::number(Ink::Plain, Shown::Difference);
                    if let Some(at) = self.check {
                        self.compared += 1;
                        self.sheet
                            .write_number_with_format(y, at, *value, &program)?;
                        let formula = format!("={}-{}", a1(y, x), a1(y, at));
                        let content = Formula::new(formula).set_result("0");
                        self.sheet
                            .write_formula_with_format(y, at + 1, content, &difference)?;
                    }
                }
                Cell::Verdict(formula, text, name) => {
                    let format = dress(style::words(Ink::Formula));
                    let content = Formula::new(formula).set_result(text);
                    self.sheet
                        .write_formula_with_format(y, x, content, &format)?;
                    if let Some(name) = name {
                        self.name_cell(name, y, x);
                    }
                    if let Some(at) = self.check {
                        self.compared += 1;
                        let program = style::words(Ink::Program);
                        self.sheet.write_string_with_format(y, at, text, &program)?;
                        let formula =
                            format!("=IF({}={},\"same\",\"DIFFERS\")", a1(y, x), a1(y, at));
                        let content = Formula::new(formula).set_result("same");
                        let format = style::words(Ink::Plain);
                        self.sheet
                            .write_formula_with_format(y, at + 1, content, &format)?;
                    }
                }
            }
        }
        self.sheet.set_row_height(y, height * LINE_POINTS + 2.0)?;
        self.row += 1;
        Ok(())
    }

    /// A row of the cover: how many formulas of a sheet were compared, how many differ.
    pub fn count_row(&mut self, check: &Check) -> Result<(), XlsxError> {
        let Check {
            sheet,
            range,
            compared,
        } = check;
        let y = self.row;
        let format = style::words(Ink::Plain);
        self.sheet.write_string_with_format(y, 0, sheet, &format)?;
        let words = ["same", "DIFFERS"].map(|word| format!("COUNTIF({range},\"{word}\")"));
        let all = format!("=COUNT({range})+{}+{}", words[0], words[1]);
        let differ = format!(
            "=COUNTIF({range},\">{TOLERANCE}\")+COUNTIF({range},\"<-{TOLERANCE}\")+{}",
            words[1]
        );
        let format = style::number(Ink::Formula, Shown::Whole);
        for (x, formula, result) in [(1, all, *compared), (2, differ, 0)] {
            let content = Formula::new(formula).set_result(result.to_string());
            self.sheet
                .write_formula_with_format(y, x, content, &format)?;
        }
        self.row += 1;
        Ok(())
    }

    fn name_cell(&mut self, name: &str, row: u32, column: u16) {
        let place = format!("='{}'!{}", self.name, fixed(row, column));
        self.book.names.push((name.to_owned(), place));
    }

    /// Ends the sheet; differences that are none stand out from here on.
    pub fn finish(mut self) -> Result<(), XlsxError> {
        if let Some(at) = self.checked {
            let column = at + 1;
            let (first, last) = (FROZEN_ROWS, self.row);
            // Empty cells and heads are neither; "DIFFERS" is what a verdict says.
            let cell = a1(first, column);
            let rule =
                format!("=OR({cell}=\"DIFFERS\",AND(ISNUMBER({cell}),ABS(N({cell}))>{TOLERANCE}))");
            let alarm = ConditionalFormatFormula::new()
                .set_rule(rule.as_str())
                .set_format(style::alarm());
            self.sheet
                .add_conditional_format(first, column, last, column, &alarm)?;
            let range = format!(
                "'{}'!{}:{}",
                self.name,
                fixed(first, column),
                fixed(last, column)
            );
            self.book.checks.push(Check {
                sheet: self.name.to_owned(),
                range,
                compared: self.compared,
            });
        }
        self.book.sheets.push(self.sheet);
        Ok(())
    }
}

/// A cell as formulas name it, such as `D12`.
pub(super) fn a1(row: u32, column: u16) -> String {
    let mut letters = String::new();
    let mut rest = u32::from(column) + 1;
    while rest > 0 {
        let letter = char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0));
        letters.insert(0, letter);
        rest = (rest - 1) / 26;
    }
    format!("{letters}{}", row + 1)
}

/// The same, staying where it is when copied: `$D$12`.
pub(super) fn fixed(row: u32, column: u16) -> String {
    let cell = a1(row, column);
    let split = cell.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    format!("${}${}", &cell[..split], &cell[split..])
}
