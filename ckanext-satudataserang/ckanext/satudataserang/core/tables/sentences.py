"""What the reader says about a file's form: one sentence, one advice and one weight per code.

Sentences are Indonesian gettext messages with named placeholders; the values come with each finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ckanext.satudataserang.core.findings import Finding, Severity, error, info, shown, warning

_MAKERS = {Severity.ERROR: error, Severity.WARNING: warning, Severity.INFO: info}


@dataclass(frozen=True)
class Sentence:
    """What is said under one code, how much it weighs, and what to do."""

    severity: Severity
    message: str
    advice: str


def tell(code: str, *, place: dict[str, Any] | None = None, **params: object) -> Finding:
    """Make the finding of this code; `place` is any of sheet, row, column, value."""
    sentence = SENTENCES[code]
    words = {name: shown(value) for name, value in params.items()}
    make = _MAKERS[sentence.severity]
    kode = code.partition(":")[0]
    return make(kode, sentence.message.format_map(words), sentence.advice.format_map(words), **(place or {}))


def _error(message: str, advice: str) -> Sentence:
    return Sentence(Severity.ERROR, message, advice)


def _warning(message: str, advice: str) -> Sentence:
    return Sentence(Severity.WARNING, message, advice)


def _info(message: str, advice: str = "") -> Sentence:
    return Sentence(Severity.INFO, message, advice)


#: By code; what follows a colon tells apart the sentences of one code.
SENTENCES: dict[str, Sentence] = {
    "berkas-kosong": _error(
        "Berkas kosong: tidak ada satu pun baris berisi.",
        "Periksa apakah berkas tersimpan dengan benar, lalu unggah ulang.",
    ),
    "berkas-terlalu-besar": _error(
        "Berkas ini {size} MB; paling banyak {most} MB yang dapat dibaca.",
        "Bagi datanya menjadi beberapa berkas, misalnya satu berkas per periode.",
    ),
    "bukan-csv": _error(
        "Berkas ini bukan tabel: isinya {what}.",
        "Unggah tabelnya sebagai XLSX, ODS, atau CSV.",
    ),
    "bukan-csv:biner": _error(
        "Berkas ini bukan tabel: isinya bukan teks (ada byte nol).",
        "Periksa kembali berkas yang dipilih; simpan tabelnya sebagai XLSX atau CSV UTF-8.",
    ),
    "pengodean-ditebak": _info(
        "Berkas tidak disimpan sebagai UTF-8; dibaca sebagai {name}.",
        "Periksa huruf khusus di tabel. Lain kali simpan sebagai CSV UTF-8.",
    ),
    "pengodean-rusak": _error(
        "Berkas UTF-8 ini rusak: baris {row} berisi byte yang bukan UTF-8.",
        "Buka berkasnya, perbaiki huruf aneh di baris itu, lalu simpan lagi sebagai CSV UTF-8.",
    ),
    "pengodean-tidak-dikenal": _error(
        "Huruf dalam berkas tidak dapat dibaca: pengodeannya tidak dikenali.",
        "Buka berkasnya, lalu simpan sebagai CSV UTF-8.",
    ),
    "kutip-rusak": _error(
        "Tanda kutip ganda tidak berpasangan pada baris {row} atau sesudahnya; baris berikutnya tidak dapat dibaca.",
        "Tutup tanda kutipnya. Tanda kutip di dalam isi ditulis dua kali.",
    ),
    "kutip-rusak:panjang": _error(
        "Ada sel yang sangat panjang pada baris {row}; biasanya karena tanda kutip ganda pembuka tidak ditutup.",
        "Tutup tanda kutipnya. Tanda kutip di dalam isi ditulis dua kali.",
    ),
    "karakter-nol": _error(
        "Baris {row} kolom “{column}” berisi karakter nol yang tidak terlihat.",
        "Ketik ulang isi sel itu, lalu simpan dan unggah ulang.",
    ),
    "judul-kosong": _error(
        "Kolom ke-{number} tidak berjudul (baris {row}), padahal ada isinya.",
        "Beri judul kolom itu, atau hapus kolomnya jika tidak berisi data.",
    ),
    "judul-ganda": _error(
        "Judul “{title}” dipakai dua kali: kolom ke-{first} dan kolom ke-{second}.",
        "Bedakan kedua judul itu, atau hapus salah satu kolomnya.",
    ),
    "kolom-terlalu-banyak": _error(
        "Tabel memiliki {count} kolom; paling banyak {most}.",
        "Susun tahun atau wilayah ke bawah sebagai baris, bukan ke samping sebagai kolom.",
    ),
    "baris-terlalu-banyak": _error(
        "Tabel memiliki lebih dari {most} baris; selebihnya tidak dibaca.",
        "Bagi datanya menjadi beberapa berkas, misalnya satu berkas per periode.",
    ),
    "lebar-baris": _error(
        "Baris {row} berisi {found} sel, padahal judulnya {width} kolom.",
        "Periksa pemisah kolom di baris itu. Isi yang memuat pemisah harus diapit tanda kutip ganda.",
    ),
    "tanpa-baris": _error(
        "Berkas hanya berisi judul kolom (baris {row}); tidak ada baris data di bawahnya.",
        "Isi datanya di bawah judul kolom, lalu unggah ulang.",
    ),
}
