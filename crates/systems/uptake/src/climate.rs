//! Monthly climate of each unit.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::science::Unit;
use crate::science::respiration::YearClimate;
use nutag_formats::Month;
use nutag_formats::climate::{ClimateSeries, Element, Stations, read_stations};
use nutag_frame::region_tables::region_index;
use nutag_grid::overlap::LonLatCells;
use nutag_problem::{Error, OrProblem, Problem, Progress, Steps};

use crate::land::Land;
use crate::section::ClimateSection;

/// Files or a table with the climate of all months that are needed.
#[derive(Debug, Clone)]
pub enum ClimateSource {
    /// netCDF.
    Grids {
        /// Temperature.
        temperature: Box<ClimateSeries>,
        /// Precipitation.
        precipitation: Box<ClimateSeries>,
    },
    /// By region.
    Stations {
        /// The file.
        path: PathBuf,
        /// Its months.
        stations: Stations,
    },
}

impl ClimateSource {
    /// Opens what the section names and checks that every month of the years is there.
    ///
    /// # Errors
    /// Files that are refused, months or regions that are missing.
    pub fn open(
        section: &ClimateSection,
        regions: &[String],
        years: &[u16],
    ) -> Result<Self, Error> {
        if let Some(path) = &section.stations {
            let stations = read_stations(path).or_asked()?;
            for name in stations.keys() {
                region_index(regions, name).map_err(|advice| {
                    Problem::new(format!("\"{name}\" is not a region of this run"))
                        .at(path.display())
                        .advice(advice)
                        .asked()
                })?;
            }
            for region in regions {
                let months = stations.get(region);
                let missing = missing(years, |month| {
                    months.is_some_and(|m| m.contains_key(&month))
                });
                refuse_missing(path, &format!("climate of {region}"), &missing)?;
            }
            return Ok(Self::Stations {
                path: path.clone(),
                stations,
            });
        }
        let open = |place: &Option<PathBuf>, element| -> Result<ClimateSeries, Error> {
            let place = place.as_deref().unwrap_or(Path::new(""));
            let series =
                ClimateSeries::open(place, element, &section.request(element)?).or_asked()?;
            let missing = missing(years, |month| series.has(month));
            refuse_missing(place, &element.to_string(), &missing)?;
            // What a run would refuse of the values is refused before it begins.
            for month in months_needed(years).filter(|month| series.has(*month)) {
                series.read(month).or_asked()?;
            }
            Ok(series)
        };
        let temperature = open(&section.temperature, Element::Temperature)?;
        let precipitation = open(&section.precipitation, Element::Precipitation)?;
        if temperature.cells() != precipitation.cells() {
            return Err(
                Problem::new("temperature and precipitation have different cells")
                    .at("[uptake.climate]")
                    .advice("regrid one of them (cdo remapcon)")
                    .asked(),
            );
        }
        Ok(Self::Grids {
            temperature: Box::new(temperature),
            precipitation: Box::new(precipitation),
        })
    }

    /// The cells, if there are any.
    #[must_use]
    pub fn cells(&self) -> Option<&LonLatCells> {
        match self {
            Self::Grids { temperature, .. } => Some(temperature.cells()),
            Self::Stations { .. } => None,
        }
    }

