"""A zoo of netCDF files: every type and every way to say what its numbers mean, with what xarray makes of them.

    python netcdf_zoo.py OUT_DIR

Writes one small file a case and `expected.json`: the values of each as xarray's decode_cf gives them
(`None` where it has NaN), or as netCDF4-python does where xarray does not look (the numbers with which
netCDF fills what was never written, valid ranges); by hand where neither follows the conventions, with the
reason beside it; or "refused". Shares nothing with the program. Needs numpy, netCDF4, xarray.
"""

import json
import os
import sys
import warnings

import netCDF4
import numpy as np
import xarray

warnings.filterwarnings("ignore")
OUT = sys.argv[1]
WHOLE = ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"]
CLASSIC = ["i1", "i2", "i4", "f4", "f8"]
CELLS = 12
cases = []


def write(name, dtype, raw, attributes=(), fill=None, data_model="NETCDF4", axes=None, **storage):
    """One month of `tmp` on 3 x 4 cells; cells of `raw` that are None are never written."""
    path = os.path.join(OUT, name + ".nc")
    with netCDF4.Dataset(path, "w", format=data_model) as data:
        for axis, values, units in (("time", [14.0], "days since 2001-01-01"),
                                    ("lat", [52.5, 47.5, 42.5], "degrees_north"),
                                    ("lon", [92.5, 97.5, 102.5, 107.5], "degrees_east")):
            data.createDimension(axis, len(values))
            kind, stored, packing = (axes or {}).get(axis, ("f8", values, {}))
            variable = data.createVariable(axis, kind, (axis,))
            variable.set_auto_maskandscale(False)
            variable.units = units
            variable.setncatts(packing)
            variable[:] = stored
        tmp = data.createVariable("tmp", dtype, ("time", "lat", "lon"), fill_value=fill, **storage)
        tmp.set_auto_maskandscale(False)
        tmp.units = "degC"
        for key, value in attributes:
            tmp.setncattr(key, value)
        for cell, value in enumerate(raw):
            if value is not None:
                tmp[0, cell // 4, cell % 4] = np.array(value).astype(dtype)
    return path


def listed(values):
    return [None if np.isnan(v) else float(v) for v in np.asarray(values, "f8").ravel()]


def case(name, dtype, raw, attributes=(), by="xarray", near=0.0, **how):
    """`by`: who says what is right, or the right values themselves, or "refused"."""
    path = write(name, dtype, raw, attributes, **how)
    if by == "xarray":
        with xarray.open_dataset(path, engine="netcdf4", decode_times=False) as data:
            expected = listed(data.tmp.values)
    elif by == "netCDF4":
        with netCDF4.Dataset(path) as data:
            expected = listed(np.ma.filled(np.ma.asarray(data.variables["tmp"][:], "f8"), np.nan))
    else:
        expected = by
    cases.append({"file": name + ".nc", "expected": expected, "near": near})


def spread(low, high, count=CELLS):
    """Whole numbers from low to high, the ends not among them."""
    return [int(low + (high - low) * (i + 1) // (count + 1)) for i in range(count)]


def seen_as(dtype, unsigned):
    if unsigned == "true" and dtype[0] == "i":
        return "u" + dtype[1]
    return "i" + dtype[1] if unsigned == "false" and dtype[0] == "u" else dtype


def packed():
    for model in ("NETCDF3_CLASSIC", "NETCDF4"):
        for dtype in WHOLE:
            if model != "NETCDF4" and dtype not in CLASSIC:
                continue
            for unsigned in (None, "true", "false"):
                seen = np.iinfo(seen_as(dtype, unsigned))
                small = seen.bits <= 16
                low, high = (seen.min, seen.max) if small else (max(seen.min, -40000), 40000)
                raw = spread(low, high)
                step = 120.0 / (high - low)
                first = -70.0 - low * step
                bits = [int(np.array(v).astype(seen.dtype).view(dtype)) for v in raw]
                last = bits[-1]
                ways = {
                    "double": [("scale_factor", np.float64(step)), ("add_offset", np.float64(first))],
                    "single": [("scale_factor", np.float32(step)), ("add_offset", np.float32(first))],
                    "scale": [("scale_factor", np.float32(50.0 / max(abs(low), high)))],
                    "mixed": [("scale_factor", np.float32(step)), ("add_offset", np.float64(first))],
                }
                for way, attributes in ways.items():
                    attributes = attributes + ([("_Unsigned", unsigned)] if unsigned else [])
                    name = f"{model[6:]}-{dtype}-{unsigned}-{way}".lower()
                    # Whole numbers of four bytes and more do not fit into a float: ours are doubles.
                    near = 0.0 if small or way in ("double", "mixed") else 1e-5
                    case(name, dtype, bits, attributes, data_model=model, near=near)
                    if way in ("double", "single"):
                        case(name + "-fill", dtype, bits, attributes, fill=np.array(last, dtype)[()],
                             data_model=model, near=near)


def plain():
    for dtype in WHOLE:
        values = spread(np.iinfo(dtype).min if dtype == "i1" else 0, 50) if dtype[0] == "u" else spread(-60, 50)
        case(f"plain-{dtype}", dtype, values)
        case(f"plain-{dtype}-double-missing", dtype, values, [("missing_value", np.float64(values[2]))])
        case(f"plain-{dtype}-vector-missing", dtype, values,
             [("missing_value", np.array([values[1], values[4], values[5]], dtype))])
    for dtype in ("f4", "f8"):
        values = np.linspace(-60, 50, CELLS).astype(dtype)
        values[3] = np.nan
        case(f"plain-{dtype}-nan", dtype, values)
        case(f"plain-{dtype}-nan-fill", dtype, values, fill=np.array(np.nan, dtype)[()])
        values = values.copy()
        values[3], values[7] = 1e20, -9999.0
        both = [("missing_value", np.array([1e20, -9999.0], dtype))]
        case(f"plain-{dtype}-vector", dtype, values, both)
        case(f"plain-{dtype}-fill-and-missing", dtype, values, [("missing_value", np.array(-9999.0, dtype))],
             fill=np.array(1e20, dtype)[()])
        case(f"plain-{dtype}-chunked", dtype, values, both, zlib=True, shuffle=True, chunksizes=(1, 2, 3))
    # A double that no float is: the float nearest to it is meant. xarray compares them as they are.
    values = np.linspace(-60, 50, CELLS)
    right = lambda kind: [None if i == 3 else float(np.array(v).astype(kind)) for i, v in enumerate(values)]
    for stored, attribute in (("f4", "f8"), ("f8", "f4")):
        for index, missing in enumerate((1e20, -9999.9, 1e36)):
            raw = values.astype(stored)
            raw[3] = np.array(missing, stored)
            case(f"other-type-{stored}-{index}", stored, raw, [("missing_value", np.array(missing, attribute)[()])],
                 by=right(stored))
    # Of floats that are packed: in the type of the scale.
    case("packed-floats", "f4", values.astype("f4"), [("scale_factor", np.float32(0.5))])


def never_written():
    for dtype in WHOLE + ["f4", "f8"]:
        raw = [1, 2, 3, None, 5, None] + [7] * 6
        if dtype[1] == "1":
            raw = [v if v is not None else 9 for v in raw]
        case(f"unwritten-{dtype}", dtype, raw, by="netCDF4")
        attributes = [("scale_factor", np.float64(0.5)), ("add_offset", np.float64(1.0))]
        case(f"unwritten-{dtype}-packed", dtype, raw, attributes, by="netCDF4")
    # All values of a byte are data (netCDF User's Guide).
    case("byte-127", "i1", [-127 // 2, -60, -50] + [1] * 9, by="xarray")
    # Where a fill value is declared, it alone is missing.
    case("declared-fill", "i2", [-32767, -100, 100] + [7] * 9, [("scale_factor", 1e-3)], fill=np.int16(-100))


def ranges():
    raw = spread(-3000, 3000)
    scale = [("scale_factor", np.float64(0.01))]
    case("range-short", "i2", raw, scale + [("valid_range", np.array([-1000, 1000], "i2"))], by="netCDF4")
    case("range-int", "i2", raw, scale + [("valid_range", np.array([-1000, 1000], "i4"))], by="netCDF4")
    case("min-short", "i2", raw, scale + [("valid_min", np.int16(-1000))], by="netCDF4")
    case("max-short", "i2", raw, scale + [("valid_max", np.int16(1000))], by="netCDF4")
    case("range-plain", "f4", np.linspace(-60, 50, CELLS), [("valid_range", np.array([-20.0, 20.0], "f4"))], by="netCDF4")
    inside = [None if not -10.0 <= r * 0.01 <= 10.0 else r * 0.01 for r in raw]
    # Of the type of the unpacked values and wider than the stored one: in unpacked units (netCDF User's Guide).
    case("range-unpacked", "i2", raw, scale + [("valid_range", np.array([-10.0, 10.0], "f8"))], by=inside)
    case("min-max-unpacked", "i2", raw, scale + [("valid_min", -10.0), ("valid_max", 10.0)], by=inside)
    # A float's limit is the float nearest to it.
    case("range-edge", "f4", [0.1, 0.2, 0.3] + [0.2] * 9, [("valid_min", np.float64(np.float32(0.1)) + 1e-12)],
         by=[float(np.float32(v)) for v in [0.1, 0.2, 0.3] + [0.2] * 9])
    # Unsigned bytes with signed limits, as netCDF-3 must have them: 0 to 254 (netCDF User's Guide, "_Unsigned").
    # netCDF4-python ends with an error there.
    counts = [1, 2, 255, 254, 253] + [7] * 7
    case("range-unsigned", "i1", [v if v < 128 else v - 256 for v in counts],
         [("_Unsigned", "true"), ("valid_range", np.array([0, -2], "i1")), ("scale_factor", 0.2)],
         by=[v * 0.2 if v < 255 else None for v in counts], data_model="NETCDF3_CLASSIC")
    case("fill-in-range", "i2", raw, scale + [("valid_range", np.array([-3000, 3000], "i2"))], fill=np.int16(raw[4]))


def refused():
    raw = spread(-3000, 3000)
    scale = [("scale_factor", np.float64(0.01))]
    for name, attributes in {
        "scale-0": [("scale_factor", 0.0)],
        "scale-nan": [("scale_factor", np.nan)],
        "scale-text": [("scale_factor", "0.01")],
        "scale-vector": [("scale_factor", np.array([0.01, 0.02]))],
        "offset-inf": scale + [("add_offset", np.inf)],
        "missing-text": scale + [("missing_value", "-999")],
        "range-text": scale + [("valid_range", "-1000, 1000")],
        "range-three": scale + [("valid_range", np.array([1, 2, 3], "i2"))],
        "range-turned": scale + [("valid_range", np.array([1000, -1000], "i2"))],
        "unsigned-yes": scale + [("_Unsigned", "yes")],
        # A number that no short is, and that a stored one unpacks to.
        "missing-unpacked": scale + [("missing_value", np.float32(raw[2] * 0.01))],
    }.items():
        case("refused-" + name, "i2", raw, attributes, by="refused")
    case("refused-wrapped", "i1", spread(-20, 20)[:-1] + [-1], [("missing_value", np.int16(255))], by="refused")
    # The same attributes where they cannot matter.
    case("missing-none", "i2", raw, scale + [("missing_value", "none")], by=[r * 0.01 for r in raw])
    case("missing-elsewhere", "i2", raw, scale + [("missing_value", np.float64(1e20))])
    case("missing-nan", "i2", raw, scale + [("missing_value", np.float32(np.nan))])


def coordinates():
    plain = np.linspace(-60, 50, CELLS)
    axes = {"lat": ("i2", [5250, 4750, 4250], {"scale_factor": 0.01}),
            "lon": ("i1", [15, 35, 55, 75], {"scale_factor": 0.25, "add_offset": 88.75}),
            "time": ("i2", [28], {"scale_factor": 0.5})}
    case("packed-axes", "f8", plain, axes=axes)


packed()
plain()
never_written()
ranges()
refused()
coordinates()
with open(os.path.join(OUT, "expected.json"), "w", encoding="utf-8") as file:
    json.dump(cases, file)
print(len(cases), "cases")
