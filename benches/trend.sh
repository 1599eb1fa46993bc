#!/bin/sh
# Times trends of cells and their numba twin on the same data, in one run.
#     benches/trend.sh [CELLS]        PYTHON=python3 with numpy and numba
set -eu
cd "$(dirname "$0")/.."
cells=${1:-2880000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo build --release --quiet -p nutag-benches --bin trend
bin=${CARGO_TARGET_DIR:-target}/release/trend
echo "# $(date -u +%Y-%m-%dT%H:%MZ), $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)"
echo "# $(rustc --version)"
"$bin" "$work/cells.i16" "$work/results" "$cells"
"${PYTHON:-python3}" benches/python/trend_numba.py "$work/cells.i16" "$work/results"
