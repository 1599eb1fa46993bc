//! The MRV file: what the project is, and every choice that moves a number.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::policy::Policy;
use nutag_problem::{Error, Problem};

/// An MRV file. No key that moves a number has a default.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// The file itself, for messages.
    #[serde(skip)]
    pub file: PathBuf,
    /// Its content, to be hashed.
    #[serde(skip)]
    pub text: String,
    /// Who and what.
    pub about: About,
    /// The land.
    pub project: Land,
    /// What counts as removal.
    pub level: Level,
    /// What would have been removed without the project.
    pub reference: Reference,
    /// The years that are reported.
    pub monitoring: Monitoring,
    /// What is expected before monitoring.
    pub plan: Plan,
    /// Emissions that the project itself causes.
    #[serde(default)]
    pub emissions: Vec<Emission>,
    /// Emissions moved elsewhere.
    pub leakage: Leakage,
    /// How sure the figures are, and what is deducted for it.
    pub uncertainty: Uncertainty,
    /// What is kept back because pasture carbon may be lost again.
    pub buffer: Buffer,
    /// Who does what.
    #[serde(default)]
    pub role: Vec<Role>,
    /// Criteria that all must hold.
    #[serde(default)]
    pub eligibility: Vec<Criterion>,
    /// Policies besides those of the program.
    #[serde(default)]
    pub policy: Vec<Policy>,
}

/// `[about]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// Title of the project.
    pub title: String,
    /// Host country, ISO 3166-1 alpha-3.
    pub host: String,
    /// Partner country.
    pub buyer: String,
    /// Who takes part.
    pub participants: Vec<String>,
    /// What a reader must know, such as that data are synthetic.
    #[serde(default)]
    pub note: Option<String>,
}

/// `[project]`: the land, in words of the run.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Land {
    /// Regions of the run; each is a monitoring point.
    pub regions: Vec<String>,
    /// Only these permafrost zones; all, if none is named.
    #[serde(default)]
    pub zones: Vec<String>,
    /// Of which epoch the zones are.
    #[serde(default)]
    pub zone_epoch: Epoch,
    /// What the project does there.
    pub activity: String,
}

/// An epoch of the zone maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Epoch {
    /// The first.
    From,
    /// The second.
    #[default]
    To,
}

/// `[level]`: what counts as removal.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Which level it is.
    pub name: LevelName,
    /// NEP and NBP: the table of the run.
    #[serde(default)]
    pub table: Option<String>,
    /// NEP and NBP: its column; the unit at the end of its name decides.
    #[serde(default)]
    pub column: Option<String>,
}

/// A level between gross uptake and what stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum LevelName {
    /// Net primary production: gross uptake by plants, most of which is respired again.
    #[serde(rename = "NPP")]
    Npp,
    /// Net ecosystem production: NPP less respiration of the soil.
    #[serde(rename = "NEP")]
    Nep,
    /// Net biome production: NEP less grazing, fire and harvest.
    #[serde(rename = "NBP")]
    Nbp,
}

impl LevelName {
    /// Its short name.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Npp => "NPP",
            Self::Nep => "NEP",
            Self::Nbp => "NBP",
        }
    }

    /// What it is, in a sentence.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Npp => {
                "net primary production: gross uptake by plants, most of which is respired again within years; it is not a net removal"
            }
            Self::Nep => {
                "net ecosystem production: NPP less heterotrophic respiration; grazing, fire and harvest are not taken off"
            }
            Self::Nbp => {
                "net biome production: NPP less respiration, grazing offtake, fire and harvest as far as inputs were given"
            }
        }
    }
}

/// `[reference]`: what would have been removed without the project, each
/// year. Set high: that is the conservative side for removals.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename = "tag rule", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Reference {
    /// Upper end of the interval of the mean of past years.
    UpperBound {
        /// First and last year, both included.
        years: [u16; 2],
        /// Of the two-sided interval, such as 0.9.
        confidence: f64,
    },
    /// The highest of past years.
    HighestYear {
        /// First and last year, both included.
        years: [u16; 2],
    },
    /// A figure fixed beforehand.
    Fixed {
        /// The figure, in tCO2 a year.
        #[serde(rename = "tCO2_per_year")]
        tco2_per_year: f64,
        /// Where it is from, and why it is high.
        source: String,
    },
}

impl Reference {
    /// The years it is made of, if it is.
    #[must_use]
    pub fn years(&self) -> Option<[u16; 2]> {
        match self {
            Self::UpperBound { years, .. } | Self::HighestYear { years } => Some(*years),
            Self::Fixed { .. } => None,
        }
    }
}

/// `[monitoring]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Monitoring {
    /// First and last year, both included.
    pub years: [u16; 2],
    /// What a year below the reference counts as.
    pub negative_years: NegativeYears,
}

/// What a year below the reference counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NegativeYears {
    /// It is taken off the other years.
    Debit,
    /// It counts as zero.
    Zero,
}

