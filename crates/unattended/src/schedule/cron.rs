//! A line of a crontab.
use nutag_problem::{Error, Problem};

use super::quote::cron_word;

/// What a field of a crontab may hold.
struct Field {
    name: &'static str,
    least: u8,
    most: u8,
    /// Words for the numbers, from the least.
    words: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field {
        name: "minute",
        least: 0,
        most: 59,
        words: &[],
    },
    Field {
        name: "hour",
        least: 0,
        most: 23,
        words: &[],
    },
    Field {
        name: "day",
        least: 1,
        most: 31,
        words: &[],
    },
    Field {
        name: "month",
        least: 1,
        most: 12,
        words: &[
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        ],
    },
    Field {
        name: "weekday",
        least: 0,
        most: 7,
        words: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
    },
];

/// The most days of each month.
const LONGEST: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

impl Field {
    fn number(&self, text: &str) -> Result<u8, String> {
        let word = text.to_ascii_lowercase();
        if let Some(at) = self.words.iter().position(|known| *known == word) {
            return u8::try_from(at + usize::from(self.least)).map_err(|e| e.to_string());
        }
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        match text.parse::<u32>() {
            Ok(number)
                if digits && (u32::from(self.least)..=u32::from(self.most)).contains(&number) =>
            {
                u8::try_from(number).map_err(|e| e.to_string())
            }
            _ => Err(format!(
                "{} {text:?} is not within {} to {}",
                self.name, self.least, self.most
            )),
        }
    }

    /// The numbers that a field means, rising.
    ///
    /// The forms are those that every cron takes: `*`, a number or its word, a range, a step of `*` or
    /// of a range, and lists of these.
    fn numbers(&self, text: &str) -> Result<Vec<u8>, String> {
        let mut all = Vec::new();
        for part in text.split(',') {
            let (range, step) = match part.split_once('/') {
                Some((range, step)) => (range, Some(step)),
                None => (part, None),
            };
            let (first, last) = if range == "*" {
                (self.least, self.most)
            } else if let Some((first, last)) = range.split_once('-') {
                (self.number(first)?, self.number(last)?)
            } else if step.is_some() {
                return Err(format!(
                    "{} {part:?} has a step without a range: write {range}-{}/{} or */{}",
                    self.name,
                    self.most,
                    step.unwrap_or_default(),
                    step.unwrap_or_default()
                ));
            } else {
                let number = self.number(range)?;
                (number, number)
            };
            if first > last {
                return Err(format!("{} {range:?} runs backwards", self.name));
            }
            let step = match step.map(str::parse::<u8>) {
                None => 1,
                Some(Ok(step)) if step > 0 => step,
                Some(_) => {
                    return Err(format!(
                        "{} {part:?} has a step that is not a number above 0",
                        self.name
                    ));
                }
            };
            all.extend((first..=last).step_by(usize::from(step)));
        }
        all.sort_unstable();
        all.dedup();
        Ok(all)
    }
}

/// What is wrong with the five fields, if anything is.
fn wrong(parts: &[&str]) -> Option<String> {
    if parts.len() != FIELDS.len() {
        return Some("expected minute, hour, day, month and weekday".to_owned());
    }
    let mut numbers = Vec::new();
    for (field, text) in FIELDS.iter().zip(parts) {
        match field.numbers(text) {
            Ok(found) => numbers.push(found),
            Err(what) => return Some(what),
        }
    }
    // With a weekday as well, cron runs on either.
    let comes = numbers[3].iter().any(|month| {
        let longest = LONGEST[usize::from(*month - 1)];
        numbers[2].first().is_some_and(|day| *day <= longest)
    });
    (parts[4] == "*" && !comes).then(|| "no such day ever comes".to_owned())
}

/// The line that runs a command at these five fields.
///
/// # Errors
/// Returns an error if a cron would refuse the fields, with the whole table they stand in.
pub fn crontab_line(fields: &str, command: &[String]) -> Result<String, Error> {
    const WORDS: [&str; 8] = [
        "@hourly",
        "@daily",
        "@midnight",
        "@weekly",
        "@monthly",
        "@yearly",
        "@annually",
        "@reboot",
    ];
    let parts: Vec<&str> = fields.split_whitespace().collect();
    let word = matches!(parts.as_slice(), [word] if WORDS.contains(word));
    if let (false, Some(what)) = (word, wrong(&parts)) {
        return Err(
            Problem::new(format!("\"{fields}\" is not a time of a crontab: {what}"))
                .at("--crontab")
                .advice("\"0 3 1 * *\" is 3 o'clock on the first of each month")
                .asked(),
        );
    }
    let words: Vec<String> = command
        .iter()
        .map(|word| cron_word("the command", word))
        .collect::<Result<_, _>>()?;
    Ok(format!("{} {}", parts.join(" "), words.join(" ")))
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
        for right in [
            "*/15 0-6/2 1,15 jan-Mar Mon-fri",
            "59 23 31 12 7",
            "0 3 31 2 1",
            "0 0 29 2 *",
        ] {
            crontab_line(right, &command).unwrap();
        }
        for (wrong, word) in [
            ("", "minute, hour, day"),
            ("0 3 1 *", "minute, hour, day"),
            ("0 3 1 * * *", "minute, hour, day"),
            ("0 3 1 * $(x)", "weekday"),
            ("@never", "minute, hour, day"),
            ("monthly", "minute, hour, day"),
            ("61 3 1 * *", "minute \"61\" is not within 0 to 59"),
            ("0 24 1 * *", "hour"),
            ("0 3 0 * *", "day \"0\" is not within 1 to 31"),
            ("0 3 1 13 *", "month"),
            ("0 3 1 * 8", "weekday"),
            ("0 3 1 foo *", "month \"foo\""),
            ("-1 3 1 * *", "minute"),
            ("5- 3 1 * *", "minute"),
            ("10-5 3 1 * *", "backwards"),
            ("*/0 3 1 * *", "step"),
            ("5/15 3 1 * *", "5-59/15"),
            (",5 3 1 * *", "minute"),
            ("* * 4294967297 * *", "day"),
            ("0 3 31 2,4 *", "no such day"),
        ] {
            let error = crontab_line(wrong, &command).unwrap_err();
            assert!(error.was_asked_wrongly(), "{wrong}");
            assert!(error.to_string().contains(word), "{wrong}: {error}");
        }
    }
}
