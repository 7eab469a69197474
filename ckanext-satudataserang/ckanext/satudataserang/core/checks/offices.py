"""Addresses of offices: at a domain of the government, and named for the office and not for who works there.

`kelurahan@serangkota.go.id` is read by whoever sits there, `budi.santoso@serangkota.go.id` by one person. What is not
known to be an office counts as a person, who decides is told; the same patterns hold in Python and in the database.
"""

from __future__ import annotations

import re

from ckanext.satudataserang.core.tables.kinds import literal

__all__ = ["LETTERS", "is_office", "others_sql"]

#: Letters of any script: those that look like others are read as such by whoever writes to the address.
LETTERS = "A-Za-z\u00aa-\u1fff\u2c00-\U0010ffff"
#: Addresses one behind the other without a gap, `@` between them, are one run of signs.
_SIGNS = f"[0-9{LETTERS}._%+@-]+"
#: No address of an office is longer.
_LONGEST = 120

#: Offices by the short names they go by, holders of an office, and what the box of an office is called.
_ALONE = """
    admin administrasi aduan anggaran arsip aset balaikota balitbang bapelitbang bapelitbangda bapenda bappeda
    bappedalitbang bappelitbangda bapperida bawaslu bkad bkd bkn bkpp bkppd bkpsdm bmkg bnn bnpb bpbd bpk bpkad bpkd
    bpkp bpn bpom bppkad bprd bps bpsdm brida bupati camat csirt damkar data datin dekranasda dkp
    dkpp dkppp dlh dlhk dlhkp dokumen dp2kb dp2kbp3a dp3a dp3ak dp3akb dp3ap2kb dpk dpkp dpkpp dpmd dpmptsp dppkb
    dppkbp3a dppkbpppa dpppa dprd dprkp dprkpp dpu dpupr dpuprkp ekbang ekonomi email gizi halo hello helpdesk
    hubungi hukum humas inbox info informasi inspektorat jdih kanwil keluhan kemenag kepegawaian kesbang kesbangpol
    kesra keuangan kominfo komunikasi konsultasi kontak korpri kpu kua labkesda lapor laporan layanan lelang litbang
    lpse lurah mpp noreply opd opendata operator organisasi ortal ortala pajak pbj pelaporan pelayanan pembantu
    pemda pemdes pemerintahan pemkab pemkot pemprov pendaftaran pendapatan pengaduan perekonomian perencanaan
    perizinan perpus perpusda perpustakaan persuratan pkk portal ppid ppidpembantu produsendata program prokopim
    promkes protokol ptsp pupr pusat pusdalops pusdatin redaksi rsj satgas satpol satpolpp satudata sdm sekda sekdis
    sekretaris sektoral sekwan setda setwan skpd spbe statistik surat tapd tatausaha teknis tpid tu ukpbj ulp umpeg
    umum unit wakilbupati wakilwalikota walidata walikota webmaster website
"""
#: A dinas is called after its fields, one or several.
_FIELDS = """
    arsip bud bun capil dag dalduk damkar dik dikbud duk dukcapil ekraf hanak hub hut ikan kan kebudayaan
    kelautan kes keswan ketapang kim kominfo kop lautkan lh nak naker pangan par perakim perin perindag perkim
    perpus perpusda perpusip pertan pmd pora pu pupr pusip pustaka sandi sip sos statistik tan tik trans ukm umkm
"""
#: Offices of which there are many: what follows says which one.
_ONE_OF_MANY = """
    badan bagian bidang dinas kantor kecamatan kelurahan kementerian pemerintah posyandu puskesmas rsud sdn
    sekretariat seksi sman smkn smpn subbag subbagian subbid uptd
"""
_ONE_OF_MANY_APART = "balai desa kec kel kua nagari pkm sd sma smk smp upt"
_PLACE = "(?:kota|kab|kabupaten|prov|provinsi)"


def _any(words: str) -> str:
    return "|".join(re.escape(one) for one in sorted(set(words.split()), key=lambda one: (-len(one), one)))


_WORD = f"(?:{_any(_ALONE)}|di[ns](?:{_any(_FIELDS)}){{1,4}})(?:{_PLACE}[a-z]{{0,20}})?[0-9]{{0,4}}"
_MANY = f"(?:(?:{_any(_ONE_OF_MANY)})[a-z0-9]{{0,40}}|(?:{_any(_ONE_OF_MANY_APART)})[0-9]{{0,4}})"
_NAMED = f"(?:{_WORD}[._-]){{0,2}}(?:{_WORD}|{_PLACE}|{_MANY}(?:[._-][a-z0-9]{{1,30}}){{0,3}})(?:[._-]{_PLACE}){{0,1}}"
_OFFICE = rf"(?i:{_NAMED})@(?i:(?:[a-z0-9-]{{1,63}}\.){{0,6}}(?:go|desa)\.id)\.{{0,3}}"
_office, _run = re.compile(_OFFICE, re.ASCII), re.compile(_SIGNS)


def is_office(run: str) -> bool:
    """Whether a run of the signs of addresses is one address, and that of an office."""
    return len(run) <= _LONGEST and _office.fullmatch(run) is not None


def runs_with_address(text: str) -> list[str]:
    """The runs of signs of addresses in which the sign of one stands."""
    return [run for run in _run.findall(text) if "@" in run]


def others_sql(expression: str, pattern: str) -> str:
    """Whether an address (`pattern`) that is no office's is in a text, as an SQL expression."""
    return (
        f"(len(list_filter(regexp_extract_all({expression}, {literal(_SIGNS)}), lambda run: contains(run, '@') "
        f"AND regexp_matches(run, {literal(pattern)}) AND NOT (length(run) <= {_LONGEST} "
        f"AND regexp_full_match(run, {literal(_OFFICE)})))) > 0)"
    )
