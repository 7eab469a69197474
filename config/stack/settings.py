"""What the operator may choose: `.env` at the top of the checkout, and the environment above it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .errors import StackError

_LINE = re.compile(r"^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$")
_YES = {"1", "ya", "y", "yes", "true", "on"}
_NO = {"0", "tidak", "t", "no", "false", "off", ""}


def parse_env(text: str, *, name: str = ".env") -> dict[str, str]:
    """Read `KEY=VALUE` lines.

    Blank lines and lines starting with `#` are skipped; a value may be quoted; an unquoted value ends at ` #`.

    :param name: the file's name, for messages.
    :raises StackError: a line is none of these.
    """
    values: dict[str, str] = {}
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        match = _LINE.match(line)
        if match is None:
            message = f"Baris {number} berkas {name} tidak dapat dibaca: {line!r}."
            raise StackError(message, "Tulis sebagai NAMA=nilai, atau awali dengan # bila hanya catatan.")
        key, value = match.groups()
        if value[:1] in {'"', "'"} and value.endswith(value[0]) and len(value) > 1:
            value = value[1:-1]
        else:
            value = re.split(r"\s#", value, maxsplit=1)[0].strip()
        values[key] = value
    return values


@dataclass(frozen=True)
class Settings:
    """The operator's choices, as text; the properties give them their types."""

    values: Mapping[str, str]

    @classmethod
    def read(cls, root: Path, environ: Mapping[str, str] | None = None) -> Settings:
        """Read `.env` under `root`; a variable of the same name in the environment wins."""
        environ = os.environ if environ is None else environ
        path = root / ".env"
        values = parse_env(path.read_text(encoding="utf-8")) if path.is_file() else {}
        values.update({key: value for key, value in environ.items() if key.startswith("SATUDATA_")})
        return cls(values)

    def text(self, key: str, default: str = "") -> str:
        return self.values.get(key) or default

    def switch(self, key: str, *, default: bool) -> bool:
        """A yes/no setting.

        :raises StackError: the value is neither.
        """
        value = self.values.get(key)
        if value is None:
            return default
        if value.lower() in _YES:
            return True
        if value.lower() in _NO:
            return False
        message = f"Nilai {key}={value} tidak dikenal."
        raise StackError(message, "Isi dengan 1 (ya) atau 0 (tidak).")

    def number(self, key: str, default: int, *, least: int, most: int) -> int:
        """A whole number within bounds.

        :raises StackError: it is not one, or out of bounds.
        """
        value = self.text(key, str(default))
        if not value.isdecimal() or not least <= int(value) <= most:
            message = f"Nilai {key}={value} bukan bilangan antara {least} dan {most}."
            raise StackError(message, "Perbaiki di berkas .env, lalu jalankan lagi.")
        return int(value)

    @property
    def profile(self) -> str:
        """Name of the region profile, a file in `config/daerah`."""
        return self.text("SATUDATA_DAERAH", "kota-serang")

    @property
    def sample(self) -> bool:
        """Whether the sample data is seeded."""
        return self.switch("SATUDATA_CONTOH", default=True)

    @property
    def web_workers(self) -> int:
        return self.number("SATUDATA_WEB_PROSES", 2, least=1, most=64)

    @property
    def web_threads(self) -> int:
        return self.number("SATUDATA_WEB_UTAS", 4, least=1, most=64)

    @property
    def upload_mb(self) -> int:
        """Largest file a user may upload, in megabytes."""
        return self.number("SATUDATA_UNGGAHAN_MB", 100, least=1, most=10_240)
