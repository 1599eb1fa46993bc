//! The section of the report, and the short tables it shows.

use crate::science::uncertainty::DrawSummary;
use crate::science::{LEVELS, Level};
use nutag_frame::co2_from_carbon;
use nutag_report::{Block, Column, Digits, Section, Table, Value};

use crate::columns::value;
use crate::compute::Uptake;
use crate::plan::UptakePlan;
use crate::section::ProportionSection;
use crate::tables::{gate_warning, level_word, notes};

/// A draw share beyond which a sign is called supported.
const SURE: f64 = 0.95;

/// Which sign of net uptake the result supports, and how sure that is: for people.
pub(crate) fn sign_sentence(uptake: &Uptake, plan: &UptakePlan) -> String {
    let slice = &uptake.slices[0];
    let agreement = uptake.agreement(slice, 0, Level::Nep);
    if agreement.models == 0 {
        return "No sign of net uptake is supported: without a climate there is no respiration, and NPP is only what plants take up before anything rots, is eaten or burns."
            .to_owned();
    }
    let models = format!(
        "{} of {} models of respiration give a sink",
        agreement.positive, agreement.models
    );
    let Some(nep) = slice.drawn.first().and_then(|drawn| drawn.get(&Level::Nep)) else {
        return if agreement.agree() {
            format!(
                "All {} models of respiration give a {} before grazing, fire and harvest; without [uptake.uncertainty] nobody knows how surely.",
                agreement.models,
                if agreement.positive > 0 {
                    "sink"
                } else {
                    "source"
                }
            )
        } else {
            format!("The sign of net uptake is open: {models}.")
        };
    };
    let draws = plan
        .section
        .uncertainty
        .as_ref()
        .map_or(0, |section| section.draws);
    let range = format!(
        "5 to 95 % of {draws} draws: {} to {} MtCO2 a year",
        shown(co2_from_carbon(nep.p05) / 1e6),
        shown(co2_from_carbon(nep.p95) / 1e6)
    );
    let sure = |share: f64| format!("{:.0} % of the draws", 100.0 * share);
    if nep.positive >= SURE {
        format!(
            "Before grazing, fire and harvest the land is a sink in {} ({range}); {models}.",
            sure(nep.positive)
        )
    } else if nep.positive <= 1.0 - SURE {
        format!(
            "Before grazing, fire and harvest the land is a source in {} ({range}); {models}.",
            sure(1.0 - nep.positive)
        )
    } else {
        format!(
            "The sign of net uptake is open: before grazing, fire and harvest {models}, and the land is a sink in {} ({range}).",
            sure(nep.positive)
        )
    }
}

fn nbp_sentence(uptake: &Uptake) -> Option<String> {
    let slice = &uptake.slices[0];
    if !uptake.nbp_stands(slice, 0) {
        return Some("After grazing there is no balance: more is eaten than grows by these inputs, so one of them is wrong.".to_owned());
    }
    let nbp: &DrawSummary = slice.drawn.first()?.get(&Level::Nbp)?;
    Some(format!(
        "After the losses that are given it is a sink in {:.0} % of the draws ({} to {} MtCO2 a year).",
        100.0 * nbp.positive,
        shown(co2_from_carbon(nbp.p05) / 1e6),
        shown(co2_from_carbon(nbp.p95) / 1e6)
    ))
}

/// Two significant digits.
fn shown(number: f64) -> String {
    if number == 0.0 || !number.is_finite() {
        return format!("{number}");
    }
    let power = libm::log10(number.abs()).floor() as i32 - 1;
    let step = libm::pow(10.0, f64::from(power));
    let rounded = (number / step).round() * step;
    let decimals = usize::try_from(-power).unwrap_or(0);
    format!("{rounded:.decimals$}")
}

