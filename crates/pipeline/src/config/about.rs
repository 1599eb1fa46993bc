//! `[about]` of the pipeline file.

use serde::{Deserialize, Serialize};

/// `[about]`: what the study is. Carried into every output, used in none.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// Short name.
    pub name: String,
    /// The question in one sentence.
    pub question: String,
    /// What the data are, as DOIs or references.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Anything a reader of the report must know; synthetic data, for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Who answers for the study, to be cited.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// Under which terms the result may be used: an SPDX identifier or an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// The date of the result as `YYYY-MM-DD`; without it, that of the newest
    /// production among the granules, since no clock enters a result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued: Option<String>,
}

impl About {
    /// What is wrong with it, and what to do.
    pub(super) fn wrong(&self) -> Option<(String, &'static str)> {
        let date = self.issued.as_deref()?;
        (!is_date(date)).then(|| {
            (
                format!("[about] issued = \"{date}\" is not a date (YYYY-MM-DD)"),
                "write it as year, month and day: issued = \"2026-11-22\"",
            )
        })
    }
}

/// Whether a text is a day as `YYYY-MM-DD`.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let number = |text: &str, digits: usize| {
        (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit()))
            .then(|| text.parse::<u16>().ok())
            .flatten()
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2))
    else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_a_day_of_the_calendar() {
        for (text, is) in [
            ("2026-11-22", true),
            ("2024-02-29", true),
            ("2023-02-29", false),
            ("2026-13-01", false),
            ("2026-4-1", false),
            ("22.11.2026", false),
            ("2026-11-22T00:00", false),
            ("", false),
        ] {
            assert_eq!(is_date(text), is, "{text}");
        }
    }
}
