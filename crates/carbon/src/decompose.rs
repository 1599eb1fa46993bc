//! A change of a total into what goes with area and what goes with density.
//!
//! A zone has area `A` and density `g` in each of two states, 0 and 1; its
//! total is `V = A g`. With `dA = A1 - A0`, `dg = g1 - g0`:
//!
//! | method | area | density | interaction |
//! |---|---|---|---|
//! | Shapley (= Marshall-Edgeworth) | dA (g0 + g1) / 2 | dg (A0 + A1) / 2 | - |
//! | Laspeyres | dA g0 | A0 dg | dA dg |
//! | LMDI-I | L(V1, V0) ln(A1/A0) | L(V1, V0) ln(g1/g0) | - |
//!
//! where `L(a, b) = (a - b) / ln(a / b)` and `L(a, a) = a`. Sources: Ang,
//! "LMDI decomposition approach: a guide for implementation", Energy Policy
//! 86 (2015); Sun, "Changes in energy consumption and energy intensity: a
//! complete decomposition model", Energy Economics 20 (1998), which is
//! Shapley's value for two factors.

use crate::why::{Figure, Why};

/// How a change is taken apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Method {
    /// Symmetric and exactly additive: the default.
    #[default]
    Shapley,
    /// At the weights of the first state, with an interaction term.
    Laspeyres,
    /// Logarithmic mean Divisia index; needs positive densities.
    Lmdi,
}

/// A zone in its two states.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct State {
    /// Areas, in km2.
    pub areas_km2: [f64; 2],
    /// `A1 - A0` in km2, by itself because it is known more exactly than the
    /// difference of two rounded areas.
    pub area_change_km2: f64,
    /// Densities, per km2.
    pub densities: [Figure; 2],
}

/// What a change is made of, in units of density x km2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effects {
    /// Goes with the change of area.
    pub area: f64,
    /// Goes with the change of density.
    pub density: f64,
    /// Goes with both; zero for methods that have no such term.
    pub interaction: f64,
}

impl Effects {
    /// Area, density and interaction together: the change of the total.
    #[must_use]
    pub fn sum(&self) -> f64 {
        self.area + self.density + self.interaction
    }
}

impl State {
    /// Both densities, where a zone that has no area in one state takes the
    /// density of the other.
    ///
    /// A zone that appears or vanishes has changed by its area alone: this is
    /// also the limit of LMDI as the area goes to zero. A zone that is in
    /// neither state has no effect, whatever its density, and gets zero.
    #[must_use]
    pub fn completed_densities(&self) -> [f64; 2] {
        match self.densities {
            [Ok(g0), Ok(g1)] => [g0, g1],
            [Ok(g), Err(_)] | [Err(_), Ok(g)] => [g, g],
            [Err(_), Err(_)] => [0.0, 0.0],
        }
    }
}

/// Takes the change of one zone apart.
///
/// # Errors
/// [`Why::NotPositive`] from LMDI if a density is zero or negative.
pub fn effects(method: Method, state: &State) -> Result<Effects, Why> {
    let [a0, a1] = state.areas_km2;
    let change = state.area_change_km2;
    let [g0, g1] = state.completed_densities();
    Ok(match method {
        Method::Shapley => Effects {
            area: change * (g0 + g1) / 2.0,
            density: (g1 - g0) * (a0 + a1) / 2.0,
            interaction: 0.0,
        },
        Method::Laspeyres => Effects {
            area: change * g0,
            density: a0 * (g1 - g0),
            interaction: change * (g1 - g0),
        },
        Method::Lmdi if a0 == 0.0 || a1 == 0.0 => Effects {
            area: change * g0,
            density: 0.0,
            interaction: 0.0,
        },
        Method::Lmdi if g0 <= 0.0 || g1 <= 0.0 => return Err(Why::NotPositive),
        Method::Lmdi => {
            // ln of a ratio near 1 by ln_1p of the relative change, which
            // keeps the digits that the ratio would round away.
            let ln_area = libm::log1p(change / a0);
            let ln_density = libm::log1p((g1 - g0) / g0);
            let weight = logarithmic_mean(a1 * g1, a0 * g0, ln_area + ln_density);
            Effects {
                area: weight * ln_area,
                density: weight * ln_density,
                interaction: 0.0,
            }
        }
    })
}

/// The logarithmic mean of `v1` and `v0`, given `ln(v1 / v0)`.
fn logarithmic_mean(v1: f64, v0: f64, ln_ratio: f64) -> f64 {
    // (v1 - v0) / ln_ratio = v0 (e^x - 1) / x, smooth where v1 = v0.
    if ln_ratio.abs() < 1e-8 {
        f64::midpoint(v0, v1)
    } else {
        v0 * libm::expm1(ln_ratio) / ln_ratio
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(areas: [f64; 2], densities: [Figure; 2]) -> State {
        State {
            areas_km2: areas,
            area_change_km2: areas[1] - areas[0],
            densities,
        }
    }

    const ALL: [Method; 3] = [Method::Shapley, Method::Laspeyres, Method::Lmdi];

    #[test]
    fn a_vanishing_zone_changes_by_its_area() {
        let gone = state([40.0, 0.0], [Ok(150.0), Err(Why::NoValidArea)]);
        let new = state([0.0, 40.0], [Err(Why::NoValidArea), Ok(150.0)]);
        for method in ALL {
            let Effects {
                area,
                density,
                interaction,
            } = effects(method, &gone).unwrap();
            assert_eq!(
                [area, density, interaction],
                [-6000.0, 0.0, 0.0],
                "{method:?}"
            );
            let Effects {
                area,
                density,
                interaction,
            } = effects(method, &new).unwrap();
            assert_eq!(
                [area, density, interaction],
                [6000.0, 0.0, 0.0],
                "{method:?}"
            );
        }
    }

    #[test]
    fn a_zone_in_neither_state_has_no_effect() {
        let nothing = state([0.0, 0.0], [Err(Why::NoValidArea); 2]);
        for method in ALL {
            assert_eq!(effects(method, &nothing).unwrap().sum(), 0.0);
        }
    }

    #[test]
    fn no_change_is_no_effect() {
        let still = state([7.0, 7.0], [Ok(3.0), Ok(3.0)]);
        for method in ALL {
            assert_eq!(effects(method, &still).unwrap().sum(), 0.0, "{method:?}");
        }
    }

    #[test]
    fn logarithms_need_positive_densities() {
        let negative = state([7.0, 8.0], [Ok(-3.0), Ok(3.0)]);
        assert_eq!(effects(Method::Lmdi, &negative), Err(Why::NotPositive));
        assert!(effects(Method::Shapley, &negative).is_ok());
    }

    #[test]
    fn the_logarithmic_mean_is_smooth_at_equality() {
        let mean = |v1: f64, v0: f64| logarithmic_mean(v1, v0, libm::log(v1 / v0));
        assert_eq!(mean(5.0, 5.0), 5.0);
        assert!((mean(5.0 + 4e-8, 5.0) - 5.000_000_02).abs() < 1e-14);
        assert!((mean(1.0, std::f64::consts::E) - (std::f64::consts::E - 1.0)).abs() < 1e-15);
    }
}
