//! `[drought]` of the pipeline file.

use std::path::PathBuf;

use nutag_formats::climate::{ClimateRequest, Element};
use nutag_problem::{Error, Problem};
use serde::{Deserialize, Serialize};

use crate::dzud::Season;
use crate::standard::{
    Fit, Kernel, KernelShape, LEAST_REFERENCE_YEARS, Recipe, Reference, Water, ZeroShare, Zeros,
};
use crate::water::Drawdown;
use crate::{DroughtError, YearMonth};

/// `[drought]`: how unusual is the water of the last months, and what do plants miss?
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DroughtSection {
    /// First and last year of the climate that is read, ends included.
    pub record: [u16; 2],
    /// First and last year that tell what is usual, ends included; inside `record`.
    pub reference: [u16; 2],
    /// Windows of the indices, months.
    pub months: Vec<u8>,
    /// Whose zones the rows have: `"from"` or `"to"`; without it, rows are regions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zones: Option<ZonesOf>,
    /// The distribution of precipitation.
    pub spi: SpiFit,
    /// Where a month without rain goes.
    pub zeros: ZeroRule,
    /// A calendar month with a greater share of dry years has no SPI, 0 to 1; 1 refuses none.
    pub refuse_zero_share_above: f64,
    /// The distribution of precipitation less demand.
    pub spei: SpeiFit,
    /// An index at this or below is drought.
    pub drought_at: f64,
    /// The calendar month whose index is tested for a trend, 1 to 12.
    pub trend_month: u8,
    /// Monthly temperature and precipitation.
    pub climate: ClimateSection,
    /// The soil.
    pub soil: SoilSection,
    /// Months that are drawn, such as `"2007-08"`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub maps: Vec<String>,
    /// Losses of livestock, and an index that may foresee them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dzud: Option<DzudSection>,
}

/// Whose zones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ZonesOf {
    /// Of the first map.
    From,
    /// Of the second map.
    To,
}

/// The distribution of SPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpiFit {
    /// Gamma by L-moments.
    Gamma,
    /// Gamma by Thom's approximation.
    GammaThom,
    /// Pearson type III by L-moments.
    PearsonThree,
}

/// The distribution of SPEI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpeiFit {
    /// By unbiased probability-weighted moments.
    LogLogistic,
    /// By maximum likelihood.
    LogLogisticLikelihood,
}

/// Where a month without rain goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ZeroRule {
    /// The centre of the mass of zeros.
    CentreOfMass,
    /// Their upper end.
    Classic,
    /// Where the mean index is 0.
    MeanZero,
}

/// `[drought.climate]`: monthly temperature and precipitation.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ClimateSection {
    /// netCDF files: one, a folder, or a pattern.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<PathBuf>,
    /// The same for precipitation; may be the same files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precipitation: Option<PathBuf>,
    /// Or a table of both by region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stations: Option<PathBuf>,
    /// netCDF: the variable, where more than one could be meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature_variable: Option<String>,
    /// The same for precipitation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precipitation_variable: Option<String>,
    /// netCDF: the unit, where files say none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature_unit: Option<String>,
    /// The same for precipitation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precipitation_unit: Option<String>,
}

/// `[drought.soil]`: what holds the water.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SoilSection {
    /// Water that the soil can hold for plants, mm.
    pub available_water_mm: f64,
    /// How it gives it.
    pub drawdown: DrawdownName,
    /// Years of mean months before the first.
    pub spin_up_years: u16,
    /// Snow that melts for each degC above 0 and day, mm; without it all precipitation is rain.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        rename = "melt_mm_per_degC_day"
    )]
    pub melt_mm_per_degc_day: Option<f64>,
}

/// How soil gives its water.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DrawdownName {
    /// The drier, the harder.
    Exponential,
    /// While there is any.
    Linear,
    /// Palmer's two layers.
    TwoLayers,
}

/// `[drought.dzud]`: losses, and the seasons of an index.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DzudSection {
    /// csv with the columns region, year, `stock_before`, losses (heads).
    pub losses: PathBuf,
    /// First and last month of the summer before.
    pub summer: [u8; 2],
    /// First and last month of the winter, which ends in the year of the losses.
    pub winter: [u8; 2],
    /// What the sum of anomalies is divided by.
    pub divisor: f64,
    /// A share of the stock above which losses are a dzud, 0 to 1.
    pub event_above: f64,
    /// Draws of the bootstrap of years.
    pub draws: usize,
    /// Its seed.
    pub seed: u64,
}

