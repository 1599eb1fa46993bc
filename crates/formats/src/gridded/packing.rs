//! The one place where stored numbers become values: `_Unsigned`, `_FillValue`, `missing_value`,
//! `valid_range`, `scale_factor` and `add_offset`.
//!
//! CF conventions 1.11, sections 2.5.1 and 8.1, and the attribute conventions of the netCDF User's
//! Guide (NUG) for what CF takes from there:
//!
//! * `_Unsigned` reads the bits without (`"true"`) or with (`"false"`) a sign, those of attributes too;
//! * `_FillValue` and `missing_value` (one or many) are stored numbers, compared in the type of the
//!   data: `1.e20` as a double means the float nearest to it;
//! * where no `_FillValue` is declared, the number with which netCDF fills what was never written is
//!   missing too, except for bytes, all of whose values are data (NUG);
//! * `valid_range`, `valid_min` and `valid_max` are of the stored numbers, unless the data are packed
//!   integers and the limits are of the type of the unpacked values (NUG, "valid_range");
//! * unpacked values are computed in the type of `scale_factor` and `add_offset`: 2150 times 0.01f is
//!   21.5f.
//!
//! What the attributes leave open is refused by name where it would move a value, and only there.

use std::path::Path;

use netcdf::Variable;

use super::CfError;
use super::attribute::{Attribute, Number, Numbers};
use super::stored::{Kind, Stored};
use super::whole::{Bound, DEFAULT_FILL, Whole, is_filled};

/// How the numbers of a variable are stored.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Packing {
    variable: String,
    stored: Kind,
    /// `_Unsigned`, where it changes how the bits are read.
    unsigned: Option<bool>,
    nothing: Vec<Missing>,
    default_fill: bool,
    least: Option<Limit>,
    largest: Option<Limit>,
    scale: Option<(Kind, f64)>,
    offset: Option<(Kind, f64)>,
}

/// A value that means that there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Missing {
    attribute: &'static str,
    kind: Kind,
    value: Number,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Limit {
    kind: Kind,
    value: Number,
    /// Of the values, and not of the stored numbers.
    unpacked: bool,
}

impl Packing {
    /// Numbers that mean what they are, but for those that stand for nothing.
    pub(crate) fn plain(variable: &str, stored: Kind, nothing: &[f64]) -> Self {
        let missing = |value: &f64| Missing {
            attribute: "the invalid value",
            kind: Kind::F64,
            value: Number::Real(*value),
        };
        Self {
            variable: variable.to_owned(),
            stored,
            unsigned: None,
            nothing: nothing.iter().map(missing).collect(),
            default_fill: false,
            least: None,
            largest: None,
            scale: None,
            offset: None,
        }
    }

