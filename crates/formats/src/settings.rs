//! What the environment tells GDAL and PROJ behind the program's back.
//!
//! Both libraries take hundreds of settings from the environment, and many move numbers: which side
//! files count, how a file's axes run, which transformation is taken, what letters a text holds. A
//! result must not depend on them, so one that is set and is not known to be harmless stops. The files
//! of settings that GDAL reads are not read at all (see `gdal_log`).

use crate::gdal_log;
use crate::vector::wgs84;

/// Why GDAL and PROJ cannot be worked with as they are.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// Variables of the environment that can move numbers.
    #[error(
        "the environment sets {names} for GDAL or PROJ, which can move numbers; this program takes no settings from there. \
         Unset: unset {names}"
    )]
    MovesNumbers {
        /// The names, joined by blanks.
        names: String,
    },
    /// PROJ does not find its database, or one of another version.
    #[error(
        "PROJ cannot use its database proj.db, without which no reference system is known: {reason}. {advice}"
    )]
    NoProjDatabase {
        /// What PROJ says.
        reason: String,
        /// What to do.
        advice: String,
    },
}

/// Beginnings of names by which GDAL and its drivers take settings.
const PREFIXES: [&str; 20] = [
    "AAIGRID_",
    "CPL_",
    "DTED_",
    "DXF_",
    "FGDB_",
    "GDAL_",
    "GEOTIFF_",
    "GML_",
    "GPKG_",
    "GTIFF_",
    "HFA_",
    "LIBKML_",
    "MITAB_",
    "NETCDF_",
    "OGR_",
    "OPENFILEGDB_",
    "OSR_",
    "SHAPE_",
    "SRTMHGT_",
    "VRT_",
];

/// Names without such a beginning, and those of PROJ.
const NAMES: [&str; 17] = [
    "CENTER_LONG",
    "CHECK_WITH_INVERT_PROJ",
    "ESRI_XML_PAM",
    "GRIB_ADJUST_LONGITUDE_RANGE",
    "GRIB_NORMALIZE_UNITS",
    "GRIB_PDS_ALL_BANDS",
    "OAMS_TRADITIONAL_GIS_ORDER",
    "PROJ_AUX_DB",
    "PROJ_NETWORK",
    "PROJ_NETWORK_ENDPOINT",
    "PROJ_ONLY_BEST_DEFAULT",
    "PROJ_USER_WRITABLE_DIRECTORY",
    "PROJ_USE_PROJ4_INIT_RULES",
    "REPORT_COMPD_CS",
    "SQLITE_LIST_ALL_TABLES",
    "TIFF_USE_OVR",
    "USE_RRD",
];

/// Names and beginnings of names that move no number: where the libraries and their tables lie, memory,
/// threads, messages, and the network, which is shut.
const HARMLESS: [&str; 29] = [
    "CPL_CURL_",
    "CPL_DEBUG",
    "CPL_LOG",
    "CPL_LOG_ERRORS",
    "CPL_MAX_ERROR_REPORTS",
    "CPL_TIMESTAMP",
    "CPL_TMPDIR",
    "CPL_VSIL_CURL_",
    "GDAL_BAND_BLOCK_CACHE",
    "GDAL_CACHEMAX",
    "GDAL_CONFIG",
    "GDAL_CURL_CA_BUNDLE",
    "GDAL_DATA",
    "GDAL_DIR",
    "GDAL_DRIVER_PATH",
    "GDAL_DYNAMIC",
    "GDAL_HOME",
    "GDAL_HTTP_",
    "GDAL_INCLUDE_DIR",
    "GDAL_LIBRARY_PATH",
    "GDAL_LIB_DIR",
    "GDAL_MAX_DATASET_POOL_SIZE",
    "GDAL_NUM_THREADS",
    "GDAL_PATH",
    "GDAL_ROOT",
    "GDAL_STATIC",
    "GDAL_SWATH_SIZE",
    "GDAL_VERSION",
    "OGR_SQLITE_CACHE",
];

/// Looks whether GDAL and PROJ can be worked with: nothing in the environment moves their numbers, and
/// PROJ has its database.
///
/// # Errors
/// Returns an error that names the variables, or what PROJ says of its database.
pub fn check_settings() -> Result<(), SettingsError> {
    let set = std::env::vars_os().filter_map(|(name, value)| {
        Some((
            name.into_string().ok()?,
            value.to_string_lossy().into_owned(),
        ))
    });
    let mut names: Vec<String> = set
        .filter(|(name, value)| moves_numbers(name, value))
        .map(|(name, _)| name)
        .collect();
    if !names.is_empty() {
        names.sort();
        return Err(SettingsError::MovesNumbers {
            names: names.join(" "),
        });
    }
    gdal_log::quiet();
    gdal_log::clear_fault();
    wgs84()
        .map(drop)
        .map_err(|error| SettingsError::NoProjDatabase {
            reason: gdal_log::take_fault().unwrap_or_else(|| error.to_string()),
            advice: proj_advice(),
        })
}

fn proj_advice() -> String {
    let set: Vec<String> = ["PROJ_DATA", "PROJ_LIB"]
        .into_iter()
        .filter_map(|name| Some((name, std::env::var_os(name)?)))
        .map(|(name, place)| format!("{name} points to {}", place.to_string_lossy()))
        .collect();
    if set.is_empty() {
        "Install the data of PROJ (on Debian and Ubuntu the package proj-data), or set PROJ_DATA to the folder with proj.db"
            .to_owned()
    } else {
        format!(
            "{}: unset it, or let it point to the proj.db of the PROJ that this program uses",
            set.join(", ")
        )
    }
}

fn moves_numbers(name: &str, value: &str) -> bool {
    // These two may also be said to be off, as an installation of conda does.
    let off = ["OFF", "NO", "FALSE", "0"]
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word));
    if name == "PROJ_NETWORK" || name == "GDAL_VRT_ENABLE_PYTHON" {
        return !off;
    }
    let known = NAMES.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    let harmless = HARMLESS.iter().any(|harmless| {
        name == *harmless || (harmless.ends_with('_') && name.starts_with(harmless))
    });
    known && !harmless
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_numbers_is_told_from_what_does_not() {
        for name in [
            "SHAPE_ENCODING",
            "OGR_CT_FORCE_TRADITIONAL_GIS_ORDER",
            "GDAL_PAM_ENABLED",
            "GTIFF_POINT_GEO_IGNORE",
            "GDAL_DISABLE_READDIR_ON_OPEN",
            "OSR_USE_APPROX_TMERC",
            "AAIGRID_DATATYPE",
            "CENTER_LONG",
            "CPL_ZIP_ENCODING",
            "GDAL_CONFIG_FILE",
            "PROJ_AUX_DB",
            "OGR_ENABLE_PARTIAL_REPROJECTION",
            "VRT_SHARED_SOURCE",
        ] {
            assert!(moves_numbers(name, "YES"), "{name}");
        }
        for name in [
            "GDAL_DATA",
            "PROJ_LIB",
            "PROJ_DATA",
            "GDAL_CACHEMAX",
            "CPL_DEBUG",
            "GDAL_HTTP_PROXY",
            "PATH",
            "HOME",
            "LANG",
            "CPL_TMPDIR",
        ] {
            assert!(!moves_numbers(name, "x"), "{name}");
        }
        assert!(moves_numbers("PROJ_NETWORK", "ON") && !moves_numbers("PROJ_NETWORK", "off"));
    }
}
