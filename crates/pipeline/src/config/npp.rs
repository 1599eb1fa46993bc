//! What `[npp]` and `[product]` can say of each other that does nothing, or cannot be.

use nutag_granules::product::{ProductSpec, QualityKindSpec};

use nutag_task::Counting;

use super::Npp;

impl Npp {
    /// Which cells count.
    #[must_use]
    pub fn counting(&self) -> Counting {
        Counting {
            qc_max_percent: self.qc_max_percent,
            mask: self.mask,
            barren: self.barren,
        }
    }

    /// What is wrong with it beside a `[product]` section, and what to do about it.
    pub(super) fn wrong(&self, product: Option<&ProductSpec>) -> Option<(String, &'static str)> {
        if let Some(limit @ 101..) = self.qc_max_percent {
            return Some((
                format!("[npp] qc_max_percent = {limit} is above 100"),
                "write 0 to 100; 100 applies no limit",
            ));
        }
        let product = product?;
        if self.cells_per_tile.is_some() {
            return Some((
                "[npp] and [product] both have `cells_per_tile`".to_owned(),
                "keep the one in [product]",
            ));
        }
        let percent = product
            .qc
            .as_ref()
            .filter(|qc| qc.kind == QualityKindSpec::Percent);
        if let (Some(qc), Some(100)) = (percent, self.qc_max_percent) {
            return Some((
                format!(
                    "[product] qc names the quality layer \"{}\", but qc_max_percent = 100 lets all of it through",
                    qc.sds
                ),
                "write a lower limit, or leave `qc` and `qc_max_percent` out",
            ));
        }
        None
    }
}
