//! What a grid can be of: names, units and limits as data.

mod known;

use std::fmt;

pub use known::*;

/// What a file is read for. Systems share these; a new one is a new constant.
#[derive(Debug, PartialEq)]
pub struct Quantity {
    /// A word for messages and for keys of the pipeline file: `temperature` of `temperature_variable`.
    pub key: &'static str,
    /// What it is, in words.
    pub about: &'static str,
    /// Names of the CF standard name table that mean it.
    pub standard_names: &'static [&'static str],
    /// Names of variables that usually mean it, in small letters.
    pub usual_names: &'static [&'static str],
    /// Units it is read in; the first is the one that values are brought to.
    pub units: &'static [QuantityUnit],
    /// The least and the largest mean of a month that any place on Earth has, in the first unit.
    pub plausible: (f64, f64),
    /// What of the time step it is.
    pub statistic: Statistic,
    /// Where above the ground it is.
    pub place: Place,
    /// Words that no `long_name` of it has.
    pub foreign_words: &'static [&'static str],
}

/// What of a time step a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statistic {
    /// The mean.
    Mean,
    /// The mean of daily minima.
    Minimum,
    /// The mean of daily maxima.
    Maximum,
    /// An amount that adds up, or its mean rate.
    Amount,
}

/// Where a value belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// At most so many metres above the ground.
    NearGround {
        /// Metres.
        most_m: u32,
    },
    /// At the surface.
    Surface,
    /// The whole column of air: at no level.
    Column,
}

/// A unit of a quantity, and how its values are brought to the first one.
#[derive(Debug, PartialEq)]
pub struct QuantityUnit {
    /// As it is shown, and written in the pipeline file.
    pub name: &'static str,
    /// As files write it, without blanks, points, underscores, `*` and `^`, in small letters.
    spellings: &'static [&'static str],
    factor: f64,
    offset: f64,
    /// Whether it is of a day, so that the days of the step multiply it.
    a_day: bool,
}

impl QuantityUnit {
    /// A value of this unit in the first unit of its quantity, over a step of so many days.
    #[must_use]
    pub fn convert(&self, value: f64, step_days: f64) -> f64 {
        let value = value * self.factor + self.offset;
        if self.a_day { value * step_days } else { value }
    }
}

impl fmt::Display for QuantityUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key)
    }
}

/// What a file says besides the unit about the time that an amount is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Period {
    /// An amount over the time step: `cell_methods` says `time: sum`, or says nothing of time beside a
    /// standard name of an amount.
    pub(crate) amount_of_step: bool,
    /// A mean of daily totals.
    pub(crate) mean_of_days: bool,
}

impl Quantity {
    /// Reads a unit as people and files write it; `None` where it is none of the quantity, or a bare length
    /// that does not say of which time.
    #[must_use]
    pub fn unit(&'static self, text: &str) -> Option<&'static QuantityUnit> {
        self.unit_of(text, Period::default())
    }

    pub(crate) fn unit_of(
        &'static self,
        text: &str,
        period: Period,
    ) -> Option<&'static QuantityUnit> {
        let plain: String = text
            .trim()
            .to_lowercase()
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '^' | '*' | '.'))
            .collect();
        let spelled = |plain: &str| {
            self.units
                .iter()
                .find(|unit| unit.spellings.contains(&plain))
        };
        if let Some(unit) = spelled(&plain) {
            return Some(unit);
        }
        // A kilogram of water on a square metre is a millimetre.
        let length = match plain.as_str() {
            "mm" | "kgm-2" | "kg/m2" => "mm",
            "m" => "m",
            "cm" => "cm",
            _ => return None,
        };
        if self.statistic != Statistic::Amount {
            None
        } else if period.mean_of_days {
            spelled(&format!("{length}/day"))
        } else if period.amount_of_step {
            spelled(&format!("{length}/month"))
        } else {
            None
        }
    }

    /// The names of its units, for messages.
    #[must_use]
    pub fn unit_names(&self) -> String {
        let names: Vec<&str> = self.units.iter().map(|unit| unit.name).collect();
        match names.as_slice() {
            [] => String::new(),
            [one] => (*one).to_owned(),
            [first @ .., last] => format!("{} or {last}", first.join(", ")),
        }
    }
}
