"""Make projections.csv: places in equal-area projections as PROJ computes them.

    pip install pyproj==3.7.2
    python make_projections.py
"""

import csv
import pathlib

import pyproj

CASES = {
    ("albers", 103.82, 46.86, 43.34, 50.37): "+proj=aea +lon_0=103.82 +lat_0=46.86 +lat_1=43.34 +lat_2=50.37",
    ("albers", -96, 23, 29.5, 45.5): "+proj=aea +lon_0=-96 +lat_0=23 +lat_1=29.5 +lat_2=45.5",
    ("albers", 132, -25, -18, -36): "+proj=aea +lon_0=132 +lat_0=-25 +lat_1=-18 +lat_2=-36",
    ("albers", 10, 50, 50, 50): "+proj=aea +lon_0=10 +lat_0=50 +lat_1=50 +lat_2=50",
    ("azimuthal", 20, 0, 0, 0): "+proj=laea +lon_0=20 +lat_0=0",
    ("azimuthal", 100, 75, 0, 0): "+proj=laea +lon_0=100 +lat_0=75",
    ("azimuthal", 178, -15, 0, 0): "+proj=laea +lon_0=178 +lat_0=-15",
    ("cylindrical", 0, 30, 0, 0): "+proj=cea +lon_0=0 +lat_ts=30",
    ("cylindrical", 150, 45, 0, 0): "+proj=cea +lon_0=150 +lat_ts=45",
}
OFFSETS = [
    (0, 0), (0.001, -0.001), (-16.1, 5.2), (16.05, -5.3), (-3, 21), (30, 14.5),
    (-45, -20), (60, 10), (7.5, -40),
]

with open(pathlib.Path(__file__).with_name("projections.csv"), "w", newline="") as out:
    out.write(f"# pyproj {pyproj.__version__}, PROJ {pyproj.proj_version_str}, +ellps=WGS84; metres\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["projection", "lon0", "p1", "p2", "p3", "lon", "lat", "x_m", "y_m"])
    for case, text in CASES.items():
        projection = pyproj.Proj(text + " +ellps=WGS84 +units=m +no_defs")
        for dlon, dlat in OFFSETS:
            centre = case[2] if case[0] != "cylindrical" else 0
            lon, lat = case[1] + dlon, min(89.5, max(-89.5, centre + dlat))
            lon = (lon + 180) % 360 - 180
            x, y = projection(lon, lat)
            writer.writerow([*case, round(lon, 6), round(lat, 6), f"{x:.6f}", f"{y:.6f}"])
