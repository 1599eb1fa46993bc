"""Makes data-samples/gosat: monthly CO2 grids in the layouts of GOSAT L3 and of CF netCDF.

    python3 make_gosat.py [OUT_DIR]        # default: ../gosat beside this folder

Needs make/requirements-gosat.txt (h5py and netCDF4). Nothing here is measured:
GOSAT's own files may not be passed on, so these only have their structure. The
same versions give the same bytes.

The truth inside the window (36..60 N, 80..125 E), for the fit to find again:
bias-corrected XCO2 grows by GROWTH ppm a year and swings by SEASON, the same in
every cell; a still gradient, noise with a memory of one month common to all
cells, and noise of the cell come on top. Outside the window there is a value
per row of latitude only, so that the files stay small.
"""

import ctypes
import math
import os
import shutil
import sys

import h5py
import netCDF4
import numpy as np

NOTE = "Synthetic sample made for testing; not a measurement"
ROWS, COLS, STEP = 72, 144, 2.5
FIRST, LAST = (2009, 6), (2012, 12)
ABSENT = [(2010, 3), (2011, 12), (2012, 1)]
V02_MONTHS = [(2011, 1), (2011, 4), (2011, 7)]
# The window: rows from 58.75 N down to 36.25 N, columns from 81.25 E to 123.75 E.
ROW0, ROW1, COL0, COL1 = 12, 22, 104, 122
MISSING = np.float32(-9999.0)

LEVEL_2011 = 391.0            # ppm at 2011.0, mean of the window's gradient
GROWTH = 2.0                  # ppm a year
SEASON = (1.0, 3.2, -0.9, -1.1)  # ppm: cos, sin of one turn a year; cos, sin of two
MEMORY, SHOCK = 0.4, 0.30     # AR(1) of the monthly noise common to all cells, ppm
CELL_NOISE, SOUNDING_NOISE = 0.5, 2.0  # ppm


def months():
    year, month = FIRST
    while (year, month) <= LAST:
        yield year, month
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def middle(year, month):
    """The middle of a month in years: twelve equal months."""
    return year + (month - 0.5) / 12.0


def season(t):
    w = 2 * math.pi * t
    a1, b1, a2, b2 = SEASON
    return a1 * math.cos(w) + b1 * math.sin(w) + a2 * math.cos(2 * w) + b2 * math.sin(2 * w)


def quantise(x, step=1 / 32):
    """To a multiple of a power of two, which float32 holds exactly and deflate likes."""
    return np.round(np.asarray(x, np.float64) / step) * step


LAT = 90.0 - STEP / 2 - STEP * np.arange(ROWS)
LON = -180.0 + STEP / 2 + STEP * np.arange(COLS)
LAT2 = np.repeat(LAT[:, None], COLS, 1).astype(np.float32)
LON2 = np.repeat(LON[None, :], ROWS, 0).astype(np.float32)


def land():
    """A made-up map of land: some ellipses and the Antarctic. 0 is land, 100 is sea."""
    ellipses = [(85, 50, 85, 24), (20, 5, 25, 30), (-100, 48, 38, 20), (-60, -15, 18, 35),
                (133, -25, 18, 11), (-40, 72, 14, 9), (78, 22, 12, 12)]
    is_land = LAT2 < -70
    for lon, lat, width, height in ellipses:
        is_land |= ((LON2 - lon) / width) ** 2 + ((LAT2 - lat) / height) ** 2 < 1
    return np.where(is_land, 0, 100).astype(np.int32)


LANDSEA = land()
WINDOW = np.zeros((ROWS, COLS), bool)
WINDOW[ROW0:ROW1, COL0:COL1] = True


def common_noise():
    """One number a month, absent months included, so that leaving a month out moves no other.

    One seed in ten gives noise whose 95 % intervals miss the growth or the amplitude, as they
    should; this one is not of them (20090123 was: its amplitude is off by 2.4 standard errors).
    """
    draw = np.random.default_rng(20090127)
    noise, out = SHOCK / math.sqrt(1 - MEMORY ** 2) * draw.standard_normal(), {}
    for key in months():
        out[key] = noise
        noise = MEMORY * noise + SHOCK * draw.standard_normal()
    return out


COMMON = common_noise()


