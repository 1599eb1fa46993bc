//! The columns of the table of trends.

use nutag_carbon::{Quantity, Study, TrendRow, Why};
use nutag_report::{Column, Digits, Value};
use nutag_stats::slope::IntervalMethod;

use crate::tables::naming::{Naming, unit_shown, with_unit};

/// A column and what goes into it.
pub type Filled = (Column, Box<dyn Fn(&TrendRow<'_>) -> Value>);

/// All columns but the keys.
pub fn columns(study: &Study<'_>, naming: &Naming, hamed_rao: bool) -> Vec<Filled> {
    let unit = Units::of(study.quantity(), naming);
    let mut columns = series(&unit, naming);
    columns.extend(slopes(&unit));
    columns.extend(tests(hamed_rao));
    columns.extend(epochs(&unit));
    columns.push(filled(
        unit.slope(
            "detectable_slope",
            "Detectable slope",
            "The true slope that a t test at 0.05 would find with a probability of 80 %, given the \
             scatter about the least-squares line and these years.",
        ),
        |row| row.trend.detectable_slope.into(),
    ));
    columns.push(filled(
        text(
            "why_missing",
            "Why missing",
            "Why figures of the row are missing; missing if none is.",
        )
        .detail(),
        |row| why_missing(row).map_or(Value::Missing, Value::from),
    ));
    columns
}

fn filled(column: Column, fill: impl Fn(&TrendRow<'_>) -> Value + 'static) -> Filled {
    (column, Box::new(fill))
}

fn text(name: &str, label: &str, description: &str) -> Column {
    Column::new(name, label, "", Digits::Text, description)
}

fn number(name: &str, label: &str, digits: u8, description: &str) -> Column {
    Column::new(name, label, "", Digits::Significant(digits), description)
}

/// Names of figures in the density unit, as they are and per year.
struct Units<'a> {
    quantity: &'a Quantity,
    prefix: &'a str,
}

impl<'a> Units<'a> {
    fn of(quantity: &'a Quantity, naming: &'a Naming) -> Self {
        Self {
            quantity,
            prefix: &naming.quantity,
        }
    }

    fn density(&self, name: &str, label: &str, description: &str) -> Column {
        let unit = &self.quantity.density_unit;
        let name = with_unit(&format!("{}_{name}", self.prefix), unit);
        Column::new(
            &name,
            label,
            unit_shown(unit),
            Digits::Significant(4),
            description,
        )
    }

    fn slope(&self, name: &str, label: &str, description: &str) -> Column {
        let unit = slope_unit(self.quantity);
        let name = with_unit(&format!("{}_{name}", self.prefix), &unit);
        Column::new(&name, label, &unit, Digits::Significant(3), description)
    }
}

/// The unit of a slope: "gC m-2 per year", or "per year" of a plain number.
pub fn slope_unit(quantity: &Quantity) -> String {
    format!("{} per year", unit_shown(&quantity.density_unit))
        .trim()
        .to_owned()
}

fn series(unit: &Units<'_>, naming: &Naming) -> Vec<Filled> {
    let whole = |name: &str, label: &str, description: &str| {
        Column::new(name, label, "", Digits::Whole, description).detail()
    };
    let one = naming.period;
    vec![
        filled(
            whole(
                "periods",
                "Periods",
                &format!("Values of the series: {one}s with a valid cell."),
            ),
            |row| Value::count(row.trend.n as u64),
        ),
        filled(
            whole(
                "gaps",
                "Gaps",
                &format!("Missing values: {one}s without a valid cell."),
            ),
            |row| Value::count(row.trend.gaps as u64),
        ),
        filled(
            Column::new(
                "valid_area_km2",
                "Valid area",
                "km2",
                Digits::Decimals(0),
                &format!("Area of cells with a value that counts, mean over all {one}s."),
            )
            .detail(),
            |row| row.valid_area_km2.into(),
        ),
        filled(
            unit.density(
                "mean",
                &format!("Mean {}", unit.quantity.name),
                &format!(
                    "Mean over {one}s, each alike, of the area-weighted mean over valid cells."
                ),
            ),
            |row| row.trend.mean.into(),
        ),
    ]
}

fn slopes(unit: &Units<'_>) -> Vec<Filled> {
    let ols = "interval of the least-squares slope at 95 %, by Student's t.";
    let sen =
        "interval of the Theil-Sen slope at 95 % or a little more; theil_sen_interval says how.";
    let end = |name: &str, label: &str, which: &str, what: &str| {
        unit.slope(name, label, &format!("{which} end of the {what}"))
    };
    vec![
        filled(
            unit.slope(
                "theil_sen_slope",
                "Theil-Sen slope",
                "Median of the slopes of all pairs of values.",
            ),
            |row| row.trend.sen_slope.into(),
        ),
        filled(end("theil_sen_low", "95 % from", "Lower", sen), |row| {
            row.trend.sen_interval.map(|ends| ends[0]).into()
        }),
        filled(end("theil_sen_high", "95 % to", "Upper", sen), |row| {
            row.trend.sen_interval.map(|ends| ends[1]).into()
        }),
        filled(
            number(
                "theil_sen_coverage",
                "Theil-Sen coverage",
                4,
                "Probability with which such an interval covers the true slope.",
            )
            .detail(),
            |row| row.trend.sen_coverage.into(),
        ),
        filled(
            text(
                "theil_sen_interval",
                "Theil-Sen interval",
                "\"exact\" (Hollander and Wolfe), or \"normal-tie-corrected\" with ties or more than 40 \
                 periods.",
            )
            .detail(),
            |row| match row.trend.sen_method {
                Ok(IntervalMethod::Exact) => "exact".into(),
                Ok(IntervalMethod::Normal) => "normal-tie-corrected".into(),
                Err(_) => Value::Missing,
            },
        ),
        filled(
            unit.slope("ols_slope", "OLS slope", "Slope of the least-squares line."),
            |row| row.trend.ols_slope.into(),
        ),
        filled(
            unit.slope(
                "ols_slope_se",
                "OLS standard error",
                "Standard error of the least-squares slope, for independent errors.",
            ),
            |row| row.trend.ols_slope_se.into(),
        ),
        filled(end("ols_low", "OLS from", "Lower", ols).detail(), |row| {
            row.trend.ols_interval.map(|ends| ends[0]).into()
        }),
        filled(end("ols_high", "OLS to", "Upper", ols).detail(), |row| {
            row.trend.ols_interval.map(|ends| ends[1]).into()
        }),
    ]
}

fn tests(hamed_rao: bool) -> Vec<Filled> {
    let mut columns = vec![
        filled(
            Column::new(
                "mann_kendall_s",
                "Mann-Kendall S",
                "",
                Digits::Plain,
                "Rising pairs minus falling pairs.",
            )
            .detail(),
            |row| row.trend.s.map_or(Value::Missing, Value::Int),
        ),
        filled(
            number("tau_a", "Tau-a", 3, "S / number of pairs.").detail(),
            |row| row.trend.tau_a.into(),
        ),
        filled(
            number("tau_b", "Tau-b", 3, "Kendall's tau-b against time, corrected for ties.").detail(),
            |row| row.trend.tau_b.into(),
        ),
        filled(
            number("p", "p", 2, "Two-sided p of Mann-Kendall."),
            |row| row.trend.p.into(),
        ),
        filled(
            text(
                "p_method",
                "p method",
                "\"exact\" without ties and to 40 periods, otherwise \"normal-tie-corrected\", with \
                 continuity correction.",
            )
            .detail(),
            |row| row.trend.p_method.map_or(Value::Missing, |method| method.name().into()),
        ),
        filled(
            number(
                "adjusted_p",
                "q",
                2,
                "p adjusted within the family (Benjamini and Hochberg 1995): the smallest false discovery \
                 rate at which the test stands.",
            ),
            |row| row.adjusted_p.into(),
        ),
        filled(
            text(
                "trend",
                "Trend",
                "\"up\" or \"down\" where q is at most 0.05; \"not significant\"; or \"not tested\" and why.",
            ),
            |row| row.class.to_string().into(),
        ),
        filled(
            number(
                "lag1_autocorrelation",
                "Lag-1 autocorrelation",
                2,
                "Of the residuals of the least-squares line: a diagnostic, with a standard error near 1 / \
                 sqrt(periods).",
            )
            .detail(),
            |row| row.trend.lag1.into(),
        ),
    ];
    if hamed_rao {
        columns.push(filled(
            number(
                "hamed_rao_p",
                "Hamed-Rao p",
                2,
                "Two-sided p of Mann-Kendall with the variance of Hamed and Rao (1998), which may only grow; \
                 not adjusted, and without influence on \"trend\".",
            )
            .detail(),
            |row| row.trend.hamed_rao_p.map_or(Value::Missing, Value::from),
        ));
    }
    columns
}

fn epochs(unit: &Units<'_>) -> Vec<Filled> {
    let end = |name: &str, label: &str, which: &str| {
        let what = format!("{which} end of the interval of the difference at 95 %, by Welch's t.");
        unit.density(name, label, &what).detail()
    };
    vec![
        filled(
            unit.density(
                "epoch_difference",
                "Later minus earlier",
                "Mean of the later periods minus mean of the earlier; the notes say which.",
            ),
            |row| row.trend.epochs.difference.into(),
        ),
        filled(
            Column::new(
                "epoch_difference_percent",
                "Later minus earlier, relative",
                "%",
                Digits::Decimals(1),
                "The difference in percent of the earlier mean.",
            )
            .detail(),
            |row| row.trend.epochs.difference_percent.into(),
        ),
        filled(
            end("epoch_difference_low", "Difference from", "Lower"),
            |row| row.trend.epochs.interval.map(|ends| ends[0]).into(),
        ),
        filled(
            end("epoch_difference_high", "Difference to", "Upper"),
            |row| row.trend.epochs.interval.map(|ends| ends[1]).into(),
        ),
        filled(
            number(
                "epoch_difference_p",
                "Difference p",
                2,
                "Two-sided p of Welch's t.",
            )
            .detail(),
            |row| row.trend.epochs.p.into(),
        ),
    ]
}

/// Each reason once, in the order of the columns.
fn why_missing(row: &TrendRow<'_>) -> Option<String> {
    let trend = &row.trend;
    let reasons = [
        ("mean", trend.mean.err()),
        ("Theil-Sen slope", trend.sen_slope.err()),
        ("Theil-Sen interval", trend.sen_interval.err()),
        ("OLS standard error", trend.ols_slope_se.err()),
        ("OLS interval", trend.ols_interval.err()),
        ("tau-b", trend.tau_b.err()),
        ("p", trend.p.err()),
        ("lag-1 autocorrelation", trend.lag1.err()),
        ("Hamed-Rao p", trend.hamed_rao_p.and_then(Result::err)),
        ("epoch difference", trend.epochs.difference.err()),
        (
            "epoch difference in percent",
            trend.epochs.difference_percent.err(),
        ),
        ("epoch interval and p", trend.epochs.interval.err()),
        ("detectable slope", trend.detectable_slope.err()),
    ];
    let mut grouped: Vec<(Why, Vec<&str>)> = Vec::new();
    for (what, why) in reasons {
        let Some(why) = why else { continue };
        match grouped.iter_mut().find(|(known, _)| *known == why) {
            Some((_, list)) => list.push(what),
            None => grouped.push((why, vec![what])),
        }
    }
    let parts: Vec<String> = grouped
        .iter()
        .map(|(why, list)| format!("{}: {why}", list.join(", ")))
        .collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}
