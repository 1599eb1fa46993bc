//! Names of columns: from labels and units that users write.

use nutag_carbon::{Names, Period, Quantity, Study};
use nutag_report::words::slug;
use nutag_report::{Column, Digits, Value};

/// The parts that names of columns are made of.
pub struct Naming {
    /// The quantity: `npp`.
    pub quantity: String,
    /// The first epoch: `1980s`.
    pub from: String,
    /// The second epoch.
    pub to: String,
    /// What a mean over area is called: `density` for what adds up over
    /// area, `mean` for the rest.
    pub density: &'static str,
    /// A period in a sentence.
    pub period: &'static str,
}

impl Naming {
    /// The parts for a study.
    pub fn of(study: &Study<'_>) -> Self {
        let names = study.names();
        let (from, to) = (slug(&names.from.label), slug(&names.to.label));
        // Labels such as "1980s" and "1980s*" differ for people only.
        let (from, to) = if from == to || from.is_empty() || to.is_empty() {
            ("from".to_owned(), "to".to_owned())
        } else {
            (from, to)
        };
        Self {
            quantity: quantity_slug(study.quantity()),
            from,
            to,
            density: if study.quantity().carbon {
                "density"
            } else {
                "mean"
            },
            period: if names.annual() { "year" } else { "period" },
        }
    }
}

/// The quantity in the name of a table or column.
pub fn quantity_slug(quantity: &Quantity) -> String {
    match slug(&quantity.name) {
        name if name.is_empty() => "value".to_owned(),
        name => name,
    }
}

/// A name with its unit: `npp_mean` in "gC m-2" is `npp_mean_gC_m2`.
///
/// The sign of an exponent is left out, as names of programs have no sign; a
/// quantity without unit adds nothing.
pub fn with_unit(name: &str, unit: &str) -> String {
    let unit = unit.replace('%', "percent").replace(['-', '^'], "");
    let words = unit
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let words: Vec<_> = words.collect();
    match words[..] {
        [] | ["1"] => name.to_owned(),
        _ => format!("{name}_{}", words.join("_")),
    }
}

/// The unit of mass as CO2: "MtC" into "MtCO2".
pub fn co2_unit(carbon_unit: &str) -> String {
    format!("{carbon_unit}O2")
}

/// A unit for people; none for a plain number.
pub fn unit_shown(unit: &str) -> &str {
    if unit == "1" { "" } else { unit }
}

/// The columns that say which period a row is about.
pub fn period_columns(names: &Names) -> Vec<Column> {
    let year = Column::key("year", "Year", Digits::Plain, "Calendar year.");
    if names.annual() {
        return vec![year];
    }
    let period = Column::key(
        "period",
        "Period",
        Digits::Text,
        "The period, by its first day.",
    );
    let year = Column {
        description: "Calendar year in which the period begins.".to_owned(),
        ..year
    };
    vec![year, period]
}

/// The values that go into them.
pub fn period_values(names: &Names, period: &Period) -> Vec<Value> {
    let mut values = vec![Value::Int(period.year.into())];
    if !names.annual() {
        values.push(period.label.as_str().into());
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_become_parts_of_names() {
        assert_eq!(with_unit("npp_mean", "gC m-2"), "npp_mean_gC_m2");
        assert_eq!(with_unit("npp_sum", "tC"), "npp_sum_tC");
        assert_eq!(with_unit("ndvi_mean", "1"), "ndvi_mean");
        assert_eq!(with_unit("share", "%"), "share_percent");
        assert_eq!(with_unit("x", "kg/m^2"), "x_kg_m2");
        assert_eq!(co2_unit("MtC"), "MtCO2");
    }
}
