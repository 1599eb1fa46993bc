//! Text from outside in files and lines that other programs read as commands: units, crontabs, a shell.
//!
//! Root runs what a unit says, so no name of a file may end a line or a word. For each format there is one
//! function here, and nothing reaches it by another way; what a format cannot hold for certain is refused.

use std::path::Path;

use nutag_problem::{Error, Problem};

/// Text of one line, as it is.
///
/// # Errors
/// Returns an error if it has a control character, something that another program may take for the end of
/// a line, or a sign that turns the order of what is seen.
pub fn one_line<'a>(what: &str, text: &'a str) -> Result<&'a str, Error> {
    let hidden = |c: char| {
        c.is_control()
            || matches!(
                c,
                '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{feff}'
            )
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if text.chars().any(hidden) {
        return Err(Problem::new(format!(
            "{} has a line break or another control character",
            text.escape_debug()
        ))
        .at(what)
        .advice("a unit and a crontab are made of lines; give it a name without")
        .asked());
    }
    Ok(text)
}

/// A path as text of one line.
///
/// # Errors
/// Returns an error as [`one_line`] does, or if the path is not UTF-8.
pub fn path_line<'a>(what: &str, path: &'a Path) -> Result<&'a str, Error> {
    let text = path.to_str().ok_or_else(|| {
        Problem::new(format!(
            "the path {} is not UTF-8, and a unit or crontab cannot hold it",
            path.to_string_lossy().escape_debug()
        ))
        .at(what)
        .advice("give it another name")
        .asked()
    })?;
    one_line(what, text)
}

/// A word of `ExecStart=`: `%` and `$` stand for themselves, and quotes hold spaces together.
///
/// # Errors
/// Returns an error as [`one_line`] does.
pub fn unit_word(what: &str, word: &str) -> Result<String, Error> {
    let text = one_line(what, word)?
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('%', "%%")
        .replace('$', "$$");
    // A word of plain letters needs no quotes; in quotes `;` ends no command.
    let plain = |c: char| c.is_alphanumeric() || "/._-=+,:@%$\\".contains(c);
    Ok(if !word.is_empty() && word.chars().all(plain) {
        text
    } else {
        format!("\"{text}\"")
    })
}

/// The program of `ExecStart=`, in which no variable is put, so that `$$` would be two signs.
///
/// # Errors
/// Returns an error as [`unit_word`] does, or if there is a `$` in it.
pub fn unit_program(what: &str, word: &str) -> Result<String, Error> {
    if word.contains('$') {
        return Err(Problem::new(format!(
            "the path {} has a \"$\", and a unit cannot start a program of that name",
            word.escape_debug()
        ))
        .at(what)
        .advice("give it another name")
        .asked());
    }
    unit_word(what, word)
}

/// A path of `ReadOnlyPaths=` and its like, where `%` begins a specifier and a backslash escapes nothing.
///
/// # Errors
/// Returns an error as [`path_line`] does, or if the path has a quote or a backslash, which such a setting
/// cannot hold for certain.
pub fn unit_path(what: &str, path: &Path) -> Result<String, Error> {
    let text = path_line(what, path)?;
    if text.contains(['"', '\\']) {
        return Err(Problem::new(format!(
            "the path {text} has a quote or a backslash, and a unit cannot hold it"
        ))
        .at(what)
        .advice("give it another name")
        .asked());
    }
    let text = text.replace('%', "%%");
    let plain = |c: char| c.is_alphanumeric() || "/._-=+,:@%$".contains(c);
    Ok(if text.chars().all(plain) {
        text
    } else {
        format!("\"{text}\"")
    })
}

/// The name or number of a user.
///
/// # Errors
/// Returns an error if it is not made of the letters that names of users have.
pub fn user(name: &str) -> Result<&str, Error> {
    let letter = |c: char| c.is_ascii_alphanumeric() || "._-@".contains(c);
    let begins = name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    if begins && name.chars().all(letter) {
        return Ok(name);
    }
    Err(Problem::new(format!(
        "\"{}\" is not the name of a user{}",
        name.escape_debug(),
        control_character(name)
    ))
    .at("--user")
    .advice("a name has letters, digits, \"_\", \"-\", \".\" and \"@\"")
    .asked())
}

/// A size of memory as systemd writes it: `2G`, `50%`, `infinity`.
///
/// # Errors
/// Returns an error if it is another text.
pub fn memory(size: &str) -> Result<&str, Error> {
    let number = size.trim_end_matches(['K', 'M', 'G', 'T', '%']);
    let one_unit = size.len() - number.len() <= 1;
    let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    if size == "infinity" || (digits && one_unit) {
        return Ok(size);
    }
    Err(Problem::new(format!(
        "\"{}\" is not a size of memory{}",
        size.escape_debug(),
        control_character(size)
    ))
    .at("--memory-max")
    .advice("write a whole number with K, M, G, T or %, such as 2G")
    .asked())
}