pub(super) fn wrong(place: &str, what: impl Into<String>, advice: &str) -> Error {
    Problem::new(what).at(place).advice(advice).asked()
}

/// An error of the science as one of the pipeline file.
pub(super) fn asked(place: &str) -> impl Fn(DroughtError) -> Error + '_ {
    move |error| Problem::of(&error).at(place).asked()
}

impl DroughtSection {
    /// Checks what text can show.
    ///
    /// # Errors
    /// Returns an error for keys that contradict each other and numbers that cannot be meant.
    pub(super) fn check_text(&self) -> Result<(), Error> {
        let [first, last] = self.record;
        let [from, to] = self.reference;
        if first > last || from > to {
            return Err(wrong(
                "[drought] record, reference",
                format!("[{first}, {last}] or [{from}, {to}] runs backwards"),
                "write the first year first; both ends are included",
            ));
        }
        if from < first || to > last {
            return Err(wrong(
                "[drought] reference",
                format!("{from} to {to} is not inside the record {first} to {last}"),
                "the reference is never cut short: name years that record covers",
            ));
        }
        if self.months.is_empty() {
            return Err(wrong(
                "[drought] months",
                "there is no window",
                "write months = [3, 12]",
            ));
        }
        for (index, months) in self.months.iter().enumerate() {
            if !(1..=24).contains(months) {
                return Err(wrong(
                    "[drought] months",
                    format!("{months} must be between 1 and 24"),
                    "write windows of 1 to 24 months",
                ));
            }
            if self.months[..index].contains(months) {
                return Err(wrong(
                    "[drought] months",
                    format!("{months} is there twice"),
                    "name each window once",
                ));
            }
        }
        if !(0.0..=1.0).contains(&self.refuse_zero_share_above) {
            return Err(wrong(
                "[drought] refuse_zero_share_above",
                format!("{} must be between 0 and 1", self.refuse_zero_share_above),
                "write 1 to refuse nothing, 0.5 to refuse months that are mostly dry",
            ));
        }
        if !(-5.0..0.0).contains(&self.drought_at) {
            return Err(wrong(
                "[drought] drought_at",
                format!("{} must be below 0 and at least -5", self.drought_at),
                "write -1 for one standard deviation below what is usual",
            ));
        }
        YearMonth::new(2000, self.trend_month).map_err(asked("[drought] trend_month"))?;
        for recipe in self.recipes(3)? {
            recipe.check().map_err(asked("[drought] reference"))?;
        }
        self.map_months()?;
        self.climate.check()?;
        self.soil.check()?;
        self.dzud.as_ref().map_or(Ok(()), DzudSection::check)
    }

    /// The months that are drawn.
    pub(super) fn map_months(&self) -> Result<Vec<YearMonth>, Error> {
        self.maps
            .iter()
            .map(|text| {
                let month: nutag_formats::Month = text
                    .parse()
                    .map_err(|what: String| wrong("[drought] maps", what, "write \"2007-08\""))?;
                let [first, last] = self.record.map(i32::from);
                if !(first..=last).contains(&month.year) {
                    return Err(wrong(
                        "[drought] maps",
                        format!("{month} is not inside the record {first} to {last}"),
                        "name months that record covers",
                    ));
                }
                YearMonth::new(month.year, month.month).map_err(asked("[drought] maps"))
            })
            .collect()
    }

    /// SPI and SPEI over a window.
    pub(super) fn recipes(&self, months: u8) -> Result<[Recipe; 2], Error> {
        let kernel = Kernel::new(KernelShape::Rectangular, usize::from(months), 0)
            .map_err(asked("[drought] months"))?;
        let month = |year: u16, month| YearMonth {
            year: i32::from(year),
            month,
        };
        let reference = Reference {
            first: month(self.reference[0], 1),
            last: month(self.reference[1], 12),
        };
        let recipe = |water, fit| Recipe {
            water,
            kernel: kernel.clone(),
            fit,
            reference,
            least_reference_years: LEAST_REFERENCE_YEARS,
        };
        let zeros = match self.zeros {
            ZeroRule::CentreOfMass => Zeros::CentreOfMass,
            ZeroRule::Classic => Zeros::Classic,
            ZeroRule::MeanZero => Zeros::MeanZero,
        };
        let rain = Water::Precipitation {
            zeros,
            share: ZeroShare::Empirical,
            refuse_zero_share_above: self.refuse_zero_share_above,
        };
        let spi = match self.spi {
            SpiFit::Gamma => Fit::Gamma,
            SpiFit::GammaThom => Fit::GammaThom,
            SpiFit::PearsonThree => Fit::PearsonThree,
        };
        let spei = match self.spei {
            SpeiFit::LogLogistic => Fit::LogLogistic,
            SpeiFit::LogLogisticLikelihood => Fit::LogLogisticLikelihood,
        };
        Ok([recipe(rain, spi), recipe(Water::Balance, spei)])
    }
}

