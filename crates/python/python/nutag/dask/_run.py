"""The driver: gives tasks to Dask, looks at what comes back, and has it added up on the way."""

# Much of Dask has no types.
# mypy: allow-untyped-calls

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any, NamedTuple

from distributed import CancelledError, Client, Future, KilledWorker, as_completed

from .._errors import ArgumentError, ClusterError, NutagError, TaskError, TaskFailures
from .._plan import Done, Plan, Sum
from ._cluster import same_version, seen
from ._tree import Group, Tree
from ._work import do_task, merge_sums, merge_tasks

class Outcome(NamedTuple):
    """A plan, all of whose tasks are done."""

    plan: str
    """Id of the plan."""
    tasks: int
    """Tasks of the plan."""
    made: int
    """Those that were made now; the others were there already."""
    sum: Sum
    """All tasks added up, checked against the plan: exactly its tasks, each once, and its cells.
    `nutag.Plan(plan_dir).total(outcome.sum)` is its table."""
    done: tuple[Done, ...]
    """What the workers told, in the order of the plan: of each task that was not there before."""


def run(
    plan_dir: str | os.PathLike[str],
    client: Client,
    *,
    retries: int = 3,
    fan_in: int = 16,
    resources: Mapping[str, float] | None = None,
    batch: int = 10_000,
    patience_seconds: float = 60.0,
    tell: Callable[[int, int], None] | None = None,
) -> Outcome:
    """Does the tasks of a plan that are not done yet on the workers of `client`.

    Afterwards `nutag merge plan_dir --out RESULT` writes tables, maps and report. Whatever happens
    meanwhile, finished tasks are kept: the same call goes on from there, and so does `nutag task`.

    - `retries`: how often a task that raises is tried again before it counts as failed. A worker
      that dies is no failure: Dask gives its task to another, unless a task has lost more workers
      than `distributed.scheduler.allowed-failures` (3).
    - `fan_in`: how many partials, and then sums, a worker adds up at once.
    - `resources`: what a worker must have to be given a task, such as `{"nutag": 1}` for workers
      started with `--resources nutag=1`. Without such a worker the run waits.
    - `batch`: how many tasks the scheduler knows at a time.
    - `patience_seconds`: how long to wait until a file that a worker left is seen here.
    - `tell`: called with the number of finished tasks and of all, now and whenever some are done.

    On Dask's dashboard the tasks are `nutag-task`, the sums `nutag-merge-tasks` and
    `nutag-merge-sums`. Stopped by Ctrl-C, it cancels what has not begun; what is just being done
    is done to its end and kept.

    Raises `TaskFailures`, which lists each failed task with its message, when all others are done;
    `ClusterError` for workers with another nutag or another folder, or a scheduler that is lost;
    `TaskError` for a folder that is no plan.
    """
    for name, value, least in (("retries", retries, 0), ("fan_in", fan_in, 2), ("batch", batch, 1)):
        if value < least:
            raise ArgumentError(f"{name}: expected at least {least}, found {value}")
    from .. import __version__

    plan = Plan(plan_dir)
    same_version(client, __version__)
    drive = _Drive(plan, client, __version__, retries, fan_in, resources, patience_seconds)
    try:
        return drive.run(batch, tell or (lambda done, all: None))
    except NutagError:
        raise
    except Exception as error:
        if client.status == "running":
            raise
        raise drive.lost(f"{type(error).__name__}: {error}") from error
    finally:
        drive.cancel()


