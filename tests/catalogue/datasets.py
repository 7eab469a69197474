"""A dataset that says everything publication asks for, for tests of every capability."""

from __future__ import annotations

from typing import Any

PUBLIC = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
ANNUAL = "http://publications.europa.eu/resource/authority/frequency/ANNUAL"


def complete_dataset(owner_org: str, **changes: Any) -> dict[str, Any]:
    """Fields for `package_create` of a dataset ready to be published; a change to None takes a field away."""
    dataset: dict[str, Any] = {
        "type": "dataset",
        "title": "Jumlah penduduk menurut kecamatan",
        "name": "jumlah-penduduk-menurut-kecamatan",
        "owner_org": owner_org,
        "notes": "Banyaknya penduduk tiap kecamatan menurut catatan administrasi pada akhir tahun.",
        "urusan": "2.12",
        "konsep": "Penduduk",
        "definisi": "Orang yang tercatat menetap di kecamatan itu pada 31 Desember; yang sudah pindah tidak dihitung.",
        "klasifikasi_penyajian": "kecamatan",
        "ukuran": "jumlah",
        "satuan": "orang",
        "frequency": ANNUAL,
        "jadwal_rilis": "setiap 31 Maret untuk tahun sebelumnya",
        "level_penyajian": "kecamatan",
        "kode_wilayah": "36.73",
        "kegiatan_judul": "Pencatatan administrasi kependudukan",
        "kegiatan_cara_pengumpulan": "kompilasi",
        "kegiatan_tujuan": "Bahan perencanaan layanan di tiap kecamatan.",
        "metode": ["sekunder"],
        "access_rights": PUBLIC,
        "license_id": "cc-by",
        "contact": [{"name": "Subbagian Program dan Evaluasi", "email": "disdukcapil@example.org"}],
    }
    dataset.update(changes)
    return {key: value for key, value in dataset.items() if value is not None}
