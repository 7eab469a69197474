"""What the tables of the bundle read: one statement each, ordered in full, so that the same data give the same rows.

Parameters: `:year`, `:first` and `:last` (its first and last day), `:now`, `:today`. Names of people are nowhere among
the columns, and datasets appear only where everybody can see them.
"""

from __future__ import annotations

from ckanext.satudataserang.completeness.sql import DAYS_LATE, STATE
from ckanext.satudataserang.plan.sql import TERMS

_PUBLIC = "p.state = 'active' AND p.type = 'dataset' AND NOT p.private"

#: The terms under which an entry lived last in the year.
_OF_YEAR = f"""
    SELECT DISTINCT ON (t.entry_id) t.entry_id, t.opd_id, t.frequency, t.deadline_days, t.grace_days, t.kelas
    FROM ({TERMS}) t
    WHERE t.dari <= :last AND (t.sampai IS NULL OR t.sampai >= :first)
    ORDER BY t.entry_id, t.dari DESC
"""


#: Deliveries for the periods that end in the year; drafts are nobody's deliveries yet.
def _deliveries(join: str = "") -> str:
    return f"""
    FROM satudata_submission s
    JOIN satudata_cell c ON c.entry_id = s.entry_id AND c.period = s.period AND c.year = :year
    JOIN satudata_plan_entry e ON e.id = s.entry_id
    JOIN "group" o ON o.id = c.opd_id
    {join}
    WHERE s.state <> 'draf' AND s.delivered_at <= :now
    """


DATASETS = f"""
    SELECT p.name AS dataset, p.title AS judul, o.name AS opd, o.title AS nama_opd,
           p.extras ->> 'daftar_data_kode' AS kode_daftar_data, p.extras ->> 'urusan' AS urusan,
           p.license_id AS lisensi, p.metadata_created AS dibuat, p.metadata_modified AS diperbarui,
           COALESCE(r.files, 0) AS jumlah_berkas, r.formats AS format,
           COALESCE(lower(p.extras ->> 'data_contoh') IN ('true', 'ya', '1'), FALSE) AS data_contoh
    FROM package p
    LEFT JOIN "group" o ON o.id = p.owner_org
    LEFT JOIN (
        SELECT package_id, count(*) AS files,
               array_agg(DISTINCT upper(format) ORDER BY upper(format)) FILTER (WHERE format <> '') AS formats
        FROM resource WHERE state = 'active' GROUP BY 1
    ) r ON r.package_id = p.id
    WHERE {_PUBLIC}
    ORDER BY p.name COLLATE "C"
"""

_STANDARD = ("konsep", "definisi", "klasifikasi_penyajian", "ukuran", "satuan")
STANDARD = f"""
    SELECT p.name AS dataset, {", ".join(f"p.extras ->> '{field}' AS {field}" for field in _STANDARD)},
           {" AND ".join(f"COALESCE(p.extras ->> '{field}', '') <> ''" for field in _STANDARD)} AS lengkap
    FROM package p WHERE {_PUBLIC}
    ORDER BY p.name COLLATE "C"
"""

METADATA = f"""
    SELECT p.name AS dataset, kept.ruas, kept.isi
    FROM package p
    CROSS JOIN LATERAL (
        SELECT key AS ruas, value AS isi FROM jsonb_each_text(COALESCE(p.extras, '{{}}'::jsonb))
        UNION ALL SELECT * FROM (VALUES
            ('title', p.title), ('notes', p.notes), ('license_id', p.license_id), ('version', p.version)) own(ruas, isi)
        UNION ALL
        SELECT 'tags', string_agg(t.name, '; ' ORDER BY t.name)
        FROM package_tag pt JOIN tag t ON t.id = pt.tag_id
        WHERE pt.package_id = p.id AND pt.state = 'active' AND t.vocabulary_id IS NULL
    ) kept
    WHERE {_PUBLIC} AND kept.isi <> ''
    ORDER BY p.name COLLATE "C", kept.ruas COLLATE "C"
"""

METADATA_POINTS = f"""
    SELECT p.name AS dataset, m.points AS poin, m.possible AS mungkin, m.lost AS aturan_hilang,
           m.rule_version AS versi_aturan
    FROM package p JOIN satudata_metadata_score m ON m.dataset_id = p.id
    WHERE {_PUBLIC}
    ORDER BY p.name COLLATE "C"
"""

RESOURCES = f"""
    SELECT p.name AS dataset, r.name AS berkas, lower(r.format) AS format, r.mimetype AS tipe_media,
           r.size AS ukuran_byte, p.license_id AS lisensi,
           COALESCE(l.state = 'selesai', FALSE) AS dapat_ditanya, l.sha256, r.id AS id_berkas
    FROM package p
    JOIN resource r ON r.package_id = p.id AND r.state = 'active'
    LEFT JOIN satudata_load l ON l.resource_id = r.id
    WHERE {_PUBLIC}
    ORDER BY p.name COLLATE "C", r.position, r.id
"""

