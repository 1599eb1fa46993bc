"""Multiplies a year of the rows of a workbook, as a hand would do.

usage: change_workbook.py IN.xlsx OUT.xlsx YEAR FACTOR

openpyxl drops the values of formulas when it saves, so whatever opens the
result must compute them.
"""
import sys

import openpyxl

source, target, year, factor = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
book = openpyxl.load_workbook(source)
changed = 0
for row in book["Source rows"].iter_rows():
    if row[5].value == year and isinstance(row[7].value, (int, float)):
        row[7].value *= factor
        changed += 1
assert changed > 0
book.save(target)
