"""Granules: every number and attribute as libhdf4 (pyhdf) reads them."""

import os
import pickle
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT, runs_beside
from pyhdf.SD import SD, SDC

import nutag

TYPES = {
    SDC.INT8: "int8",
    SDC.UINT8: "uint8",
    SDC.INT16: "int16",
    SDC.UINT16: "uint16",
    SDC.INT32: "int32",
    SDC.UINT32: "uint32",
    SDC.FLOAT32: "float32",
    SDC.FLOAT64: "float64",
}


def same_as_libhdf4(path: Path) -> int:
    """Compares names, shapes, types, numbers and attributes; returns how many numbers.

    What pyhdf does not read is left out: other types, data sets without dimensions or cells; and
    coders that neither reads.
    """
    other = SD(str(path))
    numbers = 0
    with nutag.open(path) as granule:
        assert list(granule.datasets) == [
            other.select(index).info()[0] for index in range(other.info()[0])
        ]
        for name in granule.datasets:
            if granule.datasets.count(name) > 1 or name.startswith("unsupported_"):
                continue
            mine, theirs = granule.dataset(name), other.select(name)
            _, rank, shape, code, _ = theirs.info()
            assert mine.shape == tuple(shape if rank != 1 else [shape])
            if code not in TYPES:
                continue
            assert mine.dtype == TYPES[code]
            values = mine.read()
            assert values.dtype == mine.dtype
            assert values.shape == mine.shape
            if 0 < values.size and mine.ndim > 0:
                there = theirs[:].reshape(mine.shape)
                assert np.array_equal(values, there, equal_nan=values.dtype.kind == "f"), name
            numbers += values.size
            attributes = mine.attributes
            assert len(attributes) == theirs.info()[4]
            for index in range(theirs.info()[4]):
                attribute = theirs.attr(index)
                key, code, _ = attribute.info()
                assert key in attributes
                if code not in (*TYPES, SDC.CHAR):
                    continue
                value = attribute.get()
                if isinstance(value, str):
                    assert attributes[key] == value.rstrip("\0")
                else:
                    assert np.array_equal(attributes[key], value, equal_nan=True), key
    other.end()
    return numbers


def test_the_samples_are_as_libhdf4_reads_them(granules):
    assert sum(map(same_as_libhdf4, granules)) == 85 * 3 * 240 * 240


def test_granules_of_the_archive_are_as_libhdf4_reads_them(real_granules):
    assert sum(map(same_as_libhdf4, real_granules)) > 10_000_000


@pytest.mark.filterwarnings("ignore::nutag.MissingChunksWarning")
def test_every_layout_of_the_reference_libraries():
    fixtures = ROOT / "crates" / "hdf4" / "tests" / "fixtures"
    assert same_as_libhdf4(fixtures / "sd.hdf") > 10_000
    assert same_as_libhdf4(fixtures / "eos.hdf") > 1_000


def test_chunks_that_were_never_written():
    granule = nutag.open(ROOT / "crates" / "hdf4" / "tests" / "fixtures" / "sd.hdf")
    filled = granule.read("missing_own_i16")
    assert (filled == -3000).sum() == 347
    with pytest.warns(nutag.MissingChunksWarning, match="347 cells of 13 chunks were never written"):
        silent = granule.read("missing_i16")
    assert np.array_equal(silent == -32767, filled == -3000)
    with pytest.raises(nutag.GranuleError, match="skipping Huffman is not supported"):
        granule.read("unsupported_huffman_u8")


@pytest.mark.parametrize("code", TYPES)
@pytest.mark.parametrize("shape", [(7,), (5, 6), (3, 4, 5), (2, 3, 2, 3)])
@pytest.mark.parametrize("packed", [False, True])
def test_every_type_and_rank(tmp_path, code, shape, packed):
    dtype = np.dtype(TYPES[code])
    draw = np.random.default_rng(7)
    values = draw.integers(0, 256, (*shape, dtype.itemsize), np.uint8).view(dtype)[..., 0]
    path = tmp_path / "any.hdf"
    file = SD(str(path), SDC.WRITE | SDC.CREATE)
    data = file.create("layer", code, shape)
    if packed:
        data.setcompress(SDC.COMP_DEFLATE, 5)
    data[:] = values
    data.endaccess()
    file.end()
    read = nutag.open(path).read("layer")
    assert read.dtype == dtype
    assert read.tobytes() == values.tobytes()


