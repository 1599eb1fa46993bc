"""Tasks on Dask beside tasks on threads: wall time of the same work on two cores, in turns.

    cargo run --release -p nutag-benches --bin job      # makes target/bench-data, 84 granules of 2400 x 2400
    NUTAG_PROGRAM=target/release/nutag target/wheel-venv/bin/python benches/python/dask_throughput.py

Two cases, by the pipeline of the demo on those granules:

- tables: no maps, 120 years. Each granule stands for 10 of them by links, so that a task takes some
  tenths of a second, as tasks of 8-day series do, and not some hundredths.
- maps: the 12 years, with trends and strips of every cell. Writing the maps is the program's work
  either way and takes longest, so only tasks are timed here.

It takes the time of

- run: `nutag run --threads 2`, from nothing;
- plan + dask + merge: `nutag plan --threads 2`, `nutag.dask.run`, `nutag merge --threads 2`, from nothing;
- task: `nutag task DIR --all --threads 2` on a plan that is there;
- dask: `nutag.dask.run` alone, on a plan that is there, and of the second.

The cluster has two worker processes of one thread each and has been started and used before. One
round that does not count comes first; then the order turns from round to round, in each of which
the last two take turns three times. A ratio is the time of threads over that of Dask, of medians: 1 is as
fast, and 0.9 is asked for. The two results must have the same bits. Needs the wheel, and the program
of the same commit, both built for release.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import nutag.dask
from distributed import Client, LocalCluster

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("NUTAG_PROGRAM", str(ROOT / "target/release/nutag"))
DATA = ROOT / "target" / "bench-data"
WORK = ROOT / "target" / "bench-dask"
ROUNDS = int(os.environ.get("ROUNDS", "5"))
FIRST, YEARS, TIMES = 2001, 12, 10
PAIRS = 3


def links() -> Path:
    """A folder in which each granule stands for several years."""
    folder = WORK / "granules"
    folder.mkdir(parents=True)
    for granule in sorted(DATA.glob("*.hdf")):
        product, day, *rest = granule.name.split(".")
        year = int(day[1:5])
        for again in range(TIMES):
            name = ".".join([product, f"A{year + again * YEARS}{day[5:]}", *rest])
            (folder / name).symlink_to(granule.resolve())
    return folder


def pipeline(name: str, granules: Path, years: int, maps: str) -> Path:
    """The demo on other granules; beside it, so that its other paths hold."""
    lines = []
    for line in (ROOT / "pipelines" / "demo.toml").read_text().splitlines():
        key = line.split("=")[0].strip()
        if key == "cells_per_tile":
            continue
        if key == "granules":
            line = f'granules = "../{granules.relative_to(ROOT)}"'
        elif key == "years":
            line = f"years = [{FIRST}, {FIRST + years - 1}]"
        elif key == "maps":
            line = f"maps = {maps}"
        lines.append(line)
    path = ROOT / "pipelines" / f".bench-{name}.toml"
    path.write_text("\n".join(lines) + "\n")
    return path


def call(*command: object) -> None:
    done = subprocess.run([PROGRAM, *map(str, command)], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{command}: {done.stderr}")


def empty(*folders: Path) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def bits(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        total.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


class Case:
    """A pipeline, and the ways to do it."""

    def __init__(self, name: str, file: Path, client: Client) -> None:
        self.name, self.file, self.client = name, file, client
        self.result, self.plan, self.merged = (WORK / f"{name}-{what}" for what in ("run", "plan", "merge"))
        self.seconds: dict[str, list[float]] = {}

    def run(self) -> None:
        call("run", self.file, "--out", self.result, "--threads", 2)

    def whole(self) -> None:
        call("plan", self.file, "--out", self.plan, "--threads", 2)
        self.timed("dask", self.on_dask)
        call("merge", self.plan, "--out", self.merged, "--threads", 2)

    def on_dask(self) -> None:
        nutag.dask.run(self.plan, self.client)

    def task(self) -> None:
        call("task", self.plan, "--all", "--threads", 2)

    def timed(self, way: str, work: Callable[[], None]) -> None:
        begin = time.perf_counter()
        work()
        seconds = time.perf_counter() - begin
        self.seconds.setdefault(way, []).append(seconds)
        print(f"    {self.name:6} {way:19} {seconds:7.2f} s", flush=True)

    def round(self, number: int) -> None:
        def run() -> None:
            empty(self.result, WORK / f".{self.name}-run.work")
            self.timed("run", self.run)

        def whole() -> None:
            empty(self.plan, self.merged)
            self.timed("plan + dask + merge", self.whole)

        def alone(way: str, work: Callable[[], None]) -> None:
            for partial in (self.plan / "partials").iterdir():
                partial.unlink()
            self.timed(way, work)

        turn = number % 2 == 0
        if self.name == "maps":
            if number == 0:
                call("plan", self.file, "--out", self.plan, "--threads", 2)
        else:
            for way in (run, whole) if turn else (whole, run):
                way()
            if bits(self.result) != bits(self.merged):
                sys.exit(f"{self.name}: the results differ")
        pair = [("task", self.task), ("dask", self.on_dask)]
        for way, work in (pair if turn else pair[::-1]) * (PAIRS if number else 1):
            alone(way, work)

    def told(self) -> None:
        middle = {way: median(times) for way, times in self.seconds.items()}
        tasks = nutag.Plan(self.plan).tasks
        size = sum(task.bytes for task in tasks) / 2**20
        print(f"\n{self.name}: {len(tasks)} tasks, {size:.0f} MiB to read; medians of {ROUNDS} rounds")
        for way, seconds in middle.items():
            print(f"  {way:19} {seconds:7.2f} s")
        for threads, workers in (("run", "plan + dask + merge"), ("task", "dask")):
            if threads in middle:
                print(f"  {threads} / {workers}: {middle[threads] / middle[workers]:.2f}   (target >= 0.9)")


def main() -> None:
    if not any(DATA.glob("*.hdf")):
        sys.exit(f"{DATA} is empty: cargo run --release -p nutag-benches --bin job")
    empty(WORK)
    cluster = LocalCluster(
        n_workers=2, threads_per_worker=1, memory_limit=0, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    )
    files = []
    with cluster, Client(cluster) as client:
        client.wait_for_workers(2)
        try:
            cases = []
            for name, granules, years, maps in (
                ("tables", links(), YEARS * TIMES, "[]"),
                ("maps", DATA, YEARS, '["cog"]'),
            ):
                files.append(pipeline(name, granules, years, maps))
                cases.append(Case(name, files[-1], client))
            for number in range(ROUNDS + 1):
                print(f"  round {number}{' (does not count)' if number == 0 else ''}, load {os.getloadavg()[0]:.1f}")
                for case in cases:
                    case.round(number)
                    if number == 0:
                        case.seconds.clear()
            for case in cases:
                case.told()
        finally:
            for file in files:
                file.unlink()
    empty(WORK)


if __name__ == "__main__":
    main()
