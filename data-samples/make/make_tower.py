#!/usr/bin/env python3
"""A synthetic year of a flux tower on the steppe, hour by hour, for data-samples/tower.

usage: make_tower.py OUTFILE

Nothing in the file is a measurement. What is true of it: night respiration follows Lloyd and Taylor
with E0 = 180 K; fluxes of calm nights (u* below 0.16 m s-1) are lost in part; H + LE carry 80 % of
the available energy; there is a gap of twelve days in April and one of four in July. Only the
standard library; random numbers are SplitMix64, so the file is the same everywhere up to the last
digit of the mathematics library.
"""
import math
import sys
from datetime import datetime, timedelta

LATITUDE, LONGITUDE, OFFSET, YEAR = 47.69, 107.49, 8.0, 2012
E0, THRESHOLD, CLOSURE = 180.0, 0.16, 0.80


class Random:
    """SplitMix64 of S. Vigna, public domain."""

    def __init__(self, seed):
        self.state = seed

    def uniform(self):
        mask = (1 << 64) - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return ((z ^ (z >> 31)) >> 11) * 2.0**-53

    def normal(self):
        return math.sqrt(-2 * math.log(1 - self.uniform())) * math.cos(2 * math.pi * self.uniform())

    def laplace(self, sd):
        x = self.uniform() - 0.5
        return -sd / math.sqrt(2) * math.copysign(math.log(1 - 2 * abs(x)), x)


def potential(day, hour):
    """Radiation outside the atmosphere on a level plane, W m-2."""
    f = 2 * math.pi * (day - 1) / 365.24
    c, s = math.cos, math.sin
    equation = (0.0072 * c(f) - 0.0528 * c(2 * f) - 0.0012 * c(3 * f)
                - 0.1229 * s(f) - 0.1565 * s(2 * f) - 0.0041 * s(3 * f))
    angle = (hour + LONGITUDE / 15 - OFFSET + equation - 12) * math.pi / 12
    declination = math.radians(
        0.33281 - 22.984 * c(f) - 0.3499 * c(2 * f) - 0.1398 * c(3 * f)
        + 3.7872 * s(f) + 0.03205 * s(2 * f) + 0.07187 * s(3 * f))
    latitude = math.radians(LATITUDE)
    height = s(declination) * s(latitude) + c(declination) * c(latitude) * c(angle)
    return max(0.0, 1366.1 * (1.00011 + 0.034221 * c(f) + 0.00128 * s(f)) * height)


def vapour(temperature):
    """Saturation vapour pressure, hPa."""
    return 6.1078 * math.exp(17.08085 * temperature / (234.175 + temperature))


def main(out):
    r = Random(20120701)
    weather, cloud, turbulence, outage = 0.0, 0.7, 0.0, 0
    lines = [
        "# Site: XX-Syn",
        "# Version: synthetic sample made by data-samples/make/make_tower.py; nothing here is a measurement",
        "TIMESTAMP_START,TIMESTAMP_END,FC,FC_SSITC_TEST,LE,H,NETRAD,G,SW_IN,TA,VPD,USTAR",
    ]
    begin = datetime(YEAR, 1, 1)
    for i in range(366 * 24):
        day, of_day = divmod(i, 24)
        hour = of_day + 0.5
        if of_day == 0:
            weather = 0.8 * weather + 2.4 * r.normal()
            cloud = min(0.95, max(0.25, 0.7 + 0.5 * (cloud - 0.7) + 0.12 * r.normal()))
        mean = -2.0 - 19.5 * math.cos(2 * math.pi * (day + 1 - 18) / 365.25) + weather
        light = potential(day + 1, hour) * min(0.98, max(0.15, cloud + 0.1 * r.normal())) * 0.8
        warm = mean - 6.0 * math.cos(2 * math.pi * (hour - 3) / 24) + 0.3 * r.normal()
        deficit = max(0.0, vapour(warm) - vapour(min(mean - 7.5, warm)))
        season = math.exp(-(((day + 1 - 200) / 48.0) ** 2))
        respiration = (0.35 + 2.4 * season) * math.exp(E0 * (1 / 61.02 - 1 / (warm + 46.02)))
        most = 16.0 * season * (math.exp(-0.05 * (deficit - 10)) if deficit > 10 else 1.0)
        slope = 0.045 * season
        uptake = most * slope * light / (slope * light + most) if light > 0 and most > 1e-12 else 0.0
        turbulence = 0.6 * turbulence + 0.55 * r.normal()
        ustar = max(0.01, math.exp(math.log(0.17) + 0.75 * turbulence) * (1 + 0.9 * light / 600))
        seen = 1.0 if light >= 10 or ustar >= THRESHOLD else 0.3 + 0.7 * ustar / THRESHOLD
        nee = (respiration - uptake) * seen
        nee += r.laplace(0.25 + 0.1 * abs(nee))
        net = 0.62 * light - 45 * cloud * (0.6 + 0.4 * (light == 0))
        ground = 0.1 * net
        available = net - ground
        part = 0.12 + 0.55 * season
        latent, sensible = (part * available, (1 - part) * available) if available > 0 else (0.0, available)
        latent = CLOSURE * latent + r.laplace(4 + 0.08 * abs(latent))
        sensible = CLOSURE * sensible + r.laplace(5 + 0.08 * abs(sensible))
        draw = r.uniform()
        quality = 2 if draw < 0.06 else 1 if draw < 0.3 else 0
        outage = outage - 1 if outage > 0 else 1 + int(8 * r.uniform()) if r.uniform() < 0.02 else 0
        lost = outage > 0 or 100 <= day < 112 or 196 <= day < 200

        def shown(value, digits):
            return f"{value:.{digits}f}" if value is not None else "-9999"

        start = begin + timedelta(hours=i)
        end = start + timedelta(hours=1)
        fluxes = [None if lost else v for v in (nee, latent, sensible)]
        lines.append(",".join([
            start.strftime("%Y%m%d%H%M"), end.strftime("%Y%m%d%H%M"),
            shown(fluxes[0], 3), "-9999" if lost else str(quality),
            shown(fluxes[1], 1), shown(fluxes[2], 1), shown(net, 1), shown(ground, 1),
            shown(light, 1), shown(warm, 2), shown(deficit, 3), shown(ustar, 3),
        ]))
    with open(out, "w", encoding="ascii", newline="\n") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
