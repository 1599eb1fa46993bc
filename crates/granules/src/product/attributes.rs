//! Whether a file's attributes agree with the product that it is read as.

use super::{Product, Ratio};

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
     is this another product or collection? Otherwise describe the layer in a [product] section"
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
}

impl Product {
    /// Compares a file's attributes with this product. Attributes that are absent say nothing.
    ///
    /// The valid range of the file may be wider (some files count fill codes as valid) but must hold
    /// the product's. The declared fill value must not be a measurement.
    ///
    /// # Errors
    /// [`AttributeConflict`] for the first attribute that contradicts.
    pub fn check_attributes(&self, stored: &StoredAttributes) -> Result<(), AttributeConflict> {
        let conflict = |attribute, found: String, expected: String| {
            Err(AttributeConflict {
                attribute,
                found,
                expected,
                product: self.id(),
            })
        };
        if let Some(scale) = stored.scale_factor
            && !self.is_same_scale(scale)
        {
            return conflict(
                "scale_factor",
                scale.to_string(),
                self.stored_scale.to_string(),
            );
        }
        let offset = self.offset.numerator as f64 / self.offset.denominator as f64;
        if let Some(found) = stored.add_offset
            && !nearly_equal(found, offset)
        {
            return conflict("add_offset", found.to_string(), offset.to_string());
        }
        if let Some(fill) = stored.fill_value
            && self.is_measurement(fill)
        {
            let (low, high) = self.valid_range;
            return conflict(
                "_FillValue",
                fill.to_string(),
                format!("measurements there ({low}..{high})"),
            );
        }
        if let Some((a, b)) = stored.valid_range {
            let (low, high) = self.valid_range;
            if a.min(b) > f64::from(low) || a.max(b) < f64::from(high) {
                return conflict("valid_range", format!("{a}..{b}"), format!("{low}..{high}"));
            }
        }
        Ok(())
    }

    /// Files store the scale or its reciprocal; the product's direction says which way it works.
    fn is_same_scale(&self, found: f64) -> bool {
        let expected = self.stored_scale;
        nearly_equal(found, expected) || nearly_equal(found * expected, 1.0)
    }

    fn is_measurement(&self, raw: f64) -> bool {
        let (low, high) = self.valid_range;
        let named = self.fill.iter().any(|fill| f64::from(fill.code) == raw);
        !named && (f64::from(low)..=f64::from(high)).contains(&raw)
    }
}

impl Product {
    /// The exact factor of a stored scale and its direction.
    pub(super) fn factor(stored: f64, direction: super::ScaleDirection) -> Option<Ratio> {
        let ratio = Ratio::from_decimal(stored)?;
        match direction {
            super::ScaleDirection::Multiply => (ratio.numerator != 0).then_some(ratio),
            super::ScaleDirection::Divide => ratio.reciprocal(),
        }
    }
}

/// Attributes are often single precision.
fn nearly_equal(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs().max(b.abs())
}
