//! What a reader of the table of trends must know.

use std::ops::RangeInclusive;

use nutag_carbon::{FALSE_DISCOVERY_RATE, Family, Study, Trends};

use crate::config::MaskRule;
use crate::tables::naming::Naming;

/// The notes of the table.
pub fn notes(study: &Study<'_>, trends: &Trends<'_>, mask: MaskRule) -> Vec<String> {
    let naming = Naming::of(study);
    let (one, names, quantity) = (naming.period, study.names(), study.quantity());
    let cells = match mask {
        MaskRule::Common => format!("over the cells that are valid in every {one}"),
        MaskRule::PerYear => format!(
            "over the cells valid in that {one}: they differ between {one}s, so a mean can change though no \
             cell does"
        ),
    };
    let mut notes = vec![
        format!(
            "A row is one series of {} {one}s, {}: the area-weighted mean {} {cells}. It is tested once, as a \
             whole.",
            names.periods.len(),
            span(study),
            quantity.name
        ),
        format!(
            "Zones are those of one map, the same in all {one}s; in regions, those of the {}. Cells outside \
             the zones belong to the country and to their region only.",
            names.from.label
        ),
        format!(
            "q adjusts p for the number of tests in the family (Benjamini and Hochberg); up and down are \
             called at q of {FALSE_DISCOVERY_RATE} or less. Families: {}.",
            families(trends)
        ),
        epochs(study, trends),
        format!(
            "All intervals and p take {one}s as independent. With a dozen {one}s no correction for \
             autocorrelation works; where lag1_autocorrelation is well above 0, p is too small. A trend says \
             nothing about its cause."
        ),
        "A slope as large as detectable_slope is found four times in five by a t test; Mann-Kendall needs about \
         a twelfth more at 12 values. Smaller trends can be there and not be found."
            .to_owned(),
    ];
    if !names.annual() {
        notes.push(
            "Periods of different seasons are compared as they are, without a seasonal adjustment: slopes over \
             composites of a part of a year are the course of the season, not a trend."
                .to_owned(),
        );
    }
    notes
}

/// First and last period: "2001-2012".
pub fn span(study: &Study<'_>) -> String {
    let periods = &study.names().periods;
    match (periods.first(), periods.last()) {
        (Some(first), Some(last)) if study.names().annual() => {
            format!("{}-{}", first.label, last.label)
        }
        (Some(first), Some(last)) => format!("{} to {}", first.label, last.label),
        _ => String::new(),
    }
}

fn families(trends: &Trends<'_>) -> String {
    let named = |family| match family {
        Family::Country => "the country",
        Family::Zones => "zones of both epochs",
        Family::Regions => "regions",
        Family::RegionsByZone => "zones in regions",
    };
    let parts: Vec<String> = trends
        .families
        .iter()
        .map(|family| {
            format!(
                "{} ({} of {} tested)",
                named(family.family),
                family.tested,
                family.rows
            )
        })
        .collect();
    parts.join(", ")
}

fn epochs(study: &Study<'_>, trends: &Trends<'_>) -> String {
    let [before, after] = &trends.epochs;
    format!(
        "Epochs compared: {} and {}, {}.",
        epoch(before),
        epoch(after),
        if study.names().annual() {
            "years, both ends included"
        } else {
            "decimal years in which periods begin"
        }
    )
}

/// Whole years without the part of the last that makes it whole.
fn epoch(times: &RangeInclusive<f64>) -> String {
    let (first, last) = (*times.start(), *times.end());
    if last.next_up() == last.ceil() && last < last.ceil() {
        format!("{first}-{}", last.floor())
    } else if first.fract() == 0.0 && last.fract() == 0.0 {
        format!("{first}-{last}")
    } else {
        format!("{first:.3}-{last:.3}")
    }
}
