//! The quantities that systems read.

use super::{Place, Quantity, QuantityUnit, Statistic};

const fn unit(
    name: &'static str,
    spellings: &'static [&'static str],
    factor: f64,
    offset: f64,
) -> QuantityUnit {
    QuantityUnit {
        name,
        spellings,
        factor,
        offset,
        a_day: false,
    }
}

const fn a_day(
    name: &'static str,
    spellings: &'static [&'static str],
    factor: f64,
) -> QuantityUnit {
    QuantityUnit {
        name,
        spellings,
        factor,
        offset: 0.0,
        a_day: true,
    }
}

const CELSIUS: QuantityUnit = unit(
    "degC",
    &[
        "degc",
        "c",
        "°c",
        "celsius",
        "degreec",
        "degreesc",
        "degreecelsius",
        "degreescelsius",
        "degcelsius",
        "celsiusdegree",
        "celsiusdegrees",
    ],
    1.0,
    0.0,
);
const KELVIN: QuantityUnit = unit(
    "K",
    &[
        "k",
        "kelvin",
        "kelvins",
        "degk",
        "degreek",
        "degreesk",
        "degreekelvin",
        "degreeskelvin",
    ],
    1.0,
    -273.15,
);

const MM_MONTH: QuantityUnit = unit(
    "mm/month",
    &[
        "mm/month",
        "mmmonth-1",
        "mm/mo",
        "mmmo-1",
        "mm/mon",
        "mmmon-1",
        "kgm-2month-1",
        "kg/m2/month",
    ],
    1.0,
    0.0,
);
const MM_DAY: QuantityUnit = a_day(
    "mm/day",
    &[
        "mm/day",
        "mmday-1",
        "mm/d",
        "mmd-1",
        "kgm-2day-1",
        "kgm-2d-1",
        "kg/m2/day",
        "kg/m2/d",
    ],
    1.0,
);
const KG_M2_S: QuantityUnit = a_day(
    "kg m-2 s-1",
    &["kgm-2s-1", "kg/m2/s", "kg/(m2s)", "kg/m2s", "mm/s", "mms-1"],
    86_400.0,
);
const M_DAY: QuantityUnit = a_day("m/day", &["m/day", "mday-1", "m/d", "md-1"], 1000.0);
const M_MONTH: QuantityUnit = unit("m/month", &["m/month", "mmonth-1"], 1000.0, 0.0);
const M_S: QuantityUnit = a_day("m/s", &["m/s", "ms-1"], 86_400_000.0);

const WATER: &[QuantityUnit] = &[MM_MONTH, MM_DAY, KG_M2_S, M_DAY, M_MONTH, M_S];

const NEAR_GROUND: Place = Place::NearGround { most_m: 10 };
const OTHER_TEMPERATURES: &[&str] = &[
    "dew",
    "dewpoint",
    "skin",
    "soil",
    "sea",
    "sst",
    "potential",
    "virtual",
    "wet",
    "wetbulb",
    "apparent",
    "brightness",
    "lst",
    "ocean",
    "water",
    "snow",
    "ice",
    "canopy",
    "range",
    "amplitude",
    "trend",
    "error",
    "errors",
    "uncertainty",
    "deviation",
    "stddev",
    "variance",
    "spread",
    "number",
    "count",
    "flag",
];

/// Mean air temperature near the ground, degC.
pub static AIR_TEMPERATURE: Quantity = Quantity {
    key: "temperature",
    about: "mean air temperature near the ground",
    standard_names: &["air_temperature"],
    usual_names: &[
        "tmp",
        "t2m",
        "tas",
        "tavg",
        "tmean",
        "tg",
        "tair",
        "temperature",
        "temp",
        "2t",
        "mean2t",
    ],
    units: &[CELSIUS, KELVIN],
    plausible: (-90.0, 60.0),
    statistic: Statistic::Mean,
    place: NEAR_GROUND,
    foreign_words: OTHER_TEMPERATURES,
};

/// Mean of daily minima of air temperature near the ground, degC.
pub static MINIMUM_TEMPERATURE: Quantity = Quantity {
    key: "minimum_temperature",
    about: "mean of daily minimum air temperature near the ground",
    standard_names: &["air_temperature"],
    usual_names: &["tmn", "tmin", "tasmin", "mn2t", "tn"],
    units: &[CELSIUS, KELVIN],
    plausible: (-90.0, 60.0),
    statistic: Statistic::Minimum,
    place: NEAR_GROUND,
    foreign_words: OTHER_TEMPERATURES,
};

