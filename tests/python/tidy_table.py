#!/usr/bin/env python3
"""The tidy table of a pipeline, computed a second time without the program.

Reads the same granules, zone maps and regions with other libraries (libhdf4
through pyhdf, GDAL through rasterio and pyogrio, GEOS through shapely), puts
every cell centre into its region and zones by the cell-centre rule, and sums
with numpy integers. Nothing here is taken from the Rust code but the columns.

    tidy_table.py SETTINGS.json > table.csv

The settings are plain facts, so that the script needs no knowledge of the
program's own file format:

    {"granules": "folder", "product": "MOD17A3HGF", "dates": ["A2001001", ...],
     "sds": "Npp_500m", "valid": [-30000, 32700], "cells": 240,
     "tiles": ["h23v03", ...], "mask": "common" | "per-year",
     "zero": null | fill code counted as zero,
     "quality": {"sds": ..., "mask": bits that are looked at, "accept": their values that are good},  (may be left out)
     "zones": [{"path": ..., "classes": {"11": "Seasonal ...", ...}, "attribute": null | "ZONE"}, x2],
     "regions": {"path": ..., "name": "name"}}
"""

import csv
import json
import pathlib
import sys

import numpy as np
import pyogrio
import rasterio
import shapely
from pyhdf.SD import SD
from scipy.integrate import quad

RADIUS_M = 6371007.181  # sphere of the MODIS sinusoidal projection
TILE_M = 20015109.354 / 18.0
WGS84_A = 6378137.0
WGS84_F = 1.0 / 298.257223563


def cell_centres(tile, cells):
    """Latitude of each row, and longitude of each cell, in degrees."""
    h, v = int(tile[1:3]), int(tile[4:6])
    size = TILE_M / cells
    x = -20015109.354 + (h * cells + np.arange(cells) + 0.5) * size
    y = 10007554.677 - (v * cells + np.arange(cells) + 0.5) * size
    latitude = y / RADIUS_M
    longitude = x[None, :] / (RADIUS_M * np.cos(latitude))[:, None]
    return np.degrees(latitude), np.degrees(longitude)


def row_areas_cm2(tile, cells):
    """True area of a cell of each row on the WGS84 ellipsoid, in whole cm2.

    A sinusoidal cell of width w spans w / (R cos(lat)) of longitude, so its
    area is w / R times the integral of N(lat) M(lat), the product of the two
    radii of curvature.
    """
    v = int(tile[4:6])
    size = TILE_M / cells
    e2 = WGS84_F * (2.0 - WGS84_F)

    def radii(lat):
        return WGS84_A**2 * (1.0 - e2) / (1.0 - e2 * np.sin(lat) ** 2) ** 2

    areas = []
    for row in range(cells):
        north = (10007554.677 - (v * cells + row) * size) / RADIUS_M
        south = (10007554.677 - (v * cells + row + 1) * size) / RADIUS_M
        integral, _ = quad(radii, south, north, epsabs=0, epsrel=2e-14)
        areas.append(round(size / RADIUS_M * integral * 1e4))
    return np.array(areas, dtype=object)


def newest(folder, product, date, tile):
    names = sorted(pathlib.Path(folder).glob(f"{product}.{date}.{tile}.*.hdf"))
    return max(names, key=lambda path: path.name.split(".")[4], default=None)


def read_sds(path, name):
    sd = SD(str(path))
    values = sd.select(name)[:]
    sd.end()
    return values.astype(np.int64)


def raster_codes(path, longitude, latitude):
    with rasterio.open(path) as dataset:
        band = dataset.read(1)
        west, width, _, north, _, height = dataset.transform.to_gdal()
    col = np.floor((longitude - west) / width).astype(int)
    row = np.floor((latitude - north) / height).astype(int)
    inside = (row >= 0) & (row < band.shape[0]) & (col >= 0) & (col < band.shape[1])
    codes = np.full(longitude.shape, "", dtype=object)
    codes[inside] = band[row[inside], col[inside]].astype(str)
    return codes


