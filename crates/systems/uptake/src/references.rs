//! The models of respiration as publications.

use nutag_system::{Reference, ReferenceKind};

pub(crate) const RAICH: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.1046/j.1365-2486.2002.00511.x"),
    authors: &[("Raich", "J. W."), ("Potter", "C. S."), ("Bhagawati", "D.")],
    year: 2002,
    title: "Interannual variability in global soil respiration, 1980-94",
    where_published: "Global Change Biology 8, 800-812",
};

pub(crate) const BOND_LAMBERTY: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.1111/j.1365-2486.2004.00816.x"),
    authors: &[("Bond-Lamberty", "B."), ("Wang", "C."), ("Gower", "S. T.")],
    year: 2004,
    title: "A global relationship between the heterotrophic and autotrophic components of soil respiration?",
    where_published: "Global Change Biology 10, 1756-1766",
};

pub(crate) const HASHIMOTO: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.5194/bg-12-4121-2015"),
    authors: &[
        ("Hashimoto", "S."),
        ("Carvalhais", "N."),
        ("Ito", "A."),
        ("Migliavacca", "M."),
        ("Nishina", "K."),
        ("Reichstein", "M."),
    ],
    year: 2015,
    title: "Global spatiotemporal distribution of soil respiration modeled using a global database",
    where_published: "Biogeosciences 12, 4121-4132",
};

/// The formula goes round under this name; that the paper holds it was not confirmed, so no DOI is
/// given.
pub(crate) const PEI: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: None,
    authors: &[("Pei et al.", "")],
    year: 2009,
    title: "Heterotrophic respiration from monthly temperature and precipitation, as cited by others; the source is not confirmed",
    where_published: "unconfirmed",
};

pub(crate) const LLOYD_TAYLOR: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.2307/2389824"),
    authors: &[("Lloyd", "J."), ("Taylor", "J. A.")],
    year: 1994,
    title: "On the temperature dependence of soil respiration",
    where_published: "Functional Ecology 8, 315-323",
};
