"""The compiled half of the package. Use `nutag`; nothing here is promised to stay."""

import os
from pathlib import Path
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from ._trend import CellTrends

__all__ = [
    "Batch",
    "File",
    "Plan",
    "_panic_for_test",
    "benjamini_hochberg",
    "read_table",
    "trend",
    "trend_cells",
]

@final
class File:
    def __new__(cls, path: str | os.PathLike[str]) -> File: ...
    def datasets(
        self,
    ) -> list[
        tuple[str, list[int], str | None, list[str], str, str | None, list[int] | None]
    ]: ...
    def attributes(self, index: int | None) -> list[tuple[str, Any]]: ...
    def grids(
        self,
    ) -> list[
        tuple[
            str,
            tuple[int, int],
            tuple[float, float] | None,
            tuple[float, float] | None,
            str,
            list[float],
            int | None,
            list[str],
        ]
    ]: ...
    def find(self, name: str) -> int: ...
    def stored_bytes(self, index: int) -> int: ...
    def largest_bytes(self) -> int: ...
    def read_into(
        self, index: int, start: list[int], count: list[int], out: NDArray[Any]
    ) -> tuple[int, int]: ...

@final
class Batch:
    def rows(self) -> int: ...
    def stream(self) -> object: ...
    def schema(self) -> object: ...

@final
class Plan:
    def __new__(cls, folder: str | os.PathLike[str]) -> Plan: ...
    def describe(
        self,
    ) -> tuple[
        str, str, int, list[str], list[str], list[str], list[str], tuple[str, str]
    ]: ...
    def tasks(self) -> list[tuple[str, int, int, bool]]: ...
    def missing(self) -> list[str]: ...
    def run(self, id: str, threads: int) -> tuple[str, str, int, bool]: ...
    def merge_tasks(self, ids: list[str]) -> tuple[str, str, int, int]: ...
    def merge_sums(self, sums: list[tuple[str, str]]) -> tuple[str, str, int, int]: ...
    def file_of_task(self, id: str) -> Path: ...
    def file_of_sum(self, name: str) -> Path: ...
    def total(
        self, whole: tuple[str, str] | None, threads: int
    ) -> tuple[Batch, int, int]: ...

def read_table(
    folder: str | os.PathLike[str], name: str
) -> tuple[Batch, list[tuple[str, str, str, str]]]: ...
def trend(
    times: list[float], values: list[float], level: float
) -> tuple[
    int,
    int,
    float,
    float,
    float,
    tuple[float, float, float, str],
    int,
    int,
    float,
    str,
]: ...
def trend_cells(
    times: list[int],
    stack: NDArray[np.generic],
    valid: NDArray[np.generic] | None,
    threads: int,
) -> CellTrends: ...
def benjamini_hochberg(p: NDArray[np.float64], q: float) -> tuple[int, int, float | None]: ...
def _panic_for_test(text: str, elsewhere: bool = False) -> None: ...
