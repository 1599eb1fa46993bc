//! SPI and SPEI.

use nutag_drought::standard::{
    Fit, Kernel, KernelShape, LEAST_REFERENCE_YEARS, Recipe, Reference, Standardiser, Water,
};
use nutag_drought::{MonthAxis, YearMonth};

use crate::shared::{compare, table};

pub fn reference(first: i32, last: i32) -> Reference {
    Reference {
        first: YearMonth::new(first, 1).unwrap(),
        last: YearMonth::new(last, 12).unwrap(),
    }
}

pub fn recipe(water: Water, months: usize, fit: Fit, reference: Reference) -> Recipe {
    Recipe {
        water,
        kernel: Kernel::new(KernelShape::Rectangular, months, 0).unwrap(),
        fit,
        reference,
        least_reference_years: LEAST_REFERENCE_YEARS,
    }
}

/// Digits that a double loses between the probability and the deviate in the upper tail: R's
/// probability is near 1 there.
pub fn tail(z: f64) -> f64 {
    let density = libm::exp(-0.5 * z * z) / 2.5;
    4.0 * f64::EPSILON / density
}

#[test]
fn kernels() {
    let Some(golden) = table("golden/drought/r/kernels.csv") else {
        return;
    };
    let weights = golden.numbers("weight");
    let [scale, shift, lag] = ["scale", "shift", "lag"].map(|name| golden.numbers(name));
    for row in 0..golden.rows {
        let shape = match golden.text("type")[row].as_str() {
            "rectangular" => KernelShape::Rectangular,
            "triangular" => KernelShape::Triangular,
            "circular" => KernelShape::Circular,
            "gaussian" => KernelShape::Gaussian,
            other => panic!("{other}"),
        };
        let kernel = Kernel::new(shape, scale[row] as usize, shift[row] as usize).unwrap();
        let got = kernel.weights()[lag[row] as usize];
        assert!((got - weights[row]).abs() < 1e-15, "{row} {got}");
    }
}

#[test]
fn wichita() {
    let Some(golden) = table("golden/drought/r/spi_spei_wichita.csv") else {
        return;
    };
    let axis = MonthAxis::new(YearMonth::new(1980, 1).unwrap(), golden.rows);
    let full = Reference {
        first: axis.first(),
        last: axis.last(),
    };
    let [rain, balance] = ["prcp", "bal"].map(|name| golden.numbers(name));
    for months in [1, 3, 6, 12, 24] {
        for (period, reference) in [("full", full), ("8110", reference(1981, 2010))] {
            for (name, fit) in [("gam", Fit::Gamma), ("pe3", Fit::PearsonThree)] {
                let column = format!("spi{months}_{name}_{period}");
                let index =
                    Standardiser::new(recipe(Water::default(), months, fit, reference), axis)
                        .unwrap()
                        .cell(&rain)
                        .unwrap();
                let mut expected = golden.numbers(&column);
                // Where the reference has months without rain R forgets their share: not compared.
                let mut got = index.z.clone();
                let mut skipped = 0;
                for calendar in 0..12 {
                    let dry =
                        (0..axis.len()).any(|i| axis.calendar(i) == calendar && rain[i] == 0.0);
                    if months == 1 && dry {
                        for i in (0..axis.len()).filter(|i| axis.calendar(*i) == calendar) {
                            expected[i] = f64::NAN;
                            got[i] = f64::NAN;
                            skipped += 1;
                        }
                    }
                }
                let (n, worst) = compare(&column, &got, &expected, 1e-8);
                eprintln!("{column}: {n} months, {worst:e}, {skipped} left out");
                assert!(n > 300 || months == 1 && n > 100);
            }
            let column = format!("spei{months}_glo_{period}");
            let index = Standardiser::new(
                recipe(Water::Balance, months, Fit::LogLogistic, reference),
                axis,
            )
            .unwrap()
            .cell(&balance)
            .unwrap();
            let (n, worst) = compare(&column, &index.z, &golden.numbers(&column), 1e-12);
            eprintln!("{column}: {n} months, {worst:e}");
        }
    }
    for (column, shape, shift) in [
        ("spei12_glo_triangular", KernelShape::Triangular, 0),
        ("spei12_glo_circular", KernelShape::Circular, 0),
        ("spei12_glo_gaussian", KernelShape::Gaussian, 0),
        ("spei12_glo_gaussian_sh2", KernelShape::Gaussian, 2),
    ] {
        let mut recipe = recipe(Water::Balance, 12, Fit::LogLogistic, full);
        recipe.kernel = Kernel::new(shape, 12, shift).unwrap();
        let index = Standardiser::new(recipe, axis)
            .unwrap()
            .cell(&balance)
            .unwrap();
        compare(column, &index.z, &golden.numbers(column), 1e-12);
    }
}

