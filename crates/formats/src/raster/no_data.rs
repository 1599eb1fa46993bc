//! The number that means no data, in the precision of the band.

use gdal::raster::{GdalDataType, RasterBand};

/// The raw number that means no data, as it compares with the band's own numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum NoData {
    Code(i64),
    Value(f64),
}

impl NoData {
    pub(crate) fn of(band: &RasterBand<'_>, data_type: GdalDataType) -> Option<Self> {
        match data_type {
            GdalDataType::Int64 => band.no_data_value_i64().map(Self::Code),
            GdalDataType::UInt64 => band
                .no_data_value_u64()
                .and_then(|code| i64::try_from(code).ok())
                .map(Self::Code),
            // Files write the decimal digits of a single-precision number.
            GdalDataType::Float32 => band
                .no_data_value()
                .map(|value| Self::Value(f64::from(value as f32))),
            GdalDataType::Float64 => band.no_data_value().map(Self::Value),
            // Some declare a number that the type cannot hold, which then means nothing.
            _ => band
                .no_data_value()
                .filter(|value| value.fract() == 0.0 && value.abs() < 1e15)
                .map(|v| Self::Code(v as i64)),
        }
    }

    pub(crate) fn as_f64(self) -> f64 {
        match self {
            Self::Code(code) => code as f64,
            Self::Value(value) => value,
        }
    }
}

/// Whether a type holds whole numbers.
pub(super) fn is_integer(data_type: GdalDataType) -> bool {
    use GdalDataType as T;
    matches!(
        data_type,
        T::UInt8 | T::UInt16 | T::Int16 | T::UInt32 | T::Int32 | T::UInt64 | T::Int64
    )
}
