//! Names of files and columns, from labels that people write.

/// Small letters and digits of any script, and single underscores between.
#[must_use]
pub fn slug(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

/// Names that all differ: a second "water" becomes "water_2".
#[must_use]
pub fn distinct(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut taken: Vec<String> = Vec::new();
    for name in names {
        let numbered = (2..).map(|n| format!("{name}_{n}"));
        let free = std::iter::once(name.clone())
            .chain(numbered)
            .find(|candidate| !taken.contains(candidate));
        taken.extend(free);
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_become_names() {
        assert_eq!(slug("1980s"), "1980s");
        assert_eq!(slug(" Early 2000s (draft) "), "early_2000s_draft");
        assert_eq!(slug("Мөнх цэвдэг"), "мөнх_цэвдэг");
        assert_eq!(slug("--"), "");
    }

    #[test]
    fn equal_names_are_numbered() {
        let names = ["a", "b", "a", "a", "a_2"].map(str::to_owned);
        assert_eq!(
            distinct(names.into_iter()),
            ["a", "b", "a_2", "a_3", "a_2_2"]
        );
    }
}
