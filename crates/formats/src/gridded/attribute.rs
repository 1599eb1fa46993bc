//! Attributes as text or as numbers that keep their type.

use netcdf::{AttributeValue, Variable};

use super::stored::Kind;

/// The numbers of an attribute, and the type they are stored in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Numbers {
    pub(crate) kind: Kind,
    pub(crate) values: Vec<Number>,
}

/// A number as it is stored: no integer of 64 bits loses a digit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Whole(i128),
    Real(f64),
}

impl Number {
    /// The nearest `f64`.
    pub(crate) fn real(self) -> f64 {
        match self {
            Self::Whole(whole) => whole as f64,
            Self::Real(real) => real,
        }
    }

    /// The whole number it is; `None` for a fraction, NaN or infinity.
    pub(crate) fn whole(self) -> Option<i128> {
        match self {
            Self::Whole(whole) => Some(whole),
            Self::Real(real) if real.is_finite() && real.trunc() == real && real.abs() < 1e30 => {
                Some(real as i128)
            }
            Self::Real(_) => None,
        }
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Whole(whole) => write!(f, "{whole}"),
            Self::Real(real) if real.abs() >= 1e15 || (*real != 0.0 && real.abs() < 1e-5) => {
                write!(f, "{real:e}")
            }
            Self::Real(real) => write!(f, "{real}"),
        }
    }
}

/// An attribute: text, or numbers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Attribute {
    Text(String),
    Numbers(Numbers),
}

impl Attribute {
    /// The attribute of a variable; `None` where there is none.
    pub(crate) fn of(variable: &Variable<'_>, name: &str) -> Option<Self> {
        Some(Self::from(variable.attribute_value(name)?.ok()?))
    }
}

impl From<AttributeValue> for Attribute {
    fn from(value: AttributeValue) -> Self {
        use AttributeValue as V;
        fn whole<T: Into<i128>>(kind: Kind, values: Vec<T>) -> Attribute {
            let values = values
                .into_iter()
                .map(|x| Number::Whole(x.into()))
                .collect();
            Attribute::Numbers(Numbers { kind, values })
        }
        fn real<T: Into<f64>>(kind: Kind, values: Vec<T>) -> Attribute {
            let values = values.into_iter().map(|x| Number::Real(x.into())).collect();
            Attribute::Numbers(Numbers { kind, values })
        }
        match value {
            V::Uchar(x) => whole(Kind::U8, vec![x]),
            V::Uchars(x) => whole(Kind::U8, x),
            V::Schar(x) => whole(Kind::I8, vec![x]),
            V::Schars(x) => whole(Kind::I8, x),
            V::Ushort(x) => whole(Kind::U16, vec![x]),
            V::Ushorts(x) => whole(Kind::U16, x),
            V::Short(x) => whole(Kind::I16, vec![x]),
            V::Shorts(x) => whole(Kind::I16, x),
            V::Uint(x) => whole(Kind::U32, vec![x]),
            V::Uints(x) => whole(Kind::U32, x),
            V::Int(x) => whole(Kind::I32, vec![x]),
            V::Ints(x) => whole(Kind::I32, x),
            V::Ulonglong(x) => whole(Kind::U64, vec![x]),
            V::Ulonglongs(x) => whole(Kind::U64, x),
            V::Longlong(x) => whole(Kind::I64, vec![x]),
            V::Longlongs(x) => whole(Kind::I64, x),
            V::Float(x) => real(Kind::F32, vec![x]),
            V::Floats(x) => real(Kind::F32, x),
            V::Double(x) => real(Kind::F64, vec![x]),
            V::Doubles(x) => real(Kind::F64, x),
            V::Str(text) => Self::Text(text),
            V::Strs(texts) => Self::Text(texts.into_iter().next().unwrap_or_default()),
        }
    }
}

/// A text attribute of a variable, without blanks around it; `None` where it is empty or no text.
pub(crate) fn text(variable: &Variable<'_>, name: &str) -> Option<String> {
    plain(Attribute::of(variable, name)?)
}

/// A text attribute of the file.
pub(crate) fn global_text(file: &netcdf::File, name: &str) -> Option<String> {
    plain(Attribute::from(file.attribute(name)?.value().ok()?))
}

fn plain(attribute: Attribute) -> Option<String> {
    let Attribute::Text(text) = attribute else {
        return None;
    };
    Some(text.trim_matches(['\0', ' ', '\n', '\t', '\r']).to_owned())
        .filter(|text| !text.is_empty())
}
