//! Plain text for a terminal.

use unicode_width::UnicodeWidthStr;

use crate::number::shown;
use crate::table::{Column, Kind, Table};

/// Spaces between columns.
const GAP: usize = 2;
/// A label is broken over lines rather than make its column wider than this.
const LABEL_WIDTH: usize = 14;

/// The table as text for a terminal of this many columns.
///
/// Labels and units stand over the numbers. Where the table is wider than the
/// terminal it is folded: the rest of its columns follows below, each part
/// with the key columns again.
#[must_use]
pub fn text(table: &Table, width: usize) -> String {
    let columns: Vec<_> = (0..table.columns.len())
        .map(|i| Laid::out(table, i))
        .collect();
    let mut text = format!("{}\n", table.title);
    for part in folded(table, &columns, width) {
        text.push('\n');
        push_part(&mut text, &part, table.rows.len());
    }
    if !table.notes.is_empty() {
        text.push('\n');
    }
    for note in &table.notes {
        text.push_str(&wrapped(note, width.max(20)).join("\n"));
        text.push('\n');
    }
    text
}

/// A column made into lines of text.
struct Laid {
    to_the_left: bool,
    width: usize,
    label: Vec<String>,
    unit: String,
    cells: Vec<String>,
}

impl Laid {
    fn out(table: &Table, index: usize) -> Self {
        let column: &Column = &table.columns[index];
        let cells: Vec<_> = table
            .rows
            .iter()
            .map(|row| {
                row.get(index)
                    .map_or(String::new(), |value| shown(value, column.digits))
            })
            .collect();
        let content = cells
            .iter()
            .map(|cell| cell.width())
            .max()
            .unwrap_or(0)
            .max(column.unit.width());
        let label = wrapped(&column.label, content.max(LABEL_WIDTH));
        let width = label
            .iter()
            .map(|line| line.width())
            .max()
            .unwrap_or(0)
            .max(content);
        Self {
            to_the_left: column.digits.kind() == Kind::Text,
            width,
            label,
            unit: column.unit.clone(),
            cells,
        }
    }

    fn padded(&self, cell: &str) -> String {
        let space = " ".repeat(self.width.saturating_sub(cell.width()));
        if self.to_the_left {
            format!("{cell}{space}")
        } else {
            format!("{space}{cell}")
        }
    }
}

/// The columns of each part: keys, and as many others as there is room for,
/// but always at least one.
fn folded<'a>(table: &Table, columns: &'a [Laid], width: usize) -> Vec<Vec<&'a Laid>> {
    let is_key = |i: &usize| table.columns[*i].key;
    let keys: Vec<_> = (0..columns.len())
        .filter(is_key)
        .map(|i| &columns[i])
        .collect();
    let others: Vec<_> = (0..columns.len())
        .filter(|i| !is_key(i))
        .map(|i| &columns[i])
        .collect();
    let size = |part: &[&Laid]| part.iter().map(|column| column.width + GAP).sum::<usize>();
    let mut parts = vec![keys.clone()];
    for column in others {
        let Some(last) = parts.last_mut() else { break };
        if last.len() == keys.len() || size(last) + column.width <= width {
            last.push(column);
        } else {
            parts.push(keys.iter().copied().chain([column]).collect());
        }
    }
    parts
}

fn push_part(text: &mut String, part: &[&Laid], rows: usize) {
    let mut push_line = |cell: &dyn Fn(&Laid) -> String| {
        let cells: Vec<_> = part
            .iter()
            .map(|column| column.padded(&cell(column)))
            .collect();
        text.push_str(cells.join(&" ".repeat(GAP)).trim_end());
        text.push('\n');
    };
    let height = part
        .iter()
        .map(|column| column.label.len())
        .max()
        .unwrap_or(0);
    for line in 0..height {
        // Labels end on the same line, next to their numbers.
        push_line(&|column| {
            let skipped = height - column.label.len();
            line.checked_sub(skipped)
                .map_or(String::new(), |i| column.label[i].clone())
        });
    }
    if part.iter().any(|column| !column.unit.is_empty()) {
        push_line(&|column| column.unit.clone());
    }
    push_line(&|column| "─".repeat(column.width));
    for row in 0..rows {
        push_line(&|column| column.cells[row].clone());
    }
}

/// Words over lines of at most this width; a longer word has its own line.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::tests::sample;

    #[test]
    fn a_wide_terminal_takes_it_whole() {
        let expected = "\
A sample | with <marks>

Zone          Year      Cells     Area  Share of it
                                   km2            %
────────────  ────  ─────────  ───────  ───────────
Сэлэнгэ, \"x\"  2001  1,234,567  1,234.6        0.100
a|b <c>       2002         -5      0.0        0.333
z             2003        n/a      n/a      1.00e-7

First & last note.
";
        assert_eq!(text(&sample(), 80), expected);
    }

    #[test]
    fn a_narrow_terminal_gets_parts_with_the_keys_again() {
        let text = text(&sample(), 40);
        assert!(text.lines().all(|line| line.width() <= 40), "{text}");
        assert_eq!(text.matches("2003").count(), 2, "{text}");
        // However narrow, every column is there.
        let narrow = super::text(&sample(), 1);
        assert!(
            narrow.contains("1,234.6") && narrow.contains("0.333"),
            "{narrow}"
        );
    }

    #[test]
    fn long_labels_are_broken() {
        let mut table = sample();
        table.columns[4].label = "Share of the area of the country".to_owned();
        let text = text(&table, 80);
        assert!(text.contains("Share of the\n"), "{text}");
        assert!(text.contains("area of the\n"), "{text}");
    }
}
