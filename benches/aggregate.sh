#!/bin/sh
# Times the counting kernel and its numba twin on the same data, in one run.
#     benches/aggregate.sh        PYTHON=python3 with numpy and numba
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo build --release --quiet -p nutag-benches --bin aggregate
bin=${CARGO_TARGET_DIR:-target}/release/aggregate
echo "# $(date -u +%Y-%m-%dT%H:%MZ), $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)"
echo "# $(rustc --version)"
# Runs of the length that zones and regions have at 500 m, shorter ones, and no runs at all.
for run in 300 60 8 1; do
  "$bin" "$work/cells.i16" "$work/keys.u16" "$work/sums.i64" "$run"
  "${PYTHON:-python3}" benches/python/aggregate_numba.py "$work/cells.i16" "$work/keys.u16" "$work/sums.i64" "$run"
done
