//! References that the program can name itself.

use nutag_system::{Reference, ReferenceKind};

/// How a reference is named in a text: `Sen 1968, doi:10...`.
pub(crate) fn short(reference: &Reference) -> String {
    let names: Vec<&str> = reference
        .authors
        .iter()
        .map(|(family, _)| *family)
        .collect();
    let names = match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [one, two] => format!("{one} and {two}"),
        [first, ..] => format!("{first} and others"),
    };
    let doi = reference
        .doi
        .map_or(String::new(), |doi| format!(", doi:{doi}"));
    format!("{names} {}{doi}", reference.year)
}

/// Data sets by DOI: family name, initials.
pub(crate) const DATA: [Reference; 2] = [
    Reference {
        kind: ReferenceKind::Data,
        doi: Some("10.5067/MODIS/MOD17A3HGF.061"),
        authors: &[("Running", "S."), ("Zhao", "M.")],
        year: 2021,
        title: "MODIS/Terra Net Primary Production Gap-Filled Yearly L4 Global 500m SIN Grid V061",
        where_published: "NASA EOSDIS Land Processes Distributed Active Archive Center",
    },
    Reference {
        kind: ReferenceKind::Data,
        doi: Some("10.5067/MODIS/MYD17A3HGF.061"),
        authors: &[("Running", "S."), ("Zhao", "M.")],
        year: 2021,
        title: "MODIS/Aqua Net Primary Production Gap-Filled Yearly L4 Global 500m SIN Grid V061",
        where_published: "NASA EOSDIS Land Processes Distributed Active Archive Center",
    },
];

pub(crate) const GEODESIC_AREA: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.1007/s00190-012-0578-z"),
    authors: &[("Karney", "C. F. F.")],
    year: 2013,
    title: "Algorithms for geodesics",
    where_published: "Journal of Geodesy 87, 43-55",
};

pub(crate) const SEN: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.1080/01621459.1968.10480934"),
    authors: &[("Sen", "P. K.")],
    year: 1968,
    title: "Estimates of the regression coefficient based on Kendall's tau",
    where_published: "Journal of the American Statistical Association 63, 1379-1389",
};

pub(crate) const MANN: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.2307/1907187"),
    authors: &[("Mann", "H. B.")],
    year: 1945,
    title: "Nonparametric tests against trend",
    where_published: "Econometrica 13, 245-259",
};

pub(crate) const BENJAMINI_HOCHBERG: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.1111/j.2517-6161.1995.tb02031.x"),
    authors: &[("Benjamini", "Y."), ("Hochberg", "Y.")],
    year: 1995,
    title: "Controlling the false discovery rate: a practical and powerful approach to multiple testing",
    where_published: "Journal of the Royal Statistical Society B 57, 289-300",
};

pub(crate) const HAMED_RAO: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.1016/S0022-1694(97)00125-X"),
    authors: &[("Hamed", "K. H."), ("Rao", "A. R.")],
    year: 1998,
    title: "A modified Mann-Kendall trend test for autocorrelated data",
    where_published: "Journal of Hydrology 204, 182-196",
};

pub(crate) const LMDI: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.1016/j.enpol.2003.10.010"),
    authors: &[("Ang", "B. W.")],
    year: 2005,
    title: "The LMDI approach to decomposition analysis: a practical guide",
    where_published: "Energy Policy 33, 867-871",
};

pub(crate) const SHAPLEY: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.1016/S0140-9883(97)00012-1"),
    authors: &[("Sun", "J. W.")],
    year: 1998,
    title: "Changes in energy consumption and energy intensity: a complete decomposition model",
    where_published: "Energy Economics 20, 85-100",
};
