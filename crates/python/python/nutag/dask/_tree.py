"""Which parts are added up together: neighbours in the order in which tasks are given out, some at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .._plan import Sum

Part = str | Sum
"""The id of a finished task, or a sum."""


class Group(NamedTuple):
    """Parts that are all there and can be added up."""

    level: int
    """1 adds up tasks, every other sums."""
    number: int
    """Of the group in its level."""
    parts: tuple[Part, ...]


class Tree:
    """Takes parts as they come, in any order, and gives back groups as they become complete.

    The shape follows from the number of tasks alone, so sums have the same names in every run.
    """

    def __init__(self, tasks: int, fan_in: int) -> None:
        self._fan_in = fan_in
        self._open: list[list[list[Part | None]]] = []
        """For each level its groups, with None for what has not come."""
        parts = tasks
        while not self._open or parts > 1:
            sizes = [min(fan_in, parts - first) for first in range(0, parts, fan_in)]
            self._open.append([[None] * size for size in sizes])
            parts = len(sizes)
        self.root: Sum | None = None
        """The sum of all, once it has come."""

    def task(self, index: int, id: str) -> Iterator[Group]:
        """A task is done; `index` is its place in the list of all."""
        yield from self._put(0, index, id)

    def sum(self, group: Group, sum: Sum) -> Iterator[Group]:
        """A group has been added up."""
        yield from self._put(group.level, group.number, sum)

    def _put(self, level: int, index: int, part: Part) -> Iterator[Group]:
        if level == len(self._open):
            assert isinstance(part, Sum)
            self.root = part
            return
        number, place = divmod(index, self._fan_in)
        group = self._open[level][number]
        group[place] = part
        parts = tuple(part for part in group if part is not None)
        if len(parts) < len(group):
            return
        if len(parts) == 1 and isinstance(part, Sum):
            # One alone has nothing to be added to.
            yield from self._put(level + 1, number, part)
        else:
            yield Group(level + 1, number, parts)
