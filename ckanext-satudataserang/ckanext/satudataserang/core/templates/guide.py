"""The words of a template: the guide on its first sheet, and the note behind each title."""

from __future__ import annotations

from typing import Any

from ckanext.satudataserang.core.templates.model import Template, TemplateColumn
from ckanext.satudataserang.core.templates.stamp import DATA
from ckanext.satudataserang.core.templates.validation import limits

_FONT = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
_CHOICES_SHOWN = 8


def write(book: Any, page: Any, template: Template) -> None:
    """Write the guide: what is asked, how to fill it in, where to send it, and what every column means."""
    plain = book.add_format({**_FONT, "text_wrap": True})
    bold = book.add_format({**_FONT, "bold": True, "text_wrap": True})
    head = book.add_format({**_FONT, "bold": True, "font_size": 16, "font_color": "#063F4A"})
    titles = book.add_format({**_FONT, "bold": True, "bottom": 1, "text_wrap": True})
    page.hide_gridlines(2)
    page.set_column(0, 0, 28)
    page.set_column(1, 1, 14)
    page.set_column(2, 2, 22)
    page.set_column(3, 3, 60)
    page.set_row(0, 26)
    subject = template.subject
    page.write_string(0, 0, f"{subject.title}, {subject.when}", head)
    row = 1
    for name, value in (("OPD", subject.opd), ("Tenggat", subject.deadline), ("Dikirim di", subject.address)):
        if value:
            page.write_string(row, 0, name, bold)
            page.write_string(row, 1, value, book.add_format(_FONT))
            row += 1
    row += 1
    for number, sentence in enumerate(steps(template), start=1):
        page.set_row(row, 32 if len(sentence) > 110 else 17)  # noqa: PLR2004 (what fits on one line)
        page.merge_range(row, 0, row, 3, f"{number}. {sentence}", plain)
        row += 1
    row += 1
    for at, title in enumerate(("Kolom", "Wajib?", "Satuan atau pilihan", "Artinya")):
        page.write_string(row, at, title, titles)
    for line, column in enumerate(template.columns, start=row + 1):
        page.write_string(line, 0, column.title, bold)
        page.write_string(line, 1, "wajib" if column.required else "boleh kosong", plain)
        page.write_string(line, 2, choices(column) or column.unit, plain)
        page.write_string(line, 3, column.definition, plain)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def steps(template: Template) -> list[str]:
    """How to fill the template in, in the order in which people do it."""
    found = [f"Buka lembar “{DATA}”, lalu isi kotak yang putih. Judul kolom dan kotak abu-abu jangan diubah."]
    if template.fixed:
        found.append("Baris sudah disiapkan. Isi angkanya saja; satu baris untuk tiap rincian.")
    elif template.count:
        found.append(
            "Baris diambil dari periode sebelumnya. Hapus yang tidak ada lagi, tambahkan yang baru di bawahnya."
        )
    else:
        found.append("Tulis satu baris untuk tiap rincian, mulai dari baris kedua.")
    if template.earlier is not None:
        found.append("Angka periode sebelumnya tampil di sebelah kanan untuk pembanding; tidak ikut dikirim.")
    found += [
        "Tulis angka tanpa satuan. Kosongkan bila datanya belum ada; tulis 0 hanya bila memang nol.",
        "Arahkan penunjuk ke judul kolom untuk membaca artinya. Kotak dengan panah berisi daftar pilihan.",
        "Simpan sebagai .xlsx, lalu unggah di halaman kiriman. Isinya dicek saat itu juga.",
    ]
    return found


def note(column: TemplateColumn) -> str:
    """What is to be known of a column, for the note behind its title."""
    parts = [column.title, column.definition]
    parts.append("Wajib diisi." if column.required else "Boleh kosong.")
    if column.unit:
        parts.append(f"Satuan: {column.unit}.")
    if column.is_number and not column.key:
        parts.append(limits(column))
    elif shown := choices(column):
        parts.append(f"Pilihan: {shown}.")
    return "\n".join(part for part in parts if part)[:2_000]


def choices(column: TemplateColumn) -> str:
    """The first of the choices of a column, in words."""
    if column.choices is None:
        return ""
    shown = [
        f"{one.code} ({one.label})" if column.by_code and one.label != one.code else column.entered(one.code)
        for one in column.choices.codes[:_CHOICES_SHOWN]
    ]
    more = len(column.choices.codes) - len(shown)
    return ", ".join(shown) + (f", dan {more} lagi" if more > 0 else "")
