"""What the tests share: the samples, and the result of the demo made by the program itself."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def loudly(what: str) -> None:
    """Skips a test so that it is seen: `-rs` of pyproject.toml prints why at the end."""
    pytest.skip(what)


def runs_beside(work: Callable[[], object]) -> bool:
    """Whether Python goes on while `work` is done on another thread.

    The interpreter is told not to switch by itself, so this thread sees `work` in the middle only
    where `work` lets go of it.
    """
    state = ["not yet"]

    def working() -> None:
        state[0] = "working"
        work()
        state[0] = "worked"

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1000)
    seen = set()
    try:
        thread = threading.Thread(target=working)
        thread.start()
        while thread.is_alive():
            seen.add(state[0])
            thread.join(1e-5)
    finally:
        sys.setswitchinterval(interval)
    return "working" in seen


@pytest.fixture(scope="session")
def granules() -> list[Path]:
    """The granules of the sample country."""
    found = sorted((ROOT / "data-samples" / "MOD17A3HGF").glob("*.hdf"))
    assert len(found) == 85
    return found


@pytest.fixture(scope="session")
def real_granules() -> list[Path]:
    """Granules as the archive delivers them, where they are at hand."""
    found = sorted((ROOT.parent / "shared" / "data" / "modis").glob("*.hdf"))
    if not found:
        loudly("../shared holds no granules, so none of the archive's own is read")
    return found


@pytest.fixture(scope="session")
def program() -> str:
    """`nutag`, which `make test` has built."""
    path = os.environ.get("NUTAG_PROGRAM")
    if not path:
        loudly("NUTAG_PROGRAM names no program; `make wheel-tests` sets it")
    return path


def result(program: str, pipeline: str, folder: Path) -> Path:
    """The result folder of a pipeline."""
    out = folder / "out"
    done = subprocess.run(
        [program, "run", f"pipelines/{pipeline}.toml", "--out", out],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="session")
def demo(program: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The result folder of the demo."""
    return result(program, "demo", tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def column(program: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The result folder with the CO2 of the air column."""
    return result(program, "co2-column", tmp_path_factory.mktemp("column"))
