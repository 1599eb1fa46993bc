//! A difference as `changes.csv` and `changes.md`.

use std::fmt::Write as _;

use super::{Difference, Move, MoveKind};

/// Moves that the page shows of each table; `changes.csv` has all.
const SHOWN: usize = 20;

/// Every move, one a row.
///
/// # Errors
/// What the writer of csv says, which is a fault of this program.
pub fn changes_csv(difference: &Difference) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "table",
        "row",
        "column",
        "what",
        "before",
        "after",
        "change",
        "change_percent",
        "because",
    ])?;
    for m in &difference.moves {
        let number = |number: Option<f64>| number.map(|n| n.to_string()).unwrap_or_default();
        writer.write_record([
            m.table.as_str(),
            &row_words(m),
            &m.column,
            m.kind.word(),
            m.before.as_deref().unwrap_or_default(),
            m.after.as_deref().unwrap_or_default(),
            &number(m.change),
            &number(m.change_percent),
            &m.because,
        ])?;
    }
    writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}

/// A page for people.
#[must_use]
pub fn changes_markdown(difference: &Difference) -> String {
    let mut page = String::from("# What changed\n\n");
    // A String takes whatever is written to it.
    let mut line = |text: &str| {
        let _ = writeln!(page, "{text}");
    };
    line(&format!("Before: {}  ", difference.before.display()));
    line(&format!("After: {}\n", difference.after.display()));
    line("## What differs in inputs and rules\n");
    if difference.causes.is_empty() {
        line("Nothing.");
    }
    for cause in &difference.causes {
        line(&format!("- {}", escaped(&cause.to_string())));
    }
    line("\n## Tables\n");
    line("| Table | Values moved | Rows new | Rows gone | Columns new (+) or gone (-) |");
    line("|---|--:|--:|--:|---|");
    for table in &difference.tables {
        line(&format!(
            "| {} | {} | {} | {} | {} |",
            table.name,
            table.moved,
            table.appeared,
            table.vanished,
            table.columns.join(", ")
        ));
    }
    for table in &difference.tables {
        let of_table = difference.moves.iter().filter(|m| m.table == table.name);
        let mut moved: Vec<&Move> = of_table.filter(|m| m.kind == MoveKind::Moved).collect();
        if moved.is_empty() {
            continue;
        }
        // The largest first; the sort keeps the order of the table among equals.
        let size = |m: &Move| m.change_percent.map_or(f64::INFINITY, f64::abs);
        moved.sort_by(|a, b| size(b).total_cmp(&size(a)));
        line(&format!("\n## {}\n", table.title));
        if moved.len() > SHOWN {
            line(&format!(
                "The {SHOWN} largest of {} values that moved; changes.csv has all.\n",
                moved.len()
            ));
        }
        line("| Row | Column | Before | After | Change | % | Because |");
        line("|---|---|--:|--:|--:|--:|---|");
        for m in moved.iter().take(SHOWN) {
            line(&format!(
                "| {} | {} | {} | {} | {} | {} | {} |",
                escaped(&row_words(m)),
                m.column,
                shown(m.before.as_deref()),
                shown(m.after.as_deref()),
                m.change.map_or(String::new(), |x| short(x, true)),
                m.change_percent
                    .map_or(String::new(), |x| format!("{x:+.2}")),
                escaped(&m.because)
            ));
        }
    }
    if difference.moves.is_empty() {
        line("\nNo number moved.");
    }
    page
}

fn row_words(m: &Move) -> String {
    let words: Vec<String> = m
        .row
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| format!("{key} {value}"))
        .collect();
    words.join(", ")
}

/// A value for people: numbers at six digits, a missing one as a dash.
fn shown(value: Option<&str>) -> String {
    match value {
        None => "-".to_owned(),
        Some(text) => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => short(number, false),
            _ => escaped(text),
        },
    }
}

fn short(number: f64, signed: bool) -> String {
    let sign = if signed && number > 0.0 { "+" } else { "" };
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return format!("{sign}{number:.0}");
    }
    let digits = libm::log10(number.abs()).floor();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 12"
    )]
    let decimals = (5.0 - digits).clamp(0.0, 12.0) as usize;
    format!("{sign}{number:.decimals$}")
}

fn escaped(text: &str) -> String {
    text.replace('\n', " ").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_six_digits() {
        for (number, text) in [
            (1234.5678, "+1234.57"),
            (-0.000_123_456_789, "-0.000123457"),
            (3.0, "+3"),
            (0.0, "0"),
            (1e-20, "+0.000000000000"),
        ] {
            assert_eq!(short(number, true), text);
        }
        assert_eq!(shown(None), "-");
        assert_eq!(shown(Some("a|b")), "a\\|b");
    }
}
