"""The catalogues of domain `ckanext-satudataserang`: written so that the same sources always give the same bytes.

- `ckanext-satudataserang.pot`: our own messages, whose msgids are Indonesian.
- `en/…/ckanext-satudataserang.po`: exactly those messages, in English.
- `id/…/ckanext-satudataserang.po`: CKAN's own English messages that its Indonesian catalogue lacks or has wrong. Our
  catalogue is merged after CKAN's and wins for the same msgid.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Mapping
from pathlib import Path

import polib
from babel.messages.catalog import Message as BabelMessage

from .sources import PACKAGE, Message, core_messages, own_messages

DOMAIN = "ckanext-satudataserang"
FOLDER = PACKAGE / "i18n"

#: Indonesian has one form. The second, equal one is there because flask-babel takes the plural rule of the last
#: catalogue it looks for, also of a plugin without Indonesian, whose rule is then "n != 1" and asks for form 1.
PLURAL_FORMS = {"id": "nplurals=2; plural=0;", "en": "nplurals=2; plural=(n != 1);"}

_WRAP = 110


def pot_path(folder: Path = FOLDER) -> Path:
    return folder / f"{DOMAIN}.pot"


def po_path(locale: str, folder: Path = FOLDER) -> Path:
    return folder / locale / "LC_MESSAGES" / f"{DOMAIN}.po"


def core_indonesian() -> polib.POFile:
    """CKAN's own Indonesian catalogue, as installed. Raises `FileNotFoundError` when CKAN is not installed."""
    spec = importlib.util.find_spec("ckan")
    if spec is None or spec.origin is None:
        problem = "CKAN is not installed in this environment"
        raise FileNotFoundError(problem)
    return polib.pofile(str(Path(spec.origin).parent / "i18n" / "id" / "LC_MESSAGES" / "ckan.po"))


def update(
    folder: Path = FOLDER, own: Mapping[str, Message] | None = None, core: Mapping[str, Message] | None = None
) -> list[Path]:
    """Bring the template and both catalogues in step with the sources and compile them; returns the files changed.

    Translations are kept, messages no longer in the sources leave, new ones come in empty (the tests name them).
    """
    own = own_messages() if own is None else own
    core = core_messages() if core is None else core
    needed = {**missing_in(core_indonesian(), core), **_kept(po_path("id", folder), core)}
    english = _translations(po_path("en", folder))
    files = {
        pot_path(folder): _catalogue("", own, {}),
        po_path("en", folder): _catalogue("en", own, {**english, **_themselves(set(own) & set(core), own)}),
        po_path("id", folder): _catalogue("id", needed, _translations(po_path("id", folder))),
    }
    changed = [path for path, catalogue in files.items() if _write(path, str(catalogue).encode() + b"\n")]
    return changed + compile_all(folder)


def compile_all(folder: Path = FOLDER) -> list[Path]:
    """Compile every `.po`; returns the `.mo` files that changed."""
    paths = [po_path(locale, folder) for locale in PLURAL_FORMS]
    return [path.with_suffix(".mo") for path in paths if _write(path.with_suffix(".mo"), compiled(path))]


def compiled(path: Path) -> bytes:
    """The `.mo` of one `.po` file. It depends on nothing but the file."""
    return polib.pofile(str(path)).to_binary()


def missing_in(catalogue: polib.POFile, messages: Mapping[str, Message]) -> dict[str, Message]:
    """The messages `catalogue` leaves in English, and every one with a plural (see `PLURAL_FORMS`)."""
    translated = {entry.msgid for entry in catalogue.translated_entries()}
    return {msgid: message for msgid, message in messages.items() if message.plural or msgid not in translated}


def _kept(path: Path, messages: Mapping[str, Message]) -> dict[str, Message]:
    """Messages of an existing catalogue that the sources still use: corrections of CKAN's own translations."""
    return {msgid: messages[msgid] for msgid in _translations(path) if msgid in messages}


def _translations(path: Path) -> dict[str, polib.POEntry]:
    return {entry.msgid: entry for entry in polib.pofile(str(path))} if path.exists() else {}


def _themselves(shared: Iterable[str], own: Mapping[str, Message]) -> dict[str, polib.POEntry]:
    """CKAN's own messages that our templates use as well: English already."""
    return {
        msgid: polib.POEntry(msgid=msgid, msgstr=msgid, msgstr_plural={0: msgid, 1: own[msgid].plural})
        for msgid in shared
    }


def _catalogue(locale: str, messages: Mapping[str, Message], known: Mapping[str, polib.POEntry]) -> polib.POFile:
    catalogue = polib.POFile(wrapwidth=_WRAP)
    catalogue.metadata = _header(locale)
    for message in _ordered(messages.values()):
        catalogue.append(_entry(message, known.get(message.msgid)))
    return catalogue


def _ordered(messages: Iterable[Message]) -> list[Message]:
    return sorted(messages, key=lambda message: (min(message.files), message.msgid))


def _entry(message: Message, known: polib.POEntry | None) -> polib.POEntry:
    probe = BabelMessage((message.msgid, message.plural) if message.plural else message.msgid)
    flags = [flag for flag in ("python-format", "python-brace-format") if flag in probe.flags]
    entry = polib.POEntry(
        msgid=message.msgid,
        occurrences=[(name, "") for name in sorted(message.files)],
        comment="\n".join(message.comments),
        tcomment=known.tcomment if known else "",
        flags=flags,
    )
    if message.plural:
        entry.msgid_plural = message.plural
        forms = (known.msgstr_plural if known else None) or {}
        entry.msgstr_plural = {index: forms.get(index, "") for index in (0, 1)}
    elif known:
        entry.msgstr = known.msgstr
    return entry


def _header(locale: str) -> dict[str, str]:
    header = {
        "Project-Id-Version": DOMAIN,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    if locale:
        header["Language"] = locale
        header["Plural-Forms"] = PLURAL_FORMS[locale]
    return header


def _write(path: Path, content: bytes) -> bool:
    """Write only what differs: CKAN decides by the files' times whether to rebuild its JavaScript translations."""
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return True
