//! The trends in sentences.

use nutag_carbon::{Class, Family, Study, TrendRow, Trends};

use super::columns::slope_unit;
use super::notes::span;

/// What the country and the zones of the first epoch do.
pub fn answer(study: &Study<'_>, trends: &Trends<'_>) -> String {
    let name = &study.quantity().name;
    let unit = slope_unit(study.quantity());
    let from = &study.names().from.label;
    let mut text = String::new();
    for row in trends
        .rows
        .iter()
        .filter(|row| row.family == Family::Country)
    {
        text = format!(
            "Over {}, {name} of the country {}.",
            span(study),
            finding(row, &unit)
        );
    }
    let zones: Vec<_> = trends
        .rows
        .iter()
        .filter(|row| row.family == Family::Zones && row.zone_epoch == Some(from))
        .collect();
    for row in zones.iter().filter(|row| is_trend(row)) {
        let zone = row.zone.unwrap_or_default();
        text.push_str(&format!(
            " {name} of the zone \"{zone}\" {}.",
            finding(row, &unit)
        ));
    }
    let rest: Vec<_> = zones.iter().filter(|row| !is_trend(row)).collect();
    if rest.len() == zones.len() && !rest.is_empty() {
        text.push_str(&format!(
            " In none of the {} zones of the {from} does a trend stand out from chance.",
            rest.len()
        ));
    } else if !rest.is_empty() {
        let list: Vec<_> = rest
            .iter()
            .filter_map(|row| row.zone)
            .map(|z| format!("\"{z}\""))
            .collect();
        text.push_str(&format!(
            " No trend stands out from chance in {}.",
            list.join(", ")
        ));
    }
    text
}

/// What the country does, as the end of a sentence about it.
pub fn country(study: &Study<'_>, trends: &Trends<'_>) -> Option<String> {
    let mut rows = trends.rows.iter();
    let row = rows.find(|row| row.family == Family::Country)?;
    Some(format!(
        "over {} it {}",
        span(study),
        finding(row, &slope_unit(study.quantity()))
    ))
}

/// How many regions change, and where the rest of the table is.
pub fn further(study: &Study<'_>, trends: &Trends<'_>) -> String {
    let quantity = crate::tables::naming::quantity_slug(study.quantity());
    let count = |family, class| {
        let rows = trends.rows.iter();
        rows.filter(|row| row.family == family && row.class == class)
            .count()
    };
    let parts: Vec<String> = [
        (Family::Regions, "regions"),
        (Family::RegionsByZone, "zones in regions"),
    ]
    .into_iter()
    .map(|(family, name)| {
        let rows = trends
            .rows
            .iter()
            .filter(|row| row.family == family)
            .count();
        format!(
            "of {rows} {name}, {} go up and {} down",
            count(family, Class::Up),
            count(family, Class::Down)
        )
    })
    .collect();
    format!(
        "At a false discovery rate of 0.05 within each family, {}. A trend says nothing about its cause. \
         q is p adjusted for the number of tests; a slope as large as the detectable one would be found four \
         times in five. tables/{quantity}_trends.csv has every region, and each figure behind these.",
        parts.join("; ")
    )
}

fn is_trend(row: &TrendRow<'_>) -> bool {
    matches!(row.class, Class::Up | Class::Down)
}

/// "fell by 0.98 gC m-2 per year (Theil-Sen, 95 % CI ...; ...)".
fn finding(row: &TrendRow<'_>, unit: &str) -> String {
    let trend = &row.trend;
    let (Ok(slope), Ok(p), Ok(q), Ok(method)) =
        (trend.sen_slope, trend.p, row.adjusted_p, trend.p_method)
    else {
        return format!("was {}", row.class);
    };
    let ends = trend.sen_interval.ok();
    let decimals = decimals(
        ends.iter()
            .flatten()
            .fold(slope.abs(), |size, end| size.max(end.abs())),
    );
    let interval = match ends {
        Some([low, high]) => format!("95 % CI {low:.decimals$} to {high:.decimals$}"),
        None => "too few values for a 95 % CI".to_owned(),
    };
    let test = format!(
        "{interval}; {} Mann-Kendall p {}, q {}",
        method.name(),
        shown(p),
        shown(q)
    );
    let size = slope.abs();
    match row.class {
        Class::Up => format!("rose by {size:.decimals$} {unit} (Theil-Sen, {test})"),
        Class::Down => format!("fell by {size:.decimals$} {unit} (Theil-Sen, {test})"),
        Class::NotSignificant | Class::NotTested(_) => {
            let found = trend.detectable_slope.map_or(String::new(), |slope| {
                format!("; a slope of {slope:.decimals$} would be found four times in five")
            });
            format!(
                "shows no trend that stands out from chance (Theil-Sen {slope:+.decimals$} {unit}, {test}{found})"
            )
        }
    }
}

/// Decimals that show a number of this size to two or three digits.
fn decimals(size: f64) -> usize {
    let limits = [10.0, 0.1, 0.01, 1e-3, 1e-4, 1e-5];
    limits
        .iter()
        .position(|limit| size >= *limit)
        .unwrap_or(limits.len())
        + 1
}

/// A p to two digits and at most four decimals.
fn shown(p: f64) -> String {
    match p {
        0.095.. => format!("= {p:.2}"),
        0.0095.. => format!("= {p:.3}"),
        0.0001.. => format!("= {p:.4}"),
        _ => "< 0.0001".to_owned(),
    }
}
