use nutag_zonal::{KeySpace, Tally, TallySet};

use super::*;
use crate::quantity::{Quantity, Scale};
use crate::study::{Epoch, Names, Period};

const KM2: u64 = 10_000_000_000;
const SPACE: KeySpace = match KeySpace::new(2, 2, 2) {
    Ok(space) => space,
    Err(_) => panic!(),
};

/// Cells of 1 km2 by (region, zone from, zone to), each with its raw values.
fn world(cells: &[([u16; 3], &[Option<i64>])]) -> (TallySet, Names) {
    let periods = cells[0].1.len();
    let mut tallies = TallySet::new(periods, 1);
    for ([region, from, to], values) in cells {
        for (tally, value) in tallies
            .entry(SPACE.key(*region, *from, *to))
            .iter_mut()
            .zip(*values)
        {
            tally.add(&cell(*value));
        }
    }
    let zones = || vec!["Warm".to_owned(), "Cold".to_owned()];
    let epoch = |label: &str| Epoch {
        label: label.to_owned(),
        zones: zones(),
    };
    let names = Names {
        regions: vec!["East".to_owned(), "West".to_owned()],
        from: epoch("1980s"),
        to: epoch("2000s"),
        periods: (2001..)
            .take(periods)
            .map(|year| Period {
                label: year.to_string(),
                year,
            })
            .collect(),
        reasons: vec!["water".to_owned()],
    };
    (tallies, names)
}

fn cell(raw: Option<i64>) -> Tally {
    let mut tally = Tally {
        cells: 1,
        area_cm2: KM2,
        ..Tally::empty(1)
    };
    if let Some(raw) = raw {
        tally.valid_cells = 1;
        tally.valid_area_cm2 = KM2;
        tally.sum_raw = raw;
        tally.sum_raw_cm2 = i128::from(raw) * i128::from(KM2);
        tally.sum_raw_squared_cm2 = i128::from(raw * raw) * i128::from(KM2);
    } else {
        tally.masked_cells[0] = 1;
        tally.masked_area_cm2[0] = KM2;
    }
    tally
}

fn options(names: &Names) -> TrendOptions {
    TrendOptions {
        times_years: names.periods.iter().map(|p| f64::from(p.year)).collect(),
        epochs: None,
        hamed_rao: true,
    }
}

/// The trend of the country of one cell.
fn of(values: &[Option<i64>]) -> TrendRow<'static> {
    let (tallies, names) = world(&[([0, 0, 0], values)]);
    let quantity = Quantity::carbon("NPP", Scale::new(1, 10).unwrap());
    let study = Study::new(&tallies, SPACE, &names, &quantity).unwrap();
    let row = trends(&study, &options(&names))
        .unwrap()
        .rows
        .swap_remove(0);
    assert_eq!(
        (row.family, row.region, row.zone),
        (Family::Country, None, None)
    );
    TrendRow {
        region: None,
        zone: None,
        zone_epoch: None,
        ..row
    }
}

fn some(values: &[i64]) -> Vec<Option<i64>> {
    values.iter().copied().map(Some).collect()
}

