//! Charts of drought and dzud.

use nutag_report::draw::{BarChart, BarGroup, BarPart, Series, SeriesChart, part_fills, zone_inks};

use super::compute::{Drought, mean_of_year};
use super::dzud::Dzud;
use super::section::DzudSection;

/// A chart with the name of its file.
pub(super) type Chart = (&'static str, String);

/// SPEI of the country by month, each window a line.
pub(super) fn drought(drought: &Drought, note: &str) -> Vec<Chart> {
    let Some(country) = drought.country() else {
        return Vec::new();
    };
    let first = drought.axis.first().year;
    let years = drought.axis.len() / 12;
    let series = drought
        .months
        .iter()
        .zip(zone_inks(drought.months.len()))
        .enumerate()
        .map(|(k, (months, colour))| Series {
            name: format!("SPEI-{months}"),
            note: String::new(),
            colour,
            points: (0..years)
                .map(|year| {
                    let at = f64::from(first) + crate::standard::count(year);
                    (
                        at,
                        mean_of_year(&country.spei[k], year).0.unwrap_or(f64::NAN),
                    )
                })
                .collect(),
            joined: true,
            fit: Vec::new(),
        })
        .collect();
    let chart = SeriesChart {
        title: "Drought index of the country".to_owned(),
        description: "Mean SPEI of each year over the area; below 0 is drier than usual."
            .to_owned(),
        y_label: "SPEI, standard deviations; below 0 drier than usual".to_owned(),
        series,
        note: note.to_owned(),
    };
    vec![("drought_index", chart.svg())]
}

/// The index and the losses by year, dzud years named.
pub(super) fn dzud(dzud: &Dzud, section: &DzudSection, note: &str) -> Vec<Chart> {
    let named = dzud.dzud_years(section.event_above);
    let fills = part_fills(2);
    let bars =
        |title: &str, x_label: String, part: &str, fill, decimals, pick: &dyn Fn(usize) -> f64| {
            BarChart {
                title: title.to_owned(),
                description: format!(
                    "{title} by year. Years of dzud, losses above {} %: {}.",
                    100.0 * section.event_above,
                    if named.is_empty() {
                        "none".to_owned()
                    } else {
                        named
                            .iter()
                            .map(i32::to_string)
                            .collect::<Vec<_>>()
                            .join(", ")
                    }
                ),
                x_label,
                parts: vec![BarPart {
                    name: part.to_owned(),
                    fill,
                }],
                groups: dzud
                    .years
                    .iter()
                    .enumerate()
                    .map(|(at, year)| BarGroup {
                        name: if named.contains(&year.year) {
                            format!("{} dzud", year.year)
                        } else {
                            year.year.to_string()
                        },
                        values: vec![pick(at)],
                    })
                    .collect(),
                decimals,
                note: note.to_owned(),
            }
        };
    let losses = bars(
        "Losses of livestock",
        "adult losses over the census of December before, %".to_owned(),
        "mortality",
        fills[0],
        1,
        &|at| dzud.years[at].rate.map_or(f64::NAN, |rate| 100.0 * rate),
    );
    let index = bars(
        "Dzud index",
        format!(
            "mean index of the regions (divisor {}; formula unverified)",
            section.divisor
        ),
        "dzud index",
        fills[1],
        2,
        &|at| dzud.years[at].index,
    );
    vec![
        ("dzud_mortality", losses.svg()),
        ("dzud_index", index.svg()),
    ]
}
