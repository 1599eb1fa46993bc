//! `[uptake.livestock]`, `[uptake.fire]`, `[uptake.harvest]`: what leaves the land besides respiration.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::science::grazing::Gate;
use crate::science::{Fire, Livestock, Losses, RegionLosses, defaults};
use nutag_formats::csv_table::CsvTable;
use nutag_frame::region_tables::{by_region_year, placed, twice};
use nutag_problem::{Error, OrProblem, Problem};
use serde::{Deserialize, Serialize};

use crate::factors::{FactorSpec, UsedFactor, check, factor, given};
use crate::section::UptakeSection;

/// `[uptake.livestock]`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LivestockSection {
    /// A table with the columns `region`, `year`, `species`, and `head` or `thousand_head`.
    pub table: PathBuf,
    /// Which census bears on a year: its own, or the mean of that and the one before.
    pub census: Census,
    /// Sheep units by species, where they are not the defaults.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sheep_units: BTreeMap<String, FactorSpec>,
    /// Dry matter that a sheep unit eats, kg a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intake_kg_day: Option<FactorSpec>,
    /// Share of the eaten carbon that returns as dung.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dung_return: Option<FactorSpec>,
    /// Share of the eaten carbon that leaves as methane.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub methane_share: Option<FactorSpec>,
    /// Warming of methane, by mass of CO2 over 100 years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub methane_gwp: Option<FactorSpec>,
    /// Pressure above which the verdict is "very high".
    #[serde(default = "half")]
    pub high_above: f64,
    /// Pressure above which the verdict is "impossible".
    #[serde(default = "whole")]
    pub impossible_above: f64,
}

fn half() -> f64 {
    Gate::default().high_above
}

fn whole() -> f64 {
    Gate::default().impossible_above
}

/// Which census bears on a year. Censuses are of December, after sales and before winter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Census {
    /// That of the year itself.
    SameYear,
    /// The mean of that and the one of the year before.
    MeanWithPrevious,
}

/// `[uptake.fire]`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FireSection {
    /// A table with the columns `region`, `year`, `burned_km2`.
    pub table: PathBuf,
    /// Dry matter on the ground, kg m-2.
    pub fuel_kg_m2: FactorSpec,
    /// Share of the fuel that burns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completeness: Option<FactorSpec>,
    /// CO2 of a kg that burns, g.
    #[serde(default, rename = "gCO2_kg", skip_serializing_if = "Option::is_none")]
    pub gco2_kg: Option<FactorSpec>,
}

/// `[uptake.harvest]`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct HarvestSection {
    /// A table with the columns `region`, `year`, `dry_matter_t`: taken away, and not fed on the same land.
    pub table: PathBuf,
}

impl LivestockSection {
    /// Checks the numbers.
    ///
    /// # Errors
    /// The first that cannot be meant.
    pub fn check(&self) -> Result<(), Error> {
        let place = "[uptake.livestock]";
        for (species, spec) in &self.sheep_units {
            check(
                Some(spec),
                place,
                &format!("sheep_units.{species}"),
                [0.0, 100.0],
            )?;
        }
        check(
            self.intake_kg_day.as_ref(),
            place,
            "intake_kg_day",
            [0.0, 20.0],
        )?;
        check(self.dung_return.as_ref(), place, "dung_return", [0.0, 1.0])?;
        check(
            self.methane_share.as_ref(),
            place,
            "methane_share",
            [0.0, 1.0],
        )?;
        check(
            self.methane_gwp.as_ref(),
            place,
            "methane_gwp",
            [0.0, 200.0],
        )?;
        if !(0.0 < self.high_above && self.high_above <= self.impossible_above) {
            return Err(Problem::new(format!(
                "high_above = {}, impossible_above = {}: the first must be above zero and not above the second",
                self.high_above, self.impossible_above
            ))
            .at(place)
            .advice("shares of what grows above ground: 0.5 and 1.0")
            .asked());
        }
        Ok(())
    }

    /// The gate.
    #[must_use]
    pub fn gate(&self) -> Gate {
        Gate {
            high_above: self.high_above,
            impossible_above: self.impossible_above,
        }
    }
}

/// What was read, with the numbers used.
#[derive(Debug, Clone)]
pub struct LossTables {
    /// The losses.
    pub losses: Losses,
    /// Numbers from elsewhere.
    pub used: Vec<UsedFactor>,
    /// What the user should know.
    pub warnings: Vec<String>,
}

