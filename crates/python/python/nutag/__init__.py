"""Nutag in Python: MODIS granules as numpy, exact trends, result tables as Arrow.

`open` reads HDF4 and HDF-EOS granules. `trend`, `trend_cells` and `benjamini_hochberg` are the
statistics of the program on numpy arrays. `table` and `tables` read what `nutag run` wrote.

Nothing here needs GDAL, HDF5 or the program itself.
"""

from importlib.metadata import version as _version

from ._errors import (
    ArgumentError,
    GranuleError,
    InternalError,
    MissingChunksWarning,
    NutagError,
    TableError,
    TaskError,
)
from ._granule import Dataset, Granule, Grid, open
from ._tables import Column, Table, table, tables
from ._trend import (
    CellTrends,
    Discoveries,
    Trend,
    benjamini_hochberg,
    trend,
    trend_cells,
)

__version__ = _version("nutag")

__all__ = [
    "ArgumentError",
    "CellTrends",
    "Column",
    "Dataset",
    "Discoveries",
    "Granule",
    "GranuleError",
    "Grid",
    "InternalError",
    "MissingChunksWarning",
    "NutagError",
    "Table",
    "TableError",
    "TaskError",
    "Trend",
    "benjamini_hochberg",
    "open",
    "table",
    "tables",
    "trend",
    "trend_cells",
]