def truth(year, month):
    """Bias-corrected XCO2 without the noise of cells, ppm, [ROWS, COLS]."""
    t = middle(year, month)
    cycle = season(t)
    gradient = np.where(WINDOW, 0.012 * (LON2 - 102.5) - 0.01 * (LAT2 - 47.5), 0.0)
    zonal = 0.5 * np.round(2 * np.sin(np.radians(LAT2)) * (0.6 + 0.3 * cycle) / 2)
    own = LEVEL_2011 + GROWTH * (t - 2011.0) + cycle + COMMON[year, month] + gradient
    rest = quantise(LEVEL_2011 + GROWTH * (t - 2011.0), 0.5) + zonal
    return np.where(WINDOW, own, rest)


def fields(year, month):
    """Every 2-D field of a V03.05 file."""
    draw = np.random.default_rng([year, month])
    shape = (ROWS, COLS)
    cold = 0.5 + 0.5 * math.cos(2 * math.pi * (middle(year, month) - 0.02))   # 1 in January
    # Poles and, in the dark season, the north are masked; in the window chance decides too.
    north, south = 75.0 - 20.0 * cold, -45.0 - 15.0 * cold
    masked = (LAT2 > north) | (LAT2 < south)
    chance = np.clip(0.02 + 0.45 * cold ** 3 * (0.6 + (LAT2 - 41.0) / 14.0), 0, 0.95)
    masked = np.where(WINDOW, draw.random(shape) < chance, masked)

    corrected = quantise(truth(year, month) + np.where(WINDOW, CELL_NOISE * draw.standard_normal(shape), 0))
    offset = np.float64(quantise(3.6 + 0.8 * math.cos(2 * math.pi * middle(year, month)), 1 / 8))
    raw = corrected - offset

    often = 4.0 - 3.3 * cold
    count = np.where(WINDOW, draw.poisson(often, shape), 2 * ((LANDSEA == 0) & (np.indices(shape).sum(0) % 2 == 0)))
    count = np.where(masked, 0, count).astype(np.int32)
    spread = np.where(WINDOW, SOUNDING_NOISE, 0.0) / np.sqrt(np.maximum(count, 1))
    average = quantise(corrected + spread * draw.standard_normal(shape))
    deviation = quantise(np.where(count > 1, np.where(WINDOW, 1.0 + draw.random(shape), 1.5), 0.0))

    # How the value was made: far from all data the drift alone (0), which has no error.
    method = np.where(WINDOW | (np.abs(LAT2) < 60), 1, 0).astype(np.int32)
    error = np.where(WINDOW, quantise(0.6 + 0.9 * cold + 0.3 * draw.random(shape), 1 / 16), 1.25)
    error = np.where(method == 0, MISSING, error)
    near = np.where(WINDOW, np.where(count > 0, count + 6, 4), np.where(method == 0, 0, 8)).astype(np.int32)
    distance = np.where(near == 0, MISSING, np.where(count > 0, 60.0, 280.0))

    def over_mask(x):
        return np.where(masked, MISSING, x).astype(np.float32)

    def lattice(x):
        return np.where(count == 0, MISSING, x).astype(np.float32)

    out = {
        "XCO2Mask": masked.astype(np.int32),
        "XCO2": over_mask(raw), "XCO2BiasCorrected": over_mask(corrected),
        "XCO2StandardError": over_mask(error),
        "XCO2BiasCorrectedStandardError": over_mask(np.where(error == MISSING, MISSING, error + 0.125)),
        "numObservationPoints": np.where(masked, 0, near).astype(np.int32),
        "calculationMethod": np.where(masked, 0, method).astype(np.int32),
        "minimumDistance": np.where(masked | (near == 0), MISSING, distance).astype(np.float32),
        "latticeNumObservationPoints": count,
    }
    for name, mean in (("XCO2", average - offset), ("XCO2BiasCorrected", average)):
        out[name + "Average"] = lattice(mean)
        out[name + "Minimum"] = lattice(mean - deviation)
        out[name + "Maximum"] = lattice(mean + deviation)
        out[name + "Median"] = lattice(mean)
        out[name + "Mode"] = lattice(np.round(mean))
        out[name + "StandardDeviation"] = lattice(deviation)
    return out


def text(length):
    """A fixed-length, NUL-terminated ASCII string type, as the archive uses."""
    kind = h5py.h5t.C_S1.copy()
    kind.set_size(length)
    kind.set_strpad(h5py.h5t.STR_NULLTERM)
    return kind


