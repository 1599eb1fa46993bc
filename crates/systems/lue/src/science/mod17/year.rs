//! A year of a cell from composites: the weather of a composite is summed once for a biome and a
//! place, after which a cell costs a few multiplications.

use super::{Biome, Day, NPP_SHARE};
use crate::science::composite::{COMPOSITES, days_of, days_of_composite};

/// Sums over the days of one composite, for a biome and its weather.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct CompositeSums {
    /// GPP for each unit of FPAR, gC m-2.
    pub gpp_per_fpar: f64,
    /// Respiration of leaves for each unit of LAI, gC m-2.
    pub leaf_per_lai: f64,
    /// Respiration of fine roots for each unit of LAI, gC m-2.
    pub froot_per_lai: f64,
    /// Respiration of live wood for each unit of the year's greatest LAI, gC m-2.
    pub livewood_per_lai: f64,
    /// Days on which cold does not close photosynthesis.
    pub growing_days: u32,
}

/// What a year of a cell comes to, gC m-2 a year.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct YearTotals {
    /// Gross primary productivity.
    pub gpp_gc_m2: f64,
    /// Maintenance respiration of leaves.
    pub leaf_gc_m2: f64,
    /// Maintenance respiration of fine roots.
    pub froot_gc_m2: f64,
    /// Maintenance respiration of live wood.
    pub livewood_gc_m2: f64,
    /// Net photosynthesis: GPP less leaves and fine roots.
    pub psnnet_gc_m2: f64,
    /// Net primary productivity; never negative by its formula.
    pub npp_gc_m2: f64,
}

/// The sums of all composites of a year. `None` if the days are not those of the year.
#[must_use]
pub fn composite_sums(biome: &Biome, year: u16, days: &[Day]) -> Option<Vec<CompositeSums>> {
    if days.len() != days_of(year) {
        return None;
    }
    let sums = (0..COMPOSITES).map(|composite| {
        let mut sums = CompositeSums::default();
        for day in &days[days_of_composite(year, composite)] {
            sums.gpp_per_fpar += biome.gpp_per_fpar(day);
            sums.leaf_per_lai += biome.leaf_per_lai(day.tmean_c);
            sums.froot_per_lai += biome.froot_per_lai(day.tmean_c);
            sums.livewood_per_lai += biome.livewood_per_lai(day.tmean_c);
            sums.growing_days += u32::from(day.tmin_c > biome.tmin_closed_c);
        }
        sums
    });
    Some(sums.collect())
}

/// A year of a cell: FPAR (0 to 1) and LAI (m2 m-2) of its composites, constant within each.
#[must_use]
pub fn year_totals(sums: &[CompositeSums], fpar: &[f64], lai: &[f64]) -> YearTotals {
    let mut year = YearTotals::default();
    let mut greatest_lai: f64 = 0.0;
    let mut livewood_per_lai = 0.0;
    for ((sums, fpar), lai) in sums.iter().zip(fpar).zip(lai) {
        year.gpp_gc_m2 += sums.gpp_per_fpar * fpar;
        year.leaf_gc_m2 += sums.leaf_per_lai * lai;
        year.froot_gc_m2 += sums.froot_per_lai * lai;
        livewood_per_lai += sums.livewood_per_lai;
        greatest_lai = greatest_lai.max(*lai);
    }
    year.livewood_gc_m2 = greatest_lai * livewood_per_lai;
    year.psnnet_gc_m2 = year.gpp_gc_m2 - year.leaf_gc_m2 - year.froot_gc_m2;
    year.npp_gc_m2 = (NPP_SHARE * (year.psnnet_gc_m2 - year.livewood_gc_m2)).max(0.0);
    year
}
