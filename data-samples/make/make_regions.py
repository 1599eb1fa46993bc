"""Writes aimags.geojson from Natural Earth's 1:10m admin-1 units of Mongolia.

    python3 make_regions.py NATURAL_EARTH_ADMIN_1.geojson

Keeps the geometry, rounded to five decimals (about a metre), and the name. The
source leaves the ISO code incomplete and the local name empty: both are given here.
"""

import json
import sys

import shapely

from country import REGIONS

# Natural Earth name: ISO 3166-2 code, name in Mongolian Cyrillic.
UNITS = {
    "Arhangay": ("MN-073", "Архангай"), "Bayan-Ölgiy": ("MN-071", "Баян-Өлгий"),
    "Bayanhongor": ("MN-069", "Баянхонгор"), "Bulgan": ("MN-067", "Булган"),
    "Darhan-Uul": ("MN-037", "Дархан-Уул"), "Dornod": ("MN-061", "Дорнод"),
    "Dornogovi": ("MN-063", "Дорноговь"), "Dundgovi": ("MN-059", "Дундговь"),
    "Dzavhan": ("MN-057", "Завхан"), "Govi-Altay": ("MN-065", "Говь-Алтай"),
    "Govĭ-Sümber": ("MN-064", "Говьсүмбэр"), "Hentiy": ("MN-039", "Хэнтий"),
    "Hovd": ("MN-043", "Ховд"), "Hövsgöl": ("MN-041", "Хөвсгөл"),
    "Orhon": ("MN-035", "Орхон"), "Selenge": ("MN-049", "Сэлэнгэ"),
    "Sühbaatar": ("MN-051", "Сүхбаатар"), "Töv": ("MN-047", "Төв"),
    "Ulaanbaatar": ("MN-1", "Улаанбаатар"), "Uvs": ("MN-046", "Увс"),
    "Ömnögovi": ("MN-053", "Өмнөговь"), "Övörhangay": ("MN-055", "Өвөрхангай"),
}


def rounded(coordinates):
    if isinstance(coordinates[0], (int, float)):
        return [round(c, 5) for c in coordinates]
    points = [rounded(c) for c in coordinates]
    if isinstance(points[0][0], (int, float)):
        # Two corners that round to the same point are one corner.
        points = [p for i, p in enumerate(points) if i == 0 or p != points[i - 1]]
    return points


def main():
    with open(sys.argv[1], encoding="utf-8-sig") as f:
        source = [u for u in json.load(f)["features"] if u["properties"].get("adm0_a3") == "MNG"]
    features = []
    for unit in sorted(source, key=lambda u: UNITS[u["properties"]["name"]][0]):
        name = unit["properties"]["name"]
        code, local = UNITS[name]
        geometry = {"type": unit["geometry"]["type"],
                    "coordinates": rounded(unit["geometry"]["coordinates"])}
        if not shapely.is_valid(shapely.from_geojson(json.dumps(geometry))):
            sys.exit(f"{name}: the rounded outline is not valid; keep more decimals")
        features.append({"type": "Feature",
                         "properties": {"name": name, "name_local": local, "iso_3166_2": code},
                         "geometry": geometry})
    if len(features) != len(UNITS):
        sys.exit(f"expected {len(UNITS)} units of Mongolia, found {len(features)}")
    head = {"type": "FeatureCollection",
            "description": "The 22 first-level units of Mongolia (21 aimags and Ulaanbaatar), "
                           "WGS 84, rounded to five decimals. Names as in the source; ISO 3166-2 "
                           "codes and local names added.",
            "attribution": "Made with Natural Earth (1:10m admin-1), public domain, naturalearthdata.com"}
    with open(REGIONS, "w", encoding="utf-8") as f:
        f.write(json.dumps(head, ensure_ascii=False)[:-1] + ',\n"features": [\n')
        f.write(",\n".join(json.dumps(u, ensure_ascii=False, separators=(",", ":")) for u in features))
        f.write("\n]}\n")


if __name__ == "__main__":
    main()