    /// What the attributes of a variable say.
    pub(crate) fn of(path: &Path, variable: &Variable<'_>) -> Result<Self, CfError> {
        let name = variable.name();
        let refused = |found: String, advice| CfError::Packing {
            path: path.to_owned(),
            variable: name.clone(),
            found,
            advice,
        };
        let written = Kind::of(variable).ok_or_else(|| {
            refused(
                "it holds text or another type that is not a number".to_owned(),
                "Name another variable, or correct the file",
            )
        })?;
        let numbers = |attribute: &str| -> Result<Option<Numbers>, CfError> {
            match Attribute::of(variable, attribute) {
                None => Ok(None),
                Some(Attribute::Numbers(numbers)) => Ok(Some(numbers)),
                // What cannot be read as a number hides none: "none", "NaN", "".
                Some(Attribute::Text(text)) if !has_number(&text) => Ok(None),
                Some(Attribute::Text(text)) => Err(refused(
                    format!("{attribute} is the text \"{}\"", text.trim()),
                    "Write it as a number in the type of the data (ncatted), so that every program reads the same",
                )),
            }
        };
        let one = |attribute: &str| -> Result<Option<(Kind, Number)>, CfError> {
            let Some(found) = numbers(attribute)? else {
                return Ok(None);
            };
            match found.values.as_slice() {
                [value] => Ok(Some((found.kind, *value))),
                values => Err(refused(
                    format!("{attribute} holds {} numbers instead of one", values.len()),
                    "Correct the attribute (ncatted)",
                )),
            }
        };
        let unsigned = match Attribute::of(variable, "_Unsigned") {
            None => None,
            Some(Attribute::Text(text)) if text.trim().eq_ignore_ascii_case("true") => Some(true),
            Some(Attribute::Text(text)) if text.trim().eq_ignore_ascii_case("false") => Some(false),
            Some(other) => {
                let found = match other {
                    Attribute::Text(text) => format!("\"{text}\""),
                    Attribute::Numbers(_) => "a number".to_owned(),
                };
                return Err(refused(
                    format!("_Unsigned is {found}, which is neither \"true\" nor \"false\""),
                    "Correct the attribute (ncatted)",
                ));
            }
        }
        .filter(|unsigned| written.with_sign(*unsigned) != written);
        let stored = unsigned.map_or(written, |unsigned| written.with_sign(unsigned));

        let factor = |attribute: &str| -> Result<Option<(Kind, f64)>, CfError> {
            let Some((kind, value)) = one(attribute)? else {
                return match Attribute::of(variable, attribute) {
                    None => Ok(None),
                    Some(_) => Err(refused(
                        format!("{attribute} is not a number"),
                        "Correct the attribute (ncatted)",
                    )),
                };
            };
            Ok(Some((kind, value.real())))
        };
        let scale = factor("scale_factor")?;
        let offset = factor("add_offset")?;
        if let Some((_, scale)) = scale.filter(|(_, scale)| !scale.is_finite() || *scale == 0.0) {
            return Err(refused(
                format!("scale_factor is {scale}, so that every value would be the same"),
                "Correct the attribute (ncatted)",
            ));
        }
        if let Some((_, offset)) = offset.filter(|(_, offset)| !offset.is_finite()) {
            return Err(refused(
                format!("add_offset is {offset}"),
                "Correct the attribute (ncatted)",
            ));
        }

        let mut nothing = Vec::new();
        for attribute in ["_FillValue", "missing_value"] {
            if let Some(found) = numbers(attribute)? {
                nothing.extend(found.values.into_iter().map(|value| Missing {
                    attribute,
                    kind: found.kind,
                    value,
                }));
            }
        }
        // A value that is not a number is missing anyway.
        nothing.retain(|missing| !missing.value.real().is_nan());
        let declared = nothing
            .iter()
            .any(|missing| missing.attribute == "_FillValue")
            || Attribute::of(variable, "_FillValue").is_some();

        let unpacked_kind = match (scale, offset) {
            (None, None) => None,
            (Some((kind, _)), None) | (None, Some((kind, _))) => Some(kind),
            (Some((Kind::F64, _)), _) | (_, Some((Kind::F64, _))) => Some(Kind::F64),
            (Some((kind, _)), Some(_)) => Some(kind),
        };
        let limit = |kind: Kind, value: Number| {
            (!value.real().is_nan()).then_some(Limit {
                kind,
                value,
                unpacked: stored.is_whole() && !kind.is_whole() && unpacked_kind == Some(kind),
            })
        };
        let (mut least, mut largest) = (None, None);
        if let Some(range) = numbers("valid_range")? {
            let [low, high] = range.values.as_slice() else {
                return Err(refused(
                    format!(
                        "valid_range holds {} numbers instead of two",
                        range.values.len()
                    ),
                    "Correct the attribute (ncatted)",
                ));
            };
            (least, largest) = (limit(range.kind, *low), limit(range.kind, *high));
        }
        if let Some((kind, value)) = one("valid_min")? {
            least = limit(kind, value);
        }
        if let Some((kind, value)) = one("valid_max")? {
            largest = limit(kind, value);
        }
        let packing = Self {
            variable: name.clone(),
            stored,
            unsigned,
            nothing,
            default_fill: !declared && unsigned.is_none() && is_filled(variable, written),
            least,
            largest,
            scale,
            offset,
        };
        if let (Some(least), Some(largest)) = (packing.least, packing.largest)
            && packing.bits_of(least.value, least.kind)
                > packing.bits_of(largest.value, largest.kind)
        {
            return Err(refused(
                format!(
                    "its valid values would reach from {} to {}",
                    least.value, largest.value
                ),
                "Correct valid_range, valid_min or valid_max (ncatted)",
            ));
        }
        Ok(packing)
    }

