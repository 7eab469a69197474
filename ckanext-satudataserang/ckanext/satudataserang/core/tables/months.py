"""Names of months, Indonesian and English, in full and as people shorten them."""

from __future__ import annotations

_MONTHS = (
    ("jan", "januari", "january"),
    ("feb", "februari", "pebruari", "february", "peb"),
    ("mar", "maret", "march", "mrt"),
    ("apr", "april"),
    ("mei", "may"),
    ("jun", "juni", "june"),
    ("jul", "juli", "july"),
    ("agu", "agustus", "ags", "agt", "august", "aug", "agst"),
    ("sep", "september", "sept"),
    ("okt", "oktober", "oct", "october"),
    ("nov", "november", "nopember", "nop"),
    ("des", "desember", "dec", "december"),
)
MONTH_NUMBERS = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
