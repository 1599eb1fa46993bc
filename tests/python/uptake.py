#!/usr/bin/env python3
"""Respiration, NEP, grazing, fire and NBP of the sample, computed by other means: xarray and numpy.

    uptake.py > ../references/uptake/means.csv

Shares nothing with the program. NPP comes from ../references/demo/tidy.csv, which tidy_table.py made from
the granules. Climate: xarray decodes time, packing and fill; a cell of the granules' grid belongs to the
climate cell nearest to its centre, its area is by quadrature. Rows: region, zone of the 2000s, means over
2001-2012 in tC a year. Needs numpy, xarray, netCDF4, pyogrio, shapely, scipy.
"""

import csv
import os
import sys
import tomllib

import numpy as np
import xarray

import tidy_table

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SAMPLES = os.path.join(ROOT, "data-samples")
TILES = ["h23v03", "h23v04", "h24v03", "h24v04", "h25v03", "h25v04", "h26v04"]
YEARS = range(2001, 2013)
MODELS = ["raich_2002", "hashimoto_2015", "pei_2009", "q10", "lloyd_taylor"]
FROZEN = -5.0
R10, Q10, HALF = 0.9, 2.0, 20.0
SHEEP_UNITS = {"camel": 5, "horse": 7, "cattle": 6, "sheep": 1, "goat": 0.9}
INTAKE, CARBON, DUNG = 1.6, 0.45, 0.375
FUEL, COMPLETE, GCO2 = 0.12, 0.77, 1646.5


def climate():
    """tmp in degC and precipitation in mm a month, on (month, lat, lon), south first."""
    tmp = xarray.open_dataset(os.path.join(SAMPLES, "climate", "tmp.nc"))["tmp"].sortby("lat")
    tp = xarray.open_dataset(os.path.join(SAMPLES, "climate", "tp.nc"))["tp"].sortby("latitude")
    mm = tp * 1000.0 * tp["valid_time"].dt.days_in_month
    year, month = tmp["time"].dt.year.values, tmp["time"].dt.month.values
    assert (tp["valid_time"].dt.month.values == month).all()
    return tmp["lon"].values, tmp["lat"].values, year, month, tmp.values.astype(float), mm.values.astype(float)


def weights(lon, lat):
    """{(region, zone): areas on the climate cells}, from the cells of interest."""
    legend = {}
    with open(os.path.join(SAMPLES, "legends", "zones_2000s.toml"), "rb") as f:
        for entry in tomllib.load(f)["class"]:
            values = entry["value"] if isinstance(entry["value"], list) else [entry["value"]]
            legend.update({value: entry.get("zone", "") for value in values})
    out = {}
    for tile in TILES:
        latitude, longitude = tidy_table.cell_centres(tile, 240)
        latitudes = np.broadcast_to(latitude[:, None], longitude.shape)
        region = tidy_table.polygon_values(os.path.join(SAMPLES, "aimags.geojson"), "name", longitude, latitudes)
        zones = {"path": os.path.join(SAMPLES, "zones_2000s.gpkg"), "attribute": "ZONE", "classes": legend}
        zone = tidy_table.zone_names(zones, longitude, latitudes)
        areas = tidy_table.row_areas_cm2(tile, 240)
        row = np.rint((latitudes - lat[0]) / 0.5).astype(int)
        col = np.rint((longitude - lon[0]) / 0.5).astype(int)
        for r, c in zip(*np.nonzero(region != "")):
            grid = out.setdefault((region[r, c], zone[r, c]), np.zeros((len(lat), len(lon))))
            grid[row[r, c], col[r, c]] += float(areas[r])
    return out


