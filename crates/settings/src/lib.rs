//! TOML files that people write, read into types of the program.
//!
//! `serde` with `toml` reads what a program writes. A person gets lists wrong, forgets keys and
//! writes them in the wrong section, and wants to hear of all of it at once, with lines and in
//! words. Three things differ here:
//!
//! - A list of a fixed length has that length. The usual readers take what they need from the front
//!   of `[2001, 2002, 2003]` and forget the rest, which makes 2001 to 2002 of three years.
//! - Everything that is wrong is told in one go: keys that do not exist, keys that are missing,
//!   values of the wrong kind. See [`Faults`].
//! - Nothing is said in the words of the language that this is written in.
//!
//! Two shapes that TOML lacks are written as enums with a name that this reader knows, so that their
//! lists and lines are held to the same rules: [`schema::TAG`] and [`schema::BY_SHAPE`].
//!
//! [`schema::schema`] tells every key of a type, found by the same walk.

mod fault;
mod nearest;
mod node;
pub mod schema;
mod stand_in;
mod stop;
mod table;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub use fault::{Fault, Faults};
pub use nearest::nearest;

use node::{Node, Reader};
use stop::Stop;

/// Reads a text into `T`; keys that `T` does not have are faults.
///
/// A byte-order mark at the head is passed over.
///
/// # Errors
/// Returns an error if the text is not TOML, has keys that `T` has not, lacks keys that `T` needs, or
/// has a value that is not of the kind of its key: all of them at once, each with its line.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Faults> {
    read_with::<T>(text, true)
}

/// As [`read`], for a type that takes up only some of the keys: others are passed over.
///
/// # Errors
/// Returns an error in the cases of [`read`], but for keys that `T` has not.
pub fn read_some<T: DeserializeOwned>(text: &str) -> Result<T, Faults> {
    read_with::<T>(text, false)
}

fn read_with<T: DeserializeOwned>(text: &str, all: bool) -> Result<T, Faults> {
    let text = text.trim_start_matches('\u{feff}');
    let root = DeTable::parse(text).map_err(|error| {
        let span = error.span().unwrap_or_default();
        Faults::new(text, vec![Fault::new(span, error.message())])
    })?;
    let span = root.span();
    let root = Spanned::new(span, DeValue::Table(root.into_inner()));
    let mut reader = Reader::new(all);
    loop {
        let read = T::deserialize(Node::root(&root, &reader));
        let stopped = match read {
            Ok(value) if !reader.found_any() => return Ok(value),
            Ok(_) => None,
            Err(stop) => Some(stop),
        };
        // A key that is missing ends the reading of its table. The next round has something in its
        // place, and finds what else there is.
        if reader.next_round() {
            continue;
        }
        let mut found = reader.into_found();
        match stopped {
            Some(Stop::Missing(key)) if found.is_empty() => {
                found.push(Fault::new(0..0, format!("the key `{key}` is missing")));
            }
            Some(Stop::Other(what)) if found.is_empty() => found.push(Fault::new(0..0, what)),
            _ => {}
        }
        let all = found.clone();
        found.retain(|fault| !all.iter().any(|other| fault.is_said_by(other)));
        if found.iter().any(Fault::may_be_elsewhere) {
            let schema = schema::schema::<T>();
            for fault in &mut found {
                fault.look_elsewhere(&schema);
            }
        }
        return Err(Faults::new(text, found));
    }
}

#[cfg(test)]
mod tests;
