//! Spikes against ONEFlux `qc_auto`.

use nutag_tower::quality::{Spikes, spikes};

use crate::shared::{CASES, columns};

#[test]
fn spikes_are_those_of_oneflux() {
    // What qc_auto counted.
    let counts = [[260, 31, 109], [425, 177, 250], [306, 83, 117]];
    for (folder, input) in [("oneflux_DE-Tha_1998", 0), ("oneflux_synthetic", 1)] {
        let path = format!("golden/flux/{folder}/qc_auto_spikes.csv.gz");
        let Some(golden) = columns(&path) else { return };
        let prepared;
        let input = if input == 0 {
            prepared = CASES[0].input().unwrap();
            [
                prepared.get("NEE"),
                prepared.get("LE"),
                prepared.get("H"),
                prepared.get("Rg"),
            ]
        } else {
            prepared = columns("data/flux/synthetic_tower.csv.gz").unwrap();
            [
                prepared.get("FC"),
                prepared.get("LE"),
                prepared.get("H"),
                prepared.get("SW_IN"),
            ]
        };
        let quality = (folder == "oneflux_synthetic").then(|| prepared.get("FC_SSITC_TEST"));
        for (i, (name, edge_step)) in [("NEE", 6.0), ("LE", 100.0), ("H", 100.0)]
            .iter()
            .enumerate()
        {
            let accepted: Vec<f64> = input[i]
                .iter()
                .enumerate()
                .map(|(row, &value)| {
                    // The reference was given the values that the first flag leaves.
                    let rejected = quality.is_some_and(|q| q[row] >= 2.0) && i == 0;
                    if rejected { f64::NAN } else { value }
                })
                .collect();
            let found = spikes(
                &accepted,
                &Spikes {
                    potential_w_m2: golden.get("SW_IN_POT_oneflux"),
                    radiation_w_m2: Some(input[3]),
                    photons: None,
                    rows_per_day: 48,
                    edge_step: *edge_step,
                },
            );
            let expected = golden.get(&format!("FLAG_SPIKE_{name}"));
            let found: Vec<f64> = found
                .flags
                .iter()
                .map(|f| f.map_or(f64::NAN, f64::from))
                .collect();
            let different: Vec<usize> = (0..found.len())
                .filter(|&r| {
                    found[r] != expected[r] && !(found[r].is_nan() && expected[r].is_nan())
                })
                .collect();
            println!("{folder} {name}: {} rows differ", different.len());
            assert!(different.is_empty(), "{folder} {name}: rows {different:?}");
            if folder == "oneflux_DE-Tha_1998" {
                let count = |flag: f64| found.iter().filter(|&&f| f == flag).count();
                assert_eq!([1.0, 2.0, 3.0].map(count), counts[i]);
            }
        }
    }
}
