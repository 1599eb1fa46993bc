"""Tasks on Dask: the same bits, little that travels, and what goes wrong is said."""

from __future__ import annotations

import asyncio
import pickle
import random
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dask_setup as setup
import nutag
import nutag.dask
import pytest
from conftest import ROOT
from distributed import Client, LocalCluster
from distributed.diagnostics.plugin import SchedulerPlugin
from nutag.dask._tree import Group, Tree

pytestmark = pytest.mark.filterwarnings("default::ResourceWarning", "default::DeprecationWarning")


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with setup.cluster() as cluster:
        yield cluster


@pytest.fixture
def client(cluster: LocalCluster) -> Iterator[Client]:
    with Client(cluster) as client:
        client.wait_for_workers(2, timeout=60)
        yield client


@pytest.fixture
def changed(client: Client) -> Iterator[Client]:
    """Of workers that the test may spoil: they are mended afterwards."""
    yield client
    client.run(setup.mend, nutag.__version__)


@pytest.fixture
def plan(program: str, tmp_path: Path) -> Path:
    return setup.made_plan(program, tmp_path / "plan")


@pytest.fixture(scope="module")
def wanted(demo: Path) -> str:
    """The bits of `nutag run`."""
    return setup.bits(demo)


def test_two_workers_give_the_bits_of_one_process(client, program, plan, wanted):
    heard = []
    outcome = nutag.dask.run(plan, client, fan_in=2, tell=lambda *count: heard.append(count))
    assert (outcome.tasks, outcome.made, len(outcome.done)) == (7, 7, 7)
    assert heard[0] == (0, 7) and heard[-1] == (7, 7) and heard == sorted(heard)
    assert [done.id for done in outcome.done] == [task.id for task in nutag.Plan(plan).tasks]
    assert setup.merged(program, plan) == wanted
    # Added up on workers or from the partials: the same table.
    opened = nutag.Plan(plan)
    assert rows(opened.total(outcome.sum)) == rows(opened.total())
    before = setup.partials(plan)
    again = nutag.dask.run(plan, client)
    assert (again.made, again.done, again.sum.sha256) == (0, (), outcome.sum.sha256)
    assert setup.partials(plan) == before


def rows(total: nutag.Total) -> list[dict[str, object]]:
    import pyarrow

    return pyarrow.table(total).to_pylist()


class Watch(SchedulerPlugin):
    """What the scheduler sees of each key."""

    def __init__(self, cluster: LocalCluster) -> None:
        self._tasks = cluster.scheduler.tasks
        self.bytes: dict[str, int] = {}
        self.groups: set[str] = set()
        self.resources: set[str] = set()

    def transition(self, key, start, finish, *args, **kwargs):
        self.groups.add(self._tasks[key].prefix.name)
        self.resources |= set(self._tasks[key].resource_restrictions or {})
        if finish == "memory":
            self.bytes[key] = self._tasks[key].nbytes


def test_only_names_checksums_and_sizes_travel(client, cluster, plan):
    watch = Watch(cluster)
    cluster.scheduler.add_plugin(watch, name="watch")
    try:
        outcome = nutag.dask.run(plan, client, fan_in=3, resources={"nutag": 1})
    finally:
        cluster.scheduler.remove_plugin("watch")
    for part in (*outcome.done, outcome.sum):
        assert len(pickle.dumps(part)) < 1000
    assert len(watch.bytes) == 7 + 3 + 1
    assert max(watch.bytes.values()) < 1000
    # As the dashboard shows them; nothing was scattered, and no key is of another kind.
    assert watch.groups == {"nutag-task", "nutag-merge-tasks", "nutag-merge-sums"}
    name = f"nutag-task-{outcome.plan[:8]}-h25v04-r00000-"
    assert any(key.startswith(name) for key in watch.bytes)
    assert watch.resources == {"nutag"}
    setup.until(lambda: not cluster.scheduler.tasks, "Dask forgets the run")


