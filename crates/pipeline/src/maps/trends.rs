//! Pictures of the mean and the trend.

use nutag_grid::MultiPolygon;
use nutag_problem::Error;
use nutag_report::draw::{Cells, Key, MapPicture, Panel, Ramp, ValueScale, Weak};

use super::coarse::{Coarse, NO_CLASS, Votes, spread};
use super::means::Means;
use super::pictures::{MapImage, Words, base, image};

/// What the pictures of trends say besides.
#[derive(Debug, Clone)]
pub struct TrendWords {
    /// "NPP".
    pub quantity: String,
    /// Its name in file names: "npp".
    pub slug: String,
    /// Unit of a density, as text for pictures: "gC m⁻²"; empty for none.
    pub unit: String,
    /// First and last period.
    pub periods: [String; 2],
    /// What "significant" means here.
    pub test: String,
}

/// Mean and trend of the quantity, on larger cells.
#[derive(Debug)]
pub struct TrendPictures {
    coarse: Coarse,
    inside: Votes,
    mean: Means,
    slope: Means,
    /// 1 where a trend is significant, 0 where it is not.
    significant: Votes,
}

impl TrendPictures {
    /// Nothing yet.
    pub fn new(coarse: &Coarse) -> Self {
        Self {
            coarse: coarse.clone(),
            inside: Votes::new(coarse, 1),
            mean: Means::new(coarse),
            slope: Means::new(coarse),
            significant: Votes::new(coarse, 2),
        }
    }

    /// Adds a row of the mosaic; the rows come in order. `significant` is 1,
    /// 0, or anything else where there is no test; `inside` is 0 for cells of
    /// interest.
    pub fn add(
        &mut self,
        row: usize,
        (mean, slope): (&[f32], &[f32]),
        significant: &[u8],
        inside: &[u8],
    ) {
        let of_interest = |col: usize| inside[col] == 0;
        self.mean.add(&self.coarse, row, mean, of_interest);
        self.slope.add(&self.coarse, row, slope, of_interest);
        self.significant.add(&self.coarse, row, significant);
        self.inside.add(&self.coarse, row, inside);
    }

    /// The pictures: mean and trend.
    ///
    /// # Errors
    /// A picture that cannot be drawn.
    pub fn draw(
        &self,
        words: &Words,
        trend: &TrendWords,
        regions: &[MultiPolygon],
    ) -> Result<Vec<MapImage>, Error> {
        let grid = self.coarse.grid();
        let (quantity, unit) = (&trend.quantity, &trend.unit);
        let [first, last] = &trend.periods;
        let inside = self.inside.cells();
        let values = &spread(grid.shape(), inside, self.mean.cells());
        let scale = ValueScale::sequential(quantity, unit, Ramp::YellowGreen, &[values]);
        let (low, high) = scale.ends();
        let mean = MapPicture {
            panels: vec![Panel {
                title: String::new(),
                grid,
                cells: Cells::Values(values),
                weak: None,
            }],
            ..base(
                &format!("Mean {quantity}, {first} to {last}"),
                Key::Values(scale),
                words,
                regions,
                grid,
                |cell| inside[cell] != NO_CLASS,
            )
        };
        let mut images = vec![image(
            format!("{}_mean", trend.slug),
            format!(
                "Map of mean {quantity} from {first} to {last}, coloured from {low} to {high} {unit}."
            ),
            &mean,
        )?];
        let slopes = &spread(grid.shape(), inside, self.slope.cells());
        if slopes.iter().all(|slope| slope.is_nan()) {
            return Ok(images);
        }
        let per_year = match unit.as_str() {
            "" => "per year".to_owned(),
            unit => format!("{unit} per year"),
        };
        let scale =
            ValueScale::diverging("Theil-Sen slope", &per_year, Ramp::PurpleGreen, &[slopes])
                .hatched_below_zero();
        let (low, high) = scale.ends();
        let weak: Vec<bool> = spread(grid.shape(), inside, self.significant.cells())
            .iter()
            .map(|significant| *significant != 1)
            .collect();
        let change = MapPicture {
            panels: vec![Panel {
                title: String::new(),
                grid,
                cells: Cells::Values(slopes),
                weak: Some(&weak),
            }],
            weak_style: Weak::Faded,
            weak_label: "faded: not significant".to_owned(),
            subtitle: trend.test.clone(),
            ..base(
                &format!("Change of {quantity}, {first} to {last}"),
                Key::Values(scale),
                words,
                regions,
                grid,
                |cell| inside[cell] != NO_CLASS,
            )
        };
        images.push(image(
            format!("{}_change", trend.slug),
            format!(
                "Map of the Theil-Sen slope of {quantity} from {first} to {last}, coloured from \
                 {low} to {high} {per_year}; falling values are hatched, cells without a significant trend are faded."
            ),
            &change,
        )?);
        Ok(images)
    }
}
