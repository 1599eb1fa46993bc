//! Markdown, for reading as text and on a web page.

use unicode_width::UnicodeWidthStr;

use crate::number::shown;
use crate::table::{Column, Kind, Table};

/// The table as markdown: title, aligned columns with a row of units under
/// the labels, notes.
#[must_use]
pub fn markdown(table: &Table) -> String {
    let labels: Vec<_> = table
        .columns
        .iter()
        .map(|column| escaped(&column.label))
        .collect();
    let units: Vec<_> = table
        .columns
        .iter()
        .map(|column| escaped(&column.unit))
        .collect();
    let mut lines = vec![labels];
    if units.iter().any(|unit| !unit.is_empty()) {
        lines.push(units);
    }
    for row in &table.rows {
        let cells = table.columns.iter().zip(row);
        lines.push(
            cells
                .map(|(column, value)| escaped(&shown(value, column.digits)))
                .collect(),
        );
    }
    let width_of = |i: usize| {
        lines
            .iter()
            .map(|line| line[i].width())
            .max()
            .unwrap_or(0)
            .max(3)
    };
    let widths: Vec<_> = (0..table.columns.len()).map(width_of).collect();

    let mut text = format!("# {}\n\n", escaped(&table.title));
    for (i, line) in lines.iter().enumerate() {
        let cells = table.columns.iter().zip(&widths).zip(line);
        let cells: Vec<_> = cells
            .map(|((column, &width), cell)| padded(column, cell, width))
            .collect();
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
        if i == 0 {
            let rules = table
                .columns
                .iter()
                .zip(&widths)
                .map(|(column, &width)| rule(column, width));
            text.push_str(&format!("| {} |\n", rules.collect::<Vec<_>>().join(" | ")));
        }
    }
    if !table.notes.is_empty() {
        text.push('\n');
    }
    for note in &table.notes {
        text.push_str(&format!("- {}\n", escaped(note)));
    }
    text
}

fn to_the_left(column: &Column) -> bool {
    column.digits.kind() == Kind::Text
}

fn padded(column: &Column, cell: &str, width: usize) -> String {
    let space = " ".repeat(width.saturating_sub(cell.width()));
    if to_the_left(column) {
        format!("{cell}{space}")
    } else {
        format!("{space}{cell}")
    }
}

fn rule(column: &Column, width: usize) -> String {
    let dashes = "-".repeat(width - 1);
    if to_the_left(column) {
        format!("{dashes}-")
    } else {
        format!("{dashes}:")
    }
}

/// Text that markdown takes as it is: no cell ends early, no tag begins.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '|' | '\\' | '*' | '`' | '[' => escaped.extend(['\\', c]),
            '<' => escaped.push_str("&lt;"),
            '\n' | '\r' => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::tests::sample;

    #[test]
    fn aligned_with_units() {
        let expected = "\
# A sample \\| with &lt;marks>

| Zone         | Year |     Cells |    Area | Share of it |
| ------------ | ---: | --------: | ------: | ----------: |
|              |      |           |     km2 |           % |
| Сэлэнгэ, \"x\" | 2001 | 1,234,567 | 1,234.6 |       0.100 |
| a\\|b &lt;c>  | 2002 |        -5 |     0.0 |       0.333 |
| z            | 2003 |       n/a |     n/a |     1.00e-7 |

- First & last note.
";
        assert_eq!(markdown(&sample()), expected);
    }
}
