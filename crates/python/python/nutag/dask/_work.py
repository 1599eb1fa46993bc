"""What workers do. Functions of a module, so that what travels is a name and a few short texts."""

from __future__ import annotations

from collections.abc import Sequence

from .._errors import ClusterError, TaskError
from .._plan import Done, Plan, Sum


def do_task(id: str, folder: str, plan_id: str, version: str) -> Done:
    """Does the task `id` of the plan in `folder`, unless it is done.

    It may be done twice, by two workers at once even: both leave the same file, under its name
    only when it is whole. So Dask may lose workers, steal and repeat as it likes.

    Raises `TaskError` for what is wrong with plan, granule or disk, and `ClusterError` where this
    worker has another version of nutag or another plan than the one who asks.
    """
    return _plan(folder, plan_id, version).run(id)


def merge_tasks(ids: Sequence[str], folder: str, plan_id: str, version: str) -> Sum:
    """Adds up some finished tasks and keeps the sum. Raises as `do_task`."""
    plan = _plan(folder, plan_id, version)
    try:
        return plan.merge(list(ids))
    except TaskError:
        # A partial has been damaged or removed since it was made. Whole ones are only read.
        for id in ids:
            plan.run(id)
        return plan.merge(list(ids))


def merge_sums(sums: Sequence[Sum], folder: str, plan_id: str, version: str) -> Sum:
    """Adds up sums and keeps the new one. Raises as `do_task`."""
    return _plan(folder, plan_id, version).merge(list(sums))


def _plan(folder: str, plan_id: str, version: str) -> Plan:
    """The plan, if it is the one that is meant. Workers come late and live long, so each task looks."""
    from .. import __version__

    if __version__ != version:
        raise ClusterError(
            f"expected nutag {version}, as the client has, found {__version__} on this worker\n"
            "  -> install the same wheel everywhere, and start the workers again"
        )
    plan = Plan(folder)
    if plan.id != plan_id:
        raise ClusterError(
            f"{folder}: expected the plan {plan_id[:8]}, found {plan.id[:8]} on this worker\n"
            "  -> was it made again meanwhile? Then start again; else let all machines see the same folder"
        )
    return plan
