//! The validation of the dzud index against statsmodels and scipy.

use nutag_drought::dzud::{
    PanelRow, Standardise, ValidationOptions, mortality_rate, validate, validate_national,
};
use serde_json::Value;

use crate::shared::{table, text};

fn panel() -> Option<Vec<PanelRow>> {
    let input = table("data/drought/mongolia/aimag_panel_1992_2024.csv")?;
    let [year, mortality, summer, winter] =
        ["year", "mort_sfu", "spei3_jja_prev", "t_djf_c"].map(|name| input.numbers(name));
    Some(
        (0..input.rows)
            .map(|i| PanelRow {
                place: input.text("aimag")[i].clone(),
                year: year[i] as i32,
                mortality: mortality[i],
                winter_deg_c: winter[i],
                summer_index: summer[i],
            })
            .collect(),
    )
}

fn golden() -> Option<Value> {
    let text = text("golden/drought/dzud/stats.json")?;
    Some(serde_json::from_str(&text).unwrap())
}

fn close(what: &str, got: f64, expected: &Value, tolerance: f64) {
    let expected = expected.as_f64().unwrap();
    assert!(
        (got - expected).abs() < tolerance,
        "{what}: got {got:?}, expected {expected:?}"
    );
}

fn all_close(what: &str, got: &[f64], expected: &Value, tolerance: f64) {
    let expected = expected.as_array().unwrap();
    assert_eq!(got.len(), expected.len(), "{what}");
    for (got, expected) in got.iter().zip(expected) {
        close(what, *got, expected, tolerance);
    }
}

#[test]
fn the_aimag_panel() {
    let (Some(rows), Some(golden)) = (panel(), golden()) else {
        return;
    };
    for (name, interaction) in [("logit_zT_S", false), ("logit_zT_S_zTxS", true)] {
        let options = ValidationOptions {
            standardise: Standardise::AllYears,
            interaction,
            draws: 200,
            ..ValidationOptions::default()
        };
        let got = validate(&rows, &options).unwrap();
        assert_eq!((got.n, got.events, got.years), (693, 135, 33));
        close("base rate", got.base_rate, &golden["event_rate"], 1e-15);
        for (name, skill) in [
            ("-zT", &got.cold),
            ("-SPEI", &got.drought),
            ("-zT-SPEI", &got.both),
        ] {
            let expected = &golden["auc"][name];
            close(name, skill.auc.auc, &expected["auc"], 1e-12);
            close(name, skill.auc.delong_se, &expected["delong_se"], 1e-9);
            close(name, skill.auc.hanley_se, &expected["hanley_se"], 1e-9);
        }
        let expected = &golden[name];
        let fit = got.likelihood.as_ref().unwrap();
        all_close("b", &fit.b, &expected["b"], 1e-9);
        all_close("se", &fit.se(), &expected["se_model"], 1e-9);
        all_close(
            "se by year",
            got.se_by_year.as_ref().unwrap(),
            &expected["se_cluster_year_no_small_sample_factor"],
            1e-9,
        );
        close(
            "log-likelihood",
            fit.log_likelihood,
            &expected["loglik"],
            1e-9,
        );
        all_close("Firth", &got.firth.b, &expected["firth_b"], 1e-8);
        close(
            "in sample",
            got.auc_in_sample,
            &expected["auc_in_sample"],
            1e-12,
        );
        close(
            "left out",
            got.left_out.auc.auc,
            &expected["auc_leave_one_year_out"],
            1e-9,
        );
        close("Brier", got.brier.score, &expected["brier_loyo"], 1e-9);
        close(
            "climatology",
            got.brier.climatology,
            &expected["brier_loyo_climatology"],
            1e-9,
        );
        close("skill", got.brier.skill, &expected["bss_loyo"], 1e-9);
        assert!(got.left_out.interval.0 < 0.6, "years are few");
    }
}

/// The rule of the house: the year that is left out teaches nothing, not even the mean winter. Expected
/// numbers by numpy and scipy 1.17 from the same panel.
#[test]
fn anomalies_inside_the_fold() {
    let Some(rows) = panel() else { return };
    let options = ValidationOptions {
        draws: 1000,
        ..ValidationOptions::default()
    };
    let got = validate(&rows, &options).unwrap();
    assert!((got.left_out.auc.auc - 0.664_635_603_345_280_7).abs() < 1e-9);
    assert!((got.brier.score - 0.152_522_484_906_105_7).abs() < 1e-9);
    assert!((got.brier.skill - 0.054_721_520_731_175_31).abs() < 1e-9);
    eprintln!("{}", got.sentence());
    // Leaving out a row instead of a year would have promised more.
    assert!(got.left_out.auc.auc < 0.707_991_504_048_851_7);
}

