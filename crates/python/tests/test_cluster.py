"""The recipes in pipelines/cluster: Snakemake, and Dask with and without certificates.

What they do is done by programs from outside, as a user starts them. The recipes for Slurm alone
are tested with the program, in tests/tests/slurm.rs.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import ROOT, loudly
from dask_setup import bits, call, made_plan

RECIPES = Path("pipelines/cluster")
ONE_NODE = ROOT / "tests" / "cluster" / "slurm-one-node.sh"
PATIENCE_SECONDS = 180


def samples(folder: Path) -> Path:
    """Puts the recipes and the samples into a folder. Of the maps only the netCDF is made: the
    pictures take most of the time, and tests elsewhere compare them."""
    shutil.copytree(ROOT / "pipelines", folder / "pipelines")
    shutil.copytree(ROOT / "data-samples", folder / "data-samples")
    demo = folder / "pipelines" / "demo.toml"
    every = '["png", "cog", "netcdf"]'
    assert demo.read_text().count(every) == 1
    demo.write_text(demo.read_text().replace(every, '["netcdf"]'))
    return folder


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the recipes and the samples, in which one may do harm."""
    return samples(tmp_path)


@pytest.fixture(scope="session")
def expected(program: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The bits of `nutag run`."""
    folder = samples(tmp_path_factory.mktemp("by-run"))
    call(program, "run", "pipelines/demo.toml", "--out", "by-run", cwd=folder)
    return bits(folder / "by-run")


def environment(program: str, **more: str) -> dict[str, str]:
    """Where recipes find the program and this Python."""
    return os.environ | {"NUTAG": program, "PYTHON": sys.executable} | more


def ended(*command: str | os.PathLike[str], cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, text=True, timeout=PATIENCE_SECONDS
    )


@contextmanager
def running(*command: str | os.PathLike[str], cwd: Path, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A program with all that it starts, which end with the block."""
    log = (cwd / f"log-{time.monotonic_ns()}.txt").open("wb")
    process = subprocess.Popen(command, cwd=cwd, env=env, stdout=log, stderr=log, start_new_session=True)
    try:
        yield process
    finally:
        for name in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, name)
                process.wait(10)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                pass
        log.close()


def wait_for(what: str, look) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not look():
        assert time.monotonic() < end, f"still not: {what}"
        time.sleep(0.05)


# --- Snakemake ---------------------------------------------------------------------------------


@pytest.fixture
def snakemake(program: str, place: Path):
    """Calls Snakemake with the Snakefile."""
    path = Path(sys.executable).with_name("snakemake")
    if not path.exists():
        loudly("snakemake is not installed, so the Snakefile is not tried")
    command = [path, "-s", RECIPES / "Snakefile", "--cores", "2", "--config", f"nutag={program}"]
    return command, environment(program, XDG_CACHE_HOME=str(place / "cache"))


def test_snakemake_gives_the_bits_of_a_run(snakemake, place, expected):
    command, env = snakemake
    done = ended(*command, cwd=place, env=env)
    assert done.returncode == 0, done.stderr
    assert bits(place / "out" / "demo") == expected
    # Nothing is left to do.
    again = ended(*command, cwd=place, env=env)
    assert again.returncode == 0 and "Nothing to be done" in again.stderr, again.stderr


def test_snakemake_goes_on_after_a_kill(snakemake, place, expected):
    command, env = snakemake
    partials = place / "out" / "demo.plan" / "partials"
    with running(*command, cwd=place, env=env) as process:
        wait_for("a task is done", lambda: any(partials.glob("*.tally")))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert not (place / "out" / "demo").exists()
    # What a kill costs with Snakemake: its lock has to be taken off.
    assert ended(*command, "--unlock", cwd=place, env=env).returncode == 0
    done = ended(*command, "--rerun-incomplete", cwd=place, env=env)
    assert done.returncode == 0, done.stderr
    assert bits(place / "out" / "demo") == expected


