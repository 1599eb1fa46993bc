//! What an MRV officer signs: the workbook of a finished run in the shape of
//! the Joint Crediting Mechanism (JCM), and the ledger of claims.
//!
//! * [`workbook`]: a finished run and an MRV file into an XLSX file whose
//!   formulas stand beside what the program computed.
//! * [`ledger`]: claims of removals with their ground, in an embedded
//!   database that takes no ground twice.
//!
//! No number here is creditable: no methodology for rangelands is approved
//! under the JCM. Every sheet says so.

pub mod ledger;
pub mod workbook;
