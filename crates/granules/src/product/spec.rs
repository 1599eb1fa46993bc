//! A layer described in a pipeline file.

use serde::{Deserialize, Serialize};

use super::{
    FillCode, OUT_OF_RANGE, PeriodKind, Product, QualitySpec, Ratio, SampleType, ScaleDirection,
};

/// A `[product]` section: any SDS of any MODIS land granule. Nothing has a default that could change a
/// number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductSpec {
    /// Name at the head of the file names, e.g. `"MOD13A2"`.
    pub name: String,
    /// Collection in the file names, e.g. `"061"`.
    pub collection: String,
    /// Name of the SDS, e.g. `"1 km 16 days NDVI"`.
    pub sds: String,
    /// Type of the stored numbers: `"int8"`, `"uint8"`, `"int16"` or `"uint16"`.
    #[serde(rename = "type")]
    pub sample_type: SampleType,
    /// The scale factor as the file stores it, e.g. `10000` for MOD13, `0.0001` for MOD17.
    pub scale: f64,
    /// Whether values are raw numbers times the scale (`"multiply"`) or over it (`"divide"`).
    pub scale_direction: ScaleDirection,
    /// What is added after scaling; 0 for most products.
    pub offset: f64,
    /// Unit of the scaled value, e.g. `"kgC m-2"`; `"1"` for none.
    pub unit: String,
    /// What the value is, e.g. `"NDVI"`.
    pub quantity: String,
    /// First and last raw number that is a measurement.
    pub valid_range: [i32; 2],
    /// What the file's attribute `valid_range` says, where that is wider because it holds numbers that are
    /// no measurements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_range_in_file: Option<[i32; 2]>,
    /// Raw numbers that are no measurements, each with its reason.
    pub fill: Vec<FillSpec>,
    /// The quality layer, if one is to be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qc: Option<QualitySpec>,
    /// Rows, and columns, of a whole tile: 4800, 2400 or 1200.
    pub cells_per_tile: usize,
    /// `"year"`, or `"composite"` with `composite_days`.
    pub period: PeriodSpec,
    /// Length of a composite in days, e.g. 16.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub composite_days: Option<u16>,
}

/// One fill code: `{ code = -3000, reason = "fill" }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FillSpec {
    /// The raw number.
    pub code: i32,
    /// The reason, as it should appear in column names: lower case letters, digits and `_`.
    pub reason: String,
}

/// What one granule covers in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PeriodSpec {
    /// A calendar year.
    Year,
    /// A number of days from its A-date.
    Composite,
}

/// A product that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("[product] {key}: expected {expected}, found {found}")]
pub struct ProductError {
    /// The key in the pipeline file.
    pub key: &'static str,
    /// What would be accepted.
    pub expected: String,
    /// What was given.
    pub found: String,
}

pub(super) fn refuse<T>(
    key: &'static str,
    expected: &str,
    found: impl ToString,
) -> Result<T, ProductError> {
    Err(ProductError {
        key,
        expected: expected.to_owned(),
        found: found.to_string(),
    })
}

impl ProductSpec {
    /// Checks the section and makes the product of it.
    ///
    /// # Errors
    /// [`ProductError`] names the key that cannot be right.
    pub fn build(&self) -> Result<Product, ProductError> {
        for (key, text) in [
            ("name", &self.name),
            ("collection", &self.collection),
            ("sds", &self.sds),
        ] {
            if text.is_empty() {
                return refuse(key, "a name", "nothing");
            }
        }
        if self.name.contains(['.', '/']) {
            return refuse(
                "name",
                "the first part of the file names, without a dot",
                &self.name,
            );
        }
        if self.collection.len() != 3 || !self.collection.bytes().all(|b| b.is_ascii_digit()) {
            return refuse(
                "collection",
                "three digits as in the file names, e.g. \"061\"",
                &self.collection,
            );
        }
        let Some(scale) = Product::factor(self.scale, self.scale_direction) else {
            return refuse("scale", "a decimal number other than 0", self.scale);
        };
        let Some(offset) = Ratio::from_decimal(self.offset) else {
            return refuse("offset", "a decimal number", self.offset);
        };
        let (least, most) = self.sample_type.limits();
        let [low, high] = self.valid_range;
        if low > high || low < least || high > most {
            let expected = format!(
                "[lowest, highest] within {least}..{most} ({})",
                self.sample_type
            );
            return refuse("valid_range", &expected, format!("[{low}, {high}]"));
        }
        let range_in_file = match self.valid_range_in_file {
            None => (low, high),
            Some([a, b]) if (a, b) != (low, high) && a <= low && high <= b => (a, b),
            Some([a, b]) => {
                let expected = format!(
                    "the wider range that the file declares around valid_range = [{low}, {high}]; \
                     leave it out where the two are the same"
                );
                return refuse("valid_range_in_file", &expected, format!("[{a}, {b}]"));
            }
        };
        if !(1..=100_000).contains(&self.cells_per_tile) {
            return refuse(
                "cells_per_tile",
                "1 to 100000 cells on a side, e.g. 2400",
                self.cells_per_tile,
            );
        }
        let period = match (self.period, self.composite_days) {
            (PeriodSpec::Year, None) => PeriodKind::Year,
            (PeriodSpec::Composite, Some(days @ 1..=366)) => PeriodKind::Composite { days },
            (PeriodSpec::Year, Some(days)) => {
                return refuse("composite_days", "no such key with period = \"year\"", days);
            }
            (PeriodSpec::Composite, days) => {
                let found = days.map_or_else(|| "nothing".to_owned(), |days| days.to_string());
                return refuse(
                    "composite_days",
                    "the length of a composite, 1 to 366 days",
                    found,
                );
            }
        };
        Ok(Product {
            short_name: self.name.clone(),
            collection: self.collection.clone(),
            sds: self.sds.clone(),
            sample_type: self.sample_type,
            stored_scale: self.scale,
            scale_direction: self.scale_direction,
            scale,
            offset,
            unit: self.unit.clone(),
            quantity: self.quantity.clone(),
            valid_range: (low, high),
            range_in_file: Some(range_in_file),
            fill: fill_codes(
                "fill",
                &self.fill,
                (least.into(), most.into()),
                self.sample_type,
            )?,
            quality: self.qc.as_ref().map(QualitySpec::build).transpose()?,
            cells_per_side: self.cells_per_tile,
            period,
        })
    }
}

/// Codes with their reasons; each within `limits`, those of the type `of`.
pub(super) fn fill_codes(
    key: &'static str,
    specs: &[FillSpec],
    limits: (i64, i64),
    of: impl std::fmt::Display,
) -> Result<Vec<FillCode>, ProductError> {
    let (least, most) = limits;
    let mut codes: Vec<FillCode> = Vec::new();
    for FillSpec { code, reason } in specs {
        if !(least..=most).contains(&i64::from(*code)) {
            return refuse(key, &format!("codes within {least}..{most} ({of})"), code);
        }
        if codes.iter().any(|earlier| earlier.code == *code) {
            return refuse(key, "each code once", format!("{code} twice"));
        }
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if reason.is_empty() || !reason.bytes().all(plain) {
            let expected =
                "a reason of lower case letters, digits and _ (it becomes part of column names)";
            return refuse(key, expected, format!("{reason:?}"));
        }
        if reason == OUT_OF_RANGE {
            return refuse(
                key,
                "another reason: this one is kept for numbers outside the valid range",
                reason,
            );
        }
        codes.push(FillCode {
            code: *code,
            reason: reason.clone(),
        });
    }
    if codes.len() > 200 {
        return refuse(key, "at most 200 codes", codes.len());
    }
    Ok(codes)
}
