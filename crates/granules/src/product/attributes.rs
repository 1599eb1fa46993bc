//! Whether a file's attributes agree with the product that it is read as.

use super::{Product, Quality, QualityKind, QualityTable, Ratio, ScaleDirection};

/// The attributes of an SDS that say what its numbers mean, where present.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct StoredAttributes {
    /// `scale_factor`.
    pub scale_factor: Option<f64>,
    /// `add_offset`.
    pub add_offset: Option<f64>,
    /// `_FillValue`.
    pub fill_value: Option<f64>,
    /// `valid_range`, in either order.
    pub valid_range: Option<(f64, f64)>,
}

/// An attribute that contradicts the product.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error(
    "the attribute `{attribute}` is {found}, but {product} should have {expected}; \
     is this another product or collection? Otherwise {advice}"
)]
pub struct AttributeConflict {
    /// Name of the attribute.
    pub attribute: &'static str,
    /// What the file says.
    pub found: String,
    /// What the product says.
    pub expected: String,
    /// The product's id.
    pub product: String,
    /// What to write where the file is right.
    pub advice: String,
}

impl Product {
    /// Compares a file's attributes with this product. Attributes that are absent say nothing.
    ///
    /// The stored scale must give the product's factor in the direction in which the product stores it,
    /// as far as that is known ([`known_direction`]). The declared fill value must be one of the fill
    /// codes. The declared range must hold the range of measurements; beyond it, it may hold fill codes,
    /// and other numbers only where the product expects that ([`Product::range_in_file`]).
    ///
    /// # Errors
    /// Returns the first attribute that contradicts.
    pub fn check_attributes(&self, stored: &StoredAttributes) -> Result<(), AttributeConflict> {
        let conflict = |attribute, found: String, expected: String, advice: String| {
            Err(AttributeConflict {
                attribute,
                found,
                expected,
                product: self.id(),
                advice,
            })
        };
        if let Some(scale) = stored.scale_factor
            && !self.is_same_scale(scale)
        {
            let (expected, advice) = self.wanted_scale(scale);
            return conflict("scale_factor", scale.to_string(), expected, advice);
        }
        let offset = self.offset.numerator as f64 / self.offset.denominator as f64;
        if let Some(found) = stored.add_offset
            && !nearly_equal(found, offset)
        {
            let advice = format!("write offset = {found} in [product]");
            return conflict("add_offset", found.to_string(), offset.to_string(), advice);
        }
        let (low, high) = self.valid_range;
        if let Some(fill) = stored.fill_value
            && !self.is_fill(fill)
        {
            let expected = if (f64::from(low)..=f64::from(high)).contains(&fill) {
                format!("measurements there ({low}..{high})")
            } else {
                format!("it among its fill codes ({})", self.codes())
            };
            let advice = format!(
                "name it in [product] fill, such as {{ code = {fill}, reason = \"fill\" }}"
            );
            return conflict("_FillValue", fill.to_string(), expected, advice);
        }
        if let Some((a, b)) = stored.valid_range {
            let (from, to) = (a.min(b), a.max(b));
            let (found, expected) = (format!("{from}..{to}"), format!("{low}..{high}"));
            if !(from <= f64::from(low) && f64::from(high) <= to) {
                let advice = format!("write valid_range = [{from}, {to}] in [product]");
                return conflict("valid_range", found, expected, advice);
            }
            if !self.explains(from, to) {
                let advice = format!(
                    "write valid_range = [{from}, {to}] in [product]; where the rest is no measurement, name it in \
                     `fill` or add valid_range_in_file = [{from}, {to}]"
                );
                return conflict("valid_range", found, expected, advice);
            }
        }
        Ok(())
    }

    /// Whether a stored scale factor gives this product's factor.
    ///
    /// Some files store the factor, others its reciprocal; where the product is known to do one of the two,
    /// only that counts. Elsewhere the file's number may be multiplied by or divided by, as is asked, but a
    /// factor above 1 only if it was written as the file stores it: the reciprocal with `"divide"` is a slip.
    fn is_same_scale(&self, found: f64) -> bool {
        let factor = self.scale.numerator as f64 / self.scale.denominator as f64;
        let (multiplies, divides) = (
            nearly_equal(factor, found),
            nearly_equal(factor * found, 1.0),
        );
        match known_direction(&self.short_name, found) {
            Some(ScaleDirection::Multiply) => multiplies,
            Some(ScaleDirection::Divide) => divides,
            None => divides || (multiplies && self.scale_direction == ScaleDirection::Multiply),
        }
    }

