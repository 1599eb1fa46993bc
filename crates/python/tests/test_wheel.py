"""The wheel as a file: what it links, and that another Python takes it."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT, loudly
from elftools.elf.elffile import ELFFile


@pytest.fixture(scope="module")
def wheel() -> Path:
    """The wheel that `make wheel` left."""
    found = sorted(Path(os.environ.get("NUTAG_WHEELS", ROOT / "target" / "wheels")).glob("nutag-*.whl"))
    assert len(found) == 1, f"expected one wheel, found {found}; `make wheel` makes it"
    return found[0]


def test_it_links_nothing_but_the_system(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if ".so" in name)
        archive.extract(name, tmp_path)
        assert {"nutag/py.typed", "nutag/_native.pyi"} <= set(archive.namelist())
    with open(tmp_path / name, "rb") as file:
        tags = ELFFile(file).get_section_by_name(".dynamic").iter_tags()
        needed = {tag.needed for tag in tags if tag.entry.d_tag == "DT_NEEDED"}
    system = re.compile(r"(libc|libm|libgcc_s|libpthread|libdl|librt|ld-linux[-\w]*)\.so\.\d+")
    assert needed and all(system.fullmatch(library) for library in needed), needed


def test_it_runs_on_old_systems(wheel):
    assert re.search(r"-cp310-abi3-.*manylinux_2_(17|28)_", wheel.name), wheel.name
    done = subprocess.run(
        [sys.executable, "-m", "auditwheel", "show", wheel], capture_output=True, text=True, check=True
    )
    tags = re.search(r'platform tag:\s*"manylinux_2_(\d+)_\w+"', done.stdout)
    assert tags and int(tags[1]) <= 28, done.stdout


def other_python() -> str | None:
    """Another Python than this one, from 3.10 on: on PATH, or of pyenv."""
    here = sys.version_info[:2]
    versions = [f"3.{minor}" for minor in range(10, 16) if (3, minor) != here]
    pyenv = Path.home() / ".pyenv" / "versions"
    for version in reversed(versions):
        places = [*sorted(pyenv.glob(f"{version}.*/bin/python")), shutil.which(f"python{version}")]
        for place in filter(None, places):
            found = subprocess.run([place, "-c", "import venv, ensurepip"], capture_output=True)
            if found.returncode == 0:
                return str(place)
    return None


def test_another_python_takes_it(wheel, tmp_path, granules):
    other = other_python()
    if other is None:
        loudly("no second Python from 3.10 on, so the wheel is not tried in one")
    subprocess.run([other, "-m", "venv", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    # Nothing but numpy comes with it.
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel], check=True
    )
    program = """
import sys, numpy, nutag
granule = nutag.open(sys.argv[1])
npp = granule.read("Npp_500m")
cells = nutag.trend_cells(numpy.stack([npp, npp, npp]), [2001, 2002, 2003])
assert (cells["s"] == 0).all() and (cells["mean"] == npp).all()
try:
    nutag._native._panic_for_test("caught")
except Exception as error:
    print(*sys.version_info[:2], npp.sum(dtype="int64"), type(error).__name__)
"""
    done = subprocess.run([python, "-c", program, granules[0]], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    major, minor, total, error = done.stdout.split()
    assert (int(major), int(minor)) != sys.version_info[:2]
    import nutag

    assert int(total) == nutag.open(granules[0]).read("Npp_500m").sum(dtype="int64")
    assert error == "InternalError"