/// Reads the tables that are given.
///
/// # Errors
/// Tables that are refused: unknown regions and species, negative heads, thousands separators, a species
/// missing in a region and year that has others.
pub fn read_losses(
    section: &UptakeSection,
    regions: &[String],
    years: &[u16],
) -> Result<LossTables, Error> {
    let mut out = LossTables {
        losses: Losses::default(),
        used: Vec::new(),
        warnings: Vec::new(),
    };
    if let Some(livestock) = &section.livestock {
        let read = read_livestock(livestock, regions, years, &mut out)?;
        out.losses.livestock = Some(read);
    }
    if let Some(fire) = &section.fire {
        let read = read_fire(fire, regions, years, &mut out)?;
        out.losses.fire = Some(read);
    }
    if let Some(harvest) = &section.harvest {
        let table = CsvTable::open(&harvest.table).or_asked()?;
        let tonnes = by_region_year(&table, "dry_matter_t", regions, years)?;
        out.warn_gaps(&harvest.table, "harvest", &tonnes, regions, years);
        out.losses.harvest_t = Some(tonnes);
    }
    Ok(out)
}

impl LossTables {
    fn used(
        &mut self,
        name: String,
        unit: &'static str,
        used_for: &'static str,
        factor: &crate::science::Factor,
    ) {
        self.used.push(UsedFactor {
            name,
            unit,
            used_for,
            factor: factor.clone(),
        });
    }

    fn warn_gaps<T>(
        &mut self,
        path: &Path,
        what: &str,
        values: &RegionLosses<T>,
        regions: &[String],
        years: &[u16],
    ) {
        let mut gaps = Vec::new();
        for (region, values) in regions.iter().zip(values) {
            for (year, value) in years.iter().zip(values) {
                if value.is_none() {
                    gaps.push(format!("{region} {year}"));
                }
            }
        }
        if !gaps.is_empty() {
            let shown = gaps.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
            let more = if gaps.len() > 5 { ", ..." } else { "" };
            self.warnings.push(format!(
                "{}: no {what} for {} of {} regions and years ({shown}{more}); what rests on it has no value there",
                path.display(),
                gaps.len(),
                regions.len() * years.len()
            ));
        }
    }
}

fn read_livestock(
    section: &LivestockSection,
    regions: &[String],
    years: &[u16],
    out: &mut LossTables,
) -> Result<Livestock, Error> {
    let table = CsvTable::open(&section.table).or_asked()?;
    let units = ["head", "thousand_head"];
    table
        .only(&["region", "year", "species", "head", "thousand_head"])
        .or_asked()?;
    let species_column = table.column("species").or_asked()?;
    let (unit, column) = table.one_of(&units).or_asked()?;
    // Digits that the column leaves out.
    let digits = [0, 3][unit];
    // Species of the table, in order of the alphabet.
    let mut head: BTreeMap<(usize, i32), BTreeMap<String, (u64, f64)>> = BTreeMap::new();
    let mut species: BTreeMap<String, crate::science::Factor> = BTreeMap::new();
    for placed in placed(&table, regions)? {
        let name = table.text(placed.row, species_column).or_asked()?;
        if !species.contains_key(name) {
            let spec = section.sheep_units.get(name);
            let known = spec.is_some() || defaults::sheep_units(name).is_some();
            if !known {
                return Err(unknown_species(&table, placed.row.line(), name, section));
            }
            let units = factor(spec, || {
                defaults::sheep_units(name)
                    .unwrap_or_else(|| unreachable!("a species without sheep units was refused"))
            });
            species.insert(name.to_owned(), units);
        }
        let number = table.count(placed.row, column, digits).or_asked()?;
        let of_year = head.entry((placed.region, placed.year)).or_default();
        if let Some((first, _)) = of_year.insert(name.to_owned(), (placed.row.line(), number)) {
            return Err(twice(&placed, first, &format!(", {name},")));
        }
    }
    for ((region, year), found) in &head {
        if let Some(missing) = species.keys().find(|name| !found.contains_key(*name)) {
            return Err(Problem::new(format!(
                "{} {year} has {} and no row for {missing}",
                regions[*region],
                found.keys().cloned().collect::<Vec<_>>().join(", ")
            ))
            .at(section.table.display())
            .advice("write 0 where there are none: a missing row is not zero")
            .asked());
        }
    }
    let of = |region: usize, year: i32| -> Option<Vec<f64>> {
        let found = head.get(&(region, year))?;
        Some(found.values().map(|(_, number)| *number).collect())
    };
    let values: RegionLosses<Vec<f64>> = (0..regions.len())
        .map(|region| {
            let of_year = |year: &u16| {
                let now = of(region, i32::from(*year))?;
                match section.census {
                    Census::SameYear => Some(now),
                    Census::MeanWithPrevious => {
                        let before = of(region, i32::from(*year) - 1)?;
                        Some(
                            now.iter()
                                .zip(before)
                                .map(|(a, b)| f64::midpoint(*a, b))
                                .collect(),
                        )
                    }
                }
            };
            years.iter().map(of_year).collect()
        })
        .collect();
    out.warn_gaps(&section.table, "livestock", &values, regions, years);
    let livestock = Livestock {
        species: species.into_iter().collect(),
        head: values,
        intake_kg_per_day: factor(section.intake_kg_day.as_ref(), defaults::intake_kg_per_day),
        dung_return: factor(section.dung_return.as_ref(), defaults::dung_return),
    };
    for (name, units) in &livestock.species {
        out.used(format!("sheep units of {name}"), "", "grazing", units);
    }
    out.used(
        "intake of a sheep unit".to_owned(),
        "kg dry matter per day",
        "grazing",
        &livestock.intake_kg_per_day,
    );
    out.used(
        "share of the intake that returns as dung".to_owned(),
        "",
        "grazing, NBP",
        &livestock.dung_return,
    );
    let methane = methane(section);
    out.used(
        "share of the intake that leaves as methane".to_owned(),
        "",
        "methane beside NBP",
        &methane[0],
    );
    out.used(
        "warming of methane over 100 years".to_owned(),
        "kg CO2 per kg",
        "methane beside NBP",
        &methane[1],
    );
    Ok(livestock)
}

