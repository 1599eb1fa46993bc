"""The pictures of the demo's maps beside the ones that were looked at and kept,
a quarter as large.

usage: map_pictures.py MAPS GOLDEN [--remake]
After --remake look at every picture before it is committed.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image

NAMES = ["npp_mean", "npp_change", "zones", "zone_change"]


def reduced(path):
    picture = Image.open(path).convert("RGB")
    assert picture.width == 1600, (path, picture.size)
    return picture.reduce(4)


def main():
    maps, golden = Path(sys.argv[1]), Path(sys.argv[2])
    for name in NAMES:
        found = reduced(maps / f"{name}.png")
        kept = golden / f"{name}.png"
        if "--remake" in sys.argv:
            found.quantize(128, method=Image.Quantize.FASTOCTREE).save(kept, optimize=True)
            continue
        expected = Image.open(kept).convert("RGB")
        assert found.size == expected.size, f"{name}: {found.size}, kept {expected.size}"
        apart = np.abs(np.asarray(found, int) - np.asarray(expected, int))
        # The kept ones have 128 colours; soft edges differ a little between processors.
        mean, strong = apart.mean(), (apart.max(axis=2) > 60).mean()
        assert mean < 4 and strong < 0.005, f"{name}: mean difference {mean:.2f} of 255, {strong:.4f} strong"
        others = [other for other in NAMES if other != name]
        for other in others:
            second = Image.open(golden / f"{other}.png").convert("RGB")
            if second.size == found.size:
                apart = np.abs(np.asarray(found, int) - np.asarray(second, int)).mean()
                assert apart > 4, f"the comparison cannot tell {name} from {other}"
    print("4 pictures")


main()
