//! Names that look like another name.

/// At most three of `available` that look like `name`, best first.
pub(crate) fn near_names(name: &str, available: &[String]) -> Vec<String> {
    let wanted = simplify(name);
    let allowed = wanted.len() / 3;
    let mut near: Vec<(usize, &String)> = available
        .iter()
        .filter_map(|candidate| {
            let other = simplify(candidate);
            let part = !wanted.is_empty() && (other.contains(&wanted) || wanted.contains(&other));
            let distance = if part {
                0
            } else {
                edits(wanted.as_bytes(), other.as_bytes())
            };
            (distance <= allowed).then_some((distance, candidate))
        })
        .collect();
    near.sort_by_key(|&(distance, _)| distance);
    near.truncate(3);
    near.into_iter().map(|(_, name)| name.clone()).collect()
}

/// Lower case, without spaces and underscores: tools disagree about those. Long names are cut.
fn simplify(name: &str) -> String {
    let letters = name.chars().filter(|c| !matches!(c, ' ' | '_'));
    letters.flat_map(char::to_lowercase).take(64).collect()
}

/// Levenshtein distance.
fn edits(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_edits() {
        assert_eq!(edits(b"kitten", b"sitting"), 3);
        assert_eq!(edits(b"", b"abc"), 3);
        assert_eq!(edits(b"abc", b"abc"), 0);
    }

    #[test]
    fn finds_other_spellings_first() {
        let available = ["Npp_500m", "Gpp_500m", "Npp_QC_500m"]
            .map(str::to_string)
            .to_vec();
        assert_eq!(near_names("npp500m", &available)[0], "Npp_500m");
        assert_eq!(near_names("Npp_5000m", &available)[0], "Npp_500m");
        assert!(near_names("temperature", &available).is_empty());
    }
}
