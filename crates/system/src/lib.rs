//! The door between the pipeline and every system.
//!
//! A system is one section of the pipeline file and everything that follows from it. It passes
//! through three stages, each a trait, so that a part that is forgotten does not compile:
//!
//! | stage | is | may still fail because |
//! |---|---|---|
//! | [`Section`] | what is asked: text, nothing opened | keys contradict each other |
//! | [`Planned`] | every file opened, every name found | a file is not what it must be |
//! | [`Computed`] | tables, numbers for others, pages | the disk, or a stop |
//!
//! Systems do not know each other. What one needs from another goes through [`Yearly`]: numbers by
//! region, zone and year.

mod inspection;
mod pages;
mod reference;
mod summary;
mod yearly;

use std::fmt::Debug;
use std::path::PathBuf;

use nutag_problem::{Error, Watch};
use nutag_report::Table;

pub use inspection::{Inspection, Part};
pub use nutag_frame::{Announced, Asked, FileKey, Frame, Mode, Place};
pub use pages::{Pages, Picture};
pub use reference::{Reference, ReferenceKind};
pub use summary::{Facts, Summary};
pub use yearly::Yearly;

/// A section of the pipeline file: what is asked of one system. Text only; it opens nothing.
pub trait Section: Debug + Send + Sync {
    /// The name of the section, such as `uptake`.
    fn key(&self) -> &'static str;

    /// Checks what text can show.
    ///
    /// # Errors
    /// Returns the first thing that cannot be meant, at a place such as `[uptake] change`.
    fn check(&self, asked: &Asked) -> Result<(), Error>;

    /// Every path of the section, each once. The pipeline refuses those that leave the folder,
    /// makes them count from the file, and lists them: a path that is not given here is not read
    /// from where its reader expects.
    fn files(&mut self, each: &mut dyn FnMut(FileKey, &mut PathBuf));

    /// What a result of this section must cite.
    fn references(&self) -> Vec<&'static Reference>;

    /// Opens every file and finds every name. Nothing can be asked wrongly afterwards.
    ///
    /// # Errors
    /// Returns an error for whatever makes the question unanswerable.
    fn plan(&self, frame: &Frame<'_>, watch: &Watch<'_>) -> Result<Box<dyn Planned>, Error>;
}

/// A section that can be done.
pub trait Planned: Debug + Send + Sync {
    /// The plan for people and programs: `nutag check`, its JSON, the manifest.
    fn summary(&self) -> Summary;

    /// Every file that was found behind the paths of the section, with those that lie beside it and are
    /// read with it: for its hash. It is asked for again after the run, to see what came meanwhile.
    ///
    /// # Errors
    /// Returns an error if what belongs to a file cannot be told.
    fn inputs(&self) -> Result<Vec<InputFile>, Error>;

    /// What the user should know although it can be done.
    fn warnings(&self) -> Vec<String>;

    /// The numbers that this system will give to those after it.
    fn announces(&self) -> Vec<Announced>;

    /// Computes everything.
    ///
    /// # Errors
    /// Returns an error if a file cannot be read any more, or the user stops.
    fn compute<'a>(
        &'a self,
        given: &Given<'a>,
        watch: &Watch<'_>,
    ) -> Result<Box<dyn Computed + 'a>, Error>;
}

/// What a system has computed. Pages are apart from tables, because whoever compares tables draws
/// no maps.
pub trait Computed {
    /// The tables, in the order of the result.
    fn tables(&self) -> &[Table];

    /// Numbers by place and year, for the systems after this one.
    fn yearly(&self) -> &[Yearly];

    /// The report: sections, pictures, formulas.
    ///
    /// # Errors
    /// Returns an error if a picture cannot be drawn, or the user stops.
    fn pages(&self, watch: &Watch<'_>) -> Result<Pages, Error>;
}

/// What a system is given when it computes.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// What all systems share.
    pub frame: &'a Frame<'a>,
    /// What systems before this one gave.
    pub earlier: &'a [Yearly],
}

impl<'a> Given<'a> {
    /// Numbers of this name by the zones of a map, or of any map.
    #[must_use]
    pub fn yearly(&self, name: &str, map: Option<usize>) -> Option<&'a Yearly> {
        self.earlier
            .iter()
            .find(|numbers| numbers.name == name && (map.is_none() || numbers.map == map))
    }
}

/// A file that a system reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// What it is for, such as `burned area`.
    pub role: &'static str,
    /// Where it is.
    pub path: PathBuf,
}

/// The example of the page for authors of systems, compiled with the tests.
#[cfg(doctest)]
#[doc = include_str!("../../systems/README.md")]
pub struct PageForAuthors;
