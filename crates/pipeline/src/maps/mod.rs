//! Maps of a study: pictures to look at, and rasters to compute with, made in
//! one pass over the cells.

mod coarse;
mod layers;
mod means;
mod mosaic;
mod pictures;
mod rasters;
mod section;
mod trends;
mod zones;

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use nutag_carbon::Quantity;
use nutag_problem::{Error, OrProblem, Progress, Steps, check_stop};
use nutag_report::raster::STRIP_ROWS;

use crate::cells::{CELL_FALSE_DISCOVERY_RATE, CellMosaic, TrendClass, ValueLayer};
use crate::config::MapFormat;
use crate::output::OutputFolder;
use crate::plan::NppPlan;
use crate::results::thousands;
use crate::study::quantity;
use coarse::{Coarse, NO_CLASS};
pub(crate) use layers::MOST_CLASSES;
use layers::slug;
use mosaic::{Mosaic, Strip};
use pictures::Words;
use rasters::Rasters;
use trends::{TrendPictures, TrendWords};
use zones::ZonePictures;

pub use pictures::MapImage;
pub use section::maps_section;

/// The maps of a run.
#[derive(Debug, Default)]
pub struct Maps {
    /// Pictures, for the report and as files.
    pub images: Vec<MapImage>,
    /// Rasters that are written.
    pub rasters: Vec<PathBuf>,
}

/// Makes the maps that `[output] maps` asks for: none in the published way,
/// whose cells are no cells of a granule.
///
/// # Errors
/// Cells or regions that cannot be read any more, a picture that cannot be
/// drawn, a file that cannot be written.
pub fn make_maps(
    plan: &NppPlan<'_>,
    cells: Option<&CellMosaic<'_>>,
    folder: &OutputFolder,
    progress: &dyn Progress,
    stop: &AtomicBool,
) -> Result<Maps, Error> {
    let wanted = &plan.config.output.maps;
    if !plan.config.wants_maps() {
        return Ok(Maps::default());
    }
    let quantity = quantity(&plan.counted.product)?;
    let mosaic = Mosaic::of(plan, cells)?;
    let folder = folder.folder("maps")?;
    let mut rasters = Rasters::begin(plan, &quantity, &mosaic, cells.is_some(), &folder)?;
    let mut pictures = if wanted.contains(&MapFormat::Png) {
        Some(Pictures::begin(plan, &mosaic, cells)?)
    } else {
        None
    };
    let rows = mosaic.grid().shape().rows;
    progress.begin("making maps", rows as u64, Steps::Items);
    for start in (0..rows).step_by(STRIP_ROWS) {
        check_stop(stop)?;
        let strip = mosaic.read(start..(start + STRIP_ROWS).min(rows))?;
        rasters.put(&strip)?;
        if let Some(pictures) = &mut pictures {
            pictures.add(&strip);
        }
        progress.advance(strip.rows.len() as u64);
    }
    let rasters = rasters.finish()?;
    let images = match pictures {
        Some(pictures) => pictures.draw(plan, &quantity, cells)?,
        None => Vec::new(),
    };
    progress.finish();
    Ok(Maps { images, rasters })
}

/// The pictures, as far as they have come.
struct Pictures {
    zones: ZonePictures,
    trends: Option<TrendPictures>,
}

impl Pictures {
    fn begin(
        plan: &NppPlan<'_>,
        mosaic: &Mosaic<'_>,
        cells: Option<&CellMosaic<'_>>,
    ) -> Result<Self, Error> {
        let coarse =
            Coarse::over(mosaic.grid(), plan.counted.product.cells_per_side).or_failed()?;
        Ok(Self {
            zones: ZonePictures::new(&coarse, plan.zones.len()),
            trends: cells.map(|_| TrendPictures::new(&coarse)),
        })
    }

    fn add(&mut self, strip: &Strip) {
        let inside = strip.zones[0].iter().map(|code| match code {
            0 => NO_CLASS,
            _ => 0,
        });
        let inside: Vec<u8> = inside.collect();
        let index = |codes: &[u16]| -> Vec<u8> {
            let index = |code: &u16| u8::try_from(code.wrapping_sub(1)).unwrap_or(NO_CLASS);
            codes.iter().map(index).collect()
        };
        let zones = [&strip.zones[0], &strip.zones[1]].map(|codes| index(codes));
        let significant: Vec<u8> = strip.trends.iter().map(|code| significant(*code)).collect();
        for row in strip.rows.clone() {
            let cells = strip.row(row);
            let part = |codes: &'_ [u8]| codes[cells.clone()].to_vec();
            let inside = part(&inside);
            self.zones
                .add(row, &part(&zones[0]), &part(&zones[1]), &inside);
            let values = |layer| strip.values_of(layer).map(|values| &values[cells.clone()]);
            if let (Some(trends), Some(mean), Some(slope)) = (
                &mut self.trends,
                values(ValueLayer::Mean),
                values(ValueLayer::SenSlope),
            ) {
                trends.add(row, (mean, slope), &part(&significant), &inside);
            }
        }
    }

    fn draw(
        self,
        plan: &NppPlan<'_>,
        quantity: &Quantity,
        cells: Option<&CellMosaic<'_>>,
    ) -> Result<Vec<MapImage>, Error> {
        let outlines = nutag_frame::outlines(&plan.config.regions)?;
        let zones = &plan.counted.zone_maps;
        let words = Words {
            epochs: [&zones.from.epoch, &zones.to.epoch].map(|epoch| epoch.trim().to_owned()),
            zones: plan.zones.clone(),
            note: plan.config.about.note.clone().unwrap_or_default(),
        };
        let mut images = Vec::new();
        if let (Some(trends), Some(cells)) = (&self.trends, cells) {
            images = trends.draw(&words, &trend_words(plan, quantity, cells), &outlines)?;
        }
        images.extend(self.zones.draw(&words, &outlines)?);
        Ok(images)
    }
}

/// 1 for a significant trend, 0 for any other cell with values.
fn significant(code: u16) -> u8 {
    let class = TrendClass::ALL
        .into_iter()
        .find(|class| class.code() == code);
    match class {
        Some(TrendClass::Up | TrendClass::Down) => 1,
        Some(TrendClass::NotSignificant | TrendClass::NotTested) => 0,
        None => NO_CLASS,
    }
}

fn trend_words(plan: &NppPlan<'_>, quantity: &Quantity, cells: &CellMosaic<'_>) -> TrendWords {
    let label = |period: Option<&nutag_granules::granule::Period>| {
        let label = period.map(|period| period.label.clone());
        label.unwrap_or_default()
    };
    let cut = &cells.significance().cut;
    #[expect(clippy::cast_precision_loss, reason = "counts of cells for people")]
    let count = |cells: u64| thousands(cells as f64);
    TrendWords {
        quantity: quantity.name.clone(),
        slug: slug(quantity),
        unit: match quantity.density_unit.as_str() {
            "1" => String::new(),
            unit => unit.replace("m-2", "m⁻²"),
        },
        periods: [
            label(plan.counted.periods.first()),
            label(plan.counted.periods.last()),
        ],
        test: format!(
            "{} of {} cells have a significant trend (Mann-Kendall, false discovery rate {:.0} %)",
            count(cut.rejected),
            count(cut.tests),
            100.0 * CELL_FALSE_DISCOVERY_RATE
        ),
    }
}
