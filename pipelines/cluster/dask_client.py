"""All tasks of a plan on a Dask scheduler that already runs, then the merge.

    python pipelines/cluster/dask_client.py SCHEDULER out/demo.plan out/demo

SCHEDULER is its scheduler file or its address. With DASK_TLS=FOLDER, the
folder that tls-certificates.sh has made, nothing goes over the network in the
clear, and the scheduler must show a certificate of yours.
"""

import os
import subprocess
import sys

from dask.distributed import Client
from distributed.security import Security

import nutag
import nutag.dask

NUTAG = os.environ.get("NUTAG", "nutag")
TLS = os.environ.get("DASK_TLS")


def security() -> Security | None:
    if TLS is None:
        return None
    return Security(
        tls_ca_file=f"{TLS}/ca.pem",
        tls_client_cert=f"{TLS}/cluster.pem",
        tls_client_key=f"{TLS}/cluster-key.pem",
        require_encryption=True,
    )


def main(scheduler: str, plan: str, result: str) -> int:
    where = {"address": scheduler} if "://" in scheduler else {"scheduler_file": scheduler}
    with Client(**where, security=security(), timeout="60s") as client:
        print("progress:", client.dashboard_link)
        client.wait_for_workers(1, timeout=600)
        try:
            nutag.dask.run(plan, client)
        except nutag.NutagError as error:
            sys.exit(f"error: {error}")
    return subprocess.call([NUTAG, "merge", plan, "--out", result])


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
