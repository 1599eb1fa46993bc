//! Charts of uptake.

use crate::science::Level;
use nutag_frame::co2_from_carbon;
use nutag_report::draw::{BarChart, BarGroup, BarPart, Interval, IntervalChart, part_fills};

use crate::compute::Uptake;
use crate::section::ProportionSection;
use crate::tables::level_word;

/// A chart with the name of its file.
pub(crate) type Chart = (&'static str, String);

fn mt(tc: f64) -> f64 {
    co2_from_carbon(tc) / 1e6
}

/// The interval of a level over everything, mean of all years, MtCO2 a year.
fn drawn(uptake: &Uptake, level: Level, name: &str, note: &str) -> Option<Interval> {
    let summary = uptake.slices[0].drawn.first()?.get(&level)?;
    Some(Interval {
        name: name.to_owned(),
        note: note.to_owned(),
        value: mt(summary.median),
        ends: Some([mt(summary.p05), mt(summary.p95)]),
        highlight: true,
    })
}

/// NEP by model and by all draws; NBP where it is given.
pub(crate) fn signs(uptake: &Uptake, draws: Option<u32>, note: &str) -> Option<Chart> {
    let slice = &uptake.slices[0];
    let models = uptake.models();
    if models.is_empty() {
        return None;
    }
    let of_model = |level: Level| {
        models.iter().enumerate().filter_map(move |(index, model)| {
            let value = slice.by_model[index][0].tc(level)?;
            Some(Interval {
                name: format!("{}, {}", level_word(level), model.label()),
                note: String::new(),
                value: mt(value),
                ends: None,
                highlight: false,
            })
        })
    };
    let said = draws.map_or_else(String::new, |n| {
        format!("median and 5 to 95 % of {n} draws")
    });
    let mut rows: Vec<Interval> = of_model(Level::Nep).collect();
    rows.extend(drawn(uptake, Level::Nep, "NEP, all draws", &said));
    if uptake.nbp_stands(slice, 0) {
        rows.extend(of_model(Level::Nbp));
        rows.extend(drawn(uptake, Level::Nbp, "NBP, all draws", &said));
    }
    let agreement = uptake.agreement(slice, 0, Level::Nep);
    let chart = IntervalChart {
        title: "Sink or source".to_owned(),
        description: format!(
            "Net uptake by each model of respiration: {} of {} give a sink.",
            agreement.positive, agreement.models
        ),
        x_label: "net uptake, Mt CO₂ yr⁻¹; right of zero the land is a sink".to_owned(),
        rows,
        decimals: 0,
        note: note.to_owned(),
    };
    Some(("uptake_sign", chart.svg()))
}

/// Shares of the variance by component.
pub(crate) fn shares(uptake: &Uptake, note: &str) -> Option<Chart> {
    let whole: Vec<_> = uptake
        .decomposed
        .iter()
        .filter(|part| part.slice == 0 && part.place == 0)
        .collect();
    let first = whole.first()?;
    let components: Vec<&str> = first
        .alone
        .iter()
        .map(|(component, _)| component.name())
        .collect();
    let chart = BarChart {
        title: "What the uncertainty is made of".to_owned(),
        description:
            "Share of the variance by component, one at a time; uncertainty.csv has the numbers."
                .to_owned(),
        x_label: "share of the variance, %".to_owned(),
        parts: components
            .iter()
            .zip(part_fills(components.len()))
            .map(|(name, fill)| BarPart {
                name: (*name).to_owned(),
                fill,
            })
            .collect(),
        groups: whole
            .iter()
            .map(|part| {
                let variances: Vec<f64> = part.alone.iter().map(|(_, s)| s.sd * s.sd).collect();
                BarGroup {
                    name: level_word(part.level).to_owned(),
                    values: crate::science::uncertainty::variance_shares(&variances)
                        .into_iter()
                        .map(|share| 100.0 * share)
                        .collect(),
                }
            })
            .collect(),
        decimals: 0,
        note: note.to_owned(),
    };
    Some(("uptake_shares", chart.svg()))
}

/// Net uptake beside national figures.
pub(crate) fn proportion(uptake: &Uptake, section: &ProportionSection, note: &str) -> Chart {
    let mut rows: Vec<Interval> = [Level::Nep, Level::Nbp]
        .into_iter()
        .filter(|level| *level == Level::Nep || uptake.nbp_stands(&uptake.slices[0], 0))
        .filter_map(|level| {
            drawn(
                uptake,
                level,
                &format!("{}, all draws", level_word(level)),
                "uptake; right of zero a sink",
            )
        })
        .collect();
    if rows.is_empty() {
        rows.push(Interval {
            name: "NPP as CO2".to_owned(),
            note: "gross uptake of plants, not net".to_owned(),
            value: uptake.slices[0].rows[0].tc(Level::Npp).map_or(f64::NAN, mt),
            ends: None,
            highlight: true,
        });
    }
    rows.extend(section.figure.iter().map(|figure| Interval {
        name: figure.name.clone(),
        note: figure.source.clone(),
        value: figure.mtco2_per_year,
        ends: None,
        highlight: false,
    }));
    let chart = IntervalChart {
        title: "In proportion".to_owned(),
        description: "Net uptake of the land beside national figures.".to_owned(),
        x_label: "Mt CO₂ yr⁻¹; national figures by their size".to_owned(),
        rows,
        decimals: 0,
        note: note.to_owned(),
    };
    ("in_proportion", chart.svg())
}
