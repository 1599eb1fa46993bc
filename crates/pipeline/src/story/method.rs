//! How it was done: the choices, then the formulas with their sources.

use crate::cells::CELL_FALSE_DISCOVERY_RATE;
use crate::config::{Barren, Decomposition, MapFormat, MaskRule};
use crate::manifest::method;
use crate::plan::NppPlan;
use crate::provenance::known;
use crate::study::quantity;

type Terms = Vec<(String, String)>;

/// What the pipeline file and the program chose.
pub fn choices(plan: &NppPlan<'_>) -> Terms {
    let npp = &plan.counted.npp;
    let mask = match npp.mask {
        MaskRule::Common => "common: a cell counts if it is valid in every period",
        MaskRule::PerYear => "per-year: each period has its own mask",
    };
    let barren = match npp.barren {
        Barren::Exclude => "excluded: it has a fill code, not a value",
        Barren::Zero => "counted as zero",
    };
    let mut terms: Terms = method(plan)
        .into_iter()
        .map(|(term, what)| (term.to_owned(), what))
        .collect();
    terms.extend([
        ("product".to_owned(), plan.counted.product.id()),
        ("mask".to_owned(), mask.to_owned()),
        ("barren land".to_owned(), barren.to_owned()),
        ("quality".to_owned(), plan.quality_rule()),
    ]);
    terms
}

/// The formulas behind the tables and maps of the corrected mode.
pub fn formulas(plan: &NppPlan<'_>) -> Terms {
    let term = |name: &str, what: &str| (name.to_owned(), what.to_owned());
    let mut terms = vec![
        term(
            "density g",
            "g = Σ a N / Σ a over the valid cells of a zone: a the area of a cell, N its value",
        ),
        term(
            "total",
            "A g with A the valid area, so that area and density belong to the same cells; \
             1 gC m-2 = 1 tC km-2",
        ),
        term(
            "change at fixed density",
            "(A1 - A0) g0: the published way with valid areas. It says what would change if each cell \
             took the mean of its new zone, and is not an observed change",
        ),
        term("area and density effect", &effects(plan)),
        term(
            "identity",
            "Σ A0 g0 = Σ A1 g1 over all zones, because the cells and their values are the same under \
             both maps",
        ),
    ];
    if quantity(&plan.counted.product).is_ok_and(|quantity| quantity.carbon) {
        terms.push(term(
            "CO2",
            "tCO2 = tC × 44/12, the molar masses (IPCC 2006 Guidelines, volume 1)",
        ));
    }
    let trends = [
        (
            "Theil-Sen slope",
            format!(
                "median of (y_j - y_i) / (t_j - t_i) over all pairs, with the interval from the null \
             distribution of Kendall's S ({})",
                known::short(&known::SEN)
            ),
        ),
        (
            "Mann-Kendall test",
            format!(
                "S = Σ sign(y_j - y_i) over i < j; p exact without ties up to 40 years, otherwise normal \
             with the variance corrected for ties ({}; Kendall 1975)",
                known::short(&known::MANN)
            ),
        ),
        (
            "q",
            format!(
                "p adjusted within its family of tests ({})",
                known::short(&known::BENJAMINI_HOCHBERG)
            ),
        ),
    ];
    terms.extend(trends.map(|(name, what)| (name.to_owned(), what)));
    if plan.config.wants_cells() {
        terms.push((
            "single cells".to_owned(),
            format!(
                "the same test for each cell, at a false discovery rate of {:.0} % over all of them, \
                 twice the level of one test because neighbours are alike (Wilks 2016, \
                 doi:10.1175/BAMS-D-15-00267.1)",
                100.0 * CELL_FALSE_DISCOVERY_RATE
            ),
        ));
    }
    if plan.config.output.maps.contains(&MapFormat::Png) {
        terms.push(term(
            "pictures",
            "Albers equal-area conic (Snyder 1987, doi:10.3133/pp1395); colours of Crameri \
             (doi:10.5281/zenodo.1243862), even in lightness and safe for the colour-blind",
        ));
    }
    terms
}

/// The way of splitting a change that was asked for.
fn effects(plan: &NppPlan<'_>) -> String {
    match plan.config.output.decomposition {
        Decomposition::Shapley => {
            format!(
                "area (A1 - A0) (g0 + g1) / 2, density (g1 - g0) (A0 + A1) / 2: Shapley's value for two \
                 factors; both add up to the change exactly ({})",
                known::short(&known::SHAPLEY)
            )
        }
        Decomposition::Laspeyres => {
            "Laspeyres: area (A1 - A0) g0, density A0 (g1 - g0), interaction (A1 - A0) (g1 - g0)"
                .to_owned()
        }
        Decomposition::Lmdi => {
            format!(
                "LMDI-I: area L(V1, V0) ln(A1 / A0), density L(V1, V0) ln(g1 / g0), with \
                 L(a, b) = (a - b) / ln(a / b) and V = A g ({})",
                known::short(&known::LMDI)
            )
        }
    }
}