def test_half_of_it_by_the_program(client, program, plan, wanted):
    ids = [task.id for task in nutag.Plan(plan).tasks]
    setup.call(program, "task", plan, *ids[1::2])
    before = setup.partials(plan)
    outcome = nutag.dask.run(plan, client)
    assert (outcome.tasks, outcome.made) == (7, 4)
    assert before.items() <= setup.partials(plan).items()
    assert setup.merged(program, plan) == wanted


def test_two_drivers_at_once(client, cluster, program, plan, wanted):
    with Client(cluster) as other, ThreadPoolExecutor(2) as threads:
        runs = [threads.submit(nutag.dask.run, plan, one, fan_in=2) for one in (client, other)]
        one, two = (run.result(timeout=120) for run in runs)
    assert one.sum.sha256 == two.sum.sha256
    known = {done.id: done.sha256 for done in one.done}
    assert all(known.get(done.id, done.sha256) == done.sha256 for done in two.done)
    assert setup.merged(program, plan) == wanted


def test_more_tasks_than_the_scheduler_is_to_know(client, program, plan, wanted):
    assert nutag.dask.run(plan, client, batch=1).made == 7
    assert setup.merged(program, plan) == wanted


def test_a_damaged_partial_is_made_again(client, program, plan, wanted):
    nutag.dask.run(plan, client)
    victim = Path(nutag.Plan(plan).file("h25v04-r00000"))
    victim.write_bytes(victim.read_bytes()[:-100])
    nutag.dask.run(plan, client)
    assert setup.merged(program, plan) == wanted


def test_a_plan_made_again_is_read_again(client, program, plan, wanted):
    first = nutag.dask.run(plan, client)
    text = (ROOT / "pipelines" / "demo.toml").read_text().replace("[2001, 2012]", "[2001, 2011]")
    shorter = ROOT / "pipelines" / f"{plan.parent.name}.toml"
    shorter.write_text(text)
    try:
        setup.call(program, "plan", shorter, "--out", plan, "--overwrite")
    finally:
        shorter.unlink()
    second = nutag.dask.run(plan, client)
    assert second.plan != first.plan and second.made == 7
    setup.call(program, "plan", "pipelines/demo.toml", "--out", plan, "--overwrite")
    assert nutag.dask.run(plan, client).plan == first.plan
    assert setup.merged(program, plan) == wanted


def test_a_poison_task_harms_no_other(client, program, tmp_path, wanted):
    root = tmp_path / "root"
    for folder in ("pipelines", "data-samples"):
        shutil.copytree(ROOT / folder, root / folder)
    plan = setup.made_plan(program, tmp_path / "plan", root)
    granule = next((root / "data-samples" / "MOD17A3HGF").glob("*.A2005001.h25v04.*"))
    whole = granule.read_bytes()
    granule.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(nutag.TaskFailures) as caught:
        nutag.dask.run(plan, client, retries=1)
    assert list(caught.value.failures) == ["h25v04-r00000"]
    message = str(caught.value)
    assert "h25v04-r00000" in message and granule.name in message and "changed after the plan" in message
    assert nutag.Plan(plan).missing() == ["h25v04-r00000"]
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (copy.failures, str(copy)) == (caught.value.failures, message)
    # Mended, and with the exception still held, as a notebook does.
    granule.write_bytes(whole)
    assert nutag.dask.run(plan, client).made == 1
    assert setup.merged(program, plan, root) == wanted


def test_a_panic_is_a_failure_like_any_other(changed, program, plan, wanted):
    changed.run(setup.panic_in, "h24v04-r00000")
    with pytest.raises(nutag.TaskFailures, match="InternalError: a fault in nutag itself.*out of bounds") as caught:
        nutag.dask.run(plan, changed)
    assert list(caught.value.failures) == ["h24v04-r00000"]
    assert len(setup.partials(plan)) == 6
    changed.run(setup.mend, nutag.__version__)
    assert nutag.dask.run(plan, changed).made == 1
    assert setup.merged(program, plan) == wanted


