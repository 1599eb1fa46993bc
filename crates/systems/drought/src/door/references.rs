//! What a result of `[drought]` cites.

use nutag_system::{Reference, ReferenceKind};

pub(super) const THORNTHWAITE: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.2307/210739"),
    authors: &[("Thornthwaite", "C. W.")],
    year: 1948,
    title: "An approach toward a rational classification of climate",
    where_published: "Geographical Review 38, 55-94",
};

pub(super) const SPEI: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.1175/2009JCLI2909.1"),
    authors: &[
        ("Vicente-Serrano", "S. M."),
        ("Beguería", "S."),
        ("López-Moreno", "J. I."),
    ],
    year: 2010,
    title: "A multiscalar drought index sensitive to global warming: the standardized precipitation evapotranspiration index",
    where_published: "Journal of Climate 23, 1696-1718",
};

pub(super) const SPI_ZEROS: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.1002/joc.4267"),
    authors: &[
        ("Stagge", "J. H."),
        ("Tallaksen", "L. M."),
        ("Gudmundsson", "L."),
        ("Van Loon", "A. F."),
        ("Stahl", "K."),
    ],
    year: 2015,
    title: "Candidate distributions for climatological drought indices (SPI and SPEI)",
    where_published: "International Journal of Climatology 35, 4027-4040",
};

pub(super) const SCPDSI: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.1175/1520-0442(2004)017<2335:ASPDSI>2.0.CO;2"),
    authors: &[("Wells", "N."), ("Goddard", "S."), ("Hayes", "M. J.")],
    year: 2004,
    title: "A self-calibrating Palmer drought severity index",
    where_published: "Journal of Climate 17, 2335-2351",
};

pub(super) const BUCKET: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.1111/gcb.12026"),
    authors: &[
        ("Dobrowski", "S. Z."),
        ("Abatzoglou", "J."),
        ("Swanson", "A. K."),
        ("Greenberg", "J. A."),
        ("Mynsberge", "A. R."),
        ("Holden", "Z. A."),
        ("Schwartz", "M. K."),
    ],
    year: 2013,
    title: "The climate velocity of the contiguous United States during the 20th century",
    where_published: "Global Change Biology 19, 241-251",
};

pub(super) const FIRTH: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.1093/biomet/80.1.27"),
    authors: &[("Firth", "D.")],
    year: 1993,
    title: "Bias reduction of maximum likelihood estimates",
    where_published: "Biometrika 80, 27-38",
};
