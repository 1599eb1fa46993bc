//! The report as a story, in the order in which a reader asks: the answer and
//! how sure it is, the table, the series, the maps, what is missing, how it
//! was done, from what, and how it compares with what was published.

mod answer;
mod beside;
mod method;

use nutag_carbon::{Study, ZoneChange};
use nutag_report::{Block, Section};

use crate::config::Mode;
use crate::manifest::Input;
use crate::plan::{NppPlan, Plan};
use crate::tables;

pub use answer::answer;
pub use beside::beside_section;

/// Sections by their anchors, in the order of the story. Sections of other
/// names come in the middle, in the order in which they are given.
const FIRST: [&str; 5] = ["zones", "transitions", "trend", "cells", "maps"];
const LAST: [&str; 5] = ["coverage", "notes", "method", "inputs", "published"];

/// Puts sections into the order of the story.
pub fn in_order(mut sections: Vec<Section>) -> Vec<Section> {
    let rank = |section: &Section| {
        let place = |of: &[&str]| of.iter().position(|id| *id == section.id);
        match (place(&FIRST), place(&LAST)) {
            (Some(place), _) => place,
            (_, Some(place)) => FIRST.len() + 1 + place,
            _ => FIRST.len(),
        }
    };
    // A stable sort: others keep their order.
    sections.sort_by_key(rank);
    sections
}

/// The sections that every report has: coverage, notes, method, inputs; and
/// for the corrected table the published one beside it. `of_systems` are the
/// formulas of systems.
pub fn common_sections(
    plan: &NppPlan<'_>,
    study: &Study<'_>,
    inputs: &[Input],
    change: Option<&ZoneChange>,
    of_systems: Vec<(String, String)>,
) -> Vec<Section> {
    let section = |id: &str, heading: &str, blocks: Vec<Block>| Section {
        id: id.to_owned(),
        heading: heading.to_owned(),
        blocks,
    };
    let mut sections = vec![section(
        "coverage",
        "What was counted, and why the rest was not",
        vec![
            Block::Table(tables::coverage_brief(study)),
            Block::Paragraph("tables/coverage.csv has every period and reason.".to_owned()),
        ],
    )];
    let mut blocks = vec![Block::Terms(method::choices(plan))];
    if plan.config.mode == Mode::Corrected {
        blocks.push(Block::Terms(method::formulas(plan)));
    }
    if !of_systems.is_empty() {
        blocks.push(Block::Terms(of_systems));
    }
    sections.extend(closing_sections(plan, inputs, blocks));
    sections.extend(change.and_then(|change| beside_section(study, change)));
    sections
}

/// The sections that close every report: what to know, how it was done, from what.
pub fn closing_sections(plan: &Plan, inputs: &[Input], method: Vec<Block>) -> Vec<Section> {
    let section = |id: &str, heading: &str, blocks: Vec<Block>| Section {
        id: id.to_owned(),
        heading: heading.to_owned(),
        blocks,
    };
    let mut sections = Vec::new();
    let mut notes: Vec<String> = plan.config.about.note.clone().into_iter().collect();
    notes.extend(plan.warnings.iter().cloned());
    if !notes.is_empty() {
        sections.push(section("notes", "To know", vec![Block::List(notes)]));
    }
    sections.push(section("method", "Method", method));
    sections.push(section(
        "inputs",
        "Inputs",
        vec![Block::List(input_list(inputs))],
    ));
    sections
}

fn input_list(inputs: &[Input]) -> Vec<String> {
    let is_granule = |input: &&Input| input.role == "granule";
    let granules = inputs.iter().filter(is_granule).count();
    let others = inputs.iter().filter(|input| !is_granule(input));
    let mut list: Vec<String> = others
        .map(|input| format!("{}: {} (SHA-256 {})", input.role, input.path, input.sha256))
        .collect();
    if granules > 0 {
        list.push(format!(
            "{granules} granules; manifest.json has the SHA-256 of each"
        ));
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_knows_comes_between_the_maps_and_the_coverage() {
        let ids = [
            "method",
            "carbon",
            "maps",
            "air",
            "zones",
            "published",
            "coverage",
        ];
        let sections = ids.map(|id| Section {
            id: id.to_owned(),
            heading: String::new(),
            blocks: Vec::new(),
        });
        let ordered = in_order(sections.into());
        let found: Vec<&str> = ordered.iter().map(|section| section.id.as_str()).collect();
        let expected = [
            "zones",
            "maps",
            "carbon",
            "air",
            "coverage",
            "method",
            "published",
        ];
        assert_eq!(found, expected);
    }
}
