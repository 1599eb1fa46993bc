"""All tasks of a plan by Dask workers that are Slurm jobs, then the merge.

    pip install dask-jobqueue cryptography
    nutag plan pipelines/demo.toml --out out/demo.plan
    python pipelines/cluster/dask_jobqueue_slurm.py out/demo.plan out/demo

Dask's scheduler runs in this process, so it must live as long as the run:
start it in tmux, or as a job. Stopped or killed, say it again: what is
finished is kept.
"""

import os
import subprocess
import sys

from dask.distributed import Client
from dask_jobqueue import SLURMCluster

import nutag
import nutag.dask

# Change these lines.
JOBS = int(os.environ.get("JOBS", "8"))  # Slurm jobs, each one worker
SLURM = {
    "queue": None,  # partition, if your site wants one
    "account": None,
    "walltime": "02:00:00",
    "job_extra_directives": [],  # such as "--qos=short"
    "interface": None,  # network of the nodes, such as "ib0", if there is more than one
}
NUTAG = os.environ.get("NUTAG", "nutag")


def main(plan: str, result: str) -> int:
    # Certificates for this run alone, because Dask asks nobody who they are.
    # They travel through files in a folder that all nodes see.
    shared = os.path.abspath(plan) + ".dask"
    os.makedirs(shared, mode=0o700, exist_ok=True)
    with SLURMCluster(
        cores=1,
        processes=1,
        memory="2GB",
        security=True,
        shared_temp_directory=shared,
        log_directory=shared,
        **SLURM,
    ) as cluster:
        # adapt, not scale: after scale(8) a job that is killed or runs out of
        # time is never replaced, and the run becomes slower and slower until
        # nobody is left. adapt looks again and again.
        cluster.adapt(minimum=JOBS, maximum=JOBS)
        with Client(cluster) as client:
            print("progress:", client.dashboard_link)
            try:
                nutag.dask.run(plan, client)
            except nutag.NutagError as error:
                sys.exit(f"error: {error}")
    return subprocess.call([NUTAG, "merge", plan, "--out", result])


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
