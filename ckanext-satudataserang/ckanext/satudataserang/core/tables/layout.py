"""How a file is read, as a value that can be kept, sent, shown in a form and come back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn, cast

Form = Literal["csv", "xlsx", "xls", "ods", "html"]
FORMS: tuple[Form, ...] = ("csv", "xlsx", "xls", "ods", "html")

_MOST_TITLES = 2_000
_LONGEST = 1_000
_LAST_ROW = 10**10
#: What `encoding.detect_encoding` may answer: other codecs of Python's do other things than decode text.
ENCODINGS = frozenset(
    {"utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "cp1250", "mac_roman"}
)
_DELIMITERS = ("", ",", ";", "\t", "|")


class LayoutError(ValueError):
    """A layout that was handed in is none; the message says in Indonesian which part of it."""


@dataclass(frozen=True)
class Melt:
    """Columns that are periods, to be turned into rows: `titles` are theirs in the file, `periods` the period of each.

    The new columns are `period_title` (its values are `periods`) and `value_title`. Where the titles name a class too
    (``SD_2017``, ``SMP_2017``), `groups` is the class of each and `group_title` the new column that holds it; else
    both are empty.
    """

    titles: tuple[str, ...]
    periods: tuple[str, ...]
    period_title: str
    value_title: str
    groups: tuple[str, ...] = ()
    group_title: str = ""

    @property
    def new_titles(self) -> tuple[str, ...]:
        """The columns that take the place of `titles`."""
        return (*([self.group_title] if self.groups else []), self.period_title, self.value_title)

    def as_dict(self) -> dict[str, Any]:
        """Return the melt as plain values, for JSON."""
        return {
            "titles": list(self.titles),
            "periods": list(self.periods),
            "period_title": self.period_title,
            "value_title": self.value_title,
            "groups": list(self.groups),
            "group_title": self.group_title,
        }

    @classmethod
    def from_dict(cls, data: Any) -> Melt:
        """Make a melt of what a form or the API sent. Raises LayoutError."""
        plain = _mapping(data, "melt")
        melt = cls(
            _texts(plain.get("titles"), "melt.titles"),
            _texts(plain.get("periods"), "melt.periods"),
            _text(plain.get("period_title"), "melt.period_title"),
            _text(plain.get("value_title"), "melt.value_title"),
            _texts(plain.get("groups") or (), "melt.groups"),
            _text(plain.get("group_title") or "", "melt.group_title"),
        )
        if not melt.titles or len(melt.titles) != len(melt.periods) or len(set(melt.titles)) != len(melt.titles):
            _refuse("melt.titles")
        if melt.groups and (len(melt.groups) != len(melt.titles) or not melt.group_title):
            _refuse("melt.groups")
        if not melt.period_title or not melt.value_title or len(set(melt.new_titles)) != len(melt.new_titles):
            _refuse("melt.value_title")
        return melt


@dataclass(frozen=True)
class Layout:
    """How a file is to be read, as decided by the reader or confirmed by a person; two readings with it are the same.

    Rows count as a spreadsheet does, from 1. `header` is the first and the last row of the titles, `first` and `last`
    are those of the data (`last` None: to the end). A `header` of ``(0, 0)`` leaves rows and melt to the reader, as
    when a person chose no more than the sheet. `columns` are the titles that a person gave to columns of the
    structure (title in the file -> column id; an empty id leaves the column out).
    """

    form: Form
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    header: tuple[int, int] = (1, 1)
    first: int = 2
    last: int | None = None
    melt: Melt | None = None
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        """Whether the rows are left to the reader."""
        return self.header == (0, 0)

    def as_dict(self) -> dict[str, Any]:
        """Return the layout as plain values, for JSON."""
        return {
            "form": self.form,
            "sheet": self.sheet,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "header": list(self.header),
            "first": self.first,
            "last": self.last,
            "melt": self.melt.as_dict() if self.melt else None,
            "columns": dict(self.columns),
        }

    @classmethod
    def from_dict(cls, data: Any) -> Layout:
        """Make a layout of what a form or the API sent; without `header` the rows are left to the reader.

        :raises LayoutError: the values are no layout
        """
        plain = _mapping(data, "layout")
        form = plain.get("form") or "csv"
        if form not in FORMS:
            _refuse("form")
        delimiter = _text(plain.get("delimiter") or "", "delimiter")
        if delimiter not in _DELIMITERS:
            _refuse("delimiter")
        header, first, last = _rows(plain)
        columns = _mapping(plain.get("columns") or {}, "columns")
        if len(columns) > _MOST_TITLES:
            _refuse("columns")
        melt = plain.get("melt")
        return cls(
            cast("Form", form),
            _text(plain.get("sheet") or "", "sheet"),
            _encoding(plain.get("encoding") or ""),
            delimiter,
            header,
            first,
            last,
            Melt.from_dict(melt) if melt else None,
            {_text(title, "columns"): _text(column, "columns") for title, column in columns.items()},
        )


def _rows(plain: Mapping[str, Any]) -> tuple[tuple[int, int], int, int | None]:
    header = plain.get("header") or (0, 0)
    if not isinstance(header, Sequence) or isinstance(header, str) or len(header) != 2:  # noqa: PLR2004 (two ends)
        _refuse("header")
    start, end = (_number(one, "header") for one in header)
    if (start, end) == (0, 0):
        return (0, 0), 0, None
    first = _number(plain.get("first") or end + 1, "first")
    last = None if plain.get("last") is None else _number(plain["last"], "last")
    if not 1 <= start <= end < first or (last is not None and last < first):
        _refuse("first")
    return (start, end), first, last


def _mapping(value: Any, name: str) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        _refuse(name)
    return value


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST or "\0" in value:
        _refuse(name)
    return value


def _texts(value: Any, name: str) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or len(value) > _MOST_TITLES:
        _refuse(name)
    return tuple(_text(one, name) for one in value)


def _number(value: Any, name: str) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= len(str(_LAST_ROW)):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LAST_ROW:
        _refuse(name)
    return value


def _encoding(value: Any) -> str:
    text = _text(value, "encoding")
    if text and text not in ENCODINGS:
        _refuse("encoding")
    return text


def _refuse(name: str) -> NoReturn:
    message = f"Cara membaca berkas tidak dikenali pada bagian “{name}”. Unggah ulang berkasnya."
    raise LayoutError(message)
