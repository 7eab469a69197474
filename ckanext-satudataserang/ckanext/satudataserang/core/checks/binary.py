"""Something else that calls itself CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ckanext.satudataserang.core.findings import Finding, error

from .base import Header, RowRule, TableFile

_EXCEL_ADVICE = "Buka berkasnya, pilih Simpan Sebagai → CSV UTF-8, lalu unggah hasilnya."
_OTHER_ADVICE = "Unggah tabelnya sebagai CSV."
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "berkas Excel (.xlsx) atau ZIP", _EXCEL_ADVICE),
    (b"PK\x05\x06", "berkas ZIP kosong", _OTHER_ADVICE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "berkas Excel atau Word lama (.xls, .doc)", _EXCEL_ADVICE),
    (b"%PDF-", "berkas PDF", _OTHER_ADVICE),
    (b"\x1f\x8b", "berkas gzip", _OTHER_ADVICE),
    (b"7z\xbc\xaf\x27\x1c", "berkas 7-Zip", _OTHER_ADVICE),
    (b"Rar!\x1a\x07", "berkas RAR", _OTHER_ADVICE),
    (b"\x89PNG", "gambar PNG", _OTHER_ADVICE),
    (b"\xff\xd8\xff", "gambar JPEG", _OTHER_ADVICE),
    (b"GIF8", "gambar GIF", _OTHER_ADVICE),
    (b"\x7fELF", "program", _OTHER_ADVICE),
    (b"MZ\x90\x00", "program", _OTHER_ADVICE),
    (b"SQLite format 3\0", "basis data SQLite", _OTHER_ADVICE),
    (b"PAR1", "berkas Parquet", _OTHER_ADVICE),
)
_MARKUP: tuple[tuple[bytes, str], ...] = (
    (b"<!doctype html", "halaman web (HTML)"),
    (b"<html", "halaman web (HTML)"),
    (b"<?xml", "berkas XML"),
    (b"{\\rtf", "dokumen RTF"),
)
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def not_text(file: TableFile) -> Iterator[Finding]:
    """Refuse a file whose first bytes say that it is no delimited text, whatever its name says."""
    start = file.head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    known = [(name, advice) for magic, name, advice in _SIGNATURES if file.head.startswith(magic)]
    known += [(name, _OTHER_ADVICE) for mark, name in _MARKUP if start.startswith(mark)]
    if known:
        name, advice = known[0]
        yield error("bukan-csv", f"Berkas ini bernama CSV, tetapi isinya {name}.", advice)
    elif b"\0" in file.head and not _is_utf16(file.head):
        yield error(
            "bukan-csv",
            "Berkas ini bernama CSV, tetapi isinya bukan teks (ada byte nol).",
            "Periksa kembali berkas yang dipilih; simpan tabelnya sebagai CSV UTF-8.",
        )


def null_signs(header: Header) -> RowRule:
    """Report rows with a null character, which no database stores in text."""

    def rule(row: int, cells: Sequence[str]) -> Finding | None:
        for title, cell in zip(header.titles, cells, strict=False):
            if "\0" in cell:
                return error(
                    "karakter-nol",
                    f"Baris {row} kolom “{title}” berisi karakter nol yang tidak terlihat.",
                    "Ketik ulang isi sel itu, lalu simpan dan unggah ulang.",
                    row=row,
                    column=title,
                    value=cell,
                )
        return None

    return rule


def _is_utf16(head: bytes) -> bool:
    if head.startswith(_UTF16_MARKS):
        return True
    zeros = (head[::2].count(0), head[1::2].count(0))
    return min(zeros) == 0
