//! Tables of uptake.

use crate::science::grazing::{Verdict, intake_t_dry_matter, methane_tco2e, sheep_units};
use crate::science::respiration::RhModel;
use crate::science::{Level, Place};
use nutag_frame::co2_from_carbon;
use nutag_report::{Column, Digits, Table, Value};

use crate::columns::{Filled, Row, growth, losses, respiration, tonnes, value};
use crate::compute::{SliceKind, Uptake};
use crate::plan::UptakePlan;

pub(crate) fn text(name: &str, label: &str, description: &str) -> Column {
    Column::new(name, label, "", Digits::Text, description)
}

pub(crate) fn place_columns() -> Vec<Column> {
    vec![
        Column::key(
            "region",
            "Region",
            Digits::Text,
            "Region; Total is all of them.",
        ),
        Column::key("zone", "Zone", Digits::Text, "Zone; Total is all of them."),
    ]
}

pub(crate) fn place_values(uptake: &Uptake, place: Place) -> Vec<Value> {
    uptake.names(place).map(Value::from).to_vec()
}

/// `co2_uptake`.
pub(crate) fn uptake_table(uptake: &Uptake, plan: &UptakePlan) -> Table {
    let mut filled: Vec<Filled<'_>> = growth(uptake);
    filled.extend(respiration(uptake));
    filled.extend(losses(uptake));
    let mut columns = place_columns();
    columns.push(Column::key(
        "period",
        "Period",
        Digits::Text,
        "Mean of all years, the change asked for, or a year. Flows are of a year.",
    ));
    let (more, fills): (Vec<Column>, Vec<_>) = filled.into_iter().unzip();
    columns.extend(more);
    let mut table = Table::new("co2_uptake", "From NPP to what the land takes up", columns);
    for slice in &uptake.slices {
        for (place, of) in uptake.places.iter().enumerate() {
            let mut values = place_values(uptake, *of);
            values.push(slice.slice.label.as_str().into());
            values.extend(fills.iter().map(|fill| fill(Row { slice, place })));
            table.rows.push(values);
        }
    }
    table.notes.extend(notes(uptake, plan));
    table
}

/// What must stand beside every number of uptake.
pub(crate) fn notes(uptake: &Uptake, plan: &UptakePlan) -> Vec<String> {
    let epoch = match plan.section.zones {
        crate::section::ZonesOf::From => "first",
        crate::section::ZonesOf::To => "second",
    };
    let mut notes = vec![
        format!("Zones are those of the {epoch} epoch. A row \"Total\" is the sum over regions or zones."),
        "Uptake is positive, losses are positive in columns of their own and subtracted. No level here is a verified sequestration: only measured soil carbon could be.".to_owned(),
    ];
    if let Some((_, climate)) = &plan.climate {
        notes.push(format!("Climate: {climate}."));
    }
    if let Some(rh) = &plan.section.rh {
        notes.push("Models of respiration carry the mark unverified: none was fitted to permafrost rangeland, and their formulas were not checked against their papers.".to_owned());
        notes.push(match rh.frozen {
            Some(cut) => format!(
                "Months below {} degC keep {} of the modelled respiration (frozen soil).",
                cut.below_celsius, cut.keep
            ),
            None => {
                "No frozen-soil cut is set: exponential models let some CO2 out of frozen soil."
                    .to_owned()
            }
        });
        if let Some(pin) = &rh.pin {
            notes.push(format!(
                "Respiration is scaled to a measured balance of {} +- {} gC m-2 a year in {} ({} to {}; {}).",
                pin.balance_gc_m2, pin.se_gc_m2, pin.region, pin.years[0], pin.years[1], pin.source
            ));
        }
    }
    if let Some(section) = &plan.section.uncertainty {
        notes.push(format!(
            "Intervals: 5 and 95 % of {} draws with seed {}; the product's bias is common to all cells and years, so it cancels in relative differences and not in totals. uptake_factors.csv has every number used.",
            section.draws, section.seed
        ));
    }
    if uptake.models().contains(&RhModel::Hashimoto2015) {
        notes.push("Hashimoto 2015 looks at the month before: January of the first year takes the December before where the climate has it, and that of its own year otherwise.".to_owned());
    }
    notes
}

