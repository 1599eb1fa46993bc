//! From raw bit patterns to "valid" or a reason, by table.

use super::{FillCode, Product, Quality, QualityKind};

/// The reason of a raw number that is no fill code and outside the valid range.
pub const OUT_OF_RANGE: &str = "out_of_range";

/// What each raw bit pattern of a layer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassTable {
    /// 65,536 entries, by 16-bit pattern ([`super::SampleType::value_of`]): 0 for a measurement, otherwise one
    /// plus the index of its reason.
    pub classes: Vec<u8>,
    /// The reasons: those of the fill codes in the order of the product, then [`OUT_OF_RANGE`].
    pub reasons: Vec<String>,
}

/// What each number of a quality layer is, under a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QualityTable {
    /// By bit pattern: 0 for good enough, otherwise one plus the index of its reason.
    pub classes: [u8; 256],
    /// The reasons: first `quality` (worse than the limit), then `quality_unknown` (a fill code, or a number
    /// that the layer should not hold).
    pub reasons: [&'static str; 2],
}

impl Product {
    /// The table of this layer. A fill code wins over the valid range, because the range of some
    /// products contains it.
    #[must_use]
    pub fn class_table(&self) -> ClassTable {
        let mut reasons: Vec<String> = Vec::new();
        for FillCode { reason, .. } in &self.fill {
            if !reasons.contains(reason) {
                reasons.push(reason.clone());
            }
        }
        if !reasons.iter().any(|reason| reason == OUT_OF_RANGE) {
            reasons.push(OUT_OF_RANGE.to_owned());
        }
        // A product has fewer than 250 reasons: checked where it is made.
        let class_of = |wanted: &str| {
            let index = reasons
                .iter()
                .position(|reason| reason == wanted)
                .unwrap_or(0);
            u8::try_from(index + 1).unwrap_or(u8::MAX)
        };
        let (low, high) = self.valid_range;
        let outside = class_of(OUT_OF_RANGE);
        let class = |bits: u16| {
            let raw = self.sample_type.value_of(bits);
            match self.fill.iter().find(|fill| fill.code == raw) {
                Some(fill) => class_of(&fill.reason),
                None if (low..=high).contains(&raw) => 0,
                None => outside,
            }
        };
        ClassTable {
            classes: (0..=u16::MAX).map(class).collect(),
            reasons,
        }
    }
}

impl Quality {
    /// The table of this layer. `max_percent` is the highest percentage that is still good; bit fields
    /// have no limit and ignore it.
    #[must_use]
    pub fn table(&self, max_percent: u8) -> QualityTable {
        const WORSE: u8 = 1;
        const UNKNOWN: u8 = 2;
        let mut classes = [UNKNOWN; 256];
        for (bits, class) in (0..=u8::MAX).zip(&mut classes) {
            *class = match &self.kind {
                QualityKind::Percent { fill } => {
                    let value = if self.sample_type.is_signed() {
                        i32::from(bits.cast_signed())
                    } else {
                        i32::from(bits)
                    };
                    let is_fill = fill.iter().any(|fill| fill.code == value);
                    match value {
                        0..=100 if is_fill => UNKNOWN,
                        0..=100 if value <= i32::from(max_percent) => 0,
                        0..=100 => WORSE,
                        _ => UNKNOWN,
                    }
                }
                QualityKind::Bits { mask, accept } if accept.contains(&(bits & mask)) => 0,
                QualityKind::Bits { .. } => WORSE,
            };
        }
        QualityTable {
            classes,
            reasons: ["quality", "quality_unknown"],
        }
    }
}
