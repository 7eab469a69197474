"""Findings of a legacy import: one decision about one record each, with the rule behind it.

The rules, with their advice, are the table `RULES`; a report row names the rule by its code.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

ERROR, WARNING, INFO = "galat", "peringatan", "info"

REPORT_COLUMNS = ("table", "row_id", "rule", "old", "new", "advice")


@dataclass(frozen=True)
class Rule:
    """A rule: its code, how grave a breach is, and what the OPD or the Walidata should do about it."""

    code: str
    severity: str
    advice: str


_RULES = (
    Rule(
        "karantina", ERROR, "Teks berisi kode, suntikan, atau tanda perusakan. Periksa asal baris ini, lalu isi ulang."
    ),
    Rule("karantina-acuan", ERROR, "Baris ini mengacu pada data yang dikarantina. Perbaiki acuannya lebih dahulu."),
    Rule(
        "luapan-bilangan", ERROR, "Angka ini batas bilangan komputer, bukan hasil hitung. Isi ulang angka sebenarnya."
    ),
    Rule("bukan-angka", ERROR, "Nilai bukan angka dan tidak diambil. Isi ulang dengan angka."),
    Rule("nilai-kosong", WARNING, "Nilai kosong dan tidak diambil. Isi angkanya, atau nyatakan nihil."),
    Rule("nilai-negatif", WARNING, "Nilai negatif. Pastikan memang boleh di bawah nol."),
    Rule(
        "nol-belum-dipastikan", WARNING, "Nol diambil tetapi belum dihitung terisi. Pastikan benar nol, bukan kosong."
    ),
    Rule("duplikat-sama", INFO, "Baris kembar dengan nilai sama digabung menjadi satu."),
    Rule(
        "duplikat-bertentangan", ERROR, "Nilai kembar saling bertentangan dan tidak diambil. Tetapkan satu yang benar."
    ),
    Rule(
        "duplikat-beda-satuan",
        WARNING,
        "Baris kembar bernilai nol berbeda satuan digabung. Tetapkan satuan yang benar.",
    ),
    Rule("satuan-dibakukan", INFO, "Satuan ditulis menurut kosakata satuan."),
    Rule("satuan-dilengkapi", INFO, "Satuan terpotong dilengkapi menurut kosakata satuan."),
    Rule("satuan-tidak-dikenal", WARNING, "Satuan tidak dikenal dan dibiarkan. Tetapkan satuan yang benar."),
    Rule("satuan-beragam", WARNING, "Satu data memakai beberapa satuan. Sepakati satu satuan."),
    Rule("sumber-kosong", INFO, "Sumber data tidak disebut. OPD ditentukan dari urusan."),
    Rule("sumber-tidak-dikenal", WARNING, "Sumber tidak dikenal sebagai OPD. Tambahkan pada berkas alias bila perlu."),
    Rule("sumber-bukan-opd", INFO, "Sumber ini bukan satu OPD daerah. OPD ditentukan dari urusan."),
    Rule("opd-beberapa-sumber", WARNING, "Beberapa OPD disebut sebagai sumber. Pastikan OPD penanggung jawab datanya."),
    Rule("opd-beberapa-pemegang", INFO, "Urusan ini dipegang beberapa OPD. Pastikan OPD penanggung jawab datanya."),
    Rule("opd-di-luar-urusan", WARNING, "OPD sumber tidak memegang urusan ini. Pastikan OPD penanggung jawab datanya."),
    Rule("opd-cadangan", WARNING, "Tidak ada OPD pemegang urusan. Tetapkan OPD penanggung jawab datanya."),
    Rule("urusan-mirip", WARNING, "Bidang dicocokkan dengan urusan bernama paling mirip. Pastikan cocok."),
    Rule("bidang-berbeda", WARNING, "Bidang pada baris berbeda dengan bidang indikatornya. Dipakai bidang indikator."),
    Rule("kurung-tidak-seimbang", INFO, "Tanda kurung nama indikator tidak berpasangan. Rapikan namanya."),
    Rule("teks-setelah-kurung", INFO, "Ada teks setelah kurung; teks itu menjadi rincian. Rapikan namanya."),
    Rule("rincian-kembar", WARNING, "Dua indikator menjadi rincian yang sama. Hapus salah satu atau bedakan namanya."),
    Rule("induk-tidak-ada", INFO, "Indikator induk tidak ada dalam ekspor. Hubungan induk diabaikan."),
    Rule("triwulan-jarang", WARNING, "Data dianggap triwulanan karena baris ini. Pastikan bukan salah pilih triwulan."),
    Rule("triwulan-diabaikan", INFO, "Data dianggap tahunan; triwulan baris ini diabaikan. Pastikan memang tahunan."),
    Rule(
        "dataset-dilewati",
        WARNING,
        "OPD sudah mengirim sendiri periode tabel ini, jadi tabelnya tidak ditulis ulang. Bandingkan dengan ekspor; "
        "bila ekspor yang benar, kirim periodenya sebagai koreksi.",
    ),
    Rule("tanggal-tidak-terbaca", INFO, "Tanggal tidak terbaca atau di masa depan dan diabaikan."),
)
RULES: dict[str, Rule] = {rule.code: rule for rule in _RULES}


@dataclass(frozen=True, order=True)
class Finding:
    """One decision: the table and record it is about, the rule, what stood there and what became of it."""

    table: str
    row_id: str
    rule: str
    old: str
    new: str

    @property
    def advice(self) -> str:
        """What to do about it, an Indonesian sentence."""
        return RULES[self.rule].advice

    @property
    def severity(self) -> str:
        """``galat``, ``peringatan`` or ``info``."""
        return RULES[self.rule].severity


def spreadsheet_safe(text: str) -> str:
    """The text with an apostrophe before anything a spreadsheet would run as a formula."""
    return f"'{text}" if text.lstrip()[:1] in {"=", "+", "-", "@"} or text[:1] in {"\t", "\r", "\n"} else text


def report_csv(findings: Iterable[Finding]) -> str:
    """The findings as CSV with a header, safe to open in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(REPORT_COLUMNS)
    for item in findings:
        cells = (item.table, item.row_id, item.rule, item.old, item.new, item.advice)
        writer.writerow([spreadsheet_safe(cell) for cell in cells])
    return out.getvalue()
