"""Plans: tasks in any order, in any grouping, from any process: one result, that of the program."""

import json
import pickle
import random
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pandas
import polars
import pyarrow as pa
import pytest
from conftest import ROOT

import nutag


@pytest.fixture(scope="module")
def planned(program, tmp_path_factory) -> Path:
    """The plan of the demo, with no task done."""
    out = tmp_path_factory.mktemp("plan") / "plan"
    subprocess.run([program, "plan", "pipelines/demo.toml", "--out", out], cwd=ROOT, check=True, capture_output=True)
    return out


@pytest.fixture
def folder(planned, tmp_path) -> Path:
    """A copy of it, to be spoilt."""
    return Path(shutil.copytree(planned, tmp_path / "plan"))


@pytest.fixture(scope="module")
def done(planned, tmp_path_factory) -> Path:
    """The plan with every task done by the wheel."""
    copy = Path(shutil.copytree(planned, tmp_path_factory.mktemp("done") / "plan"))
    for id in nutag.Plan(copy).missing():
        nutag.run_task(copy, id)
    return copy


def partials(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "partials").iterdir())}


def test_what_a_plan_says(planned):
    plan = nutag.Plan(planned)
    sheet = json.loads((planned / "plan.json").read_text())
    assert plan.id == subprocess.run(
        ["sha256sum", planned / "plan.json"], capture_output=True, text=True, check=True
    ).stdout.split()[0]
    assert [task.id for task in plan.tasks] == [task["id"] for task in sheet["tasks"]] == plan.missing()
    assert sum(task.cells for task in plan.tasks) == plan.cells == sheet["cells"]
    assert all(task.bytes > 0 for task in plan.tasks)
    assert plan.periods == tuple(str(year) for year in range(2001, 2013))
    assert len(plan.regions) == 22 and len(plan.zones_from) == len(plan.zones_to) == 4
    assert plan.epochs == ("1980s", "2000s")
    assert "demo.toml" in plan.pipeline and "demo.toml" in repr(plan)
    copy = pickle.loads(pickle.dumps(plan))
    assert copy.id == plan.id and copy.folder == plan.folder


def test_tasks_are_those_of_the_program(program, planned, done, tmp_path):
    other = Path(shutil.copytree(planned, tmp_path / "plan"))
    subprocess.run([program, "task", other, "--all"], cwd=ROOT, check=True, capture_output=True)
    assert partials(other) == partials(done)


def test_a_task_has_the_same_bits_wherever_it_is_done(folder, done):
    plan = nutag.Plan(folder)
    ids = plan.missing()
    random.Random(4).shuffle(ids)
    with ThreadPoolExecutor(3) as pool:
        first = list(pool.map(lambda id: plan.run(id, threads=2), ids[:9]))
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        second = list(pool.map(nutag.run_task, [folder] * len(ids), ids))
    assert not any(one.kept for one in first)
    assert [one.kept for one in second] == [n < 9 for n in range(len(ids))]
    assert [one._replace(kept=True) for one in first] == second[:9]
    assert plan.missing() == []
    assert partials(folder) == partials(done)


