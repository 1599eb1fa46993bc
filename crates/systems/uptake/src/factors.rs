//! Numbers from elsewhere as the pipeline file gives them, and the list of all that were used.

use crate::science::{Factor, Mark};
use nutag_problem::{Error, Problem};
use serde::{Deserialize, Serialize, Serializer};

/// A number: alone, as `[least, value, largest]`, or with its source.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename = "by shape")]
pub enum FactorSpec {
    /// Certain.
    #[serde(rename = "number")]
    Value(f64),
    /// Triangular.
    #[serde(rename = "list")]
    Range([f64; 3]),
    /// With its source.
    #[serde(rename = "table")]
    Told(ToldFactor),
}

impl Serialize for FactorSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::Range(range) => range.serialize(serializer),
            Self::Told(told) => told.serialize(serializer),
        }
    }
}

/// A number with its source.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ToldFactor {
    /// The number.
    pub value: f64,
    /// Least and largest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<[f64; 2]>,
    /// Where it is from.
    pub source: String,
}

/// The factor of a key: as it is given, or its default.
pub(crate) fn factor(spec: Option<&FactorSpec>, default: impl FnOnce() -> Factor) -> Factor {
    spec.map_or_else(default, given)
}

/// A factor that the pipeline file gives.
pub(crate) fn given(spec: &FactorSpec) -> Factor {
    const GIVEN: &str = "the pipeline file";
    match spec {
        FactorSpec::Value(value) => Factor::fixed(*value, GIVEN, Mark::Given),
        FactorSpec::Range(range) => Factor::ranged(*range, GIVEN, Mark::Given),
        FactorSpec::Told(told) => Factor {
            value: told.value,
            range: told.range,
            source: told.source.clone(),
            mark: Mark::Given,
        },
    }
}

/// Checks that a factor lies within limits, and its value within its range.
pub(crate) fn check(
    spec: Option<&FactorSpec>,
    place: &str,
    key: &str,
    [least, most]: [f64; 2],
) -> Result<(), Error> {
    let Some(spec) = spec else { return Ok(()) };
    let factor = given(spec);
    let [low, high] = factor.range.unwrap_or([factor.value, factor.value]);
    let wrong = |what: String, advice: &str| {
        Err(Problem::new(what)
            .at(format!("{place} {key}"))
            .advice(advice)
            .asked())
    };
    if !(low <= factor.value && factor.value <= high) {
        return wrong(
            format!(
                "expected least, value and largest in this order, found {low}, {}, {high}",
                factor.value
            ),
            "write one number, or [least, value, largest]",
        );
    }
    if !(least <= low && high <= most) {
        return wrong(
            format!("expected a number from {least} to {most}, found {low} to {high}"),
            "is the unit right? pipelines/README.md says it for each key",
        );
    }
    Ok(())
}

/// A number that a run used.
#[derive(Debug, Clone, PartialEq)]
pub struct UsedFactor {
    /// The key, or what it is.
    pub name: String,
    /// Its unit.
    pub unit: &'static str,
    /// What it is used for.
    pub used_for: &'static str,
    /// The number.
    pub factor: Factor,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct File {
        x: FactorSpec,
    }

    fn read(text: &str) -> Factor {
        let file: File = nutag_settings::read(&format!("x = {text}")).unwrap();
        factor(Some(&file.x), || unreachable!())
    }

    #[test]
    fn a_factor_is_a_number_a_range_or_has_a_source() {
        assert_eq!(read("5").value, 5.0);
        assert_eq!(read("5.5").range, None);
        assert_eq!(read("[1.4, 1.6, 1.8]").range, Some([1.4, 1.8]));
        let told = read("{ value = 7, source = \"a survey\" }");
        assert_eq!(
            (told.value, told.source.as_str(), told.mark),
            (7.0, "a survey", Mark::Given)
        );
        let default = factor(None, || Factor::fixed(1.0, "memory", Mark::Unverified));
        assert_eq!(default.mark, Mark::Unverified);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for (text, word) in [
            ("2", "0 to 1"),
            ("[0.5, 0.4, 0.6]", "this order"),
            ("-0.1", "0 to 1"),
        ] {
            let file: File = nutag_settings::read(&format!("x = {text}")).unwrap();
            let error = check(Some(&file.x), "[uptake]", "x", [0.0, 1.0]).unwrap_err();
            assert!(error.to_string().contains(word), "{text}: {error}");
        }
    }
}
