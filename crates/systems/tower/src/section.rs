//! `[[tower]]` of a pipeline file: what is asked of one tower. Text only.

use std::collections::BTreeMap;
use std::path::PathBuf;

use nutag_problem::{Error, Problem};
use serde::{Deserialize, Serialize};

use crate::chain::{Choices, Threshold};
use crate::fill::Reference;
use crate::partition::day::Setting;
use crate::partition::night::Scope;
use crate::readers::{How, Quantity, Stamp};
use crate::sun::Place;
use crate::ustar::{Rule, Settings};

/// The towers of a pipeline file.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Towers(pub Vec<TowerSection>);

/// One tower.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TowerSection {
    /// Its code, such as `MN-Nkh`: letters, digits and dashes.
    pub site: String,
    /// Its name for people; without it, the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its files, in any order.
    pub files: Vec<PathBuf>,
    /// Files of days, weeks, months or years that others have published of it, to stand beside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub published: Vec<PathBuf>,
    /// Degrees north, -90 to 90.
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    pub longitude: f64,
    /// Hours that the clock of the files is ahead of UTC, the whole year; half hours are allowed.
    pub utc_offset_hours: f64,
    /// What the one time stamp of a row stands for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<StampKey>,
    /// Columns with the time, where the kind of the file does not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub time: Vec<String>,
    /// Columns by quantity, where the kind of the file does not say.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, String>,
    /// Units by quantity, where neither the file nor its kind says.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub units: BTreeMap<String, String>,
    /// Which quality classes of fluxes are kept.
    #[serde(default)]
    pub quality: QualityKey,
    /// Whether spikes are removed.
    #[serde(default)]
    pub despike: bool,
    /// How half-hours of low u* are told.
    #[serde(default)]
    pub ustar: UstarKey,
    /// Which half-hours the threshold is held to.
    #[serde(default)]
    pub ustar_rows: UstarRowsKey,
    /// The threshold, for `ustar = "given"`, in m s-1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ustar_m_s: Option<f64>,
    /// Records resampled for the distribution of the threshold, the one as it is among them.
    #[serde(default = "hundred")]
    pub samples: usize,
    /// Seed of the resampling.
    #[serde(default = "one")]
    pub seed: u64,
    /// How many thresholds, evenly spread over their distribution, the whole chain is run with; 5
    /// are the 5, 16, 50, 84 and 95 %.
    #[serde(default = "five")]
    pub scenarios: usize,
    /// Whose windows fill gaps.
    #[serde(default)]
    pub fill: FillKey,
    /// Which rows share one sensitivity in the night method.
    #[serde(default)]
    pub sensitivity: SensitivityKey,
    /// Setting of the day method.
    #[serde(default)]
    pub day: DayKey,
    /// Whether frozen water takes the heat of sublimation.
    #[serde(default)]
    pub sublimation: bool,
}

fn hundred() -> usize {
    100
}

fn one() -> u64 {
    1
}

fn five() -> usize {
    5
}

/// What a time stamp stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StampKey {
    /// The start of a row.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

/// Which quality classes are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
pub enum QualityKey {
    /// 0 and 1.
    #[default]
    #[serde(rename = "0-1")]
    Two,
    /// 0 alone.
    #[serde(rename = "0")]
    Best,
}

/// How half-hours of low u* are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum UstarKey {
    /// The moving point test by season, as `REddyProc`; in files whose makers have removed them
    /// already, nothing.
    #[default]
    MovingPoint,
    /// A threshold known from elsewhere.
    Given,
    /// They were removed already.
    Removed,
}

/// Which half-hours a threshold is held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum UstarRowsKey {
    /// Those of night, as `REddyProc`.
    #[default]
    Night,
    /// Those of day and night, and the one after each that is removed, as ONEFlux.
    All,
}

/// Whose windows fill gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FillKey {
    /// `REddyProc`.
    #[default]
    Reddyproc,
    /// ONEFlux.
    Oneflux,
}

/// Which rows share one sensitivity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SensitivityKey {
    /// Each calendar year by itself.
    #[default]
    Year,
    /// The whole record.
    Record,
}

