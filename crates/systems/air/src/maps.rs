//! Maps of some months of a year, on one scale.

use std::ops::Range;

use nutag_formats::co2::{Co2File, Month, MonthSet, MonthlyGrid};
use nutag_frame::Frame;
use nutag_grid::overlap::LonLatCells;
use nutag_grid::{Grid, MultiPolygon, Shape};
use nutag_problem::{Error, OrProblem, Problem};
use nutag_report::draw::{Cells, Key, LonLatBox, MapPicture, Panel, Ramp, ValueScale};

use crate::Co2Plan;
use crate::charts::{first_said, month_name};
use crate::section::{Co2Maps, Co2Section};

/// Degrees shown around the regions where no area was asked for.
const MARGIN_DEGREES: f64 = 5.0;

/// By name without the ending: the months that were asked for side by side, and the whole year, all on one scale.
pub(crate) fn maps(plan: &Co2Plan, frame: &Frame<'_>) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let Some(asked) = &plan.section.maps else {
        return Ok(Vec::new());
    };
    let outlines = frame.outlines()?;
    let shown = shown(asked, &outlines)?;
    let year = asked.year;
    let mut cuts = Vec::new();
    for month in 1..=12 {
        let grid = plan.read(Month { year, month })?;
        cuts.push(grid.map(|grid| Cut::of(&grid, shown)).transpose()?);
    }
    let values = || {
        cuts.iter()
            .flatten()
            .flat_map(|cut| &cut.values)
            .filter(|ppm| ppm.is_finite())
    };
    let (low, high) = (
        values().copied().fold(f32::INFINITY, f32::min),
        values().copied().fold(f32::NEG_INFINITY, f32::max),
    );
    let year = Year {
        year,
        scale: ValueScale::between("XCO2", "ppm", Ramp::Batlow, f64::from(low), f64::from(high)),
        cuts,
        shown,
        outlines,
        note: first_said(frame.note),
    };
    let every: Vec<u8> = (1..=12).collect();
    let mut pictures = Vec::new();
    for (name, months, columns) in [("months", &asked.months, 2), ("year", &every, 4)] {
        pictures.extend(year.picture(plan, name, months, columns)?);
    }
    Ok(pictures)
}

/// Whether the maps that are asked for can be drawn; what the user should know if they can.
///
/// # Errors
/// Returns an error, "asked wrongly", for months outside those of `[co2]`, for a map without any grid, and
/// for an area that is not told or holds no cells of equal size.
pub(super) fn check(
    section: &Co2Section,
    set: &MonthSet,
    files: &[Co2File],
    frame: &Frame<'_>,
) -> Result<Option<String>, Error> {
    let Some(asked) = &section.maps else {
        return Ok(None);
    };
    let (first, last) = section.range()?;
    let months = asked.months.iter().map(|month| Month {
        year: asked.year,
        month: *month,
    });
    let months: Vec<Month> = months.collect();
    let named = |months: &[Month]| {
        let names: Vec<String> = months.iter().map(ToString::to_string).collect();
        names.join(", ")
    };
    let wrong = |what: String, advice: &str| {
        Err(Problem::new(what)
            .at("[co2.maps] months")
            .advice(advice)
            .asked())
    };
    let (within, outside): (Vec<Month>, Vec<Month>) = months
        .iter()
        .partition(|month| (first..=last).contains(*month));
    if !outside.is_empty() {
        return wrong(
            format!(
                "{} of the maps are not within the months {first} to {last} of [co2]",
                named(&outside)
            ),
            "choose a year and months within `months` of [co2], or widen those",
        );
    }
    let (there, missing): (Vec<Month>, Vec<Month>) = within
        .iter()
        .partition(|month| set.months.contains_key(month));
    let Some(grid) = there
        .first()
        .and_then(|month| set.months.get(month).zip(Some(month)))
    else {
        return wrong(
            format!("none of {} has a CO2 grid", named(&missing)),
            "choose months that have one; `nutag inspect FILE` shows those of a file",
        );
    };
    let shown = shown(asked, &frame.outlines()?)?;
    let grid = files[*grid.0].read(*grid.1);
    let grid = grid.map_err(|error| Problem::new(error.to_string()).asked())?;
    Cut::of(&grid, shown)?;
    Ok((!missing.is_empty()).then(|| {
        format!(
            "the maps of CO2 have no grid for {}: those panels stay empty",
            named(&missing)
        )
    }))
}

/// What the maps show.
fn shown(asked: &Co2Maps, outlines: &[MultiPolygon]) -> Result<LonLatBox, Error> {
    if let Some([west_degrees, south_degrees, east_degrees, north_degrees]) = asked.area {
        return Ok(LonLatBox {
            west_degrees,
            south_degrees,
            east_degrees,
            north_degrees,
        });
    }
    let bounds = outlines.iter().filter_map(MultiPolygon::bounds);
    let all = bounds.reduce(|(low, high), (l, h)| {
        let pick = |f: fn(f64, f64) -> f64, a: nutag_grid::LonLat, b: nutag_grid::LonLat| {
            nutag_grid::LonLat {
                lon_degrees: f(a.lon_degrees, b.lon_degrees),
                lat_degrees: f(a.lat_degrees, b.lat_degrees),
            }
        };
        (pick(f64::min, low, l), pick(f64::max, high, h))
    });
    let (low, high) = all.ok_or_else(|| {
        Problem::new("there is no area, and regions that come as a raster have no outline")
            .at("[co2.maps]")
            .advice("write area = [west, south, east, north] in [co2.maps]")
            .asked()
    })?;
    Ok(LonLatBox {
        west_degrees: low.lon_degrees - MARGIN_DEGREES,
        south_degrees: (low.lat_degrees - MARGIN_DEGREES).max(-90.0),
        east_degrees: high.lon_degrees + MARGIN_DEGREES,
        north_degrees: (high.lat_degrees + MARGIN_DEGREES).min(90.0),
    })
}

