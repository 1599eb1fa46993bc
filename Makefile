# Two commands matter: `make demo` and `make test`. Both install what is
# missing (Debian and Ubuntu), build, and do their job.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test bench build wheel system system-tests fmt clippy docs unit wheel-tests

# What the program links and what its tests compare with.
PACKAGES := libgdal-dev libhdf5-dev libnetcdf-dev libsqlite3-dev pkg-config
TEST_PACKAGES := gdal-bin python3-gdal libhdfeos-dev libhdf4-alt-dev python3-venv chromium poppler-utils libreoffice-calc-nogui
# A Slurm for the tests of its recipes: small, and idle unless a test starts it.
# Where one is at work already, it is left alone.
TEST_PACKAGES += $(if $(shell command -v sinfo),,munge slurmctld slurmd slurm-client)

CARGO ?= cargo
# CARGO_TARGET_DIR moves the build; everything else stays under target/.
TARGET := $(or $(CARGO_TARGET_DIR),target)
PYTHON := target/venv/bin/python
SKIPPED := $(CURDIR)/target/skipped.txt
WHEEL_PYTHON := target/wheel-venv/bin/python

help:
	@echo "make demo    build, and compute the table of the sample country"
	@echo "make test    format, lints, docs, every test, every check against other programs"
	@echo "make bench   decoding, the whole job on full-size granules, the world on paper (3 GB of disk)"
	@echo "make build   only build; the program is $(TARGET)/release/nutag"
	@echo "make wheel   the Python package, into target/wheels"

system:
	@.ci/install-packages $(PACKAGES)

system-tests:
	@.ci/install-packages $(PACKAGES) $(TEST_PACKAGES)

build: system
	$(CARGO) build --release --locked -p nutag

demo: build
	$(TARGET)/release/nutag run pipelines/demo.toml --out out/demo --overwrite

# Order: what fails fastest comes first.
test: fmt clippy docs unit wheel-tests

fmt: system-tests
	$(CARGO) fmt --all --check

clippy: system-tests
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings

docs: system-tests
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --locked

# The tests of the package `nutag-tests` run the program from outside and
# compare it with Python; they need both.
# What was skipped is told at the end, whether the rest passed or not; with CI set, a skip that
# tests/may-be-skipped.txt does not list fails.
unit: system-tests $(PYTHON)
	$(CARGO) build --workspace --all-targets --locked
	rm -f $(SKIPPED)
	status=0; NUTAG_PROGRAM=$(abspath $(TARGET))/debug/nutag NUTAG_PYTHON=$(CURDIR)/$(PYTHON) NUTAG_SKIPPED=$(SKIPPED) \
		$(CARGO) test --workspace --locked || status=$$?; .ci/tell-skipped $(SKIPPED); exit $$status

$(PYTHON): tests/requirements.txt
	python3 -m venv target/venv
	target/venv/bin/pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@touch $(PYTHON)

# Zig links against the glibc of 2012, so that the wheel runs on any Linux since; the linker is its only part.
wheel: $(WHEEL_PYTHON)
	rm -rf target/wheels
	cd crates/python && PATH="$(CURDIR)/target/wheel-venv/bin:$$PATH" maturin build --release --locked --zig \
		--compatibility manylinux_2_17 --out $(CURDIR)/target/wheels

# After `unit`, which builds the program.
wheel-tests: unit wheel
	$(WHEEL_PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall target/wheels/*.whl
	cd crates/python && NUTAG_PROGRAM=$(abspath $(TARGET))/debug/nutag $(CURDIR)/$(WHEEL_PYTHON) -m pytest -q -rs

$(WHEEL_PYTHON): tests/requirements-wheel.txt
	python3 -m venv target/wheel-venv
	$(WHEEL_PYTHON) -m pip install --quiet --disable-pip-version-check -r tests/requirements-wheel.txt
	@touch $(WHEEL_PYTHON)

# The numbers of a run go into benches/runs/<date>/ by hand, with the machine they were measured on.
bench: system-tests
	$(CARGO) run --release --locked -p nutag-benches --bin decode
	$(CARGO) run --release --locked -p nutag-benches --bin job
	$(CARGO) run --release --locked -p nutag-benches --bin scale
