use nutag_carbon::{
    Class, Epoch, Names, Period, Quantity, Scale, Study, TrendOptions, Trends, trends,
};
use nutag_report::{Block, Table, Value};
use nutag_zonal::{KeySpace, Tally, TallySet};

use super::*;

const KM2: u64 = 10_000_000_000;
const SPACE: KeySpace = match KeySpace::new(1, 2, 2) {
    Ok(space) => space,
    Err(_) => panic!(),
};

/// One region; a cell that stays Cold and falls by 1 gC m-2 a year, and one
/// that stays Warm and does not change.
struct World {
    tallies: TallySet,
    names: Names,
    quantity: Quantity,
}

impl World {
    fn new(years: i32, quantity: Quantity) -> Self {
        let mut tallies = TallySet::new(usize::try_from(years).unwrap(), 0);
        for (zone, slope) in [(1, -10), (0, 0)] {
            let places = tallies.entry(SPACE.key(0, zone, zone));
            for (year, tally) in (0..).zip(places) {
                let raw = 2000 + slope * year;
                tally.add(&Tally {
                    cells: 1,
                    area_cm2: KM2,
                    valid_cells: 1,
                    valid_area_cm2: KM2,
                    sum_raw: raw,
                    sum_raw_cm2: i128::from(raw) * i128::from(KM2),
                    sum_raw_squared_cm2: i128::from(raw * raw) * i128::from(KM2),
                    ..Tally::empty(0)
                });
            }
        }
        let epoch = |label: &str| Epoch {
            label: label.to_owned(),
            zones: vec!["Warm".to_owned(), "Cold".to_owned()],
        };
        let names = Names {
            regions: vec!["Архангай".to_owned()],
            from: epoch("1980s"),
            to: epoch("2000s"),
            periods: (2001..2001 + years)
                .map(|year| Period {
                    label: year.to_string(),
                    year,
                })
                .collect(),
            reasons: Vec::new(),
        };
        Self {
            tallies,
            names,
            quantity,
        }
    }

    fn npp(years: i32) -> Self {
        Self::new(years, Quantity::carbon("NPP", Scale::new(1, 10).unwrap()))
    }

    fn study(&self) -> Study<'_> {
        Study::new(&self.tallies, SPACE, &self.names, &self.quantity).unwrap()
    }

    fn trends(&self, hamed_rao: bool) -> Trends<'_> {
        let options = TrendOptions {
            times_years: self
                .names
                .periods
                .iter()
                .map(|p| f64::from(p.year))
                .collect(),
            epochs: None,
            hamed_rao,
        };
        trends(&self.study(), &options).unwrap()
    }
}

fn names(table: &Table) -> Vec<&str> {
    table
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect()
}

fn value(table: &Table, row: usize, name: &str) -> Value {
    let column = names(table)
        .iter()
        .position(|known| *known == name)
        .unwrap();
    table.rows[row][column].clone()
}

#[test]
fn the_columns_and_values_of_a_fall_and_of_nothing() {
    let world = World::npp(12);
    let table = trends_table(&world.study(), &world.trends(false), MaskRule::Common);
    table.check().unwrap();
    assert_eq!(table.name, "npp_trends");
    assert_eq!(
        names(&table),
        [
            "family",
            "region",
            "zone",
            "zone_epoch",
            "periods",
            "gaps",
            "valid_area_km2",
            "npp_mean_gC_m2",
            "npp_theil_sen_slope_gC_m2_per_year",
            "npp_theil_sen_low_gC_m2_per_year",
            "npp_theil_sen_high_gC_m2_per_year",
            "theil_sen_coverage",
            "theil_sen_interval",
            "npp_ols_slope_gC_m2_per_year",
            "npp_ols_slope_se_gC_m2_per_year",
            "npp_ols_low_gC_m2_per_year",
            "npp_ols_high_gC_m2_per_year",
            "mann_kendall_s",
            "tau_a",
            "tau_b",
            "p",
            "p_method",
            "adjusted_p",
            "trend",
            "lag1_autocorrelation",
            "npp_epoch_difference_gC_m2",
            "epoch_difference_percent",
            "npp_epoch_difference_low_gC_m2",
            "npp_epoch_difference_high_gC_m2",
            "epoch_difference_p",
            "npp_detectable_slope_gC_m2_per_year",
            "why_missing",
        ]
    );
    // Country, 2 zones of each map, region, 2 zones in it.
    assert_eq!(table.rows.len(), 8);
    assert_eq!(
        table.rows[0][..4],
        [
            "country".into(),
            "Total".into(),
            "Total".into(),
            Value::Missing
        ]
    );
    assert_eq!(
        table.rows[2][..4],
        [
            "zones".into(),
            "Total".into(),
            "Cold".into(),
            "1980s".into()
        ]
    );
    assert_eq!(value(&table, 2, "npp_mean_gC_m2"), 194.5.into());
    assert_eq!(
        value(&table, 2, "npp_theil_sen_slope_gC_m2_per_year"),
        (-1.0).into()
    );
    assert_eq!(value(&table, 2, "mann_kendall_s"), Value::Int(-66));
    assert_eq!(value(&table, 2, "p_method"), "exact".into());
    assert_eq!(
        value(&table, 2, "npp_epoch_difference_gC_m2"),
        (-6.0).into()
    );
    assert_eq!(value(&table, 2, "trend"), "down".into());
    assert_eq!(
        value(&table, 1, "trend"),
        "not tested: all values are equal".into()
    );
    assert_eq!(value(&table, 1, "p"), Value::Missing);
    let Value::Text(why) = value(&table, 1, "why_missing") else {
        panic!("a reason");
    };
    assert!(
        why.starts_with("Theil-Sen interval, OLS standard error,")
            && why.ends_with(": all values are equal")
    );
}

