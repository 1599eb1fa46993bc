//! What must hold for any series: cells alone, units, later years, closed water.
#![allow(missing_docs)]

use nutag_drought::grid::{CellSource, Tasks, every_cell};
use nutag_drought::palmer::{NoPalmer, PalmerOptions, palmer};
use nutag_drought::pet::{
    MidMonth, ThornthwaiteOptions, hargreaves, plausible_precipitation, thornthwaite,
};
use nutag_drought::standard::{
    CellIndex, Fit, Kernel, KernelShape, LEAST_REFERENCE_YEARS, Recipe, Reference, Standardiser,
    Water, Why,
};
use nutag_drought::water::{Bucket, Drawdown, Melt};
use nutag_drought::{DroughtError, MonthAxis, YearMonth};
use nutag_stats::draws::Draws;

fn month(year: i32, month: u8) -> YearMonth {
    YearMonth::new(year, month).unwrap()
}

fn axis(years: usize) -> MonthAxis {
    MonthAxis::new(month(1981, 1), years * 12)
}

fn recipe(water: Water, months: usize, fit: Fit) -> Recipe {
    Recipe {
        water,
        kernel: Kernel::new(KernelShape::Rectangular, months, 0).unwrap(),
        fit,
        reference: Reference {
            first: month(1981, 1),
            last: month(2010, 12),
        },
        least_reference_years: LEAST_REFERENCE_YEARS,
    }
}

/// A balance with a season, of one place.
fn balance(place: u64, months: usize) -> Vec<f64> {
    let mut draws = Draws::new(7, place);
    (0..months)
        .map(|i| {
            let season = (i % 12) as f64 - 6.0;
            30.0 * draws.normal() - 10.0 * season.abs() + 20.0 * draws.uniform()
        })
        .collect()
}

struct Made {
    months: usize,
    cells: Vec<Vec<f64>>,
}

impl CellSource for Made {
    type Error = DroughtError;

    fn cells(&self) -> usize {
        self.cells.len()
    }

    fn read(&self, first: usize, water_mm: &mut [f64]) -> Result<(), DroughtError> {
        for (row, cell) in water_mm
            .chunks_exact_mut(self.months)
            .zip(&self.cells[first..])
        {
            row.copy_from_slice(cell);
        }
        Ok(())
    }
}

/// Bits and reasons: what may not differ.
fn bits(index: &CellIndex) -> (Vec<u64>, Vec<Why>) {
    let z = index
        .z
        .iter()
        .map(|z| if z.is_nan() { 0 } else { z.to_bits() });
    (z.collect(), index.why.clone())
}

#[test]
fn a_cell_is_itself_whatever_stands_beside_it() {
    let months = 40 * 12;
    let mut cells: Vec<Vec<f64>> = (0..60).map(|place| balance(place, months)).collect();
    // Cells that spoil others in programs that share something between them.
    cells[3] = vec![12.5; months];
    cells[11] = vec![0.0; months];
    cells[12] = vec![f64::NAN; months];
    cells[40] = vec![-1e30; months];
    cells[41][17] = 1e30;
    for place in [20, 21] {
        for at in (5..months).step_by(37) {
            cells[place][at] = f64::NAN;
        }
    }
    for (water, fit) in [
        (Water::Balance, Fit::LogLogistic),
        (Water::Balance, Fit::LogLogisticLikelihood),
        (Water::Balance, Fit::PearsonThree),
        (Water::default(), Fit::Gamma),
    ] {
        let mut cells = cells.clone();
        if water != Water::Balance {
            for value in cells.iter_mut().flatten() {
                // A missing month stays missing.
                *value = if *value < 0.0 { 0.0 } else { *value };
            }
        }
        let standardiser = Standardiser::new(recipe(water, 3, fit), axis(40)).unwrap();
        let alone: Vec<_> = cells
            .iter()
            .map(|cell| bits(&standardiser.cell(cell).unwrap()))
            .collect();
        assert!(alone[3].1[2..].iter().all(|why| *why == Why::Constant));
        assert!(alone[12].1.iter().all(|why| *why == Why::Missing));
        let source = Made { months, cells };
        for (per_task, at_once) in [(1, 1), (7, 3), (60, 2), (64, 8)] {
            let tasks = Tasks {
                cells: per_task,
                at_once,
            };
            let mut next = 0;
            every_cell(&standardiser, &source, tasks, |cell, index| {
                assert_eq!(cell, next);
                next += 1;
                assert_eq!(bits(index), alone[cell], "{fit:?} cell {cell}");
                Ok(())
            })
            .unwrap();
            assert_eq!(next, 60);
        }
        // The other way round, through buffers that are used again.
        let mut work = nutag_drought::standard::Workspace::default();
        let mut out = CellIndex::default();
        for (cell, alone) in source.cells.iter().zip(&alone).rev() {
            standardiser.cell_into(cell, &mut work, &mut out).unwrap();
            assert_eq!(&bits(&out), alone);
        }
    }
}

