//! What to cite.

/// A publication or a data set with its parts. It is written down once in the program, by the
/// system that uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// What it is.
    pub kind: ReferenceKind,
    /// Its DOI, without an address before it; `None` for what has none.
    pub doi: Option<&'static str>,
    /// Family name and initials of every author; an organisation has no initials.
    pub authors: &'static [(&'static str, &'static str)],
    /// Year.
    pub year: u16,
    /// Title.
    pub title: &'static str,
    /// Journal, volume and pages; for data and reports the institution.
    pub where_published: &'static str,
}

/// What is cited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceKind {
    /// A paper in a journal.
    Article,
    /// A report or guideline of an institution.
    Report,
    /// A data set.
    Data,
}
