"""All tasks of a plan on a Dask cluster: `nutag.dask.run(plan_dir, client)`.

`nutag plan` makes a plan, this does its tasks, `nutag merge` writes the result; the bits are those
of `nutag run`. Workers read granules from the disk and leave their partials on it. Only ids,
checksums and sizes travel through Dask, so nothing is to be scattered, spilled or lost.

Needs `pip install 'nutag[dask]'`, the same version of nutag on client, scheduler and workers, and
a folder that they all see under the same path. Without a script:

    python -m nutag.dask out/demo.plan --local 4
"""

try:
    import distributed as _distributed  # noqa: F401
except ImportError as _error:
    raise ImportError("nutag.dask needs Dask: pip install 'nutag[dask]'") from _error

from ._run import Outcome, run
from ._work import do_task, merge_sums, merge_tasks

__all__ = ["Outcome", "do_task", "merge_sums", "merge_tasks", "run"]
