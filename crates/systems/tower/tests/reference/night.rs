//! The night partition against `REddyProc`.

use nutag_tower::partition::night::{Columns, Scope, partition};

use crate::shared::{CASES, assert_close, assert_close_above};

#[test]
fn respiration_and_gpp_of_the_night_method() {
    for case in &CASES {
        let Some(input) = case.input() else { return };
        let golden = case.golden("partition_night.csv.gz").unwrap();
        let flux = case.golden("filled_flux.csv.gz").unwrap();
        let nee = flux.get("NEE_uStar_f");
        let measured: Vec<f64> = nee
            .iter()
            .zip(flux.get("NEE_uStar_fqc"))
            .map(|(&nee, &quality)| if quality == 0.0 { nee } else { f64::NAN })
            .collect();
        let filled;
        let temperature_filled = if case.name == "synthetic_clean_2013" {
            input.get("Tair")
        } else {
            filled = case.golden("filled_meteo.csv.gz").unwrap();
            filled.get("Tair_f")
        };
        let found = partition(
            &Columns {
                nee: &measured,
                temperature_c: input.get("Tair"),
                radiation_w_m2: input.get("Rg"),
                potential_w_m2: golden.get("PotRad"),
                nee_filled: nee,
                temperature_filled_c: temperature_filled,
                rows_per_day: 48,
            },
            &vec![case.year; nee.len()],
            Scope::Record,
        )
        .unwrap();
        let windows = case.golden("night_E0_windows.csv").unwrap();
        let wide: Vec<_> = found
            .sensitivity_windows
            .iter()
            .filter(|w| w.span_c >= 5.0)
            .collect();
        let of = |get: &dyn Fn(&nutag_tower::partition::night::SensitivityWindow) -> f64| {
            wide.iter().map(|w| get(w)).collect::<Vec<f64>>()
        };
        assert_close(
            case.name,
            &of(&|w| w.day as f64),
            windows.get("day_mid"),
            0.0,
        );
        // A window that shows no sensitivity ends near 0 K, give or take 70 K, where its last steps
        // are noise.
        let k = of(&|w| w.sensitivity_k);
        assert_close_above(case.name, &k, windows.get("E_0_trim"), 1e-5, 10.0);
        assert_close(
            case.name,
            &of(&|w| w.sd_k),
            windows.get("E_0_trim_SD"),
            1e-5,
        );
        let basal = case.golden("night_Rref_windows.csv").unwrap();
        let of = |get: &dyn Fn(&nutag_tower::partition::night::BasalWindow) -> f64| {
            found.basal_windows.iter().map(get).collect::<Vec<f64>>()
        };
        assert_close(case.name, &of(&|w| w.rows as f64), basal.get("n"), 0.0);
        assert_close(
            case.name,
            &of(&|w| w.row as f64),
            basal.get("row_mean"),
            0.0,
        );
        assert_close(case.name, &of(&|w| w.basal), basal.get("R_ref"), 1e-5);
        assert_close(case.name, &found.basal, golden.get("R_ref"), 1e-5);
        assert_close(case.name, &found.respiration, golden.get("Reco"), 1e-5);
        // A difference of two larger numbers, of which NEE is read with seven digits.
        assert_close_above(case.name, &found.gpp, golden.get("GPP"), 1e-5, 1.0);
        let annual = case.golden("annual_gC_m-2.csv").unwrap();
        let e0 = vec![found.sensitivities[0].sensitivity_k];
        assert_close(case.name, &e0, annual.get("E_0"), 1e-9);
    }
}
