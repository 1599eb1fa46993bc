"""What can go wrong, by what a caller can do about it."""

from __future__ import annotations

from collections.abc import Mapping

_MOST_LINES = 20
"""Of a list in a message."""


class NutagError(Exception):
    """Base of the exceptions that say: this cannot be done with what was given."""


class ArgumentError(NutagError, ValueError):
    """An argument that means nothing here: another shape, type or range than expected."""


class GranuleError(NutagError):
    """A granule that is damaged, cut short, no HDF4, or without what was asked for."""


class TableError(NutagError):
    """A result folder without the table asked for, or one that is damaged."""


class TaskError(NutagError):
    """A plan, a task or a merge that cannot go on; the message says what to do."""


class TaskFailures(TaskError):
    """Some tasks of a run failed; all others are done, and their partials kept."""

    def __init__(self, failures: Mapping[str, str], tasks: int) -> None:
        self.failures: dict[str, str] = dict(sorted(failures.items()))
        """The message of each by the id of the task, or by the name of a sum of tasks."""
        self.tasks: int = tasks
        """Tasks of the plan."""
        lines = [f"{id}: {message}" for id, message in self.failures.items()]
        if len(lines) > _MOST_LINES:
            lines[_MOST_LINES:] = [f"and {len(lines) - _MOST_LINES} more"]
        super().__init__(
            f"{len(self.failures)} failed in a plan of {tasks} tasks; what did not is done and kept:\n"
            + "\n".join(lines)
            + "\n  -> mend what they name and start again: what is done is not done twice"
        )

    def __reduce__(self) -> tuple[type[TaskFailures], tuple[dict[str, str], int]]:
        return (TaskFailures, (self.failures, self.tasks))


class ClusterError(NutagError):
    """A cluster that cannot do the work: with another nutag, another folder, or lost."""


class InternalError(RuntimeError):
    """A fault in Nutag itself (a panic of its Rust code), whatever it was given."""


class MissingChunksWarning(UserWarning):
    """Cells were never written to the file, and it does not say which number stands for missing."""


# Users meet them as `nutag.GranuleError` and so on, also where they are pickled.
for _error in (
    NutagError,
    ArgumentError,
    GranuleError,
    TableError,
    TaskError,
    TaskFailures,
    ClusterError,
    InternalError,
    MissingChunksWarning,
):
    _error.__module__ = "nutag"
