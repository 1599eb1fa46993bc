//! Months and years of towers as tables.

use nutag_report::{Column, Digits, Table, Value};

use crate::compute::Tower;
use crate::partition::night::Source;
use crate::readers::Published;
use crate::section::TowerSection;
use crate::totals::{Carbon, Sum, Totals};
use crate::ustar::Quantiles;

/// A tower with what was asked of it.
#[derive(Debug, Clone, Copy)]
pub struct Done<'a> {
    /// What was asked.
    pub section: &'a TowerSection,
    /// Kind of its files.
    pub kind: &'static str,
    /// What came of it.
    pub tower: &'a Tower,
}

/// A column with how its value is had.
struct Field {
    column: Column,
    value: fn(&Done<'_>, &Totals) -> Value,
}

fn field(column: Column, value: fn(&Done<'_>, &Totals) -> Value) -> Field {
    Field { column, value }
}

fn finite(value: f64) -> Value {
    if value.is_finite() {
        Value::Float(value)
    } else {
        Value::Missing
    }
}

fn count(n: usize) -> Value {
    Value::count(n as u64)
}

fn total(sum: Sum) -> Value {
    sum.total.map_or(Value::Missing, finite)
}

fn of(sum: Option<Sum>) -> Value {
    sum.map_or(Value::Missing, total)
}

/// The sum of NEE of the scenario whose probability is this, or next to it where many are spread
/// evenly.
fn scenario(totals: &Totals, probability: f64) -> Value {
    let far = |p: f64| (p - probability).abs();
    let reach = 0.5 / totals.scenarios.len().max(50) as f64 + 1e-9;
    totals
        .scenarios
        .iter()
        .min_by(|a, b| far(a.0).total_cmp(&far(b.0)))
        .filter(|(p, _)| far(*p) <= reach)
        .map_or(Value::Missing, |(_, carbon)| total(carbon.nee))
}

/// Half the distance of the two methods.
fn method(
    carbon: &Carbon,
    night: fn(&Carbon) -> Option<Sum>,
    day: fn(&Carbon) -> Option<Sum>,
) -> Value {
    match (
        night(carbon).and_then(|s| s.total),
        day(carbon).and_then(|s| s.total),
    ) {
        (Some(night), Some(day)) => finite((night - day).abs() / 2.0),
        _ => Value::Missing,
    }
}

fn number(name: &str, label: &str, unit: &str, decimals: u8, about: &str) -> Column {
    Column::new(name, label, unit, Digits::Decimals(decimals), about)
}

fn whole(name: &str, label: &str, about: &str) -> Column {
    Column::new(name, label, "", Digits::Whole, about)
}

const WHOLE: &str =
    "missing if the period is not whole: a sum is never scaled to what it might have been";

/// What months and years share.
fn shared_fields() -> Vec<Field> {
    let gc = "gC m-2";
    vec![
        field(Column::new("status", "status", "", Digits::Text, "whole, or why there is no sum: rows that the record does not cover, or that could not be filled"), |_, t| status(t).into()),
        field(number("coverage_percent", "rows with NEE", "%", 1, "rows with measured or filled NEE, of all rows that the calendar gives the period"), |_, t| finite(100.0 * t.carbon.nee.coverage)),
        field(whole("rows_expected", "rows of the calendar", "half-hours or hours that the calendar gives the period").detail(), |_, t| count(t.classes.expected)),
        field(whole("rows_record", "rows of the record", "rows between the first and the last of the record").detail(), |_, t| count(t.classes.rows)),
        field(whole("nee_measured_rows", "measured", "rows with measured NEE, without rejected qualities, spikes and repeated values, before u*"), |_, t| count(t.classes.measured)),
        field(whole("nee_used_rows", "used", "measured rows that are kept after u*"), |_, t| count(t.classes.used)),
        field(whole("nee_fill_good_rows", "filled well", "rows filled with quality 1").detail(), |_, t| count(t.classes.good)),
        field(whole("nee_fill_medium_rows", "filled from a wider window", "rows filled with quality 2").detail(), |_, t| count(t.classes.medium)),
        field(whole("nee_fill_poor_rows", "filled from far away", "rows filled with quality 3").detail(), |_, t| count(t.classes.poor)),
        field(whole("nee_empty_rows", "empty", "rows of the record that could not be filled").detail(), |_, t| count(t.classes.empty)),
        field(number("nee_poor_percent", "poorly filled", "%", 1, "rows filled with quality 3, of the rows of the record").detail(), |_, t| finite(100.0 * t.classes.poor as f64 / t.classes.rows as f64)),
        field(whole("longest_gap_rows", "longest gap", "longest run of rows without kept NEE").detail(), |_, t| count(t.classes.longest_gap)),
        field(number("nee_gC_m2", "NEE", gc, 2, &format!("net ecosystem exchange, above 0 is release to the air; {WHOLE}")), |_, t| total(t.carbon.nee)),
        field(number("nee_random_se_gC_m2", "random error", gc, 2, "standard error of the sum from random errors, with their autocorrelation"), |_, t| finite(t.random_se_gc)),
        field(number("nee_effective_rows", "effective rows", "", 0, "independent rows that the measured ones are worth").detail(), |_, t| t.random.map_or(Value::Missing, |r| finite(r.effective_rows))),
        field(number("nee_u05_gC_m2", "NEE at 5 % of u*", gc, 2, "NEE with the 5 % of the thresholds, through the whole chain").detail(), |_, t| scenario(t, 0.05)),
        field(number("nee_u16_gC_m2", "NEE at 16 % of u*", gc, 2, "NEE with the 16 % of the thresholds, through the whole chain").detail(), |_, t| scenario(t, 0.16)),
        field(number("nee_u50_gC_m2", "NEE at 50 % of u*", gc, 2, "NEE with the median threshold, through the whole chain").detail(), |_, t| scenario(t, 0.5)),
        field(number("nee_u84_gC_m2", "NEE at 84 % of u*", gc, 2, "NEE with the 84 % of the thresholds, through the whole chain").detail(), |_, t| scenario(t, 0.84)),
        field(number("nee_u95_gC_m2", "NEE at 95 % of u*", gc, 2, "NEE with the 95 % of the thresholds, through the whole chain").detail(), |_, t| scenario(t, 0.95)),
        field(number("nee_joint_se_gC_m2", "joint error", gc, 2, "random error and half the distance of the sums at 16 and 84 % of the scenarios, as roots of squares; the random error alone without scenarios"), |_, t| finite(t.joint_se_gc)),
        field(number("reco_night_gC_m2", "respiration, night method", gc, 2, &format!("ecosystem respiration, Reichstein et al. 2005; {WHOLE}")), |_, t| of(t.carbon.respiration_night)),
        field(number("reco_day_gC_m2", "respiration, day method", gc, 2, &format!("ecosystem respiration, Lasslop et al. 2010; {WHOLE}")), |_, t| of(t.carbon.respiration_day)),
        field(number("reco_method_halfrange_gC_m2", "respiration, methods apart", gc, 2, "half the distance of the two methods").detail(), |_, t| method(&t.carbon, |c| c.respiration_night, |c| c.respiration_day)),
        field(number("gpp_night_gC_m2", "GPP, night method", gc, 2, &format!("gross primary production as respiration less NEE, negative half-hours kept; {WHOLE}")), |_, t| of(t.carbon.gpp_night)),
        field(number("gpp_day_gC_m2", "GPP, day method", gc, 2, &format!("gross primary production of the light response curves; {WHOLE}")), |_, t| of(t.carbon.gpp_day)),
        field(number("gpp_method_halfrange_gC_m2", "GPP, methods apart", gc, 2, "half the distance of the two methods").detail(), |_, t| method(&t.carbon, |c| c.gpp_night, |c| c.gpp_day)),
        field(Column::new("gpp_claim", "GPP claimed", "", Digits::Text, "no in a month that is frozen (mean below -5 degC) or dark (mean radiation below 10 W m-2), where GPP is noise"), |_, t| if t.gpp_claimed { "yes" } else { "no" }.into()),
        field(number("nee_below_minus5c_umol_m2_s1", "NEE in the cold", "umol m-2 s-1", 3, "mean measured NEE below -5 degC; missing with fewer than 48 such rows").detail(), |_, t| t.cold_nee.map_or(Value::Missing, finite)),
        field(Column::new("feigned_uptake", "uptake in the cold", "", Digits::Text, "yes where NEE below -5 degC is negative in the mean: the heat of an open-path sensor feigns it (Burba et al. 2008)").detail(), |_, t| if t.feigned_uptake() { "yes" } else { "no" }.into()),
        field(number("le_MJ_m2", "latent heat", "MJ m-2", 2, &format!("latent heat flux; {WHOLE}")).detail(), |_, t| total(t.le_mj)),
        field(number("le_random_se_MJ_m2", "its random error", "MJ m-2", 2, "standard error of the sum from random errors").detail(), |_, t| finite(t.heat_se_mj[0])),
        field(number("h_MJ_m2", "sensible heat", "MJ m-2", 2, &format!("sensible heat flux; {WHOLE}")).detail(), |_, t| total(t.h_mj)),
        field(number("h_random_se_MJ_m2", "its random error", "MJ m-2", 2, "standard error of the sum from random errors").detail(), |_, t| finite(t.heat_se_mj[1])),
        field(number("et_mm", "evapotranspiration", "mm", 1, &format!("water of the latent heat as measured and filled; {WHOLE}")), |_, t| total(t.et_mm)),
        field(number("le_closed_MJ_m2", "latent heat, closed", "MJ m-2", 2, "latent heat with the energy balance closed, the Bowen ratio kept (ONEFlux); beside what was measured, not instead of it").detail(), |_, t| of(t.corrected.map(|c| c[0]))),
        field(number("h_closed_MJ_m2", "sensible heat, closed", "MJ m-2", 2, "sensible heat with the energy balance closed").detail(), |_, t| of(t.corrected.map(|c| c[1]))),
        field(number("et_closed_mm", "evapotranspiration, closed", "mm", 1, "water of the latent heat with the energy balance closed"), |_, t| of(t.corrected.map(|c| c[2]))),
        field(whole("closure_rows", "rows of the balance", "rows with all terms measured").detail(), |_, t| t.closure.map_or(Value::Missing, |c| count(c.rows))),
        field(number("closure_ratio", "energy balance ratio", "1", 3, "H + LE over net radiation less soil heat, summed over rows with all terms"), |_, t| t.closure.map_or(Value::Missing, |c| finite(c.ratio))),
        field(number("closure_ols_slope", "slope", "1", 3, "least squares of H + LE on the available energy").detail(), |_, t| t.closure.map_or(Value::Missing, |c| finite(c.ols_slope))),
        field(number("closure_ols_intercept_W_m2", "intercept", "W m-2", 2, "of the same line").detail(), |_, t| t.closure.map_or(Value::Missing, |c| finite(c.ols_intercept_w_m2))),
        field(number("closure_r2", "R2", "1", 3, "of the same line").detail(), |_, t| t.closure.map_or(Value::Missing, |c| finite(c.ols_r2))),
        field(number("closure_gmr_slope", "geometric slope", "1", 3, "geometric mean regression, which treats both sides alike").detail(), |_, t| t.closure.map_or(Value::Missing, |c| finite(c.gmr_slope))),
        field(number("temperature_degC", "air temperature", "degC", 2, "mean of measured and filled rows"), |_, t| finite(t.temperature_c)),
    ]
}

/// Why a period has no sum.
fn status(totals: &Totals) -> &'static str {
    let classes = &totals.classes;
    if totals.whole() {
        "whole"
    } else if classes.rows < classes.expected {
        "incomplete: the record does not cover it"
    } else {
        "incomplete: rows could not be filled"
    }
}

fn site_fields() -> Vec<Field> {
    vec![
        field(
            Column::key("site", "site", Digits::Text, "code of the tower"),
            |d, _| d.section.site.as_str().into(),
        ),
        field(
            Column::key(
                "year",
                "year",
                Digits::Plain,
                "calendar year, by the centre of each row, in the local standard time of the record",
            ),
            |_, t| Value::Int(i64::from(t.period.year)),
        ),
    ]
}

/// Months of all towers.
#[must_use]
pub fn months(towers: &[Done<'_>]) -> Table {
    let mut fields = site_fields();
    fields.push(field(
        Column::key("month", "month", Digits::Plain, "1 to 12"),
        |_, t| {
            t.period
                .month
                .map_or(Value::Missing, |m| Value::Int(i64::from(m)))
        },
    ));
    fields.extend(shared_fields());
    made(
        "tower_months",
        "Water, heat and CO2 of towers by month",
        &fields,
        towers,
        true,
    )
}

/// The quantiles of the thresholds of a row's year.
fn quantile(done: &Done<'_>, totals: &Totals, get: fn(&Quantiles) -> f64) -> Value {
    let found = done.tower.processed.distribution.as_ref();
    found.map_or(Value::Missing, |d| {
        finite(get(d.of_year(totals.period.year)))
    })
}

/// Years of all towers.
#[must_use]
pub fn years(towers: &[Done<'_>]) -> Table {
    let mut fields = site_fields();
    fields.extend(shared_fields());
    let ms = "m s-1";
    fields.extend([
        field(number("ustar_m_s", "u* threshold", ms, 4, "friction velocity below which night rows were removed; missing where the makers of the file had removed them"), |d, t| {
            let all = &d.tower.processed.estimate.thresholds_m_s;
            all.iter().find(|(y, _)| *y == t.period.year).map_or(Value::Missing, |(_, v)| finite(*v))
        }),
        field(number("ustar_05_m_s", "5 % of it", ms, 4, "quantile over resampled records").detail(), |d, t| quantile(d, t, |q| q.p05_m_s)),
        field(number("ustar_50_m_s", "50 % of it", ms, 4, "quantile over resampled records").detail(), |d, t| quantile(d, t, |q| q.p50_m_s)),
        field(number("ustar_95_m_s", "95 % of it", ms, 4, "quantile over resampled records").detail(), |d, t| quantile(d, t, |q| q.p95_m_s)),
        field(number("e0_K", "sensitivity E0", "K", 2, "sensitivity of night respiration to temperature (Lloyd and Taylor)").detail(), |d, t| sensitivity(d, t).map_or(Value::Missing, |(k, _)| finite(k))),
        field(Column::new("e0_source", "where E0 is from", "", Digits::Text, "windows of the year that span 5 degrees, or 3, or the whole record").detail(), |d, t| sensitivity(d, t).map_or(Value::Missing, |(_, s)| s.into())),
        field(Column::new("reader", "kind of file", "", Digits::Text, "as what the files were read").detail(), |d, _| d.kind.into()),
        field(number("utc_offset_hours", "offset from UTC", "h", 2, "hours that the clock of the record is ahead of UTC, the whole year").detail(), |d, _| finite(d.section.utc_offset_hours)),
    ]);
    made(
        "tower_years",
        "Water, heat and CO2 of towers by year",
        &fields,
        towers,
        false,
    )
}

fn sensitivity(done: &Done<'_>, totals: &Totals) -> Option<(f64, &'static str)> {
    let night = done.tower.processed.estimate.night.as_ref().ok()?;
    let found = night
        .sensitivities
        .iter()
        .find(|s| s.year.is_none_or(|year| year == totals.period.year))?;
    let source = match (found.year, found.source) {
        (None, _) | (_, Source::Record) => "record",
        (_, Source::Own) => "year, 5 degrees",
        (_, Source::OwnNarrow) => "year, 3 degrees",
    };
    Some((found.sensitivity_k, source))
}

fn made(name: &str, title: &str, fields: &[Field], towers: &[Done<'_>], months: bool) -> Table {
    let columns = fields.iter().map(|f| f.column.clone()).collect();
    let mut table = Table::new(name, title, columns);
    for done in towers {
        for totals in &done.tower.totals {
            if totals.period.month.is_some() == months {
                table
                    .rows
                    .push(fields.iter().map(|f| (f.value)(done, totals)).collect());
            }
        }
    }
    table.notes.push("A period is summed only if the record covers it and every row has a value; nothing is scaled. Both methods of partition are shown, because they differ by up to a third at the same tower.".to_owned());
    table
}

/// Totals that others have published, as they stand beside the program's own.
#[must_use]
pub fn published_table(rows: &[(&str, &Published)]) -> Table {
    let gc = "gC m-2";
    let columns = vec![
        Column::key("site", "site", Digits::Text, "code of the tower"),
        Column::key(
            "first_day",
            "first day",
            Digits::Text,
            "first day of the period",
        ),
        Column::key("days", "days", Digits::Plain, "days of the period"),
        number(
            "nee_gC_m2",
            "NEE",
            gc,
            2,
            "published NEE; a mean a day times the days, or the sum of a year",
        ),
        number(
            "nee_good_percent",
            "good",
            "%",
            1,
            "part of the period that was measured or filled well, as published",
        ),
        number(
            "reco_night_gC_m2",
            "respiration, night method",
            gc,
            2,
            "as published",
        ),
        number(
            "gpp_night_gC_m2",
            "GPP, night method",
            gc,
            2,
            "as published",
        ),
        number(
            "reco_day_gC_m2",
            "respiration, day method",
            gc,
            2,
            "as published",
        ),
        number("gpp_day_gC_m2", "GPP, day method", gc, 2, "as published"),
        number(
            "le_MJ_m2",
            "latent heat",
            "MJ m-2",
            2,
            "as published, times the seconds of the period",
        ),
        number(
            "h_MJ_m2",
            "sensible heat",
            "MJ m-2",
            2,
            "as published, times the seconds of the period",
        ),
        number(
            "precipitation_mm",
            "precipitation",
            "mm",
            1,
            "as published; a mean a day times the days, or the sum of a year",
        ),
    ];
    let mut table = Table::new(
        "tower_published",
        "Totals of towers that others have published",
        columns,
    );
    for (site, p) in rows {
        let mut row: Vec<Value> = vec![
            (*site).into(),
            p.first_day.to_string().into(),
            Value::Int(i64::from(p.days)),
        ];
        let numbers = [
            p.nee_gc,
            100.0 * p.nee_good,
            p.respiration_night_gc,
            p.gpp_night_gc,
            p.respiration_day_gc,
            p.gpp_day_gc,
            p.le_mj,
            p.h_mj,
            p.precipitation_mm,
        ];
        row.extend(numbers.map(finite));
        table.rows.push(row);
    }
    table
}
