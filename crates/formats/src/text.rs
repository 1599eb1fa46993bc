//! Names, as files write them, as people mean them.
//!
//! A name joins tables: the same name must be the same text wherever it comes from. So blanks around it
//! are taken off, letters are composed alike (Unicode normalization form C, UAX 15), and a text that was
//! not read rightly is refused instead of passed on.

use unicode_normalization::UnicodeNormalization;

/// What is wrong with a text that should be a name, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadText {
    /// What was found.
    pub found: String,
    /// What to do.
    pub advice: &'static str,
}

/// A name without blanks around it and with composed letters.
///
/// # Errors
/// Returns an error if the text holds the replacement character U+FFFD, which stands where letters
/// could not be read, or a control character, which no name has.
pub fn name(raw: &str) -> Result<String, BadText> {
    let name = plain(raw);
    if name.contains('\u{fffd}') {
        return Err(BadText {
            found: format!("{name:?}, in which letters could not be read (U+FFFD)"),
            advice: "save the text as UTF-8, from the program that wrote it",
        });
    }
    match name.chars().find(|letter| letter.is_control()) {
        Some(control) => Err(BadText {
            found: format!(
                "{name:?}, which holds the control character U+{:04X}",
                u32::from(control)
            ),
            advice: "take it out of the name",
        }),
        None => Ok(name),
    }
}

/// The text without blanks around it and with composed letters, whatever it holds.
#[must_use]
pub fn plain(raw: &str) -> String {
    composed(raw.trim_matches(is_blank))
}

/// The text with composed letters: one letter is one text, however a file writes it.
#[must_use]
pub fn composed(text: &str) -> String {
    text.nfc().collect()
}

/// White space of any kind, and marks of no width that programs leave at the ends.
fn is_blank(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{feff}' | '\u{200b}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_is_one_text() {
        for raw in [
            "Баян-Өлгий",
            " Баян-Өлгий\u{a0}",
            "\u{feff}Баян-Өлгий\r\n",
            "Баян-Өлгии\u{306}",
        ] {
            assert_eq!(name(raw).unwrap(), "Баян-Өлгий", "{raw:?}");
        }
        assert_eq!(
            name("a  b").unwrap(),
            "a  b",
            "blanks inside are the name's"
        );
    }

    #[test]
    fn what_was_not_read_rightly_is_refused() {
        for (raw, word) in [
            ("S\u{fffd}l", "U+FFFD"),
            ("a\0b", "U+0000"),
            ("a\nb", "U+000A"),
            ("a\u{98}", "U+0098"),
        ] {
            let bad = name(raw).unwrap_err();
            assert!(bad.found.contains(word), "{bad:?}");
        }
    }
}
