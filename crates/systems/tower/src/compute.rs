//! One tower from its files to its totals.

use crate::chain::{ChainError, Measured, Processed, process};
use crate::energy::closure::Balance;
use crate::energy::correction;
use crate::readers::{Quantity, Record};
use crate::section::TowerSection;
use crate::totals::{Inputs, Totals, totals};

/// A tower that is done.
#[derive(Debug, Clone)]
pub struct Tower {
    /// What the chain made.
    pub processed: Processed,
    /// What was measured.
    pub measured: Measured,
    /// Months and years.
    pub totals: Vec<Totals>,
    /// LE and H of each row with the balance closed, in W m-2.
    pub corrected: Option<(Vec<f64>, Vec<f64>)>,
    /// What a reader of the result should know.
    pub notes: Vec<String>,
}

/// What a record holds for the chain.
#[must_use]
pub fn measured(record: &Record) -> Measured {
    Measured {
        nee: record.column(Quantity::Nee),
        le: record.column(Quantity::Le),
        h: record.column(Quantity::H),
        radiation_w_m2: record.column(Quantity::Radiation),
        temperature_c: record.column(Quantity::Temperature),
        vpd_hpa: record.column(Quantity::Vpd),
        ustar_m_s: record.column(Quantity::Ustar),
        net_radiation: record.column(Quantity::NetRadiation),
        ground: record.column(Quantity::Ground),
    }
}

/// Computes a tower.
///
/// # Errors
/// Returns an error if the record is too short, or lacks a column that nothing can be done without.
pub fn compute(section: &TowerSection, record: &Record) -> Result<Tower, ChainError> {
    let measured = measured(record);
    let processed = process(
        record.axis,
        &measured,
        &section.choices(record.ustar_filtered),
    )?;
    let has_balance = [
        Quantity::Le,
        Quantity::H,
        Quantity::NetRadiation,
        Quantity::Ground,
    ]
    .into_iter()
    .all(|quantity| record.has(quantity));
    let corrected = has_balance.then(|| {
        let rows = correction::corrected(
            &correction::Columns {
                le: &processed.le.value,
                le_quality: &processed.le.quality,
                h: &processed.h.value,
                h_quality: &processed.h.quality,
                net_radiation: &measured.net_radiation,
                ground: &measured.ground,
            },
            &record.axis,
        );
        rows.iter()
            .map(|c| c.map_or((f64::NAN, f64::NAN), |c| (c.le[1], c.h[1])))
            .unzip()
    });
    let totals = totals(&Inputs {
        processed: &processed,
        balance: Balance {
            le: &measured.le,
            h: &measured.h,
            net_radiation: &measured.net_radiation,
            ground: &measured.ground,
            storage: None,
        },
        corrected: corrected
            .as_ref()
            .map(|(le, h): &(Vec<f64>, Vec<f64>)| (le.as_slice(), h.as_slice())),
        sublimation: section.sublimation,
    });
    let mut notes = record.notes.clone();
    notes.extend(processed.notes.clone());
    let spikes = processed.spikes.iter().sum::<usize>();
    if spikes > 0 {
        notes.push(format!("{spikes} spikes were removed from NEE, LE and H"));
    }
    if processed.repeated > 0 {
        notes.push(format!(
            "{} values of NEE repeat themselves eight times or more and were removed",
            processed.repeated
        ));
    }
    Ok(Tower {
        processed,
        measured,
        totals,
        corrected,
        notes,
    })
}