/// What a level rests on, and what its sign means.
fn basis(level: Level, uptake: &Uptake) -> String {
    let losses = &uptake.inputs.losses;
    match level {
        Level::Npp => {
            "NPP product over its valid area. Positive: gross uptake by plants".to_owned()
        }
        Level::AboveGroundNpp => "share of NPP by land cover. Positive: growth".to_owned(),
        Level::BelowGroundNpp => "the rest of NPP. Positive: growth".to_owned(),
        Level::BiomassAbove => "stock: the year's growth above ground".to_owned(),
        Level::BiomassBelow => "stock: biomass above ground x ratio".to_owned(),
        Level::Rh => "mean of the models, driven by climate. Positive: given back".to_owned(),
        Level::Nep => "NPP - Rh. Positive: sink before grazing, fire, harvest".to_owned(),
        Level::Intake => "livestock tables. Positive: eaten".to_owned(),
        Level::Offtake => "intake less dung. Positive: lost".to_owned(),
        Level::Fire => "burned area x fuel. Positive: lost".to_owned(),
        Level::Harvest => "harvest tables. Positive: lost".to_owned(),
        Level::Nbp => {
            let given: Vec<&str> = [
                (losses.livestock.is_some(), "net grazing offtake"),
                (losses.fire.is_some(), "fire"),
                (losses.harvest_t.is_some(), "harvest"),
            ]
            .into_iter()
            .filter_map(|(given, name)| given.then_some(name))
            .collect();
            format!("NEP less {}. Positive: sink", given.join(", "))
        }
    }
}

/// Whether a level has no single number: its models disagree about the sign, and no measurement decides.
fn open(uptake: &Uptake, level: Level) -> bool {
    matches!(level, Level::Nep | Level::Nbp)
        && uptake.inputs.rh.as_ref().is_some_and(|rh| rh.pin.is_none())
        && !uptake.agreement(&uptake.slices[0], 0, level).agree()
}

/// `uptake_levels`: the levels of the whole, mean of all years.
pub(crate) fn levels_table(uptake: &Uptake) -> Table {
    let number = |name: &str, label: &str, unit: &str, decimals, description: &str| {
        Column::new(name, label, unit, Digits::Decimals(decimals), description)
    };
    let mut columns = vec![
        Column::key("level", "Level", Digits::Text, "The level."),
        number(
            "MtC",
            "Carbon",
            "MtC",
            1,
            "Over all regions, mean of all years: Mt of carbon a year, of stocks Mt of carbon. Of Rh, NEP and NBP the mean of the models; missing where they disagree about the sign and no measurement decides.",
        ),
        number(
            "MtCO2",
            "As CO2",
            "MtCO2",
            1,
            "The same as CO2; missing for stocks.",
        ),
        number("gC_m2", "Per area", "gC m-2", 1, "Per area with NPP."),
        number(
            "p05_MtC",
            "5 %",
            "MtC",
            1,
            "5 % of the draws are below; missing without draws.",
        ),
        number("p95_MtC", "95 %", "MtC", 1, "95 % of the draws are below."),
        number(
            "p_positive",
            "Above zero",
            "",
            2,
            "Share of the draws above zero, for NEP and NBP.",
        ),
    ];
    columns.push(Column::new(
        "basis",
        "Basis and sign",
        "",
        Digits::Text,
        "What it rests on, and what its sign means.",
    ));
    let mut table = Table::new(
        "uptake_levels",
        "Levels of uptake, mean of all years",
        columns,
    );
    let slice = &uptake.slices[0];
    let row = slice.rows[0];
    for level in LEVELS {
        let stands = level != Level::Nbp || uptake.nbp_stands(slice, 0);
        let Some(tc) = row.tc(level).filter(|_| stands) else {
            continue;
        };
        let one = (!open(uptake, level)).then_some(tc);
        let stock = matches!(level, Level::BiomassAbove | Level::BiomassBelow);
        let drawn = slice.drawn.first().and_then(|drawn| drawn.get(&level));
        let signed = matches!(level, Level::Nep | Level::Nbp);
        table.rows.push(vec![
            level_word(level).into(),
            value(one.map(|tc| tc / 1e6)),
            value(one.filter(|_| !stock).map(|tc| co2_from_carbon(tc) / 1e6)),
            value(row.gc_per_m2(level).filter(|_| one.is_some())),
            value(drawn.map(|d| d.p05 / 1e6)),
            value(drawn.map(|d| d.p95 / 1e6)),
            value(drawn.filter(|_| signed).map(|d| d.positive)),
            basis(level, uptake).into(),
        ]);
    }
    table.notes.push("No level is a verified sequestration. Where models disagree about the sign there is no single number, only an interval.".to_owned());
    table
}

