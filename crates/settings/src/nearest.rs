//! The word that was probably meant.

/// The word of `known` that `found` was probably meant to be: the same in other letters' case, or
/// one that differs in few letters for its length.
#[must_use]
pub fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |word: &str| word.to_lowercase().replace('-', "_");
    let wanted = plain(found);
    let (distance, word) = known
        .into_iter()
        .map(|word| (strsim::damerau_levenshtein(&wanted, &plain(word)), word))
        .min()?;
    let letters = wanted.chars().count().min(word.chars().count());
    // A third of the letters: `npp` is not `co2`, and `grnaules` is `granules`.
    let near = distance == 0 || distance < letters && distance <= letters.div_ceil(3).min(3);
    near.then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_that_was_meant_is_found_whatever_its_case() {
        let known = [
            "about",
            "npp",
            "zones",
            "regions",
            "co2",
            "a",
            "granules",
            "qc_max_percent",
        ];
        for (found, meant) in [
            ("NPP", Some("npp")),
            ("Npp", Some("npp")),
            ("CO2", Some("co2")),
            ("grnaules", Some("granules")),
            ("region", Some("regions")),
            ("qc-max-percent", Some("qc_max_percent")),
            ("xyz", None),
            ("years", None),
            ("d", None),
        ] {
            assert_eq!(nearest(found, known), meant, "{found}");
        }
        assert_eq!(nearest("npp", []), None);
    }
}
