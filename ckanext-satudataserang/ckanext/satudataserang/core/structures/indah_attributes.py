"""What the metadata of a statistical activity (MS-Keg) asks for, in the order in which INDAH takes it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Attribute:
    """One item: its block and number in the form, our id, its label, and when it is asked (empty: always)."""

    block: str
    number: str
    id: str
    label: str
    when: str = ""


_SAMPLE = "hanya survei"
_NOT_COMPILED = "bukan kompilasi produk administrasi"
_OPTIONAL = "boleh kosong"

_BLOCKS: dict[str, tuple[tuple[str, ...], ...]] = {
    "Identitas": (
        ("0.1", "judul_kegiatan", "Judul kegiatan"),
        ("0.2", "tahun", "Tahun kegiatan"),
        ("0.3", "kode_kegiatan", "Kode kegiatan", "diisi petugas BPS"),
        ("0.4", "jenis_statistik", "Jenis statistik"),
        ("0.5", "cara_pengumpulan_data", "Cara pengumpulan data"),
        ("0.6", "sektor_kegiatan", "Sektor kegiatan"),
        ("0.7", "rekomendasi", "Mendapat rekomendasi kegiatan statistik dari BPS"),
        ("0.8", "id_rekomendasi", "Identitas rekomendasi", "bila ada rekomendasi"),
    ),
    "I Penyelenggara": (
        ("1.1", "instansi_penyelenggara", "Instansi penyelenggara"),
        ("1.2", "alamat_instansi", "Alamat instansi"),
        ("1.2a", "telepon_instansi", "Telepon instansi", _OPTIONAL),
        ("1.2b", "faksimile_instansi", "Faksimile instansi", _OPTIONAL),
        ("1.2c", "email_instansi", "Surel instansi", _OPTIONAL),
    ),
    "II Penanggung Jawab": (
        ("2.1a", "unit_eselon_1", "Unit eselon 1 penanggung jawab", _OPTIONAL),
        ("2.1b", "unit_eselon_2", "Unit eselon 2 penanggung jawab"),
        ("2.2a", "pj_teknis_jabatan", "Jabatan penanggung jawab teknis"),
        ("2.2b", "pj_teknis_nama", "Nama penanggung jawab teknis", "data pribadi, boleh kosong"),
        ("2.2c", "pj_teknis_alamat", "Alamat kantor penanggung jawab teknis", _OPTIONAL),
        ("2.2d", "pj_teknis_telepon", "Telepon kantor penanggung jawab teknis", _OPTIONAL),
        ("2.2e", "pj_teknis_faksimile", "Faksimile penanggung jawab teknis", _OPTIONAL),
        ("2.2f", "pj_teknis_email", "Surel kedinasan penanggung jawab teknis", _OPTIONAL),
    ),
    "III Perencanaan dan Persiapan": (
        ("3.1", "latar_belakang", "Latar belakang kegiatan"),
        ("3.2", "tujuan", "Tujuan kegiatan"),
        ("3.3.A1", "jadwal_perencanaan", "Jadwal perencanaan kegiatan"),
        ("3.3.A2", "jadwal_desain", "Jadwal desain"),
        ("3.3.B3", "jadwal_pengumpulan", "Jadwal pengumpulan data"),
        ("3.3.C4", "jadwal_pengolahan", "Jadwal pengolahan data"),
        ("3.3.D5", "jadwal_analisis", "Jadwal analisis"),
        ("3.3.D6", "jadwal_diseminasi", "Jadwal diseminasi hasil"),
        ("3.3.D7", "jadwal_evaluasi", "Jadwal evaluasi"),
        ("3.4", "variabel", "Variabel yang dikumpulkan"),
    ),
    "IV Desain Kegiatan": (
        ("4.1", "kegiatan_dilakukan", "Kegiatan dilakukan sekali atau berulang"),
        ("4.2", "frekuensi", "Frekuensi penyelenggaraan", "bila berulang"),
        ("4.3", "tipe_pengumpulan", "Tipe pengumpulan data"),
        ("4.4", "cakupan_wilayah", "Cakupan wilayah pengumpulan data"),
        ("4.5", "wilayah_kegiatan", "Wilayah kegiatan", "bila sebagian wilayah Indonesia"),
        ("4.6", "metode_pengumpulan", "Metode pengumpulan data"),
        ("4.7", "sarana_pengumpulan", "Sarana pengumpulan data"),
        ("4.8", "unit_pengumpulan", "Unit pengumpulan data"),
    ),
    "V Desain Sampel": (
        ("5.1", "jenis_rancangan_sampel", "Jenis rancangan sampel", _SAMPLE),
        ("5.2", "metode_pemilihan_sampel", "Metode pemilihan sampel tahap terakhir", _SAMPLE),
        ("5.3a", "metode_probabilitas", "Metode sampel probabilitas", _SAMPLE),
        ("5.3b", "metode_nonprobabilitas", "Metode sampel nonprobabilitas", _SAMPLE),
        ("5.4", "kerangka_sampel", "Kerangka sampel tahap terakhir", _SAMPLE),
        ("5.5", "fraksi_sampel", "Fraksi sampel keseluruhan", _SAMPLE),
        ("5.6", "sampling_error", "Perkiraan galat sampel variabel utama", _SAMPLE),
        ("5.7", "unit_sampel", "Unit sampel", _SAMPLE),
        ("5.8", "unit_observasi", "Unit observasi", _SAMPLE),
    ),
    "VI Pengumpulan Data": (
        ("6.1", "uji_coba", "Melakukan uji coba"),
        ("6.2", "pemeriksaan_kualitas", "Metode pemeriksaan kualitas pengumpulan data"),
        ("6.3", "penyesuaian_nonrespon", "Melakukan penyesuaian nonrespon"),
        ("6.4", "petugas", "Petugas pengumpulan data", _NOT_COMPILED),
        ("6.5", "pendidikan_petugas", "Pendidikan terendah petugas", _NOT_COMPILED),
        ("6.6a", "jumlah_supervisor", "Banyaknya pengawas", _NOT_COMPILED),
        ("6.6b", "jumlah_enumerator", "Banyaknya pengumpul data", _NOT_COMPILED),
        ("6.7", "pelatihan_petugas", "Melakukan pelatihan petugas"),
    ),
    "VII Pengolahan dan Analisis": (
        ("7.1a", "penyuntingan", "Pengolahan: penyuntingan"),
        ("7.1b", "penyandian", "Pengolahan: penyandian"),
        ("7.1c", "data_entry", "Pengolahan: perekaman data"),
        ("7.1d", "penyahihan", "Pengolahan: penyahihan"),
        ("7.2", "metode_analisis", "Metode analisis"),
        ("7.3", "unit_analisis", "Unit analisis"),
        ("7.4", "tingkat_penyajian", "Tingkat penyajian hasil"),
    ),
    "VIII Diseminasi Hasil": (
        ("8.1a", "produk_tercetak", "Tersedia untuk umum: tercetak"),
        ("8.1b", "produk_digital", "Tersedia untuk umum: digital"),
        ("8.1c", "produk_mikrodata", "Tersedia untuk umum: data mikro"),
        ("8.2a", "rilis_tercetak", "Rencana rilis tercetak", "bila tersedia"),
        ("8.2b", "rilis_digital", "Rencana rilis digital", "bila tersedia"),
        ("8.2c", "rilis_mikrodata", "Rencana rilis data mikro", "bila tersedia"),
    ),
}

ACTIVITY: tuple[Attribute, ...] = tuple(Attribute(block, *item) for block, items in _BLOCKS.items() for item in items)
