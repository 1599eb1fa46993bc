"""Nutag in Python: MODIS granules as numpy, exact trends, result tables as Arrow.

`open` reads HDF4 and HDF-EOS granules. `trend`, `trend_cells` and `benjamini_hochberg` are the
statistics of the program on numpy arrays. `table` and `tables` read what `nutag run` wrote. `Plan`,
`run_task` and `merge_partials` do the tasks of `nutag plan` on any machine.

Nothing here needs GDAL, HDF5 or the program itself.
"""

from importlib.metadata import version as _version

from ._errors import (
    ArgumentError,
    ClusterError,
    GranuleError,
    InternalError,
    MissingChunksWarning,
    NutagError,
    TableError,
    TaskError,
    TaskFailures,
)
from ._granule import Dataset, Granule, Grid, open
from ._plan import Done, Plan, Sum, Task, Total, merge_partials, run_task
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
    "ClusterError",
    "Column",
    "Dataset",
    "Discoveries",
    "Done",
    "Granule",
    "GranuleError",
    "Grid",
    "InternalError",
    "MissingChunksWarning",
    "NutagError",
    "Plan",
    "Sum",
    "Table",
    "TableError",
    "Task",
    "TaskError",
    "TaskFailures",
    "Total",
    "Trend",
    "benjamini_hochberg",
    "merge_partials",
    "open",
    "run_task",
    "table",
    "tables",
    "trend",
    "trend_cells",
]
