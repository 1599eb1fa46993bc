//! Text from outside, as a terminal or a log may have it.
//!
//! Names of files, zones and regions may hold sequences that move the cursor, change colours or the title,
//! or turn the order of what is read. None of these reaches stdout or stderr.

use std::borrow::Cow;

/// The text with every control character but line breaks and tabs, and every sign that turns the direction
/// of writing, as an escape. The escapes are those of JSON, so that JSON stays what it is.
pub fn shown(text: &str) -> Cow<'_, str> {
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if acts(c) {
            shown.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

fn acts(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_acts_on_a_terminal_is_left() {
        assert_eq!(shown("Жон\t1\n"), "Жон\t1\n");
        assert_eq!(
            shown("a\u{1b}[31m\u{7}\u{9b}2J\u{7f}\u{202e}\rb"),
            "a\\u001b[31m\\u0007\\u009b2J\\u007f\\u202e\\u000db"
        );
        for c in (0..0x110_000).filter_map(char::from_u32) {
            let text = shown(c.encode_utf8(&mut [0; 4])).into_owned();
            let left = text.chars().filter(|c| c.is_control());
            assert_eq!(left.count(), usize::from(c == '\n' || c == '\t'), "{c:?}");
        }
    }

    #[test]
    fn json_stays_what_it_is() {
        let value = serde_json::json!({ "name": "\u{9b}31m\u{7f}\u{202e}\u{1b}" });
        let text = value.to_string();
        assert!(text.contains('\u{9b}'), "JSON itself leaves it");
        let again: serde_json::Value = serde_json::from_str(&shown(&text)).unwrap();
        assert_eq!(again, value);
    }
}