    /// What the product asks for and what a file with this scale factor would need.
    fn wanted_scale(&self, found: f64) -> (String, String) {
        let word = |direction: ScaleDirection| match direction {
            ScaleDirection::Multiply => "multiply",
            ScaleDirection::Divide => "divide",
        };
        let asked = format!(
            "scale {} with \"{}\", a factor of {}",
            self.stored_scale,
            word(self.scale_direction),
            self.scale.numerator as f64 / self.scale.denominator as f64
        );
        let direction = match known_direction(&self.short_name, found) {
            Some(direction) => format!("\"{}\"", word(direction)),
            None => "\"multiply\" or \"divide\", as the product's guide says".to_owned(),
        };
        let advice =
            format!("write scale = {found} and scale_direction = {direction} in [product]");
        (asked, advice)
    }

    fn is_fill(&self, raw: f64) -> bool {
        self.fill.iter().any(|fill| f64::from(fill.code) == raw)
    }

    fn codes(&self) -> String {
        let codes: Vec<String> = self.fill.iter().map(|fill| fill.code.to_string()).collect();
        codes.join(", ")
    }

    /// Whether every number of a declared range is a measurement, a fill code, or expected beside them.
    fn explains(&self, from: f64, to: f64) -> bool {
        let Some((low, high)) = self.range_in_file else {
            return true;
        };
        let (least, most) = self.sample_type.limits();
        (least..=most)
            .map(f64::from)
            .filter(|raw| (from..=to).contains(raw))
            .all(|raw| (f64::from(low)..=f64::from(high)).contains(&raw) || self.is_fill(raw))
    }
}

impl Quality {
    /// Compares the attributes of a quality layer with the rule under which it is read.
    ///
    /// Percentages have no scale of their own. A declared fill value outside the declared range says nothing
    /// of the quality, so the rule must not take it for a good number.
    ///
    /// # Errors
    /// Returns the first attribute that contradicts; `product` is the product's id.
    pub fn check_attributes(
        &self,
        stored: &StoredAttributes,
        product: &str,
    ) -> Result<(), AttributeConflict> {
        if self.kind == QualityKind::Percent
            && let Some(scale) = stored.scale_factor
            && !nearly_equal(scale, 1.0)
        {
            return Err(AttributeConflict {
                attribute: "scale_factor",
                found: scale.to_string(),
                expected: "percentages as they are, with a scale of 1".to_owned(),
                product: product.to_owned(),
                advice: "choose another layer in [product] qc".to_owned(),
            });
        }
        let Some(fill) = stored.fill_value else {
            return Ok(());
        };
        let declared_valid = stored
            .valid_range
            .is_some_and(|(a, b)| (a.min(b)..=a.max(b)).contains(&fill));
        let pattern = self.number_type.pattern_of(fill);
        match pattern {
            Some(pattern)
                if !declared_valid && self.table(100).grade(pattern) == QualityTable::GOOD =>
            {
                Err(AttributeConflict {
                    attribute: "_FillValue",
                    found: fill.to_string(),
                    expected: "a number there that is not good".to_owned(),
                    product: product.to_owned(),
                    advice: format!(
                        "name it in [product] qc, such as fill = [{{ code = {fill}, reason = \"fill\" }}]"
                    ),
                })
            }
            _ => Ok(()),
        }
    }
}

/// What a stored scale factor does in a product, where that is known of all its layers.
///
/// A factor below 1 multiplies in every product seen (MOD09A1, MOD11, MOD15, MOD16, MOD17, MCD43). The
/// vegetation indices of MOD13 store 10000 and, for angles, 100: both divide. The reflectance of MOD09 stores
/// 10000, which divides, but its range 25, which multiplies; so other factors above 1 are open.
#[must_use]
pub fn known_direction(short_name: &str, stored: f64) -> Option<ScaleDirection> {
    let family = short_name.get(3..5).unwrap_or_default();
    if stored.abs() < 1.0 {
        Some(ScaleDirection::Multiply)
    } else if family == "13" || (family == "09" && stored == 10_000.0) {
        Some(ScaleDirection::Divide)
    } else {
        None
    }
}

impl Product {
    /// The exact factor of a stored scale and its direction.
    pub(super) fn factor(stored: f64, direction: ScaleDirection) -> Option<Ratio> {
        let ratio = Ratio::from_decimal(stored)?;
        match direction {
            ScaleDirection::Multiply => (ratio.numerator != 0).then_some(ratio),
            ScaleDirection::Divide => ratio.reciprocal(),
        }
    }
}

/// Attributes are often single precision.
fn nearly_equal(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs().max(b.abs())
}
