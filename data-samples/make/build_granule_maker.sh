#!/bin/sh
# Compiles make_granules.c against the reference HDF-EOS2 library.
#
#   build_granule_maker.sh OUTPUT_PROGRAM
set -eu
make_dir=$(cd "$(dirname "$0")" && pwd)
multiarch=$(${CC:-cc} -print-multiarch 2>/dev/null || true)
${CC:-cc} -O2 -std=c99 -Wall -Wextra -o "$1" "$make_dir/make_granules.c" \
    -I/usr/include/hdf ${multiarch:+-I/usr/include/$multiarch/hdf} \
    -lhdfeos -lmfhdfalt -ldfalt -lz -ljpeg -lm
