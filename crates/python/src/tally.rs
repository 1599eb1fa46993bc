//! The tallies of a plan as Arrow, every number exact.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Decimal128Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{Field, Schema};
use nutag_task::PlanFolder;
use nutag_zonal::{KeyParts, Tally, TallySet};

use crate::table::noted;

/// Digits of a decimal that holds what 128 bits hold, to a few bits.
const DIGITS: u8 = 38;

/// One row for each region, pair of zones and period, in the order of keys and of time.
pub(crate) fn tallied(plan: &PlanFolder, tallies: &TallySet) -> Result<RecordBatch, String> {
    let sheet = plan.sheet();
    let space = sheet.space().map_err(|error| error.to_string())?;
    let rows: Vec<(KeyParts, usize, &Tally)> = tallies
        .iter()
        .flat_map(|(key, periods)| {
            let parts = space.parts(key);
            periods
                .iter()
                .enumerate()
                .map(move |(at, tally)| (parts, at, tally))
        })
        .collect();
    let mut table = Columns::default();
    let outside = "Missing outside of all.";
    table.names(
        "region",
        &sheet.regions,
        outside,
        rows.iter().map(|row| row.0.region),
    );
    let [from, to] = &sheet.epochs;
    let zone = |epoch: &str| format!("Zone of the {epoch}. {outside}");
    table.names(
        "zone_from",
        &sheet.zones_from,
        &zone(from),
        rows.iter().map(|row| row.0.zone_from),
    );
    table.names(
        "zone_to",
        &sheet.zones_to,
        &zone(to),
        rows.iter().map(|row| row.0.zone_to),
    );
    let periods = rows
        .iter()
        .map(|row| Some(&sheet.periods.get(row.1)?.label));
    table.add(
        "period",
        "",
        "Year or composite.",
        Arc::new(StringArray::from_iter(periods)),
    );

    let tallies = || rows.iter().map(|row| row.2);
    table.counts(
        "cells",
        "",
        "Cells of the area of interest.",
        tallies().map(|t| t.cells),
    )?;
    table.counts(
        "area_cm2",
        "cm2",
        "Their area.",
        tallies().map(|t| t.area_cm2),
    )?;
    table.counts(
        "valid_cells",
        "",
        "Cells with a value that counts.",
        tallies().map(|t| t.valid_cells),
    )?;
    table.counts(
        "valid_area_cm2",
        "cm2",
        "Their area.",
        tallies().map(|t| t.valid_area_cm2),
    )?;
    table.counts(
        "zero_cells",
        "",
        "Of the valid cells, those that count as zero by their fill code.",
        tallies().map(|t| t.zero_cells),
    )?;
    let sums = tallies().map(|t| t.sum_raw).collect::<Int64Array>();
    table.add(
        "sum_raw",
        "1",
        "Sum of the file's own numbers over valid cells.",
        Arc::new(sums),
    );
    table.wide(
        "sum_raw_cm2",
        "cm2",
        "Sum of number times area of the cell over valid cells.",
        tallies().map(|t| t.sum_raw_cm2),
    )?;
    table.wide(
        "sum_raw_squared_cm2",
        "cm2",
        "Sum of squared number times area of the cell over valid cells.",
        tallies().map(|t| t.sum_raw_squared_cm2),
    )?;
    for (at, reason) in plan.reasons().names().iter().enumerate() {
        let cells = format!("masked_{reason}_cells");
        let said = format!("Cells that do not count: {reason}.");
        table.counts(&cells, "", &said, tallies().map(|t| t.masked_cells[at]))?;
        let area = format!("masked_{reason}_area_cm2");
        table.counts(
            &area,
            "cm2",
            "Their area.",
            tallies().map(|t| t.masked_area_cm2[at]),
        )?;
    }
    table.finish()
}

/// Columns in the making.
#[derive(Default)]
struct Columns {
    fields: Vec<Field>,
    arrays: Vec<ArrayRef>,
}

impl Columns {
    fn add(&mut self, name: &str, unit: &str, description: &str, array: ArrayRef) {
        let field = noted(name, unit, description, array.data_type().clone());
        self.fields.push(field);
        self.arrays.push(array);
    }

    /// Names out of a list.
    fn names(
        &mut self,
        name: &str,
        list: &[String],
        description: &str,
        rows: impl Iterator<Item = Option<u16>>,
    ) {
        let of_row = rows.map(|at| list.get(usize::from(at?)));
        self.add(
            name,
            "",
            description,
            Arc::new(StringArray::from_iter(of_row)),
        );
    }

    /// Counts, which 63 bits hold: the whole Earth has 5.1e18 cm2.
    fn counts(
        &mut self,
        name: &str,
        unit: &str,
        description: &str,
        counts: impl Iterator<Item = u64>,
    ) -> Result<(), String> {
        let narrow = |count: u64| i64::try_from(count).map_err(|_| too_large(name, count));
        let array = counts.map(narrow).collect::<Result<Vec<_>, _>>()?;
        self.add(name, unit, description, Arc::new(Int64Array::from(array)));
        Ok(())
    }

    /// Sums that need more than 64 bits, as decimals without a fraction.
    fn wide(
        &mut self,
        name: &str,
        unit: &str,
        description: &str,
        sums: impl Iterator<Item = i128>,
    ) -> Result<(), String> {
        let array = Decimal128Array::from_iter_values(sums)
            .with_precision_and_scale(DIGITS, 0)
            .map_err(|error| error.to_string())?;
        array
            .validate_decimal_precision(DIGITS)
            .map_err(|error| format!("{name}: {error}"))?;
        self.add(name, unit, description, Arc::new(array));
        Ok(())
    }

    fn finish(self) -> Result<RecordBatch, String> {
        let schema = Arc::new(Schema::new(self.fields));
        RecordBatch::try_new(schema, self.arrays).map_err(|error| error.to_string())
    }
}

fn too_large(name: &str, count: u64) -> String {
    format!(
        "{name}: {count} does not fit 63 bits; this is a fault of the program, please report it"
    )
}
