//! Towers in the report: the answer, the section, the method.

use nutag_report::{Block, Section as Page, Table};

use crate::tables::Done;
use crate::totals::Totals;

/// The sentence at the head of the report; `None` if no year of any tower is whole.
#[must_use]
pub fn answer(towers: &[Done<'_>]) -> Option<String> {
    let sentences: Vec<String> = towers
        .iter()
        .filter_map(|done| {
            let year = done.tower.totals.iter().rev().find(|t| t.period.month.is_none() && t.whole())?;
            let nee = year.carbon.nee.total?;
            let sign = if nee < 0.0 { "took up" } else { "released" };
            let water = year.et_mm.total.map_or_else(String::new, |mm| format!(", and {mm:.0} mm of water evaporated"));
            Some(format!(
                "In {} the land around the tower {} {sign} {:.0} ± {:.0} gC m-2 (NEE with its standard error){water}.",
                year.period.year,
                done.section.label(),
                nee.abs(),
                year.joint_se_gc
            ))
        })
        .collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// The section of the report.
#[must_use]
pub fn section(towers: &[Done<'_>], tables: &[Table], figures: Vec<String>) -> Page {
    let mut blocks = vec![Block::Paragraph(
        "A tower measures the net exchange of its surroundings, some hundred metres around. NEE above 0 is release to the air. Respiration and GPP are not measured: both methods of partition are shown, and how far they are apart says how well either is known.".to_owned(),
    )];
    for done in towers {
        blocks.push(Block::Paragraph(format!(
            "{} ({}): {}.",
            done.section.label(),
            done.kind,
            done.section
                .chosen(done.tower.processed.distribution.is_none())
        )));
        let mut said: Vec<String> = done.tower.notes.clone();
        said.extend(incomplete(done.tower.totals.as_slice()));
        said.extend(done.tower.totals.iter().filter(|t| t.period.month.is_none() && t.feigned_uptake()).map(|t| {
            format!("{}: measured NEE below -5 °C is negative in the mean, an uptake that cannot be; the heat of an open-path sensor feigns it", t.period.year)
        }));
        if !said.is_empty() {
            blocks.push(Block::List(said));
        }
    }
    blocks.extend(figures.into_iter().map(Block::Figure));
    blocks.extend(tables.iter().map(|table| Block::Table(table.brief())));
    Page {
        id: "towers".to_owned(),
        heading: "Flux towers".to_owned(),
        blocks,
    }
}

/// Periods without a sum, in a sentence a year.
fn incomplete(totals: &[Totals]) -> Vec<String> {
    let mut years: Vec<i16> = totals.iter().map(|t| t.period.year).collect();
    years.dedup();
    years
        .into_iter()
        .filter_map(|year| {
            let months: Vec<String> = totals
                .iter()
                .filter(|t| t.period.year == year && !t.whole())
                .filter_map(|t| t.period.month.map(|m| m.to_string()))
                .collect();
            (!months.is_empty()).then(|| {
                format!(
                    "{year}: months {} are not whole and have no sum, and neither has the year",
                    months.join(", ")
                )
            })
        })
        .collect()
}

/// Terms of the method.
#[must_use]
pub fn method() -> Vec<(String, String)> {
    [
        ("u* threshold", "Moving point test in 7 classes of temperature and 20 bins of u* a season: the u* from which NEE is at least 95 % of the mean above it in two bins in a row; a season takes the median of its classes, a year the greatest of its seasons. The distribution comes from records resampled within seasons (Papale et al. 2006; Wutzler et al. 2018)."),
        ("Gap filling", "Mean of half-hours within 7 days and more whose radiation (20 to 50 W m-2), temperature (2.5 °C) and vapour pressure deficit (5 hPa) are alike, else whose radiation is alike, else at the same time of day; gaps longer than 60 days stay empty (Reichstein et al. 2005)."),
        ("Respiration by night", "R = Rref exp(E0 (1/61.02 - 1/(T + 46.02))); E0 from windows of 15 days, Rref from windows of 7 (Reichstein et al. 2005). GPP = R - NEE."),
        ("Uptake by day", "GPP = α β' Rg / (α Rg + β'), β' = β exp(-k (VPD - 10 hPa)) above 10 hPa, fitted with Rref in windows of 4 days (Lasslop et al. 2010)."),
        ("Random error of NEE", "Root of the mean squared spread of half-hours alike over the effective number of rows less one, the autocorrelation of residuals counted (Zieba and Ramza 2011); together with half the distance of the sums at 16 and 84 % of the u* thresholds (Pastorello et al. 2020)."),
        ("Evapotranspiration", "LE over (2.501 - 0.00236 T) MJ kg-1. The closed one has H and LE raised to the available energy, their ratio kept, by the median of half-hours around noon and midnight within 15 days (Pastorello et al. 2020)."),
    ]
    .into_iter()
    .map(|(term, text)| (term.to_owned(), text.to_owned()))
    .collect()
}
