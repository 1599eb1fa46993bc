//! The lanes against the plain scalar reference, cell by cell and bit by bit.
#![allow(missing_docs)]

use nutag_stats::Series;
use nutag_stats::cells::{CellKernel, CellTrend, CellTrends, Raw};
use nutag_stats::draws::Draws;
use nutag_stats::mann_kendall::mann_kendall;
use nutag_stats::slope::{InterceptForm, ols, theil_sen};
use proptest::prelude::*;

fn run<T: Raw>(times: &[i32], values: &[Vec<T>], valid: Option<&[Vec<bool>]>) -> CellTrends {
    let kernel = CellKernel::new(times).unwrap();
    let rows: Vec<&[T]> = values.iter().map(Vec::as_slice).collect();
    let flags: Option<Vec<&[bool]>> = valid.map(|v| v.iter().map(Vec::as_slice).collect());
    let mut trends = CellTrends::new(rows[0].len());
    kernel
        .run(&rows, flags.as_deref(), &mut trends.as_mut())
        .unwrap();
    trends
}

/// A float's bits, all that are not numbers being alike.
fn bits(x: f64) -> u64 {
    if x.is_nan() { f64::NAN } else { x }.to_bits()
}

fn same(a: &CellTrend, b: &CellTrend) -> bool {
    (a.n, a.s, a.tie_term) == (b.n, b.s, b.tie_term)
        && [
            (a.mean, b.mean),
            (a.ols_slope, b.ols_slope),
            (a.sen_slope, b.sen_slope),
            (a.p, b.p),
        ]
        .iter()
        .all(|(x, y)| bits(*x) == bits(*y))
}

fn check<T: Raw>(times: &[i32], values: &[Vec<T>], valid: Option<&[Vec<bool>]>) {
    let kernel = CellKernel::new(times).unwrap();
    let rows: Vec<&[T]> = values.iter().map(Vec::as_slice).collect();
    let flags: Option<Vec<&[bool]>> = valid.map(|v| v.iter().map(Vec::as_slice).collect());
    let trends = run(times, values, valid);
    for cell in 0..rows[0].len() {
        let expected = kernel.one_cell(&rows, flags.as_deref(), cell);
        let got = trends.get(cell).unwrap();
        assert!(
            same(&got, &expected),
            "times {times:?} cell {cell} values {:?} valid {:?}: got {got:?}, expected {expected:?}",
            rows.iter().map(|r| r[cell].into()).collect::<Vec<i32>>(),
            flags
                .as_ref()
                .map(|f| f.iter().map(|r| r[cell]).collect::<Vec<_>>()),
        );
    }
}

fn years(n: i32) -> Vec<i32> {
    (2001..2001 + n).collect()
}

/// `cells` cells at `n` times with values below `range` about `base`, by draw.
fn block(seed: u64, n: usize, cells: usize, base: i32, range: u64) -> Vec<Vec<i16>> {
    let mut draws = Draws::new(seed, 0);
    (0..n)
        .map(|_| {
            (0..cells)
                .map(|_| (base + i32::try_from(draws.below(range)).unwrap()) as i16)
                .collect()
        })
        .collect()
}

fn gaps(seed: u64, n: usize, cells: usize, one_in: u64) -> Vec<Vec<bool>> {
    let mut draws = Draws::new(seed, 1);
    (0..n)
        .map(|_| (0..cells).map(|_| draws.below(one_in) > 0).collect())
        .collect()
}

#[test]
fn every_number_of_years_equals_the_scalar_reference() {
    for n in 1..=32_usize {
        let times = years(i32::try_from(n).unwrap());
        // Wide, narrow (ties everywhere), negative.
        for (base, range) in [(-32_768, 65_536), (100, 4), (-30_000, 900)] {
            // Four groups and a part of one; fewer where the plain reference is slow.
            let cells = if n <= 13 { 67 } else { 19 };
            let values = block(n as u64, n, cells, base, range);
            check(&times, &values, None);
            for one_in in [2, 12] {
                check(&times, &values, Some(&gaps(n as u64, n, cells, one_in)));
            }
        }
    }
}