/// The cells of a month inside the area that is shown.
struct Cut {
    grid: Grid,
    values: Vec<f32>,
    /// Cells with a value and without a sounding.
    unseen: Option<Vec<bool>>,
    interpolated: bool,
}

impl Cut {
    fn of(month: &MonthlyGrid, shown: LonLatBox) -> Result<Self, Error> {
        let cells = &month.cells;
        let rows = touched(cells.lat_edges_degrees(), |a, b| {
            a > shown.south_degrees && b < shown.north_degrees
        });
        let cols = touched(cells.lon_edges_degrees(), |a, b| {
            b > shown.west_degrees && a < shown.east_degrees
        });
        let grid = regular(cells, &rows, &cols)?;
        let inside = || {
            rows.clone()
                .flat_map(|row| cols.clone().map(move |col| row * cells.cols() + col))
        };
        #[expect(clippy::cast_possible_truncation, reason = "colours need no more")]
        let values = inside()
            .map(|cell| month.xco2_ppm[cell].map_or(f32::NAN, |ppm| ppm as f32))
            .collect();
        let unseen = month.observed_ppm.as_ref().map(|observed| {
            inside()
                .map(|cell| month.xco2_ppm[cell].is_some() && observed[cell].is_none())
                .collect()
        });
        Ok(Self {
            grid,
            values,
            unseen,
            interpolated: month.interpolated,
        })
    }
}

/// The cells whose edges satisfy `wanted`, as one range.
fn touched(edges: &[f64], wanted: impl Fn(f64, f64) -> bool) -> Range<usize> {
    let hit: Vec<usize> = edges
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| wanted(pair[0], pair[1]))
        .map(|(i, _)| i)
        .collect();
    match (hit.first(), hit.last()) {
        (Some(first), Some(last)) => *first..last + 1,
        _ => 0..0,
    }
}

/// Part of the cells as a regular grid.
fn regular(cells: &LonLatCells, rows: &Range<usize>, cols: &Range<usize>) -> Result<Grid, Error> {
    let (lon, lat) = (cells.lon_edges_degrees(), cells.lat_edges_degrees());
    let step = |edges: &[f64], range: &Range<usize>| -> Option<f64> {
        let part = &edges[range.start..range.end.checked_add(1)?];
        let step = part.get(1)? - part[0];
        part.windows(2)
            .all(|pair| (pair[1] - pair[0] - step).abs() < 1e-6 * step.abs())
            .then_some(step)
    };
    let none = || {
        Problem::new("the area of the maps holds no cells of equal size")
            .at("[co2.maps] area")
            .advice("choose an area that the CO2 grid covers, away from the poles")
            .asked()
    };
    let width = step(lon, cols).ok_or_else(none)?;
    let height = -step(lat, rows).ok_or_else(none)?;
    Shape::new(rows.len(), cols.len())
        .and_then(|shape| Grid::geographic(lon[cols.start], lat[rows.start], width, height, shape))
        .or_problem()
        .map_err(|problem| problem.at("[co2.maps] area").asked())
}

/// The months of a year.
struct Year {
    year: i32,
    scale: ValueScale,
    /// January to December; `None` where there is no grid.
    cuts: Vec<Option<Cut>>,
    shown: LonLatBox,
    outlines: Vec<MultiPolygon>,
    /// What the pipeline file wants every reader to know.
    note: String,
}

impl Year {
    /// Some months side by side. `None` when the year has no grid at all.
    fn picture(
        &self,
        plan: &Co2Plan,
        name: &str,
        months: &[u8],
        columns: usize,
    ) -> Result<Option<(String, Vec<u8>)>, Error> {
        let Some(template) = self.cuts.iter().flatten().next() else {
            return Ok(None);
        };
        let nothing = vec![f32::NAN; template.values.len()];
        let panels = months.iter().map(|month| {
            let title = format!("{} {}", month_name(*month), self.year);
            match &self.cuts[usize::from(*month) - 1] {
                Some(cut) => Panel {
                    title,
                    grid: &cut.grid,
                    cells: Cells::Values(&cut.values),
                    weak: cut.unseen.as_deref(),
                },
                None => Panel {
                    title: format!("{title}: no grid"),
                    grid: &template.grid,
                    cells: Cells::Values(&nothing),
                    weak: None,
                },
            }
        });
        let note = if template.unseen.is_some() && template.interpolated {
            "Grey cells are masked by the producer. Hatched cells have a value and no sounding of the month: it is \
             interpolated from others, up to 1000 km away."
        } else {
            "Grey cells have no value."
        };
        let picture = MapPicture {
            subtitle: plan.product(),
            note: format!("{}{note}", self.note),
            panels: panels.collect(),
            columns: columns.min(months.len()),
            bounds: Some(self.shown),
            clip_to_regions: false,
            no_data_label: if template.interpolated {
                "masked"
            } else {
                "no value"
            }
            .to_owned(),
            weak_label: "no sounding in the cell".to_owned(),
            ..MapPicture::new(
                &format!("CO2 in the air column, {}", self.year),
                Key::Values(self.scale.clone()),
                &self.outlines,
            )
        };
        let bytes = picture.png().or_failed()?;
        Ok(Some((format!("xco2_{}_{name}", self.year), bytes)))
    }
}