#[test]
fn units_and_a_constant_do_not_move_a_fit_by_moments() {
    let water = balance(1, 480);
    let scaled: Vec<f64> = water.iter().map(|x| x / 1000.0).collect();
    let moved: Vec<f64> = water.iter().map(|x| x + 1000.0 / 3.0).collect();
    for fit in [Fit::LogLogistic, Fit::PearsonThree] {
        let standardiser = Standardiser::new(recipe(Water::Balance, 3, fit), axis(40)).unwrap();
        let z = |x: &[f64]| standardiser.cell(x).unwrap().z;
        for (other, what) in [(&scaled, "metres"), (&moved, "1000 mm more")] {
            for (at, (a, b)) in z(&water).iter().zip(z(other)).enumerate() {
                assert!(
                    a.is_nan() && b.is_nan() || a == &b || (a - b).abs() < 1e-10,
                    "{what} {at}: {a} {b}"
                );
            }
        }
    }
    // A gamma distribution starts at 0, so a constant moves it.
    let rain: Vec<f64> = water.iter().map(|x| x.abs() + 1.0).collect();
    let moved: Vec<f64> = rain.iter().map(|x| x + 1000.0).collect();
    let gamma = Standardiser::new(recipe(Water::default(), 3, Fit::Gamma), axis(40)).unwrap();
    let (a, b) = (gamma.cell(&rain).unwrap().z, gamma.cell(&moved).unwrap().z);
    let most = a.iter().zip(&b).skip(2).map(|(a, b)| (a - b).abs());
    assert!(most.fold(0.0, f64::max) > 0.05);
}

#[test]
fn later_years_move_no_earlier_value() {
    let water = balance(2, 480);
    for months in [1, 3, 12, 24] {
        for fit in [Fit::LogLogistic, Fit::LogLogisticLikelihood] {
            let recipe = recipe(Water::Balance, months, fit);
            let long = Standardiser::new(recipe.clone(), axis(40)).unwrap();
            let short = Standardiser::new(recipe, axis(30)).unwrap();
            let (long, short) = (
                long.cell(&water).unwrap(),
                short.cell(&water[..360]).unwrap(),
            );
            let (z, why) = bits(&long);
            assert_eq!((z[..360].to_vec(), why[..360].to_vec()), bits(&short));
            assert_eq!(long.reference_n, short.reference_n);
        }
    }
}

#[test]
fn the_reference_is_cut_after_the_windows_are_summed() {
    // The record begins a year before the reference: its first months have full windows.
    let record = MonthAxis::new(month(1980, 1), 31 * 12);
    let standardiser =
        Standardiser::new(recipe(Water::Balance, 12, Fit::LogLogistic), record).unwrap();
    let index = standardiser.cell(&balance(3, record.len())).unwrap();
    assert_eq!(index.reference_n, [30; 12]);
}

#[test]
fn a_reference_that_cannot_be_meant_is_refused() {
    let standardiser = |first: i32, last: i32, fit: Fit| {
        let mut recipe = recipe(Water::Balance, 3, fit);
        recipe.reference = Reference {
            first: month(first, 1),
            last: month(last, 12),
        };
        let warning = recipe.warning();
        (Standardiser::new(recipe, axis(40)), warning)
    };
    let (outside, _) = standardiser(1971, 2000, Fit::LogLogistic);
    let message = outside.unwrap_err().to_string();
    assert!(message.contains("1971-01 to 2000-12") && message.contains("1981-01 to 2020-12"));
    let (short, _) = standardiser(1981, 1989, Fit::LogLogistic);
    assert!(short.unwrap_err().to_string().contains("9 years"));
    let (twelve, warning) = standardiser(1981, 1992, Fit::LogLogistic);
    assert!(twelve.is_ok() && warning.unwrap().contains("12 years"));
    let (usual, warning) = standardiser(1981, 2010, Fit::LogLogistic);
    assert!(usual.is_ok() && warning.is_none());
    let (gamma, _) = standardiser(1981, 2010, Fit::Gamma);
    assert!(gamma.unwrap_err().to_string().contains("log-logistic"));
}

