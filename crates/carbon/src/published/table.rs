//! The table itself: read, or made by its own formulas.

/// The table as printed.
const PRINTED: &str = include_str!("../../data/published-table.csv");
const HEADER: &str = "zone,area_1980s_km2,area_2000s_km2,change_km2,change_pct,npp_t_per_km2,\
                      change_total_npp_million_t";

/// A table of this form: zones, and their total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedTable {
    /// One row a zone.
    pub zones: Vec<PublishedRow>,
    /// The row of the country.
    pub total: PublishedRow,
}

/// A row, in whole numbers of the last printed digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedRow {
    /// Zone.
    pub zone: String,
    /// "km2" in the first epoch: in truth a count of 0.01-degree cells.
    pub area_from: i64,
    /// The same in the second epoch.
    pub area_to: i64,
    /// Their difference.
    pub area_change: i64,
    /// The difference in tenths of a percent of the country.
    pub area_change_percent_tenths: i64,
    /// Mean NPP in t per km2 (tC km-2 = gC m-2).
    pub density: i64,
    /// "Change in total NPP (million t)", in thousandths: in truth units of
    /// 10^7 t.
    pub total_change_thousandths: i64,
}

/// A column with figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Area, first epoch.
    AreaFrom,
    /// Area, second epoch.
    AreaTo,
    /// Change of area.
    AreaChange,
    /// Change of area in percent.
    AreaChangePercent,
    /// Density.
    Density,
    /// Change of the total.
    TotalChange,
}

impl Column {
    /// All columns, in the order printed.
    pub const ALL: [Self; 6] = [
        Self::AreaFrom,
        Self::AreaTo,
        Self::AreaChange,
        Self::AreaChangePercent,
        Self::Density,
        Self::TotalChange,
    ];

    /// Its heading.
    #[must_use]
    pub fn heading(self) -> &'static str {
        match self {
            Self::AreaFrom => "Area 1980s (km2)",
            Self::AreaTo => "Area 2000s (km2)",
            Self::AreaChange => "Change in area (km2)",
            Self::AreaChangePercent => "Percentage of area change (%)",
            Self::Density => "NPP per km2 (t/km2)",
            Self::TotalChange => "Change in total NPP (million t)",
        }
    }

    /// Decimals printed.
    #[must_use]
    pub fn decimals(self) -> u8 {
        match self {
            Self::AreaFrom | Self::AreaTo | Self::AreaChange | Self::Density => 0,
            Self::AreaChangePercent => 1,
            Self::TotalChange => 3,
        }
    }

    /// Its figure in a row, as a whole number of the last printed digit.
    #[must_use]
    pub fn units(self, row: &PublishedRow) -> i64 {
        match self {
            Self::AreaFrom => row.area_from,
            Self::AreaTo => row.area_to,
            Self::AreaChange => row.area_change,
            Self::AreaChangePercent => row.area_change_percent_tenths,
            Self::Density => row.density,
            Self::TotalChange => row.total_change_thousandths,
        }
    }

    /// Its figure in a row.
    #[must_use]
    pub fn value(self, row: &PublishedRow) -> f64 {
        whole(self.units(row)) / self.units_per_one()
    }

    /// How many units of the last digit make one.
    #[must_use]
    pub fn units_per_one(self) -> f64 {
        f64::from(10_u32.pow(u32::from(self.decimals())))
    }
}

/// Why a table of this form cannot be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PublishedError {
    /// A line that does not read.
    #[error("published table, line {line}: expected {expected}, found \"{found}\"")]
    Line {
        /// Line number, from 1.
        line: usize,
        /// What it should be.
        expected: &'static str,
        /// The line.
        found: String,
    },
    /// Lists of different length.
    #[error(
        "as-published table: expected areas of both epochs and a density for each of {zones} zones, \
         found {from}, {to} and {densities}"
    )]
    Lengths {
        /// Number of zones.
        zones: usize,
        /// Areas of the first epoch.
        from: usize,
        /// Areas of the second epoch.
        to: usize,
        /// Densities.
        densities: usize,
    },
    /// A density that is not a number of a usable size.
    #[error(
        "as-published table, zone \"{zone}\": expected a mean NPP in t per km2, found {density}; \
         does the zone have a valid cell?"
    )]
    Density {
        /// The zone.
        zone: String,
        /// What was given.
        density: f64,
    },
    /// Counts too large, or all zero.
    #[error("as-published table: expected from 1 to 10^12 cells in the first epoch, found {cells}")]
    Cells {
        /// Sum of cells.
        cells: u128,
    },
}

