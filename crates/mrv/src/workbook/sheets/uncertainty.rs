//! How sure the difference is, and what is deducted for it.

use rust_xlsxwriter::XlsxError;

use super::Content;
use super::pen::{Book, Cell, Pen, end, formula, input, words};
use super::style::{Ink, Shown};
use crate::workbook::policy::Kind;
use crate::workbook::project::{Of, StandardError};

pub(super) fn uncertainty(book: &mut Book, content: &Content<'_>) -> Result<(), XlsxError> {
    let widths = [46, 62, 18, 10, 24, 18, 12];
    let title = "Deduction for uncertainty";
    let mut pen = Pen::begin(book, "Uncertainty", title, &widths)?;
    let heads = ["Figure", "How", "Value", "Units", "Parameter"];
    pen.heading("1. Standard error of the mean yearly removals above the reference")?;
    pen.head(&heads, true)?;
    standard_error(&mut pen, content)?;
    pen.skip();
    pen.heading("2. The policy")?;
    pen.head(&heads, false)?;
    let policy = content.policy;
    pen.row(&[
        words("Policy"),
        words(&policy.title),
        input(&policy.id),
        words(""),
        words(""),
    ])?;
    pen.row(&[
        words("Source"),
        words(&policy.source),
        words(""),
        words(""),
        words(""),
    ])?;
    if let Some(what) = &policy.unverified {
        pen.row(&[
            words("UNVERIFIED"),
            words(format!("check in the source before use: {what}")),
            words(""),
            words(""),
            words(""),
        ])?;
    }
    pen.row(&[
        words("Confidence"),
        words("of the two-sided interval"),
        Cell::Named(
            policy.confidence,
            Ink::Default,
            Shown::Factor,
            "policy_confidence".to_owned(),
        ),
        words("1"),
        words("policy_confidence"),
    ])?;
    let rule = rule(&mut pen, content)?;
    pen.skip();
    pen.heading("3. The deduction")?;
    pen.head(&heads, true)?;
    deduction(&mut pen, content, &rule)?;
    pen.skip();
    pen.text(
        "The reference is high already, and its error counts here once more: both err to the conservative side. The spread between years holds weather and noise of the sensor, not a bias that all years share: such a bias cancels in the difference as far as it is the same in both periods, and not in the totals. Years are taken as independent; where they are not, the standard error is too small.",
    )?;
    pen.finish()
}

