//! Against the public code of MOD17 (Endsley et al. 2023).

use nutag_lue::science::composite::{days_of, days_of_composite};
use nutag_lue::science::humidity::{
    par_mj_m2_d, saturation_vapour_pressure_pa, vapour_pressure_pa,
};
use nutag_lue::science::mod17::{Day, Table, composite_sums, year_totals};

use crate::files::{Row, close, golden};

const EXACT: f64 = 1e-12;

fn table(name: &str) -> Table {
    match name {
        "C5.1-MERRA" => Table::collection_5_1().unwrap(),
        "C6.1" => Table::collection_6_1().unwrap(),
        other => panic!("{other}"),
    }
}

#[test]
fn tables_are_those_of_the_source() {
    let Some(rows) = golden("mod17_bplut.csv") else {
        return;
    };
    for row in &rows {
        let table = table(row.text("table"));
        let biome = table.biome(row.byte("pft")).unwrap();
        assert_eq!(biome.name, row.text("name"));
        for (ours, column) in [
            (biome.lue_kgc_mj, "LUE_max"),
            (biome.tmin_closed_c, "tmin0"),
            (biome.tmin_open_c, "tmin1"),
            (biome.vpd_open_pa, "vpd0"),
            (biome.vpd_closed_pa, "vpd1"),
            (biome.sla_m2_kgc, "SLA"),
            (biome.q10_livewood, "Q10_livewood"),
            (biome.q10_froot, "Q10_froot"),
            (biome.froot_leaf_ratio, "froot_leaf_ratio"),
            (biome.livewood_leaf_ratio, "livewood_leaf_ratio"),
            (biome.leaf_mr, "leaf_mr_base"),
            (biome.froot_mr, "froot_mr_base"),
            (biome.livewood_mr, "livewood_mr_base"),
        ] {
            close(ours, row.number(column), 0.0, column);
        }
    }
}

#[test]
fn days_of_sites() {
    let Some(rows) = golden("mod17_site_days.csv") else {
        return;
    };
    for row in &rows {
        let table = table(row.text("table"));
        let biome = table.biome(row.byte("pft")).unwrap();
        let day = Day {
            tmin_c: row.number("tmin_c"),
            tmean_c: row.number("tmean_c"),
            vpd_pa: row.number("vpd_pa"),
            par_mj_m2: par_mj_m2_d(row.number("sw_w_m2")),
        };
        let what = format!("{} {}", row.text("table"), row.text("label"));
        close(day.par_mj_m2, row.number("par_mj_m2_d"), EXACT, &what);
        close(
            biome.cold_scalar(day.tmin_c),
            row.number("tmin_scalar"),
            EXACT,
            &what,
        );
        close(
            biome.dry_scalar(day.vpd_pa),
            row.number("vpd_scalar"),
            EXACT,
            &what,
        );
        let flux = biome.day(&day, row.number("fpar"), row.number("lai"));
        close(flux.gpp_gc_m2, row.number("gpp_gc_m2_d"), EXACT, &what);
        close(flux.leaf_gc_m2, row.number("r_leaf_gc_m2_d"), EXACT, &what);
        close(
            flux.froot_gc_m2,
            row.number("r_froot_gc_m2_d"),
            EXACT,
            &what,
        );
        close(
            flux.psnnet_gc_m2(),
            row.number("psnnet_gc_m2_d"),
            1e-11,
            &what,
        );
    }
}

#[test]
fn vapour_pressure_deficit() {
    let Some(rows) = golden("mod17_vpd.csv") else {
        return;
    };
    for row in &rows {
        let deficit = saturation_vapour_pressure_pa(row.number("tday_c"))
            - vapour_pressure_pa(row.number("qv10m_kg_kg"), row.number("pressure_pa"));
        close(deficit, row.number("vpd_pa"), 1e-11, "VPD");
    }
}

fn days(year: u16) -> Option<Vec<Day>> {
    let met = golden("mod17_year_met.csv")?;
    let year = year.to_string();
    let of_year = met.iter().filter(|row| row.text("date").starts_with(&year));
    Some(of_year.map(day).collect())
}

fn day(row: &Row) -> Day {
    Day {
        tmin_c: row.number("tmin_c"),
        tmean_c: row.number("tmean_c"),
        vpd_pa: row.number("vpd_pa"),
        par_mj_m2: par_mj_m2_d(row.number("sw_w_m2")),
    }
}

/// FPAR and LAI of the composites of a year as the reference filled them.
fn composites(pft: &str, year: u16) -> Option<(Vec<f64>, Vec<f64>)> {
    let rows = golden("mod17_year_composites.csv")?;
    let year = year.to_string();
    let rows = rows
        .iter()
        .filter(|row| row.text("pft") == pft && row.text("start").starts_with(&year));
    Some(
        rows.map(|row| (row.number("fpar_filled"), row.number("lai_filled")))
            .unzip(),
    )
}

/// The reference called with two years at once sums live wood over both: not reproduced.
#[test]
fn whole_years() {
    let Some(rows) = golden("mod17_year_annual.csv") else {
        return;
    };
    let mut seen = 0;
    for row in rows
        .iter()
        .filter(|row| row.text("daily_fpar") == "step" && row.text("call") == "one year per call")
    {
        seen += 1;
        let year = row.text("year").parse().unwrap();
        let table = table(row.text("table"));
        let biome = table.biome(row.byte("pft")).unwrap();
        let days = days(year).unwrap();
        assert_eq!(days.len(), days_of(year));
        let (fpar, lai) = composites(row.text("pft"), year).unwrap();
        assert_eq!(fpar.len(), 46);
        let sums = composite_sums(biome, year, &days).unwrap();
        let totals = year_totals(&sums, &fpar, &lai);
        let what = format!("{} {} {year}", row.text("table"), row.text("pft_name"));
        close(totals.gpp_gc_m2, row.number("gpp_gc_m2_yr"), EXACT, &what);
        close(totals.leaf_gc_m2, row.number("r_leaf"), EXACT, &what);
        close(totals.froot_gc_m2, row.number("r_froot"), EXACT, &what);
        close(
            totals.livewood_gc_m2,
            row.number("r_livewood"),
            EXACT,
            &what,
        );
        close(totals.psnnet_gc_m2, row.number("sum_psnnet"), EXACT, &what);
        close(totals.npp_gc_m2, row.number("npp_gc_m2_yr"), EXACT, &what);
    }
    assert_eq!(seen, 16);
}

#[test]
fn every_day_of_two_years() {
    let (Some(rows), Some(met)) = (
        golden("mod17_year_daily_step.csv"),
        golden("mod17_year_met.csv"),
    ) else {
        return;
    };
    for row in &rows {
        let weather = met
            .iter()
            .find(|m| m.text("date") == row.text("date"))
            .unwrap();
        let table = table(row.text("table"));
        let biome = table.biome(row.byte("pft")).unwrap();
        let flux = biome.day(&day(weather), row.number("fpar"), row.number("lai"));
        let what = format!("{} {}", row.text("pft_name"), row.text("date"));
        close(flux.gpp_gc_m2, row.number("gpp_gc_m2_d"), EXACT, &what);
        close(flux.leaf_gc_m2, row.number("r_leaf_gc_m2_d"), EXACT, &what);
        close(
            flux.froot_gc_m2,
            row.number("r_froot_gc_m2_d"),
            EXACT,
            &what,
        );
    }
    // The last composite of a leap year has six days.
    assert_eq!(days_of_composite(2012, 45), 360..366);
}