/// Mean of daily maxima of air temperature near the ground, degC.
pub static MAXIMUM_TEMPERATURE: Quantity = Quantity {
    key: "maximum_temperature",
    about: "mean of daily maximum air temperature near the ground",
    standard_names: &["air_temperature"],
    usual_names: &["tmx", "tmax", "tasmax", "mx2t", "tx"],
    units: &[CELSIUS, KELVIN],
    plausible: (-90.0, 65.0),
    statistic: Statistic::Maximum,
    place: NEAR_GROUND,
    foreign_words: OTHER_TEMPERATURES,
};

/// Dew point near the ground, degC.
pub static DEW_POINT: Quantity = Quantity {
    key: "dew_point",
    about: "mean dew point near the ground",
    standard_names: &["dew_point_temperature"],
    usual_names: &["d2m", "tdew", "tdps", "dewpoint", "dew_point", "2d"],
    units: &[CELSIUS, KELVIN],
    plausible: (-100.0, 40.0),
    statistic: Statistic::Mean,
    place: NEAR_GROUND,
    foreign_words: &["depression", "error", "uncertainty", "deviation"],
};

/// Precipitation, mm in the step.
pub static PRECIPITATION: Quantity = Quantity {
    key: "precipitation",
    about: "precipitation, rain and snow together",
    standard_names: &[
        "precipitation_amount",
        "lwe_thickness_of_precipitation_amount",
        "thickness_of_precipitation_amount",
        "precipitation_flux",
        "lwe_precipitation_rate",
    ],
    usual_names: &[
        "pre",
        "tp",
        "pr",
        "prec",
        "precip",
        "precipitation",
        "ppt",
        "prcp",
        "mtpr",
        "avg_tprate",
    ],
    units: WATER,
    plausible: (0.0, 10_000.0),
    statistic: Statistic::Amount,
    place: Place::Surface,
    foreign_words: &[
        "convective",
        "stratiform",
        "snow",
        "snowfall",
        "days",
        "frequency",
        "probability",
        "intensity",
        "percent",
        "percentile",
        "ratio",
        "index",
        "evaporation",
        "minus",
        "effective",
        "trend",
        "error",
        "errors",
        "uncertainty",
        "deviation",
        "stddev",
        "variance",
        "spread",
        "number",
        "count",
        "flag",
        "type",
    ],
};

/// Potential or reference evapotranspiration, mm in the step.
pub static POTENTIAL_EVAPOTRANSPIRATION: Quantity = Quantity {
    key: "pet",
    about: "potential evapotranspiration",
    standard_names: &[
        "water_potential_evaporation_amount",
        "water_potential_evaporation_flux",
        "water_potential_evapotranspiration_amount",
        "water_potential_evapotranspiration_flux",
        "lwe_thickness_of_potential_evaporation_amount",
    ],
    usual_names: &["pet", "evspsblpot", "eto", "et0", "pevap"],
    units: WATER,
    plausible: (-100.0, 2_000.0),
    statistic: Statistic::Amount,
    place: Place::Surface,
    foreign_words: &[
        "actual",
        "minus",
        "deficit",
        "ratio",
        "error",
        "uncertainty",
        "deviation",
    ],
};

/// Specific humidity near the ground, kg kg-1.
pub static SPECIFIC_HUMIDITY: Quantity = Quantity {
    key: "specific_humidity",
    about: "mean specific humidity near the ground",
    standard_names: &["specific_humidity"],
    usual_names: &["huss", "qair", "q2m", "sh2m"],
    units: &[
        unit("kg kg-1", &["kgkg-1", "kg/kg", "1"], 1.0, 0.0),
        unit("g kg-1", &["gkg-1", "g/kg"], 1e-3, 0.0),
    ],
    plausible: (0.0, 0.05),
    statistic: Statistic::Mean,
    place: NEAR_GROUND,
    foreign_words: &["relative", "absolute", "error", "uncertainty", "deviation"],
};

/// Relative humidity near the ground, per cent.
pub static RELATIVE_HUMIDITY: Quantity = Quantity {
    key: "relative_humidity",
    about: "mean relative humidity near the ground",
    standard_names: &["relative_humidity"],
    usual_names: &["hurs", "rh", "rh2m", "rhum", "r2"],
    units: &[
        unit("%", &["%", "percent", "per cent"], 1.0, 0.0),
        unit("1", &["1", "fraction"], 100.0, 0.0),
    ],
    plausible: (0.0, 105.0),
    statistic: Statistic::Mean,
    place: NEAR_GROUND,
    foreign_words: &["specific", "soil", "error", "uncertainty", "deviation"],
};