/// `in_proportion`: net uptake beside national figures.
pub(crate) fn proportion_table(uptake: &Uptake, section: &ProportionSection) -> Table {
    let number = |name: &str, label: &str, description: &str| {
        Column::new(name, label, "MtCO2", Digits::Decimals(1), description)
    };
    let mut columns = vec![
        Column::key(
            "figure",
            "Figure",
            Digits::Text,
            "A level of this run, mean of all years, or a national figure.",
        ),
        number(
            "MtCO2_per_year",
            "a year",
            "Of NEP and NBP the median of the draws, or without draws the mean of the models; missing where models disagree about the sign and no measurement decides.",
        ),
        number(
            "p05_MtCO2_per_year",
            "5 %",
            "5 % of the draws are below; missing for national figures.",
        ),
        number("p95_MtCO2_per_year", "95 %", "95 % of the draws are below."),
    ];
    for (index, figure) in section.figure.iter().enumerate() {
        columns.push(Column::new(
            &format!("percent_of_figure_{}", index + 1),
            &format!("% of {}", figure.name),
            "%",
            Digits::Decimals(0),
            &format!(
                "As a share of {}; the 5 and 95 % ends are in proportion.",
                figure.name
            ),
        ));
    }
    columns.push(Column::new(
        "basis",
        "Basis",
        "",
        Digits::Text,
        "What it is, or where it is from.",
    ));
    let mut table = Table::new("in_proportion", "In proportion", columns);
    let slice = &uptake.slices[0];
    let shares = |mt: Option<f64>| -> Vec<Value> {
        let of = |figure: &crate::section::ProportionFigure| {
            value(
                mt.filter(|_| figure.mtco2_per_year != 0.0)
                    .map(|mt| 100.0 * mt / figure.mtco2_per_year),
            )
        };
        section.figure.iter().map(of).collect()
    };
    let mt = |tc: f64| co2_from_carbon(tc) / 1e6;
    for level in [
        Level::Npp,
        Level::Rh,
        Level::Nep,
        Level::Offtake,
        Level::Fire,
        Level::Harvest,
        Level::Nbp,
    ] {
        let stands = level != Level::Nbp || uptake.nbp_stands(slice, 0);
        let Some(tc) = slice.rows[0].tc(level).filter(|_| stands) else {
            continue;
        };
        let drawn = slice.drawn.first().and_then(|drawn| drawn.get(&level));
        let middle = match drawn {
            Some(drawn) if matches!(level, Level::Nep | Level::Nbp) => Some(mt(drawn.median)),
            _ => Some(mt(tc)),
        };
        let middle = middle.filter(|_| !open(uptake, level));
        let mut values = vec![
            format!("{} of this run", level_word(level)).into(),
            value(middle),
            value(drawn.map(|d| mt(d.p05))),
            value(drawn.map(|d| mt(d.p95))),
        ];
        values.extend(shares(middle));
        values.push(basis(level, uptake).into());
        table.rows.push(values);
    }
    for figure in &section.figure {
        let mut values = vec![
            figure.name.as_str().into(),
            value(Some(figure.mtco2_per_year)),
            Value::Missing,
            Value::Missing,
        ];
        values.extend(shares(Some(figure.mtco2_per_year)));
        values.push(figure.source.as_str().into());
        table.rows.push(values);
    }
    table
        .notes
        .push("National figures are those of the pipeline file.".to_owned());
    table
}

