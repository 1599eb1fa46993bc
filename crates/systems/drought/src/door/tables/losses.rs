//! The dzud index beside losses, and what validation shows.

use nutag_report::{Column, Digits, Table, Value};

use super::super::dzud::{Dzud, DzudRow, place};
use super::super::plan::DroughtPlan;
use super::{Filled, fill, number, region_column, region_name, table};
use crate::dzud::{ScoreSkill, UNVERIFIED};

/// One row a region and year.
pub(in super::super) fn dzud(plan: &DroughtPlan, dzud: &Dzud) -> Table {
    let of = |name: &str, label: &str, unit: &str, description: &str, pick: fn(&DzudRow) -> f64| {
        fill(
            Column::new(name, label, unit, Digits::Decimals(2), description),
            move |row: &DzudRow| number(pick(row)),
        )
    };
    let columns: Vec<Filled<'_, DzudRow>> = vec![
        fill(region_column(), |row: &DzudRow| {
            region_name(plan, place(row)).into()
        }),
        fill(
            Column::key(
                "year",
                "Year",
                Digits::Plain,
                "Year of the losses; the winter ends in it, the summer is that before.",
            ),
            |row: &DzudRow| Value::Int(i64::from(row.year)),
        ),
        of(
            "summer_temperature_z",
            "Summer T",
            "sd",
            "Anomaly against all years of the record.",
            |r| r.summer[0],
        ),
        of(
            "summer_precipitation_z",
            "Summer P",
            "sd",
            "Anomaly against all years of the record.",
            |r| r.summer[1],
        ),
        of(
            "winter_temperature_z",
            "Winter T",
            "sd",
            "Anomaly against all years of the record.",
            |r| r.winter[0],
        ),
        of(
            "winter_precipitation_z",
            "Winter P",
            "sd",
            "Anomaly against all years of the record.",
            |r| r.winter[1],
        ),
        of(
            "winter_temperature_degC",
            "Winter",
            "degC",
            "Mean temperature of the winter.",
            |r| r.winter_deg_c,
        ),
        of(
            "summer_spei",
            "Summer SPEI",
            "",
            "Mean SPEI of the first window over the summer.",
            |r| r.summer_spei,
        ),
        of(
            "dzud_index",
            "Dzud index",
            "",
            "Hot dry summer and cold snowy winter; formula unverified.",
            |r| r.index,
        ),
        fill(
            Column::new(
                "mortality_percent",
                "Mortality",
                "%",
                Digits::Decimals(2),
                "Adult losses over the census of December before; missing without a row or a herd.",
            ),
            |row: &DzudRow| row.rate.map(|rate| 100.0 * rate).into(),
        ),
    ];
    let mut table = table("dzud", "Dzud: index and losses", columns, &dzud.rows);
    table.notes = vec![
        format!("Unverified: {UNVERIFIED}."),
        "Losses of newborn animals are in neither number. Snow depth is not known here, so white and black winters are not told apart.".to_owned(),
    ];
    table
}

/// What was asked of the data, and what came out.
pub(in super::super) fn validation(dzud: &Dzud) -> Table {
    type Row = (String, String, f64, Option<(f64, f64)>);
    let mut rows: Vec<Row> = Vec::new();
    let mut notes = Vec::new();
    match &dzud.panel {
        Ok(panel) => {
            let data = "regions and years";
            let mut add = |what: &str, value: f64, interval| {
                rows.push((data.to_owned(), what.to_owned(), value, interval));
            };
            let n = crate::standard::count;
            add("rows", n(panel.n), None);
            add("years", n(panel.years), None);
            add("rows with an event", n(panel.events), None);
            add("years with an event", n(panel.event_years), None);
            add("base rate", panel.base_rate, None);
            let mut skill = |what: &str, skill: &ScoreSkill| {
                add(what, skill.auc.auc, Some(skill.interval));
            };
            skill("AUC of winter cold", &panel.cold);
            skill("AUC of summer drought", &panel.drought);
            skill("AUC of both", &panel.both);
            skill("AUC, year left out", &panel.left_out);
            add("Brier score, year left out", panel.brier.score, None);
            add(
                "Brier score of the base rate",
                panel.brier.climatology,
                None,
            );
            add("Brier skill, year left out", panel.brier.skill, None);
            for (name, b) in ["intercept", "winter temperature", "summer SPEI"]
                .iter()
                .zip(&panel.firth.b)
            {
                add(&format!("Firth coefficient: {name}"), *b, None);
            }
            notes.push(panel.sentence());
        }
        Err(why) => notes.push(format!("Regions and years could not be validated: {why}.")),
    }
    match &dzud.national {
        Ok(national) => {
            let data = "national series";
            let mut add = |what: &str, value: f64| {
                rows.push((data.to_owned(), what.to_owned(), value, None));
            };
            add("years", crate::standard::count(national.n));
            add(
                "dzud years",
                crate::standard::count(national.event_years.len()),
            );
            add("AUC", national.auc.auc);
            if let Some(p) = national.exact_p {
                add("exact two-sided p of the AUC", p);
            }
            add("AUC, year left out", national.auc_left_out);
            add("R2 of the regression", national.regression.r2);
            add("R2, year left out", national.regression.r2_press);
            add("Durbin-Watson", national.regression.durbin_watson);
            notes.push(national.sentence());
        }
        Err(why) => notes.push(format!(
            "The national series could not be validated: {why}."
        )),
    }
    let columns: Vec<Filled<'_, Row>> = vec![
        fill(
            Column::key("data", "Data", Digits::Text, "Which rows."),
            |row: &Row| row.0.clone().into(),
        ),
        fill(
            Column::key("what", "What", Digits::Text, "Which number."),
            |row: &Row| row.1.clone().into(),
        ),
        fill(
            Column::new("value", "Value", "", Digits::Significant(4), "The number."),
            |row: &Row| number(row.2),
        ),
        fill(
            Column::new(
                "low",
                "Low",
                "",
                Digits::Significant(4),
                "Lower end of the 95 % interval from drawing whole years.",
            ),
            |row: &Row| row.3.map(|ends| ends.0).into(),
        ),
        fill(
            Column::new(
                "high",
                "High",
                "",
                Digits::Significant(4),
                "Upper end of that interval.",
            ),
            |row: &Row| row.3.map(|ends| ends.1).into(),
        ),
    ];
    let mut table = table(
        "dzud_validation",
        "Does the climate foresee losses?",
        columns,
        &rows,
    );
    notes.push(
        "The unit that is left out is the year; anomalies are taken inside the years that teach. AUC is not calibration; herd size, snow and storms are not among the regressors, so associations are no causes.".to_owned(),
    );
    table.notes = notes;
    table
}