/// The table as printed.
#[must_use]
#[expect(
    clippy::missing_panics_doc,
    reason = "the table is part of the program, and tested"
)]
pub fn printed() -> PublishedTable {
    parse(PRINTED).expect("the embedded table reads")
}

fn parse(text: &str) -> Result<PublishedTable, PublishedError> {
    let wrong = |line: usize, expected, found: &str| PublishedError::Line {
        line,
        expected,
        found: found.to_owned(),
    };
    let mut lines = (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.starts_with('#'));
    match lines.next() {
        Some((_, HEADER)) => {}
        Some((line, found)) => return Err(wrong(line, "the heading", found)),
        None => return Err(wrong(1, "the heading", "")),
    }
    let mut zones = Vec::new();
    for (line, found) in lines {
        let fields: Vec<_> = found.split(',').collect();
        let [zone, from, to, change, percent, density, total] = fields[..] else {
            return Err(wrong(line, "seven fields", found));
        };
        let number = |field, decimals| {
            fixed_point(field, decimals).ok_or_else(|| wrong(line, "decimal numbers", found))
        };
        zones.push(PublishedRow {
            zone: zone.to_owned(),
            area_from: number(from, 0)?,
            area_to: number(to, 0)?,
            area_change: number(change, 0)?,
            area_change_percent_tenths: number(percent, 1)?,
            density: number(density, 0)?,
            total_change_thousandths: number(total, 3)?,
        });
    }
    let total = zones.pop().ok_or_else(|| wrong(1, "rows", ""))?;
    Ok(PublishedTable { zones, total })
}

/// A decimal number as a whole number of its `decimals`-th decimal.
fn fixed_point(text: &str, decimals: usize) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > decimals || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    format!("{whole}{fraction:0<decimals$}").parse().ok()
}

/// Makes a table by the published formulas.
///
/// * `cells_from`, `cells_to`: 0.01-degree cells of each zone in each epoch,
///   each counted as one square kilometre.
/// * `densities`: simple mean NPP over the cells of each zone of the first
///   epoch, in t per km2, not rounded.
///
/// This is the form that users know, with its errors; see [`super::audit`].
///
/// # Errors
/// Lists of different length, a density that is not finite, no cell at all.
pub fn as_published(
    zones: &[String],
    cells_from: &[u64],
    cells_to: &[u64],
    densities: &[f64],
) -> Result<PublishedTable, PublishedError> {
    let lengths = [cells_from.len(), cells_to.len(), densities.len()];
    if zones.is_empty() || lengths.iter().any(|&length| length != zones.len()) {
        return Err(PublishedError::Lengths {
            zones: zones.len(),
            from: lengths[0],
            to: lengths[1],
            densities: lengths[2],
        });
    }
    let unusable = zones
        .iter()
        .zip(densities)
        .find(|(_, d)| !d.is_finite() || d.abs() > 1e6);
    if let Some((zone, &density)) = unusable {
        return Err(PublishedError::Density {
            zone: zone.clone(),
            density,
        });
    }
    let [country, _] = [
        country_cells(cells_from, true)?,
        country_cells(cells_to, false)?,
    ];
    let counts = cells_from
        .iter()
        .zip(cells_to)
        .map(|(&a, &b)| (signed(a), signed(b)));
    let rows: Vec<_> = zones
        .iter()
        .zip(counts)
        .zip(densities)
        .map(|((zone, (from, to)), &density)| PublishedRow {
            zone: zone.clone(),
            area_from: from,
            area_to: to,
            area_change: to - from,
            area_change_percent_tenths: rounded_ratio(1000 * (to - from), country),
            density: rounded(density),
            // dA g / 10^7 in thousandths.
            total_change_thousandths: rounded(whole(to - from) * density / 1e4),
        })
        .collect();
    let sum = |column: Column| rows.iter().map(|row| column.units(row)).sum::<i64>();
    let change = sum(Column::AreaChange);
    let mean_density = densities.iter().sum::<f64>() / whole(signed(zones.len() as u64));
    let total = PublishedRow {
        zone: crate::study::TOTAL.to_owned(),
        area_from: sum(Column::AreaFrom),
        area_to: sum(Column::AreaTo),
        area_change: change,
        area_change_percent_tenths: rounded_ratio(1000 * change, country),
        density: rounded(mean_density),
        total_change_thousandths: sum(Column::TotalChange),
    };
    Ok(PublishedTable { zones: rows, total })
}

