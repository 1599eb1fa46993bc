//! The pages of `[drought]`.

use nutag_report::{Block, Picture, Section, Table};

use super::charts::Chart;
use super::compute::Drought;
use super::dzud::Dzud;
use super::plan::DroughtPlan;
use crate::dzud::UNVERIFIED;
use crate::standard::Why;

/// The sections of the report.
pub(super) fn sections(
    plan: &DroughtPlan,
    drought: &Drought,
    dzud: Option<&Dzud>,
    charts: &[Chart],
    map: Option<&Picture>,
    tables: &[Table],
) -> Vec<Section> {
    let figure = |name: &str| {
        charts
            .iter()
            .find(|(chart, _)| *chart == name)
            .map(|(_, svg)| Block::Figure(svg.clone()))
    };
    let named = |name: &str| tables.iter().find(|table| table.name == name);
    let mut blocks = vec![
        Block::Paragraph(format!(
            "Climate: {}. Demand by Thornthwaite from mean temperature alone; where it freezes there is none, so winter SPEI is SPI. SPI: {}; SPEI: {}.",
            plan.climate_words(),
            words(plan, 0),
            words(plan, 1)
        )),
        Block::Paragraph(coverage(drought)),
    ];
    blocks.extend(
        plan.warnings
            .iter()
            .map(|warning| Block::Paragraph(warning.clone())),
    );
    blocks.extend(figure("drought_index"));
    blocks.extend(map.cloned().map(Block::Picture));
    if let Some(table) = named("drought_by_year") {
        let mut country = table.brief();
        country.title = "The country by year".to_owned();
        country
            .rows
            .retain(|row| row.first() == Some(&nutag_frame::TOTAL.into()));
        blocks.push(Block::Table(country));
    }
    if let Some(table) = named("drought_trends") {
        let mut country = table.brief();
        country
            .rows
            .retain(|row| row.first() == Some(&nutag_frame::TOTAL.into()));
        blocks.push(Block::Table(country));
    }
    let mut sections = vec![Section {
        id: "drought".to_owned(),
        heading: "Drought and water deficit".to_owned(),
        blocks,
    }];
    if let Some(dzud) = dzud {
        let mut blocks = Vec::new();
        blocks.extend(figure("dzud_mortality"));
        blocks.extend(figure("dzud_index"));
        blocks.extend(
            dzud.panel
                .as_ref()
                .ok()
                .map(|panel| Block::Paragraph(panel.sentence())),
        );
        blocks.extend(
            dzud.national
                .as_ref()
                .ok()
                .map(|national| Block::Paragraph(national.sentence())),
        );
        blocks.push(Block::Paragraph(format!("Unverified: {UNVERIFIED}.")));
        blocks.extend(named("dzud_validation").cloned().map(Block::Table));
        sections.push(Section {
            id: "dzud".to_owned(),
            heading: "Dzud: winters and losses".to_owned(),
            blocks,
        });
    }
    sections
}

/// The fit of SPI (0) or SPEI (1), in words.
fn words(plan: &DroughtPlan, which: usize) -> &'static str {
    plan.section
        .recipes(plan.section.months[0])
        .map_or("", |recipes| recipes[which].fit.words())
}

/// Months of indices by what stands behind them.
fn coverage(drought: &Drought) -> String {
    let all: u64 = drought.why.values().sum();
    let parts: Vec<String> = drought
        .why
        .iter()
        .map(|(why, n)| {
            #[expect(clippy::cast_precision_loss, reason = "a share")]
            let percent = 100.0 * *n as f64 / all.max(1) as f64;
            format!("{percent:.1} % {}", why.words())
        })
        .collect();
    let beyond = drought.why.get(&Why::BeyondSupport).copied().unwrap_or(0);
    format!(
        "Of all months of all indices: {}.{}",
        parts.join("; "),
        if beyond > 0 {
            " Infinite values count as drought where they are below, and are left out of means."
        } else {
            ""
        }
    )
}

/// What it adds to the answer at the head of the report.
pub(super) fn answer(plan: &DroughtPlan, drought: &Drought, dzud: Option<&Dzud>) -> Option<String> {
    let country = drought.country()?;
    let window = plan.section.months[0];
    let [first, last] = plan.section.record.map(i32::from);
    let (year, dry) = (first..=last)
        .enumerate()
        .filter_map(|(at, year)| {
            let (mean, known) = super::mean_of_year(&country.dry[0], at);
            Some((year, mean? * f64::from(known)))
        })
        .max_by(|a, b| a.1.total_cmp(&b.1))?;
    let mut text = format!(
        "Of {first}-{last}, {year} was driest by SPEI-{window}: {dry:.1} months of drought on average over the country."
    );
    if let Some(Ok(national)) = dzud.map(|dzud| dzud.national.as_ref()) {
        text.push(' ');
        text.push_str(&national.sentence());
    }
    Some(text)
}

/// Formulas with their sources.
pub(super) fn method(plan: &DroughtPlan) -> Vec<(String, String)> {
    let section = &plan.section;
    let [from, to] = section.reference;
    let mut terms = vec![
        (
            "Demand (PET)".to_owned(),
            "16 K (10 T/J)^q mm a month, 0 where it freezes (Thornthwaite 1948); J from the mean of each calendar month over the record.".to_owned(),
        ),
        (
            "SPI and SPEI".to_owned(),
            format!(
                "Windows are summed, then each calendar month of {from}-{to} is fitted ({}; {}), and a probability becomes its standard normal deviate (Vicente-Serrano et al. 2010). Fewer than four reference years, or years that do not differ, give no value.",
                words(plan, 0),
                words(plan, 1)
            ),
        ),
        (
            "Months without rain".to_owned(),
            match section.zeros {
                super::ZeroRule::CentreOfMass => "The deviate of half their share, the centre of their mass (Stagge et al. 2015).",
                super::ZeroRule::Classic => "The deviate of their share: where most years are dry a dry month looks wet.",
                super::ZeroRule::MeanZero => "The place that gives the index mean 0 (Allen and Otero 2024).",
            }
            .to_owned(),
        ),
        (
            "Water deficit".to_owned(),
            format!(
                "PET - AET of a bucket of {} mm, in months; snow below -4.6 degC, rain above 6.3 degC of the monthly mean, melt {} (Dobrowski et al. 2013).",
                section.soil.available_water_mm,
                section.soil.melt_mm_per_degc_day.map_or_else(
                    || "not computed: all precipitation is rain".to_owned(),
                    |mm| format!("{mm} mm a degC and day")
                )
            ),
        ),
        (
            "scPDSI".to_owned(),
            format!("Palmer's index, calibrated on {from}-{to} (Wells, Goddard and Hayes 2004)."),
        ),
    ];
    if let Some(dzud) = &section.dzud {
        terms.push((
            "Dzud index".to_owned(),
            format!(
                "((zT - zP) of months {}-{} before, less the same of months {}-{}) / {}. {UNVERIFIED}.",
                dzud.summer[0], dzud.summer[1], dzud.winter[0], dzud.winter[1], dzud.divisor
            ),
        ));
        terms.push((
            "Validation".to_owned(),
            format!(
                "Losses above {} % of the December stock are events. Each year is left out in turn, anomalies inside the rest; logistic regression, with Firth's penalty below ten events a coefficient; intervals from {} draws of whole years (seed {}).",
                100.0 * dzud.event_above,
                dzud.draws,
                dzud.seed
            ),
        ));
    }
    terms
}
