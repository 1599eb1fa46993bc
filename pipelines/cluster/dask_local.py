"""All tasks of a plan on this machine by Dask, then the merge.

    nutag plan pipelines/demo.toml --out out/demo.plan
    python pipelines/cluster/dask_local.py out/demo.plan out/demo

Stopped or killed, say it again: what is finished is kept.
"""

import os
import subprocess
import sys

from dask.distributed import Client, LocalCluster

import nutag
import nutag.dask

# Change these lines.
WORKERS = len(os.sched_getaffinity(0))  # processes; each does one task at a time
# Dask asks nobody who they are: whoever can log in to this machine can run
# programs as you while this runs. On a machine of your own that is nobody;
# elsewhere say True (and pip install cryptography).
ENCRYPTED = False
NUTAG = os.environ.get("NUTAG", "nutag")


def main(plan: str, result: str) -> int:
    options = {"protocol": "tls://", "security": True} if ENCRYPTED else {}
    with (
        # Tasks leave no data with Dask, which therefore need not watch the memory.
        LocalCluster(
            n_workers=WORKERS, threads_per_worker=1, memory_limit=0, **options
        ) as cluster,
        Client(cluster) as client,
    ):
        print("progress:", client.dashboard_link)
        try:
            nutag.dask.run(plan, client)
        except nutag.NutagError as error:
            sys.exit(f"error: {error}")
    return subprocess.call([NUTAG, "merge", plan, "--out", result])


# The workers read this file too; only you run it.
if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
