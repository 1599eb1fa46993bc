#!/bin/sh
# Remakes every file of data-samples/ from nothing but its seeds and the border.
#
#   data-samples/make/make.sh [NATURAL_EARTH_ADMIN_1.geojson]
#
# With an argument aimags.geojson is remade too; without, the committed one is
# the border. Needs: gdal-bin, cc, libhdfeos-dev, libhdf4-alt-dev, and a Python
# (PYTHON=...) with make/requirements.txt. The same versions give the same bytes.
set -eu
make_dir=$(cd "$(dirname "$0")" && pwd)
samples=$(dirname "$make_dir")
: "${PYTHON:=python3}"
build=$(mktemp -d "${TMPDIR:-/tmp}/data-samples.XXXXXX")
trap 'rm -rf "$build"' EXIT
trap 'exit 130' INT TERM HUP
export PYTHONDONTWRITEBYTECODE=1
# GeoPackage carries the time it was written; this one is fixed.
export OGR_CURRENT_DATE=2020-01-01T00:00:00.000Z

if [ $# -ge 1 ]; then
    "$PYTHON" "$make_dir/make_regions.py" "$1"
fi

"$PYTHON" "$make_dir/make_zones.py" "$build"

note="Synthetic sample made for testing; not a measurement."
rm -f "$samples/zones_1980s.tif" "$samples/zones_2000s.gpkg"
gdal_translate -q -co COMPRESS=DEFLATE -co ZLEVEL=9 -co BLOCKYSIZE=64 \
    -mo "TIFFTAG_IMAGEDESCRIPTION=$note Permafrost zones of the 1980s: 11 seasonally frozen, 12 sporadic, 22 sparsely insular, 21 insular, 31 discontinuous, 32 continuous, 0 outside." \
    "$build/zones_1980s.vrt" "$samples/zones_1980s.tif"
ogr2ogr -f GPKG "$samples/zones_2000s.gpkg" "$build/zones_2000s.geojson" \
    -nln zones -nlt POLYGON -a_srs EPSG:4326 -lco FID=fid -lco IDENTIFIER=zones \
    -lco "DESCRIPTION=$note Permafrost zones of the 2000s, attribute ZONE."

"$make_dir/build_granule_maker.sh" "$build/make_granules"
"$PYTHON" "$make_dir/make_npp.py" "$build"
rm -rf "$samples/MOD17A3HGF"
mkdir "$samples/MOD17A3HGF"
"$build/make_granules" list "$build/granules.txt" "$samples/MOD17A3HGF"

"$PYTHON" "$make_dir/make_climate.py"
"$PYTHON" "$make_dir/make_livestock.py"
"$PYTHON" "$make_dir/make_tower.py" "$samples/tower/XX-Syn_HR_2012.csv"
"$PYTHON" "$make_dir/make_losses.py"

"$PYTHON" "$make_dir/check.py"
