//! One table of two run folders.

use std::collections::BTreeMap;

use serde::Serialize;

use super::TableDifference;
use super::causes::Why;
use crate::folder::{RunFolder, TableMark};
use nutag_problem::{Error, Problem};

/// Something that is different in a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Move {
    /// The table.
    pub table: String,
    /// The row: its key columns and their values.
    pub row: Vec<(String, String)>,
    /// The column; empty where it is the whole row.
    pub column: String,
    /// What became of it.
    pub kind: MoveKind,
    /// The value before; missing where there was none.
    pub before: Option<String>,
    /// The value after.
    pub after: Option<String>,
    /// After minus before, where both are numbers.
    pub change: Option<f64>,
    /// The change as a share of the value before, in per cent, where that is not zero.
    pub change_percent: Option<f64>,
    /// The inputs and rules that it may come from.
    pub because: String,
}

/// What became of a value or a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MoveKind {
    /// A value is another.
    Moved,
    /// A row is new.
    Appeared,
    /// A row is gone.
    Vanished,
}

impl MoveKind {
    /// As files have it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::Appeared => "appeared",
            Self::Vanished => "vanished",
        }
    }
}

/// A row's keys, and which of the rows with these keys it is.
type Key = (Vec<(String, String)>, usize);

struct Rows {
    columns: Vec<String>,
    /// In the order of the file.
    order: Vec<Key>,
    values: BTreeMap<Key, BTreeMap<String, String>>,
}

fn read(folder: &RunFolder, mark: &TableMark) -> Result<Rows, Error> {
    let path = folder
        .path
        .join("tables")
        .join(format!("{}.csv", mark.name));
    let broken = |error: csv::Error| {
        Problem::new(format!("the table cannot be read: {error}"))
            .at(path.display())
            .advice("the run folder is not whole: `nutag verify` says what else is missing")
            .asked()
    };
    let mut reader = csv::Reader::from_path(&path).map_err(broken)?;
    let columns: Vec<String> = reader
        .headers()
        .map_err(broken)?
        .iter()
        .map(str::to_owned)
        .collect();
    let mut rows = Rows {
        columns,
        order: Vec::new(),
        values: BTreeMap::new(),
    };
    let mut seen: BTreeMap<Vec<(String, String)>, usize> = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let values: BTreeMap<String, String> = rows
            .columns
            .iter()
            .cloned()
            .zip(record.iter().map(str::to_owned))
            .collect();
        let row: Vec<(String, String)> = mark
            .keys
            .iter()
            .map(|key| (key.clone(), values.get(key).cloned().unwrap_or_default()))
            .collect();
        let count = seen.entry(row.clone()).or_default();
        let key = (row, *count);
        *count += 1;
        rows.order.push(key.clone());
        rows.values.insert(key, values);
    }
    Ok(rows)
}

/// Compares a table of the later folder with that of the earlier one.
pub(super) fn compare(
    old: &RunFolder,
    new: &RunFolder,
    mark: &TableMark,
    there_before: bool,
    why: &Why,
) -> Result<(TableDifference, Vec<Move>), Error> {
    let after = read(new, mark)?;
    let before = if there_before {
        read(old, mark)?
    } else {
        Rows {
            columns: after.columns.clone(),
            order: Vec::new(),
            values: BTreeMap::new(),
        }
    };
    let only = |sign: char, here: &Rows, there: &Rows| -> Vec<String> {
        let columns = here.columns.iter();
        columns
            .filter(|column| !there.columns.contains(column))
            .map(|column| format!("{sign}{column}"))
            .collect()
    };
    let mut columns = only('-', &before, &after);
    columns.extend(only('+', &after, &before));
    let mut moves = Vec::new();
    for key in &after.order {
        let row = &key.0;
        let Some(earlier) = before.values.get(key) else {
            moves.push(whole(mark, row, MoveKind::Appeared, why));
            continue;
        };
        for column in after
            .columns
            .iter()
            .filter(|column| before.columns.contains(column))
        {
            let (from, to) = (&earlier[column], &after.values[key][column]);
            if !same(from, to) {
                moves.push(moved(mark, row, column, from, to, why));
            }
        }
    }
    for key in &before.order {
        if !after.values.contains_key(key) {
            moves.push(whole(mark, &key.0, MoveKind::Vanished, why));
        }
    }
    Ok((summary(mark, columns, &moves), moves))
}

/// A table that only the earlier folder has.
pub(super) fn vanished(
    old: &RunFolder,
    mark: &TableMark,
    why: &Why,
) -> Result<(TableDifference, Vec<Move>), Error> {
    let rows = read(old, mark)?;
    let moves: Vec<Move> = rows
        .order
        .iter()
        .map(|key| whole(mark, &key.0, MoveKind::Vanished, why))
        .collect();
    Ok((summary(mark, Vec::new(), &moves), moves))
}

fn summary(mark: &TableMark, columns: Vec<String>, moves: &[Move]) -> TableDifference {
    let count = |kind| moves.iter().filter(|m| m.kind == kind).count();
    TableDifference {
        name: mark.name.clone(),
        title: mark.title.clone(),
        moved: count(MoveKind::Moved),
        appeared: count(MoveKind::Appeared),
        vanished: count(MoveKind::Vanished),
        columns,
    }
}

fn whole(mark: &TableMark, row: &[(String, String)], kind: MoveKind, why: &Why) -> Move {
    Move {
        table: mark.name.clone(),
        row: row.to_vec(),
        column: String::new(),
        kind,
        before: None,
        after: None,
        change: None,
        change_percent: None,
        because: why.because(row),
    }
}

fn moved(
    mark: &TableMark,
    row: &[(String, String)],
    column: &str,
    from: &str,
    to: &str,
    why: &Why,
) -> Move {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let numbers = number(from).zip(number(to));
    let change = numbers.map(|(from, to)| to - from);
    Move {
        column: column.to_owned(),
        before: some(from),
        after: some(to),
        change,
        change_percent: numbers
            .filter(|(from, _)| *from != 0.0)
            .map(|(from, to)| 100.0 * (to - from) / from.abs()),
        ..whole(mark, row, MoveKind::Moved, why)
    }
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// The same text, or the same number written differently.
fn same(from: &str, to: &str) -> bool {
    from == to
        || number(from)
            .zip(number(to))
            .is_some_and(|(from, to)| from == to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_as_numbers_and_words_as_words() {
        assert!(same("1.0", "1") && same("", "") && same("a", "a"));
        assert!(!same("1.0", "1.0000000001") && !same("", "0") && !same("a", "b"));
        assert!(!same("nan", "NaN"), "what is no number is text");
    }
}
