"""What must hold within a structure for it to be usable, whoever wrote it."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

import duckdb

from ckanext.satudataserang.core.tables.columns import MAX_BYTES
from ckanext.satudataserang.core.tables.compare import PERIOD_COLUMNS

from .costs import MOST_BOUNDED, MOST_UNBOUNDED, cost
from .model import CodeList, Column, Rule, Structure
from .reading import Problems
from .words import plain

#: Lists whose id begins so are made from the areas of the region.
AREA_PREFIX = "wilayah:"
MAX_PATTERN = 200
#: Each pattern holds memory of its own while a table is checked.
MOST_PATTERNS = 40

#: Names that a table has beside a structure's own: those of periods, of the DataStore and of PostgreSQL.
RESERVED = PERIOD_COLUMNS | {"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid", "oid", "rank"}
_ID = re.compile(r"[a-z][a-z0-9_]*")
_KODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LIST_ID = re.compile(r"[a-z0-9][a-z0-9_:-]*")


def check(found: Structure, problems: Problems, known_lists: Collection[str] | None) -> None:
    """Find everything that does not hold."""
    if found.kode and (not _KODE.fullmatch(found.kode) or len(found.kode) > MAX_BYTES):
        problems.add(
            "kode",
            "“{kode}” tidak dapat dipakai sebagai kode. Pakai huruf kecil, angka, dan tanda hubung, paling panjang 63.",
            kode=found.kode,
        )
    if not found.columns:
        problems.add("columns", "Struktur belum memiliki kolom. Tambahkan paling sedikit satu kolom.")
    check_lists(found.lists, problems, own=True)
    lists = {codes.id for codes in found.lists} | set(known_lists or ())
    for index, column in enumerate(found.columns):
        _check_column(column, f"columns[{index}]", problems, None if known_lists is None else lists)
    _check_names(found.columns, problems)
    if sum(bool(column.pattern) for column in found.columns) > MOST_PATTERNS:
        problems.add("columns", "Kolom yang berpola terlalu banyak; paling banyak {limit}.", limit=MOST_PATTERNS)
    columns = {column.id: column for column in found.columns}
    _check_expected(found, columns, problems)
    for index, rule in enumerate(found.rules):
        _check_rule(rule, f"rules[{index}]", columns, problems)
    _check_unique(((f"rules[{index}].id", rule.id) for index, rule in enumerate(found.rules)), "Aturan", problems)


def check_lists(lists: Iterable[CodeList], problems: Problems, *, own: bool = False) -> None:
    """Find what does not hold within code lists; `own` ones of a structure may not bear the name of an area list."""
    lists = list(lists)
    _check_unique(((f"lists[{index}].id", codes.id) for index, codes in enumerate(lists)), "Daftar kode", problems)
    for index, codes in enumerate(lists):
        path = f"lists[{index}]"
        if codes.id and not _LIST_ID.fullmatch(codes.id):
            problems.add(f"{path}.id", "“{id}” tidak dapat dipakai sebagai nama daftar kode.", id=codes.id)
        if own and codes.id.startswith(AREA_PREFIX):
            problems.add(
                f"{path}.id", "Daftar “{id}” dibuat dari daftar wilayah; beri nama lain pada daftar ini.", id=codes.id
            )
        if not codes.codes:
            problems.add(f"{path}.codes", "Daftar kode “{label}” masih kosong.", label=codes.label)
        _check_codes(codes, path, problems)


@lru_cache(maxsize=1)
def _engine(_process: int) -> duckdb.DuckDBPyConnection:
    """One for all patterns of a process: opening it takes longer than most patterns."""
    return duckdb.connect(":memory:", config={"threads": 1, "enable_external_access": False})


@lru_cache(maxsize=512)
def pattern_fault(pattern: str) -> str:
    """Why RE2 cannot run a pattern, in its own words; empty where it can."""
    with _engine(os.getpid()).cursor() as engine:
        try:
            engine.execute("SELECT regexp_full_match('', ?)", [pattern]).fetchall()
        except duckdb.Error as problem:
            return str(problem).splitlines()[0].partition(": ")[2] or "tidak dapat dijalankan"
    return ""


def _check_codes(codes: CodeList, path: str, problems: Problems) -> None:
    spoken: dict[str, str] = {}
    stored: set[str] = set()
    for number, code in enumerate(codes.codes):
        place = f"{path}.codes[{number}]"
        if code.code in stored:
            problems.add(
                f"{place}.code", "Kode “{code}” ada lebih dari sekali dalam daftar “{label}”.",
                code=code.code, label=codes.label,
            )  # fmt: skip
            continue
        stored.add(code.code)
        for text in (code.code, code.label, *code.synonyms):
            bearer = spoken.setdefault(plain(text), code.code)
            if bearer != code.code:
                problems.add(
                    place,
                    "“{text}” dipakai dua kode dalam daftar “{label}”: {one} dan {other}. Bedakan tulisannya.",
                    text=text, label=codes.label, one=bearer, other=code.code,
                )  # fmt: skip


def _check_column(column: Column, path: str, problems: Problems, lists: Collection[str] | None) -> None:
    label = column.label or column.id
    if column.id and (not _ID.fullmatch(column.id) or len(column.id) > MAX_BYTES):
        problems.add(
            f"{path}.id",
            "“{id}” tidak dapat dipakai sebagai nama kolom. Mulai dengan huruf kecil, lalu huruf kecil, angka, dan "
            "garis bawah, paling panjang 63.",
            id=column.id,
        )
    if column.id in RESERVED:
        problems.add(
            f"{path}.id",
            "“{id}” dipakai portal sendiri. Periode tiap baris datang dari kirimannya; untuk kolom lain pilih nama "
            "lain.",
            id=column.id,
        )
    if column.code_list and lists is not None and column.code_list not in lists:
        problems.add(
            f"{path}.code_list", "Kolom “{label}” memakai daftar kode “{name}” yang tidak ada.",
            label=label, name=column.code_list,
        )  # fmt: skip
    if column.key and not column.required:
        problems.add(f"{path}.required", "Kolom kunci “{label}” harus wajib diisi.", label=label)
    _check_number(column, path, problems)
    _check_text(column, path, problems)


def _check_number(column: Column, path: str, problems: Problems) -> None:
    label = column.label or column.id
    if not column.is_number:
        for name, word in (("minimum", "batas bawah"), ("maximum", "batas atas"), ("decimals", "jumlah desimal")):
            if getattr(column, name) is not None:
                problems.add(
                    f"{path}.{name}", "Kolom “{label}” tidak berisi angka, jadi tidak dapat diberi {word}.",
                    label=label, word=word,
                )  # fmt: skip
        return
    if column.minimum is not None and column.maximum is not None and column.minimum > column.maximum:
        problems.add(
            f"{path}.minimum", "Batas bawah kolom “{label}” ({minimum}) melebihi batas atasnya ({maximum}).",
            label=label, minimum=column.minimum, maximum=column.maximum,
        )  # fmt: skip
    if column.type == "integer":
        if column.decimals:
            problems.add(
                f"{path}.decimals", "Kolom “{label}” berisi bilangan bulat, jadi tanpa desimal. Pakai tipe numeric.",
                label=label,
            )  # fmt: skip
        for name, value in (("minimum", column.minimum), ("maximum", column.maximum)):
            if value is not None and value != value.to_integral_value():
                problems.add(
                    f"{path}.{name}", "Kolom “{label}” berisi bilangan bulat; batasnya {value} harus bulat juga.",
                    label=label, value=value,
                )  # fmt: skip


def _check_text(column: Column, path: str, problems: Problems) -> None:
    label = column.label or column.id
    if column.type != "text":
        if column.pattern:
            problems.add(f"{path}.pattern", "Pola hanya untuk kolom teks; kolom “{label}” bukan teks.", label=label)
        if column.code_list:
            problems.add(
                f"{path}.code_list", "Daftar kode hanya untuk kolom teks; kolom “{label}” bukan teks.", label=label
            )
    if len(column.pattern) > MAX_PATTERN:
        problems.add(
            f"{path}.pattern", "Pola kolom “{label}” terlalu panjang; paling banyak {limit} tanda.",
            label=label, limit=MAX_PATTERN,
        )  # fmt: skip
    elif column.pattern and (fault := pattern_fault(column.pattern)):
        problems.add(
            f"{path}.pattern",
            "Pola kolom “{label}” tidak dapat dijalankan ({fault}). Perbaiki tanda kurungnya, atau pakai pola yang "
            "lebih sederhana.",
            label=label, fault=fault,
        )  # fmt: skip
    elif (needed := cost(column.pattern)).nested:
        problems.add(
            f"{path}.pattern",
            "Pola kolom “{label}” mengulang bagian yang sudah berulang, seperti (a+)+. Tulis satu pengulangan saja, "
            "misalnya a+, atau pisahkan ulangannya dengan tanda, misalnya [0-9]+(-[0-9]+)*.",
            label=label,
        )  # fmt: skip
    elif needed.is_high:
        problems.add(
            f"{path}.pattern",
            "Pola kolom “{label}” terlalu berat untuk tabel yang besar. Kecilkan angka ulangannya: paling banyak "
            "{bounded} langkah, atau {unbounded} bila memakai * atau +.",
            label=label, bounded=MOST_BOUNDED, unbounded=MOST_UNBOUNDED,
        )  # fmt: skip


def _check_names(columns: Iterable[Column], problems: Problems) -> None:
    bearers: dict[str, int] = {}
    ids: dict[str, int] = {}
    for index, column in enumerate(columns):
        if column.id and ids.setdefault(column.id, index) != index:
            problems.add(f"columns[{index}].id", "Nama kolom “{id}” dipakai lebih dari sekali.", id=column.id)
            continue
        for text in dict.fromkeys((column.label, column.id, *column.synonyms)):
            if text and bearers.setdefault(plain(text), index) != index:
                problems.add(
                    f"columns[{index}]",
                    "“{text}” dipakai untuk dua kolom, sehingga judul dalam berkas tidak dapat dikenali. Bedakan "
                    "label atau sinonimnya.",
                    text=text,
                )


def _check_expected(found: Structure, columns: Mapping[str, Column], problems: Problems) -> None:
    for index, name in enumerate(found.expected):
        path = f"expected[{index}]"
        column = columns.get(name)
        if column is None:
            problems.add(path, "Baris yang diharapkan menyebut kolom “{name}” yang tidak ada.", name=name)
        elif not column.key or not column.code_list:
            problems.add(
                path, "Kolom “{label}” belum dapat menentukan baris yang diharapkan: jadikan kunci, beri daftar kode.",
                label=column.label,
            )  # fmt: skip
        if name in found.expected[:index]:
            problems.add(path, "Kolom “{name}” disebut lebih dari sekali.", name=name)


def _check_rule(rule: Rule, path: str, columns: Mapping[str, Column], problems: Problems) -> None:
    if not rule.parts:
        problems.add(f"{path}.parts", "Aturan “{id}” belum menyebut kolom yang dibandingkan.", id=rule.id)
    if rule.tolerance < 0:
        problems.add(f"{path}.tolerance", "Toleransi aturan “{id}” tidak boleh kurang dari 0.", id=rule.id)
    if rule.whole in rule.parts:
        problems.add(f"{path}.whole", "Aturan “{id}” membandingkan kolom dengan dirinya sendiri.", id=rule.id)
    if len(set(rule.parts)) < len(rule.parts):
        problems.add(f"{path}.parts", "Aturan “{id}” menyebut satu kolom lebih dari sekali.", id=rule.id)
    for name in dict.fromkeys((*rule.parts, rule.whole)):
        place = f"{path}.{'whole' if name == rule.whole else 'parts'}"
        column = columns.get(name)
        if column is None:
            if name:
                problems.add(place, "Aturan “{id}” menyebut kolom “{name}” yang tidak ada.", id=rule.id, name=name)
        elif not column.is_number:
            problems.add(
                place, "Aturan “{id}” membandingkan angka, tetapi kolom “{label}” tidak berisi angka.",
                id=rule.id, label=column.label,
            )  # fmt: skip


def _check_unique(named: Iterable[tuple[str, str]], word: str, problems: Problems) -> None:
    seen: set[str] = set()
    for path, name in named:
        if name and name in seen:
            problems.add(path, "{word} “{name}” ada lebih dari sekali.", word=word, name=name)
        seen.add(name)
