#!/bin/sh
# Fuzzes one target: run.sh container|odl|inflate [SECONDS] [libFuzzer options]
#
# With a nightly toolchain `cargo fuzz run TARGET` does the same, with the address sanitizer on
# top. This needs a stable one only: it asks the compiler for libFuzzer's coverage itself. What
# it finds lands in artifacts/TARGET; minimise it (`-minimize_crash=1`) and add it to
# corpus/TARGET, which the tests of the crate read too.
set -eu
cd "$(dirname "$0")"
target=$1
seconds=${2:-600}
shift; [ $# -gt 0 ] && shift
export RUSTC_BOOTSTRAP=1
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1"
# A target triple keeps the flags away from build scripts.
host=$(rustc -vV | sed -n 's/^host: //p')
cargo build --release --target "$host" --bin "$target"
folder=${CARGO_TARGET_DIR:-target}/$host/release
mkdir -p "artifacts/$target" "grown/$target"
exec "$folder/$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
    -malloc_limit_mb=256 -max_len=65536 -artifact_prefix="artifacts/$target/" \
    "$@" "grown/$target" "corpus/$target"
