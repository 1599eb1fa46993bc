//! Days, weeks, months and years as FLUXNET archives publish them, brought to totals.
//!
//! The unit of a column changes with the length of its period: NEE, GPP, respiration and
//! precipitation of days, weeks **and months** are means a day, of years sums; LE and H are W m-2
//! throughout. The quality is no class here but the part of the period that was measured or filled
//! well, from 0 to 1.

use std::path::Path;

use jiff::ToSpan;
use jiff::civil::Date;

use super::error::ReadError;
use super::text::Sheet;

/// Totals of a published period; NaN is missing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Published {
    /// Its first day.
    pub first_day: Date,
    /// Its days.
    pub days: i32,
    /// NEE in gC m-2.
    pub nee_gc: f64,
    /// The part of it that was measured or filled well, 0 to 1.
    pub nee_good: f64,
    /// Respiration by the night method in gC m-2.
    pub respiration_night_gc: f64,
    /// GPP by the night method in gC m-2.
    pub gpp_night_gc: f64,
    /// Respiration by the day method in gC m-2.
    pub respiration_day_gc: f64,
    /// GPP by the day method in gC m-2.
    pub gpp_day_gc: f64,
    /// Latent heat in MJ m-2.
    pub le_mj: f64,
    /// Sensible heat in MJ m-2.
    pub h_mj: f64,
    /// Precipitation in mm.
    pub precipitation_mm: f64,
}

/// How long the periods of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Length {
    Day,
    Week,
    Month,
    Year,
}

/// Columns of a published quantity, the first that a file has.
const COLUMNS: [&[&str]; 9] = [
    &["NEE_VUT_REF", "NEE_CUT_REF", "NEE_vUT"],
    &["NEE_VUT_REF_QC", "NEE_CUT_REF_QC", "NEE_vUT_QC"],
    &["RECO_NT_VUT_REF", "RECO_NT_CUT_REF"],
    &["GPP_NT_VUT_REF", "GPP_NT_CUT_REF"],
    &["RECO_DT_VUT_REF", "RECO_DT_CUT_REF", "RECO_DT_vUT"],
    &["GPP_DT_VUT_REF", "GPP_DT_CUT_REF", "GPP_DT_vUT"],
    &["LE_F_MDS"],
    &["H_F_MDS"],
    &["P_F"],
];

/// Reads a file of days, weeks, months or years.
///
/// # Errors
/// Returns an error if the file cannot be read, has no `TIMESTAMP` of 8, 6 or 4 digits nor a first
/// and last day, has no NEE, or holds a quality outside 0 to 1.
pub fn published(path: &Path) -> Result<Vec<Published>, ReadError> {
    let bytes = std::fs::read(path).map_err(|source| ReadError::Io {
        path: path.to_path_buf(),
        source,
    })?;
    let sheet = Sheet::new(path, &bytes)?;
    let positions = COLUMNS.map(|names| names.iter().find_map(|name| sheet.position(name)));
    if positions[0].is_none() {
        return Err(ReadError::of(
            path,
            "expected NEE_VUT_REF, NEE_CUT_REF or NEE_vUT of days, weeks, months or years, found none",
        ));
    }
    let mut all = Vec::with_capacity(sheet.records.len());
    for (record, &line) in sheet.records.iter().zip(&sheet.lines) {
        let field = |name: &str| sheet.position(name).and_then(|p| record.get(p));
        let (first_day, end, length) = span(field("TIMESTAMP"), field("TIMESTAMP_START"), field("TIMESTAMP_END"))
            .ok_or_else(|| ReadError::at(path, line, "expected a TIMESTAMP like 20130101, 201301 or 2013, or the first and last day of a week"))?;
        let days = (end - first_day).get_days();
        let mut values = [f64::NAN; 9];
        for (value, position) in values.iter_mut().zip(positions) {
            let Some(position) = position else { continue };
            let text = record.get(position).unwrap_or_default();
            *value = super::columns::number(text).ok_or_else(|| {
                ReadError::at(
                    path,
                    line,
                    format!(
                        "expected a number in the column \"{}\", found \"{text}\"",
                        sheet.names[position]
                    ),
                )
            })?;
        }
        let good = values[1];
        if !good.is_nan() && !(0.0..=1.0).contains(&good) {
            return Err(ReadError::at(
                path,
                line,
                format!(
                    "expected the part of the period that is good, 0 to 1, found {good}; classes of half-hours do not belong here"
                ),
            ));
        }
        // Means a day become totals; sums of a year are totals.
        let per_day = if length == Length::Year {
            1.0
        } else {
            f64::from(days)
        };
        let heat = f64::from(days) * 86_400.0 / 1e6;
        all.push(Published {
            first_day,
            days,
            nee_gc: values[0] * per_day,
            nee_good: good,
            respiration_night_gc: values[2] * per_day,
            gpp_night_gc: values[3] * per_day,
            respiration_day_gc: values[4] * per_day,
            gpp_day_gc: values[5] * per_day,
            le_mj: values[6] * heat,
            h_mj: values[7] * heat,
            precipitation_mm: values[8] * per_day,
        });
    }
    Ok(all)
}