/// Setting of the day method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DayKey {
    /// `REddyProc` without smoothing and without bootstrap.
    #[default]
    Nosmooth,
    /// `REddyProc` as Lasslop et al. (2010).
    Lasslop,
}

/// Most records that are resampled, and most scenarios.
const MOST: usize = 1000;

impl TowerSection {
    /// Its name for people.
    #[must_use]
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.site)
    }

    /// Checks what text can show.
    ///
    /// # Errors
    /// Returns the first thing that cannot be meant.
    pub fn check_text(&self) -> Result<(), Error> {
        let wrong = |key: &str, what: String, advice: &str| {
            Err(Problem::new(what)
                .at(format!("[[tower]] {key}"))
                .advice(advice)
                .asked())
        };
        let fit = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if self.site.is_empty() || !self.site.chars().all(fit) {
            return wrong(
                "site",
                format!(
                    "a site is named by letters, digits and dashes, found \"{}\"",
                    self.site
                ),
                "write its code, such as \"MN-Nkh\", and its name under name",
            );
        }
        if self.files.is_empty() {
            return wrong(
                "files",
                "no file is named".to_owned(),
                "name at least one file",
            );
        }
        for (key, value, least, most) in [
            ("latitude", self.latitude, -90.0, 90.0),
            ("longitude", self.longitude, -180.0, 180.0),
            ("utc_offset_hours", self.utc_offset_hours, -12.0, 14.0),
        ] {
            if !(least..=most).contains(&value) {
                return wrong(
                    key,
                    format!("{key} must be between {least} and {most}, found {value}"),
                    "write degrees north and east, and the hours that the clock of the files is ahead of UTC",
                );
            }
        }
        // A clock is at most about an hour and a half from the sun in any zone of the world.
        let sun = self.longitude / 15.0 - self.utc_offset_hours;
        if sun.abs() > 3.5 && sun.abs() < 20.5 {
            return wrong(
                "utc_offset_hours",
                format!(
                    "the sun at {} degrees east is {:.1} hours from a clock of UTC{:+}",
                    self.longitude,
                    sun.abs(),
                    self.utc_offset_hours
                ),
                "check the sign of the longitude and the offset",
            );
        }
        if (self.utc_offset_hours * 4.0).fract() != 0.0 {
            return wrong(
                "utc_offset_hours",
                format!(
                    "a clock is ahead of UTC by whole quarters of an hour, found {}",
                    self.utc_offset_hours
                ),
                "write 8, or 5.5",
            );
        }
        for map in [&self.columns, &self.units] {
            if let Some(unknown) = map.keys().find(|key| Quantity::of_key(key).is_none()) {
                let known: Vec<&str> = Quantity::ALL.iter().map(|(_, key, _)| *key).collect();
                return wrong(
                    "columns",
                    format!("there is no quantity \"{unknown}\""),
                    &format!("use one of {}", known.join(", ")),
                );
            }
        }
        match (self.ustar, self.ustar_m_s) {
            (UstarKey::Given, None) => {
                return wrong(
                    "ustar_m_s",
                    "ustar = \"given\" needs the threshold".to_owned(),
                    "write ustar_m_s in m s-1",
                );
            }
            (UstarKey::Given, Some(value)) if !(0.0..=2.0).contains(&value) => {
                return wrong(
                    "ustar_m_s",
                    format!("a threshold must be between 0 and 2 m s-1, found {value}"),
                    "write it in m s-1",
                );
            }
            (UstarKey::MovingPoint | UstarKey::Removed, Some(_)) => {
                return wrong(
                    "ustar_m_s",
                    "a threshold is given, but ustar does not say so".to_owned(),
                    "write ustar = \"given\", or leave ustar_m_s out",
                );
            }
            _ => {}
        }
        for (key, value, least) in [
            ("samples", self.samples, 1),
            ("scenarios", self.scenarios, 0),
        ] {
            if !(least..=MOST).contains(&value) {
                return wrong(
                    key,
                    format!("{key} must be between {least} and {MOST}, found {value}"),
                    "100 samples and 5 scenarios are usual",
                );
            }
        }
        Ok(())
    }

    /// What is chosen, in words: no choice that moves a number goes unsaid.
    #[must_use]
    pub fn chosen(&self, removed_by_maker: bool) -> String {
        let quality = match self.quality {
            QualityKey::Two => "quality 0 and 1",
            QualityKey::Best => "quality 0",
        };
        let rows = match self.ustar_rows {
            UstarRowsKey::Night => "nights",
            UstarRowsKey::All => "days and nights",
        };
        let ustar = match self.ustar {
            UstarKey::MovingPoint if removed_by_maker => "low u* removed by the makers".to_owned(),
            UstarKey::MovingPoint => format!(
                "u* by moving point test ({rows}, {} samples, seed {}, {} scenarios)",
                self.samples, self.seed, self.scenarios
            ),
            UstarKey::Given => format!(
                "u* of {} m s-1 ({rows})",
                self.ustar_m_s.unwrap_or(f64::NAN)
            ),
            UstarKey::Removed => "low u* removed before".to_owned(),
        };
        let spikes = if self.despike {
            "spikes removed"
        } else {
            "spikes kept"
        };
        let fill = match self.fill {
            FillKey::Reddyproc => "REddyProc",
            FillKey::Oneflux => "ONEFlux",
        };
        let scope = match self.sensitivity {
            SensitivityKey::Year => "year",
            SensitivityKey::Record => "record",
        };
        let day = match self.day {
            DayKey::Nosmooth => "nosmooth",
            DayKey::Lasslop => "lasslop",
        };
        let ice = if self.sublimation {
            ", sublimation below 0 degC"
        } else {
            ""
        };
        format!(
            "{quality}, {spikes}, {ustar}, gaps as {fill}, one E0 a {scope}, day method {day}{ice}"
        )
    }

    /// How its files are read.
    #[must_use]
    pub fn how(&self) -> How {
        let by_quantity = |map: &BTreeMap<String, String>| {
            map.iter()
                .filter_map(|(key, value)| Some((Quantity::of_key(key)?, value.clone())))
                .collect()
        };
        How {
            stamp: self.stamp.map(|stamp| match stamp {
                StampKey::Start => Stamp::Start,
                StampKey::Middle => Stamp::Middle,
                StampKey::End => Stamp::End,
            }),
            columns: by_quantity(&self.columns),
            units: by_quantity(&self.units),
            time: self.time.clone(),
            strict_quality: self.quality == QualityKey::Best,
        }
    }

    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            latitude_degrees: self.latitude,
            longitude_degrees: self.longitude,
            utc_offset_hours: self.utc_offset_hours,
        }
    }

    /// What is chosen, for files whose makers have removed low u* already or not.
    #[must_use]
    pub fn choices(&self, removed_by_maker: bool) -> Choices {
        let threshold = match self.ustar {
            UstarKey::Removed => Threshold::Removed,
            UstarKey::MovingPoint if removed_by_maker => Threshold::Removed,
            UstarKey::Given => Threshold::Given(self.ustar_m_s.unwrap_or(f64::NAN)),
            UstarKey::MovingPoint => Threshold::MovingPoint {
                settings: Settings::default(),
                samples: self.samples,
                seed: self.seed,
            },
        };
        let scenarios = match (self.samples, self.scenarios) {
            // One record has no distribution.
            (1, _) => Vec::new(),
            (_, 5) => vec![0.05, 0.16, 0.5, 0.84, 0.95],
            (_, n) => (0..n).map(|i| (i as f64 + 0.5) / n as f64).collect(),
        };
        Choices {
            place: self.place(),
            despike: self.despike,
            threshold,
            rule: match self.ustar_rows {
                UstarRowsKey::Night => Rule::Night,
                UstarRowsKey::All => Rule::DayAndNight,
            },
            scenarios,
            reference: match self.fill {
                FillKey::Reddyproc => Reference::REddyProc,
                FillKey::Oneflux => Reference::OneFlux,
            },
            scope: match self.sensitivity {
                SensitivityKey::Year => Scope::Year,
                SensitivityKey::Record => Scope::Record,
            },
            setting: match self.day {
                DayKey::Nosmooth => Setting::NoSmooth,
                DayKey::Lasslop => Setting::Lasslop,
            },
        }
    }
}