    /// The files that are read.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        match self {
            Self::Grids {
                temperature,
                precipitation,
            } => {
                let files = temperature.files().iter().chain(precipitation.files());
                files.map(|file| file.path().to_owned()).collect()
            }
            Self::Stations { path, .. } => vec![path.clone()],
        }
    }

    /// What it is, for the report.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Grids {
                temperature,
                precipitation,
            } => {
                let of = |series: &ClimateSeries| {
                    let file = &series.files()[0];
                    format!("{} ({})", file.variable(), file.unit())
                };
                format!(
                    "netCDF, {} and {}, {} x {} cells, mean over each region and zone",
                    of(temperature),
                    of(precipitation),
                    temperature.cells().rows(),
                    temperature.cells().cols()
                )
            }
            Self::Stations { path, .. } => {
                format!(
                    "stations by region, {}",
                    path.file_name().unwrap_or_default().display()
                )
            }
        }
    }

    /// The climate of each unit and year. The December before the first year is that of its own year where
    /// the files do not have it.
    ///
    /// # Errors
    /// Units of which too little lies in cells with a value; a file that cannot be read.
    pub fn by_unit(
        &self,
        land: &Land,
        regions: &[String],
        zones: &[String],
        years: &[u16],
        least_valid_fraction: f64,
        progress: &dyn Progress,
    ) -> Result<BTreeMap<Unit, Vec<YearClimate>>, Error> {
        let months: Vec<Month> = months_needed(years).collect();
        let (temperature, precipitation) = match self {
            Self::Stations { stations, .. } => {
                let of = |pick: fn(&nutag_formats::climate::StationMonth) -> f64| {
                    let mut values: Values = BTreeMap::new();
                    for unit in land.units.keys() {
                        let known = &stations[&regions[unit.region]];
                        for month in months.iter().filter_map(|m| Some((m, known.get(m)?))) {
                            values.insert((*unit, *month.0), pick(month.1));
                        }
                    }
                    values
                };
                (of(|m| m.temperature_celsius), of(|m| m.precipitation_mm))
            }
            Self::Grids {
                temperature,
                precipitation,
            } => {
                progress.begin(
                    "averaging climate grids",
                    2 * months.len() as u64,
                    Steps::Items,
                );
                let mean = |series: &ClimateSeries, element| {
                    grid_means(
                        series,
                        element,
                        &months,
                        land,
                        (regions, zones),
                        least_valid_fraction,
                        progress,
                    )
                };
                let both = (
                    mean(temperature, Element::Temperature)?,
                    mean(precipitation, Element::Precipitation)?,
                );
                progress.finish();
                both
            }
        };
        let year_of = |unit: Unit, year: i32| -> YearClimate {
            let of = |values: &Values| {
                let mut out = [0.0; 12];
                for (slot, month) in out.iter_mut().zip(months_of(year)) {
                    // Every month of the years was found there.
                    *slot = values.get(&(unit, month)).copied().unwrap_or(f64::NAN);
                }
                out
            };
            let precipitation_mm = of(&precipitation);
            let before = Month::new(year - 1, 12).and_then(|m| precipitation.get(&(unit, m)));
            let mut days = [0; 12];
            for (slot, month) in days.iter_mut().zip(months_of(year)) {
                *slot = month.days();
            }
            YearClimate {
                temperature_celsius: of(&temperature),
                december_before_mm: before.copied().unwrap_or(precipitation_mm[11]),
                precipitation_mm,
                days,
            }
        };
        let units = land.units.keys().map(|unit| {
            let of_years = years.iter().map(|year| year_of(*unit, i32::from(*year)));
            (*unit, of_years.collect())
        });
        Ok(units.collect())
    }
}

type Values = BTreeMap<(Unit, Month), f64>;

fn months_of(year: i32) -> impl Iterator<Item = Month> {
    (1..=12).filter_map(move |month| Month::new(year, month))
}

/// The months of the years and the Decembers before them, in order of time.
fn months_needed(years: &[u16]) -> impl Iterator<Item = Month> {
    let before = years
        .iter()
        .filter_map(|y| Month::new(i32::from(*y) - 1, 12));
    let within = years.iter().flat_map(|y| months_of(i32::from(*y)));
    before
        .chain(within)
        .collect::<std::collections::BTreeSet<Month>>()
        .into_iter()
}

fn missing(years: &[u16], has: impl Fn(Month) -> bool) -> Vec<Month> {
    let months = years.iter().flat_map(|year| months_of(i32::from(*year)));
    months.filter(|month| !has(*month)).collect()
}

fn refuse_missing(place: &Path, what: &str, missing: &[Month]) -> Result<(), Error> {
    if missing.is_empty() {
        return Ok(());
    }
    let shown: Vec<String> = missing.iter().take(6).map(ToString::to_string).collect();
    let more = if missing.len() > 6 { ", ..." } else { "" };
    Err(Problem::new(format!(
        "{} month(s) of {what} are missing: {}{more}",
        missing.len(),
        shown.join(", ")
    ))
    .at(place.display())
    .advice("respiration needs every month of every year; add the files, or shorten [npp] years")
    .asked())
}