fn standard_error(pen: &mut Pen<'_>, content: &Content<'_>) -> Result<(), XlsxError> {
    let figures = content.figures;
    match &content.project.uncertainty.standard_error {
        StandardError::Given {
            tco2_per_year,
            degrees_of_freedom,
            source,
        } => {
            pen.row(&[
                words("Standard error, given"),
                input(source),
                Cell::Named(
                    *tco2_per_year,
                    Ink::Input,
                    Shown::Tenths,
                    "se_base".to_owned(),
                ),
                words("tCO2/yr"),
                words("se_base"),
            ])?;
            pen.row(&[
                words("Degrees of freedom, given"),
                input(source),
                Cell::Named(
                    f64::from(*degrees_of_freedom),
                    Ink::Input,
                    Shown::Whole,
                    "degrees_of_freedom".to_owned(),
                ),
                words("1"),
                words("degrees_of_freedom"),
            ])?;
        }
        StandardError::Run => from_run(pen, content)?,
        StandardError::Years => {
            let years = &figures.project_period.years;
            let terms: Vec<String> = years.iter().map(|year| format!("project_{year}")).collect();
            let terms = terms.join(",");
            pen.row(&[
                words("Standard error of the mean, monitoring years"),
                words("standard deviation between years over the root of their number"),
                formula(
                    format!("=STDEV({terms})/SQRT({})", years.len()),
                    figures.project_period.se.unwrap_or_default(),
                    Shown::Tenths,
                    "project_se",
                ),
                words("tCO2/yr"),
                words("project_se"),
            ])?;
            let (text, how) = match &figures.reference_period {
                Some(_) => (
                    "=SQRT(project_se^2+reference_se^2)",
                    "of both periods, in quadrature",
                ),
                None => ("=project_se", "the fixed reference has none"),
            };
            pen.row(&[
                words("Standard error of the difference"),
                words(how),
                formula(text, figures.se_base, Shown::Tenths, "se_base"),
                words("tCO2/yr"),
                words("se_base"),
            ])?;
            let df = match &figures.reference_period {
                Some(reference) => format!("=MIN({},{})-1", years.len(), reference.years.len()),
                None => format!("={}-1", years.len()),
            };
            pen.row(&[
                words("Degrees of freedom"),
                words("years of the shorter period less one: the conservative side"),
                formula(
                    df,
                    figures.degrees_of_freedom,
                    Shown::Whole,
                    "degrees_of_freedom",
                ),
                words("1"),
                words("degrees_of_freedom"),
            ])?;
        }
    }
    let components = &content.project.uncertainty.component;
    for (index, (component, se)) in (1_usize..).zip(components.iter().zip(&figures.se_components)) {
        let percent = format!("component_{index}_percent");
        pen.row(&[
            words(format!("{}, in percent", component.name)),
            input(&component.source),
            Cell::Named(
                component.percent,
                Ink::Input,
                Shown::Factor,
                percent.clone(),
            ),
            words("%"),
            words(&percent),
        ])?;
        let (of, how) = match component.of {
            Of::Removals if figures.reference_period.is_some() => (
                "SQRT(project_mean^2+reference_mean^2)",
                "of the removals of both periods, each with an error of its own",
            ),
            Of::Removals => (
                "SQRT(project_mean^2+reference_removals^2)",
                "of the removals of both periods, each with an error of its own",
            ),
            Of::Difference => ("ABS(mean_difference)", "of the difference"),
        };
        let name = format!("se_component_{index}");
        pen.row(&[
            words(&component.name),
            words(how),
            formula(format!("={percent}/100*{of}"), *se, Shown::Tenths, &name),
            words("tCO2/yr"),
            words(&name),
        ])?;
    }
    let years = &figures.project_period.years;
    let terms: Vec<String> = years.iter().map(|year| format!("project_{year}")).collect();
    pen.row(&[
        words("Mean removals of the project's land"),
        words("over the monitoring years"),
        formula(
            format!("=AVERAGE({})", terms.join(",")),
            figures.project_period.mean,
            Shown::Tenths,
            "project_mean",
        ),
        words("tCO2/yr"),
        words("project_mean"),
    ])?;
    let squares: String = (1..=components.len())
        .map(|index| format!("+se_component_{index}^2"))
        .collect();
    pen.strong_row(&[
        words("Standard error, all together"),
        words("in quadrature"),
        formula(
            format!("=SQRT(se_base^2{squares})"),
            figures.se,
            Shown::Tenths,
            "se_total",
        ),
        words("tCO2/yr"),
        words("se_total"),
    ])
}

/// The intervals of the run's draws, region by region.
fn from_run(pen: &mut Pen<'_>, content: &Content<'_>) -> Result<(), XlsxError> {
    let Some(intervals) = content.intervals else {
        return Ok(());
    };
    let mut widths = Vec::new();
    for (index, interval) in (1_usize..).zip(&intervals.regions) {
        for (end, value) in [("p05", interval.p05_tco2), ("p95", interval.p95_tco2)] {
            let name = format!("run_{end}_{index}");
            pen.row(&[
                words(format!("{}, {end} of the draws", interval.region)),
                words(format!(
                    "{}, line {}: {}; SHA-256 {}",
                    intervals.file, interval.line, intervals.row, intervals.sha256
                )),
                Cell::Named(value, Ink::Run, Shown::Tenths, name.clone()),
                words("tCO2/yr"),
                words(name),
            ])?;
        }
        widths.push(format!("(run_p95_{index}-run_p05_{index})"));
    }
    pen.row(&[
        words("Standard error of the difference"),
        words("width of the intervals over twice the normal quantile of 95 %; regions are added as if their errors went together: the conservative side"),
        formula(
            format!("=({})/(2*NORMSINV(0.95))", widths.join("+")),
            content.figures.se_base,
            Shown::Tenths,
            "se_base",
        ),
        words("tCO2/yr"),
        words("se_base"),
    ])?;
    pen.row(&[
        words("Degrees of freedom"),
        words("of many draws: Student's t is normal"),
        Cell::Named(
            content.figures.degrees_of_freedom,
            Ink::Default,
            Shown::Whole,
            "degrees_of_freedom".to_owned(),
        ),
        words("1"),
        words("degrees_of_freedom"),
    ])
}