    /// The values of stored numbers; `None` for what is missing or outside the valid range.
    pub(crate) fn decode(&self, path: &Path, stored: Stored) -> Result<Vec<Option<f64>>, CfError> {
        let stored = match self.unsigned {
            Some(unsigned) => stored.with_sign(unsigned),
            None => stored,
        };
        match stored {
            Stored::I8(x) => self.whole(path, &x),
            Stored::U8(x) => self.whole(path, &x),
            Stored::I16(x) => self.whole(path, &x),
            Stored::U16(x) => self.whole(path, &x),
            Stored::I32(x) => self.whole(path, &x),
            Stored::U32(x) => self.whole(path, &x),
            Stored::I64(x) => self.whole(path, &x),
            Stored::U64(x) => self.whole(path, &x),
            Stored::F32(x) => Ok(self.singles(&x)),
            Stored::F64(x) => Ok(self.doubles(&x)),
        }
    }

    fn whole<T: Whole>(&self, path: &Path, stored: &[T]) -> Result<Vec<Option<f64>>, CfError> {
        let (mut nothing, mut open) = (Vec::new(), Vec::new());
        for missing in &self.nothing {
            match self.as_stored(missing.value, missing.kind) {
                Some(value) => nothing.push(value),
                None => open.push(missing),
            }
        }
        if self.default_fill {
            nothing.extend(T::DEFAULT_FILL);
        }
        let limit = |limit: Option<Limit>, otherwise: i128| match limit {
            Some(limit) if !limit.unpacked => self.bits_of(limit.value, limit.kind),
            _ => Bound::Whole(otherwise),
        };
        let (least, largest) = (limit(self.least, i128::MIN), limit(self.largest, i128::MAX));
        let unpacked = |limit: Option<Limit>| limit.filter(|limit| limit.unpacked);
        let (least_value, largest_value) = (unpacked(self.least), unpacked(self.largest));
        let mut values = Vec::with_capacity(stored.len());
        for number in stored {
            let bits = Bound::Whole((*number).into());
            let mut known = !nothing.contains(number) && bits >= least && bits <= largest;
            let value = self.unpack(*number);
            if known {
                known = least_value.is_none_or(|least| self.order(value, least).is_ge())
                    && largest_value.is_none_or(|largest| self.order(value, largest).is_le());
            }
            values.push(known.then_some(value));
        }
        // A declared value that no stored number can be: if some cell could be what was meant, nobody
        // can say whether it is.
        for missing in open {
            let wrapped = missing
                .value
                .whole()
                .and_then(|value| T::wrapping(value, self.stored));
            let is_wrapped = |number: &T| wrapped.is_some_and(|wrapped| wrapped == *number);
            let rounds_to = |value: f64| value as f32 == missing.value.real() as f32;
            let meant = stored
                .iter()
                .zip(values.iter().copied())
                .filter_map(|(number, value)| Some((number, value?)))
                .find(|(number, value)| is_wrapped(number) || rounds_to(*value));
            if let Some((number, value)) = meant {
                return Err(CfError::Packing {
                    path: path.to_owned(),
                    variable: self.variable.clone(),
                    found: format!(
                        "{} is {} ({}), which no {} can be; the stored {} ({value}) may be what it means",
                        missing.attribute,
                        missing.value,
                        missing.kind.name(),
                        self.stored.name(),
                        (*number).into()
                    ),
                    advice: "Write the attribute as the stored number, in the type of the data (ncatted)",
                });
            }
        }
        Ok(values)
    }

    fn singles(&self, stored: &[f32]) -> Vec<Option<f64>> {
        let mut nothing: Vec<f32> = self
            .nothing
            .iter()
            .map(|missing| missing.value.real() as f32)
            .collect();
        if self.default_fill {
            nothing.push(DEFAULT_FILL);
        }
        let least = self.least.map(|limit| limit.value.real() as f32);
        let largest = self.largest.map(|limit| limit.value.real() as f32);
        let value = |stored: &f32| {
            let known = !stored.is_nan()
                && !nothing.contains(stored)
                && least.is_none_or(|least| *stored >= least)
                && largest.is_none_or(|largest| *stored <= largest);
            known.then(|| self.unpack_real(f64::from(*stored), Kind::F32))
        };
        stored.iter().map(value).collect()
    }

