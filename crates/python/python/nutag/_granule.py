"""HDF4 and HDF-EOS granules as numpy arrays."""

from __future__ import annotations

import os
import warnings
from types import TracebackType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import _native
from ._errors import ArgumentError, GranuleError, MissingChunksWarning

Window = slice | tuple[slice, ...]
"""Which part of a data set: a slice without a step for each dimension, as numpy takes them."""

Attribute = str | bytes | int | float | NDArray[Any]
"""A text, one number, several numbers, or bytes of a type that is not read."""


class Grid(NamedTuple):
    """Where the data sets of an HDF-EOS grid lie, as its `StructMetadata` says."""

    name: str
    """For example `MOD_Grid_MOD17A3H`. Producers rename grids; find data sets by their own name."""
    shape: tuple[int, int]
    """Rows, columns."""
    upper_left: tuple[float, float] | None
    """x, y of the outer corner of the first cell: metres, or packed degrees (DDDMMMSSS.SS) for a
    geographic grid. None if the file leaves it to the projection."""
    lower_right: tuple[float, float] | None
    """x, y of the outer corner of the last cell."""
    projection: str
    """For example `GCTP_SNSOID`, the sinusoidal projection of MODIS."""
    projection_parameters: tuple[float, ...]
    """The 13 numbers of GCTP; for sinusoidal grids the first is the radius of the sphere in metres."""
    sphere_code: int | None
    """Of GCTP."""
    fields: tuple[str, ...]
    """Names of its data sets."""


class Dataset:
    """One data set of a granule: what is known of it, and its numbers when they are asked for."""

    def __init__(self, file: _Open, index: int) -> None:
        self._file = file
        self._index = index
        name, shape, dtype, dimensions, layout, coder, chunks = file.described[index]
        self.name: str = name
        """Exactly as stored."""
        self.shape: tuple[int, ...] = tuple(shape)
        """Length of each dimension, slowest first."""
        self.dimensions: tuple[str, ...] = tuple(dimensions)
        """Their names; empty where the file gives none."""
        self.storage: str = layout if coder is None else f"{layout}, {coder}"
        """How the numbers lie in the file, for example `chunked, deflate`."""
        self.chunks: tuple[int, ...] | None = None if chunks is None else tuple(chunks)
        """Shape of a chunk; None where the file has none. Windows along chunks are read fastest."""
        self._dtype = dtype

    @property
    def dtype(self) -> np.dtype[Any]:
        """The file's own type of number; `read` converts nothing.

        Raises `GranuleError` for a type that is not read (64-bit integers).
        """
        if self._dtype is None:
            raise GranuleError(
                f"SDS '{self.name}': its type of number is not supported; "
                "supported are integers to 32 bits and floats"
            )
        return np.dtype(self._dtype)

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return len(self.shape)

    @property
    def attributes(self) -> dict[str, Attribute]:
        """Its attributes, such as `scale_factor`, `_FillValue`, `valid_range`, `units`."""
        return _by_name(self._file.native().attributes(self._index))

    @property
    def stored_bytes(self) -> int:
        """Bytes of the file that hold its numbers, packed as they are."""
        return self._file.native().stored_bytes(self._index)

    def read(self, window: Window | None = None, out: NDArray[Any] | None = None) -> NDArray[Any]:
        """The numbers as they are stored: no scale factor, no mask.

        `window` takes a part, as `read(window=np.s_[100:200, :])`, and gives what
        `read()[100:200, :]` would. `out` is a writable C-contiguous array of the type and shape
        that come out; the numbers are unpacked straight into it and it is returned. Other threads
        of Python run meanwhile.

        Chunks that were never written hold the number of the attribute `_FillValue`. Where there
        is none they hold the one of the file's header, which may look like data, and
        `MissingChunksWarning` is given.

        Raises `GranuleError` if the file is damaged, `ArgumentError` for a window or an `out` that
        does not fit, `ValueError` if the granule was closed.
        """
        native = self._file.native()
        start, count = _box(self.shape, window)
        if out is None:
            bytes_ = self.dtype.itemsize
            for length in count:
                bytes_ *= length
            if bytes_ > native.largest_bytes():
                raise GranuleError(
                    f"{self._file.path}: SDS '{self.name}': {bytes_} bytes are asked for, more than "
                    "a file of this size can hold; it is damaged, or its chunks were never "
                    "written: read windows of it"
                )
            out = np.zeros(count, self.dtype)
        chunks, cells = native.read_into(self._index, start, count, out)
        if cells and "_FillValue" not in self.attributes:
            warnings.warn(
                f"{self._file.path}: SDS '{self.name}': {cells} cells of {chunks} chunks were "
                "never written, and no attribute _FillValue says what stands for them",
                MissingChunksWarning,
                stacklevel=2,
            )
        return out

    def __repr__(self) -> str:
        return f"<nutag.Dataset '{self.name}' {self.shape} {self._dtype}, {self.storage}>"


