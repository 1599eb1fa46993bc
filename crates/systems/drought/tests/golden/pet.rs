//! Demand: Wichita, the corners of the earth, Mongolian normals.

use nutag_drought::pet::{
    Cloudiness, Crop, Humidity, MidMonth, PenmanConstants, PenmanMethod, PenmanMonths,
    PenmanOptions, SolarConstants, ThornthwaiteOptions, day, droogers_allen, hargreaves, penman,
    thornthwaite,
};
use nutag_drought::{MonthAxis, YearMonth};

use crate::shared::{compare, table};

fn axis(year: i32, len: usize) -> MonthAxis {
    MonthAxis::new(YearMonth::new(year, 1).unwrap(), len)
}

#[test]
fn wichita() {
    let (Some(input), Some(golden)) = (
        table("data/drought/wichita.csv"),
        table("golden/drought/r/pet_wichita.csv"),
    ) else {
        return;
    };
    let axis = axis(1980, input.rows);
    let [least, greatest, mean, rain] =
        ["TMIN", "TMAX", "TMED", "PRCP"].map(|name| input.numbers(name));
    let [wind, sun, cloud] = ["AWND", "TSUN", "ACSH"].map(|name| input.numbers(name));
    let latitude_deg = 37.6475;
    for (column, middle) in [
        ("tho_ts", MidMonth::RealCalendar),
        ("tho_vec", MidMonth::FixedYear),
    ] {
        let options = ThornthwaiteOptions {
            middle,
            hot_months: false,
        };
        let got = thornthwaite(&axis, &mean, latitude_deg, options).unwrap();
        let (n, worst) = compare(column, &got, &golden.numbers(column), 1e-10);
        eprintln!("{column}: {n} months, {worst:e}");
    }
    for (column, middle) in [
        ("har_ts", MidMonth::RealCalendar),
        ("har_vec", MidMonth::FixedYear),
    ] {
        let got = hargreaves(&axis, &least, &greatest, latitude_deg, middle).unwrap();
        compare(column, &got, &golden.numbers(column), 1e-10);
    }
    let got = droogers_allen(
        &axis,
        &least,
        &greatest,
        &rain,
        latitude_deg,
        MidMonth::RealCalendar,
    )
    .unwrap();
    compare("har_pre_ts", &got, &golden.numbers("har_pre_ts"), 1e-10);

    let all = vec![60.0; input.rows];
    let fifteen = vec![15.0; input.rows];
    let fao = PenmanMethod::Fao;
    let sunny = Cloudiness::SunHours(&sun);
    let cloudy = Cloudiness::CloudPercent(&cloud);
    let dew = Humidity::FromLeast(0.0);
    let runs = [
        (
            "pen_icid",
            PenmanMethod::Icid,
            Crop::Short,
            true,
            sunny,
            dew,
        ),
        ("pen_fao", fao, Crop::Short, true, sunny, dew),
        (
            "pen_asce",
            PenmanMethod::Asce,
            Crop::Short,
            true,
            sunny,
            dew,
        ),
        ("pen_fao_tall", fao, Crop::Tall, true, sunny, dew),
        ("pen_fao_nou2", fao, Crop::Short, false, sunny, dew),
        ("pen_fao_cc", fao, Crop::Short, true, cloudy, dew),
        ("pen_fao_nou2_cc", fao, Crop::Short, false, cloudy, dew),
        (
            "pen_fao_rh60",
            fao,
            Crop::Short,
            true,
            sunny,
            Humidity::RelativePercent(&all),
        ),
        (
            "pen_fao_rs15",
            fao,
            Crop::Short,
            true,
            Cloudiness::RadiationMj(&fifteen),
            dew,
        ),
    ];
    for (column, method, crop, windy, cloudiness, humidity) in runs {
        let given = PenmanMonths {
            least_deg_c: &least,
            greatest_deg_c: &greatest,
            wind_m_s: windy.then_some(wind.as_slice()),
            cloudiness,
            humidity,
            latitude_deg,
            elevation_m: 402.6,
        };
        let options = PenmanOptions {
            method,
            crop,
            constants: PenmanConstants::Spei,
            ..PenmanOptions::default()
        };
        let got = penman(&axis, &given, &options).unwrap();
        let (n, worst) = compare(column, &got.mm, &golden.numbers(column), 1e-10);
        eprintln!("{column}: {n} months, {worst:e}");
        assert_eq!(got.assumed.iter().any(|word| word.contains("wind")), !windy);
    }
}

#[test]
fn mongolian_normals() {
    let (Some(input), Some(golden)) = (
        table("data/drought/mongolia/irimhe_monthly_tmean_normals.csv"),
        table("golden/drought/mongolia/thornthwaite_normals_r.csv"),
    ) else {
        return;
    };
    let names = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let temperatures = names.map(|name| input.numbers(name));
    let expected = names.map(|name| golden.numbers(name));
    let latitudes = input.numbers("lat");
    let options = ThornthwaiteOptions {
        middle: MidMonth::FixedYear,
        hot_months: false,
    };
    let mut yearly = Vec::new();
    for row in 0..input.rows {
        let at = |columns: &[Vec<f64>; 12]| columns.each_ref().map(|c| c[row]);
        let got = thornthwaite(&axis(2001, 12), &at(&temperatures), latitudes[row], options);
        let got = got.unwrap();
        compare("normals", &got, &at(&expected), 1e-10);
        yearly.push(got.iter().sum::<f64>());
    }
    yearly.sort_by(f64::total_cmp);
    assert_eq!(yearly.len(), 301);
    assert_eq!(
        [yearly[0], yearly[150], yearly[300]].map(f64::round),
        [364.0, 506.0, 753.0]
    );
}

/// The corners of the earth, one site at a time. In the polar day R takes the longest day of the other
/// months (or of the neighbours in a matrix) instead of 24 hours; there ours is greater.
#[test]
fn corners() {
    let Some(golden) = table("golden/drought/r/pet_corners.csv") else {
        return;
    };
    let [latitude, mean, least, greatest] =
        ["lat", "tmed", "tmin", "tmax"].map(|name| golden.numbers(name));
    let expected = ["tho", "har"].map(|name| golden.numbers(name));
    let axis = axis(2001, 12);
    let mut polar_days = 0;
    for from in (0..golden.rows).step_by(12) {
        let rows = from..from + 12;
        let site = format!("{} {}", latitude[from], golden.text("case")[from]);
        let options = ThornthwaiteOptions {
            middle: MidMonth::FixedYear,
            hot_months: false,
        };
        let tho = thornthwaite(&axis, &mean[rows.clone()], latitude[from], options).unwrap();
        compare(
            &format!("{site} Thornthwaite"),
            &tho,
            &expected[0][rows.clone()],
            1e-10,
        );
        let har = hargreaves(
            &axis,
            &least[rows.clone()],
            &greatest[rows.clone()],
            latitude[from],
            MidMonth::FixedYear,
        )
        .unwrap();
        for (index, (got, r)) in har.iter().zip(&expected[1][rows]).enumerate() {
            if (got - r).abs() > 1e-10 {
                let month = axis.at(index);
                let middle = f64::from(month.first_day_of_year()) + 14.0;
                let sun = day(latitude[from].to_radians(), middle, SolarConstants::Rounded);
                assert_eq!(sun.sunset_rad, std::f64::consts::PI, "{site} {month}");
                assert!(got > r, "{site} {month}: {got} {r}");
                polar_days += 1;
            }
        }
    }
    assert_eq!(polar_days, 28);
}
