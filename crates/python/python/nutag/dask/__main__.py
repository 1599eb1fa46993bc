"""`python -m nutag.dask`: the tasks of a plan on Dask, for those who write no script."""

# Much of Dask has no types.
# mypy: allow-untyped-calls

from __future__ import annotations

import argparse
import os
import sys
from contextlib import ExitStack
from time import monotonic, sleep

from distributed import Client, LocalCluster, Security

from .. import ArgumentError, ClusterError, NutagError, __version__
from . import run

PATIENCE_SECONDS = 60
"""For a scheduler that is just being started."""

LIMITS = """
Only names and checksums travel: plan folder and granules must be seen by all machines under the
same paths. --local starts its workers without a memory limit of Dask's, which would kill them
rather than spill, for tasks leave no data with Dask; a task of `nutag plan` says what it reads.
Dask asks nobody who they are: on a network with other people give the three --tls options.

Exit codes: 0 all tasks are done; 1 some failed, or it was stopped: what is finished is kept, and the
same command goes on; 2 asked wrongly.
"""


def main(arguments: list[str] | None = None) -> int:
    """Parses, runs, says what came of it; returns the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        with ExitStack() as stack:
            client = stack.enter_context(_client(asked, stack))
            _say(f"dashboard: {client.dashboard_link}")
            outcome = run(
                asked.plan,
                client,
                retries=asked.retries,
                fan_in=asked.fan_in,
                tell=_Progress(),
            )
    except KeyboardInterrupt:
        _say("stopped; finished tasks are kept, and the same command goes on from there")
        return 1
    except ArgumentError as error:
        _say(f"error: {error}")
        return 2
    except (NutagError, OSError) as error:
        _say(f"error: {error}")
        return 1
    print(
        f"{outcome.tasks} tasks done, {outcome.made} of them now; plan {outcome.plan[:8]}, "
        f"sum {outcome.sum.sha256}"
    )
    _say(f"  -> nutag merge {asked.plan} --out RESULT")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m nutag.dask",
        description="Does the tasks of a plan that are not done yet on a Dask cluster.",
        epilog=LIMITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("plan", metavar="PLAN", help="folder that `nutag plan` made")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--local", type=_count, metavar="N", help="N processes on this machine, a thread each")
    where.add_argument("--address", metavar="URL", help="of a scheduler, such as tcp://10.0.0.5:8786")
    where.add_argument("--scheduler-file", metavar="FILE", help="that `dask scheduler` has written")
    parser.add_argument("--tls-ca", metavar="FILE", help="certificate of the authority")
    parser.add_argument("--tls-cert", metavar="FILE", help="certificate of this client")
    parser.add_argument("--tls-key", metavar="FILE", help="its key")
    parser.add_argument("--retries", type=int, default=3, metavar="N", help="of a task that fails (3)")
    parser.add_argument("--fan-in", type=int, default=16, metavar="N", help="partials added up at once (16)")
    parser.add_argument("--version", action="version", version=f"nutag {__version__}")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _client(asked: argparse.Namespace, stack: ExitStack) -> Client:
    tls = [asked.tls_ca, asked.tls_cert, asked.tls_key]
    if any(tls) and not all(tls):
        _parser().error("--tls-ca, --tls-cert and --tls-key belong together")
    if asked.local:
        if any(tls):
            _parser().error("--local listens on this machine alone; --tls-... are for --address and --scheduler-file")
        cluster = stack.enter_context(
            LocalCluster(
                n_workers=asked.local,
                threads_per_worker=1,
                memory_limit=0,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:8787",
            )
        )
        return Client(cluster)
    security = None
    if all(tls):
        ca, cert, key = tls
        security = Security(
            tls_ca_file=ca, tls_client_cert=cert, tls_client_key=key, require_encryption=True
        )
    try:
        if asked.address:
            return Client(asked.address, security=security, timeout=PATIENCE_SECONDS)
        _wait_for(asked.scheduler_file)
        return Client(scheduler_file=asked.scheduler_file, security=security, timeout=PATIENCE_SECONDS)
    except (RuntimeError, TypeError, ValueError) as error:
        # Dask's ways to say that an address means nothing, or wants certificates.
        raise ClusterError(
            f"the scheduler cannot be asked: {error}\n"
            "  -> a scheduler at tls://... wants --tls-ca, --tls-cert and --tls-key"
        ) from error


def _wait_for(file: str) -> None:
    """Dask itself would wait without end and without a word."""
    end = monotonic() + PATIENCE_SECONDS
    while not os.path.exists(file):
        if monotonic() >= end:
            raise ClusterError(
                f"{file}: no scheduler has written this file in {PATIENCE_SECONDS} s\n"
                "  -> start one with `dask scheduler --scheduler-file FILE`, in a folder that this machine sees"
            )
        sleep(0.2)


class _Progress:
    """A line now and then: at the ends, and at most every ten seconds between."""

    EVERY_SECONDS = 10.0

    def __init__(self) -> None:
        self._next = 0.0

    def __call__(self, done: int, tasks: int) -> None:
        now = monotonic()
        if now >= self._next or done == tasks:
            _say(f"{done} of {tasks} tasks are done")
            self._next = now + self.EVERY_SECONDS


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