/// `[plan]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// By how much removals are expected to differ from the mean of the
    /// reference years (or from the fixed figure), in percent.
    pub expected_change_percent: f64,
    /// Why.
    pub source: String,
}

/// How a value is monitored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum MonitoringOption {
    /// Public data measured by others.
    A,
    /// Amounts of transactions, such as invoices.
    B,
    /// Own measurement with instruments.
    C,
}

impl MonitoringOption {
    /// Its letter.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        }
    }
}

/// `[[emissions]]`: emissions that the project itself causes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Emission {
    /// What emits.
    pub label: String,
    /// How much, each year.
    #[serde(rename = "tCO2_per_year")]
    pub tco2_per_year: f64,
    /// How it is monitored.
    pub option: MonitoringOption,
    /// Where the figure is from.
    pub source: String,
}

/// `[leakage]`: emissions moved elsewhere, such as with displaced livestock.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leakage {
    /// How much, each year.
    #[serde(rename = "tCO2_per_year")]
    pub tco2_per_year: f64,
    /// How it is monitored.
    pub option: MonitoringOption,
    /// Where the figure is from.
    pub source: String,
}

/// `[uncertainty]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uncertainty {
    /// Name of the policy that says what is deducted.
    pub policy: String,
    /// Where the standard error of the mean yearly difference comes from.
    pub standard_error: StandardError,
    /// What the spread between years does not hold; combined in quadrature.
    #[serde(default)]
    pub component: Vec<Component>,
}

/// Where the standard error comes from.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename = "tag from", rename_all = "kebab-case", deny_unknown_fields)]
pub enum StandardError {
    /// From the spread between years of both periods.
    Years,
    /// From the draws of the run: its interval of the change between the two periods.
    Run,
    /// From elsewhere.
    Given {
        /// Of the mean yearly difference, in tCO2 a year.
        #[serde(rename = "tCO2_per_year")]
        tco2_per_year: f64,
        /// Its degrees of freedom.
        degrees_of_freedom: u32,
        /// Where it is from.
        source: String,
    },
}

/// `[[uncertainty.component]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// What it is.
    pub name: String,
    /// Standard error in percent of what follows.
    pub percent: f64,
    /// Of which figure.
    pub of: Of,
    /// Where it is from.
    pub source: String,
}

/// What a component is a percentage of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Of {
    /// Removals of both periods, each with an error of its own.
    Removals,
    /// Their difference.
    Difference,
}

/// `[buffer]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Buffer {
    /// Of what is left after the deduction.
    pub percent: f64,
    /// Why so much.
    pub source: String,
}

/// `[[role]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Who.
    pub person: String,
    /// What for.
    pub role: String,
}

/// `[[eligibility]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// What must hold.
    pub criterion: String,
    /// Whether it does.
    pub holds: bool,
    /// By what it is seen.
    pub evidence: String,
}

impl Project {
    /// Reads an MRV file.
    ///
    /// # Errors
    /// A file that cannot be read, is not TOML, has a key that does not
    /// exist, or values that make no sense.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Problem::new(format!("the MRV file cannot be read: {error}"))
                .at(path.display())
                .advice("check the path; pipelines/mrv/README.md explains every key")
                .asked()
        })?;
        let mut project: Self = nutag_settings::read(&text).map_err(|faults| {
            Problem::new(faults.to_string())
                .at(path.display())
                .advice("pipelines/mrv/README.md explains every key")
                .asked()
        })?;
        path.clone_into(&mut project.file);
        project.text = text;
        super::check::check(&project)?;
        Ok(project)
    }

    /// The policy that it names.
    ///
    /// # Errors
    /// An empty or unknown name.
    pub fn named_policy(&self) -> Result<Policy, Error> {
        let mut policies = Policy::built_in()?;
        policies.extend(self.policy.iter().cloned());
        let wanted = self.uncertainty.policy.trim();
        if let Some(policy) = policies.iter().find(|policy| policy.id == wanted) {
            return Ok(policy.clone());
        }
        let list: Vec<String> = policies
            .iter()
            .map(|policy| format!("\n     {:<18} {}", policy.id, policy.title))
            .collect();
        let what = if wanted.is_empty() {
            "[uncertainty] policy is empty: without a policy nothing says what is deducted"
                .to_owned()
        } else {
            format!("[uncertainty] there is no policy {wanted:?}")
        };
        Err(Problem::new(what)
            .at(self.file.display())
            .advice(format!(
                "name one of these, or describe one in [[policy]]:{}",
                list.concat()
            ))
            .asked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_of_a_fixed_length_has_it() {
        let spoilt = nutag_settings::schema::spoilt_lists::<Project>();
        let places: std::collections::BTreeSet<String> =
            spoilt.iter().map(|(entry, ..)| entry.section()).collect();
        assert!(
            places.contains("[monitoring]") && places.contains("[reference]"),
            "{places:?}"
        );
        for (entry, len, answer) in spoilt {
            assert!(answer.is_some(), "{entry:?} with {len} values went through");
        }
    }
}
