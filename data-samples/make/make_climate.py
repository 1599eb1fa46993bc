"""Writes climate/: monthly temperature and precipitation over the sample country, synthetic.

    python3 make_climate.py

Two files in two shapes, as users have them: tmp.nc as CRU TS (degrees Celsius, south first, days
since 1900), tp.nc as ERA5 monthly means (metres a day, packed, north first, seconds since 1970).
Both on cells of half a degree, December 2000 to December 2012. The year is like Ulaanbaatar's at 48 N,
warmer and drier to the south; 2002, 2007 and 2009 are dry, as in the granules. The same versions give
the same bytes. Needs numpy and netCDF4.
"""

import datetime
import os

import netCDF4
import numpy as np

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NOTE = "Synthetic sample made for testing; not a measurement."
MONTHS = [(2000, 12)] + [(year, month) for year in range(2001, 2013) for month in range(1, 13)]
LON = np.arange(87.25, 120.5, 0.5)
LAT = np.arange(41.25, 52.75, 0.5)
TEMPERATURE = [-21, -16, -7, 2, 10, 16, 18, 16, 9, 1, -10, -18]
PRECIPITATION = [2, 2, 3, 8, 17, 48, 65, 60, 28, 8, 5, 3]
DRY = {2002: 0.72, 2007: 0.70, 2009: 0.78}


def fields():
    """Degrees Celsius and mm in the month, [month, lat, lon], south first."""
    draw = np.random.default_rng(2012)
    lat, lon = LAT[:, None], LON[None, :]
    hills = np.sin(np.radians(lon - 87) * 11) * np.cos(np.radians(lat - 41) * 17)
    temperature, precipitation = [], []
    for year, month in MONTHS:
        warm = TEMPERATURE[month - 1] + 0.03 * (year - 2006) + draw.normal(0, 1.0)
        temperature.append(warm - 0.85 * (lat - 47.9) - 1.6 * hills)
        wet = PRECIPITATION[month - 1] * DRY.get(year, 1.0) * draw.gamma(16, 1 / 16)
        precipitation.append(np.maximum(wet * (1 + 0.13 * (lat - 47.9) + 0.2 * hills), 0.02 * wet))
    return np.round(temperature, 1), np.round(precipitation, 1)


def days(year, month):
    after = datetime.date(year + month // 12, month % 12 + 1, 1)
    return (after - datetime.date(year, month, 1)).days


def coordinates(data, time_name, times, units, lat, names):
    for name, values, unit in ((time_name, times, units), (names[0], lat, "degrees_north"),
                               (names[1], LON, "degrees_east")):
        data.createDimension(name, len(values))
        axis = data.createVariable(name, "f8" if name == time_name else "f4", (name,))
        axis.units = unit
        axis[:] = values
    data.variables[time_name].calendar = "gregorian"
    data.Conventions = "CF-1.4"
    data.comment = NOTE


def write_tmp(temperature):
    with netCDF4.Dataset(os.path.join(HERE, "climate", "tmp.nc"), "w") as data:
        middles = [(datetime.date(y, m, 15) - datetime.date(1900, 1, 1)).days for y, m in MONTHS]
        coordinates(data, "time", middles, "days since 1900-1-1", LAT, ("lat", "lon"))
        tmp = data.createVariable("tmp", "f4", ("time", "lat", "lon"), zlib=True, complevel=9, shuffle=True,
                                  fill_value=np.float32(9.96921e36), chunksizes=(29, 23, 67))
        tmp.units, tmp.long_name = "degrees Celsius", "near-surface temperature"
        tmp[:] = temperature


def write_tp(precipitation):
    with netCDF4.Dataset(os.path.join(HERE, "climate", "tp.nc"), "w") as data:
        starts = [(datetime.date(y, m, 1) - datetime.date(1970, 1, 1)).days * 86400 for y, m in MONTHS]
        coordinates(data, "valid_time", starts, "seconds since 1970-01-01", LAT[::-1], ("latitude", "longitude"))
        tp = data.createVariable("tp", "i2", ("valid_time", "latitude", "longitude"), zlib=True, complevel=9,
                                 shuffle=True, fill_value=-32767, chunksizes=(29, 23, 67))
        tp.units, tp.long_name, tp.GRIB_stepType = "m", "Total precipitation", "avgad"
        tp.scale_factor, tp.add_offset = 1e-6, 0.0
        per_day = np.array([days(y, m) for y, m in MONTHS])[:, None, None]
        tp[:] = precipitation[:, ::-1] / 1000 / per_day


def main():
    os.makedirs(os.path.join(HERE, "climate"), exist_ok=True)
    temperature, precipitation = fields()
    write_tmp(temperature)
    write_tp(precipitation)


if __name__ == "__main__":
    main()