#[test]
fn eleven_cities_and_six_cells_of_a_grid() {
    let (Some(input), Some(golden)) = (
        table("data/drought/balance.csv"),
        table("golden/drought/r/spei_balance_6190.csv"),
    ) else {
        return;
    };
    let axis = MonthAxis::new(YearMonth::new(1900, 1).unwrap(), input.rows);
    let mut infinite = 0;
    for city in [
        "indore",
        "kimberley",
        "albuquerque",
        "valencia",
        "viena",
        "abashiri",
        "tampa",
        "sao_paulo",
        "lahore",
        "punta_arenas",
        "helsinki",
    ] {
        for months in [3, 12] {
            let recipe = recipe(
                Water::Balance,
                months,
                Fit::LogLogistic,
                reference(1961, 1990),
            );
            let index = Standardiser::new(recipe, axis)
                .unwrap()
                .cell(&input.numbers(city))
                .unwrap();
            let expected = golden.numbers(&format!("{city}_k{months}_6190"));
            for (at, (got, r)) in index.z.iter().zip(&expected).enumerate() {
                assert_eq!(got.is_nan(), r.is_nan(), "{city} {months} {at}");
                if r.is_infinite() {
                    assert_eq!(got, r, "{city} {months} {at}");
                    infinite += 1;
                } else if !r.is_nan() {
                    let allowed = 1e-12 + tail(*r);
                    assert!((got - r).abs() < allowed, "{city} {months} {at}: {got} {r}");
                }
            }
        }
    }
    assert_eq!(infinite, 24);

    let (Some(input), Some(golden)) = (
        table("data/drought/cruts4.csv"),
        table("golden/drought/r/spei12_cruts4_full.csv"),
    ) else {
        return;
    };
    let axis = MonthAxis::new(YearMonth::new(1900, 1).unwrap(), input.rows);
    let recipe = recipe(Water::Balance, 12, Fit::LogLogistic, reference(1900, 2019));
    let standardiser = Standardiser::new(recipe, axis).unwrap();
    for cell in 1..=6 {
        let name = format!("c{cell}");
        let index = standardiser.cell(&input.numbers(&name)).unwrap();
        compare(&name, &index.z, &golden.numbers(&name), 1e-12);
    }
}

#[test]
fn the_maximum_of_the_likelihood() {
    let (Some(input), Some(golden)) = (
        table("golden/drought/r/spi_spei_wichita.csv"),
        table("golden/drought/r/spei_maxlik_wichita_8110.csv"),
    ) else {
        return;
    };
    let axis = MonthAxis::new(YearMonth::new(1980, 1).unwrap(), input.rows);
    for months in [1, 3, 6, 12] {
        let recipe = recipe(
            Water::Balance,
            months,
            Fit::LogLogisticLikelihood,
            reference(1981, 2010),
        );
        let index = Standardiser::new(recipe, axis)
            .unwrap()
            .cell(&input.numbers("bal"))
            .unwrap();
        let column = format!("spei{months}_maxlik_opt_8110");
        let (n, worst) = compare(&column, &index.z, &golden.numbers(&column), 1e-5);
        eprintln!("{column}: {n} months, {worst:e}");
        let stopped = format!("spei{months}_maxlik_nm_8110");
        compare(&stopped, &index.z, &golden.numbers(&stopped), 2e-3);
    }
}
