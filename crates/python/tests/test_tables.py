"""Tables: column by column the parquet files of the same result, in each library that takes Arrow."""

import json
import shutil

import pandas
import polars
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xarray

import nutag


@pytest.mark.parametrize("study", ["demo", "column"])
def test_every_table_is_its_parquet(study, request):
    folder = request.getfixturevalue(study)
    tables = nutag.tables(folder)
    assert {path.stem for path in (folder / "tables").glob("*.parquet")} == set(tables)
    assert len(tables) >= 5
    compared = 0
    for name, table in tables.items():
        assert table.name == name and table.title
        path = folder / "tables" / f"{name}.parquet"
        mine = pa.table(table)
        assert mine.num_rows == len(table) > 0
        theirs = pq.read_table(path)
        assert mine.schema.equals(theirs.schema, check_metadata=False)
        for column, described in zip(mine.column_names, table.columns, strict=True):
            assert mine[column].combine_chunks().equals(theirs[column].combine_chunks()), (name, column)
            notes = theirs.schema.field(column).metadata
            assert mine.schema.field(column).metadata == notes
            assert described.name == column
            assert described.unit.encode() == notes[b"unit"]
            assert described.description.encode() == notes[b"description"]
            compared += len(table)
        assert set(table.keys) < set(mine.column_names)
        assert mine.group_by(table.keys).aggregate([]).num_rows == len(table)
    assert compared > 10_000


def test_libraries_take_a_table_as_it_is(demo):
    table = nutag.table(demo, "npp_by_region_zone_year")
    arrow = pa.table(table)
    frame = pandas.DataFrame.from_arrow(table)
    assert len(frame) == len(table)
    assert frame["cells"].dtype == "int64"
    assert frame["npp_sum_tC"].sum() == pytest.approx(sum(arrow["npp_sum_tC"].drop_null().to_pylist()))
    assert polars.DataFrame(table).shape == (len(table), len(table.columns))
    assert polars.DataFrame(table)["npp_sum_tC"].null_count() == arrow["npp_sum_tC"].null_count
    assert pa.schema(table) == arrow.schema
    cube = xarray.Dataset.from_dataframe(frame.set_index(list(table.keys)))
    assert cube.sizes["year"] == 12
    # A table may be handed over any number of times.
    assert pa.table(table).equals(arrow)
    units = {column.name: column.unit for column in table.columns}
    assert units["area_km2"] == "km2"
    assert "npp_by_region_zone_year" in repr(table)


def spoilt(demo, tmp_path):
    copy = tmp_path / "result"
    (copy / "tables").mkdir(parents=True)
    shutil.copy(demo / "manifest.json", copy)
    for path in (demo / "tables").glob("*.csv"):
        shutil.copy(path, copy / "tables")
    return copy


def test_a_folder_that_is_no_result_says_so(demo, tmp_path):
    with pytest.raises(nutag.TableError, match=r"expected the folder of a finished `nutag run`"):
        nutag.tables(tmp_path)
    with pytest.raises(nutag.TableError, match=r"no table is called 'npp'; there are .*zone_transitions"):
        nutag.table(demo, "npp")
    copy = spoilt(demo, tmp_path)
    assert len(nutag.tables(copy)) == len(nutag.tables(demo))
    manifest = json.loads((copy / "manifest.json").read_text())
    del manifest["tables"]
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(nutag.TableError, match="a result of this version"):
        nutag.tables(copy)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda text: text.replace("cells", "cell", 1), "expected the columns that"),
        (lambda text: "", "found an empty file"),
        (lambda text: text.replace(",2001,", ",two,", 1), "column year: expected integer, found 'two'"),
        (lambda text: text.replace(",2001,", ",2001.0,", 1), "expected integer, found '2001.0'"),
        (lambda text: text.replace("\n", ",1\n", 2).replace(",1\n", "\n", 1), "cannot be read"),
        (None, "cannot be read"),
    ],
    ids=["heading", "empty", "word", "float", "fields", "gone"],
)
def test_a_damaged_table_is_refused(demo, tmp_path, spoil, says):
    copy = spoilt(demo, tmp_path)
    path = copy / "tables" / "npp_by_region_zone_year.csv"
    text = path.read_text()
    path.unlink()
    if spoil:
        assert spoil(text) != text
        path.write_text(spoil(text))
    with pytest.raises(nutag.TableError, match=says) as caught:
        nutag.table(copy, "npp_by_region_zone_year")
    assert str(path) in str(caught.value)
