//! MOD17: gross and net primary productivity from FPAR, LAI and daily weather
//! (Running & Zhao 2015, user guide of MOD17A2H/A3H; Endsley et al. 2023 for the public code).
//!
//! GPP = 1000 LUE r+(Tmin) r-(VPD) FPAR PAR; leaves and fine roots respire by LAI and the
//! 24-hour temperature of the day; NPP of the year is what is left of GPP after maintenance, a
//! fifth of it spent on growth.

mod table;
mod year;

pub use table::{Biome, Table, TableError};
pub use year::{CompositeSums, YearTotals, composite_sums, year_totals};

/// Grams in a kilogram: tables are in kgC, results in gC.
const G_PER_KG: f64 = 1000.0;

/// Share of what remains after maintenance that becomes NPP: growth respiration is a quarter of
/// NPP (user guide, section 1.4).
pub const NPP_SHARE: f64 = 0.8;

/// The acclimated Q10 of leaves is 3.22 - 0.046 T (Tjoelker et al. 2001).
const LEAF_Q10: (f64, f64) = (3.22, 0.046);

/// Weather of one day over one place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Day {
    /// Least air temperature of the day, degrees Celsius.
    pub tmin_c: f64,
    /// Mean air temperature over 24 hours, degrees Celsius.
    pub tmean_c: f64,
    /// Vapour pressure deficit by day, Pa.
    pub vpd_pa: f64,
    /// Photosynthetically active radiation of the day, MJ m-2.
    pub par_mj_m2: f64,
}

/// What one day gives, gC m-2 d-1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DayFlux {
    /// Gross primary productivity.
    pub gpp_gc_m2: f64,
    /// Maintenance respiration of leaves.
    pub leaf_gc_m2: f64,
    /// Maintenance respiration of fine roots.
    pub froot_gc_m2: f64,
}

impl DayFlux {
    /// Net photosynthesis: GPP less the respiration of leaves and fine roots; may be negative.
    #[must_use]
    pub fn psnnet_gc_m2(&self) -> f64 {
        self.gpp_gc_m2 - self.leaf_gc_m2 - self.froot_gc_m2
    }
}

/// Rises from 0 below `a` to 1 at `b`.
#[must_use]
pub fn rising(x: f64, a: f64, b: f64) -> f64 {
    if x < a {
        0.0
    } else if x >= b {
        1.0
    } else {
        (x - a) / (b - a)
    }
}

/// Falls from 1 below `a` to 0 at `b`.
#[must_use]
pub fn falling(x: f64, a: f64, b: f64) -> f64 {
    if x < a {
        1.0
    } else if x >= b {
        0.0
    } else {
        1.0 - (x - a) / (b - a)
    }
}

impl Biome {
    /// The ramp of minimum temperature: 0 where photosynthesis is closed.
    #[must_use]
    pub fn cold_scalar(&self, tmin_c: f64) -> f64 {
        rising(tmin_c, self.tmin_closed_c, self.tmin_open_c)
    }

    /// The ramp of vapour pressure deficit: 0 where stomata are closed.
    #[must_use]
    pub fn dry_scalar(&self, vpd_pa: f64) -> f64 {
        falling(vpd_pa, self.vpd_open_pa, self.vpd_closed_pa)
    }

    /// GPP of a day for each unit of FPAR, gC m-2 d-1.
    #[must_use]
    pub fn gpp_per_fpar(&self, day: &Day) -> f64 {
        self.lue_kgc_mj
            * G_PER_KG
            * self.cold_scalar(day.tmin_c)
            * self.dry_scalar(day.vpd_pa)
            * day.par_mj_m2
    }

    /// Respiration of leaves for each unit of LAI, gC m-2 d-1. The Q10 is held at 0 where it
    /// would be negative, above 70 degrees Celsius.
    #[must_use]
    pub fn leaf_per_lai(&self, tmean_c: f64) -> f64 {
        let q10 = (LEAF_Q10.0 - LEAF_Q10.1 * tmean_c).max(0.0);
        G_PER_KG / self.sla_m2_kgc * self.leaf_mr * libm::pow(q10, (tmean_c - 20.0) / 10.0)
    }

    /// Respiration of fine roots for each unit of LAI of the day, gC m-2 d-1.
    #[must_use]
    pub fn froot_per_lai(&self, tmean_c: f64) -> f64 {
        G_PER_KG / self.sla_m2_kgc
            * self.froot_leaf_ratio
            * self.froot_mr
            * libm::pow(self.q10_froot, (tmean_c - 20.0) / 10.0)
    }

    /// Respiration of live wood for each unit of the year's greatest LAI, gC m-2 d-1.
    #[must_use]
    pub fn livewood_per_lai(&self, tmean_c: f64) -> f64 {
        G_PER_KG / self.sla_m2_kgc
            * self.livewood_leaf_ratio
            * self.livewood_mr
            * libm::pow(self.q10_livewood, (tmean_c - 20.0) / 10.0)
    }

    /// One day of a cell. FPAR 0 to 1, LAI in m2 m-2.
    #[must_use]
    pub fn day(&self, day: &Day, fpar: f64, lai: f64) -> DayFlux {
        DayFlux {
            gpp_gc_m2: self.gpp_per_fpar(day) * fpar,
            leaf_gc_m2: self.leaf_per_lai(day.tmean_c) * lai,
            froot_gc_m2: self.froot_per_lai(day.tmean_c) * lai,
        }
    }
}
