//! A country of three cells for the tests of this module.
//!
//! All are Cold in the first epoch and 1 km2 large, over two periods:
//!
//! | cell | second epoch | value |
//! |---|---|---|
//! | a | Cold | 1000, 1000 |
//! | b | Cold | barren, barren |
//! | c | Warm | 2000, 2000 |

use nutag_carbon::{Epoch, Names, Period, Quantity, Scale, Study};
use nutag_zonal::{KeySpace, Tally, TallySet};

const KM2: u64 = 10_000_000_000;

pub struct World {
    tallies: TallySet,
    space: KeySpace,
    pub names: Names,
    quantity: Quantity,
}

impl World {
    /// Raw values are tenths of a gram of carbon.
    pub fn npp() -> Self {
        Self::of(Quantity::carbon("NPP", Scale::new(1, 10).unwrap()))
    }

    /// Raw values are ten-thousandths.
    pub fn ndvi() -> Self {
        Self::of(Quantity::other("NDVI", Scale::new(1, 10_000).unwrap(), ""))
    }

    fn of(quantity: Quantity) -> Self {
        let space = KeySpace::new(1, 2, 2).unwrap();
        let mut tallies = TallySet::new(2, 2);
        for (to, raw) in [(1, Some(1000)), (1, None), (0, Some(2000))] {
            for tally in tallies.entry(space.key(0, 1, to)) {
                tally.add(&cell(raw));
            }
        }
        let zones = || vec!["Warm".to_owned(), "Cold".to_owned()];
        let year = |year: i32| Period {
            label: year.to_string(),
            year,
        };
        let names = Names {
            regions: vec!["Архангай".to_owned()],
            from: Epoch {
                label: "1980s".to_owned(),
                zones: zones(),
            },
            to: Epoch {
                label: "2000s".to_owned(),
                zones: zones(),
            },
            periods: vec![year(2001), year(2002)],
            reasons: vec!["barren".to_owned(), "outside valid range".to_owned()],
        };
        Self {
            tallies,
            space,
            names,
            quantity,
        }
    }

    pub fn study(&self) -> Study<'_> {
        Study::new(&self.tallies, self.space, &self.names, &self.quantity).unwrap()
    }
}

fn cell(raw: Option<i64>) -> Tally {
    let mut tally = Tally {
        cells: 1,
        area_cm2: KM2,
        ..Tally::empty(2)
    };
    match raw {
        Some(raw) => {
            let area = i128::from(KM2);
            tally.valid_cells = 1;
            tally.valid_area_cm2 = KM2;
            tally.sum_raw = raw;
            tally.sum_raw_cm2 = i128::from(raw) * area;
            tally.sum_raw_squared_cm2 = i128::from(raw * raw) * area;
        }
        None => {
            tally.masked_cells[0] = 1;
            tally.masked_area_cm2[0] = KM2;
        }
    }
    tally
}
