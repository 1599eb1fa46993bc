//! Legends: what a map's own words mean in the zones of the study.
//!
//! Zone names differ between schools: "sporadic" is the least permafrost in
//! the Mongolian scheme and the third class of four in the international one.
//! So no word is ever mapped by the program. A legend file says which code,
//! attribute value or value range means which zone, and a value it does not
//! mention has no answer.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// A value met in a map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Source<'a> {
    /// A whole number: the code of a categorical raster.
    Code(i64),
    /// A text: the attribute of a polygon.
    Text(&'a str),
    /// A measured number: a cell of a floating-point raster.
    Number(f64),
}

/// What a legend says of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The index of its zone in [`Legend::zones`].
    Zone(u16),
    /// Outside every zone, and said so.
    Outside,
}

/// What is wrong with a legend.
#[derive(Debug, thiserror::Error)]
pub enum LegendError {
    /// Not TOML, or not the keys of a legend.
    #[error("{0}")]
    Keys(#[from] nutag_settings::Faults),
    /// The content contradicts itself.
    #[error("{0}")]
    Content(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LegendFile {
    name: String,
    zones: Vec<String>,
    class: Vec<ClassFile>,
}

#[derive(Deserialize)]
#[serde(rename = "by shape")]
enum OneOrMany<T> {
    #[serde(rename = "one")]
    One(T),
    #[serde(rename = "list")]
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    fn into_vec(self) -> Vec<T> {
        match self {
            Self::One(value) => vec![value],
            Self::Many(values) => values,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassFile {
    code: Option<OneOrMany<i64>>,
    value: Option<OneOrMany<String>>,
    range: Option<[f64; 2]>,
    zone: Option<String>,
    #[serde(default)]
    outside: bool,
}

/// A legend: codes, texts and ranges, each with its zone.
#[derive(Debug, Clone)]
pub struct Legend {
    name: String,
    zones: Vec<String>,
    codes: BTreeMap<i64, Answer>,
    /// The codes as measured numbers hold them, ascending.
    numbers: Vec<(f64, Answer)>,
    texts: BTreeMap<String, Answer>,
    /// Lower bound included, upper bound not; ascending, not overlapping.
    ranges: Vec<(f64, f64, Answer)>,
}

impl Legend {
    /// Reads a legend file's text.
    ///
    /// # Errors
    /// [`LegendError`] if it is not TOML, has unknown keys, names a zone that
    /// is not in its list, gives one value two answers, has ranges that
    /// overlap or run backwards, or a class that says nothing.
    pub fn parse(text: &str) -> Result<Self, LegendError> {
        let file: LegendFile = nutag_settings::read(text)?;
        let wrong = |message: String| Err(LegendError::Content(message));
        if file.zones.is_empty() {
            return wrong("`zones` is empty: list the zones in the order of the table".to_owned());
        }
        let unique: BTreeSet<&str> = file.zones.iter().map(String::as_str).collect();
        if unique.len() < file.zones.len() || unique.contains("") {
            return wrong(format!(
                "`zones` has an empty or a repeated name: {:?}",
                file.zones
            ));
        }
        if file.zones.len() >= usize::from(u16::MAX) {
            return wrong(format!(
                "{} zones; at most 65534 can be told apart",
                file.zones.len()
            ));
        }
        let mut legend = Self {
            name: file.name,
            zones: file.zones,
            codes: BTreeMap::new(),
            numbers: Vec::new(),
            texts: BTreeMap::new(),
            ranges: Vec::new(),
        };
        for (i, class) in file.class.into_iter().enumerate() {
            legend.add(class).map_err(|what| {
                LegendError::Content(format!("[[class]] number {}: {what}", i + 1))
            })?;
        }
        #[expect(clippy::cast_precision_loss, reason = "codes are small")]
        let numbers = legend
            .codes
            .iter()
            .map(|(code, answer)| (*code as f64, *answer));
        legend.numbers = numbers.collect();
        legend.ranges.sort_by(|a, b| a.0.total_cmp(&b.0));
        for pair in legend.ranges.windows(2) {
            if pair[1].0 < pair[0].1 {
                return wrong(format!(
                    "the ranges [{}, {}) and [{}, {}) overlap",
                    pair[0].0, pair[0].1, pair[1].0, pair[1].1
                ));
            }
        }
        Ok(legend)
    }

    /// The same legend for numbers that are stored with less precision than its own: `stored` gives what
    /// a cell holds where a number was meant. A bound of 0.9 is 0.899999976 in single precision, and a
    /// cell of 0.9 is above it.
    ///
    /// # Errors
    /// Returns an error if the bounds of a range, or two codes, cannot be told apart once they are stored.
    pub fn as_stored(mut self, stored: impl Fn(f64) -> f64) -> Result<Self, LegendError> {
        for (low, high, _) in &mut self.ranges {
            let meant = (*low, *high);
            (*low, *high) = (stored(*low), stored(*high));
            if *low >= *high {
                return Err(LegendError::Content(format!(
                    "the bounds of the range [{}, {}] are one number in the precision of the map",
                    meant.0, meant.1
                )));
            }
        }
        for (number, _) in &mut self.numbers {
            *number = stored(*number);
        }
        if let Some(pair) = self.numbers.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(LegendError::Content(format!(
                "two codes are one number, {}, in the precision of the map",
                pair[0].0
            )));
        }
        Ok(self)
    }

    fn add(&mut self, class: ClassFile) -> Result<(), String> {
        let answer = match (&class.zone, class.outside) {
            (Some(zone), false) => {
                let index =
                    self.zones.iter().position(|z| z == zone).ok_or_else(|| {
                        format!("zone \"{zone}\" is not in `zones` {:?}", self.zones)
                    })?;
                Answer::Zone(u16::try_from(index).map_err(|e| e.to_string())?)
            }
            (None, true) => Answer::Outside,
            _ => return Err("expected either `zone = \"...\"` or `outside = true`".to_owned()),
        };
        match (class.code, class.value, class.range) {
            (Some(codes), None, None) => {
                for code in codes.into_vec() {
                    if self.codes.insert(code, answer).is_some() {
                        return Err(format!("code {code} already has an answer"));
                    }
                }
            }
            (None, Some(values), None) => {
                for value in values.into_vec() {
                    // Maps hand their values over without blanks around them.
                    let value = value.trim().to_owned();
                    if self.texts.insert(value.clone(), answer).is_some() {
                        return Err(format!("value \"{value}\" already has an answer"));
                    }
                }
            }
            (None, None, Some([low, high])) => {
                if low.is_nan() || high.is_nan() || low >= high {
                    return Err(format!("range [{low}, {high}] must run upwards"));
                }
                self.ranges.push((low, high, answer));
            }
            _ => return Err("expected exactly one of `code`, `value` and `range`".to_owned()),
        }
        Ok(())
    }

    /// What the legend calls itself.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Zone names in the order of the tables.
    #[must_use]
    pub fn zones(&self) -> &[String] {
        &self.zones
    }

    /// Whether raster values are looked up in ranges and need not be whole.
    #[must_use]
    pub fn has_ranges(&self) -> bool {
        !self.ranges.is_empty()
    }

    /// The zone of a value, or `None` where the legend has no answer.
    ///
    /// A whole number that no code mentions is tried in the ranges; a whole
    /// `Number` is tried in the codes first.
    #[must_use]
    pub fn answer(&self, source: Source<'_>) -> Option<Answer> {
        match source {
            Source::Text(text) => self.texts.get(text).copied(),
            #[expect(clippy::cast_precision_loss, reason = "codes are small")]
            Source::Code(code) => self
                .codes
                .get(&code)
                .copied()
                .or_else(|| self.in_range(code as f64)),
            Source::Number(number) => {
                let by_code = self.numbers.iter().find(|(code, _)| *code == number);
                by_code
                    .map(|(_, answer)| *answer)
                    .or_else(|| self.in_range(number))
            }
        }
    }

    fn in_range(&self, number: f64) -> Option<Answer> {
        let found = self
            .ranges
            .iter()
            .find(|(low, high, _)| (*low..*high).contains(&number));
        found.map(|(_, _, answer)| *answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
        name = "test"
        zones = ["none", "some", "all"]
        [[class]]
        code = [11, 12]
        zone = "none"
        [[class]]
        code = 0
        outside = true
        [[class]]
        value = "Cont"
        zone = "all"
        [[class]]
        range = [0.5, 0.9]
        zone = "some"
        [[class]]
        range = [0.9, 1.01]
        zone = "all"
    "#;

    #[test]
    fn every_kind_of_value_finds_its_zone() {
        let legend = Legend::parse(TEXT).unwrap();
        assert_eq!(legend.answer(Source::Code(12)), Some(Answer::Zone(0)));
        assert_eq!(legend.answer(Source::Code(0)), Some(Answer::Outside));
        assert_eq!(legend.answer(Source::Text("Cont")), Some(Answer::Zone(2)));
        assert_eq!(legend.answer(Source::Number(0.5)), Some(Answer::Zone(1)));
        assert_eq!(legend.answer(Source::Number(0.9)), Some(Answer::Zone(2)));
        assert_eq!(legend.answer(Source::Number(11.0)), Some(Answer::Zone(0)));
    }

    #[test]
    fn a_gap_has_no_answer() {
        let legend = Legend::parse(TEXT).unwrap();
        let unknown = [
            Source::Code(13),
            Source::Text("cont"),
            Source::Number(0.4),
            Source::Number(f64::NAN),
        ];
        for source in unknown {
            assert_eq!(legend.answer(source), None, "{source:?}");
        }
    }

    #[test]
    fn bounds_are_compared_as_the_map_stores_them() {
        // Every threshold of two decimals that single precision rounds down, and those it does not.
        for hundredths in 1..100_u8 {
            let bound = f64::from(hundredths) / 100.0;
            let text = format!(
                "name = \"t\"\nzones = [\"below\", \"above\"]\n[[class]]\nrange = [-1.0, {bound}]\nzone = \"below\"\n\
                 [[class]]\nrange = [{bound}, 2.0]\nzone = \"above\"\n"
            );
            let single = |meant: f64| f64::from(meant as f32);
            let legend = Legend::parse(&text).unwrap().as_stored(single).unwrap();
            let cell = bound as f32;
            let answer = |cell: f32| legend.answer(Source::Number(f64::from(cell)));
            assert_eq!(answer(cell), Some(Answer::Zone(1)), "{bound}");
            assert_eq!(answer(cell.next_down()), Some(Answer::Zone(0)), "{bound}");
        }
        let narrow = "name=\"t\"\nzones=[\"a\"]\n[[class]]\nrange=[0.1, 0.1000000001]\nzone=\"a\"";
        let error = Legend::parse(narrow)
            .unwrap()
            .as_stored(|meant| f64::from(meant as f32))
            .unwrap_err();
        assert!(error.to_string().contains("one number"), "{error}");
    }

    #[test]
    fn every_list_of_a_fixed_length_has_it() {
        let spoilt = nutag_settings::schema::spoilt_lists::<LegendFile>();
        assert!(!spoilt.is_empty());
        for (entry, len, answer) in spoilt {
            assert!(answer.is_some(), "{entry:?} with {len} values went through");
        }
        let text = TEXT.replace("[0.5, 0.9]", "[0.5, 0.9, 1.0]");
        let error = Legend::parse(&text).err().unwrap().to_string();
        assert!(error.contains("exactly 2 values, found 3"), "{error}");
        assert!(error.contains("range = [0.5, 0.9, 1.0]"), "{error}");
    }

    #[test]
    fn contradictions_are_named() {
        let head = "name = \"t\"\nzones = [\"a\", \"b\"]\n";
        let cases = [
            ("[[class]]\ncode = 1\nzone = \"c\"", "not in `zones`"),
            ("[[class]]\ncode = 1", "either `zone"),
            ("[[class]]\nzone = \"a\"", "exactly one of"),
            (
                "[[class]]\ncode = 1\nvalue = \"x\"\nzone = \"a\"",
                "exactly one of",
            ),
            ("[[class]]\ncode = [1, 1]\nzone = \"a\"", "code 1 already"),
            (
                "[[class]]\nvalue = [\"x\", \"x\"]\nzone = \"a\"",
                "\"x\" already",
            ),
            (
                "[[class]]\nrange = [2, 1]\nzone = \"a\"",
                "must run upwards",
            ),
            (
                "[[class]]\nrange = [0, 2]\nzone = \"a\"\n[[class]]\nrange = [1, 3]\nzone = \"b\"",
                "overlap",
            ),
            ("[[class]]\ncod = 1\nzone = \"a\"", "did you mean `code`?"),
        ];
        for (tail, expected) in cases {
            let error = Legend::parse(&format!("{head}{tail}"))
                .unwrap_err()
                .to_string();
            assert!(error.contains(expected), "{tail}: {error}");
        }
        let error = Legend::parse("name=\"t\"\nzones=[\"a\",\"a\"]\nclass=[]").unwrap_err();
        assert!(error.to_string().contains("repeated"), "{error}");
    }
}
