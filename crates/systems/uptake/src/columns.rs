//! Columns of `co2_uptake`: each level by itself, with its basis and its sign.

use crate::science::uncertainty::DrawSummary;
use crate::science::{Level, RowLevels, dry_matter_from_carbon};
use nutag_frame::co2_from_carbon;
use nutag_report::{Column, Digits, Value};

use crate::compute::{SliceRows, Uptake};

/// A row: a slice and the position of a place.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    pub(crate) slice: &'a SliceRows,
    pub(crate) place: usize,
}

impl Row<'_> {
    pub(crate) fn levels(self) -> RowLevels {
        self.slice.rows[self.place]
    }

    pub(crate) fn drawn(self, level: Level) -> Option<DrawSummary> {
        self.slice.drawn.get(self.place)?.get(&level).copied()
    }
}

/// A column with what goes into it.
pub(crate) type Filled<'a> = (Column, Box<dyn Fn(Row<'_>) -> Value + 'a>);

pub(crate) fn value(number: Option<f64>) -> Value {
    number
        .filter(|n| n.is_finite())
        .map_or(Value::Missing, Value::Float)
}

fn grams(name: &str, label: &str, description: &str) -> Column {
    Column::new(name, label, "gC m-2", Digits::Decimals(1), description)
}

pub(crate) fn tonnes(name: &str, label: &str, unit: &str, description: &str) -> Column {
    Column::new(name, label, unit, Digits::Decimals(0), description)
}

/// 5 and 95 % of the draws, in tCO2, and the share of draws above zero for what has a sign.
fn interval<'a>(slug: &str, label: &str, level: Level, signed: bool) -> Vec<Filled<'a>> {
    let part = |end: &str, words: &str, pick: fn(&DrawSummary) -> f64| -> Filled<'a> {
        let column = tonnes(
            &format!("{slug}_{end}_tCO2"),
            &format!("{label}, {words}"),
            "tCO2",
            &format!(
                "{label} as CO2: {words} of the draws, all components of the uncertainty that are on. Missing where there is no {label}."
            ),
        );
        let column = if signed { column } else { column.detail() };
        (
            column,
            Box::new(move |row| value(row.drawn(level).map(|d| co2_from_carbon(pick(&d))))),
        )
    };
    let mut out = vec![
        part("p05", "5 %", |d| d.p05),
        part("median", "median", |d| d.median),
        part("p95", "95 %", |d| d.p95),
    ];
    if signed {
        let column = Column::new(
            &format!("{slug}_p_positive"),
            &format!("{label}, share of draws above zero"),
            "",
            Digits::Decimals(2),
            &format!(
                "Share of the draws in which {label} is above zero: how sure a sink is, 0 to 1."
            ),
        );
        out.push((
            column,
            Box::new(move |row| value(row.drawn(level).map(|d| d.positive))),
        ));
    }
    out
}

