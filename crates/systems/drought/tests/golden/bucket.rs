//! The three buckets of Wichita.

use nutag_drought::water::{Bucket, Drawdown, Melt};
use nutag_drought::{MonthAxis, YearMonth};

use crate::shared::{compare, table};

#[test]
fn wichita() {
    let Some(golden) = table("golden/drought/bucket/wichita_awc100.csv") else {
        return;
    };
    let axis = MonthAxis::new(YearMonth::new(1980, 1).unwrap(), golden.rows);
    for (name, drawdown, yearly) in [
        ("expo", Drawdown::Exponential, 202.0),
        ("lin", Drawdown::Linear, 186.0),
        ("palmer", Drawdown::TwoLayers, 192.0),
    ] {
        let bucket = Bucket {
            available_water_mm: 100.0,
            drawdown,
            spin_up_years: 0,
        };
        let got = bucket
            .run(
                &axis,
                &golden.numbers("p"),
                &golden.numbers("pet"),
                None,
                Melt::NoSnow,
            )
            .unwrap();
        for (column, values) in [
            ("aet", &got.aet_mm),
            ("cwd", &got.deficit_mm),
            ("soil", &got.soil_mm),
            ("runoff", &got.runoff_mm),
        ] {
            let column = format!("{name}_{column}");
            let (n, worst) = compare(&column, values, &golden.numbers(&column), 1e-9);
            eprintln!("{column}: {n} months, {worst:e}");
        }
        // Whole years: 1980 to 2010.
        let deficit = got.deficit_mm[..31 * 12].iter().sum::<f64>() / 31.0;
        assert!((deficit - yearly).abs() < 0.6, "{name} {deficit}");
    }
}