#[test]
fn kelvin_and_fill_values_are_not_degrees() {
    let axis = axis(1);
    let kelvin: Vec<f64> = (0..12).map(|m| 255.0 + f64::from(m)).collect();
    let options = ThornthwaiteOptions::default();
    let message = thornthwaite(&axis, &kelvin, 47.0, options)
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("kelvin") && message.contains("1981-01"),
        "{message}"
    );
    let mut fill = vec![10.0; 12];
    fill[4] = -9999.0;
    let message = hargreaves(&axis, &fill, &[15.0; 12], 47.0, MidMonth::RealCalendar)
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("fill value") && message.contains("1981-05"),
        "{message}"
    );
    assert!(thornthwaite(&axis, &[1.0; 12], 91.0, options).is_err());
    assert!(thornthwaite(&axis, &[1.0; 11], 47.0, options).is_err());
    assert!(plausible_precipitation(&axis, &[-1.0; 12]).is_err());
    assert!(plausible_precipitation(&axis, &[9.97e36; 12]).is_err());
}

#[test]
fn a_frozen_site_has_no_demand_and_polar_night_no_infinity() {
    let axis = axis(1);
    let options = ThornthwaiteOptions::default();
    let frozen = thornthwaite(&axis, &[-20.0; 12], 72.0, options).unwrap();
    assert_eq!(frozen, vec![0.0; 12]);
    for latitude in [-90.0, -70.0, 66.6, 80.0, 90.0] {
        let mild = thornthwaite(&axis, &[5.0; 12], latitude, options).unwrap();
        let warm = hargreaves(
            &axis,
            &[-30.0; 12],
            &[5.0; 12],
            latitude,
            MidMonth::FixedYear,
        );
        for mm in mild.iter().chain(&warm.unwrap()) {
            assert!(mm.is_finite() && *mm >= 0.0, "{latitude} {mm}");
        }
        // A night of a whole month asks for nothing.
        assert!(mild.contains(&0.0) || latitude.abs() < 70.0);
    }
}

#[test]
fn water_closes_in_every_month() {
    let axis = axis(30);
    let mut draws = Draws::new(11, 0);
    for round in 0..40 {
        let mut p: Vec<f64> = Vec::new();
        let mut pet = Vec::new();
        let mut deg_c = Vec::new();
        let mut sun = Vec::new();
        for i in 0..axis.len() {
            let season = -libm::cos(std::f64::consts::TAU * (i % 12) as f64 / 12.0);
            deg_c.push(-2.0 + 18.0 * season + 3.0 * draws.normal());
            p.push((40.0 * draws.uniform() - 10.0).max(0.0));
            pet.push((60.0 * season + 20.0 * draws.uniform()).max(0.0));
            sun.push(12.0 + 8.0 * season);
        }
        p[17] = f64::NAN;
        pet[100] = f64::NAN;
        deg_c[200] = f64::NAN;
        let drawdown = [Drawdown::Exponential, Drawdown::Linear, Drawdown::TwoLayers][round % 3];
        let melt = [Melt::NoSnow, Melt::Radiation(&sun), Melt::DegreeDay(2.5)][round / 3 % 3];
        let bucket = Bucket {
            available_water_mm: [10.0, 25.4, 100.0, 400.0][round % 4],
            drawdown,
            spin_up_years: u16::try_from(round % 5).unwrap(),
        };
        let w = bucket.run(&axis, &p, &pet, Some(&deg_c), melt).unwrap();
        let (mut soil, mut pack) = (w.start_soil_mm, w.start_pack_mm);
        let mut closed = 0;
        for i in 0..axis.len() {
            if w.pack_mm[i].is_finite() {
                let gap = w.snow_mm[i] - w.melt_mm[i] - (w.pack_mm[i] - pack);
                assert!(
                    gap.abs() < 1e-9 && w.pack_mm[i] >= 0.0,
                    "{round} {i}: {gap}"
                );
                assert!((w.rain_mm[i] + w.snow_mm[i] - p[i]).abs() < 1e-9);
                pack = w.pack_mm[i];
            }
            if w.soil_mm[i].is_nan() {
                continue;
            }
            let gap =
                w.rain_mm[i] + w.melt_mm[i] - w.aet_mm[i] - w.runoff_mm[i] - (w.soil_mm[i] - soil);
            assert!(gap.abs() < 1e-9, "{round} {i}: {gap}");
            assert!(w.aet_mm[i] <= pet[i] && w.aet_mm[i] >= 0.0 && w.deficit_mm[i] >= 0.0);
            assert!(w.runoff_mm[i] >= 0.0 && w.soil_mm[i] >= 0.0);
            assert!(w.soil_mm[i] <= bucket.available_water_mm + 1e-9);
            soil = w.soil_mm[i];
            closed += 1;
        }
        assert!(closed >= axis.len() - 3);
    }
}

