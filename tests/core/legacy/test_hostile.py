"""Hostile text is told from plain words."""

from __future__ import annotations

import pytest

from ckanext.satudataserang.core.legacy.hostile import hostile_mark


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "Dinkes <b>tebal</b>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&amp;lt;img src=x onerror=alert(1)&amp;gt;",
        "%3Cscript%3Ealert(1)",
        "< SCRIPT src=//contoh",
        "<img src=x",
        "<!-- x -->",
        "<?php echo 1",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        '" onmouseover=alert(1)',
        "' OR '1'='1",
        "1; DROP TABLE tb_simpatik",
        "x UNION SELECT sandi FROM tb_user",
        "HACKED",
        "HACKED BY DB_injection",
        "h4ck3d by siapa pun",
        "Hacked_By_Tim",
        "ＨＡＣＫＥＤ",
        "slot gacor hari ini",
        "<scr\u200bipt>",
        "${jndi:ldap://contoh}",
    ],
)
def test_hostile_text_is_found(text):
    """Markup, scripts, injection and defacement, also when escaped or disguised."""
    assert hostile_mark(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2147483647",
        "2018-07-23 11:29:39",
        "Jumlah Ibu Hamil Dengan Lila < 23,5 Cm",
        "Jumlah Penduduk Dengan Pengeluaran < 100000",
        "Struktur Penduduk Anak ( <18 ) ( Tamat SD / Sederajat )",
        "Usia > 75 Tahun",
        "a < b dan c > d",
        "Rumah Tangga dan Sumur; Hidran Umum",
        "Dinas Kesehatan & Rumah Sakit",
        "Ketersediaan pangan dari lahan on farm",
        "Selected Indicators",
        "P2KP / DAK",
        "Jumlah situs yang diretas",
    ],
)
def test_plain_text_passes(text):
    """Comparisons, slashes and everyday words are no attack."""
    assert hostile_mark(text) is None


def test_a_site_can_add_its_own_words():
    """Words of the alias file count like the built-in ones."""
    assert hostile_mark("Salam dari Kelompok Iseng", ["kelompok iseng"]) == "kelompok iseng"
    assert hostile_mark("Salam dari Kelompok Tani", ["kelompok iseng"]) is None
