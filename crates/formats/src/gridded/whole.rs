//! Stored integers, and what netCDF writes where nothing was written.

use netcdf::Variable;

use super::stored::Kind;

/// A declared number on the scale of stored integers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Bound {
    Whole(i128),
    /// A fraction, or beyond all integers.
    Between(f64),
}

impl PartialOrd for Bound {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => Some(a.cmp(b)),
            (Self::Whole(a), Self::Between(b)) => (*a as f64).partial_cmp(b),
            (Self::Between(a), Self::Whole(b)) => a.partial_cmp(&(*b as f64)),
            (Self::Between(a), Self::Between(b)) => a.partial_cmp(b),
        }
    }
}

/// What netCDF writes where nothing was written (`NC_FILL_FLOAT`, and as a double).
pub(crate) const DEFAULT_FILL: f32 = 9.969_21e36;

/// An integer that files store.
pub(crate) trait Whole: Copy + PartialEq + Into<i128> + TryFrom<i128> {
    /// What netCDF writes where nothing was written; bytes have none.
    const DEFAULT_FILL: Option<Self>;
    fn real(self) -> f64;
    fn single(self) -> f32;
    /// The number of the type with the same bits, for one that has a sign too many or too few.
    fn wrapping(value: i128, kind: Kind) -> Option<Self> {
        let (low, high) = kind.range()?;
        let turn = high - low + 1;
        (-turn..turn)
            .contains(&value)
            .then(|| (value - low).rem_euclid(turn) + low)
            .and_then(|value| Self::try_from(value).ok())
    }
}

macro_rules! whole {
    ($($type:ty: $fill:expr),*) => {
        $(impl Whole for $type {
            const DEFAULT_FILL: Option<Self> = $fill;
            #[expect(clippy::allow_attributes, reason = "lossless for some of the types only")]
            fn real(self) -> f64 {
                #[allow(clippy::cast_lossless)]
                { self as f64 }
            }
            #[expect(clippy::allow_attributes, reason = "lossless for some of the types only")]
            fn single(self) -> f32 {
                #[allow(clippy::cast_lossless)]
                { self as f32 }
            }
        })*
    };
}

whole!(
    i8: None,
    u8: None,
    i16: Some(-32767),
    u16: Some(65535),
    i32: Some(-2_147_483_647),
    u32: Some(4_294_967_295),
    i64: Some(-9_223_372_036_854_775_806),
    u64: Some(18_446_744_073_709_551_614)
);

/// Whether the library fills what was never written; a file may say that it does not.
pub(crate) fn is_filled(variable: &Variable<'_>, kind: Kind) -> bool {
    macro_rules! filled {
        ($type:ty) => {
            !matches!(variable.fill_value::<$type>(), Ok(None))
        };
    }
    match kind {
        Kind::I8 | Kind::U8 => false,
        Kind::I16 => filled!(i16),
        Kind::U16 => filled!(u16),
        Kind::I32 => filled!(i32),
        Kind::U32 => filled!(u32),
        Kind::I64 => filled!(i64),
        Kind::U64 => filled!(u64),
        Kind::F32 => filled!(f32),
        Kind::F64 => filled!(f64),
    }
}
