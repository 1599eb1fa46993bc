//! What is read: climate on its own cells or by region, and how much of each place lies in each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use nutag_formats::Month;
use nutag_formats::climate::{ClimateSeries, Element, Stations, read_stations};
use nutag_formats::csv_table::CsvTable;
use nutag_frame::region_tables::placed;
use nutag_frame::{Frame, Place};
use nutag_grid::LonLat;
use nutag_grid::overlap::LonLatCells;
use nutag_problem::{Error, OrProblem, Problem, Steps, Watch};
use nutag_system::InputFile;

use super::section::{DroughtSection, DzudSection, ZonesOf, wrong};
use crate::dzud::mortality_rate;
use crate::{MonthAxis, YearMonth};

/// Everything found.
#[derive(Debug)]
pub struct DroughtPlan {
    /// What was asked.
    pub(super) section: DroughtSection,
    /// The months that are read.
    pub(super) axis: MonthAxis,
    /// Where climate comes from.
    pub(super) source: Source,
    /// Names of regions.
    pub(super) regions: Vec<String>,
    /// Names of the zones of the rows; empty if rows are regions.
    pub(super) zones: Vec<String>,
    /// Index of the zone map.
    pub(super) map: Option<usize>,
    /// By region or by region and zone, the area in each site, cm2.
    pub(super) shares: BTreeMap<Place, BTreeMap<usize, u128>>,
    /// Area of places beyond every site, cm2.
    pub(super) beyond: BTreeMap<Place, u128>,
    /// What each site is: index of a climate cell or of a region, and its latitude.
    pub(super) sites: Vec<Site>,
    /// Losses by region and year.
    pub(super) losses: Option<Vec<Loss>>,
    /// What the user should know.
    pub(super) warnings: Vec<String>,
    /// Files with their roles.
    pub(super) files: Vec<InputFile>,
}

/// A series of climate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site {
    /// Index of the climate cell, or of the region.
    pub index: usize,
    /// Degrees.
    pub latitude: f64,
}

/// Adult losses of a region in a year.
#[derive(Debug, Clone, Copy)]
pub(super) struct Loss {
    pub region: usize,
    pub year: i32,
    pub losses: f64,
    pub stock_before: f64,
    /// Share of the stock, 0 to 1.
    pub rate: f64,
}

/// Where climate comes from.
#[derive(Debug)]
pub(super) enum Source {
    Grids {
        temperature: Box<ClimateSeries>,
        precipitation: Box<ClimateSeries>,
    },
    Stations(Stations),
}

impl DroughtPlan {
    pub(super) fn make(
        section: &DroughtSection,
        frame: &Frame<'_>,
        watch: &Watch<'_>,
    ) -> Result<Self, Error> {
        let [first, last] = section.record.map(i32::from);
        let len = usize::try_from(last - first + 1).unwrap_or(0) * 12;
        let axis = MonthAxis::new(
            YearMonth {
                year: first,
                month: 1,
            },
            len,
        );
        if frame.places.is_empty() {
            return Err(wrong(
                "[drought]",
                "there are no cells of interest to give areas to",
                "a run with [drought] needs granules or another grid under its regions",
            ));
        }
        let (source, mut files) = open(section, frame, &axis)?;
        let map = section.zones.map(|zones| match zones {
            ZonesOf::From => 0,
            ZonesOf::To => 1,
        });
        let zones = match (map, &source) {
            (None, _) => Vec::new(),
            (Some(_), Source::Stations(_)) => {
                return Err(wrong(
                    "[drought] zones",
                    "stations stand for regions and know nothing of zones",
                    "leave zones out, or give [drought.climate] grids",
                ));
            }
            (Some(map), Source::Grids { .. }) => frame
                .zones
                .get(map)
                .ok_or_else(|| {
                    wrong(
                        "[drought] zones",
                        "this run has no such zone map",
                        "leave zones out, or add the map to [zones]",
                    )
                })?
                .names
                .to_vec(),
        };
        let mut plan = Self {
            section: section.clone(),
            axis,
            source,
            regions: frame.regions.to_vec(),
            zones,
            map,
            shares: BTreeMap::new(),
            beyond: BTreeMap::new(),
            sites: Vec::new(),
            losses: None,
            warnings: Vec::new(),
            files: Vec::new(),
        };
        plan.lay_out(frame, watch)?;
        if let Some(dzud) = &section.dzud {
            plan.losses = Some(read_losses(dzud, frame.regions)?);
            files.push(InputFile {
                role: "livestock losses",
                path: dzud.losses.clone(),
            });
        }
        plan.files = files;
        let [spi, _] = section.recipes(section.months[0])?;
        plan.warnings.extend(spi.warning());
        Ok(plan)
    }

