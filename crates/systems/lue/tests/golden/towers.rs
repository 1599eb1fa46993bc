//! Statistics of models at towers.

use nutag_lue::science::humidity::{par_mj_m2_d, ppfd_umol_m2_s};
use nutag_lue::science::mod17::{Day, Table};
use nutag_lue::science::pmodel::{Air, JmaxLimit, Pathway, QuantumYield, leaf};
use nutag_lue::science::validation::agreement;

use crate::files::{Row, close, golden};

const MODELS: [(&str, &str); 3] = [
    ("MOD17 C5.1", "gpp_mod17_c51"),
    ("MOD17 C6.1", "gpp_mod17_c61"),
    ("P-model BRC", "gpp_pmodel_brc"),
];

fn class_of(igbp: &str) -> u8 {
    match igbp {
        "ENF" => 1,
        "MF" => 5,
        "CSH" => 6,
        "OSH" => 7,
        "GRA" => 10,
        "CRO" => 12,
        other => panic!("no class for {other}"),
    }
}

/// Every month of 24 towers, of three models, from the weather of the tower.
#[test]
fn months_of_towers() {
    let Some(rows) = golden("towers_models_monthly.csv") else {
        return;
    };
    let (old, new) = (
        Table::collection_5_1().unwrap(),
        Table::collection_6_1().unwrap(),
    );
    for row in &rows {
        let class = class_of(row.text("igbp"));
        let shortwave = row.number("sw_w_m2");
        let day = Day {
            tmin_c: row.number("tmin_c"),
            tmean_c: row.number("tmean_c"),
            vpd_pa: row.number("vpd_pa"),
            par_mj_m2: par_mj_m2_d(shortwave),
        };
        let fpar = row.number("fpar");
        let what = format!("{} {}", row.text("site"), row.text("yyyymm"));
        for (table, column) in [(&old, "gpp_mod17_c51"), (&new, "gpp_mod17_c61")] {
            let gpp = table.biome(class).unwrap().gpp_per_fpar(&day) * fpar;
            close(gpp, row.number(column), 1e-9, &what);
        }
        let air = Air {
            temperature_c: day.tmean_c,
            vpd_pa: day.vpd_pa,
            pressure_pa: row.number("patm_pa"),
            co2_ppm: row.number("co2_ppm"),
        };
        let leaf = leaf(&air, Pathway::C3, QuantumYield::BRC, JmaxLimit::Wang2017);
        let gpp = leaf.map_or(0.0, |leaf| {
            leaf.gpp_per_fpar(ppfd_umol_m2_s(shortwave)) * fpar
        });
        let theirs = row.number("gpp_pmodel_brc");
        if !theirs.is_nan() {
            close(gpp, theirs, 1e-9, &what);
        }
    }
}

fn pair(row: &Row, model: &str) -> (f64, f64) {
    let tower = f64::midpoint(row.number("gpp_tower_nt"), row.number("gpp_tower_dt"));
    (row.number(model), tower)
}

#[test]
fn statistics_of_towers() {
    let (Some(rows), Some(stats)) = (
        golden("towers_models_monthly.csv"),
        golden("towers_models_stats.csv"),
    ) else {
        return;
    };
    let mut compared = 0;
    for stat in &stats {
        let Some((_, model)) = MODELS.iter().find(|(name, _)| *name == stat.text("model")) else {
            continue;
        };
        let pairs: Vec<(f64, f64)> = rows
            .iter()
            .filter(|row| row.text("site") == stat.text("group"))
            .filter(|row| row.number("nee_qc") >= 0.5)
            .map(|row| pair(row, model))
            .filter(|(e, o)| !e.is_nan() && !o.is_nan())
            .collect();
        if pairs.is_empty() {
            continue;
        }
        compared += 1;
        let ours = agreement(&pairs).unwrap();
        let what = format!("{} {model}", stat.text("group"));
        assert_eq!(ours.n.to_string(), stat.text("n_months"), "{what}");
        for (value, column) in [
            (ours.r2, "r2"),
            (ours.rmse, "rmse_gc_m2_d"),
            (ours.bias, "bias_gc_m2_d"),
            (ours.ratio_of_means, "ratio_of_means"),
            (ours.mean_observed, "mean_tower_gpp"),
        ] {
            // The file has three decimals.
            assert!(
                (value - stat.number(column)).abs() <= 0.000_51,
                "{what} {column}: {value}"
            );
        }
    }
    assert!(compared > 20, "{compared}");
}
