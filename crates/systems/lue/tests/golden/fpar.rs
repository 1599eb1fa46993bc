//! FPAR and LAI on two real tiles, and a real series with its gaps.

use std::collections::BTreeMap;

use hdf4::Hdf4File;
use nutag_lue::science::fpar::{GREATEST_COUNT, Screen, fill};

use crate::files::{golden, shared};

#[test]
fn every_quality_byte() {
    let Some(rows) = golden("mod15_qc_bits.csv") else {
        return;
    };
    assert_eq!(rows.len(), 256);
    for row in &rows {
        let qc = row.byte("qc");
        let strict = row.byte("modland_bit0") == 0
            && [0, 3].contains(&row.byte("cloudstate_bits34"))
            && row.byte("scf_qc_bits57") <= 1;
        assert_eq!(Screen::Strict.accepts(qc), strict, "{qc}");
        let fails = row.byte("arthur_e_fail") == 1;
        assert_eq!(Screen::CloudOnly.accepts(qc), !fails, "{qc}");
    }
    // The list of accepted bytes that others keep by hand is the same rule.
    let list: Vec<u8> = (0..=255).filter(|qc| Screen::Strict.accepts(*qc)).collect();
    for qc in [0, 2, 24, 26, 32, 34, 56, 58] {
        assert!(list.contains(&qc), "{qc}");
    }
}

fn layer(file: &Hdf4File, name: &str) -> Vec<u8> {
    let dataset = file.dataset(name).unwrap();
    file.read::<u8>(dataset).unwrap()
}

#[test]
fn screens_of_two_real_tiles() {
    let (Some(folder), Some(rows), Some(histogram)) = (
        shared("data/lue"),
        golden("mcd15a2h_screens.csv"),
        golden("mcd15a2h_qc_histogram.csv"),
    ) else {
        return;
    };
    let names = [
        ("A2016201", "MCD15A2H.A2016201.h18v05.006.2016215124658.hdf"),
        ("A2016209", "MCD15A2H.A2016209.h18v05.006.2016223051044.hdf"),
    ];
    for (date, name) in names {
        let file = Hdf4File::open(folder.join(name)).unwrap();
        let fpar = layer(&file, "Fpar_500m");
        let lai = layer(&file, "Lai_500m");
        let qc = layer(&file, "FparLai_QC");
        let mut counts: BTreeMap<u8, (u64, u64)> = BTreeMap::new();
        let mut sums: BTreeMap<&str, (u64, u64, u64)> = BTreeMap::new();
        for ((fpar, lai), qc) in fpar.iter().zip(&lai).zip(&qc) {
            let of_byte = counts.entry(*qc).or_default();
            of_byte.0 += 1;
            if *fpar > GREATEST_COUNT {
                continue;
            }
            of_byte.1 += 1;
            let screens = [
                ("valid", true),
                ("strict", Screen::Strict.accepts(*qc)),
                ("fluxdatakit", Screen::Strict.accepts(*qc)),
                ("arthur_e", Screen::CloudOnly.accepts(*qc)),
            ];
            for (screen, _) in screens.iter().filter(|(_, passes)| *passes) {
                let sum = sums.entry(screen).or_default();
                sum.0 += 1;
                sum.1 += u64::from(*fpar);
                sum.2 += u64::from(*lai);
            }
        }
        for row in rows.iter().filter(|row| row.text("date") == date) {
            let Some(sum) = sums.get(row.text("screen")) else {
                assert_eq!(row.text("screen"), "gee_bits_32_and_8");
                continue;
            };
            assert_eq!(sum.0.to_string(), row.text("pixels"));
            assert_eq!(sum.1.to_string(), row.text("sum_fpar_raw"));
            assert_eq!(sum.2.to_string(), row.text("sum_lai_raw"));
        }
        for row in histogram.iter().filter(|row| row.text("date") == date) {
            let found = counts[&row.byte("qc")];
            assert_eq!(found.0.to_string(), row.text("pixels"));
            assert_eq!(found.1.to_string(), row.text("pixels_with_fpar_le_100"));
        }
    }
}

/// Days since the first of March of the year 0, so that leap days come last in a year.
fn day_number(date: &str) -> f64 {
    let part = |range: std::ops::Range<usize>| date.get(range).unwrap().parse::<f64>().unwrap();
    let (year, month, day): (f64, f64, f64) = (part(0..4), part(5..7), part(8..10));
    let (y, m) = if month > 2.0 {
        (year, month - 3.0)
    } else {
        (year - 1.0, month + 9.0)
    };
    let leaps = (y / 4.0).floor() - (y / 100.0).floor() + (y / 400.0).floor();
    365.0 * y + leaps + ((153.0 * m + 2.0) / 5.0).floor() + day - 1.0
}

/// Three years of one forest cell, every four days.
#[test]
fn gaps_of_a_real_series() {
    let Some(rows) = golden("chlae_fpar_filled.csv") else {
        return;
    };
    let days: Vec<f64> = rows
        .iter()
        .map(|row| day_number(row.text("date")))
        .collect();
    for (bad, filled) in [
        ("bad_arthur_e", "filled_arthur_e"),
        ("bad_strict", "filled_strict"),
    ] {
        let series: Vec<Option<f64>> = rows
            .iter()
            .map(|row| (row.byte(bad) == 0).then(|| row.number("fpar_raw")))
            .collect();
        let ours = fill(&days, &series, rows.len()).unwrap();
        for (row, value) in rows.iter().zip(ours) {
            let theirs = row.number(filled);
            assert!(
                (value - theirs).abs() < 1e-9,
                "{}: {value} {theirs}",
                row.text("date")
            );
        }
    }
}