#[test]
fn a_mean_is_weighted_by_area_and_places_share_their_cells() {
    // East: a cell that falls and thaws, a cell that does not change; West: one that rises.
    let falls = some(&[60, 50, 40, 30, 20, 10]);
    let stays = some(&[30; 6]);
    let rises = some(&[10, 20, 31, 40, 50, 60]);
    let (tallies, names) = world(&[
        ([0, 1, 0], &falls),
        ([0, 1, 1], &stays),
        ([1, 0, 0], &rises),
    ]);
    let quantity = Quantity::carbon("NPP", Scale::new(1, 10).unwrap());
    let study = Study::new(&tallies, SPACE, &names, &quantity).unwrap();
    let found = trends(&study, &options(&names)).unwrap();
    let rows: Vec<_> = found
        .rows
        .iter()
        .map(|row| {
            let place = (row.region.unwrap_or("-"), row.zone.unwrap_or("-"));
            (
                place,
                row.zone_epoch.unwrap_or("-"),
                row.trend.s.unwrap_or(99),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            (("-", "-"), "-", -1),
            (("-", "Warm"), "1980s", 15),
            (("-", "Cold"), "1980s", -15),
            // Thawed, and always warm: 70, 70, 71, 70, 70, 70 over two cells.
            (("-", "Warm"), "2000s", -1),
            (("-", "Cold"), "2000s", 0),
            (("East", "-"), "-", -15),
            (("West", "-"), "-", 15),
            (("East", "Cold"), "1980s", -15),
            (("West", "Warm"), "1980s", 15),
        ]
    );
    let cold = &found.rows[2];
    assert_eq!(cold.valid_area_km2, 2.0);
    assert_eq!(cold.series[0], Ok(4.5));
    assert_eq!(cold.trend.sen_slope, Ok(-0.5));
    // All six orders of six: p = 2 / 720. Three zones are tested, of which the
    // two perfect ones share rank 2.
    let p = 2.0 / 720.0;
    assert!((cold.trend.p.unwrap() - p).abs() < 1e-15);
    assert!((cold.adjusted_p.unwrap() - p * 3.0 / 2.0).abs() < 1e-15);
    assert_eq!(cold.class, Class::Down);
    assert_eq!(found.rows[4].class, Class::NotTested(Why::Constant));
    let zones = found.families[1];
    assert_eq!((zones.rows, zones.tested, zones.significant), (4, 3, 2));
    assert_eq!(found.epochs, [2001.0..=2003.0, 2004.0..=2006.0]);
}

#[test]
fn a_constant_series_has_no_uncertainty_to_speak_of() {
    let row = of(&some(&[-70; 12]));
    let t = row.trend;
    assert_eq!(
        (t.mean, t.ols_slope, t.sen_slope),
        (Ok(-7.0), Ok(0.0), Ok(0.0))
    );
    assert_eq!(
        (t.s, t.tau_a, t.epochs.difference),
        (Ok(0), Ok(0.0), Ok(0.0))
    );
    for figure in [
        t.ols_slope_se,
        t.tau_b,
        t.p,
        t.lag1,
        t.detectable_slope,
        t.epochs.p,
    ] {
        assert_eq!(figure, Err(Why::Constant));
    }
    assert_eq!(t.hamed_rao_p, Some(Err(Why::Constant)));
    assert_eq!(
        (t.ols_interval, t.sen_interval),
        (Err(Why::Constant), Err(Why::Constant))
    );
    assert_eq!(row.adjusted_p, Err(Why::Constant));
    assert_eq!(row.class.to_string(), "not tested: all values are equal");
}

#[test]
fn too_few_years_give_a_mean_and_a_reason() {
    let mut values = vec![None; 12];
    values[4] = Some(50);
    let row = of(&values);
    assert_eq!(
        (row.trend.n, row.trend.gaps, row.trend.mean),
        (1, 11, Ok(5.0))
    );
    assert_eq!(row.class, Class::NotTested(Why::FewPeriods));
    let none = of(&[None; 12]);
    assert_eq!(
        (none.trend.mean, none.class),
        (Err(Why::NoValidArea), Class::NotTested(Why::NoValidArea))
    );
    assert_eq!(none.series, [Err(Why::NoValidArea); 12]);
}

#[test]
fn four_years_are_tested_but_bound_no_exact_interval() {
    let t = of(&some(&[10, 20, 40, 50])).trend;
    // P(|S| = 6) = 2 / 4!, so 95 % cannot be reached.
    assert_eq!(t.p, Ok(2.0 / 24.0));
    assert_eq!(
        (t.sen_interval, t.sen_method),
        (Err(Why::Unbounded), Err(Why::Unbounded))
    );
    assert!(t.ols_interval.is_ok());
}

#[test]
fn a_missing_year_keeps_real_times() {
    let mut values = some(&[10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 125]);
    values[4] = None;
    let t = of(&values).trend;
    assert_eq!((t.n, t.gaps, t.sen_slope), (11, 1, Ok(1.0)));
    assert_eq!(t.hamed_rao_p, Some(Err(Why::UnequalSteps)));
    assert_eq!(t.p_method.unwrap().name(), "exact");
}

#[test]
fn a_step_has_ties_and_a_difference_without_spread() {
    let t = of(&some(&[-10, -10, -10, -10, 30, 30, 30, 30])).trend;
    assert_eq!(t.p_method.unwrap().name(), "normal-tie-corrected");
    assert_eq!(t.sen_method, Ok(nutag_stats::slope::IntervalMethod::Normal));
    assert_eq!((t.s, t.epochs.difference), (Ok(16), Ok(4.0)));
    assert_eq!(t.epochs.difference_percent, Ok(-400.0));
    assert_eq!(
        (t.epochs.interval, t.epochs.p),
        (Err(Why::NoSpread), Err(Why::NoSpread))
    );
}

#[test]
fn epochs_are_as_asked_or_halves_without_the_middle() {
    let (tallies, names) = world(&[([0, 0, 0], &some(&[10, 20, 30, 40, 70]))]);
    let quantity = Quantity::carbon("NPP", Scale::new(1, 10).unwrap());
    let study = Study::new(&tallies, SPACE, &names, &quantity).unwrap();
    let mut options = options(&names);
    let halves = trends(&study, &options).unwrap();
    assert_eq!(halves.epochs, [2001.0..=2002.0, 2004.0..=2005.0]);
    assert_eq!(halves.rows[0].trend.epochs.difference, Ok(4.0));
    options.epochs = Some([2001.0..=2003.0, 2005.0..=2005.0]);
    let asked = trends(&study, &options).unwrap();
    assert_eq!(asked.rows[0].trend.epochs.difference, Err(Why::FewInEpoch));
    options.times_years.pop();
    assert!(trends(&study, &options).is_err());
}
