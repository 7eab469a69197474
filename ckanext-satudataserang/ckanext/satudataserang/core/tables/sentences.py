"""What the reader says about a file's form: one sentence, one advice and one weight per code.

Sentences are Indonesian gettext messages with named placeholders; the values come with each finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ckanext.satudataserang.core.findings import CAP, Finding, Findings, Severity, error, info, warning

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
    make = _MAKERS[sentence.severity]
    return make(code.partition(":")[0], sentence.message, sentence.advice, params=params, **(place or {}))


def add(findings: Findings, code: str, *, place: dict[str, Any] | None = None, **params: object) -> None:
    """Add the finding of this code; one of many more than are kept is only counted."""
    kode = code.partition(":")[0]
    if findings.totals[kode] >= CAP:
        findings.count(kode, SENTENCES[code].severity, 1)
    else:
        findings.add(tell(code, place=place, **params))


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
    "berkas-kosong:nol": _error(
        "Berkas tidak berisi tabel: isinya hanya byte nol.",
        "Berkas ini rusak sewaktu disimpan atau disalin. Simpan ulang dari aplikasinya, lalu unggah lagi.",
    ),
    "berkas-kosong:pembanding": _error(
        "Semua kolom berkas ini hanya pembanding (judulnya diawali “‹”); tidak ada kolom yang dimuat.",
        "Unduh templatnya kembali dan isi kolom datanya, atau hapus tanda “‹” dari judul kolom data.",
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
    "tata-letak-tidak-cocok": _error(
        "Cara membaca yang dipilih tidak cocok dengan berkas ini.",
        "Unggah ulang berkasnya agar lembar, baris judul, dan kolomnya dikenali kembali.",
    ),
    "sel-terlalu-panjang": _error(
        "Isi sel pada baris {row} kolom “{column}” terlalu panjang; paling banyak {most} huruf.",
        "Pendekkan isinya, atau simpan naskahnya sebagai berkas tersendiri.",
    ),
    "rumus-galat": _error(
        "Baris {row} kolom “{column}” berisi {value}: rumusnya gagal dihitung.",
        "Perbaiki rumus di sel itu, atau ganti dengan angkanya, lalu simpan dan unggah ulang.",
    ),
    "judul-berulang": _info(
        "{count} baris yang mengulang judul kolom tidak dibaca sebagai data.",
    ),
    "di-bawah-tabel": _info(
        "Baris {first} sampai {last} di bawah tabel (“{text}”) dibaca sebagai jumlah atau catatan dan tidak dimuat.",
        "Bila baris itu data, lengkapi isinya dan hapus baris kosong di atasnya.",
    ),
    "di-atas-tabel": _info(
        "Judul kolom ditemukan di baris {row}; baris di atasnya tidak dimuat.",
    ),
    "judul-bertingkat": _info(
        "Judul kolom di baris {first} sampai {last} digabung, misalnya “{title}”.",
    ),
    "pemisah-tidak-dikenal": _error(
        "Pemisah kolom berkas ini tidak dikenali: barisnya tampak dipisahkan dengan “{sign}”.",
        "Simpan ulang dengan pemisah titik koma (;), koma, tab, atau garis tegak (|).",
    ),
    "pemisah-campur": _error(
        "Judul kolom dipisahkan dengan “{titles}”, tetapi isinya dengan “{rows}”.",
        "Pakai satu pemisah untuk seluruh berkas, lalu simpan dan unggah ulang.",
    ),
    "kolom-periode": _info(
        "{count} kolom adalah periode ({first} sampai {last}). Kolom itu dapat dijadikan baris agar mudah diolah.",
        "Setujui tawaran itu bila kolomnya memang periode.",
    ),
    "kolom-periode:dijadikan-baris": _info(
        "{count} kolom periode ({first} sampai {last}) dijadikan baris: satu baris untuk setiap periode, "
        "dengan kolom “{period}” dan “{value}”.",
        "Bila tidak dikehendaki, batalkan pada langkah ini.",
    ),
    "kolom-kurang": _error(
        "Kolom “{column}” tidak ditemukan, padahal wajib menurut struktur data.",
        "Tambahkan kolom itu, atau pilih kolom mana yang dimaksud. Judul yang tidak dikenal: {unknown}.",
    ),
    "kolom-kurang:semua": _error(
        "Tidak satu pun kolom dari struktur data ditemukan dalam berkas ini.",
        "Periksa apakah ini berkas yang dimaksud, atau pilih kolom mana yang dimaksud. Judul yang tidak dikenal: "
        "{unknown}.",
    ),
    "kolom-kurang:boleh": _warning(
        "Kolom “{column}” dari struktur data tidak ditemukan; isinya dianggap kosong.",
        "Bila kolomnya ada dengan judul lain, pilih kolom yang dimaksud.",
    ),
    "kolom-tidak-dikenal": _warning(
        "Kolom “{title}” tidak ada dalam struktur data dan tidak dimuat.",
        "Bila kolom itu salah satu kolom struktur, pilih yang dimaksud.",
    ),
    "judul-ditebak": _warning(
        "Judul “{title}” dibaca sebagai kolom “{column}”.",
        "Pastikan maksudnya sama. Jawaban Anda diingat untuk berkas berikutnya.",
    ),
    "judul-ganda:sekolom": _error(
        "Judul “{title}” dan “{other}” sama-sama dibaca sebagai kolom “{column}”.",
        "Pilih salah satu untuk kolom itu, dan tentukan kolom lainnya atau abaikan.",
    ),
    "buku-kerja-rusak": _error(
        "Buku kerja ini rusak atau tidak dapat dibaca.",
        "Buka di Excel atau LibreOffice, simpan ulang sebagai .xlsx atau CSV, lalu unggah lagi.",
    ),
    "buku-kerja-bersandi": _error(
        "Buku kerja ini dikunci dengan kata sandi.",
        "Buka dengan kata sandinya, hapus kata sandi itu, simpan, lalu unggah lagi.",
    ),
    "buku-kerja-terlalu-besar": _error(
        "Buku kerja ini terlalu besar setelah dibuka.",
        "Hapus lembar dan gambar yang tidak perlu, atau simpan lembar datanya saja sebagai CSV.",
    ),
    "buku-kerja-terlalu-berat": _error(
        "Buku kerja ini terlalu berat: membacanya melampaui batas memori atau waktu.",
        "Simpan lembar datanya saja sebagai CSV, lalu unggah lagi.",
    ),
    "buku-kerja-xlsb": _error(
        "Buku kerja biner (.xlsb) tidak dibaca.",
        "Buka di Excel, simpan sebagai .xlsx, lalu unggah lagi.",
    ),
    "buku-kerja-makro": _error(
        "Buku kerja yang memuat makro (.xlsm) tidak dibaca.",
        "Buka di Excel, simpan sebagai .xlsx biasa, lalu unggah lagi.",
    ),
    "lembar-terlalu-luas": _error(
        "Lembar ini memakai terlalu banyak sel; paling banyak {rows} baris dan {cells} sel.",
        "Hapus baris dan kolom kosong yang ikut terpakai, atau simpan sebagai CSV.",
    ),
    "lembar-tidak-ada": _error(
        "Lembar “{sheet}” tidak ada dalam berkas ini.",
        "Pilih lembar yang lain.",
    ),
    "sel-tersembunyi": _warning(
        "Lembar ini berisi {rows} baris dan {columns} kolom berisi yang disembunyikan; semuanya ikut dibaca.",
        "Tampilkan dan periksa isinya di Excel; hapus bila tidak untuk dikirim.",
    ),
    "persen-dibaca": _info(
        "Kolom “{column}” ditampilkan sebagai persen; isinya dibaca seperti yang terlihat (12,5 % menjadi 12,5).",
        "Periksa apakah satuannya memang persen.",
    ),
    "baris-satuan": _info(
        "Baris {row} di bawah judul dibaca sebagai satuan, bukan data.",
    ),
    "kolom-tanda": _info(
        "Kolom ke-{number} tidak berjudul dan hanya berisi tanda catatan (mulai baris {row}); tanda itu tidak dimuat.",
        "Bila arti tanda itu perlu diketahui pembaca, beri judul kolomnya, misalnya “Keterangan”.",
    ),
    "satuan-berbeda": _error(
        "Judul “{title}” menyebut satuan “{told}”, padahal kolom “{column}” memakai satuan “{unit}”.",
        "Ubah angkanya ke satuan kolom itu, lalu perbaiki atau hapus satuan di judulnya. Bila satuan di judul keliru, "
        "cukup perbaiki judulnya.",
    ),
    "satuan-berbeda:tanpa": _warning(
        "Judul “{title}” menyebut satuan “{told}”; angkanya disimpan seperti tertulis, tidak dikalikan.",
        "Pastikan kolom “{column}” memang memakai satuan itu; bila tidak, tulis angkanya penuh.",
    ),
    "satuan-kelipatan": _warning(
        "Baris {row} menyebut “{value}”, tetapi angkanya disimpan seperti tertulis, tidak dikalikan.",
        "Bila kolomnya tidak memakai satuan itu, tulis angkanya penuh (1.500.000, bukan 1,5) lalu unggah ulang.",
    ),
    "jumlah-di-tengah": _info(
        "{count} baris jumlah (mulai baris {row}: “{value}”) tidak dimuat karena merupakan jumlah dari baris lain.",
        "Bila baris itu data, tulis kode atau nama yang ada dalam daftar struktur.",
    ),
    "jumlah-di-tengah:dimuat": _warning(
        "{count} baris tampak sebagai jumlah dari baris lain (mulai baris {row}: “{value}”) dan ikut dimuat.",
        "Hapus baris jumlah itu supaya tidak terhitung dua kali.",
    ),
    "tabel-kedua": _error(
        "Di bawah tabel ini ada tabel lain dengan judul sendiri (baris {row}).",
        "Pindahkan tabel kedua ke lembar atau berkas tersendiri; satu lembar memuat satu tabel.",
    ),
    "tabel-bersebelahan": _error(
        "Di sebelah kanan tabel ini ada tabel lain: mulai kolom ke-{number} (“{title}”), baris {row}.",
        "Pindahkan tabel kedua ke lembar atau berkas tersendiri, atau sambung barisnya di bawah tabel pertama; satu "
        "lembar memuat satu tabel. Bila memang satu tabel, bedakan judul kolomnya dan hapus kolom kosong di antaranya.",
    ),
    "tabel-bersebelahan:tanpa-judul": _error(
        "Di sebelah kanan tabel ini ada tabel lain: mulai kolom ke-{number}, baris {row}.",
        "Pindahkan tabel kedua ke lembar atau berkas tersendiri. Bila memang satu tabel, beri judul semua kolomnya "
        "pada baris yang sama.",
    ),
    "lembar-dipilih": _info(
        "Yang dibaca lembar “{sheet}”; lembar lainnya: {others}.",
        "Pilih lembar lain bila bukan itu tabelnya.",
    ),
    "lembar-dipilih:tabel": _info(
        "Yang dibaca “{sheet}” dari halaman ini; tabel lainnya: {others}.",
        "Pilih tabel lain bila bukan itu yang dimaksud.",
    ),
    "bukan-csv:html": _error(
        "Berkas ini halaman web tanpa tabel.",
        "Unggah tabelnya sebagai XLSX, ODS, atau CSV.",
    ),
    "bukan-csv:word": _error(
        "Berkas ini dokumen Word, bukan tabel.",
        "Salin tabelnya ke lembar kerja, simpan sebagai XLSX, lalu unggah.",
    ),
    "bukan-csv:presentasi": _error(
        "Berkas ini presentasi, bukan tabel.",
        "Salin tabelnya ke lembar kerja, simpan sebagai XLSX, lalu unggah.",
    ),
    "bukan-csv:opendocument": _error(
        "Berkas ini dokumen OpenDocument lain, bukan lembar kerja (.ods).",
        "Salin tabelnya ke lembar kerja, simpan sebagai ODS atau XLSX, lalu unggah.",
    ),
    "bukan-csv:surel": _error(
        "Berkas ini surel Outlook, bukan tabel.",
        "Simpan lampirannya, lalu unggah lampiran itu.",
    ),
    "bukan-csv:arsip": _error(
        "Berkas ini arsip ZIP, bukan tabel.",
        "Buka arsipnya, lalu unggah tabel di dalamnya satu per satu.",
    ),
    "rumus-tanpa-hasil": _error(
        "Baris {row} kolom “{column}” berisi rumus yang belum pernah dihitung, jadi tidak ada nilainya.",
        "Buka berkasnya di Excel atau LibreOffice, simpan, lalu unggah lagi; atau ganti rumus itu dengan angkanya.",
    ),
}
