//! Filled half-hours as a file with the names, units and flags of FLUXNET.

use std::fmt::Write as _;

use crate::compute::Tower;
use crate::fill::{EMPTY, Filled};
use crate::section::TowerSection;

/// A column: its name and its value in each row; NaN is missing.
type Named<'a> = (&'static str, Box<dyn Fn(usize) -> f64 + 'a>);

/// The name of the file, as FLUXNET archives name theirs.
#[must_use]
pub fn name(section: &TowerSection, tower: &Tower) -> String {
    let centres = &tower.processed.centres;
    let (first, last) = (centres[0].year, centres[centres.len() - 1].year);
    let step = match tower.processed.axis.step().per_day() {
        48 => "HH",
        _ => "HR",
    };
    format!("{}_NUTAG_FULLSET_{step}_{first}-{last}.csv", section.site)
}

/// The file. Missing values are -9999; flags are 0 measured, 1 good, 2 medium, 3 poor.
#[must_use]
pub fn csv(tower: &Tower) -> String {
    let columns = columns(tower);
    let mut text = "TIMESTAMP_START,TIMESTAMP_END".to_owned();
    for (name, _) in &columns {
        text.push(',');
        text.push_str(name);
    }
    text.push('\n');
    let axis = &tower.processed.axis;
    for row in 0..axis.rows() {
        let stamp = "%Y%m%d%H%M";
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "{},{}",
            axis.start(row).strftime(stamp),
            axis.end(row).strftime(stamp)
        );
        for (name, value) in &columns {
            let value = value(row);
            let _ = if value.is_nan() {
                write!(text, ",-9999")
            } else if name.ends_with("_QC") {
                write!(text, ",{value}")
            } else {
                write!(text, ",{value:.5}")
            };
        }
        text.push('\n');
    }
    text
}

fn columns(tower: &Tower) -> Vec<Named<'_>> {
    let processed = &tower.processed;
    let mut all: Vec<Named<'_>> = Vec::new();
    let mut filled = |value: &'static str, quality: &'static str, of: &'_ Filled| {
        let (values, flags) = (of.value.clone(), of.quality.clone());
        all.push((value, Box::new(move |row| values[row])));
        all.push((
            quality,
            Box::new(move |row| match flags[row] {
                EMPTY => f64::NAN,
                flag => f64::from(flag),
            }),
        ));
    };
    filled("TA_F_MDS", "TA_F_MDS_QC", &processed.temperature);
    filled("SW_IN_F_MDS", "SW_IN_F_MDS_QC", &processed.radiation);
    filled("VPD_F_MDS", "VPD_F_MDS_QC", &processed.vpd);
    filled("LE_F_MDS", "LE_F_MDS_QC", &processed.le);
    filled("H_F_MDS", "H_F_MDS_QC", &processed.h);
    filled("NEE_VUT_REF", "NEE_VUT_REF_QC", &processed.estimate.nee);
    let estimates = &processed.estimate.nee.estimates;
    all.push((
        "NEE_VUT_REF_RANDUNC",
        Box::new(move |row| estimates[row].map_or(f64::NAN, |e| e.sd)),
    ));
    all.push(("SW_IN_POT", Box::new(|row| processed.potential_w_m2[row])));
    let measured = &tower.measured;
    all.push(("USTAR", Box::new(|row| measured.ustar_m_s[row])));
    all.push(("NETRAD", Box::new(|row| measured.net_radiation[row])));
    all.push(("G", Box::new(|row| measured.ground[row])));
    if let Some((le, h)) = &tower.corrected {
        all.push(("LE_CORR", Box::new(|row| le[row])));
        all.push(("H_CORR", Box::new(|row| h[row])));
    }
    if let Ok(night) = &processed.estimate.night {
        all.push(("RECO_NT_VUT_REF", Box::new(|row| night.respiration[row])));
        all.push(("GPP_NT_VUT_REF", Box::new(|row| night.gpp[row])));
    }
    if let Ok(day) = &processed.estimate.day {
        all.push(("RECO_DT_VUT_REF", Box::new(|row| day.respiration[row])));
        all.push(("GPP_DT_VUT_REF", Box::new(|row| day.gpp[row])));
    }
    for scenario in &processed.scenarios {
        let name = match scenario.probability.map(|p| (p * 1000.0).round() as u32) {
            Some(50) => "NEE_VUT_USTAR05",
            Some(160) => "NEE_VUT_USTAR16",
            Some(500) => "NEE_VUT_USTAR50",
            Some(840) => "NEE_VUT_USTAR84",
            Some(950) => "NEE_VUT_USTAR95",
            _ => continue,
        };
        let values = &scenario.nee.value;
        all.push((name, Box::new(|row| values[row])));
    }
    all
}
