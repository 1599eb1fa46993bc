"""What the tests of `nutag.dask` share: plans, clusters, and what is done to workers behind their backs."""

from __future__ import annotations

import hashlib
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import nutag
import nutag.dask._work as work
from conftest import ROOT
from distributed import LocalCluster


def made_plan(program: str, folder: Path, root: Path = ROOT) -> Path:
    """The plan of the demo."""
    call(program, "plan", "pipelines/demo.toml", "--out", folder, cwd=root)
    return folder


def call(*command: str | os.PathLike[str], cwd: Path = ROOT) -> str:
    """Runs a program that must succeed."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def merged(program: str, plan: Path, root: Path = ROOT) -> str:
    """The bits of the result that `nutag merge` makes of a plan."""
    out = plan.with_name(plan.name + "-result")
    call(program, "merge", plan, "--out", out, "--overwrite", cwd=root)
    return bits(out)


def bits(folder: Path) -> str:
    """One SHA-256 over all files of a folder: their paths in it and their content."""
    total = hashlib.sha256()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert len(files) > 20, folder
    for path in files:
        total.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def partials(plan: Path) -> dict[str, int]:
    """The tallies in a plan folder, and when each was written (ns)."""
    return {path.name: path.stat().st_mtime_ns for path in (plan / "partials").glob("*.tally")}


def cluster() -> LocalCluster:
    """Two processes of one thread each, reached on this machine only."""
    return LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        memory_limit=0,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        resources={"nutag": 1},
    )


def until(true: Callable[[], object], what: str, seconds: float = 90) -> None:
    """Waits until something is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"after {seconds} s still not: {what}"
        time.sleep(0.02)


# What follows happens on workers.


class StandIn:
    """A plan as workers see it, with another `run`."""

    def __init__(self, run: Callable[[nutag.Plan, str], nutag.Done]) -> None:
        self._run = run

    def __call__(self, folder: str) -> nutag.Plan:
        plan = nutag.Plan(folder)
        plan.run = lambda id, threads=1: self._run(plan, id)  # type: ignore[method-assign]
        return plan


def mend(version: str) -> None:
    """Undoes on a worker what the following did."""
    work.Plan = nutag.Plan  # type: ignore[misc]
    nutag.__version__ = version


def stop_in_task(notes: str, when: str) -> None:
    """From now on this worker never comes back from a task; it leaves a note when it is in one."""

    def run(plan: nutag.Plan, id: str) -> nutag.Done:
        if when == "after":
            nutag.Plan.run(plan, id)
        Path(notes, f"{os.getpid()}").write_text(id)
        time.sleep(600)
        raise AssertionError("it was to be killed")

    work.Plan = StandIn(run)  # type: ignore[misc, assignment]


def panic_in(task: str) -> None:
    """From now on one task meets a fault of the Rust code on this worker."""

    def run(plan: nutag.Plan, id: str) -> nutag.Done:
        if id == task:
            nutag._native._panic_for_test("index out of bounds")
        return nutag.Plan.run(plan, id)

    work.Plan = StandIn(run)  # type: ignore[misc, assignment]


def another_folder(folder: str) -> None:
    """From now on the path of the plan is another folder on this worker, as without a shared disk."""
    work.Plan = lambda _: nutag.Plan(folder)  # type: ignore[misc, assignment]


def another_version(version: str) -> None:
    """From now on this worker has another nutag."""
    nutag.__version__ = version


def wait_at_gate(gate: Path, through: int) -> None:
    """From now on this worker begins no task while so many are done, until `open` is in `gate`."""

    def run(plan: nutag.Plan, id: str) -> nutag.Done:
        while len(partials(Path(plan.folder))) >= through and not (gate / "open").exists():
            (gate / f"waits-{os.getpid()}").touch()
            time.sleep(0.02)
        return nutag.Plan.run(plan, id)

    work.Plan = StandIn(run)  # type: ignore[misc, assignment]


def dask_setup(worker: object) -> None:
    """For `dask worker --preload` of this file."""
    wait_at_gate(Path(os.environ["NUTAG_TEST_GATE"]), 3)
