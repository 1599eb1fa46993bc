//! Deductions for uncertainty: policies as data, one rule for all.

use serde::{Deserialize, Serialize};

use nutag_problem::{Error, Problem};

/// The policies that come with the program.
const POLICIES: &str = include_str!("../../data/policies.toml");

/// How an uncertain estimate is deducted.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Its name in an MRV file.
    pub id: String,
    /// What it is, in a line.
    pub title: String,
    /// What is deducted.
    pub kind: Kind,
    /// Of the two-sided interval, above 0 and below 1.
    pub confidence: f64,
    /// Kinds "percent" and "share": what holds up to which uncertainty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bands: Vec<Band>,
    /// Kind "excess": percent that is free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    /// Kind "factor": standard errors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<f64>,
    /// Percent of uncertainty above which an estimate is not allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_above: Option<f64>,
    /// Where it is written.
    pub source: String,
    /// What must be checked in the source before use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unverified: Option<String>,
}

/// What a policy deducts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The percent of the band.
    Percent,
    /// The band's percent of the uncertainty.
    Share,
    /// What the uncertainty has above the threshold.
    Excess,
    /// A number of standard errors.
    Factor,
}

/// A band of uncertainty.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Its upper limit in percent, included; none in the last band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<f64>,
    /// What it deducts, in percent.
    pub deduct: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Policies {
    policy: Vec<Policy>,
}

impl Policy {
    /// The policies that come with the program.
    ///
    /// # Errors
    /// Never; the list is part of the program and a test reads it.
    pub fn built_in() -> Result<Vec<Self>, Error> {
        let list: Policies = nutag_settings::read(POLICIES)
            .map_err(|error| Problem::new(format!("the policies: {error}")).failed())?;
        Ok(list.policy)
    }

    /// What is wrong with it; a policy of an MRV file is written by hand.
    pub(super) fn wrong(&self) -> Option<String> {
        if self.id.trim().is_empty() {
            return Some("a policy has no id".to_owned());
        }
        let say = |what: &str| Some(format!("the policy {:?} {what}", self.id));
        if !(self.confidence > 0.0 && self.confidence < 1.0) {
            return say("needs a `confidence` between 0 and 1, such as 0.9");
        }
        let percent = |value: f64| (0.0..=100.0).contains(&value);
        match self.kind {
            Kind::Percent | Kind::Share => {
                let Some((last, others)) = self.bands.split_last() else {
                    return say("is empty: it needs `bands`");
                };
                let limits: Option<Vec<f64>> = others.iter().map(|band| band.up_to).collect();
                let rising =
                    limits.is_some_and(|limits| limits.windows(2).all(|pair| pair[0] < pair[1]));
                if !rising || last.up_to.is_some() {
                    return say("needs bands with rising `up_to`, and none in the last");
                }
                if !self.bands.iter().all(|band| percent(band.deduct)) {
                    return say("has a band that deducts less than 0 or more than 100 percent");
                }
            }
            Kind::Excess if !self.threshold.is_some_and(percent) => {
                return say("needs a `threshold` in percent");
            }
            Kind::Factor if !self.factor.is_some_and(|factor| factor >= 0.0) => {
                return say("needs a `factor`, a number of standard errors");
            }
            Kind::Excess | Kind::Factor => {}
        }
        None
    }

    /// What is deducted from an estimate.
    ///
    /// # Errors
    /// Where a relative uncertainty does not exist: an estimate of zero, or a
    /// standard error that is missing or not a number.
    pub fn deduction(&self, estimate: f64, se: f64, df: f64) -> Result<Deduction, String> {
        if estimate == 0.0 {
            return Err(
                "the estimate is exactly zero, and an uncertainty relative to zero does not exist"
                    .to_owned(),
            );
        }
        if !(se.is_finite() && se >= 0.0 && estimate.is_finite() && df >= 1.0) {
            return Err("the standard error is missing".to_owned());
        }
        let t = nutag_stats::quantile::student_t_quantile(f64::midpoint(1.0, self.confidence), df);
        let half_width = t * se;
        let uncertainty_percent = 100.0 * half_width / estimate.abs();
        let percent = match self.kind {
            Kind::Percent => self.band(uncertainty_percent),
            Kind::Share => self.band(uncertainty_percent) / 100.0 * uncertainty_percent,
            Kind::Excess => (uncertainty_percent - self.threshold.unwrap_or(0.0)).max(0.0),
            Kind::Factor => 100.0 * self.factor.unwrap_or(0.0) * se / estimate.abs(),
        };
        Ok(Deduction {
            t,
            half_width,
            uncertainty_percent,
            percent: percent.min(100.0),
            allowed: self
                .not_above
                .is_none_or(|limit| uncertainty_percent <= limit),
            above_zero: estimate - half_width > 0.0,
        })
    }

    fn band(&self, uncertainty_percent: f64) -> f64 {
        let holds = |band: &&Band| band.up_to.is_none_or(|limit| uncertainty_percent <= limit);
        self.bands
            .iter()
            .find(holds)
            .map_or(0.0, |band| band.deduct)
    }
}

