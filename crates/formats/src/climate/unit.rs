//! Units of temperature and precipitation, brought to degC and mm a month.

use std::fmt;

use crate::Month;

/// What a file is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Element {
    /// Mean air temperature near the ground.
    Temperature,
    /// Precipitation.
    Precipitation,
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Temperature => "temperature",
            Self::Precipitation => "precipitation",
        })
    }
}

/// A unit of temperature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemperatureUnit {
    /// Degrees Celsius.
    Celsius,
    /// Kelvin.
    Kelvin,
}

/// A unit of precipitation. A kilogram of water on a square metre is a millimetre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrecipitationUnit {
    /// mm in the month.
    MmPerMonth,
    /// mm a day, mean of the month.
    MmPerDay,
    /// kg m-2 s-1, mean of the month.
    KgPerM2PerSecond,
    /// m of water a day, mean of the month (ERA5 monthly means).
    MetresPerDay,
    /// m of water in the month.
    MetresPerMonth,
}

/// A unit of either element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClimateUnit {
    /// Of temperature.
    Temperature(TemperatureUnit),
    /// Of precipitation.
    Precipitation(PrecipitationUnit),
}

/// What a file says besides the unit about the time that an amount is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Period {
    /// An amount over the time step: `standard_name` ends in `_amount`, or `cell_methods` says
    /// `time: sum`.
    pub amount_of_step: bool,
    /// A mean of daily totals, as the GRIB step type of ERA5 monthly means says.
    pub mean_of_days: bool,
}

impl ClimateUnit {
    /// Reads a unit as people and files write it. `None` where it is none of the element, or a bare
    /// length that does not say of which time.
    #[must_use]
    pub fn parse(element: Element, text: &str) -> Option<Self> {
        Self::with_period(element, text, Period::default())
    }

    pub(super) fn with_period(element: Element, text: &str, period: Period) -> Option<Self> {
        let plain: String = text
            .trim()
            .to_lowercase()
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '^' | '*' | '.'))
            .collect();
        match element {
            Element::Temperature => Some(Self::Temperature(match plain.as_str() {
                "k" | "kelvin" | "degk" | "degreek" | "degreesk" => TemperatureUnit::Kelvin,
                "c" | "degc" | "°c" | "celsius" | "degreec" | "degreesc" | "degreecelsius"
                | "degreescelsius" | "degcelsius" => TemperatureUnit::Celsius,
                _ => return None,
            })),
            Element::Precipitation => {
                use PrecipitationUnit as P;
                Some(Self::Precipitation(match plain.as_str() {
                    "mm/month" | "mmmonth-1" | "mm/mo" | "mmmo-1" | "kgm-2month-1"
                    | "kg/m2/month" => P::MmPerMonth,
                    "mm/day" | "mmday-1" | "mm/d" | "mmd-1" | "kgm-2day-1" | "kgm-2d-1"
                    | "kg/m2/day" => P::MmPerDay,
                    "kgm-2s-1" | "kg/m2/s" | "kg/(m2s)" | "mm/s" | "mms-1" => P::KgPerM2PerSecond,
                    "m/day" | "mday-1" | "m/d" | "md-1" => P::MetresPerDay,
                    "m/month" | "mmonth-1" => P::MetresPerMonth,
                    "mm" | "kgm-2" | "kg/m2" if period.amount_of_step => P::MmPerMonth,
                    "m" if period.mean_of_days => P::MetresPerDay,
                    "m" if period.amount_of_step => P::MetresPerMonth,
                    _ => return None,
                }))
            }
        }
    }

    /// A value of this unit in a month, as degC or mm in the month.
    #[must_use]
    pub fn convert(self, value: f64, month: Month) -> f64 {
        let days = f64::from(month.days());
        match self {
            Self::Temperature(TemperatureUnit::Celsius) => value,
            Self::Temperature(TemperatureUnit::Kelvin) => value - 273.15,
            Self::Precipitation(unit) => match unit {
                PrecipitationUnit::MmPerMonth => value,
                PrecipitationUnit::MmPerDay => value * days,
                PrecipitationUnit::KgPerM2PerSecond => value * 86_400.0 * days,
                PrecipitationUnit::MetresPerDay => value * 1000.0 * days,
                PrecipitationUnit::MetresPerMonth => value * 1000.0,
            },
        }
    }

    /// The units of an element, for advice.
    pub(super) fn of(element: Element) -> &'static [Self] {
        use PrecipitationUnit as P;
        match element {
            Element::Temperature => &[
                Self::Temperature(TemperatureUnit::Celsius),
                Self::Temperature(TemperatureUnit::Kelvin),
            ],
            Element::Precipitation => &[
                Self::Precipitation(P::MmPerMonth),
                Self::Precipitation(P::MmPerDay),
                Self::Precipitation(P::KgPerM2PerSecond),
                Self::Precipitation(P::MetresPerDay),
                Self::Precipitation(P::MetresPerMonth),
            ],
        }
    }
}

