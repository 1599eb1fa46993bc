//! A line of a crontab.
use nutag_problem::{Error, Problem};

/// The line that runs a command at these five fields.
///
/// # Errors
/// Fields that are none of a crontab.
pub fn crontab_line(fields: &str, command: &[String]) -> Result<String, Error> {
    const WORDS: [&str; 6] = [
        "@hourly", "@daily", "@weekly", "@monthly", "@yearly", "@reboot",
    ];
    let parts: Vec<&str> = fields.split_whitespace().collect();
    let is_field = |field: &&str| {
        field
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '*' | '/' | ',' | '-'))
    };
    let five = parts.len() == 5 && parts.iter().all(is_field);
    let word = matches!(parts.as_slice(), [word] if WORDS.contains(word));
    if !five && !word {
        return Err(Problem::new(format!(
            "\"{fields}\" is no time of a crontab: expected minute, hour, day, month and weekday"
        ))
        .at("--crontab")
        .advice("\"0 3 1 * *\" is 3 o'clock on the first of each month")
        .asked());
    }
    let words: Vec<String> = command.iter().map(|word| quoted(word)).collect();
    Ok(format!("{} {}", parts.join(" "), words.join(" ")))
}

/// A word as cron hands it to `sh`: quoted, and `%`, which cron takes for a line break, escaped.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-=+,:@".contains(c);
    let text = if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    };
    text.replace('%', "\\%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_five_fields_and_a_safe_command() {
        let command = [
            "/opt/nutag".to_owned(),
            "a b".to_owned(),
            "it's 5%".to_owned(),
        ];
        let line = crontab_line("0  3 1 * *", &command).unwrap();
        assert_eq!(line, "0 3 1 * * /opt/nutag 'a b' 'it'\\''s 5\\%'");
        assert!(
            crontab_line("@daily", &command)
                .unwrap()
                .starts_with("@daily /opt")
        );
        for wrong in [
            "",
            "0 3 1 *",
            "0 3 1 * * *",
            "0 3 1 * $(x)",
            "@never",
            "monthly",
        ] {
            let error = crontab_line(wrong, &command).unwrap_err();
            assert!(error.was_asked_wrongly(), "{wrong}");
        }
    }
}
