//! A workbook: the table, what its columns mean, and notes.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use crate::number::shown;
use crate::table::{Column, Digits, Kind, Table, TableError, Value};

/// The longest name of a sheet that Excel takes.
const SHEET_NAME: usize = 31;
/// Widest column, in characters.
const WIDEST: usize = 40;

/// The table as an Excel workbook of three sheets: the table with labels in
/// the first row and units in the second, `columns` with what each means, and
/// `notes`.
///
/// Cells hold full numbers and show sensible digits; missing is an empty
/// cell. The date of creation is fixed, so the same table gives the same
/// bytes.
///
/// # Errors
/// A table that does not pass [`Table::check`], or what the library says,
/// such as more rows than a sheet holds.
pub fn xlsx(table: &Table) -> Result<Vec<u8>, TableError> {
    table.check()?;
    encode(table).map_err(|e| TableError::Encode {
        table: table.name.clone(),
        format: "xlsx",
        reason: e.to_string(),
    })
}

fn encode(table: &Table) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // Any fixed moment will do: the real one would change the bytes.
    let moment = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = DocProperties::new()
        .set_title(&table.title)
        .set_creation_datetime(&moment);
    book.set_properties(&properties);
    let name: String = table.name.chars().take(SHEET_NAME).collect();
    data_sheet(book.add_worksheet().set_name(name)?, table)?;
    columns_sheet(book.add_worksheet().set_name("columns")?, table)?;
    notes_sheet(book.add_worksheet().set_name("notes")?, table)?;
    book.save_to_buffer()
}

fn data_sheet(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let keys = table.columns.iter().take_while(|column| column.key).count();
    sheet.set_freeze_panes(2, index(keys)?)?;
    for (x, column) in table.columns.iter().enumerate() {
        let x = index(x)?;
        let side = if column.digits.kind() == Kind::Text {
            FormatAlign::Left
        } else {
            FormatAlign::Right
        };
        let label = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(side)
            .set_align(FormatAlign::Bottom);
        let unit = Format::new()
            .set_italic()
            .set_align(side)
            .set_border_bottom(FormatBorder::Thin);
        sheet.write_string_with_format(0, x, &column.label, &label)?;
        sheet.write_string_with_format(1, x, &column.unit, &unit)?;
        let cells = Format::new().set_num_format(number_format(column.digits));
        sheet.set_column_width(x, width(table, usize::from(x)))?;
        for (y, row) in (2_u32..).zip(&table.rows) {
            match &row[usize::from(x)] {
                Value::Text(text) => sheet.write_string(y, x, text)?,
                Value::Int(number) => {
                    sheet.write_number_with_format(y, x, *number as f64, &cells)?
                }
                Value::Float(number) => sheet.write_number_with_format(y, x, *number, &cells)?,
                Value::Missing => sheet,
            };
        }
    }
    Ok(())
}

fn columns_sheet(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    for (x, heading) in (0..).zip(["label", "name in csv and parquet", "unit", "description"]) {
        sheet.write_string_with_format(0, x, heading, &bold)?;
    }
    for (x, width) in (0..).zip([32, 36, 12, 100]) {
        sheet.set_column_width(x, width)?;
    }
    for (y, column) in (1_u32..).zip(&table.columns) {
        let Column {
            label,
            name,
            unit,
            description,
            ..
        } = column;
        for (x, text) in (0..).zip([label, name, unit, description]) {
            sheet.write_string(y, x, text)?;
        }
    }
    Ok(())
}

fn notes_sheet(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let wrapped = Format::new().set_text_wrap();
    sheet.set_column_width(0, 120)?;
    sheet.write_string_with_format(0, 0, &table.title, &Format::new().set_bold())?;
    for (y, note) in (1_u32..).zip(&table.notes) {
        sheet.write_string_with_format(y, 0, note, &wrapped)?;
    }
    Ok(())
}

fn index(x: usize) -> Result<u16, XlsxError> {
    u16::try_from(x).map_err(|_| XlsxError::RowColumnLimitError)
}

fn number_format(digits: Digits) -> String {
    match digits {
        Digits::Text | Digits::Significant(_) => "General".to_owned(),
        Digits::Plain => "0".to_owned(),
        Digits::Whole | Digits::Decimals(0) => "#,##0".to_owned(),
        Digits::Decimals(n) => format!("#,##0.{}", "0".repeat(n.into())),
    }
}

/// Characters that the column needs.
fn width(table: &Table, x: usize) -> f64 {
    let column = &table.columns[x];
    let cells = table
        .rows
        .iter()
        .map(|row| shown(&row[x], column.digits).chars().count());
    // A label may take two lines.
    let heading = column
        .label
        .chars()
        .count()
        .div_ceil(2)
        .max(column.unit.chars().count());
    let characters = cells.max().unwrap_or(0).max(heading).clamp(8, WIDEST) + 2;
    f64::from(u32::try_from(characters).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::tests::sample;

    #[test]
    fn the_same_table_gives_the_same_bytes() {
        let bytes = xlsx(&sample()).unwrap();
        // Times in a zip file are even seconds.
        std::thread::sleep(std::time::Duration::from_millis(2100));
        assert_eq!(xlsx(&sample()).unwrap(), bytes);
        assert!(bytes.starts_with(b"PK"));
    }

    #[test]
    fn long_names_still_make_a_sheet() {
        let mut table = sample();
        table.name = "a".repeat(60);
        assert!(xlsx(&table).is_ok());
    }

    #[test]
    fn formats_show_what_people_read() {
        let formats = [
            Digits::Plain,
            Digits::Whole,
            Digits::Decimals(3),
            Digits::Significant(3),
        ];
        assert_eq!(
            formats.map(number_format),
            ["0", "#,##0", "#,##0.000", "General"]
        );
    }
}
