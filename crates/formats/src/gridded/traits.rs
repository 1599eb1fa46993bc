//! What a variable says that it is, held against what a file is read for.

use netcdf::Variable;

use super::attribute::{Attribute, text};
use super::level::{Level, levels};
use super::quantity::{Period, Place, Quantity, Statistic};

/// What a variable says of itself (CF conventions 1.11, sections 3.3, 4.3 and 7.3).
#[derive(Debug, Clone, Default)]
pub(crate) struct Traits {
    name: String,
    standard_name: Option<String>,
    /// A modifier of the standard name, such as `standard_error` (CF appendix C).
    modifier: Option<String>,
    words: Vec<String>,
    methods: Vec<Method>,
    levels: Vec<Level>,
    step_type: String,
    units: String,
}

/// One of `cell_methods`: `time: maximum within days`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Method {
    axes: Vec<String>,
    method: String,
    span: String,
}

/// Why a variable is not what is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unlike {
    /// Another quantity, which a user may still mean by naming it.
    Other(String),
    /// No quantity of this kind at all: an error, a difference, a count.
    Never(String),
}

impl Unlike {
    pub(crate) fn words(&self) -> &str {
        match self {
            Self::Other(words) | Self::Never(words) => words,
        }
    }
}

/// Methods (CF appendix E) that make another quantity of the one that is named.
const OTHER_METHODS: [&str; 12] = [
    "maximum",
    "maximum_absolute_value",
    "minimum",
    "minimum_absolute_value",
    "mean_absolute_value",
    "mean_of_upper_decile",
    "median",
    "mode",
    "range",
    "root_mean_square",
    "standard_deviation",
    "variance",
];

impl Traits {
    pub(crate) fn of(file: &netcdf::File, variable: &Variable<'_>) -> Self {
        let full = text(variable, "standard_name")
            .unwrap_or_default()
            .to_lowercase();
        let mut parts = full.split_whitespace().map(str::to_owned);
        let known =
            |name: &String| !matches!(name.as_str(), "unknown" | "none" | "n/a" | "undefined");
        let standard_name = parts.next().filter(known);
        let modifier = parts.next();
        let long_name = text(variable, "long_name")
            .unwrap_or_default()
            .to_lowercase();
        let words = long_name
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        Self {
            name: variable.name(),
            standard_name,
            modifier,
            words,
            methods: methods(
                &text(variable, "cell_methods")
                    .unwrap_or_default()
                    .to_lowercase(),
            ),
            levels: levels(file, variable),
            step_type: text(variable, "GRIB_stepType")
                .unwrap_or_default()
                .to_lowercase(),
            units: text(variable, "units").unwrap_or_default(),
        }
    }

    /// Whether the variable could be meant: by a usual name, or by its standard name.
    pub(crate) fn claims(&self, quantity: &Quantity) -> bool {
        let named = self
            .standard_name
            .as_ref()
            .is_some_and(|name| quantity.standard_names.contains(&name.as_str()));
        named || self.has_usual_name(quantity)
    }

    fn has_usual_name(&self, quantity: &Quantity) -> bool {
        quantity
            .usual_names
            .contains(&self.name.to_lowercase().as_str())
    }

    /// What contradicts that the variable is the quantity.
    pub(crate) fn unlike(&self, quantity: &Quantity) -> Option<Unlike> {
        if let Some(modifier) = &self.modifier {
            return Some(Unlike::Never(format!(
                "its standard_name says that it is a {}",
                modifier.replace('_', " ")
            )));
        }
        self.difference()
            .or_else(|| self.other_name(quantity))
            .or_else(|| self.other_method(quantity))
            .or_else(|| self.other_level(quantity))
            .or_else(|| self.other_words(quantity))
            .or_else(|| self.other_dimension(quantity))
    }

    /// A difference from something is no value of it.
    fn difference(&self) -> Option<Unlike> {
        let has = |text: &str| {
            [
                "anomal",
                "departure",
                "tendency_of",
                "change_over_time",
                "difference",
            ]
            .iter()
            .any(|part| text.contains(part))
        };
        let standard = self.standard_name.as_deref().filter(|name| has(name));
        if let Some(name) = standard {
            return Some(Unlike::Never(format!("its standard_name is \"{name}\"")));
        }
        let word = self.words.iter().find(|word| has(word))?;
        Some(Unlike::Never(format!("its long_name says \"{word}\"")))
    }

