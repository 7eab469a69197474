"""Names of groups written once for several rows are filled down where that is certain, and pointed out where not."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
import xlsxwriter

from ckanext.satudataserang.core.checks.engine import check
from ckanext.satudataserang.core.checks.wishes import Wishes
from ckanext.satudataserang.core.codes import Area, WilayahTable
from ckanext.satudataserang.core.structures.model import Code, CodeList, Column
from ckanext.satudataserang.core.tables.opening import opened

from .tables import AREAS, checked, codes, structure

TITLES = ["Kecamatan", "Kelurahan", "N"]
BLANK = [
    ["Serang", "Lopang", "1"],
    ["", "Sukawana", "2"],
    ["", "Cipare", "3"],
    ["Kasemen", "Bendung", "4"],
    ["", "Kilasah", "5"],
    ["Walantaka", "Kepuren", "6"],
]
WHOLE = ["36.73.01"] * 3 + ["36.73.02"] * 2 + ["36.73.03"]
AREA = Column("kecamatan", "Kecamatan", key=True, required=True, code_list="kecamatan")
WARD = Column("kelurahan", "Kelurahan", key=True, required=True)
FIGURE = Column("n", "N", "integer", required=True)
AGREED = structure(AREA, WARD, FIGURE)


def first(table, place=0):
    return [cells[place] for _row, cells in table.records()]


def told(table):
    return [
        (one.code, one.severity.value, one.column, one.row, one.params["count"])
        for one in table.findings
        if one.code.startswith("nama-kelompok")
    ]


def test_an_agreed_table_is_filled_and_says_so():
    table = checked(TITLES, BLANK, structure=AGREED)
    assert (first(table), codes(table), table.usable) == (WHOLE, ["nama-kelompok-diisi"], True)
    assert told(table) == [("nama-kelompok-diisi", "info", "Kecamatan", 3, "3")]
    (finding,) = table.findings
    assert "“Serang”" in finding.message
    assert "3 sel kosong" in finding.message
    assert [cells[0] for _row, cells in table.texts()] == WHOLE


def test_a_full_table_is_the_same_and_says_nothing():
    full = [[name, *rest] for name, (_blank, *rest) in zip(WHOLE, BLANK, strict=True)]
    table = checked(TITLES, full, structure=AGREED)
    assert (first(table), codes(table)) == (WHOLE, [])
    assert list(checked(TITLES, BLANK, structure=AGREED).records()) == list(table.records())


def test_another_table_is_filled_with_a_warning():
    table = checked(TITLES, BLANK)
    assert first(table) == ["Serang"] * 3 + ["Kasemen"] * 2 + ["Walantaka"]
    assert told(table) == [("nama-kelompok-diisi", "warning", "Kecamatan", 3, "3")]
    assert codes(table) == ["nama-kelompok-diisi"]


@pytest.mark.parametrize("agreed", [None, structure(AREA, WARD, Column("jk", "JK", key=True), FIGURE)])
def test_names_within_names(agreed):
    rows = [
        ["Serang", "Lopang", "L", "1"],
        ["", "", "P", "2"],
        ["", "Cipare", "L", "3"],
        ["", "", "P", "4"],
        ["Kasemen", "Lopang", "L", "5"],
        ["", "", "P", "6"],
    ]
    table = checked(["Kecamatan", "Kelurahan", "JK", "N"], rows, structure=agreed)
    assert first(table, 1) == ["Lopang", "Lopang", "Cipare", "Cipare", "Lopang", "Lopang"]
    assert len(set(first(table))) == 2
    assert [(column, count) for _code, _severity, column, _row, count in told(table)] == [
        ("Kecamatan", "4"),
        ("Kelurahan", "3"),
    ]


def test_blank_rows_are_no_rows_still():
    rows = [*BLANK[:3], ["", "", ""], *BLANK[3:], ["", "", ""]]
    for agreed in (AGREED, None):
        table = checked(TITLES, rows, structure=agreed)
        assert table.rows == 6
        assert None not in first(table)


def test_days_are_filled_and_numbers_are_not():
    market = [
        ["2025-01-03", "2025", "Rau", "1"],
        ["", "", "Lama", "2"],
        ["2025-01-04", "2026", "Rau", "3"],
        ["", "", "Lama", "4"],
    ]
    agreed = structure(
        Column("hari", "Hari", "date", key=True),
        Column("angka", "Angka", "integer", key=True),
        Column("pasar", "Pasar", key=True),
        FIGURE,
    )
    table = checked(["Hari", "Angka", "Pasar", "N"], market, structure=agreed)
    assert first(table) == ["2025-01-03"] * 2 + ["2025-01-04"] * 2
    assert first(table, 1) == ["2025", None, "2026", None]
    assert told(table) == [
        ("nama-kelompok-diisi", "info", "Hari", 3, "2"),
        ("nama-kelompok-kosong", "warning", "Angka", 3, "2"),
    ]
    assert codes(table).count("wajib-kosong") == 2


def test_figures_are_never_filled():
    table = checked(
        ["Kecamatan", "N"], [["Serang", "1"], ["Kasemen", ""], ["Walantaka", ""]], structure=structure(AREA, FIGURE)
    )
    assert first(table, 1) == ["1", None, None]
    assert told(table) == []
    loose = checked(["N", "Kelurahan"], [["1", "a"], ["", "b"], ["2", "c"], ["", "d"]])
    assert (first(loose), told(loose)) == (["1", None, "2", None], [])


DOUBTS = {
    "alike": [["Serang", "A", "1"], ["", "A", "2"], ["Kasemen", "B", "3"], ["", "B", "4"]],
    "one name": [["Serang", "A", "1"], ["", "B", "2"], ["", "C", "3"]],
    "named again": [["Serang", "A", "1"], ["", "B", "2"], ["Serang", "C", "3"], ["", "D", "4"], ["Kasemen", "E", "5"]],
    "few have blanks": [
        ["Serang", "A", "1"],
        ["Kasemen", "B", "2"],
        ["Walantaka", "C", "3"],
        ["", "D", "4"],
        ["", "E", "5"],
    ],
    "a sign of nothing": [["Serang", "A", "1"], ["", "B", "2"], ["-", "C", "3"], ["", "D", "4"]],
}


@pytest.mark.parametrize("rows", DOUBTS.values(), ids=DOUBTS)
@pytest.mark.parametrize("agreed", [AGREED, None], ids=["agreed", "other"])
def test_what_is_not_certain_is_pointed_out(rows, agreed):
    table = checked(TITLES, rows, structure=agreed)
    assert [one[:3] for one in told(table)] == [("nama-kelompok-kosong", "warning", "Kecamatan")]
    assert first(table).count(None) >= sum(not row[0] for row in rows)
    (finding,) = [one for one in table.findings if one.code == "nama-kelompok-kosong"]
    assert "Ctrl+D" in finding.advice
    assert table.usable is (agreed is None)


def test_why_is_said():
    def why(rows, agreed=AGREED):
        return next(one.message for one in checked(TITLES, rows, structure=agreed).findings if "kelompok" in one.code)

    assert "sama dua kali" in why(DOUBTS["alike"])
    assert "satu kali" in why(DOUBTS["one name"])
    assert "cukup pasti" in why(DOUBTS["named again"])


@pytest.mark.parametrize(
    "rows",
    [
        [["", "A", "1"], ["Serang", "B", "2"], ["", "C", "3"], ["Kasemen", "D", "4"], ["", "E", "5"]],
        [["Serang", "A", "1"], ["Serang", "B", "2"], ["", "C", "3"], ["Kasemen", "D", "4"], ["Kasemen", "E", "5"]],
        [["Serang", "1", "x"], ["", "", "y"], ["Kasemen", "2", "x"], ["", "", "y"]],
    ],
)
def test_blanks_that_lie_otherwise_are_left_to_other_checks(rows):
    table = checked(TITLES, rows)
    assert told(table) == []
    assert first(table).count(None) == sum(not row[0] for row in rows)


def test_a_name_that_comes_again_is_none_of_a_group():
    # A blank may say "none" in such a column.
    rows = [["Baru", "A", "1"], ["", "B", "2"], ["Lama", "C", "3"], ["", "D", "4"], ["Baru", "E", "5"], ["", "F", "6"]]
    table = checked(["Keadaan", "Nama", "N"], rows)
    assert [one[0] for one in told(table)] == ["nama-kelompok-kosong"]
    years = [[year, *row] for year in ("2023", "2024") for row in BLANK]
    table = checked(["Tahun", *TITLES], years)
    assert told(table) == [("nama-kelompok-diisi", "warning", "Kecamatan", 3, "6")]


def test_numbers_of_rows_tell_nothing_apart():
    rows = [[str(n), *row] for n, row in enumerate(DOUBTS["alike"], 1)]
    assert [one[0] for one in told(checked(["No", *TITLES], rows))] == ["nama-kelompok-kosong"]
    numbered = [["1", *BLANK[0]], ["", *BLANK[1]], ["", *BLANK[2]], ["2", *BLANK[3]], ["", *BLANK[4]], ["3", *BLANK[5]]]
    table = checked(["No", *TITLES], numbered)
    assert (first(table), first(table, 1)[1]) == (["1", None, None, "2", None, "3"], "Serang")


def test_totals_stay_beside_the_groups():
    rows = [*BLANK[:3], ["Jumlah", "", "6"], *BLANK[3:5], ["Jumlah", "", "9"], ["Walantaka", "Kepuren", "6"]]
    table = checked(TITLES, rows)
    assert first(table) == ["Serang"] * 3 + ["Jumlah", "Kasemen", "Kasemen", "Jumlah", "Walantaka"]
    assert [one[1:] for one in told(table)] == [("warning", "Kecamatan", 3, "3")]
    below = [*BLANK[:3], ["Jumlah", "", "6"], ["", "Lain", "1"], *BLANK[3:]]
    assert [one[0] for one in told(checked(TITLES, below))] == ["nama-kelompok-kosong"]


def test_names_in_rows_of_their_own_are_pointed_out():
    rows = [["Serang", "", ""], ["", "A", "1"], ["", "B", "2"], ["Kasemen", "", ""], ["", "C", "3"]]
    for agreed in (None, AGREED):
        table = checked(TITLES, rows, structure=agreed)
        assert told(table) == [("nama-kelompok-kosong", "warning", "Kecamatan", 3, "3")]
        assert first(table).count(None) == 3
    numbered = checked(["No", *TITLES], [[str(n + 1) if row[0] else "", *row] for n, row in enumerate(rows)])
    assert [one[0] for one in told(numbered)] == ["nama-kelompok-kosong"]


def test_unknown_names_are_told_in_every_row_as_of_merged_cells():
    rows = [["Srang", *BLANK[0][1:]], *BLANK[1:]]
    table = checked(TITLES, rows, structure=AGREED)
    assert [one.row for one in table.findings if one.code == "kode-tidak-dikenal"] == [2, 3, 4]
    assert "wajib-kosong" not in codes(table)


def test_a_code_that_is_no_key_parts_rows_only_before_what_tells_them_apart():
    unit = CodeList("satuan", "Satuan", (Code("kg", "kg"), Code("l", "liter")))
    kind = Column("satuan", "Satuan", required=True, code_list="satuan")
    agreed = structure(kind, WARD, FIGURE, lists=(unit,))
    rows = [["kg", "A", "1"], ["", "B", "2"], ["liter", "C", "3"], ["", "D", "4"]]
    before = checked(["Satuan", "Kelurahan", "N"], rows, structure=agreed)
    assert first(before) == ["kg", "kg", "l", "l"]
    behind = checked(["Kelurahan", "Satuan", "N"], [[b, a, c] for a, b, c in rows], structure=agreed)
    assert first(behind) == ["kg", None, "l", None]
    assert [one[0] for one in told(behind)] == ["nama-kelompok-kosong"]
    free = structure(Column("satuan", "Satuan", code_list="satuan"), WARD, FIGURE, lists=(unit,))
    may_lack = checked(["Satuan", "Kelurahan", "N"], rows, structure=free)
    assert (first(may_lack), codes(may_lack)) == (["kg", None, "l", None], [])


def test_areas_that_lie_elsewhere_are_not_filled():
    areas = WilayahTable(
        [Area(one.code, "", "kecamatan", one.label, "36.73") for one in AREAS.codes]
        + [
            Area("36.73.01.1001", "", "kelurahan", "Lopang", "36.73.01"),
            Area("36.73.01.1002", "", "kelurahan", "Cipare", "36.73.01"),
            Area("36.73.02.1001", "", "kelurahan", "Bendung", "36.73.02"),
            Area("36.73.02.1002", "", "kelurahan", "Kilasah", "36.73.02"),
        ]
    )
    wards = CodeList("wilayah:kelurahan", "Kelurahan", tuple(Code(x.code, x.name) for x in areas.areas[3:]))
    agreed = structure(
        Column("kec", "Kecamatan", key=True, code_list="wilayah:kecamatan"),
        Column("kel", "Kelurahan", key=True, code_list="wilayah:kelurahan"),
        FIGURE,
        lists=(CodeList("wilayah:kecamatan", "Kecamatan", AREAS.codes), wards),
    )
    right = [["Serang", "Lopang", "1"], ["", "Cipare", "2"], ["Kasemen", "Bendung", "3"], ["", "Kilasah", "4"]]
    table = checked(TITLES, right, structure=agreed, areas=areas)
    assert first(table) == ["36.73.01", "36.73.01", "36.73.02", "36.73.02"]
    assert codes(table) == ["nama-kelompok-diisi"]
    wrong = [["Serang", "Lopang", "1"], ["", "Bendung", "2"], ["Kasemen", "Cipare", "3"], ["", "Kilasah", "4"]]
    table = checked(TITLES, wrong, structure=agreed, areas=areas)
    assert first(table).count(None) == 2
    (finding,) = [one for one in table.findings if one.code == "nama-kelompok-kosong"]
    assert "bukan bagian dari wilayah di atasnya, “Serang”" in finding.message


@pytest.mark.parametrize("seed", range(25))
def test_any_grouped_table_is_as_the_same_table_written_out(seed):
    luck = random.Random(seed)
    names = ["Serang", "Kasemen", "Walantaka"]
    full = [
        [name, f"Lingkungan {number}", kind, str(luck.randrange(1000))]
        for name in luck.sample(names, luck.randrange(2, 4))
        for number in range(luck.randrange(2, 7))
        for kind in ("L", "P")
    ]
    once = [list(row) for row in full]
    for before, row in zip(full, once[1:], strict=False):
        if before[0] == row[0]:
            row[0] = ""
            if before[1] == row[1]:
                row[1] = ""
    agreed = structure(AREA, WARD, Column("jk", "JK", key=True), FIGURE)
    titles = ["Kecamatan", "Kelurahan", "JK", "N"]
    for wished in ({"structure": agreed, "default_period": "2024"}, {"default_period": "2024"}):
        one, other = checked(titles, once, **wished), checked(titles, full, **wished)
        assert list(one.records()) == list(other.records())
        assert set(codes(one)) == {"nama-kelompok-diisi"}
        assert codes(other) == []
        assert one.facts["2024"].digest == other.facts["2024"].digest


def sheet(folder, titles, rows, *, merged):
    path = folder / f"{merged}.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, titles)
        starts = [at for at, row in enumerate(rows) if row[0]] + [len(rows)]
        for at, row in enumerate(rows, 1):
            page.write_row(at, 0, [int(cell) if cell.isdigit() else cell for cell in row])
        for start, end in pairwise(starts):
            if merged and end - start > 1:
                page.merge_range(start + 1, 0, end, 0, rows[start][0])
    return path


def read(path, folder, **wishes):
    return check(opened(path, path.name, directory=folder, **wishes), Wishes(**wishes), directory=folder)


@pytest.mark.parametrize("wishes", [{"structure": AGREED}, {}], ids=["agreed", "other"])
def test_blank_cells_are_read_as_merged_ones_are(tmp_path, wishes):
    once, merged = (read(sheet(tmp_path, TITLES, BLANK, merged=how), tmp_path, **wishes) for how in (False, True))
    assert list(once.records()) == list(merged.records())
    assert (codes(once), codes(merged)) == (["nama-kelompok-diisi"], [])


def test_periods_beside_each_other_have_one_name(tmp_path):
    path = tmp_path / "tahun.csv"
    path.write_text("Kecamatan;Kelurahan;2022;2023\nSerang;A;1;2\n;B;3;4\nKasemen;C;5;6\n;D;7;8\nJumlah;;16;20\n")
    year = Column("tahun", "Tahun", "integer", key=True, required=True)
    table = read(path, tmp_path, structure=structure(AREA, WARD, year, FIGURE))
    assert first(table) == ["36.73.01"] * 4 + ["36.73.02"] * 4
    assert told(table) == [("nama-kelompok-diisi", "info", "Kecamatan", 3, "2")]
    assert table.usable


def test_rows_of_totals_between_the_groups_are_left_out_first(tmp_path):
    path = tmp_path / "jumlah.csv"
    path.write_text(
        "No;Kecamatan;Kelurahan;N\n1;Serang;A;1\n;;B;3\n;Jumlah;;4\n2;Kasemen;C;5\n;;D;7\n;Jumlah;;12\nTotal;;;16\n"
    )
    table = read(path, tmp_path, structure=AGREED)
    assert first(table) == ["36.73.01"] * 2 + ["36.73.02"] * 2
    assert table.usable


CELLS = [
    "",
    "",
    "",
    "Serang",
    "Kasemen",
    "Walantaka",
    "-",
    "A",
    "B",
    "C",
    "D",
    "1",
    "2.5",
    "2024",
    "Jumlah",
    "01",
    "2025-01-03",
]


@pytest.mark.parametrize("seed", range(40))
def test_whatever_stands_in_a_table_only_blank_cells_of_names_are_filled_and_with_what_stands_above(seed):
    luck = random.Random(seed)
    width, height = luck.randrange(1, 5), luck.randrange(1, 12)
    titles = luck.sample(["Kecamatan", "Kelurahan", "No", "Tahun", "Bulan", "N", "id", "Kode", "Rincian"], width)
    allowed = [luck.sample(CELLS, luck.randrange(1, 6)) for _ in titles]
    rows = [[luck.choice(cells) for cells in allowed] for _ in range(height)]
    columns = [
        luck.choice(
            [
                Column(title.lower(), title, key=luck.random() < 0.5, required=luck.random() < 0.5),
                Column(title.lower(), title, "integer", key=luck.random() < 0.3),
                Column(title.lower(), title, "date", key=True),
                Column(title.lower(), title, required=True, code_list="kecamatan"),
            ]
        )
        for title in titles
    ]
    for agreed in (None, structure(*columns)):
        table = checked(titles, rows, structure=agreed)
        filled = {one.column for one in table.findings if one.code == "nama-kelompok-diisi"}
        told = {one.column for one in table.findings if one.code == "nama-kelompok-kosong"}
        assert not filled & told
        for place, column in enumerate(table.columns):
            above = None
            for number, cells in table.texts():
                cell, text = rows[number - 2][place], cells[place]
                # A code of a list stands for its name.
                above = text if cell else above
                if not cell and text:
                    assert (column.title in filled, text) == (True, above)
                    assert column.type.name in ("text", "date")
        table.close()


def test_signs_alone_are_no_names():
    table = checked(["A", "B", "N"], [[";", "x", "1"], ["", "y", "2"], [":", "z", "3"], ["", "q", "4"]])
    assert first(table) == [";", None, ":", None]
