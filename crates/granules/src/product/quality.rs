//! The quality layer of a product: which of its numbers are good enough.

use serde::{Deserialize, Serialize};

use super::FillCode;

/// Type of the numbers of a quality layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum QualityType {
    /// Signed, 8 bits.
    Int8,
    /// Unsigned, 8 bits.
    Uint8,
    /// Signed, 16 bits.
    Int16,
    /// Unsigned, 16 bits (VI quality of MOD13, state of MOD09).
    Uint16,
    /// Signed, 32 bits.
    Int32,
    /// Unsigned, 32 bits (band quality of MOD09).
    Uint32,
}

impl QualityType {
    /// Bits of one number.
    #[must_use]
    pub fn bits(self) -> u32 {
        match self {
            Self::Int8 | Self::Uint8 => 8,
            Self::Int16 | Self::Uint16 => 16,
            Self::Int32 | Self::Uint32 => 32,
        }
    }

    /// The pattern with all of its bits set.
    #[must_use]
    pub fn all_bits(self) -> u32 {
        u32::MAX >> (32 - self.bits())
    }

    /// Smallest and largest number it can hold.
    #[must_use]
    pub fn limits(self) -> (i64, i64) {
        let all = i64::from(self.all_bits());
        match self {
            Self::Int8 | Self::Int16 | Self::Int32 => (-(all / 2) - 1, all / 2),
            Self::Uint8 | Self::Uint16 | Self::Uint32 => (0, all),
        }
    }

    /// The number that a bit pattern stands for.
    #[must_use]
    pub fn value_of(self, pattern: u32) -> i64 {
        let (low, high) = self.limits();
        let value = i64::from(pattern);
        if value > high { value + 2 * low } else { value }
    }

    /// The bit pattern of a whole number that it can hold; `None` for any other.
    #[must_use]
    pub fn pattern_of(self, number: f64) -> Option<u32> {
        let (low, high) = self.limits();
        let fits = number.fract() == 0.0 && (low as f64..=high as f64).contains(&number);
        // Whole and within 33 bits, as was just asked.
        let value = fits.then_some(number as i64)?;
        u32::try_from(value & i64::from(self.all_bits())).ok()
    }

    /// Its name in pipeline files and messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Int8 => "int8",
            Self::Uint8 => "uint8",
            Self::Int16 => "int16",
            Self::Uint16 => "uint16",
            Self::Int32 => "int32",
            Self::Uint32 => "uint32",
        }
    }
}

impl std::fmt::Display for QualityType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// The quality layer of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quality {
    /// Name of the SDS.
    pub sds: String,
    /// Type of its numbers.
    pub number_type: QualityType,
    /// Numbers that say nothing of the quality, compared whole, before any mask. In MOD17 they
    /// mirror the fill codes of the layer itself.
    pub fill: Vec<FillCode>,
    /// What its numbers mean.
    pub kind: QualityKind,
}

/// What the numbers of a quality layer mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum QualityKind {
    /// Per cent, 0..=100, high is worse. In MOD17A3HGF: of the growing season that was gap-filled.
    Percent,
    /// Bits or classes: a cell is good when the number AND `mask` is one of `accept`.
    Bits {
        /// The bits that are looked at.
        mask: u32,
        /// The values of those bits that are good, where they stand in the number: not shifted.
        accept: Vec<u32>,
    },
}

/// What each number of a quality layer is, under a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QualityTable {
    /// By bit pattern; empty where there are too many patterns.
    grades: Vec<u8>,
    /// The rule itself, for numbers of 32 bits.
    quality: Quality,
    max_percent: u8,
}

impl QualityTable {
    /// Grade of a number that is good enough.
    pub const GOOD: u8 = 0;
    /// Grade of a number that is not.
    pub const WORSE: u8 = 1;
    /// Grade of a fill code, and of a number that the layer should not hold.
    pub const UNKNOWN: u8 = 2;
    /// The reasons of the grades after [`Self::GOOD`].
    pub const REASONS: [&'static str; 2] = ["quality", "quality_unknown"];

    /// The grade of a number by its bit pattern, the bits above its type being 0.
    #[must_use]
    pub fn grade(&self, pattern: u32) -> u8 {
        match self.grades.get(pattern as usize) {
            Some(&grade) => grade,
            None => self.quality.grade(pattern, self.max_percent),
        }
    }

    /// The layer and its rule in words.
    #[must_use]
    pub fn words(&self) -> String {
        self.quality.words(self.max_percent)
    }

    /// All that the grades follow from: rules that differ in any grade differ in this.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        format!("{:?}, at most {} per cent", self.quality, self.max_percent)
    }
}

impl Quality {
    /// The table of this layer. `max_percent` is the highest percentage that is still good; a rule on
    /// bits has no such limit and does not look at it.
    #[must_use]
    pub fn table(&self, max_percent: u8) -> QualityTable {
        let patterns = match self.number_type.bits() {
            32 => 0,
            bits => 1 << bits,
        };
        QualityTable {
            grades: (0..patterns)
                .map(|pattern| self.grade(pattern, max_percent))
                .collect(),
            quality: self.clone(),
            max_percent,
        }
    }

    /// Whether its numbers are percentages, which a limit can be set to.
    #[must_use]
    pub fn is_percent(&self) -> bool {
        self.kind == QualityKind::Percent
    }

    /// The layer and its rule in words.
    #[must_use]
    pub fn words(&self, max_percent: u8) -> String {
        let sds = &self.sds;
        match &self.kind {
            QualityKind::Percent => {
                format!("\"{sds}\", per cent: cells above {max_percent} do not count")
            }
            QualityKind::Bits { mask, accept } => {
                let accept: Vec<String> = accept.iter().map(u32::to_string).collect();
                let number = if *mask == self.number_type.all_bits() {
                    "its number".to_owned()
                } else {
                    format!("its number AND {mask} (0b{mask:b})")
                };
                format!(
                    "\"{sds}\", bits: a cell counts if {number} is {}",
                    accept.join(" or ")
                )
            }
        }
    }

    fn grade(&self, pattern: u32, max_percent: u8) -> u8 {
        let value = self.number_type.value_of(pattern);
        if self.fill.iter().any(|fill| i64::from(fill.code) == value) {
            return QualityTable::UNKNOWN;
        }
        match &self.kind {
            QualityKind::Percent => match value {
                0..=100 if value <= i64::from(max_percent) => QualityTable::GOOD,
                0..=100 => QualityTable::WORSE,
                _ => QualityTable::UNKNOWN,
            },
            QualityKind::Bits { mask, accept } if accept.contains(&(pattern & mask)) => {
                QualityTable::GOOD
            }
            QualityKind::Bits { .. } => QualityTable::WORSE,
        }
    }
}