    fn other_name(&self, quantity: &Quantity) -> Option<Unlike> {
        let name = self.standard_name.as_deref()?;
        (!quantity.standard_names.contains(&name))
            .then(|| Unlike::Other(format!("its standard_name is \"{name}\"")))
    }

    fn other_method(&self, quantity: &Quantity) -> Option<Unlike> {
        let own = match quantity.statistic {
            Statistic::Minimum => "minimum",
            Statistic::Maximum => "maximum",
            Statistic::Mean | Statistic::Amount => "",
        };
        let fits = |method: &Method| {
            let over_time = method.axes.iter().any(|axis| axis == "time" || axis == "t");
            match method.method.as_str() {
                "mid_range" => over_time && quantity.statistic == Statistic::Mean,
                "sum" => over_time && quantity.statistic == Statistic::Amount,
                // A point of a height or a place is as good as any.
                "point" => !over_time,
                method if OTHER_METHODS.contains(&method) => over_time && method == own,
                _ => true,
            }
        };
        if let Some(method) = self.methods.iter().find(|method| !fits(method)) {
            let found = format!("its cell_methods say \"{}\"", method.text());
            return Some(match method.method.as_str() {
                "standard_deviation" | "variance" | "range" => Unlike::Never(found),
                _ => Unlike::Other(found),
            });
        }
        if let Some(method) = self
            .methods
            .iter()
            .find(|method| method.span.contains("over years"))
        {
            return Some(Unlike::Never(format!(
                "its cell_methods say \"{}\", which is a climatology",
                method.text()
            )));
        }
        let extreme = !own.is_empty();
        let of_time = self
            .methods
            .iter()
            .filter(|m| m.axes.iter().any(|axis| axis == "time"));
        let methods: Vec<&str> = of_time.map(|method| method.method.as_str()).collect();
        if extreme && !methods.is_empty() && !methods.contains(&own) {
            return Some(Unlike::Other(format!("its cell_methods name no {own}")));
        }
        let step = self.step_type.as_str();
        let other_step = match quantity.statistic {
            Statistic::Mean | Statistic::Amount => matches!(step, "max" | "min"),
            Statistic::Minimum => step == "max",
            Statistic::Maximum => step == "min",
        };
        other_step.then(|| Unlike::Other(format!("its GRIB_stepType is \"{step}\"")))
    }

    fn other_level(&self, quantity: &Quantity) -> Option<Unlike> {
        let fits = |level: &Level| match (quantity.place, level.height_m) {
            (Place::NearGround { most_m }, Some(height)) => {
                (0.0..=f64::from(most_m)).contains(&height)
            }
            (Place::Surface, Some(height)) => (0.0..=10.0).contains(&height),
            _ => false,
        };
        let level = self.levels.iter().find(|level| !fits(level))?;
        let value = level
            .value
            .map_or_else(String::new, |value| format!(" {value} {}", level.units));
        Some(Unlike::Other(format!(
            "it is at the level {}{value}",
            level.name
        )))
    }