    fn doubles(&self, stored: &[f64]) -> Vec<Option<f64>> {
        let nothing: Vec<(Kind, f64)> = self
            .nothing
            .iter()
            .map(|missing| (missing.kind, missing.value.real()))
            .chain(
                self.default_fill
                    .then_some((Kind::F64, f64::from(DEFAULT_FILL))),
            )
            .collect();
        // A limit or a missing value in single precision is as near to the number as it can be.
        let same = |stored: f64, (kind, value): &(Kind, f64)| {
            stored == *value || (*kind == Kind::F32 && stored as f32 == *value as f32)
        };
        let at_least = |stored: f64, limit: Limit| self.order(stored, limit).is_ge();
        let at_most = |stored: f64, limit: Limit| self.order(stored, limit).is_le();
        let value = |stored: &f64| {
            let known = !stored.is_nan()
                && !nothing.iter().any(|missing| same(*stored, missing))
                && self.least.is_none_or(|least| at_least(*stored, least))
                && self.largest.is_none_or(|largest| at_most(*stored, largest));
            known.then(|| self.unpack_real(*stored, Kind::F64))
        };
        stored.iter().map(value).collect()
    }

    /// A declared number as one of the stored type; `None` where it can be none.
    fn as_stored<T: Whole>(&self, value: Number, kind: Kind) -> Option<T> {
        match self.bits_of(value, kind) {
            Bound::Whole(whole) => T::try_from(whole).ok(),
            Bound::Between(_) => None,
        }
    }

    /// A declared number on the scale of the stored ones: signed bits of an unsigned type are read as
    /// the data are.
    fn bits_of(&self, value: Number, kind: Kind) -> Bound {
        let Some(whole) = value.whole() else {
            return Bound::Between(value.real());
        };
        let Some((low, high)) = self.stored.range().filter(|_| self.unsigned.is_some()) else {
            return Bound::Whole(whole);
        };
        let turn = high - low + 1;
        Bound::Whole(match self.unsigned {
            Some(true) if whole < 0 && whole >= -turn / 2 => whole + turn,
            Some(false) if whole > high && whole < turn && kind.is_whole() => whole - turn,
            _ => whole,
        })
    }

    /// A value against a limit, in the precision of the less precise of the two.
    fn order(&self, value: f64, limit: Limit) -> std::cmp::Ordering {
        if limit.kind == Kind::F32 {
            (value as f32).partial_cmp(&(limit.value.real() as f32))
        } else {
            value.partial_cmp(&limit.value.real())
        }
        // Neither is NaN.
        .unwrap_or(std::cmp::Ordering::Equal)
    }

    fn unpack<T: Whole>(&self, stored: T) -> f64 {
        if self.is_single() {
            let scaled = self
                .scale
                .map_or(stored.single(), |(_, scale)| stored.single() * scale as f32);
            return f64::from(
                self.offset
                    .map_or(scaled, |(_, offset)| scaled + offset as f32),
            );
        }
        self.unpack_double(stored.real())
    }

    fn unpack_real(&self, stored: f64, kind: Kind) -> f64 {
        if kind == Kind::F32 && self.is_single() {
            let stored = stored as f32;
            let scaled = self
                .scale
                .map_or(stored, |(_, scale)| stored * scale as f32);
            return f64::from(
                self.offset
                    .map_or(scaled, |(_, offset)| scaled + offset as f32),
            );
        }
        self.unpack_double(stored)
    }

    fn unpack_double(&self, stored: f64) -> f64 {
        let scaled = self.scale.map_or(stored, |(_, scale)| stored * scale);
        self.offset.map_or(scaled, |(_, offset)| scaled + offset)
    }

    /// Whether values are computed in single precision: the attributes are, and the stored numbers fit
    /// into it (CF 8.1). An offset alone may be large against the numbers, and a double is no loss.
    fn is_single(&self) -> bool {
        let narrow = matches!(
            self.stored,
            Kind::I8 | Kind::U8 | Kind::I16 | Kind::U16 | Kind::F32
        );
        narrow
            && matches!(self.scale, Some((Kind::F32, _)))
            && self.offset.is_none_or(|(kind, _)| kind == Kind::F32)
    }
}

/// Whether a text holds a number other than "not a number".
fn has_number(text: &str) -> bool {
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '[' | ']' | '(' | ')' | '\0'))
        .map(|word| word.trim_end_matches(['f', 'F', 'd', 'D', 's', 'S', 'b', 'B', 'l', 'L']))
        .any(|word| word.parse::<f64>().is_ok_and(|number| !number.is_nan()))
}
