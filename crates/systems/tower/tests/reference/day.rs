//! The day partition against `REddyProc`.

use nutag_tower::fill::{Drivers, Reference, Wanted, fill};
use nutag_tower::partition::day::{Columns, Outcome, Setting, partition};

use crate::shared::CASES;

/// Grams of carbon in a half-hour of 1 umol m-2 s-1.
const GRAMS: f64 = 12.011e-6 * 1800.0;

#[test]
fn windows_rows_and_years_of_the_day_method() {
    for case in &CASES {
        let Some(input) = case.input() else { return };
        let night = case.golden("partition_night.csv.gz").unwrap();
        let flux = case.golden("filled_flux.csv.gz").unwrap();
        let rows = case.golden("partition_day.csv.gz").unwrap();
        let annual = case.golden("annual_gC_m-2.csv").unwrap();
        let measured: Vec<f64> = flux
            .get("NEE_uStar_f")
            .iter()
            .zip(flux.get("NEE_uStar_fqc"))
            .map(|(&nee, &quality)| if quality == 0.0 { nee } else { f64::NAN })
            .collect();
        let filled = (case.name != "synthetic_clean_2013")
            .then(|| case.golden("filled_meteo.csv.gz").unwrap());
        let weather = |name: &str| match &filled {
            Some(filled) => filled.get(&format!("{name}_f")),
            None => input.get(name),
        };
        // The spreads in full, which the reference prints with seven digits: the early stop of the
        // search turns the eighth into the fourth.
        let drivers = Drivers {
            radiation_w_m2: Some(input.get("Rg")),
            vpd_hpa: Some(input.get("VPD")),
            temperature_c: Some(input.get("Tair")),
        };
        let spreads: Vec<f64> = fill(&measured, &drivers, 48, Wanted::All, Reference::REddyProc)
            .estimates
            .iter()
            .map(|e| e.map_or(f64::NAN, |e| e.sd))
            .collect();
        for (setting, name) in [
            (Setting::NoSmooth, "nosmooth"),
            (Setting::Lasslop, "lasslop"),
        ] {
            let found = partition(
                &Columns {
                    nee: &measured,
                    nee_sd: &spreads,
                    temperature_c: weather("Tair"),
                    vpd_hpa: weather("VPD"),
                    radiation_w_m2: weather("Rg"),
                    potential_w_m2: night.get("PotRad"),
                    rows_per_day: 48,
                },
                setting,
            )
            .unwrap();
            let golden = case.golden(&format!("day_windows_{name}.csv")).unwrap();
            assert_eq!(found.windows.len(), golden.rows());
            let (mut same_end, mut near, mut near_night) = (0, 0, 0);
            for (i, window) in found.windows.iter().enumerate() {
                assert_eq!(window.centre_row as f64 + 1.0, golden.get("row")[i]);
                let expected = golden.get("FP_errorcode")[i];
                let close = |f: f64, e: f64| (f - e).abs() <= 1e-4 * e.abs().max(1e-3);
                near_night += usize::from(
                    close(window.sensitivity_k, golden.get("FP_E0")[i])
                        && close(window.night_basal, golden.get("FP_RRef_Night")[i]),
                );
                let ended = f64::from(window.outcome as u16);
                if ended == expected {
                    same_end += 1;
                    let names = ["FP_k", "FP_beta", "FP_alpha", "FP_RRef"];
                    let all = names
                        .iter()
                        .zip(window.parameters)
                        .all(|(name, found)| close(found, golden.get(name)[i]));
                    near += usize::from(all || window.outcome != Outcome::Good);
                }
            }
            let n = found.windows.len();
            let sum = |column: &[f64]| column.iter().sum::<f64>() * GRAMS;
            let (reco, gpp) = (sum(&found.respiration), sum(&found.gpp));
            let reco_expected = annual.get(&format!("Reco_day_{name}"))[0];
            let gpp_expected = annual.get(&format!("GPP_day_{name}"))[0];
            let same_quality = found
                .quality
                .iter()
                .zip(rows.get(&format!("qc_{name}")))
                .filter(|(f, e)| f64::from(**f) == **e)
                .count();
            let close_rows = found
                .gpp
                .iter()
                .zip(rows.get(&format!("GPP_{name}")))
                .filter(|(f, e)| (*f - *e).abs() <= 1e-4 * e.abs().max(0.1))
                .count();
            println!(
                "{} {name}: {n} windows, night {near_night}, same end {same_end}, near {near}; rows near {close_rows}, quality {same_quality}; RECO {reco:.3} {reco_expected}, GPP {gpp:.3} {gpp_expected}",
                case.name
            );
            assert!(
                near_night * 100 >= n * 98,
                "{} {name} {near_night}",
                case.name
            );
            assert!(same_end * 100 >= n * 98, "{} {name} {same_end}", case.name);
            assert!(near * 100 >= n * 85, "{} {name} {near}", case.name);
            assert!((reco / reco_expected - 1.0).abs() < 0.005);
            assert!((gpp / gpp_expected - 1.0).abs() < 0.005);
        }
    }
}
