"""Signs around a number that say something of it: negative as accounts write it, or a mark that points to a note."""

from __future__ import annotations

from ckanext.satudataserang.core.findings import Severity
from ckanext.satudataserang.core.tables.amounts import is_accounted_sql, is_marked_sql

from .base import Check
from .subject import Cells, Subject

NEGATIF = Check(
    "negatif-dibaca",
    Severity.INFO,
    title="Cara angka negatif dibaca",
    message="“{value}” di baris {row} kolom “{column}” dibaca sebagai angka negatif: {read}. Sel serupa: {count}.",
    advice="Periksa apakah angkanya memang negatif. Paling jelas ditulis dengan minus di depan, misalnya -1234. Nomor "
    "catatan dan tahun dalam kurung bukan angka; hapus dari sel itu.",
)
TANDA = Check(
    "tanda-catatan",
    Severity.INFO,
    title="Angka bertanda catatan",
    message="“{value}” di baris {row} kolom “{column}” dibaca {read}; tanda di belakangnya dianggap tanda catatan "
    "(misalnya angka sementara atau revisi) dan tidak disimpan. Sel serupa: {count}.",
    advice="Periksa apakah angkanya benar. Bila arti tanda itu perlu diketahui pembaca, tulis di kolom keterangan atau "
    "di catatan kiriman.",
)
CHECKS = (NEGATIF, TANDA)


def say(subject: Subject, column: Cells, bare: str) -> None:
    """Say which of a column's numbers were read without such signs; `bare` is the SQL of the numbers in `cells`."""
    for check, where in (
        (NEGATIF, is_accounted_sql(column.raw, bare)),
        (TANDA, is_marked_sql(column.raw)),
    ):
        row = subject.row_number
        ((count, first, text, value),) = subject.ask(
            f"SELECT count(*), min({row}), arg_min({column.raw}, {row}), arg_min({column.value}, {row}) "  # noqa: S608
            f"FROM cells WHERE {where} AND ({column.value}) IS NOT NULL"
        )
        if count:
            subject.add([check.found(row=first, column=column.title, value=text, read=value, count=count)])
