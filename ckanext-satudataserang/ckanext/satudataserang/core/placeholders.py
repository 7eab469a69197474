"""Text that fills a field without saying anything.

A figure must not rise because somebody typed "-" or repeated the title as the description. These rules are for
describing texts (definitions, descriptions, contacts), not for data values: a value of 0 or a signed "nihil" in a
delivery has a meaning of its own and is judged elsewhere.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["is_placeholder"]

_WORDS = frozenset(
    {
        "n/a", "n.a", "n.a.", "na", "nan", "null", "none", "nil", "undefined", "unknown", "empty", "blank",
        "#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#null!",
        "tidak ada", "tdk ada", "tak ada", "tidak tersedia", "tidak diketahui", "belum ada", "belum tersedia",
        "belum diisi", "belum diketahui", "belum dipastikan", "kosong", "nihil", "dikosongkan", "tidak diisi",
        "tidak berlaku", "menyusul", "diisi nanti", "nanti diisi", "isi di sini", "isi disini", "akan diisi",
        "segera", "segera diisi", "dst", "dst.", "dll", "dll.", "idem", "sda", "sda.", "s.d.a", "s.d.a.",
        "sama", "sama dengan di atas", "sama dengan judul", "sesuai judul", "lihat judul", "lihat di atas",
        "tba", "tbd", "tbc", "todo", "to do", "fixme", "wip", "test", "tes", "testing", "coba", "coba coba",
        "percobaan", "contoh", "asdf", "asdfgh", "qwerty", "qwe", "abc", "abcd", "dummy", "placeholder", "foo", "bar",
        "foobar", "text", "teks", "string", "deskripsi", "description", "keterangan", "definisi", "konsep", "judul",
        "data", "dataset", "ok", "oke", "ya", "xx",
    }
)  # fmt: skip
_STARTS = ("lorem ipsum", "dolor sit amet")
_ONE_SIGN_REPEATED = re.compile(r"(.)\1{2,}")
_ZEROS = re.compile(r"0+")
_COUNTING = re.compile(r"1?12345(?:6(?:7(?:8(?:90?)?)?)?)?|123")


def is_placeholder(text: str | None, title: str | None = None) -> bool:
    """Tell whether `text` says nothing: empty, signs only, a filler word, one sign repeated, or the title again.

    :param text: what stands in the field; None counts as empty
    :param title: the title of the thing described; a text that only repeats it (once or several times) says nothing
    """
    plain = _plain(text)
    bare = _bare(plain)
    if not bare or plain in _WORDS or _strip_signs(plain) in _WORDS:
        return True
    if plain.startswith(_STARTS) or _ONE_SIGN_REPEATED.fullmatch(bare):
        return True
    if _ZEROS.fullmatch(bare) or _COUNTING.fullmatch(bare):
        return True
    return _repeats(bare, _bare(_plain(title)))


def _plain(text: str | None) -> str:
    """Lower case, one kind of space, no space at the ends."""
    return " ".join(unicodedata.normalize("NFKC", text or "").casefold().split())


def _bare(plain: str) -> str:
    """Only letters and digits: what is left when signs and spaces are gone."""
    return "".join(sign for sign in plain if sign.isalnum())


def _strip_signs(plain: str) -> str:
    """Without the signs that wrap a filler word: "(tidak ada)", "<kosong>", "tba..."."""
    return plain.strip(" .,;:!?-–—_*\"'`()[]{}<>/\\|")


def _repeats(bare: str, title: str) -> bool:
    return bool(title) and len(bare) % len(title) == 0 and bare == title * (len(bare) // len(title))