impl fmt::Display for ClimateUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Temperature(TemperatureUnit::Celsius) => "degC",
            Self::Temperature(TemperatureUnit::Kelvin) => "K",
            Self::Precipitation(PrecipitationUnit::MmPerMonth) => "mm/month",
            Self::Precipitation(PrecipitationUnit::MmPerDay) => "mm/day",
            Self::Precipitation(PrecipitationUnit::KgPerM2PerSecond) => "kg m-2 s-1",
            Self::Precipitation(PrecipitationUnit::MetresPerDay) => "m/day",
            Self::Precipitation(PrecipitationUnit::MetresPerMonth) => "m/month",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn july() -> Month {
        "2011-07".parse().unwrap()
    }

    #[test]
    fn units_are_read_as_files_write_them() {
        for (text, unit) in [
            ("K", TemperatureUnit::Kelvin),
            ("degC", TemperatureUnit::Celsius),
            ("degrees Celsius", TemperatureUnit::Celsius),
            ("degree_Celsius", TemperatureUnit::Celsius),
        ] {
            let found = ClimateUnit::parse(Element::Temperature, text);
            assert_eq!(found, Some(ClimateUnit::Temperature(unit)), "{text}");
        }
        use PrecipitationUnit as P;
        for (text, unit) in [
            ("mm/month", P::MmPerMonth),
            ("mm month**-1", P::MmPerMonth),
            ("mm day-1", P::MmPerDay),
            ("mm d^-1", P::MmPerDay),
            ("kg m-2 s-1", P::KgPerM2PerSecond),
            ("kg m**-2 s**-1", P::KgPerM2PerSecond),
            ("m day**-1", P::MetresPerDay),
        ] {
            let found = ClimateUnit::parse(Element::Precipitation, text);
            assert_eq!(found, Some(ClimateUnit::Precipitation(unit)), "{text}");
        }
        for text in ["", "1", "m", "mm", "kg m-2", "K", "inch/month"] {
            assert_eq!(
                ClimateUnit::parse(Element::Precipitation, text),
                None,
                "{text}"
            );
        }
        for text in ["", "1", "F", "mm"] {
            assert_eq!(
                ClimateUnit::parse(Element::Temperature, text),
                None,
                "{text}"
            );
        }
    }

    #[test]
    fn a_bare_length_needs_the_time_it_is_of() {
        let read = |text, amount_of_step, mean_of_days| {
            let period = Period {
                amount_of_step,
                mean_of_days,
            };
            ClimateUnit::with_period(Element::Precipitation, text, period)
                .map(|unit| unit.to_string())
        };
        assert_eq!(read("mm", true, false).as_deref(), Some("mm/month"));
        assert_eq!(read("kg m-2", true, false).as_deref(), Some("mm/month"));
        assert_eq!(read("m", true, false).as_deref(), Some("m/month"));
        assert_eq!(read("m", false, true).as_deref(), Some("m/day"));
        assert_eq!(read("m", false, false), None);
    }

    #[test]
    fn each_unit_becomes_degrees_or_millimetres() {
        let in_july = |element, text: &str, value: f64| {
            ClimateUnit::parse(element, text)
                .unwrap()
                .convert(value, july())
        };
        assert!((in_july(Element::Temperature, "K", 273.15)).abs() < 1e-12);
        assert_eq!(in_july(Element::Temperature, "degC", -21.5), -21.5);
        // 62 mm in the 31 days of July, five times.
        for (text, value) in [
            ("mm/month", 62.0),
            ("mm/day", 2.0),
            ("kg m-2 s-1", 2.0 / 86_400.0),
            ("m/day", 0.002),
            ("m/month", 0.062),
        ] {
            let mm = in_july(Element::Precipitation, text, value);
            assert!((mm - 62.0).abs() < 1e-12, "{text}: {mm}");
        }
        let february = "2012-02".parse().unwrap();
        let unit = ClimateUnit::parse(Element::Precipitation, "mm/day").unwrap();
        assert_eq!(unit.convert(1.0, february), 29.0);
    }
}
