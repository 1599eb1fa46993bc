"""Every export of the package with its types; checked by mypy --strict, and run by the tests."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import nutag


def use(granule: Path, result: Path, folder: Path) -> list[str]:
    """Uses each name once."""
    version: str = nutag.__version__
    with nutag.open(granule) as opened:
        file: nutag.Granule = opened
        data: nutag.Dataset = file["Npp_500m"]
        grid: nutag.Grid = file.grids[0]
        scale = data.attributes["scale_factor"]
        window: NDArray[np.int16] = data.read(np.s_[0:2, 0:3])
        names: tuple[str, ...] = file.datasets
        text: str = file.metadata["StructMetadata"]
    stack = np.stack([window, window + 1, window + 3])
    cells: nutag.CellTrends = nutag.trend_cells(stack, range(3), stack < 30000, threads=2)
    slope: NDArray[np.float64] = cells["sen_slope"]
    one: nutag.Trend = nutag.trend([1.0, 2.0, 4.0], [2001, 2002, 2003], level=0.9)
    found: nutag.Discoveries = nutag.benjamini_hochberg(cells["p"], 0.1)
    table: nutag.Table = nutag.table(result, "npp_trends")
    column: nutag.Column = table.columns[0]
    every: dict[str, nutag.Table] = nutag.tables(result)
    plan: nutag.Plan = nutag.Plan(folder)
    task: nutag.Task = plan.tasks[0]
    done: nutag.Done = nutag.run_task(folder, task.id, threads=2)
    sum: nutag.Sum = nutag.merge_partials(folder, [done.id])
    again: nutag.Sum = plan.merge([sum])
    left: list[str] = [plan.file(done), plan.file(sum)]
    total: nutag.Total = plan.total(again if plan.missing() else None)
    errors: tuple[type[Exception], ...] = (
        nutag.NutagError,
        nutag.ArgumentError,
        nutag.GranuleError,
        nutag.TableError,
        nutag.TaskError,
        nutag.TaskFailures,
        nutag.ClusterError,
        nutag.InternalError,
        nutag.MissingChunksWarning,
    )
    return [
        version,
        grid.projection,
        str(scale),
        names[0],
        text[:5],
        str(slope.shape),
        str(one.p),
        str(found.rejected.shape),
        column.kind,
        str(total.cells),
        *left,
        *every,
        *(error.__name__ for error in errors),
    ]
