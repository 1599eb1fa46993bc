"""Makes the two permafrost zone maps: a code raster of the 1980s, polygons of the 2000s.

    python3 make_zones.py BUILD_DIR

A smooth "coldness" field (country.coldness) is cut where the counted cells
inside the border reach the published areas. The 2000s see the same field
plus a small disturbance and warmer cuts, so most changed cells go one zone
down and a few go up, as between any two real maps.

BUILD_DIR receives classes_1980s.npy, classes_2000s.npy (class index 0..5 of
country.CLASSES, 255 outside), inside.npy, cuts.npy and zones_2000s.geojson;
the GeoTIFF is written from zones_1980s.raw + .vrt by gdal_translate in make.sh.
"""

import json
import os
import sys

import numpy as np
import shapely

import country as c

OUTSIDE = 255
MARGIN_CELLS = 10  # the maps reach 0.1 degree beyond the border
DISTURBANCE = 0.25


def class_counts(published, inside_cells):
    """Cells per class: the published areas scaled to the cells this border holds."""
    edges = np.round(np.cumsum(published) * (inside_cells / sum(published))).astype(int)
    season, sporadic, insular, cold = np.diff(np.concatenate([[0], edges]))
    sparse = int(insular * c.SPARSELY_INSULAR_SHARE)
    disc = int(cold * c.DISCONTINUOUS_SHARE)
    return [season, sporadic, sparse, insular - sparse, disc, cold - disc]


def cut(field, inside, published):
    """Class index per cell and the five values of the field at which classes change."""
    ordered = np.sort(field[inside], kind="stable")
    cuts = ordered[np.cumsum(class_counts(published, ordered.size))[:-1]]
    return np.searchsorted(cuts, field, side="right").astype(np.uint8), cuts


def polygons(classes):
    """GeoJSON features, one per connected patch of a class, biggest first."""
    features = []
    for index, (zone, _, name) in enumerate(c.CLASSES):
        boxes = []
        for row in range(c.ROWS):
            same = np.concatenate([[0], (classes[row] == index).astype(np.int8), [0]])
            starts, ends = np.flatnonzero(np.diff(same) == 1), np.flatnonzero(np.diff(same) == -1)
            top = c.TOP_HUNDREDTHS - row
            for a, b in zip(starts, ends):
                boxes.append(((c.LEFT_HUNDREDTHS + a) / 100, (top - 1) / 100,
                              (c.LEFT_HUNDREDTHS + b) / 100, top / 100))
        x0, y0, x1, y1 = np.array(boxes).T
        whole = shapely.union_all(shapely.box(x0, y0, x1, y1))
        patches = shapely.normalize(shapely.get_parts(shapely.simplify(whole, 0)))
        for patch in sorted(patches, key=lambda p: (-round(p.area, 6), p.wkb)):
            features.append({"type": "Feature",
                             "properties": {"ZONE": name, "NOTE": "synthetic"},
                             "geometry": json.loads(shapely.to_geojson(patch))})
    return features


def write_vrt(path):
    """A georeferenced header over the raw codes, with colours, for gdal_translate."""
    colours = {0: (0, 0, 0, 0), 11: (244, 222, 178, 255), 12: (198, 219, 180, 255),
               22: (140, 190, 200, 255), 21: (90, 150, 190, 255),
               31: (60, 100, 170, 255), 32: (40, 50, 130, 255)}
    entries = "".join('<Entry c1="%d" c2="%d" c3="%d" c4="%d"/>' % colours.get(i, (0, 0, 0, 0))
                      for i in range(256))
    with open(path, "w", encoding="utf-8") as f:
        f.write(f"""<VRTDataset rasterXSize="{c.COLS}" rasterYSize="{c.ROWS}">
<SRS>EPSG:4326</SRS>
<GeoTransform>{c.LEFT_HUNDREDTHS / 100}, 0.01, 0, {c.TOP_HUNDREDTHS / 100}, 0, -0.01</GeoTransform>
<VRTRasterBand dataType="Byte" band="1" subClass="VRTRawRasterBand">
<NoDataValue>0</NoDataValue><ColorInterp>Palette</ColorInterp><ColorTable>{entries}</ColorTable>
<SourceFilename relativeToVRT="1">zones_1980s.raw</SourceFilename>
<ImageOffset>0</ImageOffset><PixelOffset>1</PixelOffset><LineOffset>{c.COLS}</LineOffset>
</VRTRasterBand></VRTDataset>
""")


def main():
    build = sys.argv[1]
    inside = c.inside_border()
    kept = c.dilate(inside, MARGIN_CELLS)
    lon, lat = c.lonlat_axes()
    lon, lat = np.meshgrid(lon, lat)
    field = c.coldness(lon, lat)
    later = np.round(field + DISTURBANCE * c.Waves(2005, 0.10, 2.5)(lon, lat), 6)

    early, cuts = cut(field, inside, c.CELLS_1980S)
    late, _ = cut(later, inside, c.CELLS_2000S)
    for classes in (early, late):
        classes[~kept] = OUTSIDE

    np.save(os.path.join(build, "inside.npy"), inside)
    np.save(os.path.join(build, "classes_1980s.npy"), early)
    np.save(os.path.join(build, "classes_2000s.npy"), late)
    np.save(os.path.join(build, "cuts.npy"), cuts)

    codes = np.zeros(256, np.uint8)
    codes[:len(c.CLASSES)] = [code for _, code, _ in c.CLASSES]
    codes[early].tofile(os.path.join(build, "zones_1980s.raw"))
    write_vrt(os.path.join(build, "zones_1980s.vrt"))
    with open(os.path.join(build, "zones_2000s.geojson"), "w", encoding="utf-8") as f:
        json.dump({"type": "FeatureCollection", "features": polygons(late)}, f)

    zone = np.array([z for z, _, _ in c.CLASSES])
    a, b = zone[early[inside]], zone[late[inside]]
    print("cells 1980s", np.bincount(a), "2000s", np.bincount(b), "inside", inside.sum())
    print("from zone (row) to zone (column):")
    print(np.histogram2d(a, b, bins=4)[0].astype(int))


if __name__ == "__main__":
    main()