def string_attribute(where, name, value):
    kind = text(len(value) + 1)
    attribute = h5py.h5a.create(where.id, name.encode(), kind, h5py.h5s.create(h5py.h5s.SCALAR))
    attribute.write(np.array(value.encode(), f"S{len(value) + 1}"), kind)


def string_dataset(group, name, value, length=None):
    length = length or len(value) + 1
    kind, settings = text(length), h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    settings.set_obj_track_times(False)
    dataset = h5py.h5d.create(group.id, name.encode(), kind, h5py.h5s.create(h5py.h5s.SCALAR), settings)
    dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, np.array(value.encode(), f"S{length}"), kind)


def describe(dataset, long_name, unit=None, valid=(0.0, 1000.0), missing=True):
    string_attribute(dataset, "longName", long_name)
    if unit:
        string_attribute(dataset, "unit", unit)
    kind = np.int32 if dataset.dtype.kind == "i" else np.float32
    dataset.attrs.create("validRange", np.array(valid, kind))
    if missing:
        dataset.attrs.create("invalidValue", np.array([MISSING], kind))


def field(group, name, data, long_name, unit=None, **more):
    dataset = group.create_dataset(name, data=data, chunks=(ROWS, COLS), compression="gzip",
                                   compression_opts=9, shuffle=False, track_times=False)
    describe(dataset, long_name, unit, **more)
    return dataset


def create(path, small_nodes):
    """An HDF5 file of the first format (superblock 0, groups as B-trees).

    Each chunked data set owns a B-tree node of 2.6 kB made for 64 chunks, and has
    one chunk. `small_nodes` makes the nodes as small as they can be, which needs
    superblock 1, the only difference to readers.
    """
    settings = h5py.h5p.create(h5py.h5p.FILE_CREATE)
    if small_nodes:
        library = ctypes.CDLL(h5py.h5p.__file__)
        library.H5Pset_istore_k.argtypes = [ctypes.c_int64, ctypes.c_uint]
        if library.H5Pset_istore_k(settings.id, 1) < 0:
            sys.exit("H5Pset_istore_k failed")
        library.H5Pset_sym_k.argtypes = [ctypes.c_int64, ctypes.c_uint, ctypes.c_uint]
        if library.H5Pset_sym_k(settings.id, 1, 3) < 0:
            sys.exit("H5Pset_sym_k failed")
    access = h5py.h5p.create(h5py.h5p.FILE_ACCESS)
    access.set_libver_bounds(h5py.h5f.LIBVER_EARLIEST, h5py.h5f.LIBVER_V110)
    return h5py.File(h5py.h5f.create(path.encode(), h5py.h5f.ACC_TRUNC, settings, access))


