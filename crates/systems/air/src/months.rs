//! The month of a raster, from its name.

use std::path::Path;

use nutag_formats::co2::Month;

/// Reads year and month from a file name by a pattern such as `xco2_{year}{month}.tif`: four and two
/// digits, and everything else to the letter.
pub(crate) fn month_in_name(path: &Path, pattern: &str) -> Option<Month> {
    let name = path.file_name()?.to_str()?;
    let (mut year, mut month) = (None, None);
    let (mut rest, mut pattern) = (name, pattern);
    while !pattern.is_empty() {
        let digits = |n: usize| {
            rest.get(..n)
                .filter(|d| d.bytes().all(|b| b.is_ascii_digit()))
        };
        if let Some(after) = pattern.strip_prefix("{year}") {
            year = Some(digits(4)?.parse().ok()?);
            (pattern, rest) = (after, &rest[4..]);
        } else if let Some(after) = pattern.strip_prefix("{month}") {
            month = Some(digits(2)?.parse().ok()?);
            (pattern, rest) = (after, &rest[2..]);
        } else {
            let letter = pattern.chars().next()?;
            rest = rest.strip_prefix(letter)?;
            pattern = &pattern[letter.len_utf8()..];
        }
    }
    if rest.is_empty() {
        Month::new(year?, month?)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_its_month_only_by_the_whole_pattern() {
        let month = |name: &str, pattern: &str| {
            month_in_name(Path::new(name), pattern).map(|month| month.to_string())
        };
        let pattern = "xco2_{year}{month}.tif";
        assert_eq!(
            month("a/xco2_201104.tif", pattern).as_deref(),
            Some("2011-04")
        );
        assert_eq!(
            month("m04-2011.tif", "m{month}-{year}.tif").as_deref(),
            Some("2011-04")
        );
        for wrong in [
            "xco2_201113.tif",
            "xco2_20114.tif",
            "xco2_201104.tiff",
            "co2_201104.tif",
            "x",
        ] {
            assert_eq!(month(wrong, pattern), None, "{wrong}");
        }
    }
}