/// The section, its figures in place.
pub(crate) fn section(
    uptake: &Uptake,
    plan: &UptakePlan,
    models: Option<&Table>,
    levels: &Table,
    charts: &[(&'static str, String)],
) -> Section {
    let figure = |name: &str| {
        let chart = charts.iter().find(|(known, _)| *known == name);
        chart.map(|(_, svg)| Block::Figure(svg.clone()))
    };
    let mut text = sign_sentence(uptake, plan);
    if let Some(nbp) = nbp_sentence(uptake) {
        text.push(' ');
        text.push_str(&nbp);
    }
    let mut blocks = vec![Block::Paragraph(text)];
    blocks.extend(figure("uptake_sign"));
    blocks.push(Block::Table(levels.brief()));
    if let Some(models) = models {
        let mut whole = models.brief();
        whole
            .rows
            .retain(|row| row[0] == Value::from(nutag_frame::TOTAL));
        whole.title.push_str(", over all regions");
        blocks.push(Block::Table(whole));
    }
    blocks.extend(figure("uptake_shares"));
    let mut list = notes(uptake, plan);
    list.extend(gate_warning(uptake));
    let unverified: Vec<&str> = uptake
        .factors
        .iter()
        .filter(|used| used.factor.mark == crate::science::Mark::Unverified)
        .map(|used| used.name.as_str())
        .collect();
    if !unverified.is_empty() {
        list.push(format!(
            "Unverified numbers, to be checked before anything is cited: {}.",
            unverified.join("; ")
        ));
    }
    blocks.push(Block::List(list));
    Section {
        id: "uptake".to_owned(),
        heading: "What the land takes up".to_owned(),
        blocks,
    }
}

/// The formulas behind the levels, each with what it rests on.
pub(crate) fn method(uptake: &Uptake) -> Vec<(String, String)> {
    let term = |name: &str, what: &str| (name.to_owned(), what.to_owned());
    let mut terms = vec![term(
        "levels of uptake",
        "NEP = NPP - Rh; NBP = NEP - net grazing offtake - fire - harvest, as far as each is given; a level \
         whose input is missing does not exist",
    )];
    for model in uptake.models() {
        terms.push((
            format!("Rh, {}", model.label()),
            format!("{} ({})", model.formula(), model.mark()),
        ));
    }
    let losses = &uptake.inputs.losses;
    if losses.livestock.is_some() {
        terms.push(term(
            "grazing",
            "intake = sheep units x dry matter a day x days x carbon in dry matter; net offtake = intake x \
             (1 - share that returns as dung)",
        ));
    }
    if losses.fire.is_some() {
        terms.push(term(
            "fire",
            "burned area x fuel x share that burns x CO2 of a kg x 12/44 (IPCC 2006 Guidelines, volume 4, \
             equation 2.27)",
        ));
    }
    if uptake
        .slices
        .first()
        .is_some_and(|slice| !slice.drawn.is_empty())
    {
        terms.push(term(
            "draws",
            "every uncertain number is drawn anew; a draw depends on the seed and its own number alone \
             (IPCC 2006 Guidelines, volume 1, chapter 3, approach 2)",
        ));
    }
    terms
}

/// The section of national figures.
pub(crate) fn proportion_section(table: &Table, chart: &str) -> Section {
    Section {
        id: "proportion".to_owned(),
        heading: "In proportion".to_owned(),
        blocks: vec![Block::Table(table.brief()), Block::Figure(chart.to_owned())],
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn numbers_in_sentences_have_two_digits() {
        for (number, text) in [
            (-203.4, "-200"),
            (61.2, "61"),
            (0.0123, "0.012"),
            (9.96, "10.0"),
            (0.0, "0"),
        ] {
            assert_eq!(shown(number), text);
        }
    }
}