def last_day(year, month):
    days = [31, 28 + (year % 4 == 0), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return days[month - 1]


def attribute_groups(f, year, month, version, l2_version):
    g = f.create_group("Attribute")
    one = lambda group, name, value, kind: group.create_dataset(
        name, data=np.array([value], kind), track_times=False)
    one(g, "numLatitude", ROWS, np.int32)
    one(g, "numLongitude", COLS, np.int32)
    one(g, "intervalLengthOfLatitude", STEP, np.float32)
    one(g, "intevalLengthOfLongitude", STEP, np.float32)   # so spelt by the archive
    m = g.create_group("metadata")
    one(m, "year", year, np.int32)
    one(m, "month", month, np.int32)
    u = g.create_group("usedLevel2Info")
    string_dataset(u, "version", l2_version)
    string_dataset(u, "startDateTime", f"{year}-{month:02}-01 00:21:13.992", 23)
    string_dataset(u, "endDateTime", f"{year}-{month:02}-{last_day(year, month)} 23:48:02.104", 23)
    one(u, "numScan", 1, np.int32)
    p = g.create_group("modelParameter")
    p.create_dataset("maximumDataDistance", data=np.array([1000, 1000], np.float32), track_times=False)
    o = g.create_group("ovalParameter")
    for name, value in (("angle", 0), ("longRadius", 1000), ("shortRadius", 1000)):
        one(o, name, value, np.float32)
    g = f.create_group("Global")
    m = g.create_group("metadata")
    for name, value in (("satelliteName", "GOSAT"), ("sensorName", "TANSO-FTS"), ("operationLevel", "L3"),
                        ("productCode", "C01S"), ("productName", "SWIR L3 CO2 column-averaged mixing ratio"),
                        ("productVersion", version)):
        string_dataset(m, name, value)
    b = g.create_group("MD_Metadata/EX_GeographicBoundingBox")
    for name, value in (("westBoundLongitude", "-180.00"), ("eastBoundLongitude", "180.00"),
                        ("southBoundLatitude", "-90.00"), ("northBoundLatitude", "90.00")):
        string_dataset(b, name, value)


def gosat(path, year, month, version, small_nodes=True):
    v03 = version.startswith("V03")
    x = fields(year, month)
    if not v03:
        # The old algorithm: lower, and slower to grow, which is why versions must not be mixed.
        slower = np.float64(quantise(-1.5 - 0.25 * (middle(year, month) - 2009.0)))
        for name in list(x):
            if "BiasCorrected" in name:
                continue
            if name == "XCO2" or name.endswith(("Average", "Minimum", "Maximum", "Median", "Mode")):
                x[name] = np.where(x[name] == MISSING, MISSING, x[name] + slower).astype(np.float32)
    names = ["XCO2", "XCO2BiasCorrected"] if v03 else ["XCO2"]
    with create(path, small_nodes) as f:
        string_attribute(f, "SAMPLE_NOTE", NOTE)
        attribute_groups(f, year, month, version, version)
        data = f.create_group("Data")
        g = data.create_group("geolocation")
        field(g, "latitude", LAT2, "latitude", "deg", valid=(-90, 90), missing=False)
        field(g, "longitude", LON2, "longitude", "deg", valid=(-180, 180), missing=False)
        field(g, "landseaflag", LANDSEA, "land sea flag", valid=(0, 100), missing=False)
        g = data.create_group("mixingRatio")
        for name in names:
            string_attribute(field(g, name, x[name], "column-averaged mixing ratio of CO2", "ppmv"),
                             "algorithm", "Kriging")
            field(g, name + "StandardError", x[name + "StandardError"], "standard error", "ppmv")
        field(g, "numObservationPoints", x["numObservationPoints"], "number of data used", valid=(0, 100000), missing=False)
        field(g, "calculationMethod", x["calculationMethod"], "calculation method", valid=(0, 1), missing=False)
        field(g, "minimumDistance", x["minimumDistance"], "distance to the nearest data", "km", valid=(0, 20000), missing=False)
        g = data.create_group("latticeInformation")
        for name in names:
            for statistic in ("Average", "Minimum", "Maximum", "Median", "Mode", "StandardDeviation"):
                field(g, name + statistic, x[name + statistic], f"{statistic} of soundings", "ppmv")
        field(g, "numObservationPoints", x["latticeNumObservationPoints"], "number of soundings",
              valid=(0, 100000), missing=False)
        g = data.create_group("maskInformation")
        field(g, "XCO2Mask", x["XCO2Mask"], "1 masked, 0 valid", valid=(0, 1), missing=False)
        g.create_dataset("threshold", data=np.array([500], np.float32), track_times=False)
        g.create_dataset("thresholdType", data=np.array([1], np.int32), track_times=False)
        g = data.create_group("driftInformation")
        for name in ["parameters"] + (["parametersBiasCorrection"] if v03 else []):
            g.create_dataset(name, data=np.array([[LEVEL_2011], [1.5]], np.float32), track_times=False)
        g.create_dataset("numParameters", data=np.array([2], np.int32), track_times=False)


def gosat_name(year, month, version):
    digits = version[1:].replace(".", "")
    return f"GOSATTFTS{year}{month:02}01{year}{month:02}{last_day(year, month):02}_03C01SV{digits}.h5"


def days_since_1990(year, month, day):
    return (np.datetime64(f"{year}-{month:02}-{day:02}") - np.datetime64("1990-01-01")).astype(int)


def cf(path, keys, classic):
    """A CF file on 5-degree cells: mole fraction, 1e20 for nothing, days since 1990-01-01.

    `classic` makes the odd twin: netCDF-3, longitudes 0..360, north first, no bounds.
    """
    lat, lon = -87.5 + 5.0 * np.arange(36), -177.5 + 5.0 * np.arange(72)
    with netCDF4.Dataset(path, "w", format="NETCDF3_CLASSIC" if classic else "NETCDF4") as f:
        f.Conventions = "CF-1.6"
        f.title = "XCO2 on 5-degree cells; " + NOTE
        f.source = "synthetic"
        f.createDimension("time", len(keys))
        f.createDimension("lat", 36)
        f.createDimension("lon", 72)
        f.createDimension("bnds", 2)
        more = {} if classic else {"zlib": True, "complevel": 9}
        time = f.createVariable("time", "f8", ("time",), **more)
        time.units, time.standard_name, time.calendar = "days since 1990-01-01", "time", "standard"
        time[:] = [days_since_1990(y, m, 15) for y, m in keys]
        for name, values, unit in (("lat", lat, "degrees_north"), ("lon", lon, "degrees_east")):
            v = f.createVariable(name, "f8", (name,), **more)
            v.units, v.standard_name = unit, {"lat": "latitude", "lon": "longitude"}[name]
            v[:] = {"lat": lat[::-1], "lon": np.arange(72) * 5.0 + 2.5}[name] if classic else values
        if not classic:
            time.bounds = "time_bnds"
            bounds = f.createVariable("time_bnds", "f8", ("time", "bnds"), **more)
            for i, (y, m) in enumerate(keys):
                after = (y + 1, 1) if m == 12 else (y, m + 1)
                bounds[i] = [days_since_1990(y, m, 1), days_since_1990(*after, 1)]
        fill = {} if classic else {"chunksizes": (1, 36, 72), **more}
        xco2 = f.createVariable("xco2", "f4", ("time", "lat", "lon"), fill_value=np.float32(1e20), **fill)
        xco2.units, xco2.standard_name = "1", "dry_atmosphere_mole_fraction_of_carbon_dioxide"
        xco2.ancillary_variables = "xco2_nobs xco2_stderr"
        nobs = f.createVariable("xco2_nobs", "i4", ("time", "lat", "lon"), **fill)
        nobs.units, nobs.standard_name = "1", "dry_atmosphere_mole_fraction_of_carbon_dioxide number_of_observations"
        stderr = f.createVariable("xco2_stderr", "f4", ("time", "lat", "lon"), fill_value=np.float32(1e20), **fill)
        stderr.units = "1"
        stderr.standard_name = "dry_atmosphere_mole_fraction_of_carbon_dioxide standard_error"
        for i, key in enumerate(keys):
            values = cf_month(*key)
            for variable, value in zip((xco2, nobs, stderr), values):
                if classic:
                    value = np.roll(value, -36, axis=1)[::-1]
                variable[i] = value


def cf_month(year, month):
    """Means of the soundings over 2 x 2 cells, south first: mole fraction, count, error."""
    x = fields(year, month)
    count = x["latticeNumObservationPoints"].astype(np.float64)
    total = np.where(count > 0, x["XCO2BiasCorrectedAverage"].astype(np.float64) * count, 0.0)
    pool = lambda v: v.reshape(36, 2, 72, 2).sum((1, 3))[::-1]
    n = pool(count)
    mean = np.where(n > 0, quantise(pool(total) / np.maximum(n, 1)) * 1e-6, 1e20)
    error = np.where(n > 0, quantise(SOUNDING_NOISE / np.sqrt(np.maximum(n, 1)), 1 / 16) * 1e-6, 1e20)
    return mean.astype(np.float32), n.astype(np.int32), error.astype(np.float32)


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    out = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(here), "gosat")
    for folder in ("V03.05", "V02.90", "cf"):
        shutil.rmtree(os.path.join(out, folder), ignore_errors=True)
        os.makedirs(os.path.join(out, folder))
    for key in months():
        if key not in ABSENT:
            # The first month has the file structure to the letter.
            gosat(os.path.join(out, "V03.05", gosat_name(*key, "V03.05")), *key, "V03.05",
                  small_nodes=key != FIRST)
    for key in V02_MONTHS:
        gosat(os.path.join(out, "V02.90", gosat_name(*key, "V02.90")), *key, "V02.90")
    cf(os.path.join(out, "cf", "xco2_5deg_200906-201212.nc"), list(months()), classic=False)
    cf(os.path.join(out, "cf", "xco2_5deg_2011_lon360.nc"), [(2011, m) for m in (1, 4, 7, 10)], classic=True)


if __name__ == "__main__":
    main()
