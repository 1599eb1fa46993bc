//! Small tables that people write: livestock, stations, burned area.
//!
//! Strict, because a number read wrongly here is a wrong claim later: names of columns are exact, a
//! number has no thousands separator, and an empty field is an error.

mod error;

use std::path::{Path, PathBuf};

use crate::text;

pub use error::CsvTableError;

/// A comma-separated table with a heading.
#[derive(Debug, Clone)]
pub struct CsvTable {
    path: PathBuf,
    headers: Vec<String>,
    rows: Vec<CsvRow>,
}

/// A row of it.
#[derive(Debug, Clone)]
pub struct CsvRow {
    line: u64,
    fields: Vec<String>,
}

impl CsvRow {
    /// The line of the file it begins on, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }
}

impl CsvTable {
    /// Reads a table.
    ///
    /// # Errors
    /// A file that cannot be read, is no UTF-8 text, has rows of another length than its heading, names a
    /// column twice, or has no row.
    pub fn open(path: &Path) -> Result<Self, CsvTableError> {
        let cannot = |reason: String| CsvTableError::Open {
            path: path.to_owned(),
            reason,
        };
        let bytes = std::fs::read(path).map_err(|error| cannot(error.to_string()))?;
        let text = utf8(&bytes).map_err(cannot)?;
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let headers: Vec<String> = match reader.headers() {
            Ok(record) => record.iter().map(text::plain).collect(),
            Err(error) => return Err(cannot(error.to_string())),
        };
        if let [only] = headers.as_slice()
            && only.contains([';', '\t'])
        {
            return Err(cannot(format!(
                "expected columns separated by commas, found the heading {only:?}; save it as comma-separated"
            )));
        }
        for (position, name) in headers.iter().enumerate() {
            if headers[..position].contains(name) {
                return Err(cannot(format!(
                    "the column {name:?} is there twice; keep one of them"
                )));
            }
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| match error.kind() {
                csv::ErrorKind::UnequalLengths {
                    pos,
                    expected_len,
                    len,
                } => CsvTableError::Fields {
                    path: path.to_owned(),
                    line: pos.as_ref().map_or(0, csv::Position::line),
                    expected: *expected_len,
                    found: *len,
                },
                _ => cannot(error.to_string()),
            })?;
            rows.push(CsvRow {
                line: record.position().map_or(0, csv::Position::line),
                fields: record.iter().map(text::plain).collect(),
            });
        }
        if rows.is_empty() {
            return Err(cannot("a heading and no row".to_owned()));
        }
        Ok(Self {
            path: path.to_owned(),
            headers,
            rows,
        })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The rows.
    #[must_use]
    pub fn rows(&self) -> &[CsvRow] {
        &self.rows
    }

    /// Checks that every column is one of `known`: an unknown one may be a known one misspelt.
    ///
    /// # Errors
    /// The first that is not.
    pub fn only(&self, known: &[&str]) -> Result<(), CsvTableError> {
        match self.headers.iter().find(|h| !known.contains(&h.as_str())) {
            None => Ok(()),
            Some(unknown) => Err(CsvTableError::Unknown {
                path: self.path.clone(),
                column: unknown.clone(),
                known: known.join(", "),
            }),
        }
    }

    /// The position of a column.
    ///
    /// # Errors
    /// If it is not there.
    pub fn column(&self, name: &str) -> Result<usize, CsvTableError> {
        self.one_of(&[name]).map(|(_, column)| column)
    }

    /// Which of several columns is there, and its position; exactly one must be.
    ///
    /// # Errors
    /// If none is, or more than one.
    pub fn one_of(&self, names: &[&str]) -> Result<(usize, usize), CsvTableError> {
        let found: Vec<(usize, usize)> = names
            .iter()
            .enumerate()
            .filter_map(|(which, name)| {
                let column = self.headers.iter().position(|header| header == name)?;
                Some((which, column))
            })
            .collect();
        match found.as_slice() {
            [one] => Ok(*one),
            _ => Err(CsvTableError::Column {
                path: self.path.clone(),
                expected: names.join(" or "),
                found: self.headers.join(", "),
            }),
        }
    }

