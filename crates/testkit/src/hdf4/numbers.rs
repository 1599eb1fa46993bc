//! Numbers of each HDF4 type, and their bytes.

/// The values of an SDS or an attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum Numbers {
    /// `DFNT_INT8`
    I8(Vec<i8>),
    /// `DFNT_UINT8`
    U8(Vec<u8>),
    /// `DFNT_INT16`
    I16(Vec<i16>),
    /// `DFNT_UINT16`
    U16(Vec<u16>),
    /// `DFNT_INT32`
    I32(Vec<i32>),
    /// `DFNT_UINT32`
    U32(Vec<u32>),
    /// `DFNT_FLOAT32`
    F32(Vec<f32>),
    /// `DFNT_FLOAT64`
    F64(Vec<f64>),
    /// `DFNT_CHAR8`
    Char(Vec<u8>),
    /// `DFNT_UCHAR8`
    UChar(Vec<u8>),
}

/// The order of the bytes of a number in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Most significant byte first, as nearly every file.
    #[default]
    Big,
    /// Least significant byte first.
    Little,
}

impl Numbers {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.bytes(Order::Big).len() / self.size_bytes()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of one number.
    pub fn size_bytes(&self) -> usize {
        match self {
            Self::I8(_) | Self::U8(_) | Self::Char(_) | Self::UChar(_) => 1,
            Self::I16(_) | Self::U16(_) => 2,
            Self::I32(_) | Self::U32(_) | Self::F32(_) => 4,
            Self::F64(_) => 8,
        }
    }

    /// The type's code in the file.
    pub fn code(&self) -> u8 {
        match self {
            Self::UChar(_) => 3,
            Self::Char(_) => 4,
            Self::F32(_) => 5,
            Self::F64(_) => 6,
            Self::I8(_) => 20,
            Self::U8(_) => 21,
            Self::I16(_) => 22,
            Self::U16(_) => 23,
            Self::I32(_) => 24,
            Self::U32(_) => 25,
        }
    }

    /// The type's name in `StructMetadata`.
    pub fn eos_name(&self) -> &'static str {
        match self {
            Self::UChar(_) => "DFNT_UCHAR8",
            Self::Char(_) => "DFNT_CHAR8",
            Self::F32(_) => "DFNT_FLOAT32",
            Self::F64(_) => "DFNT_FLOAT64",
            Self::I8(_) => "DFNT_INT8",
            Self::U8(_) => "DFNT_UINT8",
            Self::I16(_) => "DFNT_INT16",
            Self::U16(_) => "DFNT_UINT16",
            Self::I32(_) => "DFNT_INT32",
            Self::U32(_) => "DFNT_UINT32",
        }
    }

    /// The bytes as they stand in the file.
    pub fn bytes(&self, order: Order) -> Vec<u8> {
        macro_rules! ordered {
            ($numbers:expr) => {
                match order {
                    Order::Big => $numbers.iter().flat_map(|n| n.to_be_bytes()).collect(),
                    Order::Little => $numbers.iter().flat_map(|n| n.to_le_bytes()).collect(),
                }
            };
        }
        match self {
            Self::I8(n) => ordered!(n),
            Self::U8(n) | Self::Char(n) | Self::UChar(n) => n.clone(),
            Self::I16(n) => ordered!(n),
            Self::U16(n) => ordered!(n),
            Self::I32(n) => ordered!(n),
            Self::U32(n) => ordered!(n),
            Self::F32(n) => ordered!(n),
            Self::F64(n) => ordered!(n),
        }
    }
}

macro_rules! from_vec {
    ($($variant:ident($type:ty)),+) => {$(
        impl From<Vec<$type>> for Numbers {
            fn from(numbers: Vec<$type>) -> Self {
                Self::$variant(numbers)
            }
        }
    )+};
}

from_vec!(
    I8(i8),
    U8(u8),
    I16(i16),
    U16(u16),
    I32(i32),
    U32(u32),
    F32(f32),
    F64(f64)
);

impl From<&str> for Numbers {
    fn from(text: &str) -> Self {
        Self::Char(text.as_bytes().to_vec())
    }
}