#[test]
fn the_national_series() {
    let (Some(series), Some(golden)) = (table("golden/drought/dzud/national_series.csv"), golden())
    else {
        return;
    };
    let years: Vec<i32> = series.numbers("year").iter().map(|y| *y as i32).collect();
    let [rate, z, spei, index] =
        ["rate", "zT_mean", "spei_prev_mean", "index"].map(|name| series.numbers(name));
    for ((z, spei), index) in z.iter().zip(&spei).zip(&index) {
        assert!((-z - spei - index).abs() < 1e-12);
    }
    let got = validate_national(&years, &rate, &z, &spei, 0.06).unwrap();
    let g = &golden["national"];
    let dzud_years: Vec<i64> = g["years_gt_6pct"]
        .as_array()
        .unwrap()
        .iter()
        .map(|year| year.as_i64().unwrap())
        .collect();
    assert!(got.event_years.iter().map(|y| i64::from(*y)).eq(dzud_years));
    all_close(
        "Pearson",
        &[got.pearson.r, got.pearson.p],
        &g["pearson_logit_vs_index"],
        1e-9,
    );
    all_close(
        "Spearman",
        &[got.spearman.r, got.spearman.p],
        &g["spearman"],
        1e-9,
    );
    let kendall = got.kendall.unwrap();
    all_close("Kendall", &[kendall.r, kendall.p], &g["kendall"], 1e-9);
    close("AUC", got.auc.auc, &g["auc_index"], 1e-12);
    close("DeLong", got.auc.delong_se, &g["auc_delong_se"], 1e-9);
    close(
        "exact p",
        got.exact_p.unwrap(),
        &g["auc_exact_p_two_sided"],
        1e-12,
    );
    all_close("OLS", &got.regression.b, &g["ols_logit_b"], 1e-9);
    all_close("OLS se", &got.regression.se, &g["ols_se"], 1e-9);
    close("R2", got.regression.r2, &g["r2"], 1e-9);
    close("PRESS", got.regression.r2_press, &g["r2_press_loo"], 1e-9);
    close("RMSE", got.regression.rmse_press, &g["rmse_loo"], 1e-9);
    close(
        "Durbin-Watson",
        got.regression.durbin_watson,
        &g["durbin_watson"],
        1e-9,
    );
    let likelihood = got.likelihood.as_ref().unwrap();
    all_close("logit", &likelihood.b, &g["logit_b"], 1e-8);
    all_close("logit se", &likelihood.se(), &g["logit_se"], 1e-8);
    close(
        "log-likelihood",
        likelihood.log_likelihood,
        &g["logit_loglik"],
        1e-9,
    );
    all_close("Firth", &got.firth.b, &g["firth_b"], 1e-8);
    close("left out", got.auc_left_out, &g["auc_loo_firth"], 1e-9);
    let sentence = got.sentence();
    assert!(sentence.contains("no skill"), "{sentence}");
    eprintln!("{sentence}");
}

/// Adult losses of year t over the December census of t - 1, all five kinds.
#[test]
fn national_rates_from_the_tables() {
    let (Some(losses), Some(stock)) = (
        table("data/drought/mongolia/national_losses_species_1992_2024.csv"),
        table("data/drought/mongolia/national_stock_1970_2024.csv"),
    ) else {
        return;
    };
    let (years, total) = (losses.numbers("year"), losses.numbers("total"));
    let (stock_years, heads) = (stock.numbers("year"), stock.numbers("total_million"));
    let rate = |year: f64| {
        let at = years.iter().position(|y| *y == year).unwrap();
        let before = stock_years.iter().position(|y| *y == year - 1.0).unwrap();
        mortality_rate(total[at], heads[before]).unwrap()
    };
    for (year, percent) in [
        (1993.0, 6.4),
        (2000.0, 10.4),
        (2001.0, 15.7),
        (2002.0, 11.2),
        (2010.0, 23.3),
        (2023.0, 6.9),
        (2024.0, 14.4),
        (2007.0, 0.8),
    ] {
        assert!(
            (100.0 * rate(year) - percent).abs() < 0.051,
            "{year} {}",
            rate(year)
        );
    }
}
