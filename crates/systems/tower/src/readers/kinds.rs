//! Kinds of files: which column is which quantity, and in which unit.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quantity {
    /// Net ecosystem exchange of CO2.
    Nee,
    /// Turbulent flux of CO2 where the storage below the sensor is a column of its own.
    Co2Flux,
    /// Change of CO2 stored below the sensor.
    Co2Storage,
    /// Quality of the CO2 flux.
    NeeQuality,
    /// Latent heat flux.
    Le,
    /// Its quality.
    LeQuality,
    /// Sensible heat flux.
    H,
    /// Its quality.
    HQuality,
    /// Incoming shortwave radiation.
    Radiation,
    /// Its quality.
    RadiationQuality,
    /// Air temperature.
    Temperature,
    /// Its quality.
    TemperatureQuality,
    /// Vapour pressure deficit.
    Vpd,
    /// Its quality.
    VpdQuality,
    /// Relative humidity.
    Humidity,
    /// Friction velocity.
    Ustar,
    /// Net radiation.
    NetRadiation,
    /// Heat flux into the soil.
    Ground,
    /// Its quality.
    GroundQuality,
    /// Precipitation.
    Precipitation,
    /// Soil temperature.
    SoilTemperature,
}

use Quantity as Q;

impl Quantity {
    /// Every quantity, with its key and the unit that it has here.
    pub const ALL: [(Self, &'static str, &'static str); 21] = [
        (Q::Nee, "nee", "umol m-2 s-1"),
        (Q::Co2Flux, "co2_flux", "umol m-2 s-1"),
        (Q::Co2Storage, "co2_storage", "umol m-2 s-1"),
        (Q::NeeQuality, "nee_quality", "class"),
        (Q::Le, "le", "W m-2"),
        (Q::LeQuality, "le_quality", "class"),
        (Q::H, "h", "W m-2"),
        (Q::HQuality, "h_quality", "class"),
        (Q::Radiation, "radiation", "W m-2"),
        (Q::RadiationQuality, "radiation_quality", "class"),
        (Q::Temperature, "temperature", "degC"),
        (Q::TemperatureQuality, "temperature_quality", "class"),
        (Q::Vpd, "vpd", "hPa"),
        (Q::VpdQuality, "vpd_quality", "class"),
        (Q::Humidity, "humidity", "%"),
        (Q::Ustar, "ustar", "m s-1"),
        (Q::NetRadiation, "net_radiation", "W m-2"),
        (Q::Ground, "ground", "W m-2"),
        (Q::GroundQuality, "ground_quality", "class"),
        (Q::Precipitation, "precipitation", "mm"),
        (Q::SoilTemperature, "soil_temperature", "degC"),
    ];

    /// Its key in a pipeline file.
    #[must_use]
    pub fn key(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(q, ..)| *q == self)
            .map_or("", |(_, key, _)| key)
    }

    /// The unit that it has here.
    #[must_use]
    pub fn unit(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(q, ..)| *q == self)
            .map_or("", |(.., unit)| unit)
    }

    /// The quantity of a key.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, k, _)| *k == key)
            .map(|(q, ..)| *q)
    }

    /// The quality that goes with a quantity.
    pub(super) fn quality(self) -> Option<Self> {
        Some(match self {
            Q::Nee | Q::Co2Flux => Q::NeeQuality,
            Q::Le => Q::LeQuality,
            Q::H => Q::HQuality,
            Q::Radiation => Q::RadiationQuality,
            Q::Temperature => Q::TemperatureQuality,
            Q::Vpd => Q::VpdQuality,
            Q::Ground => Q::GroundQuality,
            _ => return None,
        })
    }
}

/// The kind of a file, told from its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// FLUXNET2015 and the newer FLUXNET archives, half-hours or hours.
    Fluxnet,
    /// `JapanFlux2024`.
    JapanFlux,
    /// `AmeriFlux` BASE, and files with its names.
    AmeriFlux,
    /// `EddyPro` full output.
    EddyProFull,
    /// `EddyPro` FLUXNET output.
    EddyProFluxnet,
    /// Text with year, day of the year and hour, as `REddyProc` reads it.
    YearDayHour,
    /// Any other file, read by a map of headers.
    Mapped,
}