/// Writes the numbers of the policy and gives the formula of what it deducts.
fn rule(pen: &mut Pen<'_>, content: &Content<'_>) -> Result<String, XlsxError> {
    let policy = content.policy;
    let default =
        |value: f64, name: &str| Cell::Named(value, Ink::Default, Shown::Factor, name.to_owned());
    let formula = match policy.kind {
        Kind::Excess => {
            pen.row(&[
                words("Threshold"),
                words("uncertainty above it is deducted"),
                default(policy.threshold.unwrap_or_default(), "policy_threshold"),
                words("%"),
                words("policy_threshold"),
            ])?;
            "=MIN(100,MAX(0,uncertainty_percent-policy_threshold))".to_owned()
        }
        Kind::Factor => {
            pen.row(&[
                words("Factor"),
                words("standard errors that are deducted"),
                default(policy.factor.unwrap_or_default(), "policy_factor"),
                words("1"),
                words("policy_factor"),
            ])?;
            "=MIN(100,100*policy_factor*se_total/ABS(mean_difference))".to_owned()
        }
        Kind::Percent | Kind::Share => {
            let what = if policy.kind == Kind::Percent {
                "deducts, in percent of the estimate"
            } else {
                "deducts, in percent of the uncertainty"
            };
            let first = pen.next_row();
            for band in &policy.bands {
                let limit = match band.up_to {
                    Some(limit) => Cell::Number(limit, Ink::Default, Shown::Factor),
                    None => words("above"),
                };
                pen.row(&[
                    words("Uncertainty up to, in percent (third column)"),
                    words(format!("{what} (fourth column)")),
                    limit,
                    Cell::Number(band.deduct, Ink::Default, Shown::Whole),
                    words(""),
                ])?;
            }
            let last = pen.next_row() - 1;
            // The number of limits below U says which band it is; the last has none.
            let deducts = if policy.bands.len() == 1 {
                format!("D{first}")
            } else {
                format!(
                    "INDEX(D{first}:D{last},1+SUMPRODUCT(--(C{first}:C{}<uncertainty_percent)))",
                    last - 1
                )
            };
            if policy.kind == Kind::Percent {
                format!("=MIN(100,{deducts})")
            } else {
                format!("=MIN(100,{deducts}/100*uncertainty_percent)")
            }
        }
    };
    if let Some(limit) = policy.not_above {
        pen.row(&[
            words("Not allowed above"),
            words("an estimate less sure than this counts nothing"),
            default(limit, "policy_not_above"),
            words("%"),
            words("policy_not_above"),
        ])?;
    }
    Ok(formula)
}

fn deduction(pen: &mut Pen<'_>, content: &Content<'_>, rule: &str) -> Result<(), XlsxError> {
    let figures = content.figures;
    let deduction = &figures.deduction;
    pen.row(&[
        words("Mean removals above the reference"),
        words("MRS(calc_process)"),
        end("=mean_difference", figures.mean_difference, Shown::Tenths),
        words("tCO2/yr"),
        words("mean_difference"),
    ])?;
    pen.row(&[
        words("Quantile of Student's t"),
        words("two-sided"),
        formula(
            "=TINV(1-policy_confidence,degrees_of_freedom)",
            deduction.t,
            Shown::Factor,
            "t_value",
        ),
        words("1"),
        words("t_value"),
    ])?;
    pen.row(&[
        words("Half width of the interval"),
        words("t times the standard error"),
        formula(
            "=t_value*se_total",
            deduction.half_width,
            Shown::Tenths,
            "half_width",
        ),
        words("tCO2/yr"),
        words("half_width"),
    ])?;
    pen.row(&[
        words("Lower end of the interval"),
        words("must be above zero"),
        end(
            "=mean_difference-half_width",
            figures.mean_difference - deduction.half_width,
            Shown::Tenths,
        ),
        words("tCO2/yr"),
        words(""),
    ])?;
    pen.row(&[
        words("Uncertainty"),
        words("half width in percent of the mean"),
        formula(
            "=100*half_width/ABS(mean_difference)",
            deduction.uncertainty_percent,
            Shown::Factor,
            "uncertainty_percent",
        ),
        words("%"),
        words("uncertainty_percent"),
    ])?;
    pen.strong_row(&[
        words("Deduction"),
        words("by the policy; at most all"),
        formula(rule, deduction.percent, Shown::Factor, "deduction_percent"),
        words("%"),
        words("deduction_percent"),
    ])?;
    let allowed = match content.policy.not_above {
        Some(_) => ",uncertainty_percent<=policy_not_above",
        None => "",
    };
    let counts = if figures.counts { "yes" } else { "no" };
    pen.strong_row(&[
        words("May anything count?"),
        words("yes, if the mean and the lower end of its interval are above zero and the policy allows the uncertainty"),
        Cell::Verdict(
            format!("=IF(AND(mean_difference>0,mean_difference-half_width>0{allowed}),\"yes\",\"no\")"),
            counts.to_owned(),
            Some("may_count".to_owned()),
        ),
        words(""),
        words("may_count"),
    ])
}
