//! The sheets of words: structure, eligibility, defaults.

use rust_xlsxwriter::XlsxError;

use super::Content;
use super::pen::{Book, Cell, Pen, input, words};
use super::style::{Ink, Shown};
use crate::workbook::project::LevelName;

/// Roles printed in the JCM's own sheet.
const ROLES: [(&str, &str); 3] = [
    (
        "Project Manager",
        "Plans and runs the monitoring, answers for its results and reports them.",
    ),
    (
        "Project Deputy Managers",
        "Check the archived data, have them corrected, and approve them.",
    ),
    (
        "Monitoring operators",
        "Collect the data and store them with their evidence documents.",
    ),
];

/// MSS: who does what.
pub(super) fn structure(book: &mut Book, content: &Content<'_>) -> Result<(), XlsxError> {
    let mut pen = Pen::begin(book, "MSS", "Monitoring Structure Sheet", &[36, 110])?;
    pen.head(&["Responsible personnel", "Role"], false)?;
    if content.project.role.is_empty() {
        for (person, role) in ROLES {
            pen.row(&[input(format!("{person}: TO BE NAMED")), words(role)])?;
        }
    }
    for role in &content.project.role {
        pen.row(&[input(&role.person), input(&role.role)])?;
    }
    pen.skip();
    pen.text("The report comes with evidence documents: the run folder with its manifest, the MRV file, and invoices or protocols for every value of option B or C.")?;
    pen.skip();
    pen.heading("Participants")?;
    pen.head(&["Participant", "Countries"], false)?;
    for participant in &content.project.about.participants {
        let about = &content.project.about;
        pen.row(&[
            input(participant),
            words(format!("host {}, partner {}", about.host, about.buyer)),
        ])?;
    }
    pen.finish()
}

/// A criterion that this program answers itself.
struct Own {
    criterion: String,
    holds: bool,
    evidence: String,
}

fn own(content: &Content<'_>) -> Vec<Own> {
    let level = content.project.level.name;
    let net = level != LevelName::Npp;
    let debit =
        content.project.monitoring.negative_years == crate::workbook::project::NegativeYears::Debit;
    vec![
        Own {
            criterion: "A methodology for the activity is approved under the JCM.".to_owned(),
            holds: false,
            evidence: "None is approved for rangelands. Forest guidelines exist for Lao PDR and Cambodia, none was found for Mongolia.".to_owned(),
        },
        Own {
            criterion: "What is counted is a net removal.".to_owned(),
            holds: net,
            evidence: format!("The level is {}: {}.", level.word(), level.meaning()),
        },
        Own {
            criterion: "Carbon that stays is measured, or modelled by a validated model: roots and soil.".to_owned(),
            holds: false,
            evidence: "This program measures neither; yearly uptake is not a change of stock.".to_owned(),
        },
        Own {
            criterion: "What the project did is told apart from weather and climate, for instance by control land.".to_owned(),
            holds: false,
            evidence: "The workbook compares two periods of the same land; rain and temperature differ between them.".to_owned(),
        },
        Own {
            criterion: "The reference is on the conservative side.".to_owned(),
            holds: debit,
            evidence: if debit {
                "It is set high, and years below it are taken off the others."
            } else {
                "It is set high, but years below it count as zero, which is not conservative."
            }
            .to_owned(),
        },
        Own {
            criterion: "The same ground is counted in every year.".to_owned(),
            holds: true,
            evidence: "The run has one mask for all years, and the valid area of every point was compared.".to_owned(),
        },
        Own {
            criterion: "The tables are those that the run wrote.".to_owned(),
            holds: true,
            evidence: format!("Their SHA-256 is that of the manifest {}.", content.run.manifest_sha256),
        },
    ]
}

/// The words of the verdict: how many criteria do not hold.
pub(in crate::workbook) fn verdict(content: &Content<'_>) -> String {
    let mut holds: Vec<bool> = own(content).iter().map(|own| own.holds).collect();
    holds.push(content.figures.counts);
    holds.extend(
        content
            .project
            .eligibility
            .iter()
            .map(|criterion| criterion.holds),
    );
    let missing = holds.iter().filter(|holds| !**holds).count();
    if missing == 0 {
        "ELIGIBLE".to_owned()
    } else {
        format!("NOT ELIGIBLE: {missing} of {} do not hold", holds.len())
    }
}