class Granule:
    """An open HDF4 or HDF-EOS file. Opening reads names, shapes and attributes, no numbers.

    It may be read from any number of threads at once. The file must not change while it is open.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._file = _Open(os.fspath(path))

    @property
    def path(self) -> str:
        """As it was given."""
        return self._file.path

    @property
    def datasets(self) -> tuple[str, ...]:
        """Names of the data sets, in the order of the file."""
        return tuple(described[0] for described in self._file.described)

    def dataset(self, name: str) -> Dataset:
        """The data set of this name. Raises `GranuleError`, with names that look like it."""
        return Dataset(self._file, self._file.native().find(name))

    def __getitem__(self, name: str) -> Dataset:
        return self.dataset(name)

    def __contains__(self, name: object) -> bool:
        return name in self.datasets

    def read(
        self, name: str, window: Window | None = None, out: NDArray[Any] | None = None
    ) -> NDArray[Any]:
        """The numbers of a data set: `dataset(name).read(window, out)`."""
        return self.dataset(name).read(window, out)

    @property
    def attributes(self) -> dict[str, Attribute]:
        """The file's own attributes."""
        return _by_name(self._file.native().attributes(None))

    @property
    def metadata(self) -> dict[str, str]:
        """The ODL texts of HDF-EOS by name: `StructMetadata`, `CoreMetadata`, `ArchiveMetadata`.

        A text that the file cuts into `NAME.0`, `NAME.1`, ... is given whole.
        """
        attributes = self.attributes
        texts = {}
        for first in attributes:
            name, dot, number = first.rpartition(".")
            if not dot or number != "0":
                continue
            parts: list[str] = []
            while isinstance(part := attributes.get(f"{name}.{len(parts)}"), str):
                parts.append(part)
            if parts:
                texts[name] = "".join(parts)
        return texts

    @property
    def grids(self) -> tuple[Grid, ...]:
        """The grids that `StructMetadata` describes; none if the file has no such text."""
        return tuple(
            Grid(name, shape, upper, lower, projection, tuple(parameters), sphere, tuple(fields))
            for name, shape, upper, lower, projection, parameters, sphere, fields in (
                self._file.native().grids()
            )
        )

    def close(self) -> None:
        """Lets the file go. Reading from the granule or its data sets raises `ValueError` then."""
        self._file.close()

    def __enter__(self) -> Granule:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<nutag.Granule '{self.path}': {', '.join(self.datasets)}>"


class _Open:
    """A file that a granule and its data sets share, until it is closed."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._native: _native.File | None = _native.File(path)
        self.described = self._native.datasets()

    def native(self) -> _native.File:
        if self._native is None:
            raise ValueError(f"{self.path}: the granule was closed; open it again")
        return self._native

    def close(self) -> None:
        self._native = None


def open(path: str | os.PathLike[str]) -> Granule:
    """Opens an HDF4 or HDF-EOS file; best in a `with` block.

    Raises `FileNotFoundError`, `PermissionError` and the like where the system refuses, and
    `GranuleError` if the file is no HDF4 or is damaged.
    """
    return Granule(path)


def _by_name(attributes: list[tuple[str, Any]]) -> dict[str, Attribute]:
    # The first of two of one name counts, as in HDF4's own library.
    return dict(reversed(attributes))


def _box(shape: tuple[int, ...], window: Window | None) -> tuple[list[int], list[int]]:
    """First index and number of indices along each dimension."""
    slices = () if window is None else (window,) if isinstance(window, slice) else tuple(window)
    if len(slices) > len(shape):
        raise ArgumentError(
            f"window: expected at most {len(shape)} slices, one for each dimension of {shape}, "
            f"found {len(slices)}"
        )
    start, count = [], []
    for dimension, length in enumerate(shape):
        part = slices[dimension] if dimension < len(slices) else slice(None)
        if not isinstance(part, slice) or part.step not in (None, 1):
            raise ArgumentError(
                f"window: expected slices without a step, such as np.s_[100:200, :], found {part!r}"
            )
        first, end, _ = part.indices(length)
        start.append(first)
        count.append(max(end - first, 0))
    return start, count
