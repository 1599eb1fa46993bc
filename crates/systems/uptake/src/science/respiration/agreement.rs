//! Whether the models say the same.

/// What several models say of one sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreement {
    /// Models.
    pub models: usize,
    /// Of these, those with a number above zero.
    pub positive: usize,
    /// Of these, those below zero.
    pub negative: usize,
}

impl Agreement {
    /// Whether all say the same, and not zero.
    #[must_use]
    pub fn agree(self) -> bool {
        self.models > 0 && (self.positive == self.models || self.negative == self.models)
    }

    /// The word in tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        if self.models == 0 {
            "no model"
        } else if self.positive == self.models {
            "all models: sink"
        } else if self.negative == self.models {
            "all models: source"
        } else {
            "models disagree"
        }
    }
}

/// What the values of several models say of their sign.
#[must_use]
pub fn agreement(values: &[f64]) -> Agreement {
    Agreement {
        models: values.len(),
        positive: values.iter().filter(|value| **value > 0.0).count(),
        negative: values.iter().filter(|value| **value < 0.0).count(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_golden_models_disagree_about_130_grams() {
        let nep = [178.0, 283.0, 126.0].map(|rh| 130.0 - rh);
        let found = agreement(&nep);
        assert!(!found.agree());
        assert_eq!((found.positive, found.negative), (1, 2));
        assert_eq!(found.word(), "models disagree");
        assert_eq!(agreement(&[1.0, 2.0]).word(), "all models: sink");
        assert!(agreement(&[-1.0, -2.0]).agree());
        assert!(!agreement(&[0.0]).agree() && !agreement(&[]).agree());
    }
}
