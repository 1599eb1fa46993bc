"""The types that the package promises: strict, and those of what is compiled."""

import re
import subprocess
import sys
from pathlib import Path

import every_export
from conftest import ROOT
import nutag

HERE = Path(__file__).parent


def run(*command: str, cwd: Path) -> str:
    done = subprocess.run([sys.executable, "-m", *command], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_program_that_uses_everything_passes_mypy(tmp_path):
    run("mypy", "--strict", "--cache-dir", str(tmp_path), str(HERE / "every_export.py"), cwd=tmp_path)
    used = set(re.findall(r"nutag\.(\w+)", (HERE / "every_export.py").read_text()))
    assert set(nutag.__all__) <= used


def test_the_stubs_are_those_of_the_module(tmp_path):
    said = run("mypy.stubtest", "nutag._native", "--ignore-disjoint-bases", cwd=tmp_path)
    assert "no issues found" in said


def test_the_package_itself_passes_mypy(tmp_path):
    run("mypy", "--strict", "--cache-dir", str(tmp_path), "-p", "nutag", cwd=tmp_path)


def test_and_it_runs(granules, demo, program, tmp_path):
    plan = tmp_path / "plan"
    for command in (["plan", "pipelines/demo.toml", "--out", plan], ["task", plan, "--all"]):
        subprocess.run([program, *command], cwd=ROOT, check=True, capture_output=True)
    assert "GCTP_SNSOID" in every_export.use(granules[0], demo, plan)
    assert nutag.__doc__ and all(getattr(nutag, name).__doc__ for name in nutag.__all__)