def test_any_grouping_adds_up_to_the_same_file(done):
    plan = nutag.Plan(done)
    ids = [task.id for task in plan.tasks]
    whole = nutag.merge_partials(done, ids)
    assert whole.tasks == len(ids)
    for groups in (2, 5, len(ids)):
        random.Random(groups).shuffle(ids)
        sums = [plan.merge(ids[at::groups]) for at in range(groups)]
        random.Random(groups).shuffle(sums)
        half = [nutag.merge_partials(done, sums[: groups // 2]), plan.merge(sums[groups // 2 :])]
        assert plan.merge(half) == whole
    assert plan.merge([plan.run(id) for id in ids]) == whole
    assert pa.table(plan.total(whole)).equals(pa.table(plan.total()))
    assert pa.table(plan.total(threads=3)).equals(pa.table(plan.total()))


def test_the_total_is_the_table_of_the_program(done, demo):
    plan = nutag.Plan(done)
    total = plan.total()
    assert total.tasks == len(plan.tasks) and total.cells == plan.cells
    mine = pa.table(total).to_pandas()
    assert len(mine) == len(total)
    theirs = pandas.DataFrame.from_arrow(nutag.table(demo, "npp_by_region_zone_year"))
    keys = ["region", "zone_from", "zone_to", "year"]
    theirs["year"] = theirs["year"].astype(str)
    names = {"period": "year"}
    mine = mine.rename(columns=names)
    inside = mine["region"].notna() & mine["zone_from"].notna() & mine["zone_to"].notna()
    both = mine[inside].merge(theirs, on=keys, suffixes=("", "_table"), validate="one_to_one")
    assert len(both) > 1000
    assert (both["cells"] == both["cells_table"]).all()
    assert (both["valid_cells"] == both["valid_cells_table"]).all()
    assert (both["area_cm2"] / 1e10 - both["area_km2"]).abs().max() < 1e-6
    # 0.0001 kgC m-2 x cm2 = 1e-11 tC.
    carbon = both["sum_raw_cm2"].astype(float) * 1e-11
    assert ((carbon - both["npp_sum_tC"]).abs() <= 1e-9 * carbon.abs() + 1e-9).all()
    masked = [name for name in mine if name.startswith("masked_") and name.endswith("_cells")]
    assert masked and (mine["cells"] == mine["valid_cells"] + mine[masked].sum(axis=1)).all()


def test_numbers_longer_than_64_bits_stay_exact(done):
    total = nutag.Plan(done).total()
    table = pa.table(total)
    assert table.schema.field("sum_raw_cm2").type == pa.decimal128(38, 0)
    assert table.schema.field("area_cm2").metadata[b"unit"] == b"cm2"
    squares = table["sum_raw_squared_cm2"].to_pylist()
    assert max(squares) > 2**64
    assert polars.DataFrame(total)["sum_raw_squared_cm2"].to_list() == squares


def test_what_cannot_be_merged_is_refused_by_its_id(planned, done, tmp_path):
    folder = Path(shutil.copytree(done, tmp_path / "plan"))
    plan = nutag.Plan(folder)
    ids = [task.id for task in plan.tasks]

    def tally(id: str) -> Path:
        (found,) = (folder / "partials").glob(f"{id}-*.tally")
        return found

    with pytest.raises(nutag.TaskError, match=f"{ids[1]} would be counted twice"):
        plan.merge([ids[0], ids[1], ids[1]])
    left, right = plan.merge(ids[:3]), plan.merge(ids[2:])
    with pytest.raises(nutag.TaskError, match=f"{ids[2]} would be counted twice"):
        plan.merge([left, right])
    with pytest.raises(nutag.TaskError, match=r'no task "h99v99-r0"'):
        plan.merge(["h99v99-r0"])
    with pytest.raises(nutag.TaskError, match=f"lacks the task {ids[3]}"):
        plan.total(left)
    with pytest.raises(nutag.TaskError, match="expected a sum with the SHA-256"):
        plan.merge([left._replace(sha256="0" * 64)])
    with pytest.raises(nutag.ArgumentError, match="found both"):
        plan.merge([left, ids[5]])

    shutil.copy(tally(ids[0]), folder / "partials" / f"{ids[0]}-{'a' * 16}.tally")
    cut = tally(ids[4])
    cut.write_bytes(cut.read_bytes()[:-7])
    tally(ids[5]).unlink()
    with pytest.raises(nutag.TaskError, match=f"{ids[4]} cannot be merged: damaged"):
        plan.merge(ids[4:5])
    with pytest.raises(nutag.TaskError) as caught:
        plan.total()
    said = str(caught.value)
    assert f"{ids[0]}: there twice" in said
    assert f"{ids[4]}: damaged" in said
    assert f"{ids[5]}: missing" in said
    assert plan.missing() == [ids[5]]
    assert nutag.Plan(planned).id == plan.id


def test_a_granule_cut_after_planning_harms_no_other_task(program, tmp_path):
    study = tmp_path / "study"
    for part in ("pipelines", "data-samples"):
        shutil.copytree(ROOT / part, study / part, ignore=shutil.ignore_patterns("make"))
    folder = study / "plan"
    subprocess.run([program, "plan", "pipelines/demo.toml", "--out", folder], cwd=study, check=True, capture_output=True)
    (granule,) = (study / "data-samples" / "MOD17A3HGF").glob("*.A2005001.h25v04.*")
    granule.write_bytes(granule.read_bytes()[:20_000])
    plan = nutag.Plan(folder)
    failed = []
    for task in plan.tasks:
        try:
            plan.run(task.id)
        except nutag.TaskError as error:
            failed.append(task.id)
            assert task.id in str(error) and granule.name in str(error)
            assert "changed after the plan was made" in str(error)
    assert failed and all(id.startswith("h25v04") for id in failed)
    assert plan.missing() == failed
    with pytest.raises(nutag.TaskError, match=f"{failed[0]}: missing"):
        plan.total()


def test_a_folder_that_is_no_plan_says_so(tmp_path, planned):
    for wrong in (tmp_path, tmp_path / "gone"):
        with pytest.raises(nutag.TaskError, match="expected a plan folder.*(\n.*)*nutag plan"):
            nutag.Plan(wrong)
    with pytest.raises(nutag.ArgumentError, match="1 to 1024"):
        nutag.run_task(planned, nutag.Plan(planned).tasks[0].id, threads=0)


def test_a_plan_that_was_made_again_is_opened_again(program, folder):
    first = nutag.Plan(folder)
    assert nutag.Plan(folder)._native is first._native
    subprocess.run(
        [program, "plan", "pipelines/as-published.toml", "--out", folder, "--overwrite"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    assert nutag.Plan(folder).id != first.id


INTERRUPTED = """
import sys, nutag
plan = nutag.Plan(sys.argv[1])
print("begin", flush=True)
try:
    while True:
        for id in plan.missing():
            plan.run(id)
        for file in __import__("pathlib").Path(plan.folder, "partials").iterdir():
            file.unlink()
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


def test_control_c_is_heard(folder):
    working = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, folder], stdout=subprocess.PIPE, text=True
    )
    assert working.stdout is not None and working.stdout.readline() == "begin\n"
    time.sleep(0.3)
    working.send_signal(signal.SIGINT)
    assert working.communicate(timeout=60)[0] == "interrupted\n"
    assert working.returncode == 0
