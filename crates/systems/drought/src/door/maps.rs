//! SPEI of some months on the cells of the climate.

use nutag_frame::Frame;
use nutag_grid::overlap::LonLatCells;
use nutag_grid::{Grid, Shape};
use nutag_problem::{Error, OrProblem};
use nutag_report::Picture;
use nutag_report::draw::{Cells, Key, MapPicture, Panel, Ramp, ValueScale};

use super::compute::Drought;
use super::plan::DroughtPlan;
use super::section::wrong;

/// The name of the file, without ending.
pub(super) const NAME: &str = "drought_spei";
/// Beyond this the colours do not change; the numbers do.
const COLOURS_TO: f64 = 3.0;

/// The months that were asked for side by side; `None` if none was, or the climate has no cells.
pub(super) fn picture(
    plan: &DroughtPlan,
    drought: &Drought,
    frame: &Frame<'_>,
) -> Result<Option<Picture>, Error> {
    let months = plan.section.map_months()?;
    let Some(cells) = plan.cells() else {
        return Ok(None);
    };
    if months.is_empty() {
        return Ok(None);
    }
    let outlines = frame.outlines()?;
    let window = plan.section.months[0];
    let of = |site: usize| plan.sites[site].index;
    let rows: Vec<usize> = (0..plan.sites.len())
        .map(|s| of(s) / cells.cols())
        .collect();
    let cols: Vec<usize> = (0..plan.sites.len())
        .map(|s| of(s) % cells.cols())
        .collect();
    let ends = |values: &[usize]| {
        let low = values.iter().min().copied().unwrap_or(0);
        let high = values.iter().max().copied().unwrap_or(0);
        low..high + 1
    };
    let (row_range, col_range) = (ends(&rows), ends(&cols));
    let grid = regular(cells, &row_range, &col_range)?;
    let layers: Vec<Vec<f32>> = drought
        .maps
        .iter()
        .map(|values| {
            let mut layer = vec![f32::NAN; row_range.len() * col_range.len()];
            for (site, z) in values.iter().enumerate() {
                let at =
                    (rows[site] - row_range.start) * col_range.len() + cols[site] - col_range.start;
                #[expect(clippy::cast_possible_truncation, reason = "colours need no more")]
                let colour = z.clamp(-COLOURS_TO, COLOURS_TO) as f32;
                layer[at] = colour;
            }
            layer
        })
        .collect();
    let panels = months
        .iter()
        .zip(&layers)
        .map(|(month, layer)| Panel {
            title: month.to_string(),
            grid: &grid,
            cells: Cells::Values(layer),
            weak: None,
        })
        .collect::<Vec<_>>();
    let columns = panels.len().min(2);
    let title = format!("Drought index SPEI-{window}");
    let picture = MapPicture {
        subtitle: plan.climate_words(),
        note: format!(
            "{} Below 0 is drier than the same months of {}-{}. Colours end at {COLOURS_TO}.",
            frame.note, plan.section.reference[0], plan.section.reference[1]
        ),
        panels,
        columns,
        no_data_label: "no index".to_owned(),
        ..MapPicture::new(
            &title,
            Key::Values(ValueScale::symmetric(
                "SPEI",
                "standard deviations",
                Ramp::PurpleGreen,
                COLOURS_TO,
            )),
            &outlines,
        )
    };
    let shown: Vec<String> = months.iter().map(ToString::to_string).collect();
    Ok(Some(Picture {
        png: picture.png().or_failed()?,
        alt: format!("{title} of {}", shown.join(", ")),
        caption: format!("{title} of {}. {}", shown.join(", "), frame.note),
    }))
}

/// Part of the cells as a regular grid.
fn regular(
    cells: &LonLatCells,
    rows: &std::ops::Range<usize>,
    cols: &std::ops::Range<usize>,
) -> Result<Grid, Error> {
    let (lon, lat) = (cells.lon_edges_degrees(), cells.lat_edges_degrees());
    let step = |edges: &[f64], range: &std::ops::Range<usize>| -> Option<f64> {
        let part = &edges[range.start..=range.end];
        let step = part.get(1)? - part[0];
        part.windows(2)
            .all(|pair| (pair[1] - pair[0] - step).abs() < 1e-6 * step.abs())
            .then_some(step)
    };
    let uneven = || {
        wrong(
            "[drought] maps",
            "the cells of the climate are not of equal size, and cannot be drawn",
            "leave maps out, or regrid the climate",
        )
    };
    let width = step(lon, cols).ok_or_else(uneven)?;
    let height = -step(lat, rows).ok_or_else(uneven)?;
    Shape::new(rows.len(), cols.len())
        .and_then(|shape| Grid::geographic(lon[cols.start], lat[rows.start], width, height, shape))
        .or_problem()
        .map_err(|problem| problem.at("[drought] maps").asked())
}
