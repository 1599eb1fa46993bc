//! How much of an uptake on the ground can be seen in the column.

/// Carbon in one ppm of the whole atmosphere, GtC (Ballantyne et al. 2012, Nature 488, 70-72: 2.12 to
/// 2.13).
const ATMOSPHERE_GTC_PER_PPM: f64 = 2.13;
/// Area of the Earth in km2.
const EARTH_KM2: f64 = 5.10e8;

/// Carbon in one ppm of the mean column, tC km-2: 2.13 GtC over the Earth, 4.18.
pub const COLUMN_TC_PER_KM2_PER_PPM: f64 = ATMOSPHERE_GTC_PER_PPM * 1e9 / EARTH_KM2;

/// About how long air stays above a country of Mongolia's size before wind replaces it, in days.
pub const VENTILATION_DAYS: f64 = 2.5;

/// Error of one month's mean of XCO2 over a region, ppm: least and largest of what is usually found.
pub const MONTHLY_ERROR_PPM: (f64, f64) = (1.0, 2.0);

const DAYS_PER_YEAR: f64 = 365.25;

/// What a steady flux does to the column mean, in ppm: the carbon that `flux_tc_per_km2_year` (tC km-2 per
/// year, negative out of the air) moves while the air stays for `ventilation_days`.
#[must_use]
pub fn column_signal_ppm(flux_tc_per_km2_year: f64, ventilation_days: f64) -> f64 {
    flux_tc_per_km2_year * ventilation_days / DAYS_PER_YEAR / COLUMN_TC_PER_KM2_PER_PPM
}

/// The change of NPP that "Reduction of NPP due to Permafrost Degradation" states, in t of carbon: its
/// -1.585 counts units of ten million t.
const PUBLISHED_CHANGE_TC: f64 = -15_850_000.0;
/// The area of that table, in its cells taken as km2.
const PUBLISHED_AREA_KM2: f64 = 1_848_213.0;

/// The change of NPP that the published table states, tC km-2 a year over its own area: -8.6.
#[must_use]
pub fn published_change_tc_per_km2_year() -> f64 {
    PUBLISHED_CHANGE_TC / PUBLISHED_AREA_KM2
}

/// The paragraph that stands beside every CO2 table and chart.
#[must_use]
pub fn why_context() -> String {
    let change = published_change_tc_per_km2_year();
    let signal = column_signal_ppm(change, VENTILATION_DAYS).abs();
    let (least, largest) = MONTHLY_ERROR_PPM;
    format!(
        "CO2 in the air column is context here, not a test of the NPP change. The published change, {change:.1} tC \
         km-2 a year, in air that stays above the country for about {VENTILATION_DAYS} days, moves the column mean by \
         {signal:.3} ppm. One month's mean over a region is uncertain by {least} to {largest} ppm, and even the whole \
         summer's uptake moves the local column by only about 1 ppm. The growth of the column is that of the whole \
         atmosphere, and its yearly cycle that of the hemisphere. Kriged values reach up to 1000 km from the nearest \
         sounding, and in winter few cells have soundings. GOSAT measures since 2009, and its monthly maps begin in \
         June 2009."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_change_is_fourteen_thousandths_of_a_ppm() {
        assert!((COLUMN_TC_PER_KM2_PER_PPM - 4.18).abs() < 0.01);
        // -15.85 Mt over 1,848,213 printed km2.
        assert!((published_change_tc_per_km2_year() + 8.576).abs() < 1e-3);
        let signal = column_signal_ppm(-8.6, VENTILATION_DAYS);
        assert!((signal + 0.0141).abs() < 1e-4, "{signal}");
        let text = why_context();
        assert!(
            text.contains("-8.6 tC km-2") && text.contains("0.014 ppm"),
            "{text}"
        );
        assert!(
            text.contains("1 to 2 ppm") && text.contains("June 2009"),
            "{text}"
        );
    }
}
