"""A structure as the sheets of BPS's INDAH, in the order it takes them: activity, variables, indicators.

What a structure knows is filled in. What only the OPD knows stays empty, with a word on when it is asked; most OPDs
compile what their administration produces, for which the sample's block falls away.
"""

from __future__ import annotations

from collections.abc import Mapping

from ckanext.satudataserang.core.sheets import Sheet

from .diff import rule_sentence
from .indah_attributes import ACTIVITY
from .model import CodeList, Column, Structure
from .sound import AREA_PREFIX
from .variables import Variable

VARIABLE_COLUMNS = (
    "Kegiatan", "Penyelenggara", "Nama variabel", "Alias", "Konsep", "Definisi", "Referensi pemilihan",
    "Referensi waktu", "Tipe data", "Klasifikasi isian", "Aturan validasi", "Kalimat pertanyaan", "Akses umum",
    "Ukuran", "Satuan",
)  # fmt: skip
INDICATOR_COLUMNS = (
    "Kegiatan", "Nama indikator", "Konsep", "Definisi", "Interpretasi", "Metode atau rumus penghitungan", "Ukuran",
    "Satuan", "Klasifikasi penyajian", "Indikator komposit", "Indikator pembangun", "Variabel pembangun",
    "Level estimasi", "Akses umum",
)  # fmt: skip
_TYPES = {"text": "String", "integer": "Integer", "numeric": "Float", "date": "Date", "boolean": "Boolean"}
_LEVELS = {
    "wilayah:kelurahan": "Desa/Kelurahan",
    "wilayah:kecamatan": "Kecamatan",
    "wilayah:kota": "Kabupaten/Kota",
    "wilayah:provinsi": "Provinsi",
}
_CODES = 30


def sheets(
    structure: Structure,
    activity: Mapping[str, str] | None = None,
    variables: Mapping[str, Variable] | None = None,
) -> list[Sheet]:
    """The three sheets of a resolved structure.

    :param activity: what is known of the activity, by the ids of `indah_attributes.ACTIVITY`; goes before what is made
        from the structure
    :param variables: the register of standard variables by kode
    """
    known = {**_activity(structure), **(activity or {})}
    register = variables or {}
    return [
        Sheet(
            "Kegiatan",
            ("Blok", "Nomor", "Isian", "Nilai", "Keterangan"),
            [(one.block, one.number, one.label, known.get(one.id, ""), one.when) for one in ACTIVITY],
        ),
        Sheet("Variabel", VARIABLE_COLUMNS, [_variable(structure, one, known, register) for one in structure.columns]),
        Sheet(
            "Indikator",
            INDICATOR_COLUMNS,
            [_indicator(structure, one, known) for one in structure.columns if one.is_measure],
        ),
    ]


def _activity(structure: Structure) -> dict[str, str]:
    return {
        "judul_kegiatan": f"Kompilasi Data {structure.nama}",
        "jenis_statistik": "Statistik Sektoral",
        "cara_pengumpulan_data": "Kompilasi Produk Administrasi",
        "instansi_penyelenggara": structure.opd,
        "tujuan": structure.description,
        "variabel": "; ".join(column.label for column in structure.columns),
        "kegiatan_dilakukan": "Berulang",
        "cakupan_wilayah": "Sebagian Wilayah Indonesia",
        "tingkat_penyajian": level(structure),
        "penyahihan": "Ya",
        "produk_digital": "Ya",
    }


def level(structure: Structure) -> str:
    """The smallest area a structure speaks of, in the words of INDAH; of the whole city where it has no areas."""
    named = {column.code_list for column in structure.columns if column.code_list.startswith(AREA_PREFIX)}
    return next((word for name, word in _LEVELS.items() if name in named), "Kabupaten/Kota")


def _variable(
    structure: Structure, column: Column, known: Mapping[str, str], register: Mapping[str, Variable]
) -> tuple[str, ...]:
    standard = register.get(column.variable)
    own = tuple(dict.fromkeys((*column.synonyms, *(standard.alias if standard else ()))))
    return (
        known["judul_kegiatan"],
        known["instansi_penyelenggara"],
        standard.nama if standard else column.label,
        "; ".join(own),
        column.konsep,
        column.definisi,
        column.referensi,
        standard.referensi_waktu if standard else "",
        _TYPES[column.type],
        _domain(column, structure.codes_of(column)),
        "; ".join(_conditions(structure, column)),
        standard.pertanyaan if standard else "",
        "Tidak" if column.personal or (standard and not standard.akses_umum) else "Ya",
        column.ukuran,
        column.satuan,
    )


def _indicator(structure: Structure, column: Column, known: Mapping[str, str]) -> tuple[str, ...]:
    by = [structure.column(name).label for name in structure.key]
    return (
        known["judul_kegiatan"],
        column.label,
        column.konsep,
        column.definisi,
        "",
        "",
        column.ukuran,
        column.satuan,
        ", ".join(by),
        "Tidak",
        "",
        column.label,
        level(structure),
        "Tidak" if column.personal else "Ya",
    )


def _domain(column: Column, codes: CodeList | None) -> str:
    if codes is None:
        return column.klasifikasi
    shown = "; ".join(f"{code.code} {code.label}" for code in codes.codes[:_CODES])
    more = len(codes.codes) - _CODES
    return f"{codes.label}: {shown}" + (f"; dan {more} lainnya" if more > 0 else "")


def _conditions(structure: Structure, column: Column) -> list[str]:
    said = []
    if column.required:
        said.append("Wajib diisi")
    if column.minimum is not None:
        said.append(f"Tidak kurang dari {column.minimum:f}")
    if column.maximum is not None:
        said.append(f"Tidak lebih dari {column.maximum:f}")
    if column.pattern:
        said.append(f"Berpola {column.pattern}")
    said.extend(
        rule_sentence(rule, structure).rstrip(".") for rule in structure.rules if column.id in (*rule.parts, rule.whole)
    )
    return said
