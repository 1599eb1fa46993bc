"""What is lost on the way is done again, and what is finished is not: workers, the scheduler, the driver."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import dask
import dask_setup as setup
import nutag
import nutag.dask
import pytest
from distributed import Client
from nutag.dask import __main__ as command

pytestmark = pytest.mark.filterwarnings("default::ResourceWarning", "default::DeprecationWarning")


@pytest.fixture
def plan(program: str, tmp_path: Path) -> Path:
    return setup.made_plan(program, tmp_path / "plan")


def kill_in_task(client: Client, plan: Path, notes: Path, when: str) -> nutag.dask.Outcome:
    """Runs a plan, and kills one of two workers that is in a task."""
    client.wait_for_workers(2, timeout=60)
    victim, _ = sorted(client.scheduler_info()["workers"])
    pid = client.run(os.getpid, workers=[victim])[victim]
    client.run(setup.stop_in_task, str(notes), when, workers=[victim])
    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(nutag.dask.run, plan, client, fan_in=2)
        setup.until((notes / str(pid)).exists, "the worker is in a task")
        os.kill(pid, signal.SIGKILL)
        return running.result(timeout=120)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_is_killed_in_a_task(when, program, plan, tmp_path, demo):
    with setup.cluster() as cluster, Client(cluster) as client:
        outcome = kill_in_task(client, plan, tmp_path, when)
    assert outcome.tasks == 7
    # Killed after its work but before it could say so: its partial is there and is kept.
    assert outcome.made == (7 if when == "before" else 6)
    assert setup.merged(program, plan) == setup.bits(demo)


def test_a_task_that_kills_its_workers_is_given_up(program, plan, tmp_path, demo):
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        setup.cluster() as cluster,
        Client(cluster) as client,
    ):
        with pytest.raises(nutag.TaskFailures, match="allowed-failures") as caught:
            kill_in_task(client, plan, tmp_path, "before")
        (killer,) = (note.read_text() for note in tmp_path.iterdir() if note.name.isdigit())
        # Dask also suspects what only waited on that worker.
        lost = list(caught.value.failures)
        assert killer in lost and len(lost) <= 3
        assert sorted(nutag.Plan(plan).missing()) == lost
        assert nutag.dask.run(plan, client).made == len(lost)
    assert setup.merged(program, plan) == setup.bits(demo)


class Office:
    """A scheduler and two workers as processes of their own, whose tasks wait at a gate."""

    def __init__(self, folder: Path, stack: ExitStack, *tls: str) -> None:
        self.file = folder / "scheduler.json"
        self.gate = folder / "gate"
        self.gate.mkdir()
        self._stack = stack
        local = ["--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0", "--scheduler-file", str(self.file), *tls]
        self.scheduler = self.start("distributed.cli.dask_scheduler", "--port", "0", *local)
        setup.until(self.file.exists, "the scheduler is there")
        gate = ["--preload", str(Path(setup.__file__))]
        limits = ["--nthreads", "1", "--no-nanny", "--memory-limit", "0"]
        self.workers = [
            self.start("distributed.cli.dask_worker", *local, *limits, *gate) for _ in range(2)
        ]

    def start(self, *module: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", *module],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.gate,
            env={**os.environ, "NUTAG_TEST_GATE": str(self.gate)},
        )
        self._stack.callback(end, process)
        return process

    def drive(self, plan: Path, *more: str) -> subprocess.Popen[str]:
        return self.start("nutag.dask", str(plan), "--scheduler-file", str(self.file), "--fan-in", "2", *more)

    def both_wait(self) -> bool:
        return len(list(self.gate.glob("waits-*"))) == 2


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_the_scheduler_is_killed_and_all_is_started_again(program, plan, tmp_path, stack, demo):
    first = tmp_path / "first"
    first.mkdir()
    office = Office(first, stack)
    driver = office.drive(plan)
    setup.until(office.both_wait, "three tasks are done, and both workers wait at the gate")
    kept = setup.partials(plan)
    # The last two may have been begun at once.
    assert 3 <= len(kept) <= 4
    office.scheduler.kill()
    said = driver.communicate(timeout=120)[1]
    assert driver.returncode == 1
    assert "Dask gave up on this run" in said and f"{len(kept)} of 7 tasks are done and kept" in said, said
    for worker in office.workers:
        end(worker)
    assert setup.partials(plan) == kept

    second = tmp_path / "second"
    second.mkdir()
    office = Office(second, stack)
    (office.gate / "open").touch()
    driver = office.drive(plan)
    out, said = driver.communicate(timeout=120)
    assert driver.returncode == 0, said
    assert re.match(rf"7 tasks done, {7 - len(kept)} of them now; plan [0-9a-f]{{8}}, sum [0-9a-f]{{64}}\n", out), out
    assert kept.items() <= setup.partials(plan).items()
    assert setup.merged(program, plan) == setup.bits(demo)


def test_the_driver_is_stopped_and_started_again(program, plan, tmp_path, stack, demo):
    office = Office(tmp_path, stack)
    driver = office.drive(plan)
    setup.until(office.both_wait, "three tasks are done, and both workers wait at the gate")
    kept = setup.partials(plan)
    driver.send_signal(signal.SIGINT)
    said = driver.communicate(timeout=60)[1]
    assert driver.returncode == 1
    assert "stopped; finished tasks are kept" in said and "Traceback" not in said, said
    with Client(scheduler_file=str(office.file)) as client:
        # What had begun goes on to its end; nothing new begins.
        (office.gate / "open").touch()
        # Pickled as it is, for the scheduler knows nothing of this file.
        left = lambda dask_scheduler: len(dask_scheduler.tasks)
        setup.until(lambda: client.run_on_scheduler(left) == 0, "Dask forgets the run")
        setup.until(lambda: not any(client.processing().values()), "the workers come to rest")
    assert len(setup.partials(plan)) <= len(kept) + 2
    assert kept.items() <= setup.partials(plan).items()
    driver = office.drive(plan)
    out, said = driver.communicate(timeout=120)
    assert driver.returncode == 0, said
    assert setup.merged(program, plan) == setup.bits(demo)


def test_the_command_with_certificates(program, plan, tmp_path, stack, demo):
    ca, key, cert = (str(tmp_path / name) for name in ("ca.pem", "key.pem", "cert.pem"))
    new = ("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    setup.call(*new, "-x509", "-days", "2", "-subj", "/CN=a", "-keyout", f"{ca}.key", "-out", ca)
    setup.call(*new, "-subj", "/CN=b", "-keyout", key, "-out", f"{cert}.csr")
    sign = ("openssl", "x509", "-req", "-CA", ca, "-CAkey", f"{ca}.key", "-CAcreateserial", "-days", "2")
    setup.call(*sign, "-in", f"{cert}.csr", "-out", cert)
    office = Office(
        tmp_path, stack, "--protocol", "tls", "--tls-ca-file", ca, "--tls-cert", cert, "--tls-key", key
    )
    (office.gate / "open").touch()
    assert '"address": "tls://127.0.0.1' in office.file.read_text()
    without = office.drive(plan)
    said = without.communicate(timeout=120)[1]
    assert without.returncode == 1
    assert "wants --tls-ca, --tls-cert and --tls-key" in said and "Traceback" not in said, said
    assert not setup.partials(plan)
    driver = office.drive(plan, "--tls-ca", ca, "--tls-cert", cert, "--tls-key", key)
    out, said = driver.communicate(timeout=120)
    assert driver.returncode == 0, said
    assert out.startswith("7 tasks done, 7 of them now")
    assert setup.merged(program, plan) == setup.bits(demo)


def test_the_command_on_this_machine(program, plan, demo):
    done = subprocess.run(
        [sys.executable, "-m", "nutag.dask", plan, "--local", "2"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("7 tasks done, 7 of them now")
    assert "7 of 7 tasks are done" in done.stderr and f"nutag merge {plan}" in done.stderr
    assert setup.merged(program, plan) == setup.bits(demo)


def test_the_command_says_what_was_asked_wrongly(plan, tmp_path):
    def said(*arguments: str | Path) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "nutag.dask", *arguments], capture_output=True, text=True, timeout=120
        )
        return done.returncode, done.stderr

    assert said(plan)[0] == 2
    code, text = said(plan, "--address", "tls://127.0.0.1:1", "--tls-ca", "ca.pem")
    assert code == 2 and "belong together" in text
    code, text = said(tmp_path, "--local", "1")
    assert code == 1 and "expected a plan folder" in text and "Traceback" not in text


def test_the_command_does_not_wait_for_ever(plan, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "PATIENCE_SECONDS", 0.5)
    assert command.main([str(plan), "--scheduler-file", str(tmp_path / "none.json")]) == 1
    assert "no scheduler has written this file in 0.5 s" in capsys.readouterr().err
