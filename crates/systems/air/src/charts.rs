//! A chart per area: monthly means, the fit, the series without its cycle.

use nutag_report::draw::{FitPoint, Rgb, Series, SeriesChart};
use nutag_report::words::{distinct, slug};

use crate::series::{AreaSeries, MonthRow};
use crate::{AreaKind, Co2Plan};

const MEANS: Rgb = Rgb(0x1f, 0x5a, 0x8c);
const WITHOUT_CYCLE: Rgb = Rgb(0xa3, 0x4a, 0x1f);

/// One chart per area that has a value.
pub(crate) fn charts(plan: &Co2Plan, all: &[AreaSeries<'_>], note: &str) -> Vec<(String, String)> {
    let with_values = all
        .iter()
        .filter(|series| series.rows.iter().any(|row| row.mean.xco2_ppm.is_some()));
    let charts: Vec<(String, String)> = with_values
        .map(|series| chart(plan, series, note))
        .collect();
    // "A b" and "A-b" are one file name; none of them may take the place of the other.
    let names = distinct(charts.iter().map(|(name, _)| name.clone()));
    let svgs = charts.into_iter().map(|(_, svg)| svg);
    names.into_iter().zip(svgs).collect()
}

/// Name of the area for people.
fn title(series: &AreaSeries<'_>) -> String {
    let area = series.area;
    match (area.kind, &area.epoch) {
        (AreaKind::Country, _) => "all regions".to_owned(),
        (AreaKind::Zone, Some(epoch)) => format!("{}, {epoch}", area.name),
        _ => area.name.clone(),
    }
}

/// Its name without the ending, and its svg.
fn chart(plan: &Co2Plan, series: &AreaSeries<'_>, note: &str) -> (String, String) {
    let title = title(series);
    let points = |value: &dyn Fn(&MonthRow) -> Option<f64>| -> Vec<(f64, f64)> {
        // A missing month is a gap, so that no line runs over it.
        let Some((first, last)) = series.rows.first().zip(series.rows.last()) else {
            return Vec::new();
        };
        let months = first.month.through(last.month);
        months
            .map(|month| {
                let row = series.rows.iter().find(|row| row.month == month);
                let value = row.filter(|row| !row.mean.sparse).and_then(value);
                (time(month), value.unwrap_or(f64::NAN))
            })
            .collect()
    };
    let mut drawn = vec![Series {
        name: "Monthly mean".to_owned(),
        note: String::new(),
        colour: MEANS,
        points: points(&|row| row.mean.xco2_ppm),
        joined: false,
        fit: Vec::new(),
    }];
    let mut description = format!("Monthly means of XCO2 over {title}.");
    if let Ok(fit) = &series.fit {
        let (low, high) = fit.growth_interval(0.95).unwrap_or((f64::NAN, f64::NAN));
        let growth = format!(
            "{:+.2} ppm a year ({low:+.2} to {high:+.2})",
            fit.growth_per_year
        );
        description = format!("{description} Growth {growth}.");
        let (first, last) = plan.section.range().unwrap_or((series.first, series.first));
        let at = |y: &dyn Fn(usize) -> f64| -> Vec<FitPoint> {
            let months = first.through(last).enumerate();
            months
                .map(|(index, month)| FitPoint {
                    x: time(month),
                    y: y(index),
                    low: f64::NAN,
                    high: f64::NAN,
                })
                .collect()
        };
        drawn[0].note = format!(
            "cycle {:.1} ppm, highest in {}, lowest in {}",
            fit.amplitude,
            month_name(fit.month_of_maximum),
            month_name(fit.month_of_minimum)
        );
        drawn[0].fit = at(&|index| fit.line(index) + fit.cycle_at(index));
        drawn.push(Series {
            name: "Without the cycle".to_owned(),
            note: growth,
            colour: WITHOUT_CYCLE,
            points: points(&|row| series.deseasonalised_ppm(row)),
            joined: false,
            fit: at(&|index| fit.line(index)),
        });
    }
    let chart = SeriesChart {
        title: format!("CO2 in the air column: {title}"),
        description,
        y_label: "XCO2, ppm".to_owned(),
        series: drawn,
        note: format!(
            "{}{}. Months with values over less than {:.0} % of the area are left out. Interval: 95 %, allowing for the \
             memory of the noise.",
            first_said(note),
            plan.product(),
            100.0 * plan.section.least_valid_fraction
        ),
    };
    let epoch = series.area.epoch.as_deref().unwrap_or_default();
    let name = [series.area.kind.word(), epoch, &series.area.name].join(" ");
    (format!("xco2_{}", file_name(&name)), chart.svg())
}

/// A name as part of that of a file: short enough for every file system.
fn file_name(text: &str) -> String {
    const MOST_BYTES: usize = 120;
    let mut name = slug(text);
    while name.len() > MOST_BYTES {
        name.pop();
    }
    name
}

/// The note of the pipeline file as the first words of a picture's own note.
pub(crate) fn first_said(note: &str) -> String {
    match note.trim() {
        "" => String::new(),
        note if note.ends_with(['.', '!', '?']) => format!("{note} "),
        note => format!("{note}. "),
    }
}

/// The middle of a month in years.
fn time(month: nutag_formats::co2::Month) -> f64 {
    f64::from(month.year) + (f64::from(month.month) - 0.5) / 12.0
}

pub(crate) fn month_name(month: u8) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    NAMES[usize::from(month.clamp(1, 12)) - 1]
}
