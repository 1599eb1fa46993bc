"""A panic is an exception, whichever export it happens in."""

import re
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

import nutag
from nutag import _native

SOURCES = Path(__file__).parents[1] / "src"


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_panic_is_an_exception(elsewhere):
    with pytest.raises(nutag.InternalError, match="a fault in nutag itself.*: it broke; please report"):
        _native._panic_for_test("it broke", elsewhere)
    assert issubclass(nutag.InternalError, Exception)


def test_a_panic_in_a_worker_comes_home():
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        with pytest.raises(nutag.InternalError, match="over there"):
            pool.submit(_native._panic_for_test, "over there").result()


def blocks(text: str) -> tuple[str, str]:
    """What stands inside the `guarded! { ... }` of a source, and the rest."""
    inside, outside, at = [], [], 0
    for begin in re.finditer(r"^guarded! \{\n", text, re.M):
        end = text.index("\n}\n", begin.end())
        outside.append(text[at : begin.start()])
        inside.append(text[begin.end() : end])
        at = end + 3
    return "\n".join(inside), "\n".join([*outside, text[at:]])


def test_nothing_is_exported_past_the_guard():
    guarded = ""
    for path in sorted(SOURCES.rglob("*.rs")):
        inside, outside = blocks(path.read_text())
        guarded += inside
        # What PyO3 would export of its own accord, or what Python would call.
        for way in ("pyfunction]", "pymethods]", "#[new]", "#[getter", "pyo3(get", "pyo3(set", "get_all", "add_function", "PyCFunction"):
            assert way not in outside, f"{path.name}: {way} outside of guarded!"
    names = 0
    for name in dir(_native):
        found = getattr(_native, name)
        if isinstance(found, type):
            assert f"impl {name} {{" in guarded, name
            for method in vars(found):
                if not method.startswith("__"):
                    assert f"fn {method}" in guarded, f"{name}.{method}"
                    names += 1
        elif callable(found):
            assert f"fn {name}" in guarded, name
            names += 1
    assert names >= 14