#[test]
fn twelve_years_in_bulk() {
    for (seed, range) in [(1, 65_536), (2, 700), (3, 12), (4, 2)] {
        let values = block(seed, 12, 2_000, -1000, range.min(33_000));
        check(&years(12), &values, None);
        check(&years(12), &values, Some(&gaps(seed, 12, 2_000, 5)));
        let wide = block(seed, 12, 2_000, -32_768, 65_536);
        check(&years(12), &wide, Some(&gaps(seed, 12, 2_000, 30)));
    }
}

#[test]
fn the_largest_differences_are_told_apart() {
    // Slopes a/30 and b/31 as close as two ratios can be, at the ends of the 16-bit range.
    let times: Vec<i32> = (0..32).collect();
    let mut draws = Draws::new(5, 0);
    let mut values = vec![Vec::new(); 32];
    for _ in 0..100 {
        let steep = draws.below(2115);
        for (t, row) in values.iter_mut().enumerate() {
            let line = i64::try_from(steep * t as u64).unwrap() - 32_768;
            let nudge = i64::try_from(draws.below(3)).unwrap() - 1;
            row.push(i16::try_from((line + nudge).clamp(-32_768, 32_767)).unwrap());
        }
    }
    check(&times, &values, None);
}

#[test]
fn gaps_between_the_times_themselves() {
    for times in [
        vec![2001, 2004, 2005, 2012],
        vec![-3, 28],
        vec![2000, 2031],
        vec![7],
    ] {
        let values = block(9, times.len(), 50, -500, 1000);
        check(&times, &values, None);
        check(&times, &values, Some(&gaps(9, times.len(), 50, 3)));
    }
}

#[test]
fn long_series_and_wide_integers_take_the_scalar_way() {
    let times: Vec<i32> = (0..46).map(|k| 2001 * 365 + 16 * k).collect();
    check(
        &times,
        &block(3, 46, 20, 0, 5000),
        Some(&gaps(3, 46, 20, 9)),
    );
    let wide: Vec<Vec<i32>> = (0..12)
        .map(|k| vec![i32::MIN + k, i32::MAX - 3 * k, 7, 100_000 * k])
        .collect();
    check(&years(12), &wide, None);
    let trends = run(&years(12), &wide, None);
    assert_eq!(trends.sen_slope, [1.0, -3.0, 0.0, 100_000.0]);
    assert_eq!(trends.ols_slope, [1.0, -3.0, 0.0, 100_000.0]);
}

#[test]
fn unsigned_values_keep_their_level() {
    let mut draws = Draws::new(8, 0);
    let values: Vec<Vec<u16>> = (0..12)
        .map(|_| (0..200).map(|_| draws.below(65_536) as u16).collect())
        .collect();
    check(&years(12), &values, None);
    check(&years(12), &values, Some(&gaps(8, 12, 200, 4)));
    let high = vec![vec![65_000_u16; 3]; 12];
    assert_eq!(run(&years(12), &high, None).mean, [65_000.0; 3]);
}

#[test]
fn cells_by_hand() {
    // The step has 30 slopes of 0, then 1/11, twice 1/10, 1/9: places 33 and 34 are 1/10 and 1/9.
    // Constant, rising, step, one missing year, eleven missing years, all missing.
    let mut values = vec![vec![7_i16; 6]; 12];
    let mut valid = vec![vec![true; 6]; 12];
    for (k, row) in values.iter_mut().enumerate() {
        row[1] = -100 + 10 * i16::try_from(k).unwrap();
        row[2] = if k < 6 { 1 } else { 2 };
        row[3] = 3 * i16::try_from(k).unwrap();
    }
    values[4][3] = 32_761;
    valid[4][3] = false;
    for (k, row) in valid.iter_mut().enumerate() {
        row[4] = k == 5;
        row[5] = false;
    }
    let t = run(&years(12), &values, Some(&valid));
    assert_eq!(t.n, [12, 12, 12, 11, 1, 0]);
    assert_eq!(t.s, [0, 66, 36, 55, 0, 0]);
    assert_eq!(t.tie_term, [12 * 11 * 29, 0, 2 * 6 * 5 * 17, 0, 0, 0]);
    assert_eq!(t.mean[..3], [7.0, -45.0, 1.5]);
    assert_eq!(t.sen_slope[..4], [0.0, 10.0, 19.0 / 180.0, 3.0]);
    assert_eq!(
        (t.ols_slope[0], t.ols_slope[1], t.ols_slope[3]),
        (0.0, 10.0, 3.0)
    );
    assert_eq!(t.p[..2], [1.0, 2.0 / 479_001_600.0]);
    assert_eq!(t.mean[4], 7.0);
    assert!(t.mean[5].is_nan());
    for cell in 4..6 {
        assert!(t.ols_slope[cell].is_nan() && t.sen_slope[cell].is_nan() && t.p[cell].is_nan());
    }
}