def test_snakemake_with_a_poison_task_does_all_others(snakemake, program, place, expected):
    command, env = snakemake
    plan = place / "out" / "demo.plan"
    # Plan first, so that the harm comes after it.
    done = ended(*command, "--until", "plan", cwd=place, env=env)
    assert done.returncode == 0, done.stderr
    granule = min((place / "data-samples" / "MOD17A3HGF").glob("*.h25v04.*.hdf"))
    whole = granule.read_bytes()
    granule.write_bytes(whole[:1000])
    failed = ended(*command, "--keep-going", cwd=place, env=env)
    assert failed.returncode == 1
    assert "changed after the plan was made" in failed.stderr and granule.name in failed.stderr
    assert call(program, "task", plan, "--list").split() == ["h25v04-r00000"]
    assert not (place / "out" / "demo").exists()
    granule.write_bytes(whole)
    done = ended(*command, cwd=place, env=env)
    assert done.returncode == 0, done.stderr
    assert bits(place / "out" / "demo") == expected


# --- Dask ----------------------------------------------------------------------------------------


def test_dask_on_this_machine(program, place, expected):
    plan = made_plan(program, place / "plan", place)
    recipe = place / RECIPES / "dask_local.py"
    env = environment(program)
    done = ended(sys.executable, recipe, plan, "result", cwd=place, env=env)
    assert done.returncode == 0, done.stderr
    assert "http://127.0.0.1:" in done.stdout
    assert bits(place / "result") == expected
    # The same in cipher; the tasks are kept, the workers add them up.
    text = recipe.read_text()
    assert "ENCRYPTED = False" in text
    recipe.write_text(text.replace("ENCRYPTED = False", "ENCRYPTED = True"))
    done = ended(sys.executable, recipe, plan, "again", cwd=place, env=env)
    assert done.returncode == 0, done.stderr
    assert bits(place / "again") == expected


def test_dask_with_a_poison_task_says_why_and_merges_nothing(program, place, expected):
    plan = made_plan(program, place / "plan", place)
    granule = min((place / "data-samples" / "MOD17A3HGF").glob("*.h25v04.*.hdf"))
    whole = granule.read_bytes()
    granule.write_bytes(whole[:1000])
    command = (sys.executable, place / RECIPES / "dask_local.py", plan, "result")
    env = environment(program)
    failed = ended(*command, cwd=place, env=env)
    assert failed.returncode == 1
    said = failed.stderr[failed.stderr.index("error: ") :]
    assert "h25v04-r00000" in said and granule.name in said, failed.stderr
    # Dask's workers log where it failed; the script itself ends with the message.
    assert "Traceback (most recent call last)" not in failed.stderr
    assert call(program, "task", plan, "--list").split() == ["h25v04-r00000"]
    assert not (place / "result").exists()
    # The rest by the program: half Dask, half not.
    granule.write_bytes(whole)
    call(program, "task", plan, "--all", cwd=place)
    call(program, "merge", plan, "--out", "result", cwd=place)
    assert bits(place / "result") == expected


def test_dask_on_several_machines_with_certificates(program, place, expected):
    plan = made_plan(program, place / "plan", place)
    env = environment(program)
    machines = ("bash", RECIPES / "dask-machines.sh", "meeting")
    client = place / RECIPES / "dask_client.py"
    file = place / "meeting" / "scheduler.json"
    with running(*machines, "scheduler", cwd=place, env=env):
        wait_for("the scheduler has written its file", lambda: file.exists() and file.stat().st_size > 0)
        with running(*machines, "workers", "2", cwd=place, env=env):
            done = ended(*machines, "run", plan, "result", cwd=place, env=env)
            assert done.returncode == 0, done.stderr
            # Without a certificate, and with one of another authority, nobody gets in.
            refused = ended(sys.executable, client, file, plan, "no", cwd=place, env=env)
            assert refused.returncode != 0 and "TLS" in refused.stderr, refused
            ended("bash", RECIPES / "tls-certificates.sh", "other", cwd=place, env=env)
            env = environment(program, DASK_TLS=str(place / "other"))
            refused = ended(sys.executable, client, file, plan, "no", cwd=place, env=env)
            assert refused.returncode != 0 and "TLS certificate does not match" in refused.stderr, refused
    assert bits(place / "result") == expected
    assert not (place / "no").exists()


