//! From raw bit patterns to "valid" or a reason, by table.

use super::{FillCode, Product};

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