/// `rh_models`: each model for the whole and each region.
pub(crate) fn models_table(uptake: &Uptake) -> Option<Table> {
    let rh = uptake.inputs.rh.as_ref()?;
    let grams = |name: &str, label: &str, description: &str| {
        Column::new(name, label, "gC m-2", Digits::Decimals(1), description)
    };
    let mut table = Table::new(
        "rh_models",
        "Models of respiration, and the sign they give",
        vec![
            Column::key(
                "region",
                "Region",
                Digits::Text,
                "Region; Total is all of them.",
            ),
            Column::key(
                "model",
                "Model",
                Digits::Text,
                "Model of heterotrophic respiration.",
            ),
            grams("npp_gC_m2", "NPP", "NPP, mean of all years."),
            grams(
                "rh_gC_m2",
                "Rh",
                "Heterotrophic respiration, mean of all years; after any scaling to a measurement.",
            ),
            grams(
                "nep_gC_m2",
                "NEP",
                "NPP - Rh. Positive: a sink before grazing, fire and harvest.",
            ),
            tonnes(
                "nep_tCO2",
                "NEP as CO2",
                "tCO2",
                "The same over the area, a year.",
            )
            .detail(),
            text("sign", "Sign", "sink or source, by this model."),
            text(
                "models_agree",
                "Together",
                "What all models say of the region.",
            ),
            Column::new(
                "weight",
                "Weight",
                "",
                Digits::Decimals(2),
                "Share of the draws that take this model.",
            )
            .detail(),
            text("mark", "Mark", "How the model is known."),
            text("formula", "Formula", "T in degC.").detail(),
        ],
    );
    let slice = &uptake.slices[0];
    let weights: f64 = rh.models.iter().map(|(_, weight)| weight).sum();
    for (place, of) in uptake
        .places
        .iter()
        .enumerate()
        .filter(|(_, p)| p.zone.is_none())
    {
        for (index, (model, weight)) in rh.models.iter().enumerate() {
            let row = slice.by_model[index][place];
            let nep = row.tc(Level::Nep).unwrap_or(0.0);
            let sign = if nep > 0.0 { "sink" } else { "source" };
            table.rows.push(vec![
                uptake.names(*of)[0].into(),
                model.label().into(),
                value(row.gc_per_m2(Level::Npp)),
                value(row.gc_per_m2(Level::Rh)),
                value(row.gc_per_m2(Level::Nep)),
                value(row.tc(Level::Nep).map(co2_from_carbon)),
                sign.into(),
                uptake.agreement(slice, place, Level::Nep).word().into(),
                value(Some(weight / weights)),
                model.mark().into(),
                model.formula().into(),
            ]);
        }
    }
    Some(table)
}

/// `grazing`: each region and year.
pub(crate) fn grazing_table(uptake: &Uptake, plan: &UptakePlan) -> Option<Table> {
    let livestock = uptake.inputs.losses.livestock.as_ref()?;
    let section = plan.section.livestock.as_ref()?;
    let [share, gwp] = crate::losses::methane(section);
    let units: Vec<f64> = livestock
        .species
        .iter()
        .map(|(_, factor)| factor.value)
        .collect();
    let mut table = Table::new(
        "grazing",
        "Livestock, what they eat, and whether that can be",
        vec![
            Column::key("region", "Region", Digits::Text, "Region; Total is all of them."),
            Column::key("year", "Year", Digits::Plain, "Calendar year."),
            tonnes("head", "Head", "", "Head of all species; missing without a census."),
            tonnes("sheep_units", "Sheep units", "", "Head x sheep units of their species."),
            tonnes("intake_dry_matter_t", "Eaten", "t", "Dry matter eaten in the year."),
            tonnes("intake_tC", "Eaten carbon", "tC", "The same as carbon."),
            tonnes("above_ground_npp_tC", "Grown above ground", "tC", "Above-ground NPP of the year, over the area with NPP."),
            Column::new("pressure", "Pressure", "", Digits::Decimals(2), "Eaten carbon as a share of what grew above ground; never clipped."),
            text("verdict", "Verdict", "What the plausibility gate says of it."),
            tonnes("net_offtake_tC", "Net offtake", "tC", "Eaten carbon less dung: what NBP subtracts.").detail(),
            tonnes("enteric_methane_tCO2e", "Methane", "tCO2e", "Enteric methane as CO2 of the same warming. Beside NBP: its carbon is in the net offtake already.").detail(),
        ],
    );
    for (place, of) in uptake
        .places
        .iter()
        .enumerate()
        .filter(|(_, p)| p.zone.is_none())
    {
        for (year, slice) in uptake
            .slices
            .iter()
            .filter(|s| s.kind == SliceKind::Year)
            .enumerate()
        {
            let heads: Option<Vec<&Vec<f64>>> = match of.region {
                Some(region) => livestock.head[region][year].as_ref().map(|head| vec![head]),
                None => uptake
                    .places
                    .iter()
                    .filter(|p| p.zone.is_none())
                    .filter_map(|p| p.region)
                    .map(|region| livestock.head[region][year].as_ref())
                    .collect(),
            };
            let total = heads
                .as_ref()
                .map(|all| all.iter().flat_map(|h| h.iter()).sum::<f64>());
            let su = heads
                .as_ref()
                .map(|all| all.iter().map(|h| sheep_units(h, &units)).sum::<f64>());
            let row = slice.rows[place];
            let (pressure, verdict) = uptake
                .pressure(slice, place)
                .map_or((Value::Missing, Value::Missing), |(p, v)| {
                    (value(Some(p)), v.words().into())
                });
            let intake = row.tc(Level::Intake);
            table.rows.push(vec![
                uptake.names(*of)[0].into(),
                Value::Int(i64::from(plan.years[year])),
                value(total),
                value(su),
                value(su.map(|su| intake_t_dry_matter(su, livestock.intake_kg_per_day.value))),
                value(intake),
                value(row.tc(Level::AboveGroundNpp)),
                pressure,
                verdict,
                value(row.tc(Level::Offtake)),
                value(intake.map(|tc| methane_tco2e(tc, share.value, gwp.value))),
            ]);
        }
    }
    let gate = section.gate();
    table.notes.push(format!(
        "The gate: above {} very high, above {} impossible. It speaks and clips nothing; NBP is left out where it says impossible.",
        gate.high_above, gate.impossible_above
    ));
    table
        .notes
        .push("Herds move: what a region's animals eat did not all grow in it.".to_owned());
    Some(table)
}