/// NPP, its parts, and biomass.
pub(crate) fn growth(uptake: &Uptake) -> Vec<Filled<'_>> {
    let carbon = uptake.inputs.carbon_per_dry_matter.value;
    let drawn = !uptake.slices[0].drawn.is_empty();
    let mut out: Vec<Filled<'_>> = vec![
        (
            tonnes(
                "valid_area_km2",
                "Area with NPP",
                "km2",
                "Area of cells with NPP; every level is of this area.",
            ),
            Box::new(|row| value(Some(row.levels().area_km2))),
        ),
        (
            grams(
                "npp_gC_m2",
                "NPP",
                "Net primary production: what plants fix less their own respiration. Basis: the NPP product. Positive: taken from the air, before anything rots, is eaten or burns.",
            ),
            Box::new(|row| value(row.levels().gc_per_m2(Level::Npp))),
        ),
        (
            tonnes("npp_tC", "NPP", "tC", "The same over the area.").detail(),
            Box::new(|row| value(row.levels().tc(Level::Npp))),
        ),
        (
            tonnes(
                "npp_tCO2",
                "NPP as CO2",
                "tCO2",
                "The same as CO2: carbon x 44/12. Gross uptake of plants; no net uptake of the land.",
            ),
            Box::new(|row| value(row.levels().tc(Level::Npp).map(co2_from_carbon))),
        ),
    ];
    if drawn {
        out.extend(interval("npp", "NPP", Level::Npp, false));
    }
    let stock = [
        (
            "above_ground_npp",
            "Above-ground NPP",
            Level::AboveGroundNpp,
            "NPP x its share above ground. Basis: a ratio of production by land cover.",
        ),
        (
            "below_ground_npp",
            "Below-ground NPP",
            Level::BelowGroundNpp,
            "NPP less its part above ground.",
        ),
        (
            "biomass_above_ground",
            "Biomass above ground",
            Level::BiomassAbove,
            "Standing crop at its peak, taken as the year's growth above ground (herbs). A stock, not a flux.",
        ),
        (
            "biomass_below_ground",
            "Biomass below ground",
            Level::BiomassBelow,
            "Biomass above ground x a ratio of stocks by land cover. A stock, not a flux: it changes little from year to year.",
        ),
    ];
    for (slug, label, level, description) in stock {
        out.push((
            tonnes(&format!("{slug}_tC"), label, "tC", description).detail(),
            Box::new(move |row| value(row.levels().tc(level))),
        ));
        out.push((
            tonnes(
                &format!("{slug}_dry_matter_t"),
                &format!("{label}, dry matter"),
                "t",
                &format!("{description} As dry matter: carbon / {carbon}."),
            )
            .detail(),
            Box::new(move |row| {
                value(
                    row.levels()
                        .tc(level)
                        .map(|tc| dry_matter_from_carbon(tc, carbon)),
                )
            }),
        ));
        if drawn {
            for (end, words, pick) in [
                ("p05", "5 %", (|d| d.p05) as fn(&DrawSummary) -> f64),
                ("p95", "95 %", |d| d.p95),
            ] {
                out.push((
                    tonnes(
                        &format!("{slug}_{end}_tC"),
                        &format!("{label}, {words}"),
                        "tC",
                        &format!("{words} of the draws."),
                    )
                    .detail(),
                    Box::new(move |row| value(row.drawn(level).map(|d| pick(&d)))),
                ));
            }
        }
    }
    out
}

/// Rh and NEP by model, and what the models say together.
pub(crate) fn respiration(uptake: &Uptake) -> Vec<Filled<'_>> {
    let mut out: Vec<Filled<'_>> = Vec::new();
    let models = uptake.models();
    if models.is_empty() {
        return out;
    }
    for (index, model) in models.iter().enumerate() {
        let (name, label) = (model.name(), model.label());
        let of = move |row: Row<'_>| row.slice.by_model[index][row.place];
        out.push((
            grams(&format!("rh_{name}_gC_m2"), &format!("Rh, {label}"), &format!("Heterotrophic respiration by {label}: {} ({}). Positive: given back to the air.", model.formula(), model.mark())).detail(),
            Box::new(move |row| value(of(row).gc_per_m2(Level::Rh))),
        ));
        out.push((
            grams(
                &format!("nep_{name}_gC_m2"),
                &format!("NEP, {label}"),
                &format!("NPP - Rh by {label}. Positive: a sink before grazing, fire and harvest."),
            )
            .detail(),
            Box::new(move |row| value(of(row).gc_per_m2(Level::Nep))),
        ));
        out.push((
            tonnes(
                &format!("nep_{name}_tCO2"),
                &format!("NEP, {label}"),
                "tCO2",
                "The same over the area, as CO2.",
            ),
            Box::new(move |row| value(of(row).tc(Level::Nep).map(co2_from_carbon))),
        ));
    }
    out.push((
        Column::new(
            "nep_models",
            "Models",
            "",
            Digits::Whole,
            "Models of respiration.",
        )
        .detail(),
        Box::new(move |_| Value::count(models.len() as u64)),
    ));
    out.push((
        Column::new(
            "nep_models_positive",
            "Models with a sink",
            "",
            Digits::Whole,
            "Of these, models with NEP above zero.",
        ),
        Box::new(move |row| {
            Value::count(uptake.agreement(row.slice, row.place, Level::Nep).positive as u64)
        }),
    ));
    out.push((
        Column::new(
            "nep_sign",
            "Sign of NEP",
            "",
            Digits::Text,
            "Whether all models give a sink, all a source, or they disagree.",
        ),
        Box::new(move |row| {
            uptake
                .agreement(row.slice, row.place, Level::Nep)
                .word()
                .into()
        }),
    ));
    if !uptake.slices[0].drawn.is_empty() {
        out.extend(interval("nep", "NEP", Level::Nep, true));
    }
    out
}

