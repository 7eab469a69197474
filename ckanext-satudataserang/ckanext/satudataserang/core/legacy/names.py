"""Names as people typed them into the legacy application: tidying, comparing, taking brackets apart.

``Tanaman Pangan ( Luas Lahan ( Ha )) ( Sawah )`` names the family *Tanaman Pangan* and its class
``("Luas Lahan (Ha)", "Sawah")``. No text is ever lost on the way; what could not be read cleanly is reported.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_FOOTNOTE = re.compile(r"\s*\*+(?=\s*[()]|\s*$)")
_OPEN_SPACE = re.compile(r"\s*\(\s*")
_CLOSE_SPACE = re.compile(r"\s*\)")
_LOOSE_SIGN = re.compile(r"\s*([-/_,])\s*")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_SHORT_HASH = 8


@dataclass(frozen=True)
class ParsedName:
    """An indicator's name: the part before the first bracket, the bracketed parts, and what was odd about it.

    `problems` holds rule codes: ``kurung-tidak-seimbang``, ``teks-setelah-kurung``.
    """

    family: str
    classes: tuple[str, ...]
    problems: tuple[str, ...]


def tidy(text: str) -> str:
    """The text in NFKC without control characters, with single spaces inside and none around."""
    plain = unicodedata.normalize("NFKC", text)
    return " ".join(
        "".join(" " if unicodedata.category(char) in {"Cc", "Cf", "Zs"} else char for char in plain).split()
    )


def tidy_name(text: str) -> str:
    """A tidied name without footnote stars and without spaces inside brackets."""
    plain = _FOOTNOTE.sub("", tidy(text))
    return _CLOSE_SPACE.sub(")", _OPEN_SPACE.sub(" (", plain)).strip()


def name_key(text: str) -> str:
    """What two spellings of one name have in common: case, spaces and footnote stars do not count."""
    return _LOOSE_SIGN.sub(r"\1", tidy_name(text)).casefold()


def _split_groups(text: str) -> tuple[list[str], list[str], bool]:
    """Text outside brackets (one piece before each group and one after the last), the groups, and balance."""
    outside, groups, depth, balanced = [""], [], 0, True
    for char in text:
        if char == "(":
            depth += 1
            if depth == 1:
                groups.append("")
                outside.append("")
                continue
        elif char == ")":
            if depth == 0:
                balanced = False
                continue
            depth -= 1
            if depth == 0:
                continue
        if depth:
            groups[-1] += char
        else:
            outside[-1] += char
    if depth:
        balanced = False
        # Inner brackets left open are closed, so that the part reads well by itself.
        groups[-1] += ")" * (depth - 1)
    return outside, groups, balanced


def parse_name(text: str) -> ParsedName:
    """Take an indicator's name apart into its family and its class parts.

    Balanced top-level brackets are the parts, brackets inside them stay as text. Words between or after brackets
    become parts of their own. A name that starts with a bracket takes its first part as the family.
    """
    outside, groups, balanced = _split_groups(tidy_name(text))
    parts: list[str] = []
    trailing = False
    for group, after in zip(groups, outside[1:], strict=True):
        parts.extend(piece for piece in (tidy_name(group), tidy_name(after)) if piece)
        trailing = trailing or bool(tidy(after))
    family = tidy_name(outside[0])
    if not family and parts:
        family, parts = parts[0], parts[1:]
    problems = [
        code for code, found in (("kurung-tidak-seimbang", not balanced), ("teks-setelah-kurung", trailing)) if found
    ]
    return ParsedName(family, tuple(parts), tuple(problems))


def best_spelling(spellings: Iterable[str]) -> str:
    """The most frequent of several spellings of one name, the first on a tie, with a capital first letter."""
    counts = Counter(spellings)
    best = max(counts, key=lambda text: (counts[text], sum(char.isupper() for char in text[:1])))
    return best[:1].upper() + best[1:]


def slug(text: str) -> str:
    """The text in lower-case ASCII letters, digits and single hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return _NOT_SLUG.sub("-", plain).strip("-")


def short_hash(*parts: str) -> str:
    """Eight hexadecimal digits that stay the same for the same parts."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:_SHORT_HASH]


def bounded_slug(text: str, limit: int, *identity: str) -> str:
    """A slug of at most `limit` characters; a longer one is cut at a word and ends with the hash of `identity`."""
    full = slug(text)
    if full and len(full) <= limit:
        return full
    return with_hash(full, limit, *identity)


def with_hash(slugged: str, limit: int, *identity: str) -> str:
    """The slug shortened to make room for the hash of `identity`, and that hash."""
    room = limit - _SHORT_HASH - 1
    head = slugged[:room]
    if len(slugged) > room and "-" in head:
        head = head.rsplit("-", 1)[0]
    return f"{head.strip('-')}-{short_hash(*identity)}".strip("-")
