//! The whole chain from the input to months and years, against `REddyProc` and the known truth.

use nutag_tower::chain::{Choices, Measured, Processed, Threshold, process};
use nutag_tower::energy::closure::Balance;
use nutag_tower::fill::Reference;
use nutag_tower::partition::day::Setting;
use nutag_tower::partition::night::Scope;
use nutag_tower::totals::{Inputs, Totals, totals};
use nutag_tower::ustar::{Rule, Settings};

use crate::shared::{CASES, Case, Columns, assert_close_above, columns};

fn run(case: &Case, input: &Columns, setting: Setting, samples: usize) -> Processed {
    let missing = vec![f64::NAN; input.rows()];
    let measured = Measured {
        nee: input.get("NEE").to_vec(),
        le: input.get("LE").to_vec(),
        h: input.get("H").to_vec(),
        radiation_w_m2: input.get("Rg").to_vec(),
        temperature_c: input.get("Tair").to_vec(),
        vpd_hpa: input.get("VPD").to_vec(),
        ustar_m_s: input.get("Ustar").to_vec(),
        net_radiation: missing.clone(),
        ground: missing,
    };
    let choices = Choices {
        place: case.place,
        despike: false,
        threshold: Threshold::MovingPoint {
            settings: Settings::default(),
            samples,
            seed: 1,
        },
        rule: Rule::Night,
        scenarios: vec![0.05, 0.16, 0.5, 0.84, 0.95],
        reference: Reference::REddyProc,
        scope: Scope::Record,
        setting,
    };
    process(case.axis(input.rows()), &measured, &choices).unwrap()
}

fn sums(processed: &Processed, rows: usize) -> Vec<Totals> {
    let missing = vec![f64::NAN; rows];
    totals(&Inputs {
        processed,
        balance: Balance {
            le: &missing,
            h: &missing,
            net_radiation: &missing,
            ground: &missing,
            storage: None,
        },
        corrected: None,
        sublimation: false,
    })
}

#[test]
fn months_are_those_of_the_reference() {
    for case in &CASES[..2] {
        let Some(input) = case.input() else { return };
        let golden = case.golden("monthly.csv").unwrap();
        let processed = run(case, &input, Setting::NoSmooth, 1);
        let all = sums(&processed, input.rows());
        let months: Vec<&Totals> = all.iter().filter(|t| t.period.month.is_some()).collect();
        assert_eq!((months.len(), all.len()), (12, 13));
        let of = |get: &dyn Fn(&Totals) -> f64| months.iter().map(|t| get(t)).collect::<Vec<f64>>();
        let total = |sum: Option<nutag_tower::totals::Sum>| sum.and_then(|s| s.total).unwrap();
        let count = |n: usize| n as f64;
        let check = |name: &str, get: &dyn Fn(&Totals) -> f64, tolerance: f64, least: f64| {
            assert_close_above(
                &format!("{} {name}", case.name),
                &of(get),
                golden.get(name),
                tolerance,
                least,
            );
        };
        check("n", &|t| count(t.classes.rows), 0.0, 1.0);
        check("NEE_used_after_ustar", &|t| count(t.classes.used), 0.0, 1.0);
        check("NEE_fill_good", &|t| count(t.classes.good), 0.0, 1.0);
        check("NEE_fill_medium", &|t| count(t.classes.medium), 0.0, 1.0);
        check("NEE_fill_poor", &|t| count(t.classes.poor), 0.0, 1.0);
        check("NEE_gC", &|t| total(Some(t.carbon.nee)), 1e-5, 1.0);
        check(
            "RECO_NT_gC",
            &|t| total(t.carbon.respiration_night),
            1e-5,
            1.0,
        );
        check("GPP_NT_gC", &|t| total(t.carbon.gpp_night), 1e-5, 1.0);
        check(
            "RECO_DT_nosmooth_gC",
            &|t| total(t.carbon.respiration_day),
            5e-3,
            5.0,
        );
        check(
            "GPP_DT_nosmooth_gC",
            &|t| total(t.carbon.gpp_day),
            5e-3,
            5.0,
        );
        check("LE_MJ", &|t| total(Some(t.le_mj)), 1e-5, 1.0);
        check("H_MJ", &|t| total(Some(t.h_mj)), 1e-5, 1.0);
        check("ET_mm", &|t| total(Some(t.et_mm)), 2e-5, 1.0);
        check("Tair_mean", &|t| t.temperature_c, 1e-5, 1.0);
    }
}

#[test]
fn the_synthetic_year_against_its_truth() {
    let Some(input) = CASES[1].input() else {
        return;
    };
    let truth = columns("golden/flux/synthetic_2013/truth_monthly.csv").unwrap();
    let processed = run(&CASES[1], &input, Setting::NoSmooth, 100);
    let all = sums(&processed, input.rows());
    let year = all.last().unwrap();
    let sum = |name: &str| truth.get(name).iter().sum::<f64>();
    let (nee, reco, gpp) = (sum("NEE_gC"), sum("RECO_gC"), sum("GPP_gC"));
    let found = year.carbon.nee.total.unwrap();
    assert!((found - nee).abs() < 5.0, "{found} {nee}");
    for (name, sum, expected) in [
        ("respiration, night", year.carbon.respiration_night, reco),
        ("GPP, night", year.carbon.gpp_night, gpp),
        ("respiration, day", year.carbon.respiration_day, reco),
        ("GPP, day", year.carbon.gpp_day, gpp),
    ] {
        let found = sum.unwrap().total.unwrap();
        println!("{name}: {found:.2}, truth {expected:.2}");
        assert!(
            (found / expected - 1.0).abs() < 0.15,
            "{name} {found} {expected}"
        );
    }
    // The interval holds the truth, and is no wider than what it is of.
    let (low, high) = year.threshold_range_gc.unwrap();
    println!(
        "NEE {found:.2}, se {:.2}, thresholds {low:.2} to {high:.2}, joint {:.2}",
        year.random_se_gc, year.joint_se_gc
    );
    assert!((found - nee).abs() < 2.0 * year.joint_se_gc + 2.0 && year.joint_se_gc < 20.0);
    // A frozen January has no claim of uptake, and July has one.
    let month = |m: i8| all.iter().find(|t| t.period.month == Some(m)).unwrap();
    assert!(!month(1).gpp_claimed && month(7).gpp_claimed && year.gpp_claimed);
}

#[test]
fn the_clean_year_comes_back() {
    let Some(input) = CASES[2].input() else {
        return;
    };
    let processed = run(&CASES[2], &input, Setting::NoSmooth, 1);
    let all = sums(&processed, input.rows());
    let year = all.last().unwrap().carbon;
    let near = |sum: nutag_tower::totals::Sum, expected: f64, tolerance: f64| {
        let found = sum.total.unwrap();
        assert!(
            (found / expected - 1.0).abs() < tolerance,
            "{found} {expected}"
        );
    };
    near(year.nee, -108.617, 0.002);
    near(year.respiration_night.unwrap(), 280.756, 0.002);
    near(year.gpp_night.unwrap(), 389.373, 0.002);
    near(year.respiration_day.unwrap(), 280.756, 0.008);
    near(year.gpp_day.unwrap(), 389.373, 0.008);
}

#[test]
fn the_same_bits_on_one_thread_and_on_four() {
    let Some(input) = CASES[1].input() else {
        return;
    };
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let processed = run(&CASES[1], &input, Setting::Lasslop, 20);
            format!("{:?}", sums(&processed, input.rows()))
        })
    };
    assert!(with(1) == with(4), "sums differ with the number of threads");
}