/// Eligibility: every criterion must hold.
pub(super) fn eligibility(book: &mut Book, content: &Content<'_>) -> Result<(), XlsxError> {
    let widths = [8, 70, 12, 90, 18, 12];
    let mut pen = Pen::begin(
        book,
        "Eligibility",
        "Eligibility criteria: all must hold",
        &widths,
    )?;
    pen.head(&["No.", "Criterion", "Holds", "Evidence"], true)?;
    let first = pen.next_row();
    let mut number = 0_u32;
    let mut holding = 0_u32;
    let yes = |holds: bool| if holds { "yes" } else { "no" };
    let next = |number: &mut u32| {
        *number += 1;
        Cell::Number(f64::from(*number), Ink::Plain, Shown::Whole)
    };
    for criterion in own(content) {
        holding += u32::from(criterion.holds);
        pen.row(&[
            next(&mut number),
            words(criterion.criterion),
            words(yes(criterion.holds)),
            words(format!("{} (answered by the program)", criterion.evidence)),
        ])?;
    }
    let counts = content.figures.counts;
    holding += u32::from(counts);
    pen.row(&[
        next(&mut number),
        words("The removals above the reference are above zero with their whole interval, and no less sure than the policy allows."),
        Cell::Verdict("=may_count".to_owned(), yes(counts).to_owned(), None),
        words("Sheet Uncertainty. (answered by the program)"),
    ])?;
    for criterion in &content.project.eligibility {
        holding += u32::from(criterion.holds);
        pen.row(&[
            next(&mut number),
            input(&criterion.criterion),
            input(yes(criterion.holds)),
            input(&criterion.evidence),
        ])?;
    }
    let last = pen.next_row() - 1;
    let missing = number - holding;
    let range = format!("C{first}:C{last}");
    pen.strong_row(&[
        words(""),
        words("All criteria hold"),
        Cell::Verdict(
            format!("=IF(COUNTIF({range},\"yes\")=ROWS({range}),\"yes\",\"no\")"),
            yes(missing == 0).to_owned(),
            None,
        ),
        words(""),
    ])?;
    pen.strong_row(&[
        words(""),
        words("Verdict"),
        words(""),
        Cell::Verdict(
            format!(
                "=IF(COUNTIF({range},\"yes\")=ROWS({range}),\"ELIGIBLE\",\"NOT ELIGIBLE: \"&(ROWS({range})-COUNTIF({range},\"yes\"))&\" of \"&ROWS({range})&\" do not hold\")"
            ),
            content.eligibility.clone(),
            Some("eligibility".to_owned()),
        ),
    ])?;
    pen.finish()
}

/// Default values with their sources.
pub(super) fn defaults(book: &mut Book, content: &Content<'_>) -> Result<(), XlsxError> {
    let widths = [42, 18, 14, 80, 46, 18, 12];
    let mut pen = Pen::begin(
        book,
        "Defaults",
        "Default values and their sources",
        &widths,
    )?;
    pen.head(&["Value", "", "Units", "Source", "Mark"], true)?;
    if content.source.unit == "tC" {
        for (label, value, name) in [
            ("Molar mass of CO2, whole", 44.0, "molar_mass_CO2"),
            ("Molar mass of carbon, whole", 12.0, "molar_mass_C"),
        ] {
            pen.row(&[
                words(label),
                Cell::Named(value, Ink::Default, Shown::Whole, name.to_owned()),
                words("g/mol"),
                words("IPCC 2006 Guidelines, volume 1, chapter 1: ratio of whole molar masses"),
                words(""),
            ])?;
        }
        pen.row(&[
            words("From carbon to CO2"),
            super::pen::formula(
                "=molar_mass_CO2/molar_mass_C",
                content.figures.to_tco2,
                Shown::Factor,
                "to_tCO2",
            ),
            words("tCO2/tC"),
            words("from the two above"),
            words(""),
        ])?;
    } else {
        pen.row(&[
            words("The table is in CO2 already"),
            Cell::Named(1.0, Ink::Default, Shown::Factor, "to_tCO2".to_owned()),
            words("tCO2/tCO2"),
            words("column of the run"),
            words(""),
        ])?;
    }
    let policy = content.policy;
    let mark = policy
        .unverified
        .as_ref()
        .map_or_else(String::new, |what| format!("UNVERIFIED: {what}"));
    pen.row(&[
        words(format!(
            "Policy {}: confidence and limits (sheet Uncertainty)",
            policy.id
        )),
        words("see there"),
        words("%"),
        words(&policy.source),
        words(mark),
    ])?;
    pen.skip();
    pen.text("A value marked UNVERIFIED was not compared with its source by the makers of this program. Check it before anything is signed.")?;
    pen.finish()
}
