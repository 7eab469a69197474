"""What is wrong with the catalogues, as one line each. The tests and `make i18n` ask the same functions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import polib
from babel.messages.catalog import Catalog, TranslationError
from babel.messages.catalog import Message as BabelMessage
from babel.messages.checkers import checkers
from babel.messages.pofile import read_po

from .catalogues import DOMAIN, PLURAL_FORMS, compiled, po_path, pot_path
from .sources import Message, core_messages, own_messages

#: What a program fills in or a browser acts on: it must stand in the translation as often as in the message.
_KEPT = re.compile(
    r"%\(\w+\)[-#0+]*\d*(?:\.\d+)?[a-zA-Z]"  # %(name)s
    r"|%[-#0+]*\d*(?:\.\d+)?[diouxXeEfFgGrs](?![a-zA-Z])"  # %s, but not the sign in "100 % dari"
    r"|\{[^{}\s]*\}"  # {name}, {}, {0}, {file_!r}
    r"|</?[a-zA-Z][a-zA-Z0-9]*"  # tags
    r"|\bhref=[\"'][^\"']*"
)


def problems(
    folder: Path, own: Mapping[str, Message] | None = None, core: Mapping[str, Message] | None = None
) -> list[str]:
    """Everything wrong with the catalogues in `folder`; empty when they may ship."""
    own = own_messages() if own is None else own
    core = core_messages() if core is None else core
    found = [*_out_of_step(own, folder)]
    for locale in PLURAL_FORMS:
        path = po_path(locale, folder)
        if not path.exists():
            found.append(f"{locale}: {path.name} is missing; run `make i18n`")
            continue
        catalogue = polib.pofile(str(path))
        found += [f"{locale}: {problem}" for problem in [*form_problems(catalogue), *entry_problems(catalogue)]]
        found += [f"{locale}: {problem}" for problem in babel_problems(path)]
        if not path.with_suffix(".mo").exists() or path.with_suffix(".mo").read_bytes() != compiled(path):
            found.append(f"{locale}: {DOMAIN}.mo does not match its .po; run `make i18n`")
    return [*found, *clashes(set(own) & set(core), polib.pofile(str(po_path("en", folder))))]


def _out_of_step(own: Mapping[str, Message], folder: Path) -> Iterator[str]:
    for path in (pot_path(folder), po_path("en", folder)):
        known = {entry.msgid for entry in polib.pofile(str(path))} if path.exists() else set[str]()
        for msgid in sorted(set(own) - known):
            yield f"{path.name}: {msgid!r} of {min(own[msgid].files)} is missing; run `make i18n`"
        for msgid in sorted(known - set(own)):
            yield f"{path.name}: {msgid!r} is used nowhere; run `make i18n`"


def form_problems(catalogue: polib.POFile) -> Iterator[str]:
    """A fuzzy header (its catalogue would not be compiled), fuzzy or obsolete entries, a msgid that stands twice."""
    if catalogue.header.startswith(",") or catalogue.metadata_is_fuzzy:
        yield "the header is marked fuzzy"
    for entry in catalogue:
        if entry.fuzzy:
            yield f"{entry.msgid!r} is marked fuzzy"
        if entry.obsolete:
            yield f"{entry.msgid!r} is obsolete"
    for msgid, count in Counter(entry.msgid for entry in catalogue).items():
        if count > 1:
            yield f"{msgid!r} stands {count} times"


def entry_problems(catalogue: polib.POFile) -> Iterator[str]:
    """Entries without translation, and translations that lose or invent a placeholder or a tag."""
    for entry in catalogue:
        forms = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if len(forms) < (2 if entry.msgid_plural else 1) or not all(forms):
            yield f"{entry.msgid!r} has no translation"
            continue
        allowed = [_kept(entry.msgid), *([_kept(entry.msgid_plural)] if entry.msgid_plural else [])]
        for form in forms:
            if _kept(form) not in allowed:
                yield f"{entry.msgid!r}: placeholders or tags differ in {form!r}"
            if form.strip() != form and entry.msgid.strip() == entry.msgid:
                yield f"{entry.msgid!r}: blanks around {form!r}"


def _kept(text: str) -> Counter[str]:
    return Counter(match.group() for match in _KEPT.finditer(text.replace("%%", "")))


def babel_problems(path: Path) -> Iterator[str]:
    """What babel's own checkers find: plural forms and Python formats."""
    with path.open("rb") as source:
        catalogue: Catalog = read_po(source, abort_invalid=True)
    for message in catalogue:
        if message.id and message.string and not _percent_is_a_sign(message.id):
            yield from (problem for checker in checkers if (problem := _told(checker, catalogue, message)))


def _told(checker: Callable[[Catalog, BabelMessage], object], catalogue: Catalog, message: BabelMessage) -> str:
    try:
        checker(catalogue, message)
    except TranslationError as error:
        return f"{message.id!r}: {error}"
    return ""


def _percent_is_a_sign(msgid: str | tuple[str, ...] | list[str]) -> bool:
    """Babel reads "100 % dari" as a format; a sign after a number is none."""
    texts = [msgid] if isinstance(msgid, str) else list(msgid)
    return any(re.search(r"(?:\d|\}|\)s) %(?: |$|[.,;:)])", text) for text in texts)


def clashes(shared: Iterable[str], english: polib.POFile) -> Iterator[str]:
    """Messages that are CKAN's as well must stay themselves in English, or they would change CKAN's own pages.

    Our templates may use CKAN's messages ("Log out"); an Indonesian msgid that happens to be one of CKAN's ("Format")
    is fine as long as it reads the same in English.
    """
    known = {entry.msgid: entry.msgstr for entry in english if not entry.msgid_plural}
    for msgid in sorted(shared):
        if known.get(msgid, msgid) not in ("", msgid):
            yield f"en: {msgid!r} is also CKAN's; it cannot become {known[msgid]!r}"
