//! References that the program can name itself.

use nutag_system::{Reference, ReferenceKind};

/// Data sets by DOI: family name, initials.
pub(super) const DATA: [Reference; 2] = [
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

pub(super) const GEODESIC_AREA: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.1007/s00190-012-0578-z"),
    authors: &[("Karney", "C. F. F.")],
    year: 2013,
    title: "Algorithms for geodesics",
    where_published: "Journal of Geodesy 87, 43-55",
};

pub(super) const SEN: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.1080/01621459.1968.10480934"),
    authors: &[("Sen", "P. K.")],
    year: 1968,
    title: "Estimates of the regression coefficient based on Kendall's tau",
    where_published: "Journal of the American Statistical Association 63, 1379-1389",
};

pub(super) const MANN: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.2307/1907187"),
    authors: &[("Mann", "H. B.")],
    year: 1945,
    title: "Nonparametric tests against trend",
    where_published: "Econometrica 13, 245-259",
};

pub(super) const BENJAMINI_HOCHBERG: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.1111/j.2517-6161.1995.tb02031.x"),
    authors: &[("Benjamini", "Y."), ("Hochberg", "Y.")],
    year: 1995,
    title: "Controlling the false discovery rate: a practical and powerful approach to multiple testing",
    where_published: "Journal of the Royal Statistical Society B 57, 289-300",
};

pub(super) const HAMED_RAO: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.1016/S0022-1694(97)00125-X"),
    authors: &[("Hamed", "K. H."), ("Rao", "A. R.")],
    year: 1998,
    title: "A modified Mann-Kendall trend test for autocorrelated data",
    where_published: "Journal of Hydrology 204, 182-196",
};

pub(super) const LMDI: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.1016/j.enpol.2003.10.010"),
    authors: &[("Ang", "B. W.")],
    year: 2004,
    title: "Decomposition analysis for policymaking in energy: which is the preferred method?",
    where_published: "Energy Policy 32, 1131-1139",
};

pub(super) const SHAPLEY: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.1016/S0140-9883(97)00012-1"),
    authors: &[("Sun", "J. W.")],
    year: 1998,
    title: "Changes in energy consumption and energy intensity: a complete decomposition model",
    where_published: "Energy Economics 20, 85-100",
};