#[test]
fn palmer_lives_through_gaps_thin_soil_and_dry_places() {
    let axis = axis(40);
    let mut draws = Draws::new(3, 3);
    let p: Vec<f64> = (0..axis.len()).map(|_| 60.0 * draws.uniform()).collect();
    let pe: Vec<f64> = (0..axis.len())
        .map(|i| 40.0 - 35.0 * libm::cos(std::f64::consts::TAU * i as f64 / 12.0))
        .collect();
    let options = PalmerOptions {
        available_water_mm: 100.0,
        calibration: Reference {
            first: month(1981, 1),
            last: month(2010, 12),
        },
        self_calibrating: true,
    };
    let whole = palmer(&axis, &p, &pe, &options).unwrap();
    assert_eq!(whole.missing, None);
    // A month that is missing after the calibration: before it nothing moves, in it there is nothing.
    let mut gap = p.clone();
    gap[400] = f64::NAN;
    let holed = palmer(&axis, &gap, &pe, &options).unwrap();
    assert!(holed.pdsi[400].is_nan() && holed.phdi[400].is_nan() && holed.z[400].is_nan());
    assert_eq!(whole.z[..400], holed.z[..400]);
    assert!(holed.pdsi[401..].iter().all(|x| x.is_finite()));

    let dry = palmer(&axis, &vec![0.0; 480], &pe, &options).unwrap();
    assert_eq!(dry.missing, Some(NoPalmer::NoSpread));
    assert!(dry.pdsi.iter().all(|x| x.is_nan()));
    let unknown = palmer(&axis, &vec![f64::NAN; 480], &pe, &options).unwrap();
    assert_eq!(unknown.missing, Some(NoPalmer::TooFewMonths));
    let thin = PalmerOptions {
        available_water_mm: 5.0,
        ..options
    };
    assert!(palmer(&axis, &p, &pe, &thin).unwrap().missing.is_none());
    let none = PalmerOptions {
        available_water_mm: 0.0,
        ..options
    };
    assert!(palmer(&axis, &p, &pe, &none).is_err());
}

/// All losses of a panel fell in one year: the fold that leaves it out has no event, and the others go on.
#[test]
fn a_fold_without_events_does_not_stop_the_others() {
    use nutag_drought::dzud::{PanelRow, ValidationOptions, validate};
    let mut draws = Draws::new(5, 1);
    let mut rows = Vec::new();
    for year in 2000..2012 {
        for place in 0..6 {
            rows.push(PanelRow {
                place: format!("place {place}"),
                year,
                mortality: if year == 2005 && place < 5 { 0.2 } else { 0.02 },
                winter_deg_c: -20.0 + draws.normal() - if year == 2005 { 3.0 } else { 0.0 },
                summer_index: draws.normal(),
            });
        }
    }
    let got = validate(&rows, &ValidationOptions::default()).unwrap();
    assert_eq!((got.events, got.event_years, got.years), (5, 1, 12));
    assert!(got.brier.skill.is_finite());
    // However well one year is told from the rest, it is one year.
    assert!(got.sentence().contains("no skill"), "{}", got.sentence());
    // No event at all is refused, not a number.
    for row in &mut rows {
        row.mortality = 0.02;
    }
    assert!(validate(&rows, &ValidationOptions::default()).is_err());
}