/// What a policy says of an estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deduction {
    /// Quantile of Student's t.
    pub t: f64,
    /// Half width of the interval, in the unit of the estimate.
    pub half_width: f64,
    /// The same in percent of the estimate.
    pub uncertainty_percent: f64,
    /// What is deducted, in percent of the estimate; at most 100.
    pub percent: f64,
    /// Whether the policy allows so uncertain an estimate.
    pub allowed: bool,
    /// Whether the estimate is positive and its interval does not reach zero.
    pub above_zero: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(id: &str) -> Policy {
        let all = Policy::built_in().unwrap();
        all.into_iter().find(|policy| policy.id == id).unwrap()
    }

    /// A standard error that gives this uncertainty at 1000 degrees of freedom.
    fn se(policy: &Policy, percent: f64) -> f64 {
        let p = f64::midpoint(1.0, policy.confidence);
        percent / nutag_stats::quantile::student_t_quantile(p, 1000.0)
    }

    #[test]
    fn every_policy_of_the_program_is_whole() {
        let all = Policy::built_in().unwrap();
        for policy in &all {
            assert_eq!(policy.wrong(), None);
            assert!(!policy.source.is_empty());
        }
        let ids: std::collections::BTreeSet<&str> = all.iter().map(|p| p.id.as_str()).collect();
        assert_eq!(ids.len(), all.len());
    }

    #[test]
    fn bands_deduct_what_their_table_says() {
        for (id, uncertainty, expected) in [
            ("ar-tool14", 9.0, 0.0),
            ("ar-tool14", 12.0, 3.0),
            ("ar-tool14", 18.0, 9.0),
            ("ar-tool14", 28.0, 21.0),
            ("ar-tool14", 50.0, 50.0),
            ("fcpf-buffer", 14.0, 0.0),
            ("fcpf-buffer", 16.0, 4.0),
            ("fcpf-buffer", 99.0, 12.0),
            ("fcpf-buffer", 200.0, 15.0),
            ("vm0026", 20.0, 5.0),
            ("vcs-95", 14.0, 0.0),
            ("vcs-95", 40.0, 25.0),
            ("lower-bound-95", 300.0, 100.0),
        ] {
            let policy = policy(id);
            let deduction = policy
                .deduction(100.0, se(&policy, uncertainty), 1000.0)
                .unwrap();
            assert!(
                (deduction.percent - expected).abs() < 1e-9,
                "{id} at {uncertainty}: {}",
                deduction.percent
            );
        }
    }

    #[test]
    fn vm0042_takes_a_factor_of_the_standard_error() {
        // methods: credit = mean - 0.4307 SE.
        let deduction = policy("vm0042").deduction(1000.0, 100.0, 5.0).unwrap();
        assert!((1000.0 * (1.0 - deduction.percent / 100.0) - (1000.0 - 43.07)).abs() < 1e-9);
    }

    #[test]
    fn t_is_the_one_of_the_tables() {
        // Student's t, two-sided 90 % with 5 degrees of freedom: 2.015.
        let deduction = policy("ar-tool14").deduction(-100.0, 10.0, 5.0).unwrap();
        assert!((deduction.t - 2.015_048_373).abs() < 1e-8);
        assert!((deduction.uncertainty_percent - 20.150_483_73).abs() < 1e-7);
        assert!(!deduction.above_zero);
    }

    #[test]
    fn what_has_no_relative_uncertainty_is_refused() {
        let policy = policy("ar-tool14");
        assert!(
            policy
                .deduction(0.0, 1.0, 5.0)
                .unwrap_err()
                .contains("zero")
        );
        for (se, df) in [(f64::NAN, 5.0), (1.0, 0.0), (-1.0, 5.0)] {
            let error = policy.deduction(1.0, se, df).unwrap_err();
            assert!(error.contains("standard error"), "{error}");
        }
        let strict = self::policy("vm0026");
        assert!(!strict.deduction(100.0, 50.0, 5.0).unwrap().allowed);
    }

    #[test]
    fn policies_written_by_hand_are_checked() {
        let whole = policy("ar-tool14");
        let spoilt = |spoil: &dyn Fn(&mut Policy)| {
            let mut policy = whole.clone();
            spoil(&mut policy);
            policy.wrong().expect("it is wrong")
        };
        assert!(spoilt(&|p| p.bands.clear()).contains("empty"));
        assert!(spoilt(&|p| p.confidence = 90.0).contains("confidence"));
        assert!(spoilt(&|p| p.bands[4].up_to = Some(5.0)).contains("rising"));
        assert!(spoilt(&|p| p.bands[0].deduct = 101.0).contains("100"));
        assert!(spoilt(&|p| p.kind = Kind::Excess).contains("threshold"));
        assert!(spoilt(&|p| p.kind = Kind::Factor).contains("factor"));
        assert!(spoilt(&|p| p.id = " ".to_owned()).contains("id"));
    }
}
