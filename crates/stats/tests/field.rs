//! Field significance: permuted counts against the plain test, and the p of fields made by draw.
#![allow(missing_docs)]

use nutag_stats::Series;
use nutag_stats::cells::CellKernel;
use nutag_stats::draws::Draws;
use nutag_stats::mann_kendall::mann_kendall;
use nutag_stats::multiplicity::field::{FieldCounts, FieldSignificance, JointPermutations};

const YEARS: usize = 12;

fn kernel() -> CellKernel {
    CellKernel::new(&(2001..2013).collect::<Vec<i32>>()).unwrap()
}

#[test]
fn counts_equal_the_plain_test_of_every_permuted_series() {
    let mut draws = Draws::new(4, 0);
    let cells = 61;
    let values: Vec<Vec<u16>> = (0..YEARS)
        .map(|_| {
            (0..cells)
                .map(|_| draws.below(25) as u16 + 40_000)
                .collect()
        })
        .collect();
    let valid: Vec<Vec<bool>> = (0..YEARS)
        .map(|_| (0..cells).map(|c| c < 20 || draws.below(5) > 0).collect())
        .collect();
    let rows: Vec<&[u16]> = values.iter().map(Vec::as_slice).collect();
    let flags: Vec<&[bool]> = valid.iter().map(Vec::as_slice).collect();
    let permutations = JointPermutations::new(YEARS, 40, 11);
    // A large alpha, so that many cells are significant by chance.
    let alpha = 0.2;
    for flags in [None, Some(flags.as_slice())] {
        let mut counts = FieldCounts::new(40);
        kernel()
            .count_permuted(&rows, flags, &permutations, alpha, &mut counts)
            .unwrap();
        let plain = |order: &[usize]| -> u64 {
            (0..cells)
                .map(|c| {
                    let series: Vec<Option<f64>> = order
                        .iter()
                        .map(|&k| flags.is_none_or(|f| f[k][c]).then(|| f64::from(rows[k][c])))
                        .collect();
                    let series = Series::annual(2001, &series).unwrap();
                    u64::from(mann_kendall(&series).is_ok_and(|t| t.p < alpha))
                })
                .sum()
        };
        assert_eq!(counts.observed, plain(&(0..YEARS).collect::<Vec<_>>()));
        for (count, order) in counts.permuted.iter().zip(permutations.orders()) {
            assert_eq!(*count, plain(order));
        }
        assert!(counts.permuted.iter().sum::<u64>() > 100);
    }
}

/// A field of 400 cells that share most of their weather, with a slope in sd per year.
fn field(seed: u64, slope: f64) -> FieldSignificance {
    let mut draws = Draws::new(seed, 0);
    let mut rows = vec![Vec::new(); YEARS];
    for (k, row) in rows.iter_mut().enumerate() {
        let weather = draws.normal() + slope * k as f64;
        for _ in 0..400 {
            row.push((1000.0 * (0.8 * weather + 0.6 * draws.normal())) as i16);
        }
    }
    let permutations = JointPermutations::new(YEARS, 199, seed);
    let mut counts = FieldCounts::new(199);
    // In two blocks, which add up.
    for part in [0..150, 150..400] {
        let block: Vec<&[i16]> = rows.iter().map(|r| &r[part.clone()]).collect();
        let mut mine = FieldCounts::new(199);
        kernel()
            .count_permuted(&block, None, &permutations, 0.05, &mut mine)
            .unwrap();
        counts.merge(&mine).unwrap();
    }
    counts.significance(0.05).unwrap()
}

#[test]
fn shared_weather_is_not_mistaken_for_a_trend() {
    // Without a trend the p of the field is uniform, however correlated the cells are.
    let null: Vec<FieldSignificance> = (0..60).map(|seed| field(seed, 0.0)).collect();
    let false_alarms = null.iter().filter(|f| f.p <= 0.05).count();
    // Binomial(60, 0.05): more than 9 has probability 1e-3.
    assert!(false_alarms <= 9, "{false_alarms}");
    // Counting cells alone would be fooled far more often.
    let naive = null.iter().filter(|f| f.observed > 28).count();
    assert!(naive > false_alarms, "{naive} {false_alarms}");
    let found = (100..110)
        .filter(|seed| field(*seed, 0.5).p <= 0.05)
        .count();
    assert!(found >= 9, "{found}");
}

#[test]
fn questions_that_do_not_fit_are_refused() {
    let row = [1_i16, 2];
    let rows = vec![row.as_slice(); YEARS];
    let permutations = JointPermutations::new(YEARS, 3, 0);
    let ask = |years: &JointPermutations, alpha: f64, counts: usize| {
        kernel().count_permuted(&rows, None, years, alpha, &mut FieldCounts::new(counts))
    };
    assert!(ask(&permutations, 0.05, 3).is_ok());
    assert!(ask(&permutations, 0.05, 4).is_err());
    assert!(ask(&permutations, 1.5, 3).is_err());
    assert!(ask(&JointPermutations::new(11, 3, 0), 0.05, 3).is_err());
    let wide = [1_i32, 2];
    let wide = vec![wide.as_slice(); YEARS];
    let mut counts = FieldCounts::new(3);
    assert!(
        kernel()
            .count_permuted(&wide, None, &permutations, 0.05, &mut counts)
            .is_err()
    );
}