#: Lists of texts, as CKAN keeps them in one text.
_LIST = r'^\[\s*("[^"\\]*"(\s*,\s*"[^"\\]*")*\s*)?\]$'
_CODED = ("urusan", "kode_wilayah", "frequency", "level_penyajian", "satuan", "theme", "theme_eu")
CODES = f"""
    SELECT jenis, kode, (count(DISTINCT dataset))::integer AS dataset, (count(DISTINCT entry))::integer AS entri
    FROM (
        SELECT field.jenis, trim(one.kode) AS kode, p.id AS dataset, NULL AS entry
        FROM package p
        CROSS JOIN unnest(ARRAY[{", ".join(f"'{field}'" for field in _CODED)}]) AS field(jenis)
        CROSS JOIN LATERAL (
            SELECT p.extras ->> field.jenis AS kode WHERE NOT p.extras ->> field.jenis LIKE '[%'
            UNION ALL
            SELECT jsonb_array_elements_text((p.extras ->> field.jenis)::jsonb)
            WHERE p.extras ->> field.jenis ~ '{_LIST}'
        ) one
        WHERE {_PUBLIC}
        UNION ALL
        SELECT field.jenis, CASE field.jenis WHEN 'urusan' THEN e.urusan WHEN 'frequency' THEN t.frequency
                                             ELSE e.level_wilayah END, NULL, e.id
        FROM satudata_plan_entry e
        JOIN ({_OF_YEAR}) t ON t.entry_id = e.id
        CROSS JOIN unnest(ARRAY['urusan', 'frequency', 'level_penyajian']) AS field(jenis)
        WHERE e.state IN ('berlaku', 'berakhir')
    ) used
    WHERE kode <> ''
    GROUP BY jenis, kode
    ORDER BY jenis, kode COLLATE "C"
"""

PLAN = f"""
    SELECT e.kode, e.judul, o.name AS opd, o.title AS nama_opd, e.urusan, t.kelas, e.prioritas AS prioritas_tahun,
           e.dasar_hukum, t.frequency AS frekuensi, t.deadline_days AS tenggat_hari, t.grace_days AS tenggang_hari,
           e.berlaku_dari, e.berlaku_sampai, e.level_wilayah, e.expected_values AS nilai_wajib, e.access AS akses,
           e.access_reason AS alasan_akses, e.source_system AS sistem_sumber, e.state AS keadaan,
           COALESCE(c.periods, 0) AS jumlah_periode, c.first_due AS tenggat_pertama, c.last_due AS tenggat_terakhir
    FROM satudata_plan_entry e
    JOIN ({_OF_YEAR}) t ON t.entry_id = e.id
    JOIN "group" o ON o.id = t.opd_id
    LEFT JOIN (
        SELECT entry_id, count(*) AS periods, min(deadline) AS first_due, max(deadline) AS last_due
        FROM satudata_cell WHERE year = :year AND NOT exempt GROUP BY 1
    ) c ON c.entry_id = e.id
    WHERE e.state IN ('disepakati', 'berlaku', 'berakhir')
    ORDER BY e.kode COLLATE "C"
"""

RELEASES = f"""
    SELECT o.name AS opd, o.title AS nama_opd, e.kode, e.judul, c.period AS periode, c.period_end AS akhir_periode,
           c.deadline AS tenggat, c.deadline_grace AS tenggat_dengan_tenggang,
           c.first_delivered_at AS kiriman_pertama, c.first_valid_at AS kiriman_valid_pertama,
           {DAYS_LATE} AS hari_terlambat, {STATE} AS keadaan,
           NOT c.exempt AND c.counts_from <= :now AS dihitung, c.complete AS lengkap, c.expected_values AS nilai_wajib,
           c.filled_values AS nilai_terisi, c.reasons AS alasan
    FROM satudata_cell c
    JOIN satudata_plan_entry e ON e.id = c.entry_id
    JOIN "group" o ON o.id = c.opd_id
    WHERE c.year = :year
    ORDER BY e.kode COLLATE "C", c.period COLLATE "C"
"""

CHECKS = f"""
    SELECT o.name AS opd, e.kode, s.period AS periode, s.delivered_at AS diserahkan, s.state AS keadaan,
           s.superseded_by IS NOT NULL AS digantikan, s.valid, s.nil AS nihil, s.confirms AS konfirmasi,
           s.expected_values AS nilai_wajib, s.filled_values AS nilai_terisi, s.zero_values AS nol_belum_dipastikan,
           s.reasons AS temuan,
           (SELECT COALESCE(sum(value::bigint), 0) FROM jsonb_each_text(s.totals))::bigint AS jumlah_temuan,
           s.approved_at AS disetujui, s.rechecked_at AS diperiksa_ulang_pembina, s.published_at AS terbit,
           s.corrects IS NOT NULL AS koreksi, s.correction_reason AS alasan_koreksi
    {_deliveries()}
    ORDER BY e.kode COLLATE "C", s.period COLLATE "C", s.delivered_at, s.id
"""

