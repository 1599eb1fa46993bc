"""The CO2 tables of the sample, computed by other means: xarray, h5py, shapely, pyproj.

    python co2_table.py [OUT_DIR]      # default: ../references/co2

Shares nothing with the program. Overlaps: shapely cuts each region by the box of each
cell and pyproj measures the piece, its straight sides cut into steps of 0.001 degrees so
that geodesics follow them. Zones: cells of the granules' grid by the coarse cell that holds
their centre, their area by quadrature. GOSAT files: h5py and -9999; the CF file: xarray, which decodes fill and time.
Needs numpy, scipy, h5py, netCDF4, xarray, shapely, pyproj, pyogrio, rasterio.
"""

import csv
import glob
import json
import os
import sys

import h5py
import numpy as np
import pyogrio
import rasterio
import shapely
import xarray
from pyproj import Geod
from scipy.integrate import quad

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SAMPLES = os.path.join(ROOT, "data-samples")
GEOD = Geod(ellps="WGS84")
TOTAL = "Total"
ZONE_NAMES = {11: "Seasonal Frozen Zone", 12: "Sporadic Permafrost",
              21: "Insular & sparsely insular", 22: "Insular & sparsely insular",
              31: "Discontinuous & Continuous", 32: "Discontinuous & Continuous"}
ZONES_BY_WORD = {"Seasonally frozen": ZONE_NAMES[11], "Sporadic": ZONE_NAMES[12],
                 "Sparsely insular": ZONE_NAMES[21], "Insular": ZONE_NAMES[21],
                 "Discontinuous": ZONE_NAMES[31], "Continuous": ZONE_NAMES[31]}


def geodesic_km2(shape):
    return abs(GEOD.geometry_area_perimeter(shapely.segmentize(shape, 0.001))[0]) / 1e6


def regions():
    with open(os.path.join(SAMPLES, "aimags.geojson"), encoding="utf-8") as f:
        features = json.load(f)["features"]
    return {f["properties"]["name"]: shapely.from_geojson(json.dumps(f["geometry"])) for f in features}