/// Sum of cells, if it is usable; only the divisor must not be zero.
fn country_cells(cells: &[u64], divisor: bool) -> Result<i64, PublishedError> {
    let sum: u128 = cells.iter().map(|&n| u128::from(n)).sum();
    if sum > 1_000_000_000_000 || (divisor && sum == 0) {
        return Err(PublishedError::Cells { cells: sum });
    }
    Ok(i64::try_from(sum).unwrap_or(i64::MAX))
}

fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// A count as a float; counts here are far below 2^53.
pub(super) fn whole(n: i64) -> f64 {
    n as f64
}

/// Nearest whole number, halves away from zero, as tables are rounded.
fn rounded(value: f64) -> i64 {
    value.round() as i64
}

/// Nearest whole number to a ratio, halves away from zero.
fn rounded_ratio(numerator: i64, denominator: i64) -> i64 {
    let magnitude = (2 * numerator.abs() + denominator) / (2 * denominator);
    magnitude * numerator.signum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_as_printed_reads() {
        let table = printed();
        let names: Vec<_> = table.zones.iter().map(|row| row.zone.as_str()).collect();
        assert_eq!(
            names,
            [
                "Seasonal Frozen Zone",
                "Sporadic Permafrost",
                "Insular & sparsely insular",
                "Discontinuous & Continuous"
            ]
        );
        assert_eq!(table.zones[2].area_change, -186_148);
        assert_eq!(table.zones[2].area_change_percent_tenths, -101);
        assert_eq!(table.zones[3].total_change_thousandths, -2_030);
        assert_eq!(
            (table.total.density, table.total.total_change_thousandths),
            (149, -1_585)
        );
    }

    #[test]
    fn lines_that_do_not_read_are_named() {
        let rows = |row: &str| parse(&format!("# note\n{HEADER}\n{row}\n"));
        assert!(rows("z,1,1,0,0,5,0.1").is_ok());
        for row in [
            "z,1,1,0,0,5",
            "z,1,1,0,0,5,0.1234",
            "z,1,1,0,0,x,0",
            "z,1,1,0,0,5,0.-1",
        ] {
            match rows(row) {
                Err(PublishedError::Line { line: 3, found, .. }) => assert_eq!(found, row),
                other => panic!("{other:?}"),
            }
        }
        assert!(parse("zone,area\n").is_err());
        assert!(parse("").is_err());
    }

    #[test]
    fn halves_round_away_from_zero() {
        assert_eq!(
            [
                rounded_ratio(5, 10),
                rounded_ratio(-5, 10),
                rounded_ratio(4, 10)
            ],
            [1, -1, 0]
        );
        assert_eq!([rounded_ratio(-149, 100), rounded_ratio(151, 100)], [-1, 2]);
    }

    #[test]
    fn a_table_by_hand() {
        let zones = ["a".to_owned(), "b".to_owned()];
        let table =
            as_published(&zones, &[6_000, 4_000], &[7_500, 2_500], &[100.4, 200.5]).unwrap();
        let b = &table.zones[1];
        assert_eq!(
            (b.area_change, b.area_change_percent_tenths, b.density),
            (-1_500, -150, 201)
        );
        // -1500 x 200.5 / 10^7 = -0.030075
        assert_eq!(b.total_change_thousandths, -30);
        assert_eq!(table.zones[0].total_change_thousandths, 15);
        assert_eq!(
            (table.total.density, table.total.total_change_thousandths),
            (150, -15)
        );
    }

    #[test]
    fn what_cannot_be_a_table_is_refused() {
        let zones = ["a".to_owned()];
        assert!(matches!(
            as_published(&zones, &[1], &[1, 2], &[3.0]),
            Err(PublishedError::Lengths { .. })
        ));
        assert!(matches!(
            as_published(&zones, &[1], &[1], &[f64::NAN]),
            Err(PublishedError::Density { .. })
        ));
        assert!(matches!(
            as_published(&zones, &[0], &[1], &[3.0]),
            Err(PublishedError::Cells { cells: 0 })
        ));
    }
}