FINDINGS = f"""
    SELECT code AS kode_temuan, count(DISTINCT id)::integer AS kiriman, sum(found)::bigint AS temuan
    FROM (
        SELECT s.id, t.key AS code, t.value::bigint AS found
        {_deliveries("CROSS JOIN LATERAL jsonb_each_text(s.totals) t")}
        UNION ALL
        SELECT s.id, r.code, 0
        {_deliveries("CROSS JOIN LATERAL unnest(s.reasons) AS r(code)")}
    ) named
    GROUP BY code
    ORDER BY code COLLATE "C"
"""

FILES = f"""
    SELECT o.name AS opd, e.kode, s.period AS periode, s.delivered_at AS diserahkan, s.state AS keadaan,
           CASE WHEN e.access = 'terbuka' THEN s.file_name END AS nama_berkas, s.file_size AS ukuran_byte,
           s.file_sha256 AS sha256_berkas, s.content_sha256 AS sha256_isi
    {_deliveries()} AND (s.file_sha256 IS NOT NULL OR s.content_sha256 <> '')
    ORDER BY e.kode COLLATE "C", s.period COLLATE "C", s.delivered_at, s.id
"""

STEPS = f"""
    SELECT e.kode, s.period AS periode, v.at AS waktu, v.action AS langkah, v.from_state AS dari, v.to_state AS ke,
           jsonb_array_length(v.notes) AS jumlah_catatan
    {_deliveries("JOIN satudata_submission_event v ON v.submission_id = s.id AND v.at <= :now")}
    ORDER BY e.kode COLLATE "C", s.period COLLATE "C", v.at, v.id
"""

AGREEMENTS = """
    SELECT e.kode, v.at AS waktu, v.action AS langkah, v.from_state AS dari, v.to_state AS ke
    FROM satudata_plan_event v
    JOIN satudata_plan_entry e ON e.id = v.entry_id
    WHERE v.at <= :now AND e.berlaku_dari <= :last AND (e.berlaku_sampai IS NULL OR e.berlaku_sampai >= :first)
    ORDER BY e.kode COLLATE "C", v.at, v.id
"""

LENIENCE = """
    SELECT * FROM (
        SELECT 'pengecualian' AS jenis, e.kode, NULL AS periode, x.berlaku_dari AS dari, x.berlaku_sampai AS sampai,
               x.reason AS alasan, x.state AS keadaan, x.requested_at AS diminta, x.decided_at AS diputuskan
        FROM satudata_exemption x JOIN satudata_plan_entry e ON e.id = x.entry_id
        WHERE x.berlaku_dari <= :last AND x.berlaku_sampai >= :first
        UNION ALL
        SELECT 'perpanjangan', e.kode, x.period, NULL, x.until, x.reason,
               CASE WHEN x.revoked_at IS NULL THEN 'disetujui' ELSE 'dicabut' END, x.granted_at, x.revoked_at
        FROM satudata_extension x
        JOIN satudata_plan_entry e ON e.id = x.entry_id
        JOIN satudata_cell c ON c.entry_id = x.entry_id AND c.period = x.period AND c.year = :year
    ) given
    ORDER BY jenis, kode COLLATE "C", periode COLLATE "C", dari, diminta
"""

SERIES = """
    SELECT e.kode, e.judul, o.name AS opd, count(*)::integer AS periode_lengkap,
           min(c.period_end) AS lengkap_sejak, max(c.period_end) AS lengkap_sampai
    FROM satudata_cell c
    JOIN satudata_plan_entry e ON e.id = c.entry_id
    JOIN "group" o ON o.id = e.opd_id
    WHERE c.complete AND c.period_end <= :last
    GROUP BY e.id, o.name
    ORDER BY e.kode COLLATE "C"
"""

RECOMMENDATIONS = f"""
    SELECT p.name AS dataset, p.extras ->> 'kegiatan_judul' AS kegiatan,
           p.extras ->> 'kegiatan_tahun' AS tahun_kegiatan,
           p.extras ->> 'kegiatan_jenis_statistik' AS jenis_statistik,
           p.extras ->> 'kegiatan_rekomendasi' AS rekomendasi, p.extras ->> 'kegiatan_id_rekomendasi' AS id_rekomendasi
    FROM package p
    WHERE {_PUBLIC} AND COALESCE(p.extras ->> 'kegiatan_judul', '') <> ''
    ORDER BY p.name COLLATE "C"
"""
