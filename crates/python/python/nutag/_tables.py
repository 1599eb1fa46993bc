"""The tables of a result folder as Arrow, for pandas, polars, pyarrow and whatever takes Arrow."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple

from . import _native
from ._errors import TableError


class Column(NamedTuple):
    """A column of a table."""

    name: str
    kind: str
    """`text`, `integer` (64 bits) or `number` (64-bit float)."""
    unit: str
    """Empty for text and plain counts."""
    description: str
    """What it is, and what missing means."""


class Table:
    """A table of a result, typed as the result says, missing values null.

    It holds its rows as Arrow and hands them over without a copy: `pandas.DataFrame.from_arrow(t)`,
    `polars.DataFrame(t)`, `pyarrow.table(t)`. Unit and description of each column are in the
    metadata of its Arrow field.
    """

    def __init__(self, folder: Path, name: str, title: str, keys: tuple[str, ...]) -> None:
        self._rows, columns = _native.read_table(folder, name)
        self.name: str = name
        """`tables/<name>.csv` holds it."""
        self.title: str = title
        """What it shows."""
        self.keys: tuple[str, ...] = keys
        """The columns that tell its rows from one another, such as region, zone and year."""
        self.columns: tuple[Column, ...] = tuple(Column(*column) for column in columns)

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
        return f"<nutag.Table '{self.name}': {self.title}; {len(self)} rows of {len(self.columns)} columns>"


def tables(result: str | os.PathLike[str]) -> dict[str, Table]:
    """All tables of a result folder (the `--out` of `nutag run`) by name.

    Raises `TableError` if the folder is no finished result, or is damaged.
    """
    return {name: _table(Path(result), name, *of) for name, of in _listed(result).items()}


def table(result: str | os.PathLike[str], name: str) -> Table:
    """One table of a result folder. Raises as `tables`, and if there is none of this name."""
    listed = _listed(result)
    if name not in listed:
        raise TableError(f"{os.fspath(result)}: no table is called '{name}'; there are {', '.join(listed)}")
    return _table(Path(result), name, *listed[name])


def _table(result: Path, name: str, title: str, keys: tuple[str, ...]) -> Table:
    return Table(result / "tables", name, title, keys)


def _listed(result: str | os.PathLike[str]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Title and keys of each table, from the manifest, which is written last."""
    manifest = Path(result) / "manifest.json"
    try:
        text = manifest.read_text(encoding="utf-8")
    except OSError as error:
        raise TableError(
            f"{manifest}: cannot be read: {error.strerror}; expected the folder of a finished `nutag run`"
        ) from error
    try:
        listed = json.loads(text)["tables"]
        return {one["name"]: (one["title"], tuple(one["keys"])) for one in listed}
    except (ValueError, KeyError, TypeError) as error:
        raise TableError(
            f"{manifest}: expected the manifest of a result of this version, found {error!r}; run it again"
        ) from error