impl ClimateSection {
    fn check(&self) -> Result<(), Error> {
        match (&self.temperature, &self.precipitation, &self.stations) {
            (Some(_), Some(_), None) | (None, None, Some(_)) => {}
            _ => {
                return Err(wrong(
                    "[drought.climate]",
                    "expected temperature and precipitation (netCDF), or stations (a table)",
                    "keep the two, or the one",
                ));
            }
        }
        self.request(Element::Temperature)?;
        self.request(Element::Precipitation).map(|_| ())
    }

    /// How files are read.
    pub(super) fn request(&self, element: Element) -> Result<ClimateRequest, Error> {
        let (variable, unit) = match element {
            Element::Temperature => (&self.temperature_variable, &self.temperature_unit),
            Element::Precipitation => (&self.precipitation_variable, &self.precipitation_unit),
        };
        let unit = match unit {
            None => None,
            Some(text) => Some(element.unit(text).ok_or_else(|| {
                wrong(
                    &format!("[drought.climate] {element}_unit"),
                    format!("\"{text}\" is not a unit of {element}"),
                    &format!("write {}", element.quantity().unit_names()),
                )
            })?),
        };
        Ok(ClimateRequest {
            variable: variable.clone(),
            unit,
        })
    }
}

impl SoilSection {
    fn check(&self) -> Result<(), Error> {
        crate::palmer::Soil::new(self.available_water_mm)
            .map_err(asked("[drought.soil] available_water_mm"))?;
        if self.spin_up_years > 100 {
            return Err(wrong(
                "[drought.soil] spin_up_years",
                format!("{} must be between 0 and 100", self.spin_up_years),
                "10 years forget the start",
            ));
        }
        if let Some(mm) = self.melt_mm_per_degc_day
            && !(0.1..=20.0).contains(&mm)
        {
            return Err(wrong(
                "[drought.soil] melt_mm_per_degC_day",
                format!("{mm} must be between 0.1 and 20"),
                "2 to 5 mm are usual",
            ));
        }
        Ok(())
    }

    pub(super) fn drawdown(&self) -> Drawdown {
        match self.drawdown {
            DrawdownName::Exponential => Drawdown::Exponential,
            DrawdownName::Linear => Drawdown::Linear,
            DrawdownName::TwoLayers => Drawdown::TwoLayers,
        }
    }
}

impl DzudSection {
    fn check(&self) -> Result<(), Error> {
        self.seasons()?;
        if !(self.divisor > 0.0 && self.divisor.is_finite()) {
            return Err(wrong(
                "[drought.dzud] divisor",
                format!("{} must be above 0", self.divisor),
                "write 1 for the plain sum",
            ));
        }
        if !(self.event_above > 0.0 && self.event_above < 1.0) {
            return Err(wrong(
                "[drought.dzud] event_above",
                format!("{} must be above 0 and below 1", self.event_above),
                "write 0.06 for six in a hundred",
            ));
        }
        if !(100..=100_000).contains(&self.draws) {
            return Err(wrong(
                "[drought.dzud] draws",
                format!("{} must be between 100 and 100000", self.draws),
                "2000 are usual",
            ));
        }
        Ok(())
    }

    /// Summer and winter.
    pub(super) fn seasons(&self) -> Result<[Season; 2], Error> {
        let season = |[first, last]: [u8; 2], place| Season::new(first, last).map_err(asked(place));
        let summer = season(self.summer, "[drought.dzud] summer")?;
        if summer.first > summer.last {
            return Err(wrong(
                "[drought.dzud] summer",
                "the summer runs over the new year",
                "write the first month first, such as [5, 7]",
            ));
        }
        Ok([summer, season(self.winter, "[drought.dzud] winter")?])
    }
}
