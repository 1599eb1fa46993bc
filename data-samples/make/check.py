"""Recomputes the target numbers from the committed sample files; exit 1 when one is off.

    python3 check.py

Shares nothing with the makers: polygons are read by this file's own GeoJSON and
GeoPackage readers and filled by an even-odd scan line, granules by pyhdf
(libhdf4), the GeoTIFF by gdal_translate to raw bytes.
"""

import glob
import json
import math
import os
import re
import sqlite3
import struct
import subprocess
import sys
import tempfile
import tomllib

import numpy as np
from pyhdf.SD import SD
from pyproj import Geod

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ZONES = ["Seasonal Frozen Zone", "Sporadic Permafrost",
         "Insular & sparsely insular", "Discontinuous & Continuous"]
AREA = {"1980s": [572268, 292432, 701627, 281886], "2000s": [721374, 436528, 515479, 174832]}
DENSITY = [115.488, 125.958, 166.104, 189.624]
R, T, N = 6371007.181, 20015109.354 / 18, 240
FAILED = []


def verdict(ok, text):
    print(("ok    " if ok else "WRONG ") + text)
    if not ok:
        FAILED.append(text)


def near(name, got, want, relative=None, absolute=None):
    bad = abs(got - want) > (abs(want) * relative if relative is not None else absolute)
    verdict(not bad, f"{name}: {got:,.3f}, target {want:,.3f} ({100 * (got / want - 1):+.3f} %)")


def fill(rings, lon0, lat0, step, cols, rows):
    """Times each cell centre lies inside the rings of one polygon, even-odd, as bool."""
    out = np.zeros((rows, cols), bool)
    edges = np.concatenate([np.hstack([r[:-1], r[1:]]) for r in rings])
    low, high = np.minimum(edges[:, 1], edges[:, 3]), np.maximum(edges[:, 1], edges[:, 3])
    for row in range(rows):
        y = lat0 - (row + 0.5) * step
        e = edges[(low <= y) & (y < high)]
        if len(e):
            x = np.sort(e[:, 0] + (y - e[:, 1]) * (e[:, 2] - e[:, 0]) / (e[:, 3] - e[:, 1]))
            first = np.ceil((x - lon0) / step - 0.5).astype(int).clip(0, cols)
            for a, b in zip(first[::2], first[1::2]):
                out[row, a:b] = True
    return out


def wkb_polygon(blob):
    """Rings of a polygon in a GeoPackage blob (little-endian, XY)."""
    envelope = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}[(blob[3] >> 1) & 7]
    at = 8 + envelope
    order, kind, count = struct.unpack_from("<BII", blob, at)
    assert blob[:2] == b"GP" and order == 1 and kind == 3, "expected a little-endian polygon"
    at += 9
    rings = []
    for _ in range(count):
        n = struct.unpack_from("<I", blob, at)[0]
        rings.append(np.frombuffer(blob, "<f8", 2 * n, at + 4).reshape(n, 2))
        at += 4 + 16 * n
    return rings


def legend(name, key):
    """Zone index of each code or value of a legend; -1 outside."""
    with open(os.path.join(HERE, "legends", name), "rb") as f:
        toml = tomllib.load(f)
    assert toml["zones"] == ZONES, name
    return {entry[key]: -1 if entry.get("outside") else ZONES.index(entry["zone"])
            for entry in toml["class"]}


def raster():
    """Codes of zones_1980s.tif and its left edge, top edge and step (degrees)."""
    path = os.path.join(HERE, "zones_1980s.tif")
    info = json.loads(subprocess.run(["gdalinfo", "-json", path], check=True, capture_output=True).stdout)
    cols, rows = info["size"]
    left, dx, _, top, _, dy = info["geoTransform"]
    assert abs(dx - 0.01) < 1e-12 and abs(dy + 0.01) < 1e-12
    assert "ynthetic" in info["metadata"][""]["TIFFTAG_IMAGEDESCRIPTION"]
    with tempfile.TemporaryDirectory() as tmp:
        raw = os.path.join(tmp, "z.raw")
        subprocess.run(["gdal_translate", "-q", "-of", "ENVI", path, raw], check=True)
        return np.fromfile(raw, np.uint8).reshape(rows, cols), left, top, 0.01


def regions(left, top, step, cols, rows):
    """Number of units that hold each cell centre; their geodesic area in km2."""
    with open(os.path.join(HERE, "aimags.geojson"), encoding="utf-8") as f:
        units = json.load(f)["features"]
    held = np.zeros((rows, cols), np.uint8)
    geod, area = Geod(ellps="WGS84"), 0.0
    for unit in units:
        assert unit["geometry"]["type"] == "Polygon"
        rings = [np.array(r) for r in unit["geometry"]["coordinates"]]
        held += fill(rings, left, top, step, cols, rows)
        area += abs(geod.polygon_area_perimeter(*rings[0].T)[0]) / 1e6
        area -= sum(abs(geod.polygon_area_perimeter(*r.T)[0]) for r in rings[1:]) / 1e6
    names = [u["properties"]["name"] for u in units]
    verdict(len(set(names)) == 22, f"regions: {len(set(names))} different names of 22")
    near("true area of the 22 units, km2", area, 1564649, relative=1e-4)
    verdict(held.max() == 1, f"regions overlap nowhere: a cell is in {held.max()} unit at most")
    return held > 0