    /// Goes through the cells of interest once: which lie in which site?
    fn lay_out(&mut self, frame: &Frame<'_>, watch: &Watch<'_>) -> Result<(), Error> {
        let cells = match &self.source {
            Source::Grids { temperature, .. } => Some(temperature.cells().clone()),
            Source::Stations(_) => None,
        };
        let outside = self.zones.len();
        let mut latitudes = vec![(0.0, 0.0); self.regions.len()];
        let (shares, beyond, map) = (&mut self.shares, &mut self.beyond, self.map);
        frame.places.each_row(|row| {
            watch.check()?;
            for run in row.runs {
                let place = match map {
                    Some(map) => Place::unit(run.region, run.zones[map].unwrap_or(outside)),
                    None => Place::region(run.region),
                };
                let mut add = |site: Option<usize>, count: u32| {
                    let area = u128::from(row.cell_area_cm2) * u128::from(count);
                    match site {
                        Some(site) => {
                            *shares.entry(place).or_default().entry(site).or_default() += area;
                        }
                        None => *beyond.entry(place).or_default() += area,
                    }
                };
                if let Some(cells) = &cells {
                    let mut before: Option<(Option<usize>, u32)> = None;
                    for column in run.start..run.end {
                        let centre = LonLat {
                            lon_degrees: row.grid.longitude_degrees(row.row, column as usize),
                            lat_degrees: row.lat_degrees,
                        };
                        let site = cells.cell_at(centre).map(|(r, c)| r * cells.cols() + c);
                        match &mut before {
                            Some((last, count)) if *last == site => *count += 1,
                            _ => {
                                if let Some((last, count)) = before.replace((site, 1)) {
                                    add(last, count);
                                }
                            }
                        }
                    }
                    if let Some((last, count)) = before {
                        add(last, count);
                    }
                } else {
                    add(Some(run.region), run.end - run.start);
                    #[expect(clippy::cast_precision_loss, reason = "a weight")]
                    let weight = row.cell_area_cm2 as f64 * f64::from(run.end - run.start);
                    latitudes[run.region].0 += weight * row.lat_degrees;
                    latitudes[run.region].1 += weight;
                }
            }
            Ok(())
        })?;
        let mut used: Vec<usize> = self
            .shares
            .values()
            .flat_map(BTreeMap::keys)
            .copied()
            .collect();
        used.sort_unstable();
        used.dedup();
        self.sites = used
            .iter()
            .map(|&index| Site {
                index,
                latitude: cells.as_ref().map_or_else(
                    || latitudes[index].0 / latitudes[index].1,
                    |cells| latitude(cells, index),
                ),
            })
            .collect();
        // From indices of cells to places among the sites.
        for shares in self.shares.values_mut() {
            *shares = shares
                .iter()
                .map(|(index, area)| (used.partition_point(|u| u < index), *area))
                .collect();
        }
        if self.sites.is_empty() {
            return Err(wrong(
                "[drought.climate]",
                "no cell of interest lies in a cell of the climate grids",
                "are longitudes those of the country? 0 to 360 and -180 to 180 are both read",
            ));
        }
        Ok(())
    }

    /// The climate of each site, degC and mm in the month; a missing month is not a number.
    pub(super) fn climate(&self, watch: &Watch<'_>) -> Result<[Vec<Vec<f64>>; 2], Error> {
        let empty = || vec![vec![f64::NAN; self.axis.len()]; self.sites.len()];
        let (mut deg_c, mut mm) = (empty(), empty());
        match &self.source {
            Source::Stations(stations) => {
                for (site, (t, p)) in self.sites.iter().zip(deg_c.iter_mut().zip(&mut mm)) {
                    let known = &stations[&self.regions[site.index]];
                    for (at, month) in self.axis.iter().enumerate() {
                        if let Some(station) = known.get(&file_month(month)?) {
                            t[at] = station.temperature_celsius;
                            p[at] = station.precipitation_mm;
                        }
                    }
                }
            }
            Source::Grids {
                temperature,
                precipitation,
            } => {
                watch.begin("reading climate grids", 2 * self.axis.len(), Steps::Items);
                for (series, into) in [(temperature, &mut deg_c), (precipitation, &mut mm)] {
                    for (at, month) in self.axis.iter().enumerate() {
                        let grid = series.read(file_month(month)?).or_failed()?;
                        for (site, values) in self.sites.iter().zip(into.iter_mut()) {
                            values[at] = grid[site.index].unwrap_or(f64::NAN);
                        }
                        watch.advance(1)?;
                    }
                }
                watch.finish();
            }
        }
        Ok([deg_c, mm])
    }

    /// What the climate is, in words.
    pub(super) fn climate_words(&self) -> String {
        match &self.source {
            Source::Grids { temperature, .. } => format!(
                "netCDF, {} cells of {} x {} with land of interest",
                self.sites.len(),
                temperature.cells().rows(),
                temperature.cells().cols()
            ),
            Source::Stations(_) => format!("stations of {} regions", self.sites.len()),
        }
    }

