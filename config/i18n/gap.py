"""What a user of the Indonesian pages would still read in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polib

from .sources import Message

#: Parts of a path that tell where a message shows, first match wins.
_KINDS = (
    ("page", (".html", ".js")),
    ("mail", (".txt",)),
    ("message", ("/views", "/blueprint", "/logic/", "/validators", "/validation", "/navl/", "/helpers", "/formatters")),
)
_BEHIND = ("ckan/templates/development/",)

KINDS = ("page", "mail", "message", "other")


@dataclass(slots=True, frozen=True)
class Gap:
    """One message without translation: where it shows first of `KINDS`, the files that ask for it, its text."""

    kind: str
    files: tuple[str, ...]
    msgid: str

    @property
    def visible(self) -> bool:
        """Whether a visitor or an editor meets it in pages, mails, flash messages or form errors."""
        return self.kind != "other"


def kind_of(message: Message) -> str:
    """Where a message shows: the most visible place of all files that ask for it."""
    places = [path for path in message.files if not path.startswith(_BEHIND)]
    for kind, marks in _KINDS:
        if any(mark in path for path in places for mark in marks):
            return kind
    return "other"


def gaps(messages: Mapping[str, Message], *catalogues: polib.POFile) -> list[Gap]:
    """Messages none of the catalogues translates, the visible ones first."""
    translated = {entry.msgid for catalogue in catalogues for entry in catalogue.translated_entries()}
    found = [
        Gap(kind_of(message), tuple(sorted(message.files)), message.msgid)
        for message in messages.values()
        if message.msgid not in translated
    ]
    return sorted(found, key=lambda gap: (KINDS.index(gap.kind), gap.files, gap.msgid))


def coverage(messages: Mapping[str, Message], *catalogues: polib.POFile) -> dict[str, tuple[int, int]]:
    """Per kind: translated messages and all messages."""
    missing = [gap.kind for gap in gaps(messages, *catalogues)]
    kinds = [kind_of(message) for message in messages.values()]
    return {kind: (kinds.count(kind) - missing.count(kind), kinds.count(kind)) for kind in KINDS}
