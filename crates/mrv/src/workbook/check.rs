//! What can be wrong with an MRV file before any run is looked at.

use super::project::{Project, Reference, StandardError};
use nutag_problem::{Error, Problem};

/// What is wrong, and what to do.
type Wrong = (String, &'static str);

pub(super) fn check(project: &Project) -> Result<(), Error> {
    let found = words(project)
        .or_else(|| years(project))
        .or_else(|| numbers(project))
        .or_else(|| lists(project));
    match found {
        None => project.named_policy().map(|_| ()),
        Some((what, advice)) => Err(Problem::new(what)
            .at(project.file.display())
            .advice(advice)
            .asked()),
    }
}

/// Nothing that the workbook shows to an officer may be blank.
fn words(project: &Project) -> Option<Wrong> {
    let about = &project.about;
    let mut texts = vec![
        ("[about] title", &about.title),
        ("[about] host", &about.host),
        ("[about] buyer", &about.buyer),
        ("[project] activity", &project.project.activity),
        ("[plan] source", &project.plan.source),
        ("[leakage] source", &project.leakage.source),
        ("[buffer] source", &project.buffer.source),
    ];
    if let Reference::Fixed { source, .. } = &project.reference {
        texts.push(("[reference] source", source));
    }
    if let StandardError::Given { source, .. } = &project.uncertainty.standard_error {
        texts.push(("[uncertainty] standard_error source", source));
    }
    for emission in &project.emissions {
        texts.push(("[[emissions]] label", &emission.label));
        texts.push(("[[emissions]] source", &emission.source));
    }
    for component in &project.uncertainty.component {
        texts.push(("[[uncertainty.component]] name", &component.name));
        texts.push(("[[uncertainty.component]] source", &component.source));
    }
    for role in &project.role {
        texts.push(("[[role]] person", &role.person));
        texts.push(("[[role]] role", &role.role));
    }
    for criterion in &project.eligibility {
        texts.push(("[[eligibility]] criterion", &criterion.criterion));
        texts.push(("[[eligibility]] evidence", &criterion.evidence));
    }
    let blank = texts.iter().find(|(_, text)| text.trim().is_empty())?;
    Some((
        format!("{} is empty", blank.0),
        "every figure of the workbook stands beside its source, and every criterion beside its evidence",
    ))
}

fn years(project: &Project) -> Option<Wrong> {
    let mut periods = vec![("[monitoring]", project.monitoring.years)];
    periods.extend(
        project
            .reference
            .years()
            .map(|years| ("[reference]", years)),
    );
    for (section, [first, last]) in &periods {
        if first > last {
            return Some((
                format!("{section} years = [{first}, {last}] runs backwards"),
                "write the first year first; both are included",
            ));
        }
    }
    let [first, last] = project.monitoring.years;
    let reference = project.reference.years()?;
    if reference[0] <= last && first <= reference[1] {
        return Some((
            format!(
                "[reference] {} to {} and [monitoring] {first} to {last} share years",
                reference[0], reference[1]
            ),
            "a year is either before the project or in it",
        ));
    }
    None
}

fn numbers(project: &Project) -> Option<Wrong> {
    let mut not_negative = vec![("[leakage] tCO2_per_year", project.leakage.tco2_per_year)];
    for emission in &project.emissions {
        not_negative.push(("[[emissions]] tCO2_per_year", emission.tco2_per_year));
    }
    for component in &project.uncertainty.component {
        not_negative.push(("[[uncertainty.component]] percent", component.percent));
    }
    if let StandardError::Given { tco2_per_year, .. } = project.uncertainty.standard_error {
        not_negative.push(("[uncertainty] standard_error tCO2_per_year", tco2_per_year));
    }
    for (name, value) in not_negative {
        if !(value.is_finite() && value >= 0.0) {
            return Some((
                format!("{name} = {value} is not a number of zero or above"),
                "emissions and errors are written as positive numbers; the workbook takes them off",
            ));
        }
    }
    if !(0.0..=100.0).contains(&project.buffer.percent) {
        return Some((
            format!(
                "[buffer] percent = {} is not 0 to 100",
                project.buffer.percent
            ),
            "write percent",
        ));
    }
    if !project.plan.expected_change_percent.is_finite() {
        return Some((
            "[plan] expected_change_percent is not a number".to_owned(),
            "write percent of the reference",
        ));
    }
    match &project.reference {
        Reference::UpperBound { confidence, .. } if !(*confidence > 0.0 && *confidence < 1.0) => {
            return Some((
                format!("[reference] confidence = {confidence} is not between 0 and 1"),
                "write 0.9 for 90 %",
            ));
        }
        Reference::Fixed { tco2_per_year, .. } if !tco2_per_year.is_finite() => {
            return Some((
                "[reference] tCO2_per_year is not a number".to_owned(),
                "write tonnes of CO2 a year",
            ));
        }
        _ => {}
    }
    if let StandardError::Given {
        degrees_of_freedom: 0,
        ..
    } = project.uncertainty.standard_error
    {
        return Some((
            "[uncertainty] standard_error has no degrees of freedom".to_owned(),
            "write 1 or more; draws of a Monte Carlo less one",
        ));
    }
    None
}

fn lists(project: &Project) -> Option<Wrong> {
    let regions = &project.project.regions;
    if regions.is_empty() {
        return Some((
            "[project] regions is empty: which land is it?".to_owned(),
            "name regions of the run",
        ));
    }
    for (name, list) in [("regions", regions), ("zones", &project.project.zones)] {
        let mut sorted = list.clone();
        sorted.sort();
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return Some((
                format!("[project] {name} has {:?} twice", pair[0]),
                "name each once, or it counts twice",
            ));
        }
    }
    if project.about.participants.is_empty() {
        return Some((
            "[about] participants is empty".to_owned(),
            "name who takes part",
        ));
    }
    let level = &project.level;
    let named = level.table.is_some() && level.column.is_some();
    let npp = level.name == super::project::LevelName::Npp;
    if npp && (level.table.is_some() || level.column.is_some()) || !npp && !named {
        return Some((
            format!(
                "[level] {} {}",
                level.name.word(),
                if npp {
                    "takes no `table` or `column`: it is npp_sum_tC of npp_by_region_zone_year"
                } else {
                    "needs `table` and `column` of the run"
                }
            ),
            "table = \"co2_uptake\" and column = the name of a column that ends in _tC or _tCO2",
        ));
    }
    let built_in: Vec<String> = super::policy::Policy::built_in()
        .map(|policies| policies.into_iter().map(|policy| policy.id).collect())
        .unwrap_or_default();
    for policy in &project.policy {
        if let Some(what) = policy.wrong() {
            return Some((
                format!("[[policy]] {what}"),
                "crates/mrv/data/policies.toml shows whole ones",
            ));
        }
        if built_in.contains(&policy.id) {
            return Some((
                format!("[[policy]] {:?} is a policy of the program", policy.id),
                "give your own another id",
            ));
        }
    }
    None
}
