//! What a result with towers must cite.

use nutag_system::{Reference, ReferenceKind};

/// Windows and rules of gap filling, and the night method.
pub static REICHSTEIN: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.1111/j.1365-2486.2005.001002.x"),
    authors: &[("Reichstein", "M."), ("Falge", "E."), ("Baldocchi", "D.")],
    year: 2005,
    title: "On the separation of net ecosystem exchange into assimilation and ecosystem respiration: review and improved algorithm",
    where_published: "Global Change Biology 11, 1424-1439",
};

/// The day method.
pub static LASSLOP: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.1111/j.1365-2486.2009.02041.x"),
    authors: &[("Lasslop", "G."), ("Reichstein", "M."), ("Papale", "D.")],
    year: 2010,
    title: "Separation of net ecosystem exchange into assimilation and respiration using a light response curve approach: critical issues and global evaluation",
    where_published: "Global Change Biology 16, 187-208",
};

/// The u* threshold and spikes.
pub static PAPALE: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.5194/bg-3-571-2006"),
    authors: &[("Papale", "D."), ("Reichstein", "M."), ("Aubinet", "M.")],
    year: 2006,
    title: "Towards a standardized processing of Net Ecosystem Exchange measured with eddy covariance technique: algorithms and uncertainty estimation",
    where_published: "Biogeosciences 3, 571-583",
};

/// The program whose results this one is held to.
pub static WUTZLER: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.5194/bg-15-5015-2018"),
    authors: &[
        ("Wutzler", "T."),
        ("Lucas-Moffat", "A."),
        ("Migliavacca", "M."),
    ],
    year: 2018,
    title: "Basic and extensible post-processing of eddy covariance flux data with REddyProc",
    where_published: "Biogeosciences 15, 5015-5030",
};

/// The energy balance correction, and the form of the file of half-hours.
pub static PASTORELLO: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.1038/s41597-020-0534-3"),
    authors: &[("Pastorello", "G."), ("Trotta", "C."), ("Canfora", "E.")],
    year: 2020,
    title: "The FLUXNET2015 dataset and the ONEFlux processing pipeline for eddy covariance data",
    where_published: "Scientific Data 7, 225",
};

/// The effective number of rows that follow each other.
pub static ZIEBA: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.2478/v10178-011-0052-x"),
    authors: &[("Zieba", "A."), ("Ramza", "P.")],
    year: 2011,
    title: "Standard Deviation of the Mean of Autocorrelated Observations Estimated with the Use of the Autocorrelation Function Estimated From the Data",
    where_published: "Metrology and Measurement Systems 18, 529-542",
};

/// All of them.
#[must_use]
pub fn all() -> Vec<&'static Reference> {
    vec![
        &PAPALE,
        &REICHSTEIN,
        &LASSLOP,
        &WUTZLER,
        &PASTORELLO,
        &ZIEBA,
    ]
}