/// Share of the intake that leaves as methane, and its warming.
#[must_use]
pub fn methane(section: &LivestockSection) -> [crate::science::Factor; 2] {
    [
        factor(section.methane_share.as_ref(), defaults::methane_share),
        factor(section.methane_gwp.as_ref(), defaults::methane_gwp),
    ]
}

fn unknown_species(table: &CsvTable, line: u64, name: &str, section: &LivestockSection) -> Error {
    let known: Vec<&str> = defaults::SHEEP_UNITS
        .iter()
        .map(|(known, _)| *known)
        .chain(section.sheep_units.keys().map(String::as_str))
        .collect();
    Problem::new(format!(
        "the species \"{name}\" has no sheep units; known are {}",
        known.join(", ")
    ))
    .at(format!("{}, line {line}", table.path().display()))
    .advice(format!(
        "correct the name, or write \"{name}\" = 1.0 into [uptake.livestock.sheep_units]"
    ))
    .asked()
}

fn read_fire(
    section: &FireSection,
    regions: &[String],
    years: &[u16],
    out: &mut LossTables,
) -> Result<Fire, Error> {
    let place = "[uptake.fire]";
    check(Some(&section.fuel_kg_m2), place, "fuel_kg_m2", [0.0, 100.0])?;
    check(
        section.completeness.as_ref(),
        place,
        "completeness",
        [0.0, 1.0],
    )?;
    check(section.gco2_kg.as_ref(), place, "gCO2_kg", [0.0, 4000.0])?;
    let table = CsvTable::open(&section.table).or_asked()?;
    let burned_km2 = by_region_year(&table, "burned_km2", regions, years)?;
    out.warn_gaps(&section.table, "burned area", &burned_km2, regions, years);
    let fire = Fire {
        burned_km2,
        fuel_kg_per_m2: given(&section.fuel_kg_m2),
        completeness: factor(section.completeness.as_ref(), defaults::fire_completeness),
        gco2_per_kg: factor(section.gco2_kg.as_ref(), defaults::fire_gco2_per_kg),
    };
    out.used(
        "fuel of grass fires".to_owned(),
        "kg dry matter m-2",
        "fire",
        &fire.fuel_kg_per_m2,
    );
    out.used(
        "share of the fuel that burns".to_owned(),
        "",
        "fire",
        &fire.completeness,
    );
    out.used(
        "CO2 of burned dry matter".to_owned(),
        "g kg-1",
        "fire",
        &fire.gco2_per_kg,
    );
    Ok(fire)
}
