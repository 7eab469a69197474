"""What a pattern may cost, told from its text before anything is matched with it.

Here patterns run in RE2 alone, whose time grows with the text and never explodes; but each sign of the text may be
compared with every step of the pattern. Who takes a structure from its exports (Table Schema, CSVW) runs the patterns
in engines that do explode where a repetition stands in another one. Both are refused where they are written.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["MOST_BOUNDED", "MOST_UNBOUNDED", "Cost", "cost"]

#: Steps of a pattern that ends by itself, and of one that goes on as long as the text does.
MOST_BOUNDED, MOST_UNBOUNDED = 500, 60
_MOST_DEPTH = 30
_TOO_MANY = 1_000_000


@dataclass(frozen=True)
class Cost:
    """`steps` with repetitions written out; `unbounded`: some repetition has no end; `nested`: one of them in another.

    A repetition whose turns are parted by a sign, as in ``[a-z]+(-[a-z]+)*``, is not nested.
    """

    steps: int = 0
    unbounded: bool = False
    nested: bool = False

    @property
    def is_high(self) -> bool:
        """Whether long texts take too long."""
        return self.steps > (MOST_UNBOUNDED if self.unbounded else MOST_BOUNDED)

    def beside(self, other: Cost) -> Cost:
        """Both of them, one after the other or one or the other."""
        return Cost(
            min(self.steps + other.steps, _TOO_MANY), self.unbounded or other.unbounded, self.nested or other.nested
        )


def cost(pattern: str) -> Cost:
    """The cost of a pattern; whether it is a pattern at all is for others to say."""
    return _Reader(pattern).whole()


@dataclass(frozen=True)
class _Part:
    """A piece of a pattern; `parted`: it begins or ends with a sign that stands there in any case."""

    cost: Cost
    parted: bool = False


class _Reader:
    def __init__(self, pattern: str) -> None:
        self.pattern, self.at, self.depth = pattern, 0, 0

    def whole(self) -> Cost:
        found = Cost()
        while self.at < len(self.pattern):
            found = found.beside(self._choices().cost)
            # A bracket that closes nothing; RE2 says so.
            self.at += 1
        return found

    def _choices(self) -> _Part:
        found = self._sequence()
        while self._next() == "|":
            self.at += 1
            other = self._sequence()
            found = _Part(found.cost.beside(other.cost), found.parted and other.parted)
        return found

    def _sequence(self) -> _Part:
        parts: list[_Part] = []
        while self._next() not in ("", "|", ")"):
            parts.append(self._repeated(self._atom()))
        total = Cost()
        for one in parts:
            total = total.beside(one.cost)
        return _Part(total, bool(parts) and (parts[0].parted or parts[-1].parted))

    def _atom(self) -> _Part:
        sign = self._take()
        if sign == "[":
            self._class()
            return _Part(Cost(1))
        if sign == "(":
            return self._group()
        if sign == "\\":
            return self._escaped()
        return _Part(Cost(0 if sign in "^$" else 1), parted=not (sign.isalnum() or sign in ".^$"))

    def _class(self) -> None:
        if self._next() == "^":
            self.at += 1
        first = True
        while (sign := self._take()) and (sign != "]" or first):
            first = False
            if sign == "\\":
                self.at += 1
            elif sign == "[" and self._next() == ":":
                self._past(":]")

    def _group(self) -> _Part:
        if self._next() == "?":
            # Names and flags: (?:…), (?P<nama>…), (?i:…); (?i) holds nothing.
            while (sign := self._take()) and sign not in ":>)":
                pass
            if sign == ")":
                return _Part(Cost())
        self.depth += 1
        if self.depth > _MOST_DEPTH:
            self.at = len(self.pattern)
            return _Part(Cost(_TOO_MANY))
        inner = self._choices()
        self.depth -= 1
        self.at += 1
        return inner

    def _escaped(self) -> _Part:
        sign = self._take()
        if sign in "pPx" and self._next() == "{":
            self._past("}")
        elif sign in "pP":
            self.at += 1
        elif sign == "x":
            self.at += 2
        return _Part(Cost(1), parted=bool(sign) and not sign.isalnum())

    def _repeated(self, part: _Part) -> _Part:
        least, most = self._quantifier()
        if (least, most) == (1, 1):
            return part
        inner = part.cost
        times = max(least + 1 if most is None else most, 1)
        nested = inner.nested or (most is None and inner.unbounded and not part.parted)
        return _Part(Cost(min(inner.steps * times, _TOO_MANY), inner.unbounded or most is None, nested))

    def _quantifier(self) -> tuple[int, int | None]:
        simple: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        if (sign := self._next()) in simple:
            self.at += 1
            found = simple[sign]
        elif sign == "{" and (bounds := self._bounds()):
            found = bounds
        else:
            return 1, 1
        if self._next() == "?":
            self.at += 1
        return found

    def _bounds(self) -> tuple[int, int | None] | None:
        end = self.pattern.find("}", self.at)
        least, comma, most = self.pattern[self.at + 1 : end].partition(",")
        if end < 0 or not _is_count(least) or not (_is_count(most) or not most):
            return None
        self.at = end + 1
        return int(least), int(most) if most else None if comma else int(least)

    def _next(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def _take(self) -> str:
        self.at += 1
        return self.pattern[self.at - 1 : self.at]

    def _past(self, end: str) -> None:
        found = self.pattern.find(end, self.at)
        self.at = found + len(end) if found >= 0 else len(self.pattern)


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit()