def granules():
    """NPP per year on the mosaic h23..h26 x v03..v04, newest production of each tile and year."""
    best = {}
    names = sorted(os.path.basename(p) for p in glob.glob(os.path.join(HERE, "MOD17A3HGF", "*.hdf")))
    for name in names:
        year, h, v, stamp = re.fullmatch(
            r"MOD17A3HGF\.A(\d{4})001\.h(\d\d)v(\d\d)\.061\.(\d{13})\.hdf", name).groups()
        key = (int(year), int(h), int(v))
        if key not in best or stamp > best[key][0]:
            best[key] = (stamp, name)
    verdict(len(names) == 85 and len(best) == 84, f"granules: {len(names)} files, {len(best)} tile-years")
    npp = np.full((12, 2 * N, 4 * N), 32767, np.int16)
    seen = set()
    for (year, h, v), (_, name) in best.items():
        sd = SD(os.path.join(HERE, "MOD17A3HGF", name))
        arrays = {}
        for field, first in (("Npp_500m", 32761), ("Gpp_500m", 65529), ("Npp_QC_500m", 249)):
            data = sd.select(field)
            arrays[field] = np.array(data[:]).astype(int) - first
            assert arrays[field].shape == (N, N) and "long_name" in data.attributes()
        corner = re.search(r"UpperLeftPointMtrs=\((.*?),(.*?)\)", sd.attributes()["StructMetadata.0"])
        assert abs(float(corner[1]) - (h - 18) * T) < 1e-3 and abs(float(corner[2]) - (9 - v) * T) < 1e-3, name
        assert "Synthetic" in sd.attributes()["SAMPLE_NOTE"], name
        codes = np.maximum(arrays["Npp_500m"], -1)
        for field in ("Gpp_500m", "Npp_QC_500m"):  # the three fields name the same reason
            assert (np.maximum(arrays[field], -1) == codes).all(), (name, field)
        seen |= set(np.unique(codes))
        npp[year - 2001, (v - 3) * N:(v - 2) * N, (h - 23) * N:(h - 22) * N] = arrays["Npp_500m"] + 32761
    verdict(seen == set(range(-1, 7)), f"fill codes that occur: {sorted(int(s) + 32761 for s in seen if s >= 0)}")
    return npp


def main():
    codes, left, top, step = raster()
    rows, cols = codes.shape
    inside = regions(left, top, step, cols, rows)
    near("0.01-degree cells in the country", inside.sum(), 1848213, relative=0.002)

    answers = legend("zones_1980s.toml", "code")
    verdict(set(np.unique(codes)) == set(answers), "the legend answers the codes of the 1980s, no more")
    early = np.full(256, -1)
    early[list(answers)] = list(answers.values())
    early = early[codes]

    answers, used = legend("zones_2000s.toml", "value"), set()
    late, times = np.full(codes.shape, -1), np.zeros(codes.shape, np.uint8)
    with sqlite3.connect(f"file:{HERE}/zones_2000s.gpkg?mode=ro", uri=True) as db:
        text = db.execute("select description from gpkg_contents where table_name='zones'").fetchone()[0]
        assert "ynthetic" in text
        for name, blob in db.execute("select ZONE, geom from zones"):
            inner = fill(wkb_polygon(blob), left, top, step, cols, rows)
            late[inner] = answers[name]
            used.add(name)
            times += inner
    verdict(used == set(answers), "the legend answers the names of the 2000s, no more")
    verdict(times.max() == 1, "zones of the 2000s overlap nowhere")
    for epoch, zone in (("1980s", early), ("2000s", late)):
        verdict((zone[inside] >= 0).all(), f"zones of the {epoch} cover every cell of the country")
        for i, name in enumerate(ZONES):
            near(f"cells {epoch}, {name}", (inside & (zone == i)).sum(), AREA[epoch][i], relative=0.005)

    npp = granules()
    row, col = np.nonzero(inside)
    lat = np.radians(top - (row + 0.5) * step)
    lon = np.radians(left + (col + 0.5) * step)
    r = np.floor((6 * T - R * lat) / (T / N)).astype(int)
    k = np.floor((R * lon * np.cos(lat) - 5 * T) / (T / N)).astype(int)
    sample = npp[:, r, k].astype(np.int64)
    valid = (sample >= -30000) & (sample <= 32700)
    common = valid.all(axis=0)
    mean = sample.sum(axis=0) / 120.0  # 12 years, 0.1 gC m-2
    a, b = early[inside], late[inside]
    for i, name in enumerate(ZONES):
        near(f"NPP 1980s, gC m-2, {name}", mean[common & (a == i)].mean(), DENSITY[i], absolute=0.05)

    print("\nFor information:")
    print("NPP 2000s, gC m-2:", [round(float(mean[common & (b == i)].mean()), 3) for i in range(4)])
    print("share of cells valid in all years, by 1980s zone:",
          [round(float(common[a == i].mean()), 3) for i in range(4)])
    print("cells above the valid range:", int(((sample > 32700) & (sample < 32761)).sum()),
          " negative:", int((sample < 0).sum()), " valid in some years only:", int((valid.any(axis=0) & ~common).sum()))
    stable = [mean[common & (a == i) & (b == i)].mean() for i in range(4)]
    for i in range(4):
        for j in range(4):
            q = (a == i) & (b == j)
            if i != j and (q & common).any():
                n = mean[q & common].mean()
                print(f"from zone {i} to {j}: {q.sum():7d} cells, {n:7.2f} gC m-2, "
                      f"lambda {(n - stable[i]) / (stable[j] - stable[i]):.2f}")
    size = sum(os.path.getsize(os.path.join(d, f)) for d, _, fs in os.walk(HERE) for f in fs)
    verdict(size < 15e6, f"size of data-samples: {size / 1e6:.2f} MB, limit 15")
    if FAILED:
        sys.exit(f"{len(FAILED)} of the sample's targets are off")


if __name__ == "__main__":
    main()
