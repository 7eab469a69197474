"""The small table that most tests of loading upload."""

from __future__ import annotations

CSV = """\
kode_wilayah;kecamatan;tahun;penduduk
36.73.01;Serang;2015;10
36.73.02;Kasemen;2015;0
36.73.01;Serang;2016;12
"""

#: Typed rows of one period.
ROWS = [
    {"kode_wilayah": "36.73.01", "kecamatan": "Serang", "penduduk": 10},
    {"kode_wilayah": "36.73.02", "kecamatan": "Kasemen", "penduduk": 20},
]