def test_certificates_are_for_their_owner_alone(place, program):
    folder = place / "tls"
    command = ("bash", RECIPES / "tls-certificates.sh", folder)
    env = environment(program)
    made = ended(*command, cwd=place, env=env)
    assert made.returncode == 0 and "OK" in made.stdout, made
    assert sorted(path.name for path in folder.iterdir()) == ["ca.pem", "cluster-key.pem", "cluster.pem"]
    assert folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())
    before = (folder / "cluster.pem").read_bytes()
    assert "they stay" in ended(*command, cwd=place, env=env).stdout
    assert (folder / "cluster.pem").read_bytes() == before
    # New ones for those that end within a day.
    short = ("bash", RECIPES / "tls-certificates.sh", place / "short", "1")
    for _ in range(2):
        assert "OK" in ended(*short, cwd=place, env=env).stdout


# --- Dask on Slurm -------------------------------------------------------------------------------


@pytest.fixture
def slurm(program: str) -> Iterator[dict[str, str]]:
    """The environment of a Slurm of one node with two processors."""
    # Everyone must be able to come to its socket, so not where pytest puts things.
    folder = Path(tempfile.mkdtemp(prefix="slurm-"))
    can = subprocess.run([ONE_NODE, "can"], capture_output=True, text=True)
    if can.returncode:
        loudly(f"Dask on Slurm is not tried: {can.stderr}")
    started = subprocess.run([ONE_NODE, "start", folder], capture_output=True, text=True, timeout=90)
    if started.returncode:
        loudly(f"Dask on Slurm is not tried, Slurm cannot be started here: {started.stderr}")
    try:
        yield environment(program, SLURM_CONF=str(folder / "slurm.conf"))
    finally:
        subprocess.run([ONE_NODE, "stop", folder], timeout=90)
        shutil.rmtree(folder)


def queue(env: dict[str, str], states: str = "all") -> list[str]:
    answer = ended("squeue", "--noheader", f"--states={states}", "--format=%i", cwd=ROOT, env=env)
    return answer.stdout.split()


def test_a_dask_worker_whose_slurm_job_dies_is_replaced(program, slurm, place, expected):
    plan = made_plan(program, place / "plan", place)
    recipe = place / RECIPES / "dask_jobqueue_slurm.py"
    # The first worker never comes back from its first task; with one job alone, the run comes to
    # its end only if another takes its place.
    notes = place / "notes"
    notes.mkdir()
    first_alone = f"""
import pathlib, dask_setup
if not any(pathlib.Path({str(notes)!r}).iterdir()):
    dask_setup.stop_in_task({str(notes)!r}, "before")
"""
    (place / "first_alone.py").write_text(first_alone)
    env = slurm | {
        "JOBS": "1",
        "DASK_DISTRIBUTED__WORKER__PRELOAD": str([str(place / "first_alone.py")]),
        "PYTHONPATH": str(Path(__file__).parent),
    }
    with running(sys.executable, recipe, plan, "result", cwd=place, env=env) as process:
        wait_for("the worker is in a task", lambda: any(notes.iterdir()))
        (job,) = queue(env, "RUNNING")
        ended("scancel", "--signal=KILL", "--full", job, cwd=place, env=env)
        wait_for("the run has ended", lambda: process.poll() is not None)
        assert process.returncode == 0, [path.read_text() for path in place.glob("log-*.txt")]
    assert bits(place / "result") == expected
    wait_for("its jobs have ended", lambda: not queue(env, "PENDING,RUNNING"))


def test_dask_in_one_slurm_job(program, slurm, place, expected):
    plan = made_plan(program, place / "plan", place)
    submitted = ended(
        *("sbatch", "--wait", "--ntasks=2", "--mem-per-cpu=1G", "--output=dask.log"),
        *(RECIPES / "dask-scheduler-file.sbatch", RECIPES, plan, "result"),
        cwd=place,
        env=slurm,
    )
    log = (place / "dask.log").read_text()
    assert submitted.returncode == 0, log
    assert "tls://" in log and bits(place / "result") == expected