const PASCAL: QuantityUnit = unit("Pa", &["pa", "pascal", "pascals"], 1.0, 0.0);
const HECTOPASCAL: QuantityUnit = unit(
    "hPa",
    &["hpa", "mbar", "mb", "millibar", "millibars"],
    100.0,
    0.0,
);
const KILOPASCAL: QuantityUnit = unit("kPa", &["kpa"], 1000.0, 0.0);

/// Vapour pressure deficit near the ground, Pa.
pub static VAPOUR_PRESSURE_DEFICIT: Quantity = Quantity {
    key: "vapour_pressure_deficit",
    about: "mean vapour pressure deficit near the ground",
    standard_names: &["water_vapor_saturation_deficit_in_air"],
    usual_names: &["vpd"],
    units: &[PASCAL, HECTOPASCAL, KILOPASCAL],
    plausible: (0.0, 12_000.0),
    statistic: Statistic::Mean,
    place: NEAR_GROUND,
    foreign_words: &["error", "uncertainty", "deviation"],
};

/// Pressure of the air at the ground, Pa.
pub static SURFACE_PRESSURE: Quantity = Quantity {
    key: "pressure",
    about: "mean pressure of the air at the ground",
    standard_names: &["surface_air_pressure"],
    usual_names: &["ps", "sp", "psurf", "pres"],
    units: &[PASCAL, HECTOPASCAL, KILOPASCAL],
    plausible: (40_000.0, 110_000.0),
    statistic: Statistic::Mean,
    place: Place::Surface,
    foreign_words: &["sea", "vapour", "vapor", "tendency", "error", "deviation"],
};

/// Speed of the wind near the ground, m s-1.
pub static WIND_SPEED: Quantity = Quantity {
    key: "wind",
    about: "mean speed of the wind near the ground",
    standard_names: &["wind_speed"],
    usual_names: &["sfcwind", "wind", "ws", "si10", "wind_speed", "ws10m"],
    units: &[
        unit("m s-1", &["ms-1", "m/s"], 1.0, 0.0),
        unit("km h-1", &["kmh-1", "km/h"], 1.0 / 3.6, 0.0),
    ],
    plausible: (0.0, 60.0),
    statistic: Statistic::Mean,
    place: NEAR_GROUND,
    foreign_words: &[
        "gust",
        "gusts",
        "eastward",
        "northward",
        "direction",
        "error",
        "deviation",
    ],
};

const WATTS: &[QuantityUnit] = &[
    unit("W m-2", &["wm-2", "w/m2"], 1.0, 0.0),
    // 1e6 J in the 86400 s of a day.
    unit(
        "MJ m-2 day-1",
        &["mjm-2day-1", "mjm-2d-1", "mj/m2/day", "mj/m2/d"],
        1e6 / 86_400.0,
        0.0,
    ),
    unit(
        "J m-2 day-1",
        &["jm-2day-1", "jm-2d-1", "j/m2/day", "j/m2/d"],
        1.0 / 86_400.0,
        0.0,
    ),
];

/// Shortwave radiation that arrives at the ground, W m-2.
pub static SHORTWAVE_DOWN: Quantity = Quantity {
    key: "shortwave_down",
    about: "mean shortwave radiation that arrives at the ground",
    standard_names: &["surface_downwelling_shortwave_flux_in_air"],
    usual_names: &["rsds", "ssrd", "swdown", "srad"],
    units: WATTS,
    plausible: (0.0, 600.0),
    statistic: Statistic::Mean,
    place: Place::Surface,
    foreign_words: &[
        "net",
        "upward",
        "upwelling",
        "longwave",
        "thermal",
        "clear",
        "sky",
        "diffuse",
        "toa",
        "error",
    ],
};

/// Net radiation at the ground, W m-2.
pub static NET_RADIATION: Quantity = Quantity {
    key: "net_radiation",
    about: "mean net radiation at the ground",
    standard_names: &["surface_net_downward_radiative_flux"],
    usual_names: &["rn", "rnet", "netrad"],
    units: WATTS,
    plausible: (-300.0, 500.0),
    statistic: Statistic::Mean,
    place: Place::Surface,
    foreign_words: &["shortwave", "longwave", "clear", "toa", "error"],
};

/// Net shortwave radiation at the ground, W m-2.
pub static NET_SHORTWAVE: Quantity = Quantity {
    key: "net_shortwave",
    about: "mean net shortwave radiation at the ground",
    standard_names: &["surface_net_downward_shortwave_flux"],
    usual_names: &["rss", "ssr"],
    units: WATTS,
    plausible: (0.0, 600.0),
    statistic: Statistic::Mean,
    place: Place::Surface,
    foreign_words: &["longwave", "thermal", "clear", "toa", "error"],
};
