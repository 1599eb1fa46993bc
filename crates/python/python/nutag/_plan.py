"""Plans on disk: their tasks, done anywhere, and what they add up to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from . import _native
from ._errors import ArgumentError


class Task(NamedTuple):
    """A task of a plan: a band of rows of one tile with all its periods."""

    id: str
    """Such as `h25v04-r00000`."""
    cells: int
    """Cells of interest that it visits."""
    bytes: int
    """Bytes that it reads from granules."""
    whole: bool
    """Whether the layers of its tile can only be read whole; it then needs memory for all cells of
    the tile in all periods."""


class Done(NamedTuple):
    """A task that is done. Its partial is in the plan folder; this is all that needs to travel."""

    id: str
    sha256: str
    """Of the file of its tallies. The same task always leaves the same file."""
    bytes: int
    """Length of that file."""
    kept: bool
    """Whether it was done already."""


class Sum(NamedTuple):
    """What some tasks of a plan add up to, kept in the plan folder; this is all that needs to travel."""

    name: str
    """Follows from the tasks in it."""
    sha256: str
    """Of its file. The same tasks always add up to the same file, in whichever order and however
    they were grouped, so that of all tasks is the identity of the merged result."""
    bytes: int
    """Length of that file."""
    tasks: int
    """How many are in it."""


class Total:
    """The tallies of a whole plan: a table by region, zones of both epochs, and period.

    Every number is exact: counts and areas are 64-bit integers, the two sums that can be longer
    are decimals without a fraction. `masked_<reason>_cells` and `_area_cm2` say why the rest does
    not count; in each row `cells` is `valid_cells` and all masked cells together. A region or zone
    is null outside of all. Hand it to pandas, polars or pyarrow as a `nutag.Table`.
    """

    def __init__(self, rows: _native.Batch, cells: int, tasks: int) -> None:
        self._rows = rows
        self.cells: int = cells
        """Cells of the area of interest."""
        self.tasks: int = tasks
        """Tasks of the plan, all of which are in it."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The rows, by Arrow's PyCapsule interface. They come in their own types."""
        return self._rows.stream()

    def __arrow_c_schema__(self) -> object:
        """The types, by Arrow's PyCapsule interface."""
        return self._rows.schema()

    def __len__(self) -> int:
        """Number of rows."""
        return self._rows.rows()

    def __repr__(self) -> str:
        return f"<nutag.Total of {self.tasks} tasks, {self.cells} cells: {len(self)} rows>"


class Plan:
    """A folder that `nutag plan PIPELINE.toml --out DIR` made.

    It may be opened by any number of processes on machines that see the folder and the granules
    under the same paths, and it can be pickled: only the path travels. Calls let other threads of
    Python run, and Ctrl-C stops them.

    Everything raises `TaskError` for a folder that is no plan, was made by another version, or was
    spoilt; the message says what to do.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder: str = os.path.abspath(folder)
        """Where it is."""
        self._native = _opened(self.folder)
        described = self._native.describe()
        self.id: str = described[0]
        """SHA-256 of `plan.json`, which names everything else by its own."""
        self.pipeline: str = described[1]
        """The pipeline file, as it was named."""
        self.cells: int = described[2]
        """Cells of the area of interest: what all tasks together visit."""
        self.periods: tuple[str, ...] = tuple(described[3])
        """In order of time."""
        self.regions: tuple[str, ...] = tuple(described[4])
        self.zones_from: tuple[str, ...] = tuple(described[5])
        """Of the first epoch."""
        self.zones_to: tuple[str, ...] = tuple(described[6])
        """Of the second epoch."""
        self.epochs: tuple[str, str] = described[7]

    @property
    def tasks(self) -> tuple[Task, ...]:
        """All tasks, in the order of the plan."""
        return tuple(Task(*task) for task in self._native.tasks())

    def missing(self) -> list[str]:
        """Ids of tasks that have left no partial yet. Looks at the folder each time."""
        return self._native.missing()

    def run(self, id: str, threads: int = 1) -> Done:
        """Does a task, unless it is done, and leaves its partial in the folder.

        The same bits come out on any number of `threads`, on any machine. Raises `TaskError`, with
        the id, for a granule that is damaged, gone or not what was planned; no other task is harmed.
        """
        return Done(*self._native.run(id, _threads(threads)))

    def merge(self, parts: Sequence[str] | Sequence[Done] | Sequence[Sum]) -> Sum:
        """Adds up tasks that are done (ids or `Done`), or sums of them, and keeps the sum.

        The order does not matter. Raises `TaskError` with the id for a task that is not done, comes
        twice, or whose partial is damaged or of another plan, and for a sum that is not the one its
        maker told of.
        """
        sums = [part for part in parts if isinstance(part, Sum)]
        if not sums:
            ids = [part.id if isinstance(part, Done) else part for part in parts]
            wrong = [id for id in ids if not isinstance(id, str)]
            if wrong:
                raise ArgumentError(f"parts: expected ids, Done or Sum, found {wrong[0]!r}")
            return Sum(*self._native.merge_tasks([str(id) for id in ids]))
        if len(sums) != len(parts):
            raise ArgumentError("parts: expected tasks or sums of tasks, found both; merge the tasks first")
        return Sum(*self._native.merge_sums([(sum.name, sum.sha256) for sum in sums]))

    def file(self, part: str | Done | Sum) -> str:
        """Where the tallies of a task (its id or `Done`), or a sum, are or would be."""
        if isinstance(part, Sum):
            return os.fspath(self._native.file_of_sum(part.name))
        return os.fspath(self._native.file_of_task(part.id if isinstance(part, Done) else part))

    def total(self, whole: Sum | None = None, threads: int = 1) -> Total:
        """The tallies of the whole plan: of a sum of all tasks, or straight from their partials.

        Requires exactly the planned tasks, each once, and the planned number of cells. Raises
        `TaskError` with the ids that are missing, there twice, damaged or of another plan.
        `nutag merge` makes the tables, maps and report of it.
        """
        named = None if whole is None else (whole.name, whole.sha256)
        return Total(*self._native.total(named, _threads(threads)))

    def __reduce__(self) -> tuple[type[Plan], tuple[str]]:
        return (Plan, (self.folder,))

    def __repr__(self) -> str:
        return f"<nutag.Plan '{self.folder}': {self.pipeline}, {len(self.tasks)} tasks>"


def run_task(plan: str | os.PathLike[str], id: str, threads: int = 1) -> Done:
    """Does a task of the plan in this folder: `Plan(plan).run(id, threads)`.

    Takes and gives only what can travel between machines. The plan stays open in the process, and
    is opened anew when it was made again meanwhile.
    """
    return Plan(plan).run(id, threads)


def merge_partials(
    plan: str | os.PathLike[str], parts: Sequence[str] | Sequence[Done] | Sequence[Sum]
) -> Sum:
    """Adds up tasks that are done, or sums of them: `Plan(plan).merge(parts)`."""
    return Plan(plan).merge(parts)


def _opened(folder: str) -> _native.Plan:
    try:
        now = os.stat(os.path.join(folder, "plan.json"))
        stamp = (now.st_ino, now.st_size, now.st_mtime_ns)
    except OSError:
        stamp = (0, 0, 0)
    return _kept(folder, stamp)


@lru_cache(maxsize=8)
def _kept(folder: str, stamp: tuple[int, int, int]) -> _native.Plan:
    return _native.Plan(folder)


def _threads(threads: int) -> int:
    if not 1 <= threads <= 1024:
        raise ArgumentError(f"threads: expected 1 to 1024, found {threads}")
    return threads