def overlaps(shape, step):
    """{(row, col): km2} on cells of `step` degrees from (-180, 90), row 0 in the north."""
    west, south, east, north = shape.bounds
    out = {}
    for row in range(int((90 - north) // step), int((90 - south) // step) + 1):
        for col in range(int((west + 180) // step), int((east + 180) // step) + 1):
            x, y = -180 + step * col, 90 - step * row
            piece = shapely.intersection(shape, shapely.box(x, y - step, x + step, y))
            area = geodesic_km2(piece) if not piece.is_empty else 0.0
            if area > 1e-6:
                out[row, col] = area
    return out


def zones_of_the_raster(lon, lat):
    """The zone of the 1980s of some points of one latitude: that of the raster cell that holds each."""
    if not hasattr(zones_of_the_raster, "map"):
        with rasterio.open(os.path.join(SAMPLES, "zones_1980s.tif")) as f:
            zones_of_the_raster.map = f.read(1), f.transform
    codes, t = zones_of_the_raster.map
    row = int((lat - t.f) / t.e)
    if not 0 <= row < codes.shape[0]:
        return [None] * len(lon)
    return [ZONE_NAMES.get(int(codes[row, int(np.floor((v - t.c) / t.a))])) for v in lon]


def zones_of_the_polygons(lon, lat):
    """The zone of the 2000s of some points of one latitude: that of the polygon around each."""
    if not hasattr(zones_of_the_polygons, "map"):
        frame = pyogrio.raw.read(os.path.join(SAMPLES, "zones_2000s.gpkg"), layer="zones", columns=["ZONE"])
        shapes = shapely.from_wkb(frame[2])
        shapely.prepare(shapes)
        zones_of_the_polygons.map = [(shape, ZONES_BY_WORD[word]) for shape, word in zip(shapes, frame[3][0])]
    out = [None] * len(lon)
    for shape, name in zones_of_the_polygons.map:
        for i in np.flatnonzero(shapely.contains_xy(shape, lon, np.full_like(lon, lat))):
            out[i] = name
    return out


def zone_overlaps(step, country, zones_at):
    """{zone: {(row, col): km2}} from the cells of the sample's granules (a tenth of 500 m) whose centre lies
    in the country: the zone of the centre, the coarse cell that holds it."""
    radius, tile, cells = 6371007.181, 20015109.354 / 18, 240
    cell = tile / cells
    a, e2 = 6378137.0, (2 - 1 / 298.257223563) / 298.257223563
    curvature = lambda phi: a * a * (1 - e2) / (1 - e2 * np.sin(phi) ** 2) ** 2
    x = (5 * cells + np.arange(4 * cells) + 0.5) * cell        # tiles h23 to h26
    shapely.prepare(country)
    out = {name: {} for name in ZONE_NAMES.values()}
    for k in range(3 * cells, 5 * cells):                      # tiles v03 and v04
        north, south = (9 * tile - k * cell) / radius, (9 * tile - (k + 1) * cell) / radius
        lat = np.degrees((north + south) / 2)
        lon = np.degrees(x / (radius * np.cos(np.radians(lat))))
        inside = shapely.contains_xy(country, lon, np.full_like(lon, lat))
        km2 = cell / radius * quad(curvature, south, north, epsabs=0, epsrel=1e-12)[0] / 1e6
        row = int((90 - lat) // step)
        if not inside.any():
            continue
        for v, name in zip(lon[inside], zones_at(lon[inside], lat)):
            if name:
                key = row, int((v + 180) // step)
                out[name][key] = out[name].get(key, 0.0) + km2
    return out


def gosat_months():
    for path in sorted(glob.glob(os.path.join(SAMPLES, "gosat", "V03.05", "*.h5"))):
        with h5py.File(path) as f:
            get = lambda name: np.where((v := f["Data/" + name][()]) == -9999, np.nan, v).astype(float)
            key = int(f["Attribute/metadata/year"][0]), int(f["Attribute/metadata/month"][0])
            yield key, {
                "xco2": get("mixingRatio/XCO2BiasCorrected"),
                "observed": get("latticeInformation/XCO2BiasCorrectedAverage"),
                "error": get("mixingRatio/XCO2BiasCorrectedStandardError"),
                "soundings": f["Data/latticeInformation/numObservationPoints"][()],
            }


def cf_months():
    path = os.path.join(SAMPLES, "gosat", "cf", "xco2_5deg_200906-201212.nc")
    with xarray.open_dataset(path, engine="netcdf4") as f:
        f = f.sortby("lat", ascending=False)
        for i, when in enumerate(f.time.values.astype("datetime64[M]").astype(str)):
            xco2 = f.xco2[i].values.astype(np.float64) * 1e6
            soundings = f.xco2_nobs[i].values
            yield tuple(map(int, when.split("-"))), {
                "xco2": xco2, "observed": np.where(soundings > 0, xco2, np.nan),
                "error": f.xco2_stderr[i].values.astype(np.float64) * 1e6, "soundings": soundings}


def rows(areas, months):
    out = []
    for (year, month), field in months:
        for name, (total, cells) in areas.items():
            index = tuple(np.array(sorted(cells)).T)
            weight = np.array([cells[k] for k in sorted(cells)])

            def mean(of):
                values = field[of][index]
                ok = np.isfinite(values)
                return (float((weight * values)[ok].sum() / weight[ok].sum()) if ok.any() else None,
                        float(weight[ok].sum() / total), int(ok.sum()))
            xco2, valid, valid_cells = mean("xco2")
            observed, seen, observed_cells = mean("observed")
            out.append({
                "region": name, "year": year, "month": month, "xco2_ppm": xco2,
                "observed_xco2_ppm": observed, "standard_error_ppm": mean("error")[0],
                "valid_fraction": valid, "observed_fraction": seen, "cells": len(weight),
                "valid_cells": valid_cells, "observed_cells": observed_cells,
                "soundings": int(field["soundings"][index].sum())})
    return out


def write(path, table):
    with open(path, "w", encoding="utf-8", newline="") as f:
        writer = csv.DictWriter(f, table[0].keys(), lineterminator="\n")
        writer.writeheader()
        for row in table:
            writer.writerow({k: "" if v is None else f"{v:.9f}" if isinstance(v, float) else v
                             for k, v in row.items()})


def main():
    out = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "tests", "references", "co2")
    shapes = regions()
    shapes[TOTAL] = shapely.union_all(list(shapes.values()))
    for step, months, name in ((2.5, gosat_months, "gosat"), (5.0, cf_months, "cf")):
        areas = {n: (geodesic_km2(s), overlaps(s, step)) for n, s in shapes.items()}
        write(os.path.join(out, f"overlap_{name}.csv"), [
            {"region": n, "row": r, "col": c, "area_km2": float(a)}
            for n, (_, cells) in areas.items() for (r, c), a in sorted(cells.items())])
        write(os.path.join(out, f"regions_{name}.csv"), rows(areas, months()))
    for epoch, zones_at in (("1980s", zones_of_the_raster), ("2000s", zones_of_the_polygons)):
        found = zone_overlaps(2.5, shapes[TOTAL], zones_at)
        zones = {n: (sum(cells.values()), cells) for n, cells in found.items()}
        write(os.path.join(out, f"zones_{epoch}_gosat.csv"), rows(zones, gosat_months()))


if __name__ == "__main__":
    main()
