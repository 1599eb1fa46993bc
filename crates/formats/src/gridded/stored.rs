//! Numbers in the type in which a file stores them.

use std::path::Path;

use netcdf::types::{FloatType, IntType, NcVariableType};
use netcdf::{Extent, Variable};

use super::CfError;

/// A type of number that files store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    I64,
    U64,
    F32,
    F64,
}

impl Kind {
    /// Its name in netCDF's own language (CDL).
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::I8 => "byte",
            Self::U8 => "ubyte",
            Self::I16 => "short",
            Self::U16 => "ushort",
            Self::I32 => "int",
            Self::U32 => "uint",
            Self::I64 => "int64",
            Self::U64 => "uint64",
            Self::F32 => "float",
            Self::F64 => "double",
        }
    }

    pub(crate) fn is_whole(self) -> bool {
        !matches!(self, Self::F32 | Self::F64)
    }

    /// The least and the largest whole number of the type; nothing for floating point.
    pub(crate) fn range(self) -> Option<(i128, i128)> {
        Some(match self {
            Self::I8 => (i8::MIN.into(), i8::MAX.into()),
            Self::U8 => (0, u8::MAX.into()),
            Self::I16 => (i16::MIN.into(), i16::MAX.into()),
            Self::U16 => (0, u16::MAX.into()),
            Self::I32 => (i32::MIN.into(), i32::MAX.into()),
            Self::U32 => (0, u32::MAX.into()),
            Self::I64 => (i64::MIN.into(), i64::MAX.into()),
            Self::U64 => (0, u64::MAX.into()),
            Self::F32 | Self::F64 => return None,
        })
    }

    /// The type of the same bits, read with (`false`) or without a sign.
    pub(crate) fn with_sign(self, unsigned: bool) -> Self {
        match (self, unsigned) {
            (Self::I8, true) => Self::U8,
            (Self::I16, true) => Self::U16,
            (Self::I32, true) => Self::U32,
            (Self::I64, true) => Self::U64,
            (Self::U8, false) => Self::I8,
            (Self::U16, false) => Self::I16,
            (Self::U32, false) => Self::I32,
            (Self::U64, false) => Self::I64,
            (same, _) => same,
        }
    }

    /// The type of a variable; `None` for text and for types of a file's own.
    pub(crate) fn of(variable: &Variable<'_>) -> Option<Self> {
        Some(match variable.vartype() {
            NcVariableType::Int(IntType::I8) => Self::I8,
            NcVariableType::Int(IntType::U8) => Self::U8,
            NcVariableType::Int(IntType::I16) => Self::I16,
            NcVariableType::Int(IntType::U16) => Self::U16,
            NcVariableType::Int(IntType::I32) => Self::I32,
            NcVariableType::Int(IntType::U32) => Self::U32,
            NcVariableType::Int(IntType::I64) => Self::I64,
            NcVariableType::Int(IntType::U64) => Self::U64,
            NcVariableType::Float(FloatType::F32) => Self::F32,
            NcVariableType::Float(FloatType::F64) => Self::F64,
            _ => return None,
        })
    }
}

/// Numbers as they are stored.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Stored {
    I8(Vec<i8>),
    U8(Vec<u8>),
    I16(Vec<i16>),
    U16(Vec<u16>),
    I32(Vec<i32>),
    U32(Vec<u32>),
    I64(Vec<i64>),
    U64(Vec<u64>),
    F32(Vec<f32>),
    F64(Vec<f64>),
}

impl Stored {
    /// Reads part of a variable, or all of it (`None`).
    pub(crate) fn read(
        path: &Path,
        variable: &Variable<'_>,
        part: Option<&[Extent]>,
    ) -> Result<Self, CfError> {
        let unreadable = |reason: String| CfError::Open {
            path: path.to_owned(),
            reason: format!("{} cannot be read: {reason}", variable.name()),
        };
        let kind = Kind::of(variable).ok_or_else(|| CfError::Packing {
            path: path.to_owned(),
            variable: variable.name(),
            found: "it holds text or another type that is not a number".to_owned(),
            advice: "Name another variable, or correct the file",
        })?;
        macro_rules! values {
            ($kind:ident) => {
                match part {
                    Some(part) => variable.get_values(part),
                    None => variable.get_values(..),
                }
                .map(Self::$kind)
            };
        }
        match kind {
            Kind::I8 => values!(I8),
            Kind::U8 => values!(U8),
            Kind::I16 => values!(I16),
            Kind::U16 => values!(U16),
            Kind::I32 => values!(I32),
            Kind::U32 => values!(U32),
            Kind::I64 => values!(I64),
            Kind::U64 => values!(U64),
            Kind::F32 => values!(F32),
            Kind::F64 => values!(F64),
        }
        .map_err(|error| unreadable(error.to_string()))
    }

    /// Their type.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::I8(_) => Kind::I8,
            Self::U8(_) => Kind::U8,
            Self::I16(_) => Kind::I16,
            Self::U16(_) => Kind::U16,
            Self::I32(_) => Kind::I32,
            Self::U32(_) => Kind::U32,
            Self::I64(_) => Kind::I64,
            Self::U64(_) => Kind::U64,
            Self::F32(_) => Kind::F32,
            Self::F64(_) => Kind::F64,
        }
    }

    /// The same bits, read with (`false`) or without a sign.
    pub(crate) fn with_sign(self, unsigned: bool) -> Self {
        match (self, unsigned) {
            (Self::I8(x), true) => Self::U8(x.into_iter().map(i8::cast_unsigned).collect()),
            (Self::I16(x), true) => Self::U16(x.into_iter().map(i16::cast_unsigned).collect()),
            (Self::I32(x), true) => Self::U32(x.into_iter().map(i32::cast_unsigned).collect()),
            (Self::I64(x), true) => Self::U64(x.into_iter().map(i64::cast_unsigned).collect()),
            (Self::U8(x), false) => Self::I8(x.into_iter().map(u8::cast_signed).collect()),
            (Self::U16(x), false) => Self::I16(x.into_iter().map(u16::cast_signed).collect()),
            (Self::U32(x), false) => Self::I32(x.into_iter().map(u32::cast_signed).collect()),
            (Self::U64(x), false) => Self::I64(x.into_iter().map(u64::cast_signed).collect()),
            (same, _) => same,
        }
    }
}