class _Drive:
    """A run: what has been asked for, what has come back."""

    def __init__(
        self,
        plan: Plan,
        client: Client,
        version: str,
        retries: int,
        fan_in: int,
        resources: Mapping[str, float] | None,
        patience_seconds: float,
    ) -> None:
        self._plan = plan
        self._client = client
        # The long ones first, so that none is left when all other workers have nothing more to do.
        tasks = sorted(plan.tasks, key=lambda task: (-task.bytes, task.id))
        self._ids = [task.id for task in tasks]
        if not self._ids:
            raise TaskError(f"{plan.folder}: the plan has no tasks")
        self._tree = Tree(len(self._ids), fan_in)
        self._patience_seconds = patience_seconds
        # What all functions are given beside their parts, and Dask beside the functions.
        self._where: dict[str, Any] = {"folder": plan.folder, "plan_id": plan.id, "version": version}
        self._how: dict[str, Any] = {"retries": retries, "resources": dict(resources or {}) or None, "pure": False}
        # A key of Dask's is a promise that the value is known. Here files are what counts, and they
        # may have gone since, so that no run may be answered with what an earlier one was told.
        self._token = secrets.token_hex(4)
        self._asked: dict[Future[Any], int | Group] = {}
        """What each future that is not back yet is for: a task by its place in the list, or a sum."""
        self._done: dict[int, Done] = {}
        self._failures: dict[str, str] = {}

    def run(self, batch: int, tell: Callable[[int, int], None]) -> Outcome:
        missing = set(self._plan.missing())
        waiting = iter([index for index, id in enumerate(self._ids) if id in missing])
        there = len(self._ids) - len(missing)
        tell(there, len(self._ids))
        coming = as_completed(loop=self._client.loop)
        for index, id in enumerate(self._ids):
            if id not in missing:
                coming.update(self._merge(self._tree.task(index, id)))
        coming.update(self._do(islice(waiting, batch)))
        for futures in coming.batches():
            before = len(self._done)
            for future, part in self._back(futures):
                coming.update(self._take(future, part))
            if len(self._done) > before:
                tell(there + len(self._done), len(self._ids))
            # By halves, so that many go in one message.
            if len(self._asked) <= batch // 2:
                coming.update(self._do(islice(waiting, batch - len(self._asked))))
        if self._failures:
            raise TaskFailures(self._failures, len(self._ids))
        root = self._tree.root
        assert root is not None, "every task is done, and so is every sum"
        self._plan.total(root)
        by_id = {done.id: done for done in self._done.values()}
        done = tuple(by_id[task.id] for task in self._plan.tasks if task.id in by_id)
        made = sum(not one.kept for one in done)
        return Outcome(self._plan.id, len(self._ids), made, root, done)

    def cancel(self) -> None:
        """Takes back what has not begun, and forgets the rest."""
        with suppress(Exception):
            self._client.cancel(list(self._asked))
        # An exception that is kept, as notebooks do, keeps this run; it must not keep its futures.
        self._asked.clear()

    def lost(self, why: str) -> ClusterError:
        """What to say when Dask is gone."""
        return ClusterError(
            f"Dask gave up on this run: {why}\n"
            f"  -> {len(self._ids) - len(self._plan.missing())} of {len(self._ids)} tasks are done and kept; "
            "start scheduler and workers again, and run again"
        )

    def _do(self, indices: Iterable[int]) -> list[Future[Any]]:
        """Asks for tasks."""
        asked = list(indices)
        if not asked:
            return []
        ids = [self._ids[index] for index in asked]
        keys = [self._key("task", id) for id in ids]
        futures = self._client.map(do_task, ids, key=keys, **self._how, **self._where)
        self._asked.update(zip(futures, asked, strict=True))
        return list(futures)

    def _merge(self, groups: Iterable[Group]) -> list[Future[Any]]:
        """Asks for sums, before tasks that wait: so partials are added up as they come."""
        futures = []
        for group in groups:
            # The end cannot be reached any more.
            if self._failures:
                break
            of, merge = ("tasks", merge_tasks) if group.level == 1 else ("sums", merge_sums)
            key = self._key(f"merge-{of}", f"{group.level}.{group.number}")
            future = self._client.submit(
                merge, group.parts, key=key, priority=10, **self._how, **self._where
            )
            self._asked[future] = group
            futures.append(future)
        return futures

    def _key(self, what: str, which: str) -> str:
        # The dashboard groups keys by the words before the first number.
        return f"nutag-{what}-{self._plan.id[:8]}-{which}-{self._token}"

    def _back(self, futures: list[Future[Any]]) -> list[tuple[Future[Any], Done | Sum | BaseException]]:
        """What has become of futures that are done in some way."""
        failed = [(future, future.exception()) for future in futures if future.status == "error"]
        good = [future for future in futures if future.status != "error"]
        try:
            # If a worker died with what it was to tell, Dask has it done again, and finds it done.
            return [*failed, *zip(good, self._client.gather(good), strict=True)]
        except CancelledError as error:
            raise self.lost(str(error) or "tasks were cancelled from outside") from error

    def _take(self, future: Future[Any], part: Done | Sum | BaseException) -> list[Future[Any]]:
        """Takes what one future gave, and asks for what can be done now."""
        what = self._asked.pop(future)
        if isinstance(part, ClusterError):
            # Every task would say the same.
            raise part
        if isinstance(part, BaseException):
            name = self._ids[what] if isinstance(what, int) else _name(what)
            self._failures[name] = _said(part)
            return []
        seen(self._plan, part, self._patience_seconds)
        if isinstance(part, Done):
            assert isinstance(what, int)
            self._done[what] = part
            return self._merge(self._tree.task(what, part.id))
        assert isinstance(what, Group)
        return self._merge(self._tree.sum(what, part))


def _name(group: Group) -> str:
    ends = [part if isinstance(part, str) else part.name for part in (group.parts[0], group.parts[-1])]
    return f"the sum of {ends[0]} to {ends[1]}"


def _said(error: BaseException) -> str:
    """The message of an exception that came from a worker, for people."""
    if isinstance(error, KilledWorker):
        return (
            f"{error.allowed_failures + 1} workers died that were doing it, or on which it waited\n"
            "  -> was it memory? Then give workers more of it, or none of Dask's limits: `--memory-limit 0`. "
            "Where workers come and go, raise `distributed.scheduler.allowed-failures` on the scheduler"
        )
    # nutag's own say what is wrong; of others the kind says more than the words.
    return str(error) if isinstance(error, NutagError) else f"{type(error).__name__}: {error}"