    /// The cells of the climate, if it has any.
    pub(super) fn cells(&self) -> Option<&LonLatCells> {
        match &self.source {
            Source::Grids { temperature, .. } => Some(temperature.cells()),
            Source::Stations(_) => None,
        }
    }
}

fn latitude(cells: &LonLatCells, index: usize) -> f64 {
    cells
        .centre(index / cells.cols(), index % cells.cols())
        .lat_degrees
}

fn file_month(month: YearMonth) -> Result<Month, Error> {
    Month::new(month.year, month.month).ok_or_else(|| {
        wrong(
            "[drought] record",
            format!("{month} is not a month"),
            "write years of four digits",
        )
    })
}

fn open(
    section: &DroughtSection,
    frame: &Frame<'_>,
    axis: &MonthAxis,
) -> Result<(Source, Vec<InputFile>), Error> {
    let climate = &section.climate;
    let wanted: Vec<Month> = axis.iter().map(file_month).collect::<Result<_, _>>()?;
    if let Some(path) = &climate.stations {
        let stations = read_stations(path).or_asked()?;
        for name in stations.keys() {
            frame.region(name, path.display())?;
        }
        for region in frame.regions {
            let known = stations.get(region);
            let missing = wanted
                .iter()
                .filter(|month| !known.is_some_and(|known| known.contains_key(month)));
            refuse_missing(path, &format!("climate of {region}"), missing)?;
        }
        let file = InputFile {
            role: "climate",
            path: path.clone(),
        };
        return Ok((Source::Stations(stations), vec![file]));
    }
    let open = |place: &Option<PathBuf>, element| -> Result<ClimateSeries, Error> {
        let place = place.as_deref().unwrap_or(Path::new(""));
        let series = ClimateSeries::open(place, element, &climate.request(element)?).or_asked()?;
        refuse_missing(
            place,
            &element.to_string(),
            wanted.iter().filter(|month| !series.has(**month)),
        )?;
        Ok(series)
    };
    let temperature = open(&climate.temperature, Element::Temperature)?;
    let precipitation = open(&climate.precipitation, Element::Precipitation)?;
    if temperature.cells() != precipitation.cells() {
        return Err(wrong(
            "[drought.climate]",
            "temperature and precipitation have different cells",
            "regrid one of them (cdo remapcon)",
        ));
    }
    let mut paths: Vec<PathBuf> = temperature
        .files()
        .iter()
        .chain(precipitation.files())
        .map(|file| file.path().to_owned())
        .collect();
    paths.sort();
    paths.dedup();
    let files = paths
        .into_iter()
        .map(|path| InputFile {
            role: "climate",
            path,
        })
        .collect();
    let source = Source::Grids {
        temperature: Box::new(temperature),
        precipitation: Box::new(precipitation),
    };
    Ok((source, files))
}

fn refuse_missing<'m>(
    place: &Path,
    what: &str,
    missing: impl Iterator<Item = &'m Month>,
) -> Result<(), Error> {
    let missing: Vec<String> = missing.map(ToString::to_string).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let shown = missing[..missing.len().min(6)].join(", ");
    let more = if missing.len() > 6 { ", ..." } else { "" };
    Err(Problem::new(format!(
        "{} month(s) of {what} are missing: {shown}{more}",
        missing.len()
    ))
    .at(place.display())
    .advice("an index needs every month of the record; add the files, or shorten [drought] record")
    .asked())
}

fn read_losses(section: &DzudSection, regions: &[String]) -> Result<Vec<Loss>, Error> {
    let table = CsvTable::open(&section.losses).or_asked()?;
    table
        .only(&["region", "year", "stock_before", "losses"])
        .or_asked()?;
    let stock = table.column("stock_before").or_asked()?;
    let lost = table.column("losses").or_asked()?;
    let mut seen: BTreeMap<(usize, i32), u64> = BTreeMap::new();
    let mut all = Vec::new();
    for row in placed(&table, regions)? {
        if let Some(first) = seen.insert((row.region, row.year), row.row.line()) {
            return Err(nutag_frame::region_tables::twice(&row, first, ""));
        }
        let stock_before = table.amount(row.row, stock).or_asked()?;
        let losses = table.amount(row.row, lost).or_asked()?;
        // A region without a herd has no rate.
        if stock_before == 0.0 && losses == 0.0 {
            continue;
        }
        let rate = mortality_rate(losses, stock_before).map_err(|error| {
            Problem::of(&error)
                .at(format!("{}, line {}", table.path().display(), row.row.line()))
                .advice("losses are those of the calendar year, stock_before the census of December before, in the same unit")
                .asked()
        })?;
        all.push(Loss {
            region: row.region,
            year: row.year,
            losses,
            stock_before,
            rate,
        });
    }
    if all.is_empty() {
        return Err(Problem::new("the table of losses has no herd")
            .at(section.losses.display())
            .advice("one row a region and year: region, year, stock_before, losses")
            .asked());
    }
    Ok(all)
}
