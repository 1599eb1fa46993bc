"""The rasters of the demo, beside other programs: numpy and scipy compute them
again from the granules, gdalinfo and GDAL's own checker look at the GeoTIFFs,
xarray and the CF checker at the netCDF file.

usage: map_rasters.py MAPS GRANULES
Prints what was compared; stops at the first difference.
"""

import glob
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import rasterio
import xarray as xr
from pyhdf.SD import SD
from scipy.stats import false_discovery_control, kendalltau

CELLS, YEARS = 240, range(2001, 2013)
HALF_WIDTH_M, RADIUS_M = 20015109.354, 6371007.181
VALUES = ["npp_mean", "npp_slope_ols", "npp_slope_sen", "npp_mann_kendall_p"]
WHOLE = ["npp_mann_kendall_s", "npp_years"]
CLASSES = ["npp_trend_class", "zone_from", "zone_to", "region"]


def gdalinfo(name):
    run = subprocess.run(["gdalinfo", "-json", name], capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


def same(found, expected, what, tolerance=0.0):
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    assert (np.isnan(found) == np.isnan(expected)).all(), f"{what}: values at other cells"
    worst = np.nanmax(np.abs(found - expected))
    assert worst <= tolerance, f"{what}: {worst}"


def from_granules(granules, transform, shape):
    """Raw integers, years x rows x columns of the mosaic; -32768 where no granule is."""
    raw = np.full((len(YEARS), *shape), -32768, np.int16)
    row0 = round((HALF_WIDTH_M / 2 - transform.f) / -transform.e)
    col0 = round((transform.c + HALF_WIDTH_M) / transform.a)
    for i, year in enumerate(YEARS):
        newest = {}
        for path in sorted(glob.glob(f"{granules}/*.A{year}001.*.hdf")):
            tile, produced = re.search(r"\.(h\d\dv\d\d)\.061\.(\d+)\.hdf", path).groups()
            newest[tile] = max(newest.get(tile, ("", "")), (produced, path))
        for tile, (_, path) in newest.items():
            data = SD(path).select("Npp_500m").get()
            rows = int(tile[4:6]) * CELLS - row0 + np.arange(CELLS)
            cols = int(tile[1:3]) * CELLS - col0 + np.arange(CELLS)
            r, c = (rows >= 0) & (rows < shape[0]), (cols >= 0) & (cols < shape[1])
            raw[i, rows[r][:, None], cols[c][None, :]] = data[np.ix_(r, c)]
    return raw


def check_values(maps, granules):
    read = {}
    for name in VALUES + WHOLE + CLASSES:
        with rasterio.open(maps / f"{name}.tif") as file:
            read[name], transform = file.read(1), file.transform
            if name in WHOLE:
                read[name] = np.where(read[name] == file.nodata, np.nan, read[name].astype(float))
    raw = from_granules(granules, transform, read["npp_mean"].shape)
    inside = read["region"] != 255
    valid = ((raw >= -30000) & (raw <= 32700)).all(axis=0) & inside
    values = np.where(valid, raw, 0) * 0.1  # gC m-2
    years = np.array(YEARS, float)
    blank = lambda field: np.where(valid, field, np.nan)

    same(read["npp_mean"], blank(values.mean(axis=0)), "mean", 2e-5)
    same(read["npp_years"], blank(np.full(valid.shape, len(years))), "years")
    away = (years - years.mean())[:, None, None]
    slope = (away * values).sum(axis=0) / (away**2).sum()
    same(read["npp_slope_ols"], blank(slope), "least squares", 2e-6)
    pairs = [(i, j) for j in range(len(years)) for i in range(j)]
    slopes = np.array([(values[j] - values[i]) / (j - i) for i, j in pairs])
    same(read["npp_slope_sen"], blank(np.median(slopes, axis=0)), "Theil-Sen", 2e-6)
    s = sum(np.sign(raw[j].astype(int) - raw[i]) for i, j in pairs)
    same(read["npp_mann_kendall_s"], blank(s), "S")

    p = read["npp_mann_kendall_p"]
    rows, cols = np.nonzero(valid)
    exact = 0
    for k in range(0, len(rows), len(rows) // 300):
        series = raw[:, rows[k], cols[k]]
        if len(set(series)) == len(series):
            expected = kendalltau(years, series, method="exact").pvalue
            assert abs(p[rows[k], cols[k]] - expected) < 1e-6, (k, expected)
            exact += 1
    assert exact > 100, exact

    # The class: Benjamini-Hochberg over all cells at 0.1.
    significant = np.zeros(valid.shape, bool)
    significant[valid] = false_discovery_control(p[valid].astype(float)) <= 0.1
    expected = np.select([~valid, ~significant, s > 0], [0, 2, 3], 1)
    classes = np.where(read["npp_trend_class"] < 10, read["npp_trend_class"], 0)
    differ = int((classes[inside] != expected[inside]).sum())
    assert differ == 0, f"{differ} cells of another class"
    without = read["npp_trend_class"][inside & ~valid]
    assert ((without >= 10) & (without < 255)).all(), "cells without a value need a reason"
    assert (read["npp_trend_class"][~inside] == 255).all()
    return int(valid.sum()), int(significant.sum()), read


def check_tiffs(maps, read):
    for name in VALUES + WHOLE + CLASSES:
        path = str(maps / f"{name}.tif")
        info = gdalinfo(path)
        band = info["bands"][0]
        wkt = info["coordinateSystem"]["wkt"]
        assert "Sinusoidal" in wkt and "6371007.181" in wkt, wkt
        assert info["metadata"]["IMAGE_STRUCTURE"]["LAYOUT"] == "COG"
        assert info["metadata"]["IMAGE_STRUCTURE"]["COMPRESSION"] == "DEFLATE"
        assert band["description"] and info["metadata"][""]["TIFFTAG_IMAGEDESCRIPTION"].startswith(band["description"])
        assert band["overviews"], name
        latitude = [corner[1] for corner in info["wgs84Extent"]["coordinates"][0]]
        assert 41 < min(latitude) < 42 and 52 < max(latitude) < 53, latitude
        if name in CLASSES:
            assert band["colorInterpretation"] == "Palette" and band["noDataValue"] == 255
            assert band["colorTable"]["count"] == 256
            with rasterio.open(path) as file:
                colours = file.colormap(1)
            used = set(np.unique(read[name])) - {255}
            assert len({colours[code] for code in used}) == min(len(used), 8 if name == "region" else 99), name
            aux = Path(path + ".aux.xml").read_text()
            assert aux.count("<Category>") >= len(used), aux
        else:
            unit = {"npp_mean": "gC m-2", "npp_slope_ols": "gC m-2 per year", "npp_slope_sen": "gC m-2 per year"}
            assert band["unit"] == unit.get(name, "1"), (name, band["unit"])
            expected = "NaN" if name in VALUES else -2147483648
            assert str(band["noDataValue"]) == str(expected) or band["noDataValue"] == expected, band["noDataValue"]
        checked = subprocess.run(
            ["/usr/bin/python3", "-m", "osgeo_utils.samples.validate_cloud_optimized_geotiff", "--full-check=yes", path],
            capture_output=True, text=True,
        )
        assert "is a valid cloud optimized GeoTIFF" in checked.stdout, checked.stdout + checked.stderr
        with rasterio.open(path, overview_level=0) as file:
            small = file.read(1)
            if name in CLASSES:
                assert set(np.unique(small)) <= set(np.unique(read[name])), "classes that are not there"
            elif name in VALUES:
                low, high = np.nanmin(read[name]), np.nanmax(read[name])
                assert low <= np.nanmin(small) and np.nanmax(small) <= high
                assert abs(np.nanmean(small) / np.nanmean(read[name]) - 1) < 0.02, name


def check_netcdf(maps, read):
    path = maps / "maps.nc"
    with xr.open_dataset(path, mask_and_scale=False, decode_cf=False) as data:
        assert data.attrs["Conventions"] == "CF-1.11" and "Synthetic" in data.attrs["comment"]
        assert "20" not in data.attrs["history"], "a clock in the history"
        for name in VALUES + WHOLE + CLASSES:
            layer = data[name]
            assert layer.dims == ("y", "x") and layer.attrs["grid_mapping"] == "crs"
            found = layer.values
            if name in WHOLE:
                found = np.where(found == layer.attrs["_FillValue"], np.nan, found.astype(float))
            same(found, read[name], name)
            if name in CLASSES:
                flags = layer.attrs["flag_values"], layer.attrs["flag_meanings"].split(" ")
                assert len(flags[0]) == len(flags[1]) == len(set(flags[1])), flags
                assert set(np.unique(found)) <= set(flags[0]) | {255}
        assert data["crs"].attrs["grid_mapping_name"] == "sinusoidal"
        assert data["crs"].attrs["longitude_of_projection_origin"] == 0.0
        assert data["crs"].attrs["earth_radius"] == RADIUS_M
        with rasterio.open(maps / "npp_mean.tif") as file:
            x, y = file.transform * (0.5, 0.5)
        assert abs(data["x"].values[0] - x) < 1e-6 and abs(data["y"].values[0] - y) < 1e-6
    with xr.open_dataset(path) as data:
        same(data["npp_mean"].values, read["npp_mean"], "decoded mean")
    tiff, netcdf = gdalinfo(str(maps / "npp_mean.tif")), gdalinfo(f"NETCDF:{path}:npp_mean")
    assert np.allclose(tiff["geoTransform"], netcdf["geoTransform"], rtol=0, atol=1e-6)
    assert "Sinusoidal" in netcdf["coordinateSystem"]["wkt"] and "6371007.181" in netcdf["coordinateSystem"]["wkt"]

    checked = subprocess.run(
        [str(Path(sys.executable).parent / "compliance-checker"), "--test=cf:1.11", "--criteria=strict", str(path)],
        capture_output=True, text=True,
    )
    said = checked.stdout.split("Corrective Actions")
    assert len(said) == 2, checked.stdout + checked.stderr
    # Version 6.1 takes the name of the one attribute that sinusoidal needs apart into letters.
    faults = [line for line in said[1].splitlines() if line.startswith("*")]
    faults = [line for line in faults if not re.fullmatch(r"\* . is a required attribute for grid mapping sinusoidal", line)]
    assert not faults, "\n".join(faults)


def main():
    maps, granules = Path(sys.argv[1]), sys.argv[2]
    tested, significant, read = check_values(maps, granules)
    check_tiffs(maps, read)
    check_netcdf(maps, read)
    print(f"{tested} cells, {significant} of them significant; {len(read)} layers as GeoTIFF and as netCDF")


main()
