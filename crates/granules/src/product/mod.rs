//! What a granule's numbers mean: type, scale, valid range, fill codes, quality layer, period.
//!
//! The table here is the truth, not the file's attributes: MOD17 declares one fill value and uses
//! seven, MOD13 stores a scale that divides, and neither can be told from the attributes alone. The
//! attributes are compared with the table and a contradiction is an error, because it means that the
//! file is another product.

mod attributes;
mod classify;
mod named;
mod quality;
mod quality_spec;
mod ratio;
mod spec;

pub use attributes::{AttributeConflict, StoredAttributes, known_direction};
pub use classify::{ClassTable, OUT_OF_RANGE};
pub use named::{NAMED_PRODUCTS, named};
pub use quality::{Quality, QualityKind, QualityTable, QualityType};
pub use quality_spec::{QualityKindSpec, QualitySpec};
pub use ratio::Ratio;
pub use spec::{FillSpec, PeriodSpec, ProductError, ProductSpec};

use serde::{Deserialize, Serialize};

/// Type of the stored numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SampleType {
    /// Signed, 8 bits.
    #[serde(rename = "int8")]
    I8,
    /// Unsigned, 8 bits.
    #[serde(rename = "uint8")]
    U8,
    /// Signed, 16 bits.
    #[serde(rename = "int16")]
    I16,
    /// Unsigned, 16 bits.
    #[serde(rename = "uint16")]
    U16,
}

impl SampleType {
    /// Smallest and largest number it can hold.
    #[must_use]
    pub fn limits(self) -> (i32, i32) {
        match self {
            Self::I8 => (i32::from(i8::MIN), i32::from(i8::MAX)),
            Self::U8 => (0, i32::from(u8::MAX)),
            Self::I16 => (i32::from(i16::MIN), i32::from(i16::MAX)),
            Self::U16 => (0, i32::from(u16::MAX)),
        }
    }

    /// Whether it is stored as two's complement.
    #[must_use]
    pub fn is_signed(self) -> bool {
        matches!(self, Self::I8 | Self::I16)
    }

    /// Bytes of one number.
    #[must_use]
    pub fn size_bytes(self) -> usize {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
        }
    }

    /// The number that a 16-bit pattern stands for. 8-bit numbers are widened to 16 bits with their
    /// value kept, so every signed type reads as `i16` and every unsigned one as `u16`.
    #[must_use]
    pub fn value_of(self, bits: u16) -> i32 {
        if self.is_signed() {
            i32::from(bits.cast_signed())
        } else {
            i32::from(bits)
        }
    }

    /// Its name in pipeline files and messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::I8 => "int8",
            Self::U8 => "uint8",
            Self::I16 => "int16",
            Self::U16 => "uint16",
        }
    }
}

impl std::fmt::Display for SampleType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// What the stored scale factor does to a raw number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ScaleDirection {
    /// value = raw x scale + offset (MOD17, MOD15, MOD11).
    Multiply,
    /// value = raw / scale + offset (MOD13, MOD09GA reflectance).
    Divide,
}

/// A raw number that is no measurement, and why.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FillCode {
    /// The raw number.
    pub code: i32,
    /// The reason as it appears in column names: lower case, digits and `_`, e.g. `barren`.
    pub reason: String,
}

/// What one granule covers in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PeriodKind {
    /// The calendar year of its A-date; the day is always 001.
    Year,
    /// A composite that starts at its A-date.
    Composite {
        /// Nominal length in days. The last one of a year ends with the year.
        days: u16,
    },
}

/// One layer of one MODIS land product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Product {
    /// Name at the head of the file names, e.g. `MOD17A3HGF`.
    pub short_name: String,
    /// Collection in the file names, e.g. `061`.
    pub collection: String,
    /// Name of the SDS. Never the name of the grid: those vary.
    pub sds: String,
    /// Type of the stored numbers.
    pub sample_type: SampleType,
    /// Scale as the file's attribute gives it.
    pub stored_scale: f64,
    /// What that scale does.
    pub scale_direction: ScaleDirection,
    /// The exact factor from raw numbers to values: value = raw x scale + offset.
    pub scale: Ratio,
    /// The exact offset, in the unit of the value.
    pub offset: Ratio,
    /// Unit of the value, e.g. `kgC m-2`.
    pub unit: String,
    /// What the value is, e.g. `NPP`.
    pub quantity: String,
    /// Smallest and largest raw number that is a measurement. Fill codes inside it still are fill codes.
    pub valid_range: (i32, i32),
    /// The range that the file's `valid_range` declares. `None` where nobody saw enough files to say; it
    /// may then be wider than the range of measurements.
    pub range_in_file: Option<(i32, i32)>,
    /// Raw numbers with a meaning of their own. Several may share a reason.
    pub fill: Vec<FillCode>,
    /// The quality layer, where there is one.
    pub quality: Option<Quality>,
    /// Rows, and columns, of a whole tile.
    pub cells_per_side: usize,
    /// What one granule covers in time.
    pub period: PeriodKind,
}

impl Product {
    /// Short name and collection, e.g. `MOD17A3HGF.061`.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}.{}", self.short_name, self.collection)
    }

    /// The same product on tiles of another size, for granules that were resampled or made for a test.
    #[must_use]
    pub fn with_cells_per_side(mut self, cells_per_side: usize) -> Self {
        self.cells_per_side = cells_per_side;
        self
    }

    /// The value of a raw number that is a measurement, rounded once.
    #[must_use]
    pub fn value(&self, raw: i32) -> f64 {
        // raw * n1/d1 + n2/d2 = (raw n1 d2 + n2 d1) / (d1 d2), exact in i128.
        let (scale, offset) = (self.scale, self.offset);
        let numerator =
            i128::from(raw) * i128::from(scale.numerator) * i128::from(offset.denominator)
                + i128::from(offset.numerator) * i128::from(scale.denominator);
        numerator as f64 / (i128::from(scale.denominator) * i128::from(offset.denominator)) as f64
    }
}
