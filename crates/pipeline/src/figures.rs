//! The charts of a study.

use nutag_carbon::{Family, Figure, Study, Transitions, Trends, ZoneChange, ZoneChangeRow};
use nutag_report::draw::{
    BarChart, BarGroup, BarPart, FitPoint, FlowChart, FlowClass, Series, SeriesChart, part_fills,
    zone_fills, zone_inks,
};
use nutag_stats::slope::ols;

/// A chart with the name of its file.
#[derive(Debug, Clone)]
pub struct Chart {
    /// Name without ending.
    pub name: &'static str,
    /// The chart.
    pub svg: String,
}

/// Confidence of the bands around trend lines.
const LEVEL: f64 = 0.95;

/// Areas from the zones of the first epoch to those of the second.
#[must_use]
pub fn zone_flows(study: &Study<'_>, moved: &Transitions, note: &str) -> Chart {
    let names = study.names();
    let zones = &names.from.zones;
    let flow = |from: &String, to: &String| {
        let pair = moved
            .pairs
            .iter()
            .find(|pair| pair.from == *from && pair.to == *to);
        pair.map_or(0.0, |pair| pair.area_km2 / 1000.0)
    };
    let chart = FlowChart {
        title: format!(
            "Zones of the {} and the {}",
            names.from.label, names.to.label
        ),
        description: "Area that stayed in each zone and area that moved from one zone to another; \
                      zone_transitions.csv has the numbers."
            .to_owned(),
        from_title: names.from.label.clone(),
        to_title: names.to.label.clone(),
        unit: "thousand km²".to_owned(),
        classes: zones
            .iter()
            .zip(zone_fills(zones.len()))
            .map(|(name, fill)| FlowClass {
                name: name.clone(),
                fill,
            })
            .collect(),
        flows: zones
            .iter()
            .map(|from| zones.iter().map(|to| flow(from, to)).collect())
            .collect(),
        decimals: 0,
        note: note.to_owned(),
    };
    Chart {
        name: "zone_flows",
        svg: chart.svg(),
    }
}

/// One of the effects of a row.
type EffectOf = fn(&ZoneChangeRow) -> Figure;

/// What the change of each zone's total is made of.
#[must_use]
pub fn effects(study: &Study<'_>, change: &ZoneChange, note: &str) -> Chart {
    let quantity = study.quantity();
    let parts: [(&str, EffectOf); 2] = [
        ("Area effect", |row| row.area_effect),
        ("Density effect", |row| row.density_effect),
    ];
    let in_total_unit = |figure: Figure| figure.unwrap_or(f64::NAN);
    let chart = BarChart {
        title: format!(
            "What goes with area and what with density: {}",
            quantity.name
        ),
        description: "Effects of area and density on the total of each zone and of the country; \
                      over the country they cancel."
            .to_owned(),
        x_label: format!("change of {} ({})", quantity.name, quantity.total_unit),
        parts: parts
            .iter()
            .zip(part_fills(parts.len()))
            .map(|((name, _), fill)| BarPart {
                name: (*name).to_owned(),
                fill,
            })
            .collect(),
        groups: change
            .rows
            .iter()
            .chain([&change.total])
            .map(|row| BarGroup {
                name: row.zone.clone(),
                values: parts
                    .iter()
                    .map(|(_, effect)| in_total_unit(effect(row)))
                    .collect(),
            })
            .collect(),
        decimals: 1,
        note: note.to_owned(),
    };
    Chart {
        name: "effects",
        svg: chart.svg(),
    }
}

/// The series of each zone of the first epoch with its trend line and band.
#[must_use]
pub fn zone_series(
    study: &Study<'_>,
    trends: &Trends<'_>,
    times_years: &[f64],
    note: &str,
) -> Chart {
    let names = study.names();
    let quantity = study.quantity();
    let inks = zone_inks(names.from.zones.len());
    let of_zone = |zone: &String| {
        trends.rows.iter().find(|row| {
            row.family == Family::Zones
                && row.zone == Some(zone.as_str())
                && row.zone_epoch == Some(names.from.label.as_str())
        })
    };
    let series = names
        .from
        .zones
        .iter()
        .zip(inks)
        .filter_map(|(zone, colour)| of_zone(zone).map(|row| (zone, colour, row)))
        .map(|(zone, colour, row)| {
            let points: Vec<(f64, f64)> = times_years
                .iter()
                .zip(&row.series)
                .filter_map(|(time, value)| value.ok().map(|value| (*time, value)))
                .collect();
            Series {
                name: zone.clone(),
                note: row.class.to_string(),
                colour,
                fit: trend_line(&points),
                points,
                joined: true,
            }
        })
        .collect();
    let chart = SeriesChart {
        title: format!(
            "Mean {} in the zones of the {}",
            quantity.name, names.from.label
        ),
        description: "Mean of each zone by year with its least-squares line and the 95 % band of \
                      that line; the table of trends has the tests."
            .to_owned(),
        y_label: match quantity.density_unit.as_str() {
            "1" => quantity.name.clone(),
            unit => format!("{} ({})", quantity.name, unit.replace("m-2", "m⁻²")),
        },
        series,
        note: note.to_owned(),
    };
    Chart {
        name: "zone_series",
        svg: chart.svg(),
    }
}

/// The least-squares line with its band; nothing where there is none.
fn trend_line(points: &[(f64, f64)]) -> Vec<FitPoint> {
    let (times, values): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
    let Ok(line) = nutag_stats::Series::complete(&times, &values).and_then(|series| ols(&series))
    else {
        return Vec::new();
    };
    let point = |&x: &f64| {
        let (low, high) = line.line_interval(x, LEVEL).ok()?;
        Some(FitPoint {
            x,
            y: line.at(x),
            low,
            high,
        })
    };
    times.iter().filter_map(point).collect()
}
