"""Marks of markup, scripts, injection and defacement in text that should be plain words.

A comparison such as ``Pengeluaran < 100000`` is not markup. The word lists are data; a site adds its own through the
alias file.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote

MARKUP = (
    r"</?[a-z][a-z0-9:-]*(?:[\s/][^<>]*)?>",
    r"<\s*/?\s*(?:script|iframe|img|svg|object|embed|style|link|meta|body|html|head|form|input|button|base)\b",
    r"<\s*/?\s*(?:marquee|video|audio|source|details|math|template|textarea|frame|frameset|applet|title|table)\b",
    r"<\s*/?\s*(?:div|span|font|center)\b",
    r"<(?:!--|!doctype|!\[cdata\[|\?|%)",
    r"\b(?:java|vb)\s*script\s*:",
    r"\bdata\s*:\s*text/html",
    r"(?:^|[\s\"'/<])on(?:error|load|click|dblclick|focus|blur|change|submit|toggle|begin|wheel)\s*=",
    r"(?:^|[\s\"'/<])on(?:mouse|key|pointer|animation)[a-z]+\s*=",
    r"\$\{\s*(?:jndi|env|sys)\s*:",
    r"\{\{.*\}\}|\{%.*%\}",
)
INJECTION = (
    r"\bunion\s+(?:all\s+)?select\b",
    r";\s*(?:drop|delete|insert|update|alter|truncate|create|exec)\s+\w",
    r"\bdrop\s+(?:table|database|schema)\b",
    r"\bselect\b.+\bfrom\b.+\b(?:where|users?|information_schema|mysql)\b",
    r"\binformation_schema\b",
    r"\b(?:sleep|benchmark|load_file|xp_cmdshell|pg_sleep)\s*\(",
    r"['\"]\s*(?:or|and)\s+['\"]?\w+['\"]?\s*=\s*['\"]?\w+",
)
DEFACEMENT = (
    "hacked",
    "hacked by",
    "hack by",
    "hackedby",
    "defaced",
    "deface by",
    "pwned",
    "pwnd",
    "owned by",
    "rooted by",
    "stamped by",
    "touched by",
    "db injection",
    "sql injection by",
    "cyber army",
    "cyber team was here",
    "was here",
    "greetz",
    "diretas oleh",
    "anda telah diretas",
    "slot gacor",
    "gacor maxwin",
    "anti rungkad",
)

_PATTERNS = re.compile("|".join((*MARKUP, *INJECTION)), re.IGNORECASE | re.DOTALL)
_LEET = str.maketrans("01345@$7", "oieasast")
_WORD = re.compile(r"[a-z0-9@$]*[a-z][a-z0-9@$]*")
_SEPARATORS = re.compile(r"[\W_]+")
_MAX_DECODINGS = 4
_HARMLESS = re.compile(r"[\d\s.:+-]*")


def _decoded(text: str) -> str:
    """The text with character references and percent escapes undone, however often they were nested."""
    for _ in range(_MAX_DECODINGS):
        plain = unquote(html.unescape(text))
        if plain == text:
            break
        text = plain
    plain = unicodedata.normalize("NFKC", text)
    return "".join(char for char in plain if unicodedata.category(char) not in {"Cf", "Cc"} or char.isspace())


def _words(text: str) -> str:
    """Lower-case words parted by single spaces, with look-alike digits in words turned into letters."""
    lowered = _WORD.sub(lambda match: match[0].translate(_LEET), text.casefold())
    return f" {_SEPARATORS.sub(' ', lowered).strip()} "


def hostile_mark(text: str, extra_words: Iterable[str] = ()) -> str | None:
    """The offending piece of a text (at most 60 characters), or None when the text is plain.

    `extra_words` are further phrases that only a defacement would carry.
    """
    return None if _HARMLESS.fullmatch(text) else _mark(text, tuple(extra_words))


@lru_cache(maxsize=4096)
def _mark(text: str, extra_words: tuple[str, ...]) -> str | None:
    """`hostile_mark` of one spelling: an export repeats the same few texts thousands of times."""
    plain = _decoded(text)
    if match := _PATTERNS.search(plain):
        return match[0][:60]
    words = _words(plain)
    return next((phrase for phrase in (*DEFACEMENT, *extra_words) if _words(phrase) in words), None)
