//! Studies from lists of cells, and a seeded stream of numbers.

use nutag_carbon::{Epoch, Names, Period, Quantity, Scale, Study};
use nutag_zonal::{KeySpace, NONE, TallySet};

/// One cell: its codes, its area and its raw value in each period.
#[derive(Debug, Clone)]
pub struct Cell {
    pub region: u16,
    pub from: u16,
    pub to: u16,
    pub area_cm2: u64,
    /// `Err` is the index of the reason why it does not count.
    pub raw: Vec<Result<i32, usize>>,
}

/// Tallies of a list of cells, with names to go with them.
pub struct World {
    pub tallies: TallySet,
    pub space: KeySpace,
    pub names: Names,
    pub quantity: Quantity,
}

pub const ZONES: [&str; 4] = ["Seasonal", "Sporadic", "Insular", "Continuous"];
pub const REASONS: [&str; 2] = ["barren", "water"];

impl World {
    pub fn new(cells: &[Cell]) -> Self {
        let periods = cells.first().map_or(1, |cell| cell.raw.len());
        let regions = cells
            .iter()
            .filter(|cell| cell.region != NONE)
            .map(|cell| cell.region + 1)
            .max()
            .unwrap_or(1);
        let space = KeySpace::new(regions, 4, 4).unwrap();
        let mut tallies = TallySet::new(periods, REASONS.len());
        for cell in cells {
            let entry = tallies.entry(space.key(cell.region, cell.from, cell.to));
            for (tally, raw) in entry.iter_mut().zip(&cell.raw) {
                tally.cells += 1;
                tally.area_cm2 += cell.area_cm2;
                match *raw {
                    Ok(raw) => {
                        let area = i128::from(cell.area_cm2);
                        tally.valid_cells += 1;
                        tally.valid_area_cm2 += cell.area_cm2;
                        tally.sum_raw += i64::from(raw);
                        tally.sum_raw_cm2 += i128::from(raw) * area;
                        tally.sum_raw_squared_cm2 += i128::from(raw) * i128::from(raw) * area;
                    }
                    Err(reason) => {
                        tally.masked_cells[reason] += 1;
                        tally.masked_area_cm2[reason] += cell.area_cm2;
                    }
                }
            }
        }
        let strings = |names: &[&str]| {
            names
                .iter()
                .map(|&name| name.to_owned())
                .collect::<Vec<_>>()
        };
        let names = Names {
            regions: (1..=regions).map(|r| format!("Region {r}")).collect(),
            from: Epoch {
                label: "1980s".to_owned(),
                zones: strings(&ZONES),
            },
            to: Epoch {
                label: "2000s".to_owned(),
                zones: strings(&ZONES),
            },
            periods: (2001..)
                .take(periods)
                .map(|year: i32| Period {
                    label: year.to_string(),
                    year,
                })
                .collect(),
            reasons: strings(&REASONS),
        };
        let quantity = Quantity::carbon("NPP", Scale::new(1, 10).unwrap());
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

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number
/// generators, OOPSLA 2014): the same numbers on every machine.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / 9_007_199_254_740_992.0
    }

    /// About Normal(mean, sd): the sum of twelve uniforms.
    pub fn normal(&mut self, mean: f64, sd: f64) -> f64 {
        let sum: f64 = (0..12).map(|_| self.unit()).sum();
        mean + sd * (sum - 6.0)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.bits() % n
    }
}

/// A country of `n` random cells: three regions, some cells outside each
/// list, some masked, positive values, areas that differ.
pub fn random_cells(seed: u64, n: usize, periods: usize) -> Vec<Cell> {
    let mut numbers = Numbers(seed);
    let code = |numbers: &mut Numbers, n: u64| match numbers.below(n * 8) {
        0 => NONE,
        k => u16::try_from(k % n).unwrap(),
    };
    (0..n)
        .map(|_| Cell {
            region: code(&mut numbers, 3),
            from: code(&mut numbers, 4),
            to: code(&mut numbers, 4),
            area_cm2: 2_100_000_000 + numbers.below(100_000_000),
            raw: (0..periods)
                .map(|_| match numbers.below(10) {
                    0 => Err(0),
                    1 => Err(1),
                    _ => Ok(1 + i32::try_from(numbers.below(3000)).unwrap()),
                })
                .collect(),
        })
        .collect()
}

/// Whether two numbers agree to a relative tolerance of a given size.
pub fn close(a: f64, b: f64, size: f64) -> bool {
    (a - b).abs() <= 1e-12 * size
}
