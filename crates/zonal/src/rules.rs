//! What counts, and under which reason the rest is counted.

use crate::kernel::PeriodLayer;

/// Class of a raw value that counts.
pub const VALID: u8 = 0;
/// Class of a raw value that counts as zero (barren land, if so chosen).
pub const ZERO: u8 = u8::MAX;

/// Whether a cell must be valid in all periods to count in any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mask {
    /// One mask for all periods: differences between periods are then of the
    /// same ground.
    Common,
    /// Each period has its own mask.
    PerPeriod,
}

/// What counts, and under which reason the rest is counted.
///
/// A **class** is [`VALID`], [`ZERO`], or 1 + the index of a reason.
#[derive(Debug, Clone)]
pub struct Rules {
    pub(crate) signed: bool,
    pub(crate) classes: Box<[u8]>,
    pub(crate) quality: Option<Box<[u8; 256]>>,
    pub(crate) mask: Mask,
    pub(crate) reasons: usize,
    pub(crate) missing: u8,
    pub(crate) masked_elsewhere: u8,
    /// The valid raw values as first bit pattern and how many follow it, if
    /// they are one unbroken range; the slow path serves otherwise.
    pub(crate) span: Option<(u16, u16)>,
    /// The class under which a raw value is masked where its cell does not
    /// count: its own, or "masked in another period" if it is valid. `None`
    /// where that takes more than the raw value: a quality layer, values that
    /// count as zero, a valid range with holes.
    pub(crate) masked: Option<Box<[u8]>>,
}

impl Rules {
    /// Rules for 16-bit values.
    ///
    /// * `signed`: whether bit patterns are two's complement (int16) or not.
    /// * `classes`: the class of each of the 65,536 bit patterns.
    /// * `quality`: the class of each value of the quality layer, if one is
    ///   applied; [`VALID`] or a reason.
    /// * `reasons`: number of reasons.
    /// * `missing`, `masked_elsewhere`: indices of the reasons "no data in
    ///   the file" and "masked in another period".
    ///
    /// # Panics
    /// If a table has the wrong length or names a reason that does not exist:
    /// a fault of the caller, never of an input file.
    #[must_use]
    pub fn new(
        signed: bool,
        classes: Vec<u8>,
        quality: Option<[u8; 256]>,
        mask: Mask,
        reasons: usize,
        missing: usize,
        masked_elsewhere: usize,
    ) -> Self {
        assert_eq!(classes.len(), 1 << 16, "one class for each bit pattern");
        let known = |class: &u8| matches!(*class, VALID | ZERO) || usize::from(*class) <= reasons;
        assert!(classes.iter().all(known), "a class without a reason");
        assert!(
            quality.iter().flatten().all(|c| known(c) && *c != ZERO),
            "a class without reason"
        );
        assert!(reasons < 254 && missing < reasons && masked_elsewhere < reasons);
        let class_of = |reason: usize| u8::try_from(reason + 1).unwrap_or(ZERO - 1);
        let span = span_of(signed, &classes);
        let simple = span.is_some() && quality.is_none() && !classes.contains(&ZERO);
        let masked = |class: &u8| match *class {
            VALID => class_of(masked_elsewhere),
            class => class,
        };
        Self {
            signed,
            span,
            masked: simple.then(|| classes.iter().map(masked).collect()),
            classes: classes.into_boxed_slice(),
            quality: quality.map(Box::new),
            mask,
            reasons,
            missing: class_of(missing),
            masked_elsewhere: class_of(masked_elsewhere),
        }
    }

    /// Number of reasons.
    #[must_use]
    pub fn reasons(&self) -> usize {
        self.reasons
    }

    /// The mask rule.
    #[must_use]
    pub fn mask(&self) -> Mask {
        self.mask
    }

    /// The smallest and the largest raw value that counts; `None` if none does.
    #[must_use]
    pub fn valid_values(&self) -> Option<(i32, i32)> {
        let patterns = (0..=u16::MAX).filter(|raw| self.classes[usize::from(*raw)] == VALID);
        let values = patterns.map(|raw| self.value(raw));
        values.fold(None, |limits, value| match limits {
            None => Some((value, value)),
            Some((low, high)) => Some((value.min(low), value.max(high))),
        })
    }

    /// Whether a quality layer is applied.
    #[must_use]
    pub fn uses_quality(&self) -> bool {
        self.quality.is_some()
    }

    /// Whether bit patterns are two's complement.
    #[must_use]
    pub fn signed(&self) -> bool {
        self.signed
    }

    /// Everything that decides a count, as bytes: rules that differ in any
    /// answer differ in these.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![
            u8::from(self.signed),
            u8::from(self.mask == Mask::Common),
            self.missing,
            self.masked_elsewhere,
            u8::from(self.quality.is_some()),
        ];
        bytes.extend((self.reasons as u64).to_le_bytes());
        bytes.extend(&self.classes);
        bytes.extend(self.quality.iter().flat_map(|table| table.iter()));
        bytes
    }

    pub(crate) fn value(&self, raw: u16) -> i32 {
        if self.signed {
            i32::from(raw.cast_signed())
        } else {
            i32::from(raw)
        }
    }

    /// The class of one cell of one layer.
    #[must_use]
    pub fn class(&self, layer: &PeriodLayer<'_>, row: usize, column: usize, cell: usize) -> u8 {
        let PeriodLayer::Values {
            raw,
            quality,
            missing,
        } = layer
        else {
            return self.missing;
        };
        if missing.iter().any(|gap| gap.holds(row, column)) {
            return self.missing;
        }
        let class = self.classes[usize::from(raw[cell])];
        match (class, &self.quality, quality) {
            (VALID, Some(classes), Some(quality)) => classes[usize::from(quality[cell])],
            _ => class,
        }
    }
}

/// The valid bit patterns as one range in the order of their values.
fn span_of(signed: bool, classes: &[u8]) -> Option<(u16, u16)> {
    let pattern = |i: u16| if signed { i ^ 0x8000 } else { i };
    let valid = |i: &u16| classes[usize::from(pattern(*i))] == VALID;
    let first = (0..=u16::MAX).find(valid)?;
    let last = (0..=u16::MAX).rev().find(valid)?;
    (first..=last)
        .all(|i| valid(&i))
        .then(|| (pattern(first), last - first))
}
