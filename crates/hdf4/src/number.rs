//! Number types of HDF4 and their Rust counterparts.

use std::fmt;

/// The type of the stored numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NumberType {
    /// Signed 8-bit integer.
    I8,
    /// Unsigned 8-bit integer.
    U8,
    /// Signed 16-bit integer.
    I16,
    /// Unsigned 16-bit integer.
    U16,
    /// Signed 32-bit integer.
    I32,
    /// Unsigned 32-bit integer.
    U32,
    /// IEEE 754 single precision.
    F32,
    /// IEEE 754 double precision.
    F64,
    /// Text, one byte per character (`DFNT_CHAR8`). Read as `u8`.
    Char,
    /// Text, one byte per character (`DFNT_UCHAR8`). Read as `u8`.
    UChar,
    /// A type code this crate does not read, for example 26 (64-bit integers).
    Other(u8),
}

impl NumberType {
    /// From the low byte of an HDF4 number type (`hntdefs.h` of the reference library).
    pub(crate) fn from_code(code: u8) -> Self {
        match code {
            3 => Self::UChar,
            4 => Self::Char,
            5 => Self::F32,
            6 => Self::F64,
            20 => Self::I8,
            21 => Self::U8,
            22 => Self::I16,
            23 => Self::U16,
            24 => Self::I32,
            25 => Self::U32,
            other => Self::Other(other),
        }
    }

    /// Bytes of one number; 0 for [`NumberType::Other`].
    pub fn size_bytes(self) -> usize {
        match self {
            Self::I8 | Self::U8 | Self::Char | Self::UChar => 1,
            Self::I16 | Self::U16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::F64 => 8,
            Self::Other(_) => 0,
        }
    }
}

impl fmt::Display for NumberType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::I8 => "i8",
            Self::U8 => "u8",
            Self::I16 => "i16",
            Self::U16 => "u16",
            Self::I32 => "i32",
            Self::U32 => "u32",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::Char => "char8 (as u8)",
            Self::UChar => "uchar8 (as u8)",
            Self::Other(code) => return write!(f, "number type {code}"),
        };
        f.write_str(name)
    }
}

/// The order of the bytes of one stored number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ByteOrder {
    /// Most significant byte first: nearly every HDF4 file.
    Big,
    /// Least significant byte first (`DFNT_LITEND`).
    Little,
    /// A machine format this crate does not read (VAX, Cray, Convex), by its class code.
    Other(u8),
}

impl ByteOrder {
    /// From the class byte of a number type element: 1 is big-endian and 4 is little-endian
    /// (`DFNTF_IEEE`, `DFNTF_PC`). Class 0 stands for single bytes, which have no order.
    pub(crate) fn from_class(class: u8, number_type: NumberType) -> Self {
        match (class, number_type.size_bytes()) {
            (_, 1) | (1, _) => Self::Big,
            (4, _) => Self::Little,
            (other, _) => Self::Other(other),
        }
    }
}

mod sealed {
    pub trait Sealed {}
}

/// A Rust number that an SDS can be read as. Sealed: exactly the types HDF4 stores.
pub trait Element: sealed::Sealed + Copy + Default + Send + Sync + 'static {
    /// The type's name in Rust.
    const NAME: &'static str;

    /// Whether numbers of this type are stored by `number_type`. Nothing is ever converted.
    fn stores(number_type: NumberType) -> bool;

    /// The unsigned integer of the same width.
    #[doc(hidden)]
    type Bits: Bits;

    /// The numbers as patterns of bits.
    #[doc(hidden)]
    fn as_bits_mut(out: &mut [Self]) -> &mut [Self::Bits];

    /// Numbers as they are stored into numbers of this machine.
    #[doc(hidden)]
    fn decode(stored: &[u8], order: ByteOrder, out: &mut [Self]) {
        Self::Bits::decode(stored, order, Self::as_bits_mut(out));
    }
}

/// Patterns of bits of one width. Numbers are unpacked as such, whatever they mean: the code that
/// unpacks, which is made for several kinds of processor, exists once a width and not once a type.
pub trait Bits: sealed::Sealed + Copy + Default + Send + Sync + 'static {
    /// Patterns as they are stored into those of this machine.
    fn decode(stored: &[u8], order: ByteOrder, out: &mut [Self]);

    /// The output as plain bytes, for patterns to be read there as they are stored.
    fn as_bytes_mut(out: &mut [Self]) -> &mut [u8];

    /// Turns stored patterns into those of this machine where they lie.
    fn settle(bytes: &mut [u8], order: ByteOrder);
}

macro_rules! bits {
    ($type:ty) => {
        impl sealed::Sealed for $type {}
        impl Bits for $type {
            #[inline(always)]
            fn decode(stored: &[u8], order: ByteOrder, out: &mut [Self]) {
                let (numbers, _) = stored.as_chunks::<{ size_of::<$type>() }>();
                match order {
                    ByteOrder::Little => {
                        for (to, from) in out.iter_mut().zip(numbers) {
                            *to = <$type>::from_le_bytes(*from);
                        }
                    }
                    ByteOrder::Big | ByteOrder::Other(_) => {
                        for (to, from) in out.iter_mut().zip(numbers) {
                            *to = <$type>::from_be_bytes(*from);
                        }
                    }
                }
            }

            fn as_bytes_mut(out: &mut [Self]) -> &mut [u8] {
                bytemuck::must_cast_slice_mut(out)
            }

            #[inline(always)]
            fn settle(bytes: &mut [u8], order: ByteOrder) {
                let (numbers, _) = bytes.as_chunks_mut::<{ size_of::<$type>() }>();
                match order {
                    ByteOrder::Little => {
                        for number in numbers {
                            *number = <$type>::from_le_bytes(*number).to_ne_bytes();
                        }
                    }
                    ByteOrder::Big | ByteOrder::Other(_) => {
                        for number in numbers {
                            *number = <$type>::from_be_bytes(*number).to_ne_bytes();
                        }
                    }
                }
            }
        }
    };
}

bits!(u8);
bits!(u16);
bits!(u32);
bits!(u64);

macro_rules! element {
    ($type:ty, $bits:ty, $name:literal, $($stored:ident)|+) => {
        impl Element for $type {
            type Bits = $bits;

            const NAME: &'static str = $name;

            fn stores(number_type: NumberType) -> bool {
                matches!(number_type, $(NumberType::$stored)|+)
            }

            fn as_bits_mut(out: &mut [Self]) -> &mut [$bits] {
                bytemuck::must_cast_slice_mut(out)
            }
        }
    };
}

impl sealed::Sealed for i8 {}
impl sealed::Sealed for i16 {}
impl sealed::Sealed for i32 {}
impl sealed::Sealed for f32 {}
impl sealed::Sealed for f64 {}

element!(i8, u8, "i8", I8);
element!(u8, u8, "u8", U8 | Char | UChar);
element!(i16, u16, "i16", I16);
element!(u16, u16, "u16", U16);
element!(i32, u32, "i32", I32);
element!(u32, u32, "u32", U32);
element!(f32, u32, "f32", F32);
element!(f64, u64, "f64", F64);
