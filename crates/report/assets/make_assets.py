"""Make the fonts and colour tables of this folder from their published sources.

    pip install fonttools==4.68.0 cmcrameri==1.10
    python make_assets.py FONT_DIR

FONT_DIR holds DejaVuSans.ttf and DejaVuSans-Bold.ttf, release 2.37 (Debian:
package fonts-dejavu-core, /usr/share/fonts/truetype/dejavu).
"""

import pathlib
import sys

import cmcrameri
from fontTools import subset

HERE = pathlib.Path(__file__).parent
FONT_DIR = pathlib.Path(sys.argv[1])

# Latin with its accents, Greek, Cyrillic with the Mongolian letters, and the
# marks of science: dashes, superscripts and subscripts, minus, arrows.
RANGES = [
    (0x20, 0x7E), (0xA0, 0x17F), (0x391, 0x3A9), (0x3B1, 0x3C9),
    (0x400, 0x45F), (0x490, 0x4FF), (0x2010, 0x2015), (0x2018, 0x2022),
    (0x2026, 0x2026), (0x2030, 0x2033), (0x2070, 0x208E), (0x20AC, 0x20AC),
    (0x2190, 0x2193), (0x2206, 0x2206), (0x2211, 0x2212), (0x221A, 0x221A),
    (0x2248, 0x2248), (0x2260, 0x2260), (0x2264, 0x2265), (0xFFFD, 0xFFFD),
]

for name in ["DejaVuSans", "DejaVuSans-Bold"]:
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.drop_tables += ["GPOS", "GSUB", "GDEF", "kern", "MATH", "FFTM", "gasp", "post"]
    options.name_IDs = [0, 1, 2, 5, 13, 14]
    options.recalc_timestamp = False
    font = subset.load_font(FONT_DIR / f"{name}.ttf", options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[c for a, b in RANGES for c in range(a, b + 1)])
    subsetter.subset(font)
    subset.save_font(font, HERE / "fonts" / f"{name}-subset.ttf", options)

SOURCE = (
    "# {name}: Crameri, F. (2018), Scientific colour maps, doi:10.5281/zenodo.1243862,\n"
    "# MIT licence (LICENCE.txt); 256 colours from the package cmcrameri 1.10.\n"
    "red,green,blue\n"
)
MAPS = pathlib.Path(cmcrameri.__file__).parent / "cmaps"
for name in ["bamako", "batlow", "bam", "vik"]:
    rows = [line.split() for line in (MAPS / f"{name}.txt").read_text().splitlines()]
    assert len(rows) == 256, (name, len(rows))
    with open(HERE / "colours" / f"{name}.csv", "w", newline="\n") as out:
        out.write(SOURCE.format(name=name))
        for row in rows:
            out.write(",".join(str(round(float(v) * 255)) for v in row) + "\n")
