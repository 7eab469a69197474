"""What changed between two states of a small table: rows that came, went or changed, and values that jump."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

#: Numbers with more digits before or behind their sign than these overflow a share of one another.
_MOST_EXPONENT = 100
#: A share beyond this tells a reader nothing.
_MOST_PERCENT = 1e9

Row = Mapping[str, "str | None"]


@dataclass(frozen=True)
class Change:
    """One value that differs. `percent` is the change against the old number, None where it cannot be said."""

    column: str
    old: str | None
    new: str | None
    percent: float | None = None
    jump: bool = False


@dataclass(frozen=True)
class RowChange:
    """The changed values of one row; `key` says which row."""

    key: Mapping[str, str | None]
    changes: Sequence[Change]


@dataclass
class Diff:
    """All differences; `unchanged` counts equal rows. `matched` is False where rows cannot be told apart."""

    added: list[Row] = field(default_factory=list)
    removed: list[Row] = field(default_factory=list)
    changed: list[RowChange] = field(default_factory=list)
    unchanged: int = 0
    keys: tuple[str, ...] = ()
    matched: bool = True

    @property
    def jumps(self) -> int:
        """How many values jump."""
        return sum(change.jump for row in self.changed for change in row.changes)


def compare(old: Sequence[Row], new: Sequence[Row], keys: Sequence[str], *, jump_percent: float = 50) -> Diff:
    """Compare two tables row by row.

    Rows are matched by the columns `keys`. Where these do not name a row once, whole rows are compared: what is not
    among the others was added or removed, and nothing counts as changed.
    """
    diff = Diff(keys=tuple(keys))
    if not keys or _repeated(old, keys) or _repeated(new, keys):
        _compare_whole(old, new, diff)
        return diff
    before = {_key(row, keys): row for row in old}
    for row in new:
        was = before.pop(_key(row, keys), None)
        if was is None:
            diff.added.append(row)
            continue
        changes = [
            _change(name, was.get(name), row.get(name), jump_percent)
            for name in dict.fromkeys([*row, *was])
            if name not in keys and not _same(was.get(name), row.get(name))
        ]
        if changes:
            diff.changed.append(RowChange({name: row.get(name) for name in keys}, changes))
        else:
            diff.unchanged += 1
    diff.removed.extend(before.values())
    return diff


def _compare_whole(old: Sequence[Row], new: Sequence[Row], diff: Diff) -> None:
    diff.matched = False
    names = tuple(sorted({name for row in (*old, *new) for name in row}))
    left = Counter(_values(row, names) for row in old)
    for row in new:
        values = _values(row, names)
        if left[values]:
            left[values] -= 1
            diff.unchanged += 1
        else:
            diff.added.append(row)
    diff.removed.extend(dict(zip(names, values, strict=True)) for values in left.elements())


def _values(row: Row, names: Sequence[str]) -> tuple[str | None, ...]:
    return tuple(row.get(name) or None for name in names)


def _key(row: Row, keys: Sequence[str]) -> tuple[str | None, ...]:
    return _values(row, keys)


def _repeated(rows: Sequence[Row], keys: Sequence[str]) -> bool:
    return len({_key(row, keys) for row in rows}) != len(rows)


def _same(old: str | None, new: str | None) -> bool:
    if (old or None) == (new or None):
        return True
    one, other = number(old), number(new)
    return one is not None and one == other


def _change(column: str, old: str | None, new: str | None, jump_percent: float) -> Change:
    one, other = number(old), number(new)
    if one is None or other is None:
        return Change(column, old, new)
    if one == 0:
        return Change(column, old, new, None, jump=True)
    percent = float((other - one) / abs(one) * 100)
    told = round(percent, 1) if abs(percent) <= _MOST_PERCENT else None
    return Change(column, old, new, told, jump=abs(percent) > jump_percent)


def number(text: str | None) -> Decimal | None:
    """A stored value as a number; None where it is none, or one so far out that nothing can be reckoned with it."""
    try:
        value = Decimal(text or "")
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) <= _MOST_EXPONENT else None
