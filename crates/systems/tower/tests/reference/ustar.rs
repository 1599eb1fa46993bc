//! Potential radiation, thresholds and the filter against `REddyProc`.

use nutag_tower::quality::without_long_runs;
use nutag_tower::sun::potential_radiation_w_m2;
use nutag_tower::ustar::{Night, Rule, Settings, distribution, filter, seasons, thresholds};

use crate::shared::{CASES, assert_close, columns};

#[test]
fn potential_radiation() {
    for case in &CASES {
        let Some(golden) = case.golden("partition_night.csv.gz") else {
            return;
        };
        let centres = case.axis(golden.rows()).centres();
        let found = potential_radiation_w_m2(&centres, case.place);
        assert_close(case.name, &found, golden.get("PotRad"), 1e-5);
    }
}

#[test]
fn thresholds_of_classes_seasons_and_years() {
    for case in &CASES {
        let Some(input) = case.input() else { return };
        let centres = case.axis(input.rows()).centres();
        let nee = without_long_runs(input.get("NEE"));
        let night = Night {
            nee: &nee,
            temperature_c: input.get("Tair"),
            ustar_m_s: input.get("Ustar"),
            radiation_w_m2: input.get("Rg"),
        };
        let found = thresholds(&night, &seasons(&centres), &Settings::default());
        let classes = case.golden("ustar_by_temperature_class.csv").unwrap();
        let details = case.golden("ustar_season_detail.csv").unwrap();
        let own: Vec<f64> = found.seasons.iter().map(|s| s.own_m_s).collect();
        assert_close(case.name, &own, details.get("uStarSeasonEst"), 1e-5);
        let n: Vec<f64> = found.seasons.iter().map(|s| s.night_rows as f64).collect();
        assert_close(case.name, &n, details.get("nRec"), 0.0);
        for season in &found.seasons {
            let expected = classes.get(&season.label.to_string());
            if !season.classes_m_s.is_empty() {
                assert_close(case.name, &season.classes_m_s, expected, 1e-5);
            }
        }
        let all = case.golden("ustar_thresholds.csv").unwrap();
        let expected = all.get("uStar");
        let mut listed = vec![found.record_m_s, found.of_year(case.year)];
        listed.extend(found.seasons.iter().map(|s| s.threshold_m_s));
        // The season's own line gives its own estimate where there is one.
        assert_close(case.name, &listed, expected, 1e-5);
    }
}

#[test]
fn the_filter_removes_the_same_rows() {
    for case in &CASES {
        let Some(input) = case.input() else { return };
        let centres = case.axis(input.rows()).centres();
        let nee = without_long_runs(input.get("NEE"));
        let night = Night {
            nee: &nee,
            temperature_c: input.get("Tair"),
            ustar_m_s: input.get("Ustar"),
            radiation_w_m2: input.get("Rg"),
        };
        let seasons = seasons(&centres);
        let found = thresholds(&night, &seasons, &Settings::default());
        let mut years = vec![0; centres.len()];
        for season in &seasons {
            years[season.first_row..season.end_row].fill(season.year);
        }
        let flags = filter(
            &centres,
            &years,
            night.ustar_m_s,
            night.radiation_w_m2,
            |year| found.of_year(year),
            Rule::Night,
        );
        let flags: Vec<f64> = flags.iter().map(|&f| f64::from(f as u8)).collect();
        let golden = case.golden("filled_flux.csv.gz").unwrap();
        assert_close(case.name, &flags, golden.get("USTAR_fqc"), 0.0);
    }
}

#[test]
fn resampled_thresholds_lie_where_the_reference_has_them() {
    for case in &CASES {
        let Some(input) = case.input() else { return };
        let centres = case.axis(input.rows()).centres();
        let nee = without_long_runs(input.get("NEE"));
        let night = Night {
            nee: &nee,
            temperature_c: input.get("Tair"),
            ustar_m_s: input.get("Ustar"),
            radiation_w_m2: input.get("Rg"),
        };
        let seasons = seasons(&centres);
        let found = distribution(&night, &seasons, &Settings::default(), 100, 1);
        let golden = columns(&format!("golden/flux/{}/ustar_bootstrap.csv", case.name)).unwrap();
        let year = found.of_year(case.year);
        for (name, value) in [
            ("5%", year.p05_m_s),
            ("50%", year.p50_m_s),
            ("95%", year.p95_m_s),
        ] {
            let expected = golden.get(name)[1];
            println!(
                "{} {name}: found {value:.4}, reference {expected:.4}",
                case.name
            );
            if name == "50%" {
                let off = (value - expected).abs();
                assert!(
                    off <= 0.05 || off <= 0.15 * expected,
                    "{} {value} {expected}",
                    case.name
                );
            }
        }
        let again = distribution(&night, &seasons, &Settings::default(), 100, 1);
        assert_eq!(format!("{found:?}"), format!("{again:?}"));
    }
}
