//! Files into layers: MODIS granules, rasters and vectors.
