"""Letters of the Walidata to one OPD: the "Surat Pengingat" as PDF, and a short text for a messenger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ckan import model

from ckanext.satudataserang.catalogue import pdf
from ckanext.satudataserang.chase import config, links
from ckanext.satudataserang.chase.todo import todo
from ckanext.satudataserang.completeness.types import Database
from ckanext.satudataserang.core import reminder_texts
from ckanext.satudataserang.core.deadlines import WIB

#: More rows than these no letter needs; the rest is counted.
MOST_ROWS = 200
_ASKED = ("terlambat", "dikembalikan")


def content(session: Database, now: datetime, opd: model.Group) -> dict[str, Any]:
    """What a letter to an OPD says; see the action satudata_reminder_letter. Written in Indonesian whoever asks."""
    found = todo(session, now, opd.id, limit=MOST_ROWS)
    today = now.astimezone(WIB).date()
    items = [item for group in _ASKED for item in found["items"][group]][:MOST_ROWS]
    days = [item["deadline"].astimezone(WIB).date() for item in items]
    title = opd.title or opd.name
    return {
        "opd": {"id": opd.id, "name": opd.name, "title": title},
        "generated_at": now.isoformat(),
        "count": sum(found["counts"][group] for group in _ASKED),
        "items": [
            {
                **{key: item[key] for key in ("kode", "judul", "kelas", "period", "state")},
                "period_name": reminder_texts.period_name(item["period"]),
                "deadline": day.isoformat(),
                "due": reminder_texts.due_words(day, today),
            }
            for item, day in zip(items, days, strict=True)
        ],
        "text": reminder_texts.messenger(
            title,
            [(item["judul"], item["period"], day) for item, day in zip(items, days, strict=True)],
            today,
            links.url("satudata_chase.tasks", absolute=True, opd=opd.name),
            config.signature(),
            total=sum(found["counts"][group] for group in _ASKED),
        ),
    }


def as_pdf(letter: dict[str, Any]) -> bytes:
    """The letter as PDF, from what the action gave. Raises catalogue.pdf.PdfError."""
    moment = datetime.fromisoformat(letter["generated_at"])
    return pdf.render(
        "satudata_chase/letter.html",
        title=f"Surat Pengingat {letter['opd']['title']}",
        moment=moment,
        letter=letter,
        day=reminder_texts.day_name(moment.astimezone(WIB).date()),
        more=letter["count"] - len(letter["items"]),
        home=links.url("satudata_chase.tasks", absolute=True, opd=letter["opd"]["name"]),
        signature=config.signature(),
    )
