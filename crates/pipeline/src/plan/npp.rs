//! A plan that counts cells of granules.

use std::collections::BTreeMap;
use std::path::PathBuf;

use nutag_carbon::Study;
use nutag_problem::{Error, OrProblem};
use nutag_system::Yearly;
use nutag_task::{CellTrends, Job, TrendSpec, one_a_year};
use nutag_zonal::TallySet;

use super::{Counted, Plan};
use crate::study::{names, quantity, yearly};

/// A plan that counts cells of granules.
#[derive(Clone, Copy)]
pub struct NppPlan<'a> {
    pub(super) plan: &'a Plan,
    /// What is counted.
    pub counted: &'a Counted,
}

impl std::ops::Deref for NppPlan<'_> {
    type Target = Plan;

    fn deref(&self) -> &Plan {
        self.plan
    }
}

impl NppPlan<'_> {
    /// The sums of these tallies by place, as systems are given them.
    ///
    /// # Errors
    /// Returns an error if the tallies are not of this plan, or its values cannot be summed.
    pub fn yearly(&self, tallies: &TallySet) -> Result<Vec<Yearly>, Error> {
        let (names, quantity) = (names(self), quantity(&self.counted.product)?);
        let study = Study::new(tallies, self.space, &names, &quantity).or_failed()?;
        yearly(self, &study)
    }

    pub(super) fn find_warnings(&self, unidentified: &[PathBuf]) -> Vec<String> {
        let mut warnings = Vec::new();
        let epochs = [&self.counted.zone_maps.from, &self.counted.zone_maps.to];
        for (map, outside) in epochs.into_iter().zip(self.findings.outside_zones) {
            if outside > 0 {
                #[expect(clippy::cast_precision_loss, reason = "a share for people")]
                let share = 100.0 * outside as f64 / self.findings.cells as f64;
                warnings.push(format!(
                    "the zone map of the {} misses {share:.2} % of the area of interest ({outside} of {} cells); \
                     the tables have them in a row of their own",
                    map.epoch, self.findings.cells
                ));
            }
        }
        let years: Vec<u16> = self
            .counted
            .periods
            .iter()
            .map(|period| period.year)
            .collect();
        if self.config.wants_cells() && !one_a_year(&years) {
            warnings.push(
                "several periods lie in one year: trends of single cells, which go by years, are left out of the maps"
                    .to_owned(),
            );
        }
        let overlaps: BTreeMap<_, _> = self.findings.overlaps.iter().flatten().collect();
        for ((a, b), cells) in overlaps {
            warnings.push(format!(
                "\"{a}\" and \"{b}\" both claim {cells} cells; the first in the file has them"
            ));
        }
        let missing: usize = self
            .tiles
            .iter()
            .map(|tile| tile.granules.iter().filter(|g| g.is_none()).count())
            .sum();
        if missing > 0 {
            let wanted = self.tiles.len() * self.counted.periods.len();
            warnings.push(format!(
                "{missing} of {wanted} granules are missing; their cells count as missing{}",
                match self.counted.reasons.rules().mask() {
                    nutag_zonal::Mask::Common =>
                        ", and under the common mask those tiles have no value in any period",
                    nutag_zonal::Mask::PerPeriod => "",
                }
            ));
        }
        if let Some(first) = unidentified.first() {
            warnings.push(format!(
                "{} granule(s) have no metadata that say what they are, or those of another granule, such as {}; \
                 their tile is that of their grid, their date that of their name",
                unidentified.len(),
                first.display()
            ));
        }
        if !self.counted.superseded.is_empty() {
            warnings.push(format!(
                "{} granule(s) are older productions of others and are left aside",
                self.counted.superseded.len()
            ));
        }
        warnings
    }

    /// How the trends of single cells are computed; `None` if no maps are asked for.
    ///
    /// # Errors
    /// A product whose values cannot be summed.
    pub fn cell_trends(&self) -> Result<Option<CellTrends>, Error> {
        let years: Vec<u16> = self
            .counted
            .periods
            .iter()
            .map(|period| period.year)
            .collect();
        if !self.config.wants_cells() || !one_a_year(&years) {
            return Ok(None);
        }
        let field = self.config.trend.as_ref();
        let field = field.and_then(|trend| trend.field_significance);
        let spec = TrendSpec {
            years,
            scale: quantity(&self.counted.product)?.scale.parts(),
            field,
        };
        CellTrends::new(spec, &self.counted.product).map(Some)
    }

    /// What the tasks of the plan share.
    #[must_use]
    pub fn job<'b>(&'b self, trends: Option<&'b CellTrends>) -> Job<'b> {
        Job {
            product: &self.counted.product,
            reasons: &self.counted.reasons,
            target: self.config.target(),
            space: self.space,
            periods: &self.counted.periods,
            trends,
        }
    }
}
