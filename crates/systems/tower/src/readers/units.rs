//! Units as files write them, and the factor to the one that is used here.

/// What a column is multiplied by, and what is added, to come to the unit used here; `None` if the
/// unit is not known for it. `to` is a unit of [`super::Quantity::unit`].
pub(super) fn conversion(from: &str, to: &str) -> Option<(f64, f64)> {
    let from = plain(from);
    let same = |list: &[&str]| list.contains(&from.as_str());
    let by = |factor: f64| Some((factor, 0.0));
    match to {
        "umol m-2 s-1" => match () {
            () if same(&[
                "umolm-2s-1",
                "umolco2m-2s-1",
                "umols-1m-2",
                "umolphotonm-2s-1",
            ]) =>
            {
                by(1.0)
            }
            () if same(&["mmolm-2s-1", "mmols-1m-2"]) => by(1000.0),
            // 44.0095 g mol-1.
            () if same(&["mgco2m-2s-1", "mgm-2s-1"]) => by(1000.0 / 44.0095),
            // 12.011 g mol-1, 86400 s.
            () if same(&["gcm-2d-1"]) => by(1e6 / 12.011 / 86_400.0),
            () => None,
        },
        "W m-2" => same(&["wm-2", "w+1m-2"]).then_some((1.0, 0.0)),
        "degC" => match () {
            () if same(&["degc", "c", "celsius"]) => by(1.0),
            () if same(&["k", "kelvin"]) => Some((1.0, -273.15)),
            () => None,
        },
        "hPa" => match () {
            () if same(&["hpa", "mbar"]) => by(1.0),
            () if same(&["kpa"]) => by(10.0),
            () if same(&["pa"]) => by(0.01),
            () => None,
        },
        "%" => match () {
            () if same(&["%", "percent"]) => by(1.0),
            () if same(&["1", "fraction", "m3m-3"]) => by(100.0),
            () => None,
        },
        "m s-1" => same(&["ms-1", "m+1s-1"]).then_some((1.0, 0.0)),
        "mm" => same(&["mm"]).then_some((1.0, 0.0)),
        "class" => Some((1.0, 0.0)),
        _ => None,
    }
}

/// Without blanks, brackets, stars and dots, in small letters, with `u` for micro and `-1` for a
/// fraction's line.
fn plain(unit: &str) -> String {
    let mut plain: String = unit
        .trim()
        .trim_start_matches('[')
        .trim_end_matches(']')
        .chars()
        .filter(|c| !matches!(c, ' ' | '*' | '.' | '^' | '_' | '°' | '{' | '}'))
        .flat_map(char::to_lowercase)
        .map(|c| if matches!(c, 'µ' | 'μ') { 'u' } else { c })
        .collect();
    for (long, short) in [
        ("deg_c", "degc"),
        ("oc", "degc"),
        ("/m2/s", "m-2s-1"),
        ("/m2", "m-2"),
        ("m/s", "ms-1"),
        ("+1", ""),
    ] {
        if plain != "%" {
            plain = plain.replace(long, short);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_unit_in_many_hands() {
        for unit in [
            "umolm-2s-1",
            "[µmol+1s-1m-2]",
            "umol*m-2*s-1",
            "umol CO2 m-2 s-1",
            "µmol m-2 s-1",
        ] {
            assert_eq!(conversion(unit, "umol m-2 s-1"), Some((1.0, 0.0)), "{unit}");
        }
        let (factor, _) = conversion("mg CO2 m-2 s-1", "umol m-2 s-1").unwrap();
        assert!((factor - 22.72).abs() < 0.01);
        assert_eq!(conversion("[K]", "degC"), Some((1.0, -273.15)));
        assert_eq!(conversion("[Pa]", "hPa"), Some((0.01, 0.0)));
        assert_eq!(conversion("kPa", "hPa"), Some((10.0, 0.0)));
        assert_eq!(conversion("furlongs", "m s-1"), None);
    }
}