/// A time of a calendar: what it means is systemd's to say, which letters it has is said here.
///
/// # Errors
/// Returns an error if it has letters that no time has.
pub fn calendar(time: &str) -> Result<&str, Error> {
    let letter = |c: char| c.is_ascii_alphanumeric() || " *-:./~,+_".contains(c);
    if !time.trim().is_empty() && time.chars().all(letter) {
        return Ok(time);
    }
    Err(Problem::new(format!(
        "\"{}\" is not a time of a calendar{}",
        time.escape_debug(),
        control_character(time)
    ))
    .at("--calendar")
    .advice("write it as systemd does: daily, monthly, \"Mon *-*-* 03:00\"; man 7 systemd.time")
    .asked())
}

fn control_character(text: &str) -> &'static str {
    if text.chars().any(char::is_control) {
        ": it has a line break or another control character"
    } else {
        ""
    }
}

/// A word of a command that a shell reads.
///
/// # Errors
/// Returns an error as the function for one line does.
pub fn shell_word(what: &str, word: &str) -> Result<String, Error> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-=+,:@".contains(c);
    let word = one_line(what, word)?;
    Ok(if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    })
}

/// A word of a crontab, whose line cron hands to `sh` with `%` taken for a line break unless it is escaped.
///
/// # Errors
/// Returns an error as [`one_line`] does.
pub fn cron_word(what: &str, word: &str) -> Result<String, Error> {
    Ok(shell_word(what, word)?.replace('%', "\\%"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_command_stay_words() {
        for (word, text) in [
            ("/opt/nutag", "/opt/nutag"),
            ("/data/my runs", "\"/data/my runs\""),
            ("100%", "100%%"),
            ("$HOME", "$$HOME"),
            ("say \"hello\"", "\"say \\\"hello\\\"\""),
            ("", "\"\""),
            ("a;b", "\"a;b\""),
            ("it's", "\"it's\""),
            ("ends in \\", "\"ends in \\\\\""),
            ("Жон", "Жон"),
        ] {
            assert_eq!(unit_word("x", word).unwrap(), text);
        }
        assert!(unit_program("x", "/opt/$x").is_err());
        assert_eq!(unit_program("x", "/opt/a b").unwrap(), "\"/opt/a b\"");
        assert_eq!(cron_word("x", "it's 5%").unwrap(), "'it'\\''s 5\\%'");
        assert_eq!(shell_word("x", "$(id); `id`").unwrap(), "'$(id); `id`'");
        let path = |text: &str| unit_path("x", Path::new(text));
        assert_eq!(path("/a b/%h/$x").unwrap(), "\"/a b/%%h/$x\"");
        for text in ["/a\"b", "/a\\", "/a\\x0aExecStart=/bin/sh"] {
            assert!(path(text).is_err(), "{text}");
        }
    }

    /// Every function, with everything that may end a line somewhere.
    #[test]
    fn what_may_end_a_line_is_refused_everywhere() {
        let all = ('\0'..='\u{1f}')
            .chain('\u{7f}'..='\u{9f}')
            .chain(['\u{2028}', '\u{2029}', '\u{202e}', '\u{2066}', '\u{feff}']);
        for c in all {
            let text = format!("/data/x{c}ExecStartPre=/bin/sh");
            let refusals = [
                unit_word("w", &text).unwrap_err(),
                unit_path("w", Path::new(&text)).unwrap_err(),
                shell_word("w", &text).unwrap_err(),
                cron_word("w", &text).unwrap_err(),
                user(&text[6..]).unwrap_err(),
                memory(&text[6..]).unwrap_err(),
                calendar(&text[6..]).unwrap_err(),
            ];
            for refusal in refusals {
                assert!(refusal.was_asked_wrongly());
                let words = refusal.to_string();
                assert!(!words.contains(c) || c == '\n', "{c:?}: {words:?}");
            }
        }
    }

    #[test]
    fn users_sizes_and_times_have_their_letters() {
        for name in ["nutag", "_svc-1.a", "1000", "jean@example"] {
            assert_eq!(user(name).unwrap(), name);
        }
        for name in ["", "-x", "a b", "%u", "a;b", "$USER", "ü"] {
            assert!(user(name).is_err(), "{name}");
        }
        for size in ["2G", "512M", "50%", "infinity", "1000"] {
            assert_eq!(memory(size).unwrap(), size);
        }
        for size in ["", "G", "2GG", "2 G", "-1", "%n", "2G%"] {
            assert!(memory(size).is_err(), "{size}");
        }
        for time in [
            "monthly",
            "Mon *-*-* 03:00",
            "Mon..Fri *-*~01 00/2:00:00 Europe/Ulan_Bator",
        ] {
            assert_eq!(calendar(time).unwrap(), time);
        }
        for time in ["", " ", "daily\\", "%i", "daily;x"] {
            assert!(calendar(time).is_err(), "{time}");
        }
    }
}
