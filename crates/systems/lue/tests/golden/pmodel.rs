//! Against pyrealm 2.0 and R's rpmodel.

use nutag_lue::science::pmodel::{
    Air, JmaxLimit, Pathway, QuantumYield, gamma_star_pa, leaf, michaelis_menten_pa, pressure_at_pa,
};
use nutag_lue::science::soil::{mengoli, stocker};
use nutag_lue::science::water::{density_kg_m3, viscosity_pa_s};

use crate::files::{close, golden};

const TOLERANCE: f64 = 1e-9;

#[test]
fn properties_of_water_and_enzymes() {
    let Some(rows) = golden("pmodel_temperature_tables.csv") else {
        return;
    };
    let standard = viscosity_pa_s(25.0, 101_325.0);
    for row in &rows {
        let (t, p) = (row.number("tc_c"), row.number("patm_pa"));
        let what = format!("{t} degC");
        close(
            density_kg_m3(t, p),
            row.number("density_h2o_kg_m3"),
            TOLERANCE,
            &what,
        );
        close(
            viscosity_pa_s(t, p),
            row.number("viscosity_h2o_pa_s"),
            TOLERANCE,
            &what,
        );
        close(
            viscosity_pa_s(t, p) / standard,
            row.number("ns_star"),
            TOLERANCE,
            &what,
        );
        close(
            gamma_star_pa(t, p),
            row.number("gammastar_pa"),
            TOLERANCE,
            &what,
        );
        close(
            michaelis_menten_pa(t, p),
            row.number("kmm_pa"),
            TOLERANCE,
            &what,
        );
        let yield_factor = QuantumYield::Temperature(1.0).at(t, Pathway::C3);
        close(yield_factor, row.number("phi0_factor_c3"), TOLERANCE, &what);
    }
}

#[test]
fn pressure_of_elevations() {
    let Some(rows) = golden("pmodel_patm.csv") else {
        return;
    };
    for row in &rows {
        close(
            pressure_at_pa(row.number("elev_m")),
            row.number("patm_pa"),
            TOLERANCE,
            "pressure",
        );
    }
}

#[test]
fn points_of_every_setup() {
    let Some(rows) = golden("pmodel_points.csv") else {
        return;
    };
    let mut seen = 0;
    for row in &rows {
        let (pathway, quantum_yield, limit) = match row.text("config") {
            "brc: temperature, phi0 0.081785" => {
                (Pathway::C3, QuantumYield::BRC, JmaxLimit::Wang2017)
            }
            "default: temperature, phi0 1/8" => (
                Pathway::C3,
                QuantumYield::Temperature(0.125),
                JmaxLimit::Wang2017,
            ),
            "org: fixed 0.049977" => (Pathway::C3, QuantumYield::ORG, JmaxLimit::Wang2017),
            "no jmax limit" => (Pathway::C3, QuantumYield::ORG, JmaxLimit::Unlimited),
            "c4" => (
                Pathway::C4,
                QuantumYield::Temperature(0.125),
                JmaxLimit::Wang2017,
            ),
            // Two forms that are no part of the standard one.
            "smith19" | "sandoval (experimental)" => continue,
            other => panic!("unknown setup {other}"),
        };
        seen += 1;
        let air = Air {
            temperature_c: row.number("tc_c"),
            vpd_pa: row.number("vpd_pa"),
            pressure_pa: row.number("patm_pa"),
            co2_ppm: row.number("co2_ppm"),
        };
        let leaf = leaf(&air, pathway, quantum_yield, limit).unwrap();
        let what = format!("{} {}", row.text("config"), row.text("label"));
        close(leaf.chi, row.number("chi"), TOLERANCE, &what);
        close(leaf.ci_pa, row.number("ci_pa"), TOLERANCE, &what);
        close(leaf.m, row.number("mj"), TOLERANCE, &what);
        let (f_v, lue) = (row.number("f_v"), row.number("lue_gc_mol"));
        if f_v.is_nan() {
            // The reference has no number there; here nothing is taken up, and 0 says so.
            assert!(leaf.f_v == 0.0 && leaf.lue_gc_mol == 0.0);
            continue;
        }
        close(leaf.f_v, f_v, TOLERANCE, &what);
        close(leaf.lue_gc_mol, lue, TOLERANCE, &what);
        close(leaf.iwue_umol_mol, row.number("iwue"), TOLERANCE, &what);
        let gpp = leaf.gpp_per_fpar(row.number("ppfd_umol_m2_s")) * row.number("fapar");
        close(gpp, row.number("gpp_gc_m2_d"), TOLERANCE, &what);
    }
    assert_eq!(seen, 5 * 29);
}

/// 400 cases of C3 and 400 of C4 as R computed them, rounded there to eight digits.
#[test]
fn cases_of_the_r_package() {
    let Some(rows) = golden("pmodel_rpmodel_r_reference.csv") else {
        return;
    };
    let mut compared = 0;
    for row in rows.iter().filter(|row| row.text("case").contains("c3")) {
        let air = Air {
            temperature_c: row.number("tc_c"),
            vpd_pa: row.number("vpd_pa"),
            pressure_pa: row.number("patm_pa"),
            co2_ppm: row.number("co2_ppm"),
        };
        let Some(leaf) = leaf(&air, Pathway::C3, QuantumYield::ORG, JmaxLimit::Wang2017) else {
            continue;
        };
        compared += 1;
        close(
            leaf.gamma_star_pa,
            row.number("gammastar"),
            1e-6,
            "gamma star",
        );
        close(leaf.km_pa, row.number("kmm"), 1e-6, "K");
        close(
            leaf.relative_viscosity,
            row.number("ns_star"),
            1e-6,
            "viscosity",
        );
        close(leaf.chi, row.number("chi"), 1e-6, "chi");
        close(leaf.ci_pa, row.number("ci"), 1e-6, "ci");
        close(leaf.m, row.number("mj"), 1e-5, "m");
    }
    assert!(compared >= 300, "{compared}");
}

#[test]
fn penalties_of_dry_soil() {
    let Some(rows) = golden("pmodel_soilmstress.csv") else {
        return;
    };
    for row in &rows {
        let (soil, dry) = (
            row.number("soilm"),
            row.number("meanalpha_or_aridity_index"),
        );
        let ours = match row.text("method") {
            "stocker" => stocker(soil, dry, 0.0, 0.733),
            "mengoli" => mengoli(soil, dry),
            other => panic!("{other}"),
        };
        close(ours, row.number("beta"), 1e-12, row.text("method"));
    }
}