    fn other_words(&self, quantity: &Quantity) -> Option<Unlike> {
        let has = |word: &str| self.words.iter().any(|found| found == word);
        let land_surface = quantity.foreign_words.contains(&"skin")
            && self.words.windows(3).any(|three| {
                three[0] == "land" && three[1] == "surface" && three[2].starts_with("temp")
            });
        if land_surface {
            return Some(Unlike::Other(
                "its long_name says \"land surface temperature\"".to_owned(),
            ));
        }
        // "Total precipitation, convective and large-scale" is all of it, and so is "rain and snow".
        let total = quantity.statistic == Statistic::Amount
            && ["total", "rain", "rainfall"].into_iter().any(has);
        let part =
            |word: &str| total && matches!(word, "convective" | "stratiform" | "snow" | "snowfall");
        let foreign = quantity
            .foreign_words
            .iter()
            .find(|word| has(word) && !part(word))
            .copied();
        let extreme = |words: [&'static str; 2]| words.into_iter().find(|word| has(word));
        let (least, most) = (extreme(["minimum", "min"]), extreme(["maximum", "max"]));
        let other = match quantity.statistic {
            // The middle of the two is a usual mean.
            Statistic::Mean if least.is_some() && most.is_some() => None,
            Statistic::Mean | Statistic::Amount => least.or(most),
            Statistic::Minimum => most,
            Statistic::Maximum => least,
        };
        let pressure = self.words.iter().find(|word| {
            let digits = word.trim_end_matches("hpa").trim_end_matches("mb");
            matches!(word.as_str(), "hpa" | "mbar" | "mb")
                || (digits.len() < word.len()
                    && !digits.is_empty()
                    && digits.bytes().all(|b| b.is_ascii_digit()))
        });
        let at_pressure = quantity
            .units
            .first()
            .is_none_or(|unit| unit.name != "Pa")
            .then_some(pressure)
            .flatten();
        let word = foreign.or(other).or(at_pressure.map(String::as_str))?;
        Some(Unlike::Other(format!("its long_name says \"{word}\"")))
    }

    /// A rate in the unit of an amount, an amount in the unit of a rate, or rates added up: `cdo monsum` of
    /// mm a day leaves the unit of what it added.
    fn other_dimension(&self, quantity: &Quantity) -> Option<Unlike> {
        if quantity.statistic != Statistic::Amount {
            return None;
        }
        let unit = self.units.to_lowercase();
        let ends = |endings: &[&str]| endings.iter().any(|end| unit.trim().ends_with(end));
        let per_second = ends(&["s-1", "/s", "s**-1", "s^-1"]);
        let per_day = ends(&[
            "/day", "/d", "day-1", "day**-1", "day^-1", "d-1", "d**-1", "d^-1",
        ]);
        let summed = self
            .methods
            .iter()
            .any(|m| m.method == "sum" && m.span.is_empty());
        if summed && (per_second || per_day) {
            return Some(Unlike::Other(format!(
                "its cell_methods add up a rate ({})",
                self.units
            )));
        }
        let name = self.standard_name.as_deref()?;
        let bare = matches!(
            unit.trim(),
            "mm" | "m" | "kg m-2" | "kg m**-2" | "kg/m2" | "cm"
        );
        let found = if name.ends_with("_amount") && per_second {
            "which is a rate"
        } else if (name.ends_with("_flux") || name.ends_with("_rate")) && bare {
            "which is an amount"
        } else {
            return None;
        };
        Some(Unlike::Other(format!(
            "its standard_name is \"{name}\" and its unit \"{}\", {found}",
            self.units
        )))
    }

    /// What it says about the time that its amounts are of.
    pub(crate) fn period(&self) -> Period {
        let time: Vec<&Method> = self
            .methods
            .iter()
            .filter(|m| m.axes.iter().any(|axis| axis == "time"))
            .collect();
        let within_days = time
            .iter()
            .any(|m| m.method == "sum" && m.span.contains("within days"));
        let mean_of_days = within_days && time.iter().any(|m| m.method == "mean");
        let amount = self
            .standard_name
            .as_ref()
            .is_some_and(|name| name.ends_with("_amount"));
        let summed = time.iter().any(|m| m.method == "sum");
        Period {
            // CF 7.3: where nothing is said, an amount is the sum over the step.
            amount_of_step: !mean_of_days
                && (summed || (amount && time.is_empty()))
                && (!within_days || time.len() > 1),
            // ECMWF: avgad, avgas, avgua are means over days of accumulations of a day.
            mean_of_days: mean_of_days || self.step_type.starts_with("avg"),
        }
    }
}

impl Method {
    fn text(&self) -> String {
        let axes: Vec<String> = self.axes.iter().map(|axis| format!("{axis}:")).collect();
        let span = if self.span.is_empty() {
            String::new()
        } else {
            format!(" {}", self.span)
        };
        format!("{} {}{span}", axes.join(" "), self.method)
    }
}

/// Reads `area: mean time: maximum within days time: mean over days (interval: 1 hour)`.
fn methods(text: &str) -> Vec<Method> {
    // Comments in parentheses have colons of their own.
    let (mut plain, mut depth) = (String::new(), 0_usize);
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    let mut found: Vec<Method> = Vec::new();
    let mut axes: Vec<String> = Vec::new();
    for word in plain.split_whitespace() {
        if let Some(axis) = word.strip_suffix(':') {
            axes.push(axis.to_owned());
        } else if axes.is_empty() {
            if let Some(last) = found.last_mut() {
                let blank = if last.span.is_empty() { "" } else { " " };
                last.span = format!("{}{blank}{word}", last.span);
            }
        } else {
            found.push(Method {
                axes: std::mem::take(&mut axes),
                method: word.to_owned(),
                span: String::new(),
            });
        }
    }
    found
}

/// Whether a variable could hold maps at all.
pub(crate) fn is_map(variable: &Variable<'_>) -> bool {
    variable.dimensions().len() >= 2 && Attribute::of(variable, "flag_values").is_none()
}