    /// A name, as [`text::name`] reads it; it may not be empty.
    ///
    /// # Errors
    /// Returns an error if it is empty, or was not read rightly.
    pub fn text<'r>(&self, row: &'r CsvRow, column: usize) -> Result<&'r str, CsvTableError> {
        match row.fields[column].as_str() {
            "" => Err(self.value(row, column, "a name", "fill it in, or take the row out")),
            text => match text::name(text) {
                Ok(_) => Ok(text),
                Err(bad) => Err(self.value(row, column, "a name", bad.advice)),
            },
        }
    }

    /// A number.
    ///
    /// # Errors
    /// Anything else, thousands separators and decimal commas among it.
    pub fn number(&self, row: &CsvRow, column: usize) -> Result<f64, CsvTableError> {
        let text = row.fields[column].as_str();
        let plain = text
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'));
        match text.parse::<f64>() {
            Ok(number) if plain && number.is_finite() => Ok(number),
            _ => Err(self.value(row, column, "a number", advice(text))),
        }
    }

    /// A number that is not below zero.
    ///
    /// # Errors
    /// Anything else.
    pub fn amount(&self, row: &CsvRow, column: usize) -> Result<f64, CsvTableError> {
        match self.number(row, column)? {
            number if number >= 0.0 => Ok(number),
            _ => Err(self.value(
                row,
                column,
                "a number that is not negative",
                "correct it, or take the row out",
            )),
        }
    }

    /// A count of what comes whole, such as head of livestock, where the column counts in units of ten to
    /// the power of `digits`: 0 for head, 3 for thousands of them.
    ///
    /// # Errors
    /// Returns an error for a fraction of one, and for what may be read in two ways: 12.345 head are
    /// 12345 to whoever writes points between thousands, and 1.2E+04 has lost its digits.
    pub fn count(&self, row: &CsvRow, column: usize, digits: usize) -> Result<f64, CsvTableError> {
        const LARGEST: u64 = 1 << 53;
        let text = row.fields[column].as_str();
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let significant = fraction.trim_end_matches('0');
        // 12.0 is what programs write of 12; 12.000 is what people write of 12 thousand.
        let plain = is_digits(whole)
            && is_digits(fraction)
            && !whole.is_empty()
            && significant.len() <= digits
            && (digits > 0 || fraction.len() != 3);
        let number = format!("{whole}{significant:0<digits$}").parse::<u64>();
        match number {
            #[expect(clippy::cast_precision_loss, reason = "checked to be exact")]
            Ok(number) if plain && number <= LARGEST => Ok(number as f64),
            _ => {
                let negative = text.starts_with('-');
                let (expected, advice) = match digits {
                    _ if negative => (
                        "a count that is not negative",
                        "correct it, or take the row out",
                    ),
                    // What is no number at all has separators in it, or letters, or nothing.
                    _ if text.parse::<f64>().is_err() => ("a count", advice(text)),
                    0 => (
                        "a whole number",
                        "write every digit and nothing between them, such as 12345",
                    ),
                    _ => (
                        "thousands with at most three decimals",
                        "write digits with a point for the decimals, such as 12.345 for 12345",
                    ),
                };
                Err(self.value(row, column, expected, advice))
            }
        }
    }

    /// A whole number within a range.
    ///
    /// # Errors
    /// Anything else.
    pub fn whole(
        &self,
        row: &CsvRow,
        column: usize,
        range: std::ops::RangeInclusive<i32>,
    ) -> Result<i32, CsvTableError> {
        match row.fields[column].parse::<i32>() {
            Ok(number) if range.contains(&number) => Ok(number),
            _ => Err(CsvTableError::Value {
                path: self.path.clone(),
                line: row.line,
                column: self.headers[column].clone(),
                expected: format!("a whole number from {} to {}", range.start(), range.end()),
                found: row.fields[column].clone(),
                advice: "correct it, or take the row out",
            }),
        }
    }

    /// The error of a value, for checks that only the caller can make.
    #[must_use]
    pub fn value(
        &self,
        row: &CsvRow,
        column: usize,
        expected: &str,
        advice: &'static str,
    ) -> CsvTableError {
        CsvTableError::Value {
            path: self.path.clone(),
            line: row.line,
            column: self.headers[column].clone(),
            expected: expected.to_owned(),
            found: row.fields[column].clone(),
            advice,
        }
    }
}

/// The text of a file, without a byte order mark.
fn utf8(bytes: &[u8]) -> Result<&str, String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || bytes.contains(&0) {
        return Err("expected UTF-8 text, found UTF-16 or another text with zero bytes; save it as \"CSV UTF-8\"".to_owned());
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let line = 1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count();
        format!(
            "expected UTF-8 text, found the byte {:#04x} in line {line}, which is not; save it as \"CSV UTF-8\", or convert \
             it: iconv -f WINDOWS-1251 -t UTF-8 (with the encoding that it has)",
            bytes[at]
        )
    })?;
    Ok(text.trim_start_matches('\u{feff}'))
}