def respiration(t, p, before, days):
    """Rh in gC m-2 a year of each model, from twelve months."""
    soil = t >= FROZEN
    cm = p / 10
    raich = (days * 1.250 * np.exp(0.05452 * np.clip(t, -13.3, 33.5)) * cm / (4.259 + cm) * soil).sum()
    pm = 0.98 * cm + 0.02 * np.concatenate([[before], p[:-1]]) / 10
    hashimoto = (days * 1.68 * np.exp(0.0528 * t - 0.000628 * t**2) * pm / (1.20 + pm) * soil).sum()
    pei = (0.22 * (np.exp(0.0912 * t) + np.log(0.3145 * p + 1)) * 30 * 0.465 * soil).sum()
    water = p / (HALF + p)
    q10 = (days * R10 * Q10 ** ((t - 10) / 10) * water * soil).sum()
    lloyd = (days * R10 * np.exp(308.56 * (1 / 56.02 - 1 / (t + 46.02))) * water * soil).sum()

    def bond_lamberty(rs):
        return np.exp(1.22 + 0.73 * np.log(rs))

    return [bond_lamberty(raich), bond_lamberty(hashimoto), pei, q10, lloyd]


def read(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def npp():
    """{(region, zone): [(tC, km2) by year]}."""
    out = {}
    for row in read(os.path.join(ROOT, "tests", "references", "demo", "tidy.csv")):
        years = out.setdefault((row["region"], row["zone_to"]), np.zeros((len(YEARS), 2)))
        # Raw counts are a tenth of a gram.
        years[int(row["date"][1:5]) - 2001] += [int(row["sum_raw_cm2"]) / 1e11, int(row["valid_area_cm2"]) / 1e10]
    return out


def losses():
    """{region: (net offtake, fire)} in tC, means of the years."""
    offtake, fire = {}, {}
    for row in read(os.path.join(SAMPLES, "livestock", "livestock.csv")):
        eaten = float(row["head"]) * SHEEP_UNITS[row["species"]] * INTAKE * 365 / 1000 * CARBON
        offtake[row["region"]] = offtake.get(row["region"], 0) + eaten * (1 - DUNG) / len(YEARS)
    for row in read(os.path.join(SAMPLES, "livestock", "burned.csv")):
        tco2 = float(row["burned_km2"]) * FUEL * COMPLETE * GCO2
        fire[row["region"]] = fire.get(row["region"], 0) + tco2 * 12 / 44 / len(YEARS)
    return {region: (offtake[region], fire[region]) for region in offtake}


def main():
    lon, lat, year, month, tmp, mm = climate()
    grown, lost = npp(), losses()
    units = {}
    for unit, grid in weights(lon, lat).items():
        if unit not in grown or grown[unit][:, 1].max() == 0:
            continue
        share = grid / grid.sum()
        t, p = (tmp * share).sum(axis=(1, 2)), (mm * share).sum(axis=(1, 2))
        rh = np.zeros(len(MODELS))
        for i, y in enumerate(YEARS):
            now = year == y
            days = np.array([31, 29 if y % 4 == 0 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
            december = p[(year == y - 1) & (month == 12)][0]
            rh += np.array(respiration(t[now], p[now], december, days)) * grown[unit][i, 1] / len(YEARS)
        units[unit] = (grown[unit][:, 1].mean(), grown[unit][:, 0].mean(), rh)
    rows = dict(units)
    for name in ({("Total", "Total")} | {(region, "Total") for region, _ in units} | {("Total", zone) for _, zone in units}):
        inside = [v for (r, z), v in units.items() if name[0] in ("Total", r) and name[1] in ("Total", z)]
        rows[name] = tuple(sum(parts) for parts in zip(*inside))
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["region", "zone", "area_km2", "npp_tC", *(f"rh_{m}_tC" for m in MODELS),
                  "net_grazing_offtake_tC", "fire_tC", *(f"nbp_{m}_tC" for m in MODELS)])
    for (region, zone), (area, sum_tc, rh) in sorted(rows.items()):
        taken = ["", ""] + [""] * len(MODELS)
        if zone == "Total":
            chosen = [lost[region]] if region in lost else list(lost.values())
            offtake, fire = (sum(parts) for parts in zip(*chosen))
            taken = [repr(float(x)) for x in [offtake, fire, *(sum_tc - rh - offtake - fire)]]
        out.writerow([region, zone, repr(float(area)), repr(float(sum_tc)), *(repr(float(x)) for x in rh), *taken])


if __name__ == "__main__":
    main()