/// How often the gate objects, for the report; `None` where it does not.
pub(crate) fn gate_warning(uptake: &Uptake) -> Option<String> {
    let mut counts = [0; 2];
    let mut rows = 0;
    for slice in uptake.slices.iter().filter(|s| s.kind == SliceKind::Year) {
        for (place, _) in uptake
            .places
            .iter()
            .enumerate()
            .filter(|(_, p)| p.zone.is_none() && p.region.is_some())
        {
            let Some((_, verdict)) = uptake.pressure(slice, place) else {
                continue;
            };
            rows += 1;
            match verdict {
                Verdict::VeryHigh => counts[0] += 1,
                Verdict::Impossible => counts[1] += 1,
                Verdict::Plausible => {}
            }
        }
    }
    (counts != [0, 0]).then(|| {
        format!(
            "Grazing: of {rows} regions and years, {} have a pressure that is very high and {} one that cannot be (more is eaten than grows); grazing.csv names them. Either herds graze elsewhere, or heads, sheep units, intake or the share above ground are off.",
            counts[0], counts[1]
        )
    })
}

/// The word of a level in tables.
pub(crate) fn level_word(level: Level) -> &'static str {
    match level {
        Level::Npp => "NPP",
        Level::AboveGroundNpp => "above-ground NPP",
        Level::Rh => "Rh",
        Level::Nep => "NEP",
        Level::Nbp => "NBP",
        Level::BelowGroundNpp => "below-ground NPP",
        Level::BiomassAbove => "biomass above ground",
        Level::BiomassBelow => "biomass below ground",
        Level::Intake => "intake",
        Level::Offtake => "net grazing offtake",
        Level::Fire => "fire",
        Level::Harvest => "harvest",
    }
}

/// `uptake_factors`: every number from elsewhere.
pub(crate) fn factors_table(uptake: &Uptake) -> Table {
    let number = |name: &str, label: &str, description: &str| {
        Column::new(name, label, "", Digits::Significant(4), description)
    };
    let mut table = Table::new(
        "uptake_factors",
        "Numbers from elsewhere, and how they are known",
        vec![
            Column::key("factor", "Factor", Digits::Text, "What it is."),
            number("value", "Value", "The number that tables are made with."),
            number(
                "low",
                "Least",
                "Least value of its triangular distribution; missing where it is certain.",
            ),
            number("high", "Largest", "Largest value."),
            text("unit", "Unit", "Its unit; missing for a plain number."),
            text("used_for", "Used for", "Which levels rest on it."),
            text(
                "mark",
                "Mark",
                "source: read in the source named; computed: from numbers named; unverified: check before citing; pipeline file: given by the user.",
            ),
            text("source", "Source", "Where it is from."),
        ],
    );
    for used in &uptake.factors {
        let [low, high] = used
            .factor
            .range
            .map_or([None, None], |range| range.map(Some));
        let unit = if used.unit.is_empty() {
            Value::Missing
        } else {
            used.unit.into()
        };
        table.rows.push(vec![
            used.name.as_str().into(),
            value(Some(used.factor.value)),
            value(low),
            value(high),
            unit,
            used.used_for.into(),
            used.factor.mark.word().into(),
            used.factor.source.as_str().into(),
        ]);
    }
    table
}
