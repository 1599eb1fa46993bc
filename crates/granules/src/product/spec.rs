//! A layer described in a pipeline file.

use serde::{Deserialize, Serialize};

use super::{
    FillCode, OUT_OF_RANGE, PeriodKind, Product, Quality, QualityKind, Ratio, SampleType,
    ScaleDirection,
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

/// A quality layer: `{ sds = "...", type = "int8", kind = "bits", mask = 255, accept = [0, 1] }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QualitySpec {
    /// Name of the SDS.
    pub sds: String,
    /// `"uint8"` or `"int8"`.
    #[serde(rename = "type")]
    pub sample_type: SampleType,
    /// `"percent"` or `"bits"`.
    pub kind: QualityKindSpec,
    /// For `"percent"`: numbers that are no percentage.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fill: Vec<FillSpec>,
    /// For `"bits"`: which bits are looked at; 255 for a class number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mask: Option<u8>,
    /// For `"bits"`: the values of those bits that are good.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accept: Vec<u8>,
}

/// What the numbers of a quality layer are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum QualityKindSpec {
    /// Per cent, high is worse.
    Percent,
    /// Bits or classes.
    Bits,
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

fn refuse<T>(key: &'static str, expected: &str, found: impl ToString) -> Result<T, ProductError> {
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
            fill: fill_codes("fill", &self.fill, self.sample_type)?,
            quality: self.qc.as_ref().map(QualitySpec::build).transpose()?,
            cells_per_side: self.cells_per_tile,
            period,
        })
    }
}

impl QualitySpec {
    fn build(&self) -> Result<Quality, ProductError> {
        if self.sample_type.size_bytes() != 1 {
            return refuse("qc.type", "uint8 or int8", self.sample_type);
        }
        let kind = match self.kind {
            QualityKindSpec::Percent if self.mask.is_some() || !self.accept.is_empty() => {
                return refuse(
                    "qc",
                    "no `mask` and no `accept` with kind = \"percent\"",
                    "them",
                );
            }
            QualityKindSpec::Percent => QualityKind::Percent {
                fill: fill_codes("qc.fill", &self.fill, self.sample_type)?,
            },
            QualityKindSpec::Bits if !self.fill.is_empty() => {
                return refuse(
                    "qc",
                    "no `fill` with kind = \"bits\": what is not in `accept` is not good",
                    "it",
                );
            }
            QualityKindSpec::Bits => {
                let Some(mask) = self.mask else {
                    return refuse(
                        "qc.mask",
                        "the bits to look at, 1 to 255 (255 for a class number)",
                        "nothing",
                    );
                };
                if let Some(never) = self.accept.iter().find(|&&value| value & !mask != 0) {
                    return refuse(
                        "qc.accept",
                        &format!("values of the bits in mask {mask}"),
                        never,
                    );
                }
                if self.accept.is_empty() {
                    return refuse("qc.accept", "at least one value that is good", "none");
                }
                QualityKind::Bits {
                    mask,
                    accept: self.accept.clone(),
                }
            }
        };
        Ok(Quality {
            sds: self.sds.clone(),
            sample_type: self.sample_type,
            kind,
        })
    }
}

fn fill_codes(
    key: &'static str,
    specs: &[FillSpec],
    of: SampleType,
) -> Result<Vec<FillCode>, ProductError> {
    let (least, most) = of.limits();
    let mut codes: Vec<FillCode> = Vec::new();
    for FillSpec { code, reason } in specs {
        if !(least..=most).contains(code) {
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
