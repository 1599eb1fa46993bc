//! Decomposition against numbers computed elsewhere: published areas, printed
//! densities, and an invented second epoch.

use nutag_carbon::{Method, State, effects};

const GOLDEN: &str = include_str!("decomposition-golden.csv");

/// Half a unit of the last decimal in the file, for LMDI.
const LMDI_TOLERANCE: f64 = 0.5e-4;

#[test]
fn effects_agree_with_the_golden_table() {
    let mut lines = GOLDEN.lines();
    let header: Vec<_> = lines.next().unwrap().split(',').collect();
    let mut sums = [0.0; 7];
    let mut zones = 0;
    for line in lines {
        let fields: Vec<_> = line.split(',').collect();
        let value = |name: &str| -> f64 {
            let index = header.iter().position(|h| *h == name).unwrap();
            fields[index].parse().unwrap()
        };
        let expected = [
            value("laspeyres_area_t"),
            value("laspeyres_density_t"),
            value("interaction_t"),
            value("shapley_area_t"),
            value("shapley_density_t"),
            value("lmdi_area_t"),
            value("lmdi_density_t"),
        ];
        let found = if fields[0] == "Total" {
            sums
        } else {
            zones += 1;
            let areas = [value("area0_km2"), value("area1_km2")];
            let state = State {
                areas_km2: areas,
                area_change_km2: areas[1] - areas[0],
                densities: [Ok(value("g0_t_per_km2")), Ok(value("g1_t_per_km2"))],
            };
            let laspeyres = effects(Method::Laspeyres, &state).unwrap();
            let shapley = effects(Method::Shapley, &state).unwrap();
            let lmdi = effects(Method::Lmdi, &state).unwrap();
            for method in [laspeyres, shapley, lmdi] {
                assert!(
                    (method.sum() / value("dv_t") - 1.0).abs() < 1e-12,
                    "{method:?}"
                );
            }
            // Paasche is Laspeyres with the interaction put into each term.
            assert_eq!(
                laspeyres.area + laspeyres.interaction,
                value("paasche_area_t")
            );
            assert_eq!(
                laspeyres.density + laspeyres.interaction,
                value("paasche_density_t")
            );
            [
                laspeyres.area,
                laspeyres.density,
                laspeyres.interaction,
                shapley.area,
                shapley.density,
                lmdi.area,
                lmdi.density,
            ]
        };
        for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
            let tolerance = if i < 5 { 0.0 } else { LMDI_TOLERANCE + 1e-8 };
            assert!(
                (found - expected).abs() <= tolerance,
                "{line}: column {i}: {found}"
            );
        }
        sums.iter_mut()
            .zip(found)
            .for_each(|(sum, found)| *sum += found);
    }
    assert_eq!(zones, 4);
}
