#!/bin/sh
# Makes full-size synthetic granules (2400 x 2400) for the bench.
#
#   data-samples/make/full_size.sh OUT_DIR ["TILES"] ["YEARS"]
#
#   full_size.sh /big/MOD17A3HGF                          7 tiles x 12 years, about 0.9 GB
#   full_size.sh /big/MOD17A3HGF "h25v04 h24v04" "2001 2002"
#
# LAYOUT=100x1200:5 (default) writes chunks of 100 x 1200 at deflate level 5;
# LAYOUT=stream:5 one deflate stream per data set; LAYOUT=plain no compression.
# JOBS is the number of granules made at once (default: the number of cores).
# Needs cc, libhdfeos-dev and libhdf4-alt-dev; no Python.
set -eu
if [ $# -lt 1 ]; then
    sed -n '2,12s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
out=$1
tiles=${2:-h23v03 h24v03 h25v03 h23v04 h24v04 h25v04 h26v04}
years=${3:-2001 2002 2003 2004 2005 2006 2007 2008 2009 2010 2011 2012}
: "${LAYOUT:=100x1200:5}"
: "${JOBS:=$(nproc)}"
make_dir=$(cd "$(dirname "$0")" && pwd)
build=$(mktemp -d "${TMPDIR:-/tmp}/full-size.XXXXXX")
trap 'rm -rf "$build"' EXIT
trap 'exit 130' INT TERM HUP

"$make_dir/build_granule_maker.sh" "$build/make_granules"
mkdir -p "$out"
for tile in $tiles; do
    for year in $years; do
        h=${tile#h}
        echo "${h%v*} ${tile#*v} $year"
    done
done | xargs -P "$JOBS" -L 1 sh -c '"$0" full "$1" "$3" "$4" "$5" "$2"' \
    "$build/make_granules" "$out" "$LAYOUT"
