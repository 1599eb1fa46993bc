"""Whether a cluster can do the work: the same nutag everywhere, and the same folder."""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._errors import ArgumentError, ClusterError
from .._plan import Done, Plan, Sum

if TYPE_CHECKING:
    from distributed import Client

MOST_LINES = 20
"""Lines of a list in a message."""


def same_version(client: Client, version: str) -> None:
    """Raises `ClusterError` if scheduler or workers have another nutag, or none.

    Workers that come later are asked by each task.
    """
    if client.asynchronous:
        raise ArgumentError(
            "client: expected one that is not asynchronous; from a coroutine, start the run in a "
            "thread with a client of its own: `await asyncio.to_thread(...)`"
        )
    found: Any = client.get_versions(packages=["nutag"])
    places = {"the scheduler": found["scheduler"], **found["workers"]}
    wrong = []
    for place, versions in places.items():
        other = (versions or {}).get("packages", {}).get("nutag")
        if other != version:
            wrong.append(f"  {place}: {'nutag ' + other if other else 'no nutag'}")
    if wrong:
        raise ClusterError(
            f"expected nutag {version}, as the client has, on the scheduler and all workers; found\n"
            + listed(wrong)
            + "\n  -> install the same wheel everywhere, and start scheduler and workers again"
        )


def seen(plan: Plan, part: Done | Sum, patience_seconds: float) -> None:
    """Returns when this machine sees the file that a worker left.

    Network disks may show a new file late, so this waits for it, but no longer than
    `patience_seconds`. Raises `ClusterError` if it has not come by then, or is another.
    """
    path = Path(plan.file(part))
    end = time.monotonic() + patience_seconds
    while True:
        try:
            found = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            problem = error.strerror or str(error)
        else:
            if found == part.sha256:
                return
            problem = f"its SHA-256 is {found[:12]}..."
        if time.monotonic() >= end:
            break
        # Listing a folder makes most network disks ask their server again.
        with suppress(OSError):
            os.listdir(path.parent)
        time.sleep(min(0.2, patience_seconds))
    raise ClusterError(
        f"{path}:\nexpected what a worker has just left there, {part.bytes} bytes with the SHA-256 "
        f"{part.sha256[:12]}...; found after {patience_seconds:g} s: {problem}\n"
        "  -> let this machine and all workers see the plan folder under the same path; if a slow "
        "network disk is to blame, give more `patience_seconds`"
    )


def listed(lines: list[str]) -> str:
    """The first lines, and how many more there are."""
    more = len(lines) - MOST_LINES
    return "\n".join(lines[:MOST_LINES] + ([f"  and {more} more"] if more > 0 else []))