fn grid_means(
    series: &ClimateSeries,
    element: Element,
    months: &[Month],
    land: &Land,
    (regions, zones): (&[String], &[String]),
    least_valid_fraction: f64,
    progress: &dyn Progress,
) -> Result<Values, Error> {
    let mut values = Values::new();
    for month in months.iter().filter(|month| series.has(**month)) {
        let grid = series.read(*month).or_asked()?;
        let mut sparse = Vec::new();
        for (unit, place) in &land.units {
            let (mut sum, mut km2) = (0.0, 0.0);
            for (cell, area_km2) in &place.climate_km2 {
                if let Some(value) = grid[*cell] {
                    sum += area_km2 * value;
                    km2 += area_km2;
                }
            }
            if km2 <= 0.0 || km2 < least_valid_fraction * place.area_km2 {
                sparse.push(format!("{} / {}", regions[unit.region], zones[unit.zone]));
            } else {
                values.insert((*unit, *month), sum / km2);
            }
        }
        if !sparse.is_empty() {
            let shown = sparse
                .iter()
                .take(4)
                .cloned()
                .collect::<Vec<_>>()
                .join(", ");
            let more = if sparse.len() > 4 { ", ..." } else { "" };
            return Err(Problem::new(format!(
                "the grid of {element} misses {} of {} regions and zones in {month}: {shown}{more}",
                sparse.len(),
                land.units.len()
            ))
            .at(series.files()[0].path().display())
            .advice("use a grid that covers the country, or lower least_valid_fraction in [uptake.climate] knowing what is missing")
            .asked());
        }
        progress.advance(1);
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::land::UnitLand;
    use nutag_problem::Silent;

    fn section(fraction: f64) -> ClimateSection {
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../data-samples/climate");
        let text = format!(
            "temperature = {:?}\nprecipitation = {:?}\nleast_valid_fraction = {fraction}",
            samples.join("tmp.nc"),
            samples.join("tp.nc")
        );
        nutag_settings::read(&text).unwrap()
    }

    /// One region, half of which lies in two climate cells and the rest in none.
    fn land() -> Land {
        let mut land = Land::default();
        let unit = UnitLand {
            area_km2: 400.0,
            climate_km2: vec![(700, 50.0), (701, 150.0)],
            ..UnitLand::default()
        };
        land.units.insert(Unit { region: 0, zone: 0 }, unit);
        land
    }

    fn by_unit(fraction: f64) -> Result<Vec<YearClimate>, String> {
        let (regions, zones) = (["Outer".to_owned()], ["Cold".to_owned()]);
        let source = ClimateSource::open(&section(fraction), &regions, &[2001, 2002]).unwrap();
        source
            .by_unit(&land(), &regions, &zones, &[2001, 2002], fraction, &Silent)
            .map(|mut units| units.remove(&Unit { region: 0, zone: 0 }).unwrap())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn means_are_by_area_and_the_december_before_is_looked_up() {
        let years = by_unit(0.5).unwrap();
        let open = |element, name: &str| {
            let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../data-samples/climate");
            ClimateSeries::open(&place.join(name), element, &Default::default()).unwrap()
        };
        let mean = |series: &ClimateSeries, month: &str| {
            let grid = series.read(month.parse().unwrap()).unwrap();
            0.25 * grid[700].unwrap() + 0.75 * grid[701].unwrap()
        };
        let (t, p) = (
            open(Element::Temperature, "tmp.nc"),
            open(Element::Precipitation, "tp.nc"),
        );
        assert!((years[1].temperature_celsius[6] - mean(&t, "2002-07")).abs() < 1e-12);
        assert!((years[1].precipitation_mm[0] - mean(&p, "2002-01")).abs() < 1e-12);
        assert!((years[0].december_before_mm - mean(&p, "2000-12")).abs() < 1e-12);
        assert_eq!(years[1].december_before_mm, years[0].precipitation_mm[11]);
        assert_eq!(years[0].days[1], 28);
    }

    #[test]
    fn a_grid_that_misses_a_region_is_refused() {
        let error = by_unit(0.9).unwrap_err();
        assert!(
            error.contains("misses 1 of 1 regions and zones in 2000-12: Outer / Cold"),
            "{error}"
        );
        assert!(error.contains("covers the country"), "{error}");
    }

    #[test]
    fn a_grid_that_misses_months_is_refused() {
        let error = ClimateSource::open(&section(0.9), &[], &[2012, 2013])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("12 month(s) of temperature are missing: 2013-01"),
            "{error}"
        );
    }

    #[test]
    fn values_that_no_place_has_are_refused_before_a_run() {
        let mut section = section(0.9);
        section.temperature_unit = Some("K".to_owned());
        let error = ClimateSource::open(&section, &[], &[2001])
            .unwrap_err()
            .to_string();
        assert!(error.contains("temperature_unit = \"degC\""), "{error}");
    }
}