def polygon_values(path, attribute, longitude, latitude):
    meta, _, geometries, fields = pyogrio.raw.read(path, columns=[attribute])
    assert meta["crs"] in ("EPSG:4326", "OGC:CRS84"), meta["crs"]
    values = np.full(longitude.shape, "", dtype=object)
    for wkb, value in zip(geometries, fields[0]):
        polygon = shapely.from_wkb(wkb)
        west, south, east, north = polygon.bounds
        near = (longitude >= west) & (longitude <= east) & (latitude >= south) & (latitude <= north)
        if near.any():
            shapely.prepare(polygon)
            inside = shapely.contains_xy(polygon, longitude[near], latitude[near])
            where = np.flatnonzero(near)[inside]
            values.flat[where] = value
    return values


def zone_names(zone_map, longitude, latitude):
    if zone_map.get("attribute"):
        values = polygon_values(zone_map["path"], zone_map["attribute"], longitude, latitude)
    else:
        values = raster_codes(zone_map["path"], longitude, latitude)
    classes = zone_map["classes"]
    return np.array([classes.get(value, "") for value in values.ravel()], dtype=object).reshape(values.shape)


def main(settings):
    low, high = settings["valid"]
    table = {}
    for tile in settings["tiles"]:
        latitude, longitude = cell_centres(tile, settings["cells"])
        latitudes = np.broadcast_to(latitude[:, None], longitude.shape)
        region = polygon_values(settings["regions"]["path"], settings["regions"]["name"], longitude, latitudes)
        inside = region != ""
        if not inside.any():
            continue
        zones = [zone_names(zone_map, longitude, latitudes) for zone_map in settings["zones"]]
        areas = np.broadcast_to(row_areas_cm2(tile, settings["cells"])[:, None], longitude.shape)
        layers, valid = [], []
        for date in settings["dates"]:
            raw = read_sds(newest(settings["granules"], settings["product"], date, tile), settings["sds"])
            ok = (raw >= low) & (raw <= high)
            if settings.get("zero") is not None:
                barren = raw == settings["zero"]
                raw, ok = np.where(barren, 0, raw), ok | barren
            if settings.get("quality"):
                quality = settings["quality"]
                path = newest(settings["granules"], settings["product"], date, tile)
                ok &= np.isin(read_sds(path, quality["sds"]) & quality["mask"], quality["accept"])
            layers.append(raw)
            valid.append(ok)
        everywhere = np.logical_and.reduce(valid)
        keys, number = np.unique(
            np.array(["\t".join(key) for key in zip(region[inside], zones[0][inside], zones[1][inside])]),
            return_inverse=True,
        )
        area = areas[inside]
        for date, raw, ok in zip(settings["dates"], layers, valid):
            counted = (everywhere if settings["mask"] == "common" else ok)[inside]
            values = raw[inside]
            for i, key in enumerate(keys):
                chosen = number == i
                good = chosen & counted
                row = table.setdefault((*key.split("\t"), date), [0, 0, 0, 0, 0, 0, 0])
                row[0] += int(chosen.sum())
                row[1] += int(good.sum())
                row[2] += int(area[chosen].sum())
                row[3] += int(area[good].sum())
                row[4] += int(values[good].sum())
                row[5] += int((values[good] * area[good]).sum())
                row[6] += int((values[good] * values[good] * area[good]).sum())
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(
        ["region", "zone_from", "zone_to", "date", "cells", "valid_cells", "area_cm2", "valid_area_cm2",
         "sum_raw", "sum_raw_cm2", "sum_raw_squared_cm2"]
    )
    for key in sorted(table):
        out.writerow([*key, *table[key]])


if __name__ == "__main__":
    main(json.loads(pathlib.Path(sys.argv[1]).read_text()))
