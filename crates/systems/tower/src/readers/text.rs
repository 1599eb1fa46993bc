//! Text files into a header, units where the file has them, and rows of fields.

use std::path::Path;

use super::error::ReadError;

/// A file as a table of text.
#[derive(Debug)]
pub(super) struct Sheet {
    /// Comment lines before the header, without their `#`.
    pub comments: Vec<String>,
    /// Column names.
    pub names: Vec<String>,
    /// The unit that the file gives each column, where it has a row of units.
    pub units: Option<Vec<String>>,
    /// Lines of the file that the records stand on, from 1.
    pub lines: Vec<usize>,
    /// Rows of fields.
    pub records: Vec<csv::StringRecord>,
    /// Whether the header has the three rows of `EddyPro`'s full output.
    pub three_row_header: bool,
}

impl Sheet {
    pub fn new(path: &Path, bytes: &[u8]) -> Result<Self, ReadError> {
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0x1f, 0x8b]) {
            return Err(ReadError::of(
                path,
                "expected text in columns, found a packed archive; unpack it and name the csv file in it",
            ));
        }
        let text = decoded(bytes);
        let (comments, rest) = comments(&text);
        let first = rest.lines().next().unwrap_or_default();
        let delimiter = delimiter(first);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(rest.as_bytes());
        let mut rows = Vec::new();
        for record in reader.records() {
            let record =
                record.map_err(|e| ReadError::of(path, format!("not a table of text: {e}")))?;
            if record.iter().any(|field| !field.is_empty()) {
                rows.push(record);
            }
        }
        let three_row_header = rows.len() > 2
            && rows[1]
                .get(0)
                .is_some_and(|name| name.eq_ignore_ascii_case("filename"))
            && rows[2].iter().any(|unit| unit.starts_with('['));
        let header = usize::from(three_row_header);
        let Some(names) = rows.get(header) else {
            return Err(ReadError::of(
                path,
                "expected a header and rows, found an empty file",
            ));
        };
        let names: Vec<String> = names
            .iter()
            .map(|n| n.trim_matches('"').to_owned())
            .collect();
        let units = rows
            .get(header + 1)
            .filter(|row| is_units(row))
            .map(|row| row.iter().map(str::to_owned).collect::<Vec<_>>());
        let from = header + 1 + usize::from(units.is_some());
        let lines_before = comments.len();
        let records: Vec<csv::StringRecord> = rows.drain(from.min(rows.len())..).collect();
        if records.is_empty() {
            return Err(ReadError::of(
                path,
                "expected rows below the header, found none",
            ));
        }
        let lines: Vec<usize> = records
            .iter()
            .enumerate()
            .map(|(i, record)| {
                record
                    .position()
                    .map_or(from + i + 1, |p| usize::try_from(p.line()).unwrap_or(0))
                    + lines_before
            })
            .collect();
        for (record, &line) in records.iter().zip(&lines) {
            if record.len() != names.len() {
                return Err(ReadError::at(
                    path,
                    line,
                    format!(
                        "expected {} fields as in the header, found {}; the file may be cut off or joined from files with other columns",
                        names.len(),
                        record.len()
                    ),
                ));
            }
        }
        Ok(Self {
            comments,
            names,
            units,
            lines,
            records,
            three_row_header,
        })
    }

    /// The position of a column.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|n| n == name)
    }
}

/// UTF-8, or else Latin-1, in which old loggers write a micro sign or a degree.
fn decoded(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|&b| char::from(b)).collect(),
    }
}

/// Lines that begin with `#`, and what comes after them.
fn comments(text: &str) -> (Vec<String>, &str) {
    let mut rest = text;
    let mut comments = Vec::new();
    while rest.starts_with('#') {
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        comments.push(rest[1..end].trim().to_owned());
        let after = &rest[end..];
        let ending = usize::from(after.starts_with('\r'));
        let ending = ending + usize::from(after[ending..].starts_with('\n'));
        rest = &after[ending..];
    }
    (comments, rest)
}

fn delimiter(header: &str) -> u8 {
    let header = header.split('\r').next().unwrap_or_default();
    *[b',', b'\t', b';']
        .iter()
        .max_by_key(|&&d| header.bytes().filter(|&b| b == d).count())
        .unwrap_or(&b',')
}

/// A row of units holds no number, and at least one field that looks like a unit.
fn is_units(row: &csv::StringRecord) -> bool {
    let number = |field: &str| field.parse::<f64>().is_ok();
    let digit_first = |field: &str| field.starts_with(|c: char| c.is_ascii_digit());
    !row.iter().any(number)
        && !row.get(0).is_some_and(digit_first)
        && row.iter().any(|field| {
            field.contains("m-2")
                || field.contains("m*")
                || field.starts_with('[')
                || field == "hPa"
                || field.contains("W")
                || field == "degC"
        })
}