impl Kind {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fluxnet => "FLUXNET",
            Self::JapanFlux => "JapanFlux2024",
            Self::AmeriFlux => "AmeriFlux BASE",
            Self::EddyProFull => "EddyPro full output",
            Self::EddyProFluxnet => "EddyPro FLUXNET output",
            Self::YearDayHour => "year, day of the year and hour",
            Self::Mapped => "map of headers",
        }
    }

    /// Whether values of quality 1 and above were filled in, and not measured.
    pub(super) fn filled_by_class(self) -> bool {
        matches!(self, Self::Fluxnet | Self::JapanFlux)
    }

    /// Columns by quantity, of several names the first that a file has, with their unit.
    pub(super) fn candidates(self) -> &'static [(Quantity, &'static [&'static str], &'static str)] {
        match self {
            Self::Fluxnet => &[
                (Q::Nee, &["NEE_VUT_REF", "NEE_CUT_REF"], "umol m-2 s-1"),
                (Q::Le, &["LE_F_MDS"], "W m-2"),
                (Q::H, &["H_F_MDS"], "W m-2"),
                (Q::Radiation, &["SW_IN_F_MDS", "SW_IN_F"], "W m-2"),
                (Q::Temperature, &["TA_F_MDS", "TA_F"], "degC"),
                (Q::Vpd, &["VPD_F_MDS", "VPD_F"], "hPa"),
                (Q::Humidity, &["RH"], "%"),
                (Q::Ustar, &["USTAR"], "m s-1"),
                (Q::NetRadiation, &["NETRAD"], "W m-2"),
                (Q::Ground, &["G_F_MDS"], "W m-2"),
                (Q::Precipitation, &["P"], "mm"),
                (Q::SoilTemperature, &["TS_F_MDS_1"], "degC"),
            ],
            Self::JapanFlux => &[
                (Q::Nee, &["NEE_vUT"], "umol m-2 s-1"),
                (Q::Le, &["LE_F_MDS"], "W m-2"),
                (Q::H, &["H_F_MDS"], "W m-2"),
                (Q::Radiation, &["SW_IN_F_MDS", "SW_IN_F"], "W m-2"),
                (Q::Temperature, &["TA_F_MDS", "TA_F"], "degC"),
                (Q::Vpd, &["VPD_F_MDS", "VPD_F"], "hPa"),
                (Q::Humidity, &["RH"], "%"),
                (Q::Ustar, &["USTAR"], "m s-1"),
                (Q::NetRadiation, &["NETRAD"], "W m-2"),
                (Q::Ground, &["G_F_MDS"], "W m-2"),
                (Q::Precipitation, &["P"], "mm"),
                (Q::SoilTemperature, &["TS_F_MDS", "TS_F_MDS_1"], "degC"),
            ],
            Self::AmeriFlux => &[
                (Q::Nee, &["NEE_PI", "NEE"], "umol m-2 s-1"),
                (Q::Co2Flux, &["FC"], "umol m-2 s-1"),
                (Q::Co2Storage, &["SC"], "umol m-2 s-1"),
                (Q::NeeQuality, &["FC_SSITC_TEST"], "class"),
                (Q::Le, &["LE"], "W m-2"),
                (Q::LeQuality, &["LE_SSITC_TEST"], "class"),
                (Q::H, &["H"], "W m-2"),
                (Q::HQuality, &["H_SSITC_TEST"], "class"),
                (Q::Radiation, &["SW_IN"], "W m-2"),
                (Q::Temperature, &["TA"], "degC"),
                (Q::Vpd, &["VPD", "VPD_PI"], "hPa"),
                (Q::Humidity, &["RH"], "%"),
                (Q::Ustar, &["USTAR"], "m s-1"),
                (Q::NetRadiation, &["NETRAD"], "W m-2"),
                (Q::Ground, &["G"], "W m-2"),
                (Q::Precipitation, &["P"], "mm"),
                (Q::SoilTemperature, &["TS"], "degC"),
            ],
            Self::EddyProFull => &[
                (Q::Co2Flux, &["co2_flux"], "umol m-2 s-1"),
                (Q::Co2Storage, &["co2_strg"], "umol m-2 s-1"),
                (Q::NeeQuality, &["qc_co2_flux"], "class"),
                (Q::Le, &["LE"], "W m-2"),
                (Q::LeQuality, &["qc_LE"], "class"),
                (Q::H, &["H"], "W m-2"),
                (Q::HQuality, &["qc_H"], "class"),
                (
                    Q::Radiation,
                    &["SWIN_1_1_1", "Rg_1_1_1", "SW_IN_1_1_1"],
                    "W m-2",
                ),
                (Q::Temperature, &["air_temperature"], "K"),
                (Q::Vpd, &["VPD"], "Pa"),
                (Q::Humidity, &["RH"], "%"),
                (Q::Ustar, &["u*"], "m s-1"),
                (Q::NetRadiation, &["RN_1_1_1"], "W m-2"),
                (Q::Ground, &["SHF_1_1_1"], "W m-2"),
            ],
            Self::EddyProFluxnet => &[
                (Q::Co2Flux, &["FC"], "umol m-2 s-1"),
                (Q::Co2Storage, &["SC_SINGLE"], "umol m-2 s-1"),
                (Q::NeeQuality, &["FC_SSITC_TEST"], "class"),
                (Q::Le, &["LE"], "W m-2"),
                (Q::LeQuality, &["LE_SSITC_TEST"], "class"),
                (Q::H, &["H"], "W m-2"),
                (Q::HQuality, &["H_SSITC_TEST"], "class"),
                (Q::Radiation, &["SW_IN"], "W m-2"),
                (Q::Temperature, &["TA_1_1_1", "TA_EP"], "degC"),
                (Q::Vpd, &["VPD_EP"], "hPa"),
                (Q::Humidity, &["RH_1_1_1", "RH_EP"], "%"),
                (Q::Ustar, &["USTAR"], "m s-1"),
                (Q::NetRadiation, &["NETRAD"], "W m-2"),
                (Q::Ground, &["G"], "W m-2"),
                (Q::Precipitation, &["P"], "mm"),
                (Q::SoilTemperature, &["TS"], "degC"),
            ],
            Self::YearDayHour => &[
                (Q::Nee, &["NEE"], "umol m-2 s-1"),
                (Q::Le, &["LE"], "W m-2"),
                (Q::H, &["H"], "W m-2"),
                (Q::Radiation, &["Rg"], "W m-2"),
                (Q::Temperature, &["Tair"], "degC"),
                (Q::Vpd, &["VPD"], "hPa"),
                (Q::Humidity, &["rH"], "%"),
                (Q::Ustar, &["Ustar"], "m s-1"),
                (Q::NetRadiation, &["Rn"], "W m-2"),
                (Q::Ground, &["G"], "W m-2"),
                (Q::SoilTemperature, &["Tsoil"], "degC"),
            ],
            Self::Mapped => &[],
        }
    }
}
