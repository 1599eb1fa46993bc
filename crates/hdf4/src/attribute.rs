//! Attributes: small named values of a file or an SDS.

use crate::cursor::text;
use crate::error::{Error, Result};
use crate::number::{ByteOrder, Element, NumberType};
use crate::vset::{Reader, VdataHeader};

/// A named value.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// The attribute's name, exactly as stored.
    pub name: String,
    /// Its value.
    pub value: AttributeValue,
}

/// The value of an attribute, in its stored type.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum AttributeValue {
    /// Characters. Trailing NULs are cut; bytes that are not UTF-8 are taken as Latin-1.
    Text(String),
    /// Signed 8-bit integers.
    I8(Vec<i8>),
    /// Unsigned 8-bit integers.
    U8(Vec<u8>),
    /// Signed 16-bit integers.
    I16(Vec<i16>),
    /// Unsigned 16-bit integers.
    U16(Vec<u16>),
    /// Signed 32-bit integers.
    I32(Vec<i32>),
    /// Unsigned 32-bit integers.
    U32(Vec<u32>),
    /// Single precision numbers.
    F32(Vec<f32>),
    /// Double precision numbers.
    F64(Vec<f64>),
    /// Bytes of a number type this crate does not read.
    Other {
        /// The number type as stored, with its flag bits.
        number_type: u16,
        /// The bytes as stored.
        bytes: Vec<u8>,
    },
}

const LITTLE_ENDIAN_FLAG: u16 = 0x4000;
const NATIVE_FLAG: u16 = 0x1000;

impl AttributeValue {
    fn decode(number_type: u16, bytes: Vec<u8>) -> Self {
        fn numbers<T: Element>(bytes: &[u8], order: ByteOrder) -> Vec<T> {
            let mut out = vec![T::default(); bytes.len() / size_of::<T>()];
            <T as Element>::decode(bytes, order, &mut out);
            out
        }
        // Numbers in the writer's own order: little-endian on every machine of this century
        // that writes them.
        let little = number_type & (LITTLE_ENDIAN_FLAG | NATIVE_FLAG) != 0;
        let order = if little {
            ByteOrder::Little
        } else {
            ByteOrder::Big
        };
        let [_, code] = number_type.to_be_bytes();
        match NumberType::from_code(code) {
            NumberType::Char | NumberType::UChar => Self::Text(text(&bytes)),
            NumberType::I8 => Self::I8(numbers(&bytes, order)),
            NumberType::U8 => Self::U8(bytes),
            NumberType::I16 => Self::I16(numbers(&bytes, order)),
            NumberType::U16 => Self::U16(numbers(&bytes, order)),
            NumberType::I32 => Self::I32(numbers(&bytes, order)),
            NumberType::U32 => Self::U32(numbers(&bytes, order)),
            NumberType::F32 => Self::F32(numbers(&bytes, order)),
            NumberType::F64 => Self::F64(numbers(&bytes, order)),
            NumberType::Other(_) => Self::Other { number_type, bytes },
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The numbers as `f64` , if they are numbers. Every stored type fits without loss.
    pub fn as_f64s(&self) -> Option<Vec<f64>> {
        fn wide<T: Copy + Into<f64>>(numbers: &[T]) -> Vec<f64> {
            numbers.iter().map(|&n| n.into()).collect()
        }
        Some(match self {
            Self::I8(n) => wide(n),
            Self::U8(n) => wide(n),
            Self::I16(n) => wide(n),
            Self::U16(n) => wide(n),
            Self::I32(n) => wide(n),
            Self::U32(n) => wide(n),
            Self::F32(n) => wide(n),
            Self::F64(n) => n.clone(),
            Self::Text(_) | Self::Other { .. } => return None,
        })
    }
}

impl Attribute {
    /// The text, if the value is one.
    pub fn as_text(&self) -> Option<&str> {
        self.value.as_text()
    }

    /// The numbers as `f64`, if the value is numbers. Every stored type fits without loss.
    pub fn as_f64s(&self) -> Option<Vec<f64>> {
        self.value.as_f64s()
    }

    /// The one number as `f64`, if the value is exactly one number.
    pub fn as_f64(&self) -> Option<f64> {
        match self.as_f64s()?.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// From a Vdata with the single field `VALUES` (`mfhdf/hdfsds.c` of the reference library).
    pub(crate) fn read(reader: &Reader<'_>, header: &VdataHeader) -> Result<Self> {
        let [field] = header.fields.as_slice() else {
            let found = format!("{} fields", header.fields.len());
            return Err(Error::damaged("an attribute", "one field", found));
        };
        let bytes = header.read_records(reader)?;
        let [_, code] = field.number_type.to_be_bytes();
        let size = NumberType::from_code(code).size_bytes();
        if size > 0 && field.bytes != field.order * size {
            let expected = format!("{} numbers of {size} bytes", field.order);
            let found = format!("{} bytes", field.bytes);
            return Err(Error::damaged("an attribute", expected, found));
        }
        let value = AttributeValue::decode(field.number_type, bytes);
        Ok(Self {
            name: header.name.clone(),
            value,
        })
    }
}