#[test]
fn notes_state_families_epochs_and_mask() {
    let world = World::npp(12);
    let note = |mask| {
        trends_table(&world.study(), &world.trends(false), mask)
            .notes
            .join("\n")
    };
    let common = note(MaskRule::Common);
    for part in [
        "12 years, 2001-2012",
        "valid in every year",
        "the country (1 of 1 tested), zones of both epochs (2 of 4 tested), regions (1 of 1 tested), zones in \
         regions (1 of 2 tested)",
        "2001-2006 and 2007-2012",
    ] {
        assert!(common.contains(part), "{part}: {common}");
    }
    assert!(note(MaskRule::PerYear).contains("though no cell does"));
}

#[test]
fn an_asked_epoch_is_named_by_its_years() {
    let world = World::npp(12);
    let mut trends = world.trends(false);
    trends.epochs = [
        2001.0..=2005.0_f64.next_down(),
        2008.0..=2013.0_f64.next_down(),
    ];
    let notes = notes::notes(&world.study(), &trends, MaskRule::Common).join("\n");
    assert!(notes.contains("2001-2004 and 2008-2012"), "{notes}");
}

#[test]
fn hamed_rao_is_a_column_where_it_was_asked() {
    let world = World::npp(12);
    let table = trends_table(&world.study(), &world.trends(true), MaskRule::Common);
    table.check().unwrap();
    assert!(names(&table).contains(&"hamed_rao_p"));
}

#[test]
fn the_section_answers_in_words_and_shows_country_and_zones() {
    let world = World::npp(12);
    let section = trends_section(&world.study(), &world.trends(false));
    assert_eq!(
        (section.id.as_str(), section.heading.as_str()),
        ("trend", "Is it changing")
    );
    let [
        Block::Paragraph(answer),
        Block::Table(table),
        Block::Paragraph(further),
    ] = &section.blocks[..]
    else {
        panic!("a paragraph, a table, a paragraph");
    };
    assert!(
        answer.starts_with(
            "Over 2001-2012, NPP of the country fell by 0.50 gC m-2 per year (Theil-Sen, 95 % CI -0.50 to -0.50; \
             exact Mann-Kendall p < 0.0001, q < 0.0001)."
        ),
        "{answer}"
    );
    assert!(
        answer.contains("NPP of the zone \"Cold\" fell by 1.00 gC m-2 per year"),
        "{answer}"
    );
    assert!(
        answer.ends_with("No trend stands out from chance in \"Warm\"."),
        "{answer}"
    );
    assert_eq!(table.rows.len(), 5);
    assert_eq!(names(table)[..2], ["zone", "zone_epoch"]);
    assert!(
        further.contains("of 1 regions, 0 go up and 1 down"),
        "{further}"
    );
}

#[test]
fn a_plain_number_and_too_few_values() {
    let world = World::new(
        4,
        Quantity::other("NDVI", Scale::new(1, 10_000).unwrap(), ""),
    );
    let trends = world.trends(false);
    let table = trends_table(&world.study(), &trends, MaskRule::Common);
    table.check().unwrap();
    assert_eq!(table.name, "ndvi_trends");
    assert!(names(&table).contains(&"ndvi_ols_slope_per_year"));
    assert_eq!(trends.rows[0].class, Class::NotSignificant);
    let section = trends_section(&world.study(), &trends);
    let Block::Paragraph(answer) = &section.blocks[0] else {
        panic!("a paragraph");
    };
    assert!(
        answer.contains(
            "shows no trend that stands out from chance (Theil-Sen -0.00050 per year, too few values"
        ),
        "{answer}"
    );
}