/// What leaves the land besides, and NBP.
pub(crate) fn losses(uptake: &Uptake) -> Vec<Filled<'_>> {
    let given = &uptake.inputs.losses;
    let mut out: Vec<Filled<'_>> = Vec::new();
    let mut names = Vec::new();
    let mut flux = |slug: &str, label: &str, level: Level, description: &str| {
        out.push((
            tonnes(&format!("{slug}_tC"), label, "tC", description).detail(),
            Box::new(move |row: Row<'_>| value(row.levels().tc(level)))
                as Box<dyn Fn(Row<'_>) -> Value>,
        ));
        out.push((
            tonnes(&format!("{slug}_tCO2"), label, "tCO2", "The same as CO2.").detail(),
            Box::new(move |row| value(row.levels().tc(level).map(co2_from_carbon))),
        ));
    };
    if given.livestock.is_some() {
        flux(
            "net_grazing_offtake",
            "Net grazing offtake",
            Level::Offtake,
            "Carbon eaten by livestock less what returns as dung. Positive: lost to the land. By region only: herds are not known by zone.",
        );
        names.push("net grazing offtake");
    }
    if given.fire.is_some() {
        flux(
            "fire",
            "Fire",
            Level::Fire,
            "Carbon that fires set free. Positive: lost to the land. By region only.",
        );
        names.push("fire");
    }
    if given.harvest_t.is_some() {
        flux(
            "harvest",
            "Harvest",
            Level::Harvest,
            "Carbon harvested and taken away. Positive: lost to the land. By region only.",
        );
        names.push("harvest");
    }
    if given.livestock.is_some() {
        out.push((
            Column::new(
                "grazing_pressure",
                "Grazing pressure",
                "",
                Digits::Decimals(2),
                "Eaten carbon as a share of above-ground NPP; never clipped.",
            )
            .detail(),
            Box::new(move |row| value(uptake.pressure(row.slice, row.place).map(|(p, _)| p))),
        ));
        out.push((
            Column::new(
                "grazing_verdict",
                "Verdict",
                "",
                Digits::Text,
                "What the plausibility gate says of that pressure.",
            ),
            Box::new(move |row| {
                uptake
                    .pressure(row.slice, row.place)
                    .map_or(Value::Missing, |(_, v)| v.words().into())
            }),
        ));
    }
    if names.is_empty() || uptake.inputs.rh.is_none() {
        return out;
    }
    let missing: Vec<&str> = ["net grazing offtake", "fire", "harvest"]
        .into_iter()
        .filter(|name| !names.contains(name))
        .collect();
    let basis = format!(
        "NEP less {}{}. Positive: a sink. Missing for zones, and where the gate says that more is eaten than grows.",
        names.join(" and "),
        if missing.is_empty() {
            String::new()
        } else {
            format!("; {} not given, so not subtracted", missing.join(" and "))
        }
    );
    for (index, model) in uptake.models().into_iter().enumerate() {
        let (name, label) = (model.name(), model.label());
        out.push((
            tonnes(
                &format!("nbp_{name}_tCO2"),
                &format!("NBP, {label}"),
                "tCO2",
                &format!("Net biome production by {label}: {basis}"),
            ),
            Box::new(move |row| {
                let stands = uptake.nbp_stands(row.slice, row.place);
                let nbp = row.slice.by_model[index][row.place].tc(Level::Nbp);
                value(nbp.filter(|_| stands).map(co2_from_carbon))
            }),
        ));
    }
    if !uptake.slices[0].drawn.is_empty() {
        for (column, fill) in interval("nbp", "NBP", Level::Nbp, true) {
            out.push((
                column,
                Box::new(move |row| {
                    if uptake.nbp_stands(row.slice, row.place) {
                        fill(row)
                    } else {
                        Value::Missing
                    }
                }),
            ));
        }
    }
    out
}