#[test]
fn a_cell_agrees_with_the_series_statistics() {
    let values = block(77, 12, 300, 1000, 300);
    let valid = gaps(77, 12, 300, 6);
    let trends = run(&years(12), &values, Some(&valid));
    for cell in 0..300 {
        let series: Vec<Option<f64>> = (0..12)
            .map(|k| valid[k][cell].then(|| f64::from(values[k][cell])))
            .collect();
        let series = Series::annual(2001, &series).unwrap();
        let t = trends.get(cell).unwrap();
        let mk = mann_kendall(&series).unwrap();
        assert_eq!(
            (i64::from(t.s), u64::from(t.tie_term), t.p),
            (mk.s, mk.tie_term, mk.p)
        );
        let line = ols(&series).unwrap();
        assert!((t.ols_slope - line.slope).abs() < 1e-9 * line.slope_se.max(1.0));
        assert!((t.mean - line.mean_value).abs() < 1e-10);
        let sen = theil_sen(&series, InterceptForm::Conover, 0.95).unwrap();
        assert!((t.sen_slope - sen.slope).abs() <= 1e-12 * sen.slope.abs());
    }
}

#[test]
fn any_block_gives_the_same_cell() {
    let values = block(6, 12, 1000, -2000, 500);
    let valid = gaps(6, 12, 1000, 15);
    let whole = run(&years(12), &values, Some(&valid));
    for size in [1, 3, 15, 16, 17, 333] {
        for start in (0..1000).step_by(size) {
            let end = (start + size).min(1000);
            let cut: Vec<Vec<i16>> = values.iter().map(|r| r[start..end].to_vec()).collect();
            let flags: Vec<Vec<bool>> = valid.iter().map(|r| r[start..end].to_vec()).collect();
            let part = run(&years(12), &cut, Some(&flags));
            for cell in start..end {
                assert!(same(
                    &part.get(cell - start).unwrap(),
                    &whole.get(cell).unwrap()
                ));
            }
        }
    }
}

#[test]
fn rows_that_do_not_fit_are_refused() {
    let kernel = CellKernel::new(&[2001, 2002]).unwrap();
    let (two, three) = ([1_i16, 2], [1_i16, 2, 3]);
    let mut out = CellTrends::new(2);
    assert!(kernel.run(&[&two], None, &mut out.as_mut()).is_err());
    assert!(
        kernel
            .run(&[&two, &three], None, &mut out.as_mut())
            .is_err()
    );
    assert!(
        kernel
            .run(&[&three, &three], None, &mut out.as_mut())
            .is_err()
    );
    let flags = [true];
    assert!(
        kernel
            .run(&[&two, &two], Some(&[&flags, &flags]), &mut out.as_mut())
            .is_err()
    );
    assert!(kernel.run(&[&two, &two], None, &mut out.as_mut()).is_ok());
    assert!(CellKernel::new(&[]).is_err());
    assert!(CellKernel::new(&[2002, 2001]).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn any_cell_equals_the_scalar_reference(
        cell in prop::collection::vec((any::<i16>(), prop::bool::weighted(0.8)), 2..20),
        start in -10_i32..3000,
        coarse in 0_u32..15,
    ) {
        let times: Vec<i32> = (start..).take(cell.len()).collect();
        let values: Vec<Vec<i16>> = cell.iter().map(|c| vec![c.0 >> coarse]).collect();
        let valid: Vec<Vec<bool>> = cell.iter().map(|c| vec![c.1]).collect();
        check(&times, &values, Some(&valid));
        check(&times, &values, None);
    }
}