/// What to do about a text that should be a number.
fn advice(text: &str) -> &'static str {
    const SEPARATORS: [char; 6] = [',', '\'', ' ', '\u{a0}', '\u{202f}', '\u{2019}'];
    let unsigned = text.trim_start_matches('-');
    // Several points are thousands, and so is every point before a comma.
    let points = unsigned.matches('.').count();
    let pointless = if points > 1 || (points == 1 && unsigned.contains(',')) {
        unsigned.replace('.', "'")
    } else {
        unsigned.to_owned()
    };
    let groups: Vec<&str> = pointless.split(SEPARATORS).collect();
    let digits = |group: &str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    let thousands = groups.len() > 1
        && (1..=3).contains(&groups[0].len())
        && groups.iter().all(|group| digits(group))
        && groups[1..].iter().all(|group| group.len() == 3);
    if text.is_empty() {
        "fill it in, or take the row out: an empty field does not count as zero"
    } else if thousands {
        "write it without thousands separators: 1234567"
    } else if groups.len() == 2 && text.contains(',') && groups.iter().all(|g| digits(g)) {
        "write a point for the decimals: 1.5"
    } else {
        "write digits with a point for the decimals, and the unit in the name of the column"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Result<CsvTable, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.csv");
        std::fs::write(&path, text).unwrap();
        CsvTable::open(&path).map_err(|error| error.to_string())
    }

    #[test]
    fn a_table_is_read_with_a_byte_order_mark_and_blanks() {
        let table = table("\u{feff}region, head\nАрхангай , 12\n\"a, b\",1e3\n").unwrap();
        let (region, head) = (
            table.column("region").unwrap(),
            table.column("head").unwrap(),
        );
        let rows = table.rows();
        assert_eq!(table.text(&rows[0], region).unwrap(), "Архангай");
        assert_eq!(table.text(&rows[1], region).unwrap(), "a, b");
        assert_eq!(table.number(&rows[1], head).unwrap(), 1000.0);
        assert_eq!(rows[1].line(), 3);
        assert!(table.only(&["region", "head", "year"]).is_ok());
    }

    #[test]
    fn numbers_are_plain() {
        for (text, word) in [
            ("\"1,234\"", "thousands"),
            ("\"12,345,678\"", "thousands"),
            ("1 234", "thousands"),
            ("1'234", "thousands"),
            ("\"1,5\"", "point"),
            ("", "does not count as zero"),
            ("1.234.567", "thousands"),
            ("\"1.234,5\"", "point"),
            ("0x10", "digits"),
            ("12 head", "digits"),
            ("NaN", "digits"),
            ("inf", "digits"),
            ("1e999", "digits"),
        ] {
            let table = table(&format!("a,head\nx,{text}\n")).unwrap();
            let error = table.number(&table.rows()[0], 1).unwrap_err().to_string();
            assert!(
                error.contains(word) && error.contains("line 2") && error.contains("head"),
                "{text}: {error}"
            );
        }
        let table = table("a,head\nx,-3\n").unwrap();
        let error = table.amount(&table.rows()[0], 1).unwrap_err().to_string();
        assert!(
            error.contains("not negative") && error.contains("-3"),
            "{error}"
        );
        assert!(table.whole(&table.rows()[0], 1, 1..=12).is_err());
    }

    #[test]
    fn counts_are_whole() {
        let count = |text: &str, digits: usize| {
            let table = table(&format!("a,head\nx,{text}\n")).unwrap();
            let count = table.count(&table.rows()[0], 1, digits);
            count.map_err(|error| error.to_string())
        };
        for (text, digits, expected) in [
            ("12345", 0, 12_345.0),
            ("0", 0, 0.0),
            ("12.0", 0, 12.0),
            ("12.345", 3, 12_345.0),
            ("12.3", 3, 12_300.0),
            ("12.3450", 3, 12_345.0),
            ("7", 3, 7000.0),
        ] {
            assert_eq!(count(text, digits).unwrap(), expected, "{text}");
        }
        for (text, digits) in [
            ("12.345", 0),
            ("12.000", 0),
            ("12.5", 0),
            ("1e5", 0),
            ("1.2E+04", 0),
            ("-3", 0),
            ("1.234.567", 0),
            ("\"12,345\"", 0),
            ("12 345", 0),
            ("", 0),
            (".5", 3),
            ("12.3456", 3),
            ("-1", 3),
            ("99999999999999999999", 0),
        ] {
            let error = count(text, digits).unwrap_err();
            assert!(error.contains("line 2, column head"), "{text}: {error}");
        }
    }

    #[test]
    fn names_are_read_rightly_or_refused() {
        let table = table("region\nӨвөрхангаи\u{306}\n\"a\u{7}b\"\n\"\u{fffd}b\"\n").unwrap();
        let rows = table.rows();
        assert_eq!(table.text(&rows[0], 0).unwrap(), "Өвөрхангай");
        assert!(table.text(&rows[1], 0).is_err() && table.text(&rows[2], 0).is_err());
        for bytes in [
            b"\xff\xfer\0".as_slice(),
            b"r\0e\0".as_slice(),
            b"region\n\xd1\xe5\n".as_slice(),
        ] {
            let error = utf8(bytes).unwrap_err();
            assert!(error.contains("UTF-8"), "{error}");
        }
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for (text, word) in [
            ("a,b\n1,2,3\n", "thousands separator"),
            ("a,b\n", "no row"),
            ("a;b\n1;2\n", "commas"),
            ("a,a\n1,2\n", "twice"),
        ] {
            let error = table(text).unwrap_err();
            assert!(error.contains(word), "{text}: {error}");
        }
        let table = table("region,heads\na,2\n").unwrap();
        let error = table.column("head").unwrap_err().to_string();
        assert!(error.contains("region, heads"), "{error}");
        assert!(table.only(&["region", "head"]).is_err());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("latin.csv");
        std::fs::write(&path, b"a\n\xe4\n").unwrap();
        assert!(
            CsvTable::open(&path)
                .unwrap_err()
                .to_string()
                .contains("UTF-8")
        );
        assert!(CsvTable::open(Path::new("nowhere.csv")).is_err());
    }
}
