//! Stress functions of CASA and VPM against plain numpy from the published equations.

use nutag_lue::science::casa::{
    Evaporation, Heat, evaporation, heat_index, thornthwaite_mm, water_terms,
};
use nutag_lue::science::ndvi_fpar::{Span, fpar_micasa, simple_ratio};
use nutag_lue::science::vpm::{Temperatures, fpar_chlorophyll, gpp_gc_m2_d, water_scalar};

use crate::files::{close, golden};

const EXACT: f64 = 1e-12;

#[test]
fn fpar_from_ndvi() {
    let Some(rows) = golden("casa_fpar.csv") else {
        return;
    };
    for row in &rows {
        let span = Span {
            ndvi_min: row.number("ndvi_min"),
            ndvi_max: row.number("ndvi_max"),
        };
        let ndvi = row.number("ndvi");
        let what = format!("NDVI {ndvi}");
        close(
            span.fpar_of_ndvi(ndvi),
            row.number("fpar_ndvi"),
            EXACT,
            &what,
        );
        close(
            span.fpar_of_ratio(ndvi),
            row.number("fpar_sr"),
            EXACT,
            &what,
        );
        close(span.fpar(ndvi), row.number("fpar_mean"), EXACT, &what);
        close(fpar_micasa(ndvi), row.number("fpar_micasa"), EXACT, &what);
        // The file holds the ratio after it was held to the limits of the class.
        let held = ndvi.clamp(span.ndvi_min, span.ndvi_max);
        close(simple_ratio(held), row.number("sr"), EXACT, &what);
    }
}

#[test]
fn temperature_terms_of_casa() {
    let Some(rows) = golden("casa_temperature.csv") else {
        return;
    };
    for row in &rows {
        let (best, t) = (row.number("topt_c"), row.number("t_c"));
        let what = format!("optimum {best}, {t} degC");
        close(
            Heat::Potter.t1(best, t),
            row.number("t1_potter"),
            EXACT,
            &what,
        );
        close(
            Heat::Potter.t2(best, t),
            row.number("t2_potter"),
            EXACT,
            &what,
        );
        close(
            Heat::Potter.scalar(best, t),
            row.number("t1t2_potter"),
            EXACT,
            &what,
        );
        close(Heat::Zhu.t2(best, t), row.number("t2_zhu"), EXACT, &what);
        close(
            Heat::Zhu.scalar(best, t),
            row.number("t1t2_zhu"),
            EXACT,
            &what,
        );
        close(
            Heat::Micasa.scalar(best, t),
            row.number("t1t2_micasa"),
            EXACT,
            &what,
        );
    }
}

#[test]
fn water_terms_of_casa() {
    let Some(rows) = golden("casa_water.csv") else {
        return;
    };
    for climate in ["UB", "GOBI"] {
        let year: Vec<_> = rows
            .iter()
            .filter(|r| r.text("climate") == climate)
            .collect();
        let monthly: Vec<f64> = year.iter().map(|row| row.number("t_c")).collect();
        let index = heat_index(&monthly.try_into().unwrap());
        let months: Vec<Evaporation> = year
            .iter()
            .map(|row| {
                let demand = thornthwaite_mm(row.number("t_c"), index);
                close(demand, row.number("ep0_thornthwaite_mm"), EXACT, climate);
                evaporation(row.number("p_mm"), demand)
            })
            .collect();
        for ((row, month), w) in year.iter().zip(&months).zip(water_terms(&months)) {
            close(index, row.number("heat_index"), EXACT, climate);
            close(month.radiation_mm, row.number("rn_mm"), EXACT, climate);
            close(month.actual_mm, row.number("eet_mm"), EXACT, climate);
            close(month.potential_mm, row.number("ep_mm"), EXACT, climate);
            close(w, row.number("w"), EXACT, climate);
        }
    }
}

#[test]
fn scalars_of_vpm() {
    let (Some(heat), Some(water), Some(days)) = (
        golden("vpm_temperature.csv"),
        golden("vpm_water.csv"),
        golden("vpm_gpp_grass.csv"),
    ) else {
        return;
    };
    for row in &heat {
        let class = Temperatures {
            least_c: row.number("tmin_c"),
            best_c: row.number("topt_c"),
            most_c: row.number("tmax_c"),
        };
        let t = row.number("tday_c");
        close(
            class.scalar(t),
            row.number("tscalar"),
            EXACT,
            &format!("{t} degC"),
        );
    }
    for row in &water {
        let w = water_scalar(row.number("lswi"), row.number("lswi_max"));
        close(w, row.number("wscalar"), EXACT, "water");
    }
    for row in &days {
        let fpar = fpar_chlorophyll(row.number("evi"));
        close(fpar, row.number("fpar_chl"), EXACT, "FPAR");
        let t = Temperatures::GRASS.scalar(row.number("tday_c"));
        let w = water_scalar(row.number("lswi"), row.number("lswi_max"));
        let gpp = gpp_gc_m2_d(fpar, row.number("sw_w_m2"), t, w);
        close(gpp, row.number("gpp_gc_m2_d_code_0.078"), EXACT, "GPP");
    }
}