def test_numbers_that_were_never_written_are_the_fill_value(tmp_path):
    path = tmp_path / "empty.hdf"
    file = SD(str(path), SDC.WRITE | SDC.CREATE)
    filled = file.create("filled", SDC.INT16, (4, 5))
    filled.setfillvalue(-3000)
    filled.endaccess()
    file.create("silent", SDC.INT16, (4, 5)).endaccess()
    file.end()
    granule = nutag.open(path)
    assert granule["filled"].storage == "empty"
    assert granule["filled"].attributes["_FillValue"] == -3000
    assert (granule.read("filled") == -3000).all()
    with pytest.warns(nutag.MissingChunksWarning, match="20 cells of 1 chunks were never written"):
        granule.read("silent")


WINDOWS = [
    np.s_[:],
    np.s_[10:20],
    np.s_[10:20, 30:31],
    np.s_[-5:, :-200],
    np.s_[100:100, :],
    np.s_[30:10],
    np.s_[59:61, 119:121],
    np.s_[0:9999, 239:],
    (),
]


@pytest.mark.parametrize("window", WINDOWS, ids=str)
def test_a_window_is_the_slice_of_the_whole(granules, window):
    for path in granules[::20]:
        data = nutag.open(path)["Npp_500m"]
        assert np.array_equal(data.read(window), data.read()[window])


def test_numbers_go_straight_into_the_array_that_is_given(granules):
    data = nutag.open(granules[0])["Npp_500m"]
    out = np.full((3, 240, 240), 7, np.int16)
    given = data.read(out=out[1])
    assert given.base is out or given is out[1] or np.shares_memory(given, out)
    assert np.array_equal(out[1], data.read())
    assert (out[0] == 7).all() and (out[2] == 7).all()
    part = np.empty((10, 240), np.int16)
    assert data.read(np.s_[5:15], out=part) is part
    assert np.array_equal(part, data.read()[5:15])


@pytest.mark.parametrize(
    "out",
    [
        np.zeros((240, 240), np.uint16),
        np.zeros((240, 240), ">i2"),
        np.zeros((240, 239), np.int16),
        np.zeros((240, 240), np.int16, order="F"),
        np.zeros((240, 480), np.int16)[:, ::2],
        [[0]],
        None.__class__,
    ],
    ids=["type", "byte order", "shape", "Fortran", "strided", "list", "class"],
)
def test_an_array_that_does_not_fit_is_refused(granules, out):
    with pytest.raises(nutag.ArgumentError, match=r"expected a writable C-contiguous array of i16"):
        nutag.open(granules[0]).read("Npp_500m", out=out)


def test_a_read_only_array_is_refused(granules):
    out = np.zeros((240, 240), np.int16)
    out.flags.writeable = False
    with pytest.raises(nutag.ArgumentError, match="read-only"):
        nutag.open(granules[0]).read("Npp_500m", out=out)


@pytest.mark.parametrize(
    ("window", "says"),
    [
        (np.s_[::2], "without a step"),
        (np.s_[:, :, :], "at most 2 slices"),
        ((3, slice(None)), "found 3"),
        (np.s_[..., 1:2], "found Ellipsis"),
    ],
)
def test_a_window_that_means_nothing_is_refused(granules, window, says):
    with pytest.raises(nutag.ArgumentError, match=says):
        nutag.open(granules[0]).read("Npp_500m", window)