def test_a_bare_panic_leaves_no_future_waiting(client):
    future = client.submit(nutag._native._panic_for_test, "over there", pure=False)
    with pytest.raises(nutag.InternalError, match="over there"):
        future.result(timeout=60)


def test_workers_without_the_same_folder_are_found_out(changed, plan, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(plan, other)
    changed.run(setup.another_folder, str(other))
    with pytest.raises(nutag.ClusterError, match="under the same path.*patience_seconds") as caught:
        nutag.dask.run(plan, changed, patience_seconds=0.5)
    assert str(plan) in str(caught.value) and "No such file" in str(caught.value)


def test_a_worker_with_another_plan_in_the_folder_is_found_out(changed, program, plan, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(plan, other)
    text = (other / "plan.json").read_text()
    (other / "plan.json").write_text(text + "\n")
    changed.run(setup.another_folder, str(other))
    with pytest.raises(nutag.ClusterError, match="expected the plan [0-9a-f]{8}, found [0-9a-f]{8} on this worker"):
        nutag.dask.run(plan, changed, retries=0)


def test_another_version_is_said_before_anything_is_done(client, plan, monkeypatch):
    monkeypatch.setattr(nutag, "__version__", "9.9.9")
    with pytest.raises(nutag.ClusterError, match=r"expected nutag 9\.9\.9") as caught:
        nutag.dask.run(plan, client)
    lines = str(caught.value).splitlines()
    assert sum("tcp://127.0.0.1" in line for line in lines) == 2
    assert any("the scheduler: nutag 0." in line for line in lines)
    assert not setup.partials(plan)


def test_another_version_on_a_worker_that_came_late_is_said(changed, plan):
    changed.run(setup.another_version, "0.0.1")
    with pytest.raises(nutag.ClusterError, match=r"found 0\.0\.1 on this worker"):
        nutag.dask.run(plan, changed)


def test_what_is_asked_wrongly_is_said(client, plan, tmp_path):
    with pytest.raises(nutag.TaskError, match="expected a plan folder"):
        nutag.dask.run(tmp_path, client)
    with pytest.raises(nutag.ArgumentError, match="fan_in: expected at least 2, found 1"):
        nutag.dask.run(plan, client, fan_in=1)

    async def ask() -> None:
        async with Client(client.scheduler.address, asynchronous=True) as other:
            nutag.dask.run(plan, other)

    with pytest.raises(nutag.ArgumentError, match="asyncio.to_thread"):
        asyncio.run(ask())


@pytest.mark.parametrize("fan_in", [2, 3, 16])
@pytest.mark.parametrize("tasks", [1, 2, 3, 7, 16, 17, 50])
def test_the_tree_takes_each_task_once_in_any_order(tasks, fan_in):
    names = []
    for seed in range(5):
        tree = Tree(tasks, fan_in)
        order = list(range(tasks))
        random.Random(seed).shuffle(order)
        ready: list[Group] = []
        content: dict[str, frozenset[str]] = {}
        for index in order:
            ready += tree.task(index, f"t{index}")
            random.Random(seed).shuffle(ready)
            # Some are added up at once, some later.
            for _ in range(len(ready) if index == order[-1] else len(ready) // 2):
                ready += add(tree, ready.pop(), content)
            while index == order[-1] and ready:
                ready += add(tree, ready.pop(), content)
        assert tree.root is not None
        assert content[tree.root.name] == {f"t{index}" for index in range(tasks)}
        names.append(sorted(content))
    assert all(one == names[0] for one in names)


def add(tree: Tree, group: Group, content: dict[str, frozenset[str]]) -> list[Group]:
    assert len(group.parts) > 1 or group.level == 1
    parts = [{part} if isinstance(part, str) else content[part.name] for part in group.parts]
    union = frozenset().union(*parts)
    assert len(union) == sum(map(len, parts)), "each once"
    name = ",".join(sorted(union))
    assert name not in content
    content[name] = union
    return list(tree.sum(group, nutag.Sum(name, "", 0, len(union))))
