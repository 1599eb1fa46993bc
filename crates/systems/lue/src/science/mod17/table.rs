//! The biome properties look-up table: one row a class of land cover.

use serde::Deserialize;
use thiserror::Error;

/// Properties of one biome. Masses are of carbon.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Biome {
    /// Code of the class in the UMD scheme (`LC_Type2` of MCD12Q1).
    pub umd_class: u8,
    /// Short name of the class.
    pub name: String,
    /// Greatest light-use efficiency, kgC per MJ of absorbed PAR.
    #[serde(rename = "lue_kgC_MJ-1")]
    pub lue_kgc_mj: f64,
    /// Minimum temperature below which nothing is taken up, degrees Celsius.
    #[serde(rename = "tmin_closed_degC")]
    pub tmin_closed_c: f64,
    /// Minimum temperature from which cold does not limit, degrees Celsius.
    #[serde(rename = "tmin_open_degC")]
    pub tmin_open_c: f64,
    /// Vapour pressure deficit up to which dry air does not limit, Pa.
    #[serde(rename = "vpd_open_Pa")]
    pub vpd_open_pa: f64,
    /// Vapour pressure deficit from which nothing is taken up, Pa.
    #[serde(rename = "vpd_closed_Pa")]
    pub vpd_closed_pa: f64,
    /// Specific leaf area, m2 kgC-1.
    #[serde(rename = "sla_m2_kgC-1")]
    pub sla_m2_kgc: f64,
    /// Q10 of live wood.
    pub q10_livewood: f64,
    /// Q10 of fine roots.
    pub q10_froot: f64,
    /// Mass of fine roots over mass of leaves.
    pub froot_leaf_ratio: f64,
    /// Mass of live wood over the year's greatest mass of leaves.
    pub livewood_leaf_ratio: f64,
    /// Maintenance respiration of leaves at 20 degrees Celsius, kgC kgC-1 d-1.
    #[serde(rename = "leaf_mr_kgC_kgC-1_d-1")]
    pub leaf_mr: f64,
    /// Maintenance respiration of fine roots at 20 degrees Celsius, kgC kgC-1 d-1.
    #[serde(rename = "froot_mr_kgC_kgC-1_d-1")]
    pub froot_mr: f64,
    /// Maintenance respiration of live wood at 20 degrees Celsius, kgC kgC-1 d-1.
    #[serde(rename = "livewood_mr_kgC_kgC-1_d-1")]
    pub livewood_mr: f64,
    /// Columns of this row whose source could not be seen, separated by blanks.
    pub unverified: String,
}

/// A table that cannot be meant.
#[derive(Debug, Error)]
pub enum TableError {
    /// Not a table of biomes.
    #[error("the table of biomes cannot be read: {0}")]
    Read(#[from] csv::Error),
    /// A value outside of what it can be.
    #[error("biome {biome}: {column} is {value}, but {rule}")]
    Value {
        /// Name of the class.
        biome: String,
        /// The column.
        column: &'static str,
        /// What stands there.
        value: f64,
        /// What was expected.
        rule: &'static str,
    },
    /// One class in two rows.
    #[error("class {0} has two rows; each class has one")]
    Twice(u8),
    /// No row at all.
    #[error("the table of biomes has no row")]
    Empty,
}

/// Biomes by class.
#[derive(Debug, Clone, PartialEq)]
pub struct Table(Vec<Biome>);

impl Table {
    /// The table of collection 5.1, tuned to MERRA weather; complete in its source.
    ///
    /// # Errors
    /// Returns an error if the table shipped with the program is damaged.
    pub fn collection_5_1() -> Result<Self, TableError> {
        Self::parse(include_str!("../../../tables/mod17-c5.1.csv"))
    }

    /// The table of collection 6.1. Efficiencies and ramps are of the user guide; what is marked
    /// unverified stands in for rows that were never published.
    ///
    /// # Errors
    /// Returns an error if the table shipped with the program is damaged.
    pub fn collection_6_1() -> Result<Self, TableError> {
        Self::parse(include_str!("../../../tables/mod17-c6.1.csv"))
    }

    /// A table from csv with the columns of the shipped ones.
    ///
    /// # Errors
    /// Returns an error if a column is missing or unknown, a value is no number or cannot be
    /// meant, a class has two rows, or there is none.
    pub fn parse(text: &str) -> Result<Self, TableError> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let biomes = reader.deserialize().collect::<Result<Vec<Biome>, _>>()?;
        for (i, biome) in biomes.iter().enumerate() {
            biome.check()?;
            if biomes[..i].iter().any(|b| b.umd_class == biome.umd_class) {
                return Err(TableError::Twice(biome.umd_class));
            }
        }
        if biomes.is_empty() {
            return Err(TableError::Empty);
        }
        Ok(Self(biomes))
    }

    /// The biome of a class; `None` for water, towns, barren land and what else has no row.
    #[must_use]
    pub fn biome(&self, umd_class: u8) -> Option<&Biome> {
        self.0.iter().find(|biome| biome.umd_class == umd_class)
    }

    /// All biomes, in the order of the table.
    #[must_use]
    pub fn biomes(&self) -> &[Biome] {
        &self.0
    }
}

impl Biome {
    fn check(&self) -> Result<(), TableError> {
        let positive = "must be greater than 0";
        let share = "must be 0 or greater";
        let columns = [
            (
                "lue_kgC_MJ-1",
                self.lue_kgc_mj,
                self.lue_kgc_mj > 0.0 && self.lue_kgc_mj < 0.01,
                "must be between 0 and 0.01 kgC MJ-1",
            ),
            (
                "tmin_open_degC",
                self.tmin_open_c,
                self.tmin_open_c > self.tmin_closed_c,
                "must be above tmin_closed_degC",
            ),
            (
                "vpd_open_Pa",
                self.vpd_open_pa,
                self.vpd_open_pa >= 50.0,
                "must be at least 50 Pa (kPa or hPa were meant?)",
            ),
            (
                "vpd_closed_Pa",
                self.vpd_closed_pa,
                self.vpd_closed_pa > self.vpd_open_pa,
                "must be above vpd_open_Pa",
            ),
            (
                "sla_m2_kgC-1",
                self.sla_m2_kgc,
                self.sla_m2_kgc > 0.0,
                positive,
            ),
            (
                "q10_livewood",
                self.q10_livewood,
                self.q10_livewood > 0.0,
                positive,
            ),
            ("q10_froot", self.q10_froot, self.q10_froot > 0.0, positive),
            (
                "froot_leaf_ratio",
                self.froot_leaf_ratio,
                self.froot_leaf_ratio >= 0.0,
                share,
            ),
            (
                "livewood_leaf_ratio",
                self.livewood_leaf_ratio,
                self.livewood_leaf_ratio >= 0.0,
                share,
            ),
            (
                "leaf_mr_kgC_kgC-1_d-1",
                self.leaf_mr,
                self.leaf_mr >= 0.0,
                share,
            ),
            (
                "froot_mr_kgC_kgC-1_d-1",
                self.froot_mr,
                self.froot_mr >= 0.0,
                share,
            ),
            (
                "livewood_mr_kgC_kgC-1_d-1",
                self.livewood_mr,
                self.livewood_mr >= 0.0,
                share,
            ),
        ];
        for (column, value, right, rule) in columns {
            if !right || !value.is_finite() {
                return Err(TableError::Value {
                    biome: self.name.clone(),
                    column,
                    value,
                    rule,
                });
            }
        }
        Ok(())
    }
}