def test_what_is_said_of_a_granule(granules):
    with nutag.open(granules[0]) as granule:
        assert granule.datasets == ("Gpp_500m", "Npp_500m", "Npp_QC_500m")
        data = granule["Npp_500m"]
        assert (data.shape, data.ndim, data.chunks) == ((240, 240), 2, (60, 120))
        assert data.storage == "chunked, deflate"
        assert data.dimensions == ("YDim:MOD_Grid_MOD17A3H", "XDim:MOD_Grid_MOD17A3H")
        assert 0 < data.stored_bytes < os.path.getsize(granules[0])
        assert data.attributes["scale_factor"] == 0.0001
        assert data.attributes["units"] == "kg_C/m^2"
        assert data.attributes["valid_range"].tolist() == [-30000, 32700]
        assert "synthetic" in str(granule.attributes["SAMPLE_NOTE"]).lower()
        assert set(granule.metadata) == {"CoreMetadata", "StructMetadata"}
        assert "GROUP=GridStructure" in granule.metadata["StructMetadata"]
        (grid,) = granule.grids
        assert grid.shape == (240, 240)
        assert grid.projection == "GCTP_SNSOID"
        assert grid.projection_parameters[0] == 6371007.181
        assert grid.fields == granule.datasets
        # Tile h23v03 of the sinusoidal grid.
        side = 2 * 20015109.354 / 36
        assert np.allclose(grid.upper_left, (-20015109.354 + 23 * side, 10007554.677 - 3 * side))
        assert np.allclose(grid.lower_right, (-20015109.354 + 24 * side, 10007554.677 - 4 * side))
        assert "Npp_500m" in repr(granule) and "chunked" in repr(data)
        assert "Npp_500m" in granule and "no" not in granule


def test_errors_say_what_to_do(granules, tmp_path):
    granule = nutag.open(granules[0])
    with pytest.raises(nutag.GranuleError, match=r"did you mean 'Npp_500m'"):
        granule.read("Npp500m")
    missing = tmp_path / "missing.hdf"
    with pytest.raises(FileNotFoundError) as caught:
        nutag.open(missing)
    assert caught.value.filename == str(missing)
    text = tmp_path / "text.hdf"
    text.write_text("not a granule")
    with pytest.raises(nutag.GranuleError, match=r"text\.hdf: expected an HDF4 file.*found"):
        nutag.open(text)
    with pytest.raises(TypeError):
        nutag.open(3)
    granule.close()
    with pytest.raises(ValueError, match="was closed; open it again"):
        granule.read("Npp_500m")


def test_a_granule_cut_short_is_refused(granules, tmp_path):
    for path in granules[::9]:
        whole = path.read_bytes()
        for share in (0.1, 0.5, 0.9, 0.99):
            cut = tmp_path / "cut.hdf"
            cut.write_bytes(whole[: int(len(whole) * share)])
            with pytest.raises(nutag.GranuleError, match="fetch it again|damaged|cut short"):
                granule = nutag.open(cut)
                for name in granule.datasets:
                    granule.read(name)


def test_errors_travel_between_processes():
    for kind in (nutag.GranuleError, nutag.TableError, nutag.TaskError, nutag.ArgumentError, nutag.InternalError):
        copy = pickle.loads(pickle.dumps(kind("what")))
        assert type(copy) is kind and copy.args == ("what",)
        assert kind.__module__ == "nutag"
    assert issubclass(nutag.ArgumentError, ValueError)
    assert issubclass(nutag.GranuleError, nutag.NutagError)
    assert not issubclass(nutag.InternalError, nutag.NutagError)


def test_one_granule_serves_many_threads(granules):
    granule = nutag.open(granules[0])
    whole = granule.read("Npp_500m")
    windows = [np.s_[row : row + 7, column : column + 50] for row in range(0, 240, 7) for column in range(0, 240, 50)]
    with ThreadPoolExecutor(8) as pool:
        parts = list(pool.map(lambda window: granule.read("Npp_500m", window), windows * 4))
    for window, part in zip(windows * 4, parts):
        assert np.array_equal(part, whole[window])


def test_python_runs_while_a_granule_is_read(granules):
    """With the interpreter held, another thread could see nothing of it."""
    granule = nutag.open(granules[0])
    out = np.empty((240, 240), np.int16)
    data = granule["Npp_500m"]
    native = data._file.native()

    def read() -> None:
        for _ in range(400):
            native.read_into(data._index, [0, 0], [240, 240], out)

    assert runs_beside(read)



def test_a_path_may_be_of_any_kind(granules, tmp_path):
    strange = tmp_path / "нутаг granule.hdf"
    shutil.copy(granules[0], strange)
    assert nutag.open(strange).path == str(strange)
    assert nutag.open(str(strange)).datasets == nutag.open(granules[0]).datasets