/// First day, the day after the last, and the length of a period.
fn span(stamp: Option<&str>, from: Option<&str>, to: Option<&str>) -> Option<(Date, Date, Length)> {
    let part = |text: &str, range: std::ops::Range<usize>| text.get(range)?.parse::<i16>().ok();
    let day = |text: &str| {
        let (month, of_month) = (part(text, 4..6)?, part(text, 6..8)?);
        Date::new(
            part(text, 0..4)?,
            i8::try_from(month).ok()?,
            i8::try_from(of_month).ok()?,
        )
        .ok()
    };
    let (first, length) = match (stamp, from, to) {
        (Some(stamp), ..) => match stamp.len() {
            8 => (day(stamp)?, Length::Day),
            6 => (day(&format!("{stamp}01"))?, Length::Month),
            4 => (day(&format!("{stamp}0101"))?, Length::Year),
            _ => return None,
        },
        (None, Some(from), Some(to)) if from.len() == 8 && to.len() == 8 => {
            return Some((
                day(from)?,
                day(to)?.checked_add(1.day()).ok()?,
                Length::Week,
            ));
        }
        _ => return None,
    };
    let step = match length {
        Length::Month => 1.month(),
        Length::Year => 1.year(),
        Length::Day | Length::Week => 1.day(),
    };
    Some((first, first.checked_add(step).ok()?, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Result<Vec<Published>, String> {
        let path =
            std::env::temp_dir().join(format!("nutag-published-{}-{name}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        let found = published(&path).map_err(|e| e.to_string());
        std::fs::remove_file(&path).unwrap();
        found
    }

    #[test]
    fn months_are_means_a_day_and_years_are_sums() {
        let header = "TIMESTAMP,NEE_VUT_REF,NEE_VUT_REF_QC,LE_F_MDS,P_F,GPP_NT_VUT_REF\n";
        let month = read("mm", &format!("{header}201202,-1.5,0.9,50,2,-9999\n")).unwrap()[0];
        assert_eq!(month.days, 29);
        assert!(
            (month.nee_gc + 43.5).abs() < 1e-12 && (month.precipitation_mm - 58.0).abs() < 1e-12
        );
        assert!((month.le_mj - 50.0 * 29.0 * 0.0864).abs() < 1e-9 && month.gpp_night_gc.is_nan());
        let year = read("yy", &format!("{header}2012,-110,0.9,50,300,-9999\n")).unwrap()[0];
        assert_eq!(
            (year.days, year.nee_gc, year.precipitation_mm),
            (366, -110.0, 300.0)
        );
        assert!((year.le_mj - 50.0 * 366.0 * 0.0864).abs() < 1e-9);
        let day = read("dd", &format!("{header}20120229,-1.5,1,50,2,3\n")).unwrap()[0];
        assert_eq!((day.days, day.nee_gc), (1, -1.5));
        let weeks = "TIMESTAMP_START,TIMESTAMP_END,NEE_VUT_REF\n20131224,20131231,-1\n";
        let week = read("ww", weeks).unwrap()[0];
        assert_eq!((week.days, week.nee_gc), (8, -8.0));
    }

    #[test]
    fn classes_and_half_hours_are_refused() {
        let header = "TIMESTAMP,NEE_VUT_REF,NEE_VUT_REF_QC\n";
        let error = read("class", &format!("{header}201301,-1,2\n")).unwrap_err();
        assert!(error.contains("0 to 1, found 2"), "{error}");
        let error = read(
            "hh",
            "TIMESTAMP_START,TIMESTAMP_END,NEE_VUT_REF\n201301010000,201301010030,1\n",
        )
        .unwrap_err();
        assert!(error.contains("expected a TIMESTAMP"), "{error}");
    }
}
